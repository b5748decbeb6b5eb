//! Going back to what an earlier run released: what would be put back, what stays as it is, and
//! the document of the run that does it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    event::{Artifact, Millis, Outcome},
    fold::{NodeState, NodeStatus, RunState},
    plan::{Plan, PlanNode, Shape},
};

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
    let mut ended: Vec<(Millis, &PlanNode, &NodeState)> = plan
        .nodes()
        .iter()
        .filter(|node| node.shape == Shape::Leaf)
        .filter_map(|node| Some((node, state.nodes.get(&node.pointer)?)))
        .map(|(node, known)| (known.ended_at.unwrap_or_default(), node, known))
        .collect();
    // Stable: what ended in the same millisecond keeps the document's order.
    ended.sort_by_key(|(at, ..)| *at);
    for (_, node, known) in ended {
        note(&mut out, node, known, current);
    }
    if out.restores.is_empty() {
        out.refused = Some(
            "This run released nothing that could be put back: no release in it succeeded."
                .to_owned(),
        );
    }
    out
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
            // Released twice in one run: the later one is what the run left behind.
            out.restores.retain(|other| other.resource != resource);
            out.restores.push(Restore {
                now: current.get(&resource).cloned(),
                resource,
                kind,
                then,
                waits: node.waits,
                timeout: node.timeout.as_ref().and_then(Value::as_i64),
            });
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

/// The document of the run that puts everything back: one release after another, each of a
/// concrete build or image, under the concurrency policy of the stage.
#[must_use]
pub fn document(restores: &[Restore], concurrency_policy: Option<&str>) -> Value {
    let steps: Vec<Value> = restores.iter().map(release).collect();
    let mut document = json!({ "apiVersion": "v1.2" });
    if let Some(policy) = concurrency_policy {
        document["options"] = json!({ "concurrencyPolicy": policy });
    }
    document["spec"] =
        json!({ "kind": "Workflow", "spec": { "type": "sequential", "steps": steps } });
    document
}

fn release(restore: &Restore) -> Value {
    let mut spec = match &restore.then {
        Artifact::Build { build_id, service, branch, .. } => {
            let mut origin = json!({ "id": service });
            if let Some(branch) = branch {
                origin["branch"] = Value::from(branch.as_str());
            }
            origin["build"] = Value::from(build_id.as_str());
            json!({ "type": "build", "origin": origin })
        }
        Artifact::Image { image_path, credentials } => {
            let mut origin = json!({ "imagePath": image_path });
            if let Some(credentials) = credentials {
                origin["credentials"] = Value::from(credentials.as_str());
            }
            json!({ "type": "registry", "origin": origin })
        }
    };
    spec["target"] = json!({ "id": restore.resource, "type": restore.kind });
    let mut node = json!({
        "kind": "Release",
        "ref": format!("restore-{}", restore.resource),
        "spec": spec,
    });
    if restore.waits {
        node["condition"] = Value::from("running");
    }
    if let Some(timeout) = restore.timeout {
        node["timeoutDuration"] = Value::from(timeout);
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(id: &str) -> Artifact {
        Artifact::Build {
            build_id: id.into(),
            service: "builder".into(),
            branch: Some("main".into()),
            sha: None,
        }
    }

    fn image() -> Artifact {
        Artifact::Image { image_path: "nginx:1".into(), credentials: None }
    }

    fn ended(at: Millis, status: NodeStatus, data: Option<Value>) -> NodeState {
        NodeState { status, ended_at: Some(at), data, ..NodeState::default() }
    }

    /// A job, then three releases of which the second ended first and the third failed.
    fn run() -> (Plan, RunState) {
        let release = |id: &str| {
            json!({ "kind": "Release", "condition": "running", "timeoutDuration": 60,
                "spec": { "type": "deployment", "target": { "id": id, "type": "service" } } })
        };
        let document = json!({ "spec": { "kind": "Workflow", "spec": { "type": "parallel",
            "steps": [ { "kind": "JobRun", "ref": "m", "spec": { "jobId": "migrate" } },
                release("web"), release("worker"), release("cron") ] } } });
        let plan = Plan::of(&document).expect("a plan");
        let step = |at: usize| format!("/spec/spec/steps/{at}");
        let mut state = RunState { concluded_at: Some(99), ..RunState::default() };
        state.nodes.insert(step(0), ended(10, NodeStatus::Success, None));
        let data = release_data("web", "service", &build("b1"));
        state.nodes.insert(step(1), ended(30, NodeStatus::Success, Some(data)));
        let data = release_data("worker", "service", &image());
        state.nodes.insert(step(2), ended(20, NodeStatus::Success, Some(data)));
        state.nodes.insert(step(3), ended(25, NodeStatus::Failure, None));
        (plan, state)
    }

    #[test]
    fn releases_come_back_in_their_order_and_the_rest_is_listed() {
        let (plan, state) = run();
        let current = BTreeMap::from([("web".to_owned(), build("b2"))]);
        let found = rollback(&plan, &state, &current);
        let resources: Vec<_> =
            found.restores.iter().map(|restore| restore.resource.as_str()).collect();
        assert_eq!(resources, ["worker", "web"]);
        assert_eq!(found.restores[1].now, Some(build("b2")));
        assert_eq!(found.restores[1].then, build("b1"));
        assert_eq!(found.untouched.len(), 2);
        assert!(found.untouched[0].contains("job \"migrate\""), "{:?}", found.untouched);
        assert_eq!(found.refused, None);
    }

    #[test]
    fn the_derived_document_releases_concrete_artifacts() {
        let (plan, state) = run();
        let found = rollback(&plan, &state, &BTreeMap::new());
        let document = document(&found.restores, Some("queue"));
        assert_eq!(document["options"]["concurrencyPolicy"], "queue");
        let steps = &document["spec"]["spec"]["steps"];
        assert_eq!(
            steps[0]["spec"],
            json!({ "type": "registry", "origin": { "imagePath": "nginx:1" },
                "target": { "id": "worker", "type": "service" } })
        );
        assert_eq!(
            steps[1],
            json!({ "kind": "Release", "ref": "restore-web", "spec": { "type": "build",
                "origin": { "id": "builder", "branch": "main", "build": "b1" },
                "target": { "id": "web", "type": "service" } },
                "condition": "running", "timeoutDuration": 60 })
        );
        assert_eq!(Plan::of(&document).expect("a plan").nodes().len(), 3);
    }

    #[test]
    fn a_run_without_a_success_or_still_going_on_is_refused() {
        let (plan, mut state) = run();
        state.concluded_at = None;
        assert!(rollback(&plan, &state, &BTreeMap::new()).refused.is_some());
        state.concluded_at = Some(1);
        state.nodes.retain(|pointer, _| pointer.ends_with("/0") || pointer.ends_with("/3"));
        let found = rollback(&plan, &state, &BTreeMap::new());
        assert!(found.refused.expect("refused").contains("no release in it succeeded"));
    }

    #[test]
    fn what_was_released_twice_comes_back_as_it_was_left() {
        let (plan, mut state) = run();
        let data = release_data("web", "service", &build("b9"));
        state.nodes.insert("/spec/spec/steps/2".into(), ended(40, NodeStatus::Success, Some(data)));
        let found = rollback(&plan, &state, &BTreeMap::new());
        assert_eq!(found.restores.len(), 1);
        assert_eq!(found.restores[0].then, build("b9"));
    }
}
