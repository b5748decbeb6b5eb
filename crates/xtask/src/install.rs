//! Installs what a fresh machine lacks, and leaves alone what is there.
//!
//! Trunk and wasm-bindgen are built from source into `target/tools`, at pinned versions and without
//! the features that only download things, so that a build never reaches for the network by itself.

use crate::stamp::Stamp;
use crate::{Outcome, project, shell};
use std::fs;
use std::path::Path;
use std::process::Command;

const TRUNK: &str = "0.21.14";
const CARGO_FUZZ: &str = "0.13.2";
/// The oldest Node.js that the app's build and the browser tests run on.
const NODE: u32 = 20;
const WASM: &str = "wasm32-unknown-unknown";

/// Everything that building and serving takes.
///
/// # Errors
/// A sentence that says what is missing and how to get it.
pub fn for_serving() -> Outcome {
    wasm_target()?;
    system_programs(&["git", "sqlite3"])?;
    cargo_tool("trunk", "trunk", TRUNK, "about 3 minutes")?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &locked_wasm_bindgen()?, "about 1 minute")?;
    for_code()
}

/// What the code view's text editor is bundled from and with.
///
/// # Errors
/// A sentence that says what is missing and how to get it.
pub fn for_code() -> Outcome {
    node()?;
    npm_packages("npm-code", &project::code_editor(), "code view")
}

/// What the browser tests take beyond that.
///
/// # Errors
/// A sentence that says what is missing and how to get it.
pub fn for_browser_tests() -> Outcome {
    node()?;
    chromium()?;
    npm_packages("npm", &project::browser_tests(), "browser tests")
}

/// What the benchmarks take.
///
/// # Errors
/// A sentence that says what is missing and how to get it.
pub fn for_benchmarks() -> Outcome {
    for_serving()?;
    node()?;
    chromium()?;
    npm_packages("npm-bench", &project::benchmarks(), "benchmarks")
}

/// What fuzzing takes, but for the nightly compiler.
///
/// # Errors
/// A sentence that says what is missing and how to get it.
pub fn for_fuzzing() -> Outcome {
    cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, "about 1 minute")
}

/// The crates of the lock file, so that nothing after this needs the network.
///
/// # Errors
/// When Cargo can't get them.
pub fn crates() -> Outcome {
    shell::run(&mut shell::command("cargo", &["fetch", "--locked"]))
}

/// The browser for the tests: `CHROMIUM`, or a Chromium on the `PATH`.
pub fn browser() -> Option<std::path::PathBuf> {
    std::env::var_os("CHROMIUM")
        .map(Into::into)
        .or_else(|| shell::find("chromium"))
        .or_else(|| shell::find("chromium-browser"))
        .or_else(|| shell::find("google-chrome"))
}

/// The versions that decide what a build of the app looks like.
///
/// # Errors
/// When the lock file can't be read.
pub fn versions() -> Outcome<String> {
    Ok(format!("trunk {TRUNK}, wasm-bindgen {}", locked_wasm_bindgen()?))
}

fn wasm_target() -> Outcome {
    let found = shell::answer(&mut shell::command("rustc", &["--print", "sysroot"]))
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(WASM).is_dir());
    if found {
        return Ok(());
    }
    println!("      adding the compiler's WebAssembly target");
    shell::run(&mut shell::command("rustup", &["target", "add", WASM]))
        .map_err(|error| format!("the Rust target {WASM} is missing, and {error}"))
}

fn cargo_tool(package: &str, program: &str, version: &str, time: &str) -> Outcome {
    let installed = project::tools().join(program);
    let found = shell::answer(Command::new(installed).arg("--version"));
    if found.is_some_and(|text| text.split_whitespace().nth(1) == Some(version)) {
        return Ok(());
    }
    println!("      building {program} {version} ({time}, once)");
    let scratch = project::root().join("target/tools/build");
    let mut install =
        shell::command("cargo", &["install", package, "--version", version, "--locked"]);
    install
        .args(["--force", "--no-default-features", "--root", "target/tools"])
        // Half the time of the published profile, and quick enough for what they do.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        // An interrupted build goes on where it stopped.
        .env("CARGO_TARGET_DIR", &scratch);
    shell::run(&mut install)?;
    // Left behind it would only take space, and nothing breaks when it can't be removed.
    let _ = fs::remove_dir_all(scratch);
    Ok(())
}

/// The version of wasm-bindgen in Cargo.lock: the tool must be of the very same one.
fn locked_wasm_bindgen() -> Outcome<String> {
    let file = project::root().join("Cargo.lock");
    let lock = fs::read_to_string(&file)
        .map_err(|error| format!("{} can't be read: {error}.", file.display()))?;
    locked_version(&lock, "wasm-bindgen")
        .ok_or_else(|| "Cargo.lock names no version of wasm-bindgen.".to_owned())
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// Programs whose Debian package has the same name.
fn system_programs(names: &[&str]) -> Outcome {
    let missing: Vec<&str> =
        names.iter().copied().filter(|name| shell::find(name).is_none()).collect();
    if missing.is_empty() { Ok(()) } else { apt(&missing) }
}

fn chromium() -> Outcome {
    if browser().is_some() { Ok(()) } else { apt(&["chromium", "fonts-dejavu-core"]) }
}

fn apt(packages: &[&str]) -> Outcome {
    let list = packages.join(" ");
    if shell::find("apt-get").is_none() {
        return Err(format!(
            "this machine lacks {list}, and there is no apt-get to install it. \
             Install it with your system's package manager and start again."
        ));
    }
    println!("      installing {list} with apt-get");
    as_root(&["apt-get", "update", "--quiet=2"])?;
    let mut install = vec!["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends"];
    install.extend(packages);
    as_root(&install).map_err(|error| format!("{list} could not be installed: {error}"))
}

fn as_root(words: &[&str]) -> Outcome {
    let is_root = shell::answer(&mut shell::command("id", &["-u"])).as_deref() == Some("0");
    let words = if is_root { words.to_vec() } else { [&["sudo"], words].concat() };
    shell::run(shell::command(words[0], &words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn node() -> Outcome {
    let version = shell::answer(&mut shell::command("node", &["--version"]));
    match version.as_deref().and_then(major) {
        Some(found) if found >= NODE && shell::find("npm").is_some() => Ok(()),
        Some(found) if found >= NODE => {
            Err("npm is missing; it comes with Node.js from nodejs.org.".to_owned())
        }
        Some(found) => Err(format!("Node.js is of version {found}; this needs {NODE} or later.")),
        None => Err(format!("Node.js is missing; this needs version {NODE} or later, with npm.")),
    }
}

/// The 20 in `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn npm_packages(stamp: &str, folder: &Path, whose: &str) -> Outcome {
    let inputs = vec![folder.join("package-lock.json"), folder.join("package.json")];
    let stamp = Stamp::new(stamp, inputs, folder.join("node_modules/.package-lock.json"), "");
    if stamp.holds() {
        return Ok(());
    }
    println!("      installing the packages of the {whose}");
    let before = stamp.inputs();
    let mut install = shell::command("npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    // Chromium comes from the system; no package may fetch one of its own.
    install.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::run(&mut install)?;
    stamp.remember(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_follows_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(locked_version(lock, "trunk"), None);
        assert!(locked_wasm_bindgen().unwrap().starts_with("0.2."));
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("twenty"), None);
    }
}
