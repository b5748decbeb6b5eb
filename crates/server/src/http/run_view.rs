//! A run as the vendor's API shows it: the document that it runs, with `response` and `settings`
//! in its nodes. The document's other bytes are passed on as they are written.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use slipway_api::run::RunRow;
use slipway_engine::{
    fold::{NodeState, RunState},
    wire,
};
use slipway_flow::document::{Document, Key};

use super::{answer::Failed, flows};
use crate::db::runs::RunRecord;

/// The whole answer.
pub fn text(record: &RunRecord, row: &RunRow, state: &RunState) -> Result<String, Failed> {
    let mut document =
        Document::parse(&record.document).map_err(|error| Failed::internal(&error))?;
    let refs = refs(&document, state);
    with_arguments(&mut document, &record.request.arguments);
    with_responses(&mut document, state);
    let row = serde_json::to_value(row).map_err(|error| Failed::internal(&error))?;
    let mut members = match row {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    if let Some(reason) = &state.reason {
        members.insert("reason".to_owned(), Value::from(&**reason));
    }
    members.insert("refs".to_owned(), Value::Object(refs));
    let members = members.iter().map(|(name, value)| (name.as_str(), value.clone()));
    Ok(flows::enveloped(&document, members))
}

/// The flow's arguments, with those of this run over them.
fn with_arguments(document: &mut Document, arguments: &Map<String, Value>) {
    if arguments.is_empty() {
        return;
    }
    let root = document.root();
    let place = document.get(root, "arguments").filter(|key| document.is_object(*key));
    let mut editing = document.edit();
    let place = place.or_else(|| editing.set(root, "arguments", &json!({})));
    for (name, value) in arguments {
        if let Some(place) = place {
            editing.set(place, name, value);
        }
    }
}

fn with_responses(document: &mut Document, state: &RunState) {
    let nodes = document.nodes();
    let known = known(document, state);
    let mut editing = document.edit();
    for key in nodes {
        let node = known.get(&key);
        let Some(response) = node.and_then(|node| wire::response(node)) else {
            // An author may have pasted it from another run; it says nothing about this one.
            if let Some(stale) = editing.document().get(key, "response") {
                editing.remove(stale);
            }
            continue;
        };
        let attempts = node.map_or(0, |node| node.max_attempts);
        if attempts > 0 && editing.document().get(key, "settings").is_none() {
            editing.set(key, "settings", &json!({ "maxAttempts": attempts }));
        }
        editing.set(key, "response", &response);
    }
}

/// What each node with a reference has left for `${refs…}`.
fn refs(document: &Document, state: &RunState) -> Map<String, Value> {
    let known = known(document, state);
    let of = |key: Key| {
        let reference = document.node(key).reference()?;
        let data = known.get(&key)?.data.clone()?;
        Some((reference.to_owned(), data))
    };
    document.nodes().into_iter().filter_map(of).collect()
}

/// The nodes that something happened to.
fn known<'s>(document: &Document, state: &'s RunState) -> HashMap<Key, &'s NodeState> {
    let of = |(pointer, node): (&String, &'s NodeState)| Some((document.resolve(pointer)?, node));
    state.nodes.iter().filter_map(of).collect()
}
