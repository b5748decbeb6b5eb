//! Builds of commits, and what is released of them.

use std::process::Command;

use serde_json::{Value, json};
use slipway_engine::{
    event::RunStatus,
    fold::{NodeStatus, RunState},
};

use crate::support::{Bench, assert_success, job, pipeline_table, sequence, step};

const PROJECT: &str = r#"
[project]
id = "t"
[repositories."https://github.com/acme/shop"]
remote = "source"
[[service]]
id = "builder"
kind = "build"
repository = "https://github.com/acme/shop"
build = { command = ["sh", "make.sh"], artifact = "out", env = ["LEVEL"] }
[[service]]
id = "web"
kind = "deployment"
deploy = { command = ["sh", "-c", "cat $ARTIFACT/page > page; echo $BRANCH $COMMIT_SHA > from"] }
[[service]]
id = "sick"
kind = "deployment"
deploy = { command = ["true"] }
health = { command = ["sh", "-c", "echo not yet; exit 1"], interval = "50ms", within = "300ms" }
[[job]]
id = "reads"
run = { command = ["sh", "-c", "cat $ARTIFACT/page"] }
"#;

const MAKE: &str = "set -e
echo \"level ${LEVEL:-none}\"
test ! -e .git
test ! -e slow || while [ ! -e ../../../go ]; do sleep 0.02; done
test ! -e broken
mkdir out
cp page out/page
";

async fn bench() -> Bench {
    let members = pipeline_table(&[("service", "web"), ("service", "sick"), ("job", "reads")]);
    let bench = Bench::of(&format!("{PROJECT}{members}")).await;
    shell(&bench, "git init -q source && git -C source symbolic-ref HEAD refs/heads/main");
    std::fs::write(bench.path("source/make.sh"), MAKE).expect("written");
    commit(&bench, "echo one > page");
    bench
}

fn shell(bench: &Bench, line: &str) {
    let done = Command::new("sh").args(["-ec", line]).current_dir(bench.path("")).status();
    assert!(done.expect("a shell").success(), "{line}");
}

fn commit(bench: &Bench, line: &str) {
    let user = "-c user.name=Test -c user.email=test@slipway.invalid";
    shell(bench, &format!("cd source; {line}; git add -A; git {user} commit -qm Change"));
}

fn build(more: &Value) -> Value {
    let mut spec = json!({ "id": "builder", "type": "service", "branch": "main" });
    spec.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
    json!({ "kind": "Build", "ref": "build", "condition": "success", "spec": spec })
}

fn release(build: &str, target: &str, kind: &str) -> Value {
    json!({ "kind": "Release", "ref": target, "condition": "running", "spec": { "type": "build",
        "origin": { "id": "builder", "branch": "main", "build": build },
        "target": { "id": target, "type": kind } } })
}

fn build_id(state: &RunState) -> String {
    let data = state.nodes[&step(0)].data.as_ref().expect("data");
    data["id"].as_str().expect("an id").to_owned()
}

fn message(state: &RunState, at: usize) -> &str {
    &state.nodes[&step(at)].error.as_ref().expect("an error").message
}

#[tokio::test]
async fn a_build_of_the_same_commit_is_used_again_unless_told_otherwise() {
    let bench = bench().await;
    let reuse = sequence(&json!([build(&json!({}))]));
    let first = build_id(&bench.play(&reuse).await);
    assert_eq!(build_id(&bench.play(&reuse).await), first);
    let anew = sequence(&json!([build(&json!({ "reuseExistingBuilds": false }))]));
    let second = build_id(&bench.play(&anew).await);
    assert_ne!(second, first);
    commit(&bench, "echo two > page");
    let third = build_id(&bench.play(&reuse).await);
    assert!(third != first && third != second, "a new commit is a new build");
    let levels = json!({ "buildOverrides": { "buildArguments": { "LEVEL": "high" } } });
    bench.save(&sequence(&json!([build(&levels)]))).await;
    let run = bench.start().await;
    assert_ne!(build_id(&bench.end(&run.id).await), third, "arguments make another build");
    assert!(bench.output(&run.id, &step(0)).await.contains("level high\n"));
    assert_eq!(std::fs::read_dir(bench.path("data/work")).expect("there").count(), 0);
}

