//! What is refused before a run exists, with the field or place named.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_api::run::RunRequest;
use slipway_engine::event::RunStatus;
use slipway_server::{db::runs, runner::StartError};

use crate::support::{Bench, assert_success, job, pipeline_table, sequence, step};

const PROJECT: &str = r#"
[project]
id = "t"
[repositories."https://github.com/acme/shop"]
remote = "none"
[[service]]
id = "builder"
kind = "build"
repository = "https://github.com/acme/shop"
build = { command = ["true"], artifact = "out", env = ["LEVEL"] }
[[service]]
id = "web"
kind = "deployment"
deploy = { command = ["sh", "-c", "echo $IMAGE >> images"] }
[[service]]
id = "elsewhere"
kind = "deployment"
deploy = { command = ["true"] }
[[job]]
id = "j"
run = { command = ["sh", "-c", "echo $LEVEL >> levels"], env = ["LEVEL"] }
[[addon]]
id = "db"
kind = "none"
"#;

async fn bench() -> Bench {
    let members = pipeline_table(&[("service", "web"), ("job", "j"), ("addon", "db")]);
    Bench::of(&format!("{PROJECT}{members}")).await
}

fn release(spec: Value) -> Value {
    let mut spec = spec;
    spec["target"] = json!({ "id": "web", "type": "service" });
    json!({ "kind": "Release", "ref": "r", "spec": spec })
}

