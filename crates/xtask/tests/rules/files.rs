//! The files that the rules look at.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// Every file that Git tracks, or would track, by its path from the root.
pub fn tracked() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git lists the files of the working tree");
    assert!(output.status.success(), "`git ls-files` failed: the rules need a Git working tree");
    let names = String::from_utf8(output.stdout).unwrap();
    let names = names.split('\0').filter(|name| root().join(name).is_file());
    names.map(str::to_owned).collect()
}

/// The text of a file, or nothing for a file that is no text.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(name)).ok()?).ok()
}

#[test]
fn the_list_is_not_empty() {
    assert!(tracked().iter().any(|name| name == "Cargo.toml"));
}
