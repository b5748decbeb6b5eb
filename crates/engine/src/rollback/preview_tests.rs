//! What a person is told before going back, and whether a plain vendor API can do it.

use serde_json::{Value, json};

use super::*;
use crate::{
    event::Millis,
    past::Past,
    testing::{in_time, large},
};

fn build(id: &str) -> Artifact {
    Artifact::Build { build_id: id.into(), service: "b".into(), branch: None, sha: None }
}

fn image(path: &str) -> Artifact {
    Artifact::Image { image_path: path.into(), credentials: None }
}

fn release(resource: &str, kind: &str, origin: Value) -> Value {
    let mut node = json!({ "kind": "Release", "ref": format!("to-{resource}"), "spec": {
        "type": kind, "target": { "id": resource, "type": "service" } } });
    node["spec"]["origin"] = origin;
    node
}

fn document(steps: Value) -> Value {
    let mut document = json!({ "spec": { "kind": "Workflow", "spec": { "type": "sequential" } } });
    document["spec"]["spec"]["steps"] = steps;
    document
}

/// A concluded run of these steps, each of which ended so, with this data.
struct Ran {
    plan: Plan,
    state: RunState,
}

impl Ran {
    fn past<'a>(&'a self, id: &'a str) -> Past<'a> {
        Past { id, plan: &self.plan, state: &self.state, scope: None }
    }
}

fn ran(steps: &[(Value, NodeStatus, Option<Value>)]) -> Ran {
    let document = document(steps.iter().map(|(step, ..)| step.clone()).collect());
    let plan = Plan::of(&document).expect("a plan");
    let mut state = RunState { concluded_at: Some(99), ..RunState::default() };
    for (at, (_, status, data)) in (0..).zip(steps) {
        let known = NodeState {
            status: *status,
            started_at: (*status != NodeStatus::Skipped).then_some(at),
            ended_at: Some(at + 1),
            data: data.clone(),
            ..NodeState::default()
        };
        state.nodes.insert(format!("/spec/spec/steps/{at}"), known);
    }
    Ran { plan, state }
}

fn done(step: Value) -> (Value, NodeStatus, Option<Value>) {
    (step, NodeStatus::Success, None)
}

fn recorded(resource: &str, artifact: &Artifact) -> (Value, NodeStatus, Option<Value>) {
    let step = release(resource, "build", json!({ "id": "b", "build": "latest" }));
    (step, NodeStatus::Success, Some(release_data(resource, "service", artifact)))
}

fn seen(run: &Ran, current: &[(&str, Artifact)], since: &[(&str, &Ran)]) -> Preview {
    let current: BTreeMap<String, Artifact> =
        current.iter().map(|(id, artifact)| ((*id).to_owned(), artifact.clone())).collect();
    let complete = !current.is_empty();
    let since: Vec<Past<'_>> = since.iter().map(|(name, ran)| ran.past(name)).collect();
    let target = run.past("target");
    preview(&target, &World { current: &current, complete, since: &since, documents: None })
}

fn resources(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.restore.resource.as_str()).collect()
}

#[test]
fn changes_are_told_from_what_runs_already() {
    let run = ran(&[recorded("web", &build("1")), recorded("api", &build("1"))]);
    let found = seen(&run, &[("web", build("2")), ("api", build("1"))], &[]);
    assert_eq!(
        (resources(&found.changes), resources(&found.unchanged)),
        (vec!["web"], vec!["api"])
    );
    assert_eq!(found.changes[0].now, Now::Runs(build("2")));
    assert!(found.changes[0].why.contains("to-web"), "{}", found.changes[0].why);
    assert_eq!(found.restores().len(), 2);
    assert_eq!((found.refused, found.unknown.len()), (None, 0));
}

#[test]
fn what_runs_now_is_told_by_the_runs_since_or_not_at_all() {
    let run = ran(&[recorded("web", &build("1")), recorded("api", &build("1"))]);
    let later = ran(&[recorded("web", &build("3"))]);
    let found = seen(&run, &[], &[("later", &later)]);
    let now: Vec<_> = found.changes.iter().map(|change| change.now.clone()).collect();
    assert_eq!(now, [Now::Runs(build("3")), Now::Unknown]);
    let known = seen(&run, &[("other", build("9"))], &[("later", &later)]);
    assert_eq!(known.changes[0].now, Now::Nothing, "whoever knows everything knows better");
}

