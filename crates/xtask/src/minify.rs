//! Takes the white space out of what Trunk has staged, in a release build: its style sheet and the
//! glue between browser and program. The code view's text editor comes without any.

use crate::{Outcome, install, project, shell};
use std::fs;
use std::path::{Path, PathBuf};

/// Minifies the files in the folder that Trunk names in `TRUNK_STAGING_DIR`, unless it builds for
/// development.
///
/// # Errors
/// When nothing is staged, Node.js is missing, or a file can't be read.
pub fn staged() -> Outcome {
    if std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug") {
        return Ok(());
    }
    let folder = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let folder = folder.ok_or_else(|| "`minify` is for Trunk: it names the folder.".to_owned())?;
    install::for_code()?;
    let entries = fs::read_dir(&folder)
        .map_err(|error| format!("{} can't be read: {error}.", folder.display()))?;
    entries.flatten().map(|entry| entry.path()).filter(|file| is_loose(file)).try_for_each(minify)
}

fn is_loose(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let ends = |end: &str| file.extension().is_some_and(|it| it == end);
    ends("css") || (ends("js") && name.starts_with("slipway-"))
}

fn minify(file: PathBuf) -> Outcome {
    let words = ["node_modules/esbuild/bin/esbuild", "--minify", "--log-level=warning"];
    let mut esbuild = shell::command("node", &words);
    esbuild.arg("--allow-overwrite").arg(format!("--outfile={}", file.display())).arg(file);
    shell::run(esbuild.current_dir(project::code_editor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_and_glue_are_loose() {
        let loose = |name: &str| is_loose(Path::new(name));
        assert!(loose("a/main-12.css") && loose("a/slipway-app-12.js"));
        assert!(!loose("a/code-editor.js") && !loose("a/slipway-app-12_bg.wasm"));
    }
}
