//! Bundles the code view's text editor, a package of npm, into one module that the app loads when
//! the view is first opened.

use crate::stamp::Stamp;
use crate::{Outcome, install, project, shell};

/// Writes `target/code/code-editor.js` from `code-editor/src`; installs its packages first, where
/// they are missing.
///
/// # Errors
/// When Node.js is missing, its packages can't be installed, or the source is wrong.
pub fn bundle() -> Outcome {
    install::for_code()?;
    let folder = project::code_editor();
    let output = project::root().join("target/code/code-editor.js");
    let inputs = vec![folder.join("src"), folder.join("package-lock.json")];
    let stamp = Stamp::new("code", inputs, output.clone(), "");
    if stamp.holds() {
        return Ok(());
    }
    let before = stamp.inputs();
    let words = [
        "node_modules/esbuild/bin/esbuild",
        "src/main.ts",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--legal-comments=none",
        "--log-level=warning",
    ];
    let mut esbuild = shell::command("node", &words);
    esbuild.arg(format!("--outfile={}", output.display())).current_dir(&folder);
    shell::run(&mut esbuild)?;
    stamp.remember(before)
}