async fn refusal(bench: &Bench, node: Value) -> Vec<(String, String)> {
    bench.save(&sequence(&json!([node]))).await;
    match bench.ask(RunRequest::default()).await {
        Err(StartError::Invalid { details }) => {
            details.into_iter().map(|(field, said)| (field, said.join(" "))).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_can_not_run_is_refused_before_anything_runs() {
    let bench = bench().await;
    let image = json!({ "type": "registry", "origin": { "imagePath": "nginx" } });
    let mut off_stage = release(image.clone());
    off_stage["spec"]["target"]["id"] = json!("elsewhere");
    let mut quick = release(image.clone());
    quick["timeoutDuration"] = json!(5);
    let build = |more: Value| {
        let mut spec = json!({ "id": "builder", "type": "service" });
        spec.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
        json!({ "kind": "Build", "spec": spec })
    };
    for (node, field, words) in [
        (json!({ "kind": "Approval", "spec": { "amount": 1 } }), "/kind", "can't be run by this"),
        (json!({ "kind": "LoopWorkflow", "spec": { "steps": [] } }), "/kind", "can't be run"),
        (
            json!({ "kind": "Workflow", "spec": { "type": "parallel", "steps": [],
                "context": { "projectId": "other" } } }),
            "/spec/context/projectId",
            "its own project",
        ),
        (job("nope"), "/spec/jobId", "is not in Development"),
        (off_stage, "/spec/target/id", "is not in Development"),
        (quick, "/timeoutDuration", "from 30 to 14400"),
        (
            release(json!({ "type": "deployment", "origin": { "id": "web", "type": "service" } })),
            "/spec/type",
            "first stage",
        ),
        (
            release(json!({ "type": "build", "origin": { "id": "web" } })),
            "/spec/origin/id",
            "does not build",
        ),
        (release(json!({ "type": "teleport" })), "/spec/type", "build, deployment or registry"),
        (build(json!({})), "/spec/branch", "needs a branch or a commit"),
        (build(json!({ "pullRequestId": 3 })), "/spec/pullRequestId", "can't do"),
        (build(json!({ "branch": "main", "sha": "abc" })), "/spec/sha", "all 40"),
        (
            build(json!({ "branch": "m", "buildOverrides": { "buildArguments": { "X": 1 } } })),
            "/spec/buildOverrides/buildArguments/X",
            "may not set the variable \"X\"",
        ),
        (
            json!({ "kind": "AddonBackup", "spec": { "addonId": "db" } }),
            "/spec/addonId",
            "no \"backup\" command",
        ),
        (
            json!({ "kind": "JobRun", "spec": { "jobId": "j", "projectId": "other" } }),
            "/spec/projectId",
            "its own project",
        ),
        (
            json!({ "kind": "JobRun", "spec": { "jobId": "j", "deployment": { "internal": {} } } }),
            "/spec/deployment",
            "can't do \"deployment\"",
        ),
        (
            json!({ "kind": "JobRun", "spec": { "jobId": "${refs.later.id}" } }),
            "/spec/jobId",
            "No node has the reference",
        ),
    ] {
        let said = refusal(&bench, node.clone()).await;
        let wanted = format!("{}{field}", step(0));
        let found = said.iter().find(|(field, _)| *field == wanted);
        let (_, sentence) = found.unwrap_or_else(|| panic!("{node}: {said:?}"));
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[tokio::test]
async fn what_is_skipped_may_be_anything() {
    let bench = bench().await;
    let approval = json!({ "kind": "Approval", "skipNodeExecution": "true", "spec": {} });
    assert_success(&bench.play(&sequence(&json!([approval]))).await);
}

#[tokio::test]
async fn names_and_overrides_are_told_by_their_field() {
    let bench = bench().await;
    bench.save(&sequence(&json!([job("j")]))).await;
    for (request, field) in [
        (json!({ "name": "x" }), "name"),
        (json!({ "name": "no/slash" }), "name"),
        (json!({ "description": "" }), "description"),
        (json!({ "overrides": { "nope": {} } }), "overrides.nope"),
        (json!({ "releaseNodeOverrides": { "web": {} } }), "releaseNodeOverrides.web"),
    ] {
        let request: RunRequest = serde_json::from_value(request).expect("a request");
        match bench.ask(request).await {
            Err(StartError::Invalid { details }) => assert!(details.contains_key(field)),
            other => panic!("{field}: {other:?}"),
        }
    }
    let nowhere = crate::support::place("t", "p", slipway_api::stage::Stage::Staging);
    let result = bench.ask_at(&nowhere, RunRequest::default()).await;
    assert!(matches!(result, Err(StartError::NoFlow)), "{result:?}");
}

#[tokio::test]
async fn a_requests_values_are_for_its_run_only() {
    let bench = bench().await;
    let mut node = job("j");
    node["spec"]["runtimeEnvironment"] = json!({ "LEVEL": "${args.LEVEL}" });
    let image = release(json!({ "type": "registry", "origin": { "imagePath": "nginx:1" } }));
    let mut flow = sequence(&json!([node, image]));
    flow["arguments"] = json!({ "LEVEL": "low" });
    bench.save(&flow).await;
    let request = json!({ "name": "High one", "arguments": { "LEVEL": "high" },
        "releaseNodeOverrides": { "web": { "type": "registry",
            "origin": { "imagePath": "nginx:2" } } } });
    let request: RunRequest = serde_json::from_value(request).expect("a request");
    let run = bench.ask(request).await.expect("a run");
    assert!(run.document.contains("nginx:2"));
    let state = bench.end(&run.id).await;
    assert_success(&state);
    assert_eq!(state.name.as_deref(), Some("High one"));
    let plain = bench.start().await;
    assert_success(&bench.end(&plain.id).await);
    assert_eq!(plain.document, format!("{flow:#}"), "byte for byte");
    assert_eq!(bench.read("levels"), "high\nlow\n");
    assert_eq!(bench.read("images"), "nginx:2\nnginx:1\n");
}

#[tokio::test]
async fn what_shows_only_when_its_turn_comes_fails_the_node() {
    let bench = bench().await;
    let mut second = job("j");
    second["ref"] = json!("second");
    second["spec"]["jobId"] = json!("${refs.j.runName}");
    let state = bench.play(&sequence(&json!([job("j"), second]))).await;
    assert_eq!(state.status, RunStatus::Failure);
    let message = &state.nodes[&step(1)].error.as_ref().expect("an error").message;
    assert!(message.contains("is not in Development"), "{message}");
}

#[tokio::test]
async fn a_run_whose_asker_is_gone_goes_on_all_the_same() {
    let bench = Bench::of_jobs(&[("a", "true", "")]).await;
    bench.save(&sequence(&json!([job("a")]))).await;
    for polls in 1..8 {
        let mut asked = Box::pin(bench.ask(RunRequest::default()));
        for _ in 0..polls {
            let over = std::future::poll_fn(|context| {
                std::task::Poll::Ready(asked.as_mut().poll(context).is_ready())
            });
            if over.await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let rows = bench
        .db
        .read(|conn| {
            let place = ("t", "p", "Development");
            runs::rows(conn, place, runs::Filter::default(), None, 0, 100)
        })
        .await
        .expect("readable");
    assert!(!rows.is_empty(), "some of them came far enough");
    for (_, row) in rows {
        assert_success(&bench.end(&row.id).await);
    }
}
