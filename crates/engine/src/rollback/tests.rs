//! Going back as our own server does it.

use super::*;
use crate::event::Millis;

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