#[test]
fn an_artifact_is_known_by_record_or_by_a_concrete_spec() {
    let origin = |build: &str| json!({ "id": "b", "build": build });
    let run = ran(&[
        done(release("a", "build", origin("b-7"))),
        done(release("b", "registry", json!({ "imagePath": "nginx:1" }))),
        done(release("c", "build", origin("latest"))),
        done(release("d", "registry", json!({ "imagePath": "nginx" }))),
        done(release("e", "deployment", json!({ "id": "e-dev", "type": "service" }))),
        done(release("f", "build", origin("${refs.build.id}"))),
        (release("g", "build", origin("b-7")), NodeStatus::Failure, None),
        (release("h", "build", origin("b-7")), NodeStatus::Skipped, None),
    ]);
    let found = seen(&run, &[], &[]);
    assert_eq!(resources(&found.changes), ["a", "b"]);
    assert_eq!(found.changes[1].restore.then, image("nginx:1"));
    let reasons = ["latest build", "no tag", "promoted", "not recorded", "did not succeed"];
    assert_eq!(found.unknown.len(), reasons.len());
    for ((unknown, reason), resource) in found.unknown.iter().zip(reasons).zip("cdefg".chars()) {
        assert!(unknown.sentence.contains(reason), "{}", unknown.sentence);
        assert_eq!(unknown.resource, Some(resource.to_string()));
    }
}

#[test]
fn refs_of_the_old_run_make_a_build_concrete() {
    let origin = json!({ "id": "b", "build": "${refs.build.id}" });
    let run = ran(&[done(release("web", "build", origin))]);
    let mut scope = crate::values::Scope::default();
    scope.refs.insert("build".into(), json!({ "id": "b-42" }));
    let target = Past { scope: Some(&scope), ..run.past("target") };
    let world = World { current: &BTreeMap::new(), complete: true, since: &[], documents: None };
    let found = preview(&target, &world);
    assert_eq!(found.changes[0].restore.then, build("b-42"));
    assert_eq!(found.changes[0].now, Now::Nothing);
}

#[test]
fn the_last_word_of_a_run_on_a_resource_counts() {
    let fails = release("web", "build", json!({ "id": "b", "build": "b-2" }));
    let run = ran(&[recorded("web", &build("1")), (fails, NodeStatus::Failure, None)]);
    let found = seen(&run, &[], &[]);
    assert_eq!((found.changes.len(), found.unknown.len()), (0, 1));
    assert!(found.refused.is_some());
    let run = ran(&[recorded("web", &build("1")), recorded("web", &build("2"))]);
    assert_eq!(seen(&run, &[], &[]).changes[0].restore.then, build("2"));
}

#[test]
fn what_cannot_be_undone_is_listed_with_who_did_it() {
    let action = |kind: &str, what: &str| json!({ "kind": "Action", "spec": { "kind": kind, "spec": { "type": what, "data": {} } } });
    let run = ran(&[
        recorded("web", &build("1")),
        done(json!({ "kind": "JobRun", "spec": { "jobId": "migrate" } })),
        done(json!({ "kind": "Build", "spec": { "id": "b" } })),
    ]);
    let later = ran(&[
        done(json!({ "kind": "JobRun", "spec": { "jobId": "migrate" } })),
        done(json!({ "kind": "AddonBackup", "spec": { "addonId": "db" } })),
        done(json!({ "kind": "AddonImport", "spec": { "addonId": "db" } })),
        done(action("AddonBackup", "restore")),
        done(action("Service", "restart")),
        done(action("Service", "execute")),
        (action("Job", "execute"), NodeStatus::Failure, None),
        done(json!({ "kind": "Message", "spec": {} })),
        done(json!({ "kind": "Teleport", "ref": "beam", "spec": {} })),
        (json!({ "kind": "JobRun", "spec": { "jobId": "x" } }), NodeStatus::Skipped, None),
        recorded("worker", &build("2")),
        recorded("web", &build("2")),
    ]);
    let found = seen(&run, &[], &[("Friday", &later)]);
    let what: Vec<_> = found.stays.iter().map(|stays| (stays.what, stays.since)).collect();
    assert_eq!(
        what,
        [
            (Lasting::Job, false),
            (Lasting::Job, true),
            (Lasting::Backup, true),
            (Lasting::Import, true),
            (Lasting::Restore, true),
            (Lasting::Command, true),
            (Lasting::Command, true),
            (Lasting::Message, true),
            (Lasting::Unknown, true),
            (Lasting::Release, true),
        ]
    );
    let sentences: Vec<_> = found.stays.iter().map(|stays| stays.sentence.as_str()).collect();
    assert_eq!(sentences[0], "That run ran a job: what the job \"migrate\" did stays.");
    assert!(sentences[6].contains("\"Friday\" began to execute"), "{}", sentences[6]);
    assert!(sentences[8].contains("Teleport") && sentences[8].contains("beam"));
    assert!(sentences[9].contains("\"worker\""), "{}", sentences[9]);
}

