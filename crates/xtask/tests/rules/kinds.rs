//! What kinds of nodes there are stands in the tables of `flow::kinds` alone: a kind is added by
//! adding its table, because nothing that shows or edits flows names one.

use crate::assert_none;
use crate::files::{text, tracked};

const TABLES: &str = "crates/flow/src/kinds/";

/// Workflows are what a flow is made of, whatever kinds there are; "Release" is a word for people.
const OTHERWISE: &[(&str, &str)] = &[
    ("crates/editor/src/command/clipboard.rs", "Workflow"),
    ("crates/editor/src/command/nodes.rs", "Workflow"),
    ("src/features/runs/header.rs", "Release"),
    ("src/features/runs/list.rs", "Release"),
    ("src/pages/editor.rs", "Workflow"),
];

/// The words that the tables give kinds.
fn kinds(tables: &str) -> Vec<&str> {
    let words = tables.lines().filter_map(|line| line.trim().strip_prefix("kind: \""));
    words.filter_map(|rest| rest.strip_suffix("\",")).filter(|word| !word.is_empty()).collect()
}

/// The kinds that a file names, outside comments and the tests at its end.
fn named<'k>(file: &str, kinds: &[&'k str]) -> Vec<&'k str> {
    let code = file.lines().take_while(|line| *line != "#[cfg(test)]");
    let code: Vec<&str> = code.filter(|line| !line.trim_start().starts_with("//")).collect();
    let names = |kind: &&&str| code.iter().any(|line| line.contains(&format!("\"{kind}\"")));
    kinds.iter().filter(names).copied().collect()
}

fn tables() -> String {
    let files = tracked().into_iter().filter(|name| name.starts_with(TABLES));
    files.filter_map(|name| text(&name)).collect()
}

/// What shows and edits flows, without its tests.
fn shows_flows(name: &str) -> bool {
    let test = name.contains("/tests/") || name.ends_with("tests.rs");
    (name.starts_with("src/") || name.starts_with("crates/editor/src/"))
        && name.ends_with(".rs")
        && !test
}

#[test]
fn nothing_that_shows_flows_names_a_kind() {
    let tables = tables();
    let mut kinds = kinds(&tables);
    kinds.sort_unstable();
    kinds.dedup();
    assert!(kinds.contains(&"JobRun") && kinds.len() > 12, "{kinds:?}");
    let mut broken = Vec::new();
    for name in tracked().into_iter().filter(|name| shows_flows(name)) {
        for kind in named(&text(&name).unwrap_or_default(), &kinds) {
            if !OTHERWISE.contains(&(name.as_str(), kind)) {
                broken.push(format!("{name} names {kind}"));
            }
        }
    }
    assert_none("Kinds belong into their tables:", &broken);
}

#[test]
fn a_kind_that_is_named_is_found() {
    let tables = "static A: Kind = Kind {\n    kind: \"JobRun\",\n    title: \"Run job\",\n";
    assert_eq!(kinds(tables), ["JobRun"]);
    let file = "// \"JobRun\"\nlet it = 1;\n#[cfg(test)]\nmod tests { \"JobRun\" }\n";
    assert!(named(file, &["JobRun"]).is_empty());
    assert_eq!(named("if kind == \"JobRun\" {", &["JobRun", "Build"]), ["JobRun"]);
}
