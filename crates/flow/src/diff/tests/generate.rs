//! Documents and edits as people make them, and as nobody would.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::document::{Document, Key};

fn name() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        3 => Just(None),
        4 => prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g", "h"]).prop_map(Some),
    ]
}

/// A node without steps: known, unknown, or no node at all.
fn leaf() -> impl Strategy<Value = Value> {
    let job = prop::sample::select(vec!["one", "two", "three", "${args.x}"]);
    let node = (name(), job, 0u8..8).prop_map(|(name, job, shape)| {
        let mut node = match shape {
            0..=3 => json!({"kind": "JobRun", "spec": {"jobId": job}}),
            4 => json!({"kind": "AddonBackup", "spec": {"addonId": job}, "condition": "success"}),
            5 => json!({"kind": "Unheard", "spec": [job]}),
            6 => json!({"spec": {"steps": job}}),
            _ => json!({"kind": "Release", "spec": {"type": "build", "origin": {"id": job}}}),
        };
        if let Some(name) = name {
            node["ref"] = json!(name);
        }
        node
    });
    prop_oneof![
        12 => node,
        1 => prop::sample::select(vec![json!("text"), json!(7), json!(null), json!([1]), json!({})]),
    ]
}

/// A node with steps of some depth.
pub(super) fn node() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 5, |inner| {
        let kind = prop::sample::select(vec!["Workflow", "Workflow", "LoopWorkflow"]);
        (name(), kind, any::<bool>(), prop::collection::vec(inner, 0..5)).prop_map(
            |(name, kind, parallel, steps)| {
                let order = if parallel { "parallel" } else { "sequential" };
                let mut node = json!({"kind": kind, "spec": {"type": order, "steps": steps}});
                if let Some(name) = name {
                    node["ref"] = json!(name);
                }
                node
            },
        )
    })
}

fn trigger() -> impl Strategy<Value = Value> {
    (name(), 0u8..3, prop::collection::vec("[ab]", 0..3)).prop_map(|(name, url, branches)| {
        let mut trigger = json!({"repoUrl": format!("https://github.com/acme/{url}"), "branchRestrictions": branches});
        if let Some(name) = name {
            trigger["ref"] = json!(name);
        }
        trigger
    })
}

fn map() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(
        "[A-D]",
        prop_oneof![Just(json!("x")), Just(json!(1)), Just(json!({"y": 2}))],
        0..4,
    )
    .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>()))
}

/// A whole document.
pub(super) fn document() -> impl Strategy<Value = Value> {
    let steps = prop::collection::vec(node(), 0..7);
    let around = (
        map(),
        prop::collection::vec(trigger(), 0..4),
        prop::option::of(prop::collection::vec(node(), 0..3)),
        0u8..8,
    );
    (steps, around).prop_map(|(steps, (arguments, triggers, teardown, absent))| {
        let mut document = json!({
            "apiVersion": "v1.2",
            "arguments": arguments,
            "triggers": triggers,
            "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": steps}},
        });
        if let Some(steps) = teardown {
            document["teardownSpec"] = json!({
                "failurePolicy": "block",
                "spec": {"kind": "Workflow", "spec": {"type": "parallel", "steps": steps}},
            });
        }
        match absent {
            0 => {
                document.as_object_mut().unwrap().remove("triggers");
            }
            1 => {
                document.as_object_mut().unwrap().remove("spec");
            }
            2 => document["spec"] = json!({"kind": "Workflow", "spec": {}}),
            _ => {}
        }
        document
    })
}

/// Text of a value, indented or in one line.
pub(super) fn text(value: &Value, lines: bool) -> String {
    if lines { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() }
}