#[tokio::test]
async fn the_newest_build_of_a_branch_is_released_and_reaches_jobs() {
    let bench = bench().await;
    let nothing = bench.play(&sequence(&json!([release("latest", "web", "service")]))).await;
    assert!(message(&nothing, 0).contains("no successful build"), "{}", message(&nothing, 0));
    let state = bench.play(&sequence(&json!([build(&json!({}))]))).await;
    let sha = state.nodes[&step(0)].data.as_ref().expect("data")["sha"].clone();
    // The release of the job and its run can't have the same reference.
    let flow = sequence(&json!([
        release("latest", "web", "service"),
        { "kind": "Release", "spec": release("latest", "reads", "job")["spec"] },
        job("reads"),
    ]));
    bench.save(&flow).await;
    let run = bench.start().await;
    assert_success(&bench.end(&run.id).await);
    assert_eq!(bench.read("page"), "one\n");
    assert_eq!(bench.read("from"), format!("main {}\n", sha.as_str().expect("a commit")));
    assert_eq!(bench.output(&run.id, &step(2)).await, "one\n");
    assert_eq!(bench.deployed("t", "reads").await["branch"], "main");
}

#[tokio::test]
async fn a_release_waits_for_a_build_that_the_flow_did_not_wait_for() {
    let bench = bench().await;
    commit(&bench, "touch slow");
    let mut unawaited = build(&json!({}));
    unawaited.as_object_mut().expect("an object").remove("condition");
    let flow = sequence(&json!([unawaited, release("${refs.build.id}", "web", "service")]));
    bench.save(&flow).await;
    let run = bench.start().await;
    let state = bench.at_work(&run.id, &step(1)).await;
    assert_eq!(state.status_of(&step(0)), NodeStatus::Success);
    assert!(!bench.path("page").exists());
    std::fs::write(bench.path("go"), "").expect("written");
    assert_success(&bench.end(&run.id).await);
    assert_eq!(bench.read("page"), "one\n");
}

#[tokio::test]
async fn a_build_that_fails_is_no_build() {
    let bench = bench().await;
    commit(&bench, "touch broken");
    let state = bench.play(&sequence(&json!([build(&json!({}))]))).await;
    assert!(message(&state, 0).contains("exit code 1"), "{}", message(&state, 0));
    let id = build_id(&state);
    let state = bench.play(&sequence(&json!([release(&id, "web", "service")]))).await;
    assert!(message(&state, 0).contains("can't be used: it failed"), "{}", message(&state, 0));
    commit(&bench, "rm broken; echo 'mkdir elsewhere' > make.sh");
    let state = bench.play(&sequence(&json!([build(&json!({}))]))).await;
    assert!(message(&state, 0).contains("made no out"), "{}", message(&state, 0));
    let sha = "0123456789012345678901234567890123456789";
    let state = bench.play(&sequence(&json!([build(&json!({ "sha": sha }))]))).await;
    assert!(message(&state, 0).contains("has no commit"), "{}", message(&state, 0));
}

#[tokio::test]
async fn what_does_not_come_up_fails_and_is_said_to_run_all_the_same() {
    let bench = bench().await;
    bench.play(&sequence(&json!([build(&json!({}))]))).await;
    bench.save(&sequence(&json!([release("latest", "sick", "service")]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Failure);
    assert!(message(&state, 0).contains("did not come up"), "{}", message(&state, 0));
    let output = bench.output(&run.id, &step(0)).await;
    assert!(output.matches("not yet").count() > 1, "each answer is kept: {output}");
    assert_eq!(bench.deployed("t", "sick").await["run"], run.id.as_str());
    let plan = bench.runner.rollback_plan(&run).await.expect("a plan");
    assert!(plan.refused.is_some() && plan.restores.is_empty());
}
