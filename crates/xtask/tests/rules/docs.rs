//! Every folder of code opens with what lives there and what it may import.

use crate::assert_none;
use crate::files::{text, tracked};
use std::collections::BTreeSet;

/// The file that speaks for a folder of code: `mod.rs`, `lib.rs`, `main.rs`, or the file beside the
/// folder that has its name.
fn leads(folder: &str) -> Vec<String> {
    let inside = ["mod.rs", "lib.rs", "main.rs"].map(|name| format!("{folder}/{name}"));
    inside.into_iter().chain([format!("{folder}.rs")]).collect()
}

/// Folders whose lead is missing or doesn't open with a doc comment.
fn undocumented(names: &[String], text: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let folders: BTreeSet<&str> = names
        .iter()
        .filter(|name| name.ends_with(".rs"))
        .filter_map(|name| Some(name.rsplit_once('/')?.0))
        .filter(|folder| *folder == "src" || folder.starts_with("src/") || folder.contains("/src"))
        .collect();
    let mut broken = Vec::new();
    for folder in folders {
        match leads(folder).into_iter().find(|lead| names.contains(lead)) {
            None => broken.push(format!("{folder} has no mod.rs, lib.rs or file beside it")),
            Some(lead) if !text(&lead).is_some_and(|text| text.starts_with("//!")) => {
                broken.push(format!("{lead} doesn't open with `//!`"));
            }
            Some(_) => {}
        }
    }
    broken
}

#[test]
fn every_folder_says_what_it_is() {
    assert_none("Folders without a lead comment:", &undocumented(&tracked(), text));
}

#[test]
fn a_folder_without_a_lead_comment_is_found() {
    let names = [
        "src/main.rs",
        "crates/a/src/lib.rs",
        "crates/a/src/b/c.rs",
        "crates/a/src/d.rs",
        "crates/a/src/d/e.rs",
    ];
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let text = |name: &str| {
        Some(if name == "src/main.rs" { "fn main() {}" } else { "//! What this is." }.to_owned())
    };
    assert_eq!(
        undocumented(&names, text),
        [
            "crates/a/src/b has no mod.rs, lib.rs or file beside it",
            "src/main.rs doesn't open with `//!`"
        ]
    );
}
