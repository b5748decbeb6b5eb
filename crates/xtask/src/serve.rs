//! `cargo xtask serve`: from a fresh clone to a running server with the demo project.

use crate::steps::Steps;
use crate::{Outcome, build, install, project, shell};
use std::process::Command;

/// Installs, builds and starts; the arguments go to `slipway serve`.
///
/// # Errors
/// When something can't be installed, built or started.
pub fn run(arguments: &[String]) -> Outcome {
    let mut steps = Steps::new(4);
    steps.step("tools", "Checking the tools, installing what is missing", install::for_serving)?;
    steps.step("crates", "Fetching the crates", install::crates)?;
    steps.step("app", "Building the app (about 2 minutes the first time)", build::app)?;
    steps.step("server", "Building the server (about 3 minutes the first time)", build::server)?;
    println!("\nStarting the server; Ctrl-C stops it.\n");

    let mut serve = Command::new(project::server());
    serve.arg("serve");
    if !names_a_project(arguments) {
        serve.arg("--demo");
    }
    if !arguments.iter().any(|argument| argument == "--app" || argument.starts_with("--app=")) {
        serve.arg("--app").arg(project::app());
    }
    replace_by(serve.args(arguments))
}

/// Whether the arguments bring a project of their own, or ask for the demo themselves.
pub fn names_a_project(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| {
        argument == "--project" || argument.starts_with("--project=") || argument == "--demo"
    })
}

/// Becomes the command, so that signals reach it directly; returns only when that fails.
#[cfg(unix)]
fn replace_by(command: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let shown = shell::shown(command);
    Err(shell::could_not_start(&shown, &command.exec()))
}

#[cfg(not(unix))]
fn replace_by(command: &mut Command) -> Outcome {
    shell::run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_gives_way_to_a_project() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(!names_a_project(&words("--listen 127.0.0.1:9000")));
        assert!(names_a_project(&words("--project shop.toml")));
        assert!(names_a_project(&words("--project=shop.toml")));
    }
}
