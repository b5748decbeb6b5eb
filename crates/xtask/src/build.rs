//! Builds the app with Trunk and the server with Cargo, and not again when nothing changed.

use crate::stamp::Stamp;
use crate::{Outcome, install, project, shell};
use std::path::{Path, PathBuf};

/// What the app is made of.
const APP: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "assets",
    "code-editor/package-lock.json",
    "code-editor/src",
    "crates/api",
    "crates/editor",
    "crates/engine",
    "crates/flow",
    "crates/leptos-config",
    "index.html",
    "rust-toolchain.toml",
    "src",
    "style",
];

/// What only the server is made of, beside the pure crates.
const SERVER: &[&str] =
    &["Cargo.lock", "crates/api", "crates/engine", "crates/flow", "crates/server"];

/// Builds the app in release mode into `target/dist`.
///
/// # Errors
/// When Trunk fails.
pub fn app() -> Outcome {
    let page = project::app().join("index.html");
    let stamp = Stamp::new("app", app_inputs(), page, &install::versions()?);
    if stamp.holds() {
        println!("      nothing changed since the last build");
        return Ok(());
    }
    let before = stamp.inputs();
    trunk(&["--release"])?;
    stamp.remember(before)
}

/// Builds the app without optimisation into the given folder.
///
/// # Errors
/// When Trunk fails.
pub fn app_for_development(folder: &Path) -> Outcome {
    trunk(&["--release=false", "--dist", &folder.to_string_lossy()])
}

/// Builds the server in its own profile.
///
/// # Errors
/// When Cargo fails.
pub fn server() -> Outcome {
    cargo_server(&["--profile", "server"])
}

/// Builds the server without optimisation.
///
/// # Errors
/// When Cargo fails.
pub fn server_for_development() -> Outcome {
    cargo_server(&[])
}

/// The files and folders that the app is built from.
pub fn app_inputs() -> Vec<PathBuf> {
    in_root(APP)
}

/// The files and folders that the server is built from.
pub fn server_inputs() -> Vec<PathBuf> {
    in_root(SERVER)
}

fn in_root(names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| project::root().join(name)).collect()
}

fn trunk(arguments: &[&str]) -> Outcome {
    // Trunk reads NO_COLOR as a flag with a value, and some machines set it to 1.
    let mut build = shell::command("trunk", &["build", "--offline"]);
    shell::run(build.args(arguments).env_remove("NO_COLOR").env("RUST_LIB_BACKTRACE", "0"))
}

fn cargo_server(arguments: &[&str]) -> Outcome {
    let mut build = shell::command("cargo", &["build", "--locked", "--package", "slipway-server"]);
    shell::run(build.args(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_is_there() {
        for path in app_inputs().into_iter().chain(server_inputs()) {
            assert!(path.exists(), "{} is named as an input but missing", path.display());
        }
    }
}
