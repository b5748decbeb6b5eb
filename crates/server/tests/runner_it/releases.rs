//! What is said to run on a resource, when its release does not come to a good end.

use serde_json::{Value, json};
use slipway_api::run::RollbackRequest;
use slipway_engine::{event::RunStatus, fold::NodeStatus};
use slipway_server::db::runs::RunRecord;

use crate::support::{Bench, content, pipeline_table, sequence, step};

async fn bench(deploy: &str, health: &str, within: &str) -> Bench {
    let bench = Bench::of(&format!(
        "[project]\nid = \"t\"\n\
         [[service]]\nid = \"web\"\nkind = \"deployment\"\n\
         deploy = {{ command = [\"sh\", \"-c\", \"{deploy}\"], attempts = 2, backoff = \"10ms\" }}\n\
         health = {{ command = [\"sh\", \"-c\", \"{health}\"], interval = \"10ms\", within = \"{within}\" }}\n{}",
        pipeline_table(&[("service", "web")]),
    ))
    .await;
    bench
        .save(&sequence(&json!([{ "kind": "Release", "ref": "r", "condition": "running",
            "spec": { "type": "registry", "origin": { "imagePath": "nginx:2" },
                "target": { "id": "web", "type": "service" } } }])))
        .await;
    bench
}

#[tokio::test]
async fn a_release_that_is_aborted_before_it_is_healthy_runs_all_the_same() {
    let bench = bench("true", "echo x > asked; exit 1", "20s").await;
    let run = bench.start().await;
    content(&bench.path("asked")).await;
    assert_eq!(bench.deployed("t", "web").await["imagePath"], "nginx:2", "at once");
    bench.runner.abort(&run.id, "ben").await.expect("aborted");
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Aborted);
    assert_eq!(state.status_of(&step(0)), NodeStatus::Aborted);
    assert_eq!(bench.deployed("t", "web").await["run"], run.id.as_str());
}

#[tokio::test]
async fn a_release_whose_second_attempt_fails_runs_as_the_first_left_it() {
    let bench = bench("test $ATTEMPT = 1", "false", "200ms").await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Failure);
    assert_eq!(state.nodes[&step(0)].attempt, 2);
    assert_eq!(bench.deployed("t", "web").await["run"], run.id.as_str());
}

#[tokio::test]
async fn a_release_whose_command_fails_changes_nothing() {
    let bench = bench("false", "true", "20s").await;
    let run = bench.start().await;
    assert_eq!(bench.end(&run.id).await.status, RunStatus::Failure);
    assert!(bench.deployed("t", "web").await.is_null());
}

#[tokio::test]
async fn a_rollback_takes_its_turn_as_the_stages_flow_has_it_now() {
    let bench = bench("true", "true", "20s").await;
    let run = bench.start().await;
    bench.end(&run.id).await;
    let mut flow: Value = serde_json::from_str(&run.document).expect("JSON");
    flow["options"] = json!({ "concurrencyPolicy": "queue" });
    bench.save(&flow).await;
    let ask = RollbackRequest::default;
    let back = bench.runner.rollback(&run, ask(), "ada").await.expect("a run");
    let policy = |run: &RunRecord| {
        let document: Value = serde_json::from_str(&run.document).expect("JSON");
        document["options"]["concurrencyPolicy"].clone()
    };
    assert_eq!(policy(&back), "queue");
    bench.end(&back.id).await;
    // Without a flow, the run's own policy is all there is.
    bench.db.write(|tx| Ok(tx.execute("DELETE FROM flows", [])?)).await.expect("deleted");
    let again = bench.runner.rollback(&back, ask(), "ada").await.expect("a run");
    assert_eq!(policy(&again), "queue");
    bench.end(&again.id).await;
}
