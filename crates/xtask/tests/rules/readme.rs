//! What the documents tell people to type must be there.

use crate::assert_none;
use crate::files::{root, text};
use std::process::Command;

const DOCUMENTS: &[&str] = &["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ".ci/run"];

/// The command names after `cargo xtask` in a text.
fn named(text: &str) -> Vec<String> {
    text.match_indices("cargo xtask ")
        .map(|(at, words)| &text[at + words.len()..])
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect())
        .filter(|name: &String| !name.is_empty())
        .collect()
}

/// The commands that `cargo xtask help` lists.
fn offered() -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let lines = help.lines().filter_map(|line| line.strip_prefix("  "));
    let lines = lines.filter(|line| !line.starts_with(' '));
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn documents_name_only_commands_that_exist() {
    let offered = offered();
    let mut broken = Vec::new();
    for document in DOCUMENTS.iter().filter(|name| root().join(name).exists()) {
        for name in named(&text(document).unwrap()) {
            if !offered.contains(&name) {
                broken.push(format!("{document} names `cargo xtask {name}`"));
            }
        }
    }
    assert_none("Commands that xtask doesn't have:", &broken);
}

#[test]
fn the_readme_names_both_commands_of_a_newcomer() {
    let readme = named(&text("README.md").unwrap());
    assert!(readme.contains(&"serve".to_owned()) && readme.contains(&"test".to_owned()));
}

#[test]
fn names_are_read_out_of_sentences() {
    assert_eq!(
        named("run `cargo xtask serve` or\n    cargo xtask check-rules --x"),
        ["serve", "check-rules"]
    );
}