#[test]
fn what_is_gone_stays_and_says_why() {
    let run = ran(&[recorded("web", &build("1"))]);
    let mut found = seen(&run, &[], &[]);
    found.give_up("web", "The files of its build are gone.");
    assert!(found.changes.is_empty() && found.refused.is_some());
    assert_eq!(
        found.unknown[0].sentence,
        "\"web\" stays as it is. The files of its build are gone."
    );
    let mut going_on = run;
    going_on.state.concluded_at = None;
    let refused = seen(&going_on, &[], &[]).refused;
    assert!(refused.expect("refused").contains("still going on"));
}

#[test]
fn a_flow_of_releases_alone_can_go_back_by_a_run_of_it() {
    let run = ran(&[recorded("web", &build("1")), recorded("api", &image("api:1"))]);
    let found = seen(&run, &[], &[]);
    let flow = document(json!([
        release("web", "build", json!({ "id": "b", "build": "latest" })),
        { "kind": "Workflow", "spec": { "type": "parallel", "steps": [
            release("api", "deployment", json!({ "id": "api-dev", "type": "service" })) ] } } ]));
    let plan = Plan::of(&flow).expect("a plan");
    let Offer::Run { overrides } = offer(&plan, &found) else {
        panic!("offered: {:?}", offer(&plan, &found))
    };
    assert_eq!(
        Value::Object(overrides),
        json!({ "web": { "type": "build", "origin": { "id": "b", "build": "1" } },
            "api": { "type": "registry", "origin": { "imagePath": "api:1" } } })
    );
}

#[test]
fn anything_else_is_explained_and_left_to_a_person() {
    let run = ran(&[recorded("web", &build("1")), recorded("api", &build("1"))]);
    let found = seen(&run, &[], &[]);
    let to = |resource: &str| release(resource, "build", json!({ "id": "b", "build": "latest" }));
    let mut skipped = to("api");
    skipped["skipNodeExecution"] = json!("${args.S}");
    for (steps, reason) in [
        (json!([to("web"), to("api"), { "kind": "JobRun", "spec": {} }]), "more than releases"),
        (json!([to("web")]), "does not release \"api\" any more"),
        (json!([to("web"), to("api"), to("new")]), "also release \"new\""),
        (json!([to("web"), to("${args.T}")]), "only known when it runs"),
        (json!([to("web"), skipped]), "may be skipped"),
    ] {
        let plan = Plan::of(&document(steps)).expect("a plan");
        let Offer::Review { reasons, document } = offer(&plan, &found) else {
            panic!("must not be offered: {reason}")
        };
        assert!(reasons.iter().any(|said| said.contains(reason)), "{reason}: {reasons:?}");
        let document = document.expect("both can be put back");
        assert_eq!(Plan::of(&document).expect("a plan").nodes().len(), 3);
    }
    let nothing = seen(&ran(&[]), &[], &[]);
    let plan = Plan::of(&document(json!([]))).expect("a plan");
    assert!(matches!(offer(&plan, &nothing), Offer::Review { document: None, .. }));
}

#[test]
fn ten_thousand_releases_are_looked_at_in_time() {
    let mut flow = large()[0].clone();
    for (at, step) in (0..).zip(flow["spec"]["spec"]["steps"].as_array_mut().expect("steps")) {
        *step = release(&format!("r{at}"), "build", json!({ "id": "b", "build": "1" }));
    }
    let plan = Plan::of(&flow).expect("a plan");
    let mut state = RunState { concluded_at: Some(1), ..RunState::default() };
    for (at, node) in (0..).zip(plan.nodes()) {
        let status = NodeStatus::Success;
        let times: Option<Millis> = Some(at);
        let known =
            NodeState { status, started_at: times, ended_at: times, ..NodeState::default() };
        state.nodes.insert(node.pointer.clone(), known);
    }
    let run = Ran { plan, state };
    let found = in_time("the preview", || seen(&run, &[], &[]));
    let by_run = in_time("the offer", || offer(&run.plan, &found));
    assert!(matches!(by_run, Offer::Run { overrides } if overrides.len() == 10_000));
    in_time("our own way", || rollback(&run.plan, &run.state, &BTreeMap::new()));
}

#[test]
fn what_every_known_kind_leaves_behind_is_known() {
    for kind in slipway_flow::kinds::all().iter().filter(|kind| !kind.container) {
        let mut node: Value = serde_json::from_str(kind.template).expect("a template");
        for selector in kind.when {
            assert_eq!(
                node.pointer(selector.pointer).and_then(Value::as_str),
                Some(selector.value),
                "{}",
                kind.title
            );
        }
        let spec = node["spec"].take();
        let plan = Plan::of(&json!({ "spec": { "kind": kind.kind, "spec": spec } }));
        let plan = plan.expect("a plan");
        assert_ne!(lasting(&plan.nodes()[0]), Some(Lasting::Unknown), "{}", kind.title);
    }
}
