//! When work must end: its node's time is up, its run is aborted, or its output can't be kept.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use slipway_engine::event::RunOrigin;
use slipway_server::{
    db::runs::RunRecord,
    drivers::{
        self, Done, Failed, Work, World,
        process::{Ended, Fence, Log, Order, Signal, Sink, Stop},
    },
};
use tokio::{sync::watch, time::timeout};

use crate::support::{Bench, alive, content, pipeline_table, slipway};

const PROJECT: &str = r#"
[project]
id = "t"
[repositories."https://github.com/acme/shop"]
remote = "source"
[[service]]
id = "builder"
kind = "build"
repository = "https://github.com/acme/shop"
build = { command = ["true"], artifact = "out" }
[[service]]
id = "web"
kind = "deployment"
deploy = { command = ["sleep", "60"] }
[[job]]
id = "long"
run = { command = ["sleep", "60"] }
[[addon]]
id = "store"
kind = "postgresql"
backup = { command = ["sleep", "60"] }
"#;

async fn bench() -> Bench {
    let members = [("service", "web"), ("job", "long"), ("addon", "store")];
    Bench::of(&format!("{PROJECT}{}", pipeline_table(&members))).await
}

fn build() -> (&'static str, Value) {
    ("Build", json!({ "id": "builder", "type": "service", "branch": "main" }))
}

fn release() -> (&'static str, Value) {
    let origin = json!({ "imagePath": "nginx" });
    let target = json!({ "id": "web", "type": "service" });
    ("Release", json!({ "type": "registry", "origin": origin, "target": target }))
}

/// Does the work of one node, which must come to an end within ten seconds.
async fn work(
    bench: &Bench,
    world: &World,
    (kind, spec): (&str, Value),
    patience: Option<Duration>,
    signal: &watch::Sender<Signal>,
) -> Result<Done, Failed> {
    let project = bench.projects.list().iter().next().cloned().expect("a project");
    let run = RunRecord {
        id: "run".into(),
        project: "t".into(),
        pipeline: "p".into(),
        stage: "Development".into(),
        document: String::new(),
        request: slipway_api::run::RunRequest::default(),
        origin: RunOrigin::Release,
        by: "ada".into(),
    };
    let log = Log::open(&bench.path("log"), 1 << 20, watch::Sender::new(0)).await;
    let mut work = Work {
        world,
        project: &project,
        run: &run,
        node: "/spec",
        node_kind: kind,
        spec,
        waits: true,
        timeout: patience,
        attempt: 1,
        log: log.expect("a log"),
        stop: Stop::new(signal.subscribe()),
        accepted: Box::new(|_| {}),
    };
    timeout(Duration::from_secs(10), drivers::execute(&mut work)).await.expect("an end")
}

fn world(bench: &Bench) -> World {
    World::new(bench.db.clone(), &bench.path("data"), slipway()).expect("a world")
}

fn git_lock(bench: &Bench) -> String {
    let project = bench.projects.list().iter().next().cloned().expect("a project");
    let repository = project.repositories.values().next().expect("a repository");
    format!("git {}", repository.remote)
}

#[tokio::test]
async fn a_nodes_time_bounds_every_command() {
    let bench = bench().await;
    let world = world(&bench);
    let signal = watch::Sender::new(Signal::Go);
    for node in [
        ("JobRun", json!({ "jobId": "long" })),
        ("AddonBackup", json!({ "addonId": "store" })),
        release(),
    ] {
        let patience = Some(Duration::from_millis(300));
        let failed = work(&bench, &world, node, patience, &signal).await.expect_err("too long");
        assert_eq!((failed.code, failed.stopped), (504, false), "{failed:?}");
        assert!(failed.message.contains("0.3 seconds"), "{}", failed.message);
    }
}

#[tokio::test]
async fn a_nodes_time_bounds_its_wait_for_others() {
    let bench = bench().await;
    let world = world(&bench);
    let signal = watch::Sender::new(Signal::Go);
    for (lock, node) in [("release t/web".to_owned(), release()), (git_lock(&bench), build())] {
        let _held = world.lock(lock).await;
        let patience = Some(Duration::from_millis(300));
        let failed = work(&bench, &world, node, patience, &signal).await.expect_err("too long");
        assert_eq!((failed.code, failed.stopped), (504, false), "{failed:?}");
        assert!(failed.message.contains("0.3 seconds"), "{}", failed.message);
    }
}

#[tokio::test]
async fn an_abort_reaches_a_node_that_waits_for_others() {
    let bench = bench().await;
    let world = world(&bench);
    for (lock, node) in [("release t/web".to_owned(), release()), (git_lock(&bench), build())] {
        let _held = world.lock(lock).await;
        let signal = watch::Sender::new(Signal::Go);
        let (done, ()) = tokio::join!(work(&bench, &world, node, None, &signal), async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            signal.send_replace(Signal::Abort);
        });
        assert!(done.expect_err("aborted").stopped);
    }
}

fn order(folder: &Path, line: &str) -> Order {
    Order {
        args: ["sh", "-c", line].map(str::to_owned).to_vec(),
        env: vec![("PATH".into(), std::env::var("PATH").expect("a PATH"))],
        folder: folder.to_owned(),
        timeout: Duration::from_secs(30),
    }
}

#[tokio::test]
async fn nothing_is_started_once_work_must_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let fence = Fence::new(slipway(), folder.path());
    let signal = watch::Sender::new(Signal::Abort);
    for _ in 0..20 {
        let order = order(folder.path(), "trap '' TERM; echo > started");
        let mut output = Vec::new();
        let sink = Sink::Memory(&mut output, 1);
        let ended = fence.run(&order, sink, Stop::new(signal.subscribe())).await;
        assert_eq!(ended.expect("an end"), Ended::Stopped);
    }
    assert!(!folder.path().join("started").exists());
    assert!(!folder.path().join("processes").exists(), "not even a supervisor");
}

#[tokio::test]
async fn a_command_whose_output_can_not_be_kept_is_gone_before_that_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let fence = Fence::new(slipway(), folder.path());
    let signal = watch::Sender::new(Signal::Go);
    let logs = folder.path().join("logs");
    let log = Log::open(&logs.join("log"), 4, watch::Sender::new(0)).await;
    let mut log = log.expect("a log");
    // The log can't note beside itself any more that it was cut short.
    std::fs::remove_dir_all(&logs).expect("removed");
    let line = "trap 'sleep 1; exit 0' TERM; echo $$ > pid; echo much output; \
                while :; do sleep 0.1; done";
    let began = Instant::now();
    let stop = Stop::new(signal.subscribe());
    let ended = fence.run(&order(folder.path(), line), Sink::Log(&mut log), stop).await;
    assert_eq!(ended.expect_err("no log").kind(), std::io::ErrorKind::NotFound);
    assert!(!alive(&content(&folder.path().join("pid")).await));
    assert!(began.elapsed() < Duration::from_secs(10));
    let left = std::fs::read_dir(folder.path().join("processes")).expect("a folder").count();
    assert_eq!(left, 0, "nothing is noted as running");
}