#[derive(Debug, Clone)]
pub(super) enum Act {
    Field(usize, &'static str, u8),
    NoField(usize, &'static str),
    Rename(usize, Option<&'static str>),
    Kind(usize),
    Insert(usize, usize, Value),
    Remove(usize),
    Move(usize, usize, usize),
    NoSteps(usize),
    Setting(&'static str, Value),
    NoSetting(&'static str),
    Trigger(usize, Value),
}

fn act() -> impl Strategy<Value = Act> {
    let n = 0usize..32;
    let member = prop::sample::select(vec!["jobId", "extra", "type", "list"]);
    let setting =
        prop::sample::select(vec!["arguments", "triggers", "spec", "teardownSpec", "options"]);
    prop_oneof![
        6 => (n.clone(), member.clone(), 0u8..4).prop_map(|(at, name, value)| Act::Field(at, name, value)),
        1 => (n.clone(), member).prop_map(|(at, name)| Act::NoField(at, name)),
        1 => (n.clone(), name()).prop_map(|(at, name)| Act::Rename(at, name)),
        1 => n.clone().prop_map(Act::Kind),
        4 => (n.clone(), 0usize..6, node()).prop_map(|(at, index, node)| Act::Insert(at, index, node)),
        4 => n.clone().prop_map(Act::Remove),
        6 => (n.clone(), n.clone(), 0usize..6).prop_map(|(at, to, index)| Act::Move(at, to, index)),
        1 => n.clone().prop_map(Act::NoSteps),
        2 => (Just("arguments"), map()).prop_map(|(name, value)| Act::Setting(name, value)),
        1 => (setting.clone(), prop::sample::select(vec![json!("x"), json!([]), json!({}), json!(null)])).prop_map(|(name, value)| Act::Setting(name, value)),
        1 => setting.prop_map(Act::NoSetting),
        2 => (n, trigger()).prop_map(|(at, value)| Act::Trigger(at, value)),
    ]
}

pub(super) fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), 0..6)
}

/// A document and edits of it, carried out.
pub(super) fn edited(document: &Document, acts: &[Act]) -> Document {
    let mut document = document.clone();
    for act in acts {
        perform(&mut document, act);
    }
    document
}

fn perform(document: &mut Document, act: &Act) {
    let mut nodes = document.nodes();
    let teardown = document.teardown_node();
    nodes.extend(teardown.into_iter().flat_map(|root| document.nodes_under(root)));
    let pick = |at: usize| (!nodes.is_empty()).then(|| nodes[at % nodes.len()]);
    let arrays: Vec<Key> =
        nodes.iter().filter_map(|node| document.node(*node).steps_array()).collect();
    let pick_array = |at: usize| (!arrays.is_empty()).then(|| arrays[at % arrays.len()]);
    let flow = document.flow();
    let spec = |at: usize| document.node(pick(at)?).spec();
    match act {
        Act::Field(at, name, value) => {
            let value = match (*name, value) {
                ("list", n) => json!((0..*n).collect::<Vec<_>>()),
                ("type", n) => json!(if n % 2 == 0 { "parallel" } else { "sequential" }),
                (_, n) => json!(format!("value {n}")),
            };
            if let Some(spec) = spec(*at) {
                document.edit().set(spec, name, &value);
            }
        }
        Act::NoField(at, name) => {
            if let Some(member) = spec(*at).and_then(|spec| document.get(spec, name)) {
                document.edit().remove(member);
            }
        }
        Act::Rename(at, name) => {
            let Some(node) = pick(*at) else { return };
            match (name, document.get(node, "ref")) {
                (Some(name), _) => {
                    document.edit().set(node, "ref", &json!(name));
                }
                (None, Some(member)) => document.edit().remove(member),
                (None, None) => {}
            }
        }
        Act::Kind(at) => {
            if let Some(node) = pick(*at) {
                document.edit().set(node, "kind", &json!("Build"));
            }
        }
        Act::Insert(at, index, node) => {
            if let Some(array) = pick_array(*at) {
                document.edit().insert(array, *index, node);
            }
        }
        Act::Remove(at) => {
            if let Some(node) = pick(*at) {
                document.edit().remove(node);
            }
        }
        Act::Move(at, to, index) => {
            if let (Some(node), Some(array)) = (pick(*at), pick_array(*to))
                && document.workflow_of(node).is_some()
            {
                document.edit().move_to(node, array, *index);
            }
        }
        Act::NoSteps(at) => {
            if let Some(array) = pick_array(*at) {
                document.edit().remove(array);
            }
        }
        Act::Setting(name, value) => {
            document.edit().set(flow, name, value);
        }
        Act::NoSetting(name) => {
            if let Some(member) = document.get(flow, name) {
                document.edit().remove(member);
            }
        }
        Act::Trigger(at, value) => {
            if let Some(list) = document.get(flow, "triggers") {
                document.edit().insert(list, at % 4, value);
            }
        }
    }
}

/// Any JSON with the words that we look for.
pub(super) fn anything() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("\"Workflow\"".to_owned()),
        Just("\"a\"".to_owned()),
        "-?(0|[1-9][0-9]{0,2})(\\.[0-9])?([eE][+-]?[0-9])?",
    ];
    leaf.prop_recursive(6, 60, 5, |inner| {
        let name = prop::sample::select(vec![
            "spec",
            "steps",
            "kind",
            "ref",
            "triggers",
            "teardownSpec",
            "richInputs",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec((name, inner), 0..6).prop_map(|all| {
                let members: Vec<_> =
                    all.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// A flow of some thousand nodes in nested workflows; what of it is different depends on `seed`.
pub(super) fn large(nodes: usize, seed: usize) -> Value {
    let workflow = |outer: usize| {
        let steps: Vec<Value> = (0..20)
            .map(|inner| {
                let number = outer * 20 + inner;
                let changed = seed > 0 && number % 7 == seed % 7;
                let mut node = json!({
                    "kind": "JobRun",
                    "spec": {"jobId": format!("job-{}", number % 50), "runtimeEnvironment": {"N": if changed { number + seed } else { number }}},
                    "condition": "success",
                });
                if !number.is_multiple_of(3) {
                    node["ref"] = json!(format!("node-{number}"));
                }
                node
            })
            .filter(|node| seed == 0 || node["spec"]["runtimeEnvironment"]["N"].as_u64().unwrap() % 11 != seed as u64 % 11)
            .collect();
        json!({"kind": "Workflow", "spec": {"type": "parallel", "steps": steps}})
    };
    let mut steps: Vec<Value> = (0..nodes / 21).map(workflow).collect();
    let count = steps.len();
    for at in 0..if seed > 0 { count / 10 } else { 0 } {
        steps.swap((at * 7 + seed) % count, (at * 13 + seed) % count);
    }
    json!({"apiVersion": "v1.2", "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": steps}}})
}
