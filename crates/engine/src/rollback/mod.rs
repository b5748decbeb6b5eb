//! Going back to what an earlier run released: what would be put back, what stays as it is, and
//! the document of the run that does it.
//!
//! - here: what our own server does, which knows what every release left behind.
//! - `preview`: the same for a person to read, from whatever is known. - `effects`: what can't be
//!   undone. - `vendor`: whether a plain vendor API can do it. - `document`: the run that does it.
//!
//! May import: `event`, `fold`, `past`, `pinned`, `plan`, `values`.

mod document;
mod effects;
mod preview;
mod vendor;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    event::{Artifact, Outcome},
    fold::{NodeState, NodeStatus, RunState},
    plan::{Plan, PlanNode, Shape},
};

pub use document::document;
pub use effects::{Lasting, lasting};
pub use preview::{Change, Configuration, Now, Preview, Stays, Unknown, World, preview};
pub use vendor::{Offer, offer};

/// What going back to a run means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rollback {
    /// In the order in which the run released them.
    pub restores: Vec<Restore>,
    /// What the run did that stays as it is: one sentence each.
    pub untouched: Vec<String>,
    /// Why nothing can be restored, where that is so.
    pub refused: Option<String>,
}

/// One resource that is put back.
#[derive(Debug, Clone, PartialEq)]
pub struct Restore {
    pub resource: String,
    /// `service` or `job`.
    pub kind: String,
    /// What runs there now; none when nothing was ever deployed.
    pub now: Option<Artifact>,
    pub then: Artifact,
    /// Whether the run waited until it was up, and for how many seconds at most.
    pub waits: bool,
    pub timeout: Option<i64>,
}

impl Restore {
    /// Put back as the node released it.
    fn of(
        node: &PlanNode,
        (resource, kind): (String, String),
        now: Option<Artifact>,
        then: Artifact,
    ) -> Self {
        let (waits, timeout) = (node.waits, node.timeout.as_ref().and_then(Value::as_i64));
        Self { resource, kind, now, then, waits, timeout }
    }
}

/// What a `Release` node leaves behind as its data: the target and the concrete artifact, so that
/// anybody can put it back later. [`released`] reads it.
#[must_use]
pub fn release_data(resource: &str, kind: &str, artifact: &Artifact) -> Value {
    json!({ "target": { "id": resource, "type": kind }, "deployed": artifact })
}

/// Target, its type, and artifact of a finished `Release` node.
#[must_use]
pub fn released(data: &Value) -> Option<(String, String, Artifact)> {
    let target = data.get("target")?;
    let artifact = serde_json::from_value(data.get("deployed")?.clone()).ok()?;
    let text = |name: &str| target.get(name).and_then(Value::as_str).map(str::to_owned);
    Some((text("id")?, text("type").unwrap_or_else(|| "service".to_owned()), artifact))
}

/// What going back to the run with this plan and state would do. `current` has what runs on each
/// resource now.
#[must_use]
pub fn rollback(plan: &Plan, state: &RunState, current: &BTreeMap<String, Artifact>) -> Rollback {
    let mut out = Rollback::default();
    if !state.concluded() {
        out.refused = Some("This run is still going on: wait until it has ended.".to_owned());
        return out;
    }
    for (node, known) in leaves_in_order(plan, state) {
        note(&mut out, node, known, current);
    }
    last_of_each(&mut out.restores);
    if out.restores.is_empty() {
        out.refused = Some(
            "This run released nothing that could be put back: no release in it succeeded."
                .to_owned(),
        );
    }
    out
}

/// The leaves that something happened to, in the order in which they ended.
fn leaves_in_order<'a>(plan: &'a Plan, state: &'a RunState) -> Vec<(&'a PlanNode, &'a NodeState)> {
    let mut ended: Vec<(&PlanNode, &NodeState)> = plan
        .nodes()
        .iter()
        .filter(|node| node.shape == Shape::Leaf)
        .filter_map(|node| Some((node, state.nodes.get(&node.pointer)?)))
        .collect();
    // Stable: what ended in the same millisecond keeps the document's order.
    ended.sort_by_key(|(_, known)| known.ended_at.unwrap_or_default());
    ended
}

/// Released twice in one run: the later one is what the run left behind.
fn last_of_each(restores: &mut Vec<Restore>) {
    let mut seen = BTreeSet::new();
    let mut last: Vec<Restore> = std::mem::take(restores);
    last.reverse();
    last.retain(|restore| seen.insert(restore.resource.clone()));
    last.reverse();
    *restores = last;
}

fn note(
    out: &mut Rollback,
    node: &PlanNode,
    known: &NodeState,
    current: &BTreeMap<String, Artifact>,
) {
    let name = node.reference.as_ref().unwrap_or(&node.pointer);
    if !matches!(known.status, NodeStatus::Success | NodeStatus::Failure) {
        return;
    }
    let succeeded = known.status == NodeStatus::from(Outcome::Success);
    if node.kind != "Release" {
        let how = if succeeded { "did" } else { "may have done" };
        let (what, id) = subject(node);
        out.untouched.push(format!("What the {what} \"{id}\" {how} stays as it is."));
        return;
    }
    let released = known.data.as_ref().and_then(released);
    match released.filter(|_| succeeded) {
        Some((resource, kind, then)) => {
            let now = current.get(&resource).cloned();
            out.restores.push(Restore::of(node, (resource, kind), now, then));
        }
        None => out.untouched.push(format!(
            "The release \"{name}\" did not succeed in that run, so there is nothing to put back."
        )),
    }
}

/// What a node acted on, in words.
fn subject(node: &PlanNode) -> (&'static str, &str) {
    let id = |name: &str| node.spec.get(name).and_then(Value::as_str);
    let (what, id) = match node.kind.as_str() {
        "JobRun" => ("job", id("jobId")),
        "AddonBackup" => ("backup of addon", id("addonId")),
        "Build" => ("build of", id("id")),
        _ => ("step", node.reference.as_deref()),
    };
    (what, id.unwrap_or(&node.pointer))
}

#[cfg(test)]
mod preview_tests;
#[cfg(test)]
mod tests;
