//! What the difference promises: laws over generated documents and edits, and texts as people
//! read them.

mod generate;
mod laws;
mod merging;
mod merging_laws;
mod ordering;

use super::*;

const OLD: &str = r#"{
  "apiVersion": "v1.2",
  "arguments": { "NOTE": "", "LEVEL": "1" },
  "options": { "concurrencyPolicy": "queue" },
  "triggers": [
    { "ref": "app", "vcsService": "github", "repoUrl": "https://github.com/acme/web", "branchRestrictions": ["main"] }
  ],
  "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
    { "kind": "AddonBackup", "ref": "backup", "spec": { "addonId": "db" } },
    { "kind": "JobRun", "ref": "migrate-dev", "spec": { "jobId": "a", "billing": { "deploymentPlan": "nf-compute-10" } } },
    { "kind": "Workflow", "spec": { "type": "parallel", "steps": [
      { "kind": "Message", "spec": { "type": "slack", "data": { "text": "first" } } },
      { "kind": "JobRun", "spec": { "jobId": "warm" }, "condition": "success" }
    ] } },
    { "kind": "JobRun", "spec": { "jobId": "last" } },
    { "kind": "Unheard", "ref": "odd", "spec": { "n": 6e2, "deep": { "a": 1 } } },
    "text"
  ] } }
}"#;

const NEW: &str = r#"{
  "spec": { "spec": { "steps": [
    { "kind": "JobRun", "spec": { "jobId": "last" } },
    { "kind": "AddonBackup", "ref": "backup", "spec": { "addonId": "db" }, "condition": "success" },
    { "kind": "JobRun", "ref": "migrate-dev", "spec": { "jobId": "b", "runtimeEnvironment": { "LOG LEVEL": "x" } } },
    { "kind": "Workflow", "spec": { "type": "parallel", "steps": [
      { "kind": "JobRun", "spec": { "jobId": "new" } },
      { "kind": "JobRun", "spec": { "jobId": "warm" }, "condition": "success" },
      { "kind": "Workflow", "ref": "inner", "spec": { "type": "sequential", "steps": [
        { "kind": "JobRun", "ref": "fresh", "spec": { "jobId": "fresh" } },
        { "kind": "Unheard", "ref": "odd", "spec": { "deep": { "a": 2 }, "n": 600 } }
      ] } }
    ] } },
    "text"
  ], "type": "sequential" }, "kind": "Workflow" },
  "apiVersion": "v1.2",
  "arguments": { "NOTE": "two words" },
  "options": { "concurrencyPolicy": "forbid" },
  "triggers": [
    { "ref": "app", "vcsService": "github", "repoUrl": "https://github.com/acme/web", "branchRestrictions": ["main", "next"] },
    { "repoUrl": "https://github.com/acme/api", "vcsService": "github" }
  ],
  "teardownSpec": { "failurePolicy": "block", "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [] } } }
}"#;

fn parse(text: &str) -> Document {
    Document::parse(text).unwrap()
}

#[test]
fn a_difference_reads_well() {
    let (old, new) = (parse(OLD), parse(NEW));
    let difference = diff(&old, &new);
    let text = difference.text(&old, &new);
    assert_eq!(text, include_str!("forth.txt"), "{text}");
    let back = diff(&new, &old);
    let text = back.text(&new, &old);
    assert_eq!(text, include_str!("back.txt"), "{text}");
}

#[test]
fn the_graph_has_removed_nodes_at_their_place() {
    let (old, new) = (parse(OLD), parse(NEW));
    let difference = diff(&old, &new);
    let drawn: Vec<String> = difference
        .rows
        .iter()
        .filter(|row| row.part == Part::Flow)
        .map(|row| {
            let name = row
                .new
                .map(|key| title(&new, row.part, key))
                .or_else(|| Some(title(&old, row.part, row.old?)))
                .unwrap_or_default();
            format!("{}{name} {:?}", "  ".repeat(row.depth), row.state())
        })
        .collect();
    assert_eq!(
        drawn,
        [
            "Sequential workflow Same",
            "  Run job last Moved",
            "  Run backup db Changed",
            "  Run job b Changed",
            "  Parallel workflow Same",
            "    Message Removed",
            "    Run job new Added",
            "    Run job warm Same",
            "    Sequential workflow inner Added",
            "      Run job fresh Added",
            "      Unheard odd ChangedAndMoved",
            "  Node without a kind Same",
        ],
        "{drawn:#?}"
    );
}

#[test]
fn members_have_pointers_labels_and_values() {
    let (old, new) = (parse(OLD), parse(NEW));
    let difference = diff(&old, &new);
    let job = difference
        .rows
        .iter()
        .find(|row| row.new.is_some_and(|key| new.node(key).reference() == Some("migrate-dev")));
    let fields = &job.unwrap().fields;
    let found: Vec<_> = fields
        .iter()
        .map(|field| {
            let words = |document: &Document, key: Option<Key>| {
                key.map(|key| document.text_of(key)).unwrap_or_default()
            };
            (field.pointer.as_str(), field.name(), words(&old, field.old), words(&new, field.new))
        })
        .collect();
    let expected = [
        ("/spec/jobId", "Job", "\"a\"", "\"b\""),
        ("/spec/runtimeEnvironment", "Environment variables", "", "{ \"LOG LEVEL\": \"x\" }"),
        ("/spec/billing/deploymentPlan", "Plan", "\"nf-compute-10\"", ""),
    ]
    .map(|(pointer, name, old, new)| (pointer, name.to_owned(), old.to_owned(), new.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn formatting_is_no_difference() {
    let old = parse(OLD);
    let value: serde_json::Value = serde_json::from_str(OLD).unwrap();
    for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
        let new = parse(&text);
        let difference = diff(&old, &new);
        assert!(difference.is_empty());
        assert_eq!(difference.summary(), "No differences");
        assert_eq!(difference.text(&old, &new), "No differences\n");
    }
}

#[test]
fn a_flow_inside_a_template_is_compared_alone() {
    let around = |note: &str, job: &str| {
        parse(&format!(
            r#"{{"kind":"Pipeline","note":"{note}","spec":{{"stages":[{{"name":"Staging","releaseFlow":{{"spec":
            {{"apiVersion":"v1.2","spec":{{"kind":"JobRun","spec":{{"jobId":"{job}"}}}}}}}}}}]}}}}"#
        ))
    };
    let (mut old, mut new) = (around("a", "one"), around("b", "two"));
    let (flow, other) = (old.flows()[0].0, new.flows()[0].0);
    old.open_flow(flow);
    new.open_flow(other);
    assert_eq!(
        diff(&old, &new).text(&old, &new),
        "1 changed\n\nRelease flow\n  Run job two: Job changed from one to two\n"
    );
}
