//! Going back with nothing but the vendor's API: a run of the stage's flow in which every release
//! is told what to deploy. It is offered only where that is all the run would do.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Preview, Restore, document, document::release_spec};
use crate::plan::{Plan, PlanNode, Shape, Skip};

/// How to go back where no server does it.
#[derive(Debug, Clone, PartialEq)]
pub enum Offer {
    /// Run the flow as it is, with these `releaseNodeOverrides` in the request.
    Run { overrides: Map<String, Value> },
    /// It can't be done by a run of the flow.
    Review {
        /// One sentence each; at least one.
        reasons: Vec<String>,
        /// A flow that would do what can be done, to be looked at, saved and run by a person; none
        /// where nothing can be put back.
        document: Option<Value>,
    },
}

/// How to go back with the flow of the stage as it is now.
#[must_use]
pub fn offer(flow: &Plan, preview: &Preview) -> Offer {
    let restores = preview.restores();
    let mut reasons: Vec<String> = preview.refused.iter().cloned().collect();
    reasons.extend(preview.unknown.iter().map(|unknown| unknown.sentence.clone()));
    let mut overrides = Map::new();
    let by_resource: BTreeMap<&str, &Restore> =
        restores.iter().map(|restore| (restore.resource.as_str(), restore)).collect();
    for node in flow.nodes() {
        match told(node, &by_resource) {
            Ok(None) => {}
            Ok(Some(restore)) => {
                overrides.insert(restore.resource.clone(), release_spec(&restore.then));
            }
            Err(reason) => reasons.push(reason),
        }
    }
    let missing = restores.iter().filter(|restore| !overrides.contains_key(&restore.resource));
    reasons
        .extend(missing.map(|restore| {
            format!("The flow does not release \"{}\" any more.", restore.resource)
        }));
    if reasons.is_empty() {
        return Offer::Run { overrides };
    }
    let document = (!restores.is_empty()).then(|| document(&restores, None));
    Offer::Review { reasons, document }
}

/// What a node of the flow is to be told, or why the flow can't be run for this.
fn told<'a>(
    node: &PlanNode,
    restores: &BTreeMap<&str, &'a Restore>,
) -> Result<Option<&'a Restore>, String> {
    let name = node.name();
    if node.skip != Skip::Never {
        return Err(format!("\"{name}\" may be skipped, so that it is not certain to happen."));
    }
    if node.shape != Shape::Leaf {
        return Ok(None);
    }
    if node.kind != "Release" {
        return Err(format!(
            "The flow holds more than releases: \"{name}\" ({}) would run again.",
            node.kind
        ));
    }
    let target = node.spec.pointer("/target/id").and_then(Value::as_str);
    match target {
        None => Err(format!("The release \"{name}\" does not say what it deploys to.")),
        Some(target) if target.contains("${") => {
            Err(format!("What the release \"{name}\" deploys to is only known when it runs."))
        }
        Some(target) => restores.get(target).copied().map(Some).ok_or_else(|| {
            format!("The flow would also release \"{target}\", which is not put back.")
        }),
    }
}
