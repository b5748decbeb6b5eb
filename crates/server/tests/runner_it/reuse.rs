//! Which build is used again, and which one "latest" means.

use std::process::Command;

use serde_json::{Value, json};
use slipway_engine::fold::RunState;

use crate::support::{Bench, assert_success, pipeline_table, sequence, step};

const PROJECT: &str = r#"
[project]
id = "t"
[repositories."https://github.com/acme/shop"]
remote = "source"
[[service]]
id = "builder"
kind = "build"
repository = "https://github.com/acme/shop"
build = { command = ["sh", "-c", "mkdir out; cat page > out/page; echo .$LEVEL.$MODE >> out/page"], artifact = "out", env = ["LEVEL", "MODE"] }
[[service]]
id = "web"
kind = "deployment"
deploy = { command = ["sh", "-c", "cat $ARTIFACT/page > page"] }
"#;

const GIT: &str = "git -c user.name=Test -c user.email=test@slipway.invalid -C source";

async fn bench() -> Bench {
    let bench = Bench::of(&format!("{PROJECT}{}", pipeline_table(&[("service", "web")]))).await;
    shell(&bench, "git init -q source; git -C source symbolic-ref HEAD refs/heads/main");
    commit(&bench, "one");
    bench
}

fn shell(bench: &Bench, line: &str) -> String {
    let done = Command::new("sh").args(["-ec", line]).current_dir(bench.path("")).output();
    let done = done.expect("a shell");
    assert!(done.status.success(), "{line}");
    String::from_utf8(done.stdout).expect("text").trim().to_owned()
}

/// Commits a page with that text, and says which commit it is.
fn commit(bench: &Bench, page: &str) -> String {
    let line = format!("echo {page} > source/page; {GIT} add -A; {GIT} commit -qm Change");
    shell(bench, &format!("{line}; {GIT} rev-parse HEAD"))
}

fn build(more: &Value) -> Value {
    let mut spec = json!({ "id": "builder", "type": "service", "branch": "main" });
    spec.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
    json!({ "kind": "Build", "ref": "build", "condition": "success", "spec": spec })
}

fn with(arguments: &Value) -> Value {
    build(&json!({ "buildOverrides": { "buildArguments": arguments } }))
}

fn release() -> Value {
    json!({ "kind": "Release", "ref": "web", "condition": "running", "spec": { "type": "build",
        "origin": { "id": "builder", "branch": "main", "build": "latest" },
        "target": { "id": "web", "type": "service" } } })
}

fn build_id(state: &RunState) -> String {
    assert_success(state);
    let data = state.nodes[&step(0)].data.as_ref().expect("data");
    data["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_build_is_used_again_only_for_the_same_arguments() {
    let bench = bench().await;
    let high = with(&json!({ "LEVEL": "high", "MODE": "fast" }));
    let first = build_id(&bench.play(&sequence(&json!([high]))).await);
    let plain = build_id(&bench.play(&sequence(&json!([build(&json!({}))]))).await);
    assert_ne!(plain, first, "a build with arguments is not one without");
    let low = build_id(&bench.play(&sequence(&json!([with(&json!({ "LEVEL": "low" }))]))).await);
    assert!(low != first && low != plain, "other arguments make another build");
    let turned = with(&json!({ "MODE": "fast", "LEVEL": "high" }));
    assert_eq!(build_id(&bench.play(&sequence(&json!([turned]))).await), first);
    let none = with(&json!({}));
    assert_eq!(build_id(&bench.play(&sequence(&json!([none]))).await), plain);
}

#[tokio::test]
async fn a_build_of_which_the_arguments_are_unknown_is_not_used_again() {
    let bench = bench().await;
    let flow = sequence(&json!([build(&json!({}))]));
    let first = build_id(&bench.play(&flow).await);
    assert_eq!(build_id(&bench.play(&flow).await), first);
    let forget = |tx: &mut slipway_server::db::Tx<'_>| {
        Ok(tx.execute("UPDATE builds SET arguments = NULL", [])?)
    };
    bench.db.write(forget).await.expect("an older server's row");
    assert_ne!(build_id(&bench.play(&flow).await), first);
}

#[tokio::test]
async fn latest_is_what_the_run_itself_built_or_used_again() {
    let bench = bench().await;
    let old = shell(&bench, &format!("{GIT} rev-parse HEAD"));
    let first = build_id(&bench.play(&sequence(&json!([build(&json!({}))]))).await);
    commit(&bench, "two");
    build_id(&bench.play(&sequence(&json!([build(&json!({})), release()]))).await);
    assert_eq!(bench.read("page"), "two\n..\n");
    let again = sequence(&json!([build(&json!({ "sha": old })), release()]));
    assert_eq!(build_id(&bench.play(&again).await), first);
    assert_eq!(bench.read("page"), "one\n..\n");
    assert_success(&bench.play(&sequence(&json!([release()]))).await);
    assert_eq!(bench.read("page"), "two\n..\n", "without a build it is the newest one");
}
