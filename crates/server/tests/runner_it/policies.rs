//! What a flow's concurrency policy does to runs that come while another one is going on.

use serde_json::{Value, json};
use slipway_api::run::RunRequest;
use slipway_engine::event::RunStatus;
use slipway_server::runner::StartError;

use crate::support::{Bench, content, job, sequence, step};

async fn bench(policy: &str) -> Bench {
    let line =
        "echo $RUN_ID >> began; while [ ! -e go ]; do sleep 0.02; done; echo $RUN_ID >> done";
    let bench = Bench::of_jobs(&[("j", line, "")]).await;
    bench.save(&flow(policy)).await;
    bench
}

fn flow(policy: &str) -> Value {
    let mut flow = sequence(&json!([job("j")]));
    flow["options"] = json!({ "concurrencyPolicy": policy });
    flow
}

fn go(bench: &Bench) {
    std::fs::write(bench.path("go"), "").expect("written");
}

#[tokio::test]
async fn allowed_runs_go_side_by_side() {
    let bench = bench("allow").await;
    let (one, two) = (bench.start().await, bench.start().await);
    bench.at_work(&one.id, &step(0)).await;
    bench.at_work(&two.id, &step(0)).await;
    go(&bench);
    for run in [one, two] {
        assert_eq!(bench.end(&run.id).await.status, RunStatus::Success);
    }
}

#[tokio::test]
async fn queued_runs_go_one_after_another_in_their_order() {
    let bench = bench("queue").await;
    let one = bench.start().await;
    content(&bench.path("began")).await;
    let (two, three) = (bench.start().await, bench.start().await);
    assert_eq!(bench.state(&two.id).await.status, RunStatus::Queued);
    assert_eq!(bench.state(&three.id).await.status, RunStatus::Queued);
    go(&bench);
    assert_eq!(bench.end(&three.id).await.status, RunStatus::Success);
    let ids = format!("{}\n{}\n{}\n", one.id, two.id, three.id);
    assert_eq!((bench.read("began"), bench.read("done")), (ids.clone(), ids));
}

#[tokio::test]
async fn a_queued_run_can_be_aborted_and_survives_a_restart() {
    let bench = bench("queue").await;
    let one = bench.start().await;
    content(&bench.path("began")).await;
    let (two, three) = (bench.start().await, bench.start().await);
    bench.runner.abort(&two.id, "ben").await.expect("aborted");
    assert_eq!(bench.end(&two.id).await.status, RunStatus::Aborted);
    go(&bench);
    let bench = bench.restarted().await;
    bench.end(&one.id).await;
    assert_eq!(bench.end(&three.id).await.status, RunStatus::Success);
    assert_eq!(bench.state(&two.id).await.status, RunStatus::Aborted);
}

#[tokio::test]
async fn forbidden_runs_are_refused_until_the_first_has_ended() {
    let bench = bench("forbid").await;
    let one = bench.start().await;
    let refused = bench.ask(RunRequest::default()).await;
    assert!(matches!(refused, Err(StartError::Forbidden(_))), "{refused:?}");
    go(&bench);
    bench.end(&one.id).await;
    let two = bench.start().await;
    assert_eq!(bench.end(&two.id).await.status, RunStatus::Success);
}

#[tokio::test]
async fn the_latest_takes_the_place_in_the_queue() {
    let bench = bench("latest").await;
    let one = bench.start().await;
    content(&bench.path("began")).await;
    let (two, three) = (bench.start().await, bench.start().await);
    let skipped = bench.end(&two.id).await;
    assert_eq!(skipped.status, RunStatus::Skipped);
    assert!(skipped.reason.expect("a reason").contains("newer run"));
    go(&bench);
    assert_eq!(bench.end(&three.id).await.status, RunStatus::Success);
    assert_eq!(bench.read("began"), format!("{}\n{}\n", one.id, three.id));
}

#[tokio::test]
async fn a_replacing_run_ends_the_others_first() {
    let bench = bench("replace").await;
    let one = bench.start().await;
    content(&bench.path("began")).await;
    let two = bench.start().await;
    assert_eq!(bench.end(&one.id).await.status, RunStatus::Aborted);
    let ended = bench.state(&one.id).await.concluded_at;
    go(&bench);
    let state = bench.end(&two.id).await;
    assert_eq!(state.status, RunStatus::Success);
    assert!(state.started_at >= ended, "the new one began after the old one's commands were gone");
}
