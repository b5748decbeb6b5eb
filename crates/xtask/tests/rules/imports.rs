//! Who may import whom: the table of ARCHITECTURE.md, over what Cargo says of the workspace.

use crate::assert_none;
use crate::files::root;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::Command;

const PURE: &[&str] = &["slipway-flow", "slipway-editor", "slipway-engine", "slipway-api"];
const APP: &str = "slipway";
const SERVER: &str = "slipway-server";

/// Which of our crates a crate may name itself.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("slipway-flow", &[]),
    ("slipway-editor", &["slipway-flow"]),
    ("slipway-engine", &["slipway-flow"]),
    ("slipway-api", &["slipway-flow", "slipway-engine"]),
    (APP, &["slipway-flow", "slipway-editor", "slipway-engine", "slipway-api"]),
    (SERVER, &["slipway-flow", "slipway-engine", "slipway-api"]),
    ("slipway-bench", &["slipway-flow", "slipway-editor"]),
    ("xtask", &[]),
    ("leptos_config", &[]),
];

/// What belongs to the browser alone.
const BROWSER: &[&str] =
    &["leptos", "leptos_router", "web-sys", "js-sys", "wasm-bindgen", "gloo-net"];
/// What belongs to the server alone.
const SERVER_SIDE: &[&str] =
    &["tokio", "axum", "hyper", "rusqlite", "sqlx", "libsqlite3-sys", "reqwest"];
/// What no pure crate may reach: clocks, randomness, files.
const IMPURE: &[&str] = &["getrandom", "rand", "chrono", "time", "uuid", "tempfile"];

/// The normal (not build, not test) dependencies of each crate, by name.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// A sentence for every import that the table doesn't allow.
fn broken(graph: &Graph) -> Vec<String> {
    let mut out = Vec::new();
    let none = BTreeSet::new();
    let ours: BTreeSet<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).collect();

    for name in graph.keys().filter(|name| name.starts_with("slipway")) {
        if !ours.contains(name.as_str()) {
            out.push(format!("{name} is not in the table of who may import whom"));
        }
    }
    for (name, allowed) in MAY_IMPORT {
        for import in graph.get(*name).unwrap_or(&none) {
            if import.starts_with("slipway") && !allowed.contains(&import.as_str()) {
                out.push(format!("{name} must not import {import}"));
            }
        }
    }

    let mut ban = |name: &str, banned: &[&str]| {
        for found in banned {
            if let Some(path) = path(graph, name, found) {
                out.push(format!("{name} must not reach {found}: {}", path.join(" → ")));
            }
        }
    };
    for name in PURE {
        ban(name, BROWSER);
        ban(name, SERVER_SIDE);
        ban(name, IMPURE);
    }
    ban(SERVER, &["leptos", "leptos_router", "web-sys", "gloo-net", "slipway-editor"]);
    // Leptos itself knows an executor of tokio's; what the app names itself is the rule.
    for import in graph.get(APP).unwrap_or(&none) {
        if SERVER_SIDE.contains(&import.as_str()) {
            out.push(format!("{APP} must not import {import}"));
        }
    }
    out
}

/// The shortest way from one crate to another.
fn path(graph: &Graph, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(name) = queue.pop_front() {
        for next in graph.get(name).into_iter().flatten() {
            if next == from || before.contains_key(next.as_str()) {
                continue;
            }
            before.insert(next, name);
            if next == to {
                let mut path = vec![to.to_owned()];
                let mut at = to;
                while let Some(previous) = before.get(at) {
                    path.insert(0, (*previous).to_owned());
                    at = previous;
                }
                return Some(path);
            }
            queue.push_back(next);
        }
    }
    None
}

/// The graph as Cargo resolves it. `target` narrows it to a platform.
fn graph(target: &str) -> Graph {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform"])
        .arg(target)
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();

    let array = |value: &serde_json::Value| value.as_array().unwrap().clone();
    let names: BTreeMap<String, String> = array(&metadata["packages"])
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let mut graph = Graph::new();
    for node in array(&metadata["resolve"]["nodes"]) {
        let imports = graph.entry(names[&text(&node["id"])].clone()).or_default();
        for import in array(&node["deps"]) {
            if array(&import["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                imports.insert(names[&text(&import["pkg"])].clone());
            }
        }
    }
    graph
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn everyone_imports_only_what_they_may() {
    // Pure crates are compiled for both, so both are asked.
    for target in ["wasm32-unknown-unknown", "x86_64-unknown-linux-gnu"] {
        let graph = graph(target);
        for (name, _) in MAY_IMPORT {
            assert!(graph.contains_key(*name), "the table names {name}, which is no crate here");
        }
        assert_none("The import rules of ARCHITECTURE.md are broken:", &broken(&graph));
    }
}

/// The app must not pull in the tables of `regex` by way of Leptos: see crates/leptos-config.
#[test]
fn leptos_takes_our_configuration_crate() {
    let graph = graph("wasm32-unknown-unknown");
    assert!(graph["leptos"].contains("leptos_config"));
    assert!(graph["leptos_config"].is_empty(), "leptos_config is not our own stand-in");
}

/// The app checks patterns with a small engine; the full one would come by a dependency's way.
#[test]
fn the_app_is_built_without_the_full_regex() {
    let graph = graph("wasm32-unknown-unknown");
    assert!(path(&graph, APP, "regex-lite").is_some(), "the app has no regex-lite any more");
    let way = path(&graph, APP, "regex").map(|way| way.join(" → "));
    assert_none("The app would carry the full regex:", way.as_slice());
}

fn made_up(edges: &[(&str, &[&str])]) -> Graph {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    edges.iter().map(|(name, imports)| ((*name).to_owned(), set(imports))).collect()
}

#[test]
fn a_forbidden_import_is_found() {
    let found = broken(&made_up(&[
        ("slipway-flow", &["slipway-editor"]),
        ("slipway-editor", &["helper"]),
        ("helper", &["tokio"]),
        (SERVER, &["leptos"]),
        (APP, &["axum"]),
        ("slipway-extra", &[]),
    ]));
    for sentence in [
        "slipway-flow must not import slipway-editor",
        "slipway-editor must not reach tokio: slipway-editor → helper → tokio",
        "slipway-server must not reach leptos: slipway-server → leptos",
        "slipway must not import axum",
        "slipway-extra is not in the table of who may import whom",
    ] {
        assert!(found.iter().any(|line| line == sentence), "not found: {sentence}\nin {found:#?}");
    }
}

#[test]
fn what_is_allowed_is_not_complained_about() {
    let found = broken(&made_up(&[
        ("slipway-flow", &["serde"]),
        ("slipway-editor", &["slipway-flow"]),
        ("slipway-api", &["slipway-flow", "slipway-engine"]),
        (SERVER, &["slipway-api", "tokio", "rand"]),
        (APP, &["slipway-api", "leptos"]),
    ]));
    assert_none("nothing is wrong with these:", &found);
}
