//! Nothing in the repository may name one machine: no download addresses in lock files, no paths of
//! somebody's home.

use crate::assert_none;
use crate::files::{text, tracked};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Packages of npm's lock file that say where they were downloaded.
fn addresses_in_package_lock(lock: &serde_json::Value) -> Vec<String> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    let resolved = packages.filter_map(|(name, entry)| Some((name, entry["resolved"].as_str()?)));
    resolved
        .filter(|(_, address)| address.contains("://"))
        .map(|(name, address)| format!("{name} is resolved from {address}"))
        .collect()
}

/// Sources in Cargo's lock file other than crates.io.
fn foreign_sources(lock: &str) -> Vec<String> {
    let sources =
        lock.lines().filter_map(|line| line.strip_prefix("source = \"")?.strip_suffix('"'));
    sources.filter(|source| *source != CRATES_IO).map(str::to_owned).collect()
}

/// The first path in a text that is one of a machine and not of the project.
fn machine_path(text: &str) -> Option<&str> {
    // Put together here, so that this file doesn't break its own rule.
    let folders = ["root", "home", "work", "Users"].map(|name| format!("/{name}/"));
    text.lines().find(|line| {
        folders.iter().any(|folder| {
            line.match_indices(folder).any(|(at, _)| {
                // In an address or a relative path it is nobody's home.
                !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}/~>".contains(c))
            })
        })
    })
}

#[test]
fn lock_files_name_no_hosts() {
    let locks: Vec<String> =
        tracked().into_iter().filter(|name| name.ends_with("package-lock.json")).collect();
    for name in locks {
        let lock = serde_json::from_str(&text(&name).unwrap()).unwrap();
        assert_none(
            &format!("{name} names download addresses:"),
            &addresses_in_package_lock(&lock),
        );
    }
    let lock = text("Cargo.lock").unwrap();
    assert_none("Cargo.lock names sources other than crates.io:", &foreign_sources(&lock));
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    let mut broken = Vec::new();
    for name in tracked() {
        if let Some(line) = text(&name).as_deref().and_then(machine_path) {
            broken.push(format!("{name}: {}", line.trim()));
        }
    }
    assert_none("Paths of a machine stand in:", &broken);
}

#[test]
fn an_address_in_a_lock_file_is_found() {
    let lock = serde_json::json!({ "packages": {
        "node_modules/a": { "version": "1.0.0", "resolved": "https://example.com/a.tgz" },
        "node_modules/b": { "version": "1.0.0" },
    }});
    assert_eq!(addresses_in_package_lock(&lock).len(), 1);
    let lock = format!("source = \"{CRATES_IO}\"\nsource = \"sparse+https://example.com/\"\n");
    assert_eq!(foreign_sources(&lock), ["sparse+https://example.com/"]);
}

#[test]
fn a_path_of_a_machine_is_found_and_a_route_is_not() {
    let path = |folder: &str, rest: &str| format!("see \"/{folder}/{rest}\" there");
    assert!(machine_path(&path("home", "someone/notes.txt")).is_some());
    assert!(machine_path(&path("root", ".cargo")).is_some());
    assert!(machine_path("https://example.com/home/page and src/work/item.rs").is_none());
}
