//! Child processes: their output goes straight through, and a failure becomes a sentence.

use crate::{Outcome, project};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command that runs in the workspace's root, with the pinned tools first on its `PATH`.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(project::root()).env("PATH", path_with_tools());
    command
}

/// Runs a command to its end, showing what it prints.
///
/// # Errors
/// When it can't be started or ends with a failure.
pub fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    let status = command.status().map_err(|error| could_not_start(&shown, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status}).")) }
}

/// What a command prints on its standard output, without the white space around it; `None` when it
/// is missing or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The same of a command that must succeed: what it complains about goes straight through.
///
/// # Errors
/// When it can't be started or ends with a failure.
pub fn told(command: &mut Command) -> Outcome<String> {
    let shown = shown(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| could_not_start(&shown, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("`{shown}` failed ({}).", output.status))
    }
}

/// Where a program stands on the `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = path_with_tools();
    std::env::split_paths(&path)
        .map(|folder| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| is_executable(file))
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    words.join(" ")
}

pub fn could_not_start(shown: &str, error: &std::io::Error) -> String {
    format!("`{shown}` could not be started: {error}.")
}

fn path_with_tools() -> OsString {
    let before = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(project::tools()).chain(std::env::split_paths(&before));
    // Joining fails only for a folder with the separator in its name; then the tools' folder is
    // the one, and the old PATH is better than none.
    std::env::join_paths(folders).unwrap_or(before)
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("cargo").arg("no-such-command-here").stderr(Stdio::null()));
        assert!(error.unwrap_err().starts_with("`cargo no-such-command-here` failed"));
    }

    #[test]
    fn a_missing_program_is_said_to_be_missing() {
        assert!(find("no-such-program-anywhere").is_none());
        assert!(answer(&mut Command::new("no-such-program-anywhere")).is_none());
        assert!(find("cargo").is_some());
    }
}
