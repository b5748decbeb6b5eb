//! Where things stand in the working tree.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    // Cargo sets this for `cargo run`, also after the tree was moved; the compiled-in value serves
    // when the binary is started by hand.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    match here.parent().and_then(Path::parent) {
        Some(root) => root.to_path_buf(),
        None => here,
    }
}

/// Where everything that is built goes.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of the programs that this workspace pins and builds for itself.
pub fn tools() -> PathBuf {
    root().join("target/tools/bin")
}

/// The built app, in release mode.
pub fn app() -> PathBuf {
    root().join("target/dist")
}

/// The server's binary, in the `server` profile.
pub fn server() -> PathBuf {
    target().join("server").join(format!("slipway{}", std::env::consts::EXE_SUFFIX))
}

/// The browser and client tests, which are a package of npm.
pub fn browser_tests() -> PathBuf {
    root().join("tests/e2e")
}

/// The code view's text editor, which is a package of npm.
pub fn code_editor() -> PathBuf {
    root().join("code-editor")
}

/// The benchmarks, which are a package of npm as well as a crate.
pub fn benchmarks() -> PathBuf {
    root().join("tests/bench")
}
