//! The demo project, end to end: build, migrate, release, promote, and back, with the files on
//! disk as witnesses.

use std::{fs, path::Path};

use slipway_api::{
    run::{RollbackRequest, RunRequest},
    stage::Stage,
};
use slipway_engine::{
    event::{Artifact, RunOrigin},
    fold::{NodeStatus, RunState},
};
use slipway_server::{db::runs::RunRecord, project::demo};

use crate::support::{Bench, assert_success, place};

/// The demo without its pauses.
async fn bench() -> Bench {
    let folder = tempfile::tempdir().expect("a folder");
    let file = demo::set_up(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let text = fs::read_to_string(&file).expect("readable").replace("PACE = \"1\"", "PACE = \"0\"");
    fs::write(&file, text).expect("written");
    Bench::with(folder, &file).await
}

async fn run(bench: &Bench, stage: Stage) -> (RunRecord, RunState) {
    let run = bench.ask_at(&place("shop", "shop", stage), RunRequest::default()).await;
    let run = run.unwrap_or_else(|error| panic!("{error}"));
    let state = bench.end(&run.id).await;
    assert_success(&state);
    (run, state)
}

/// What `current` of a part points to, and the build that its files name.
fn running(bench: &Bench, stage: &str, part: &str) -> (String, String) {
    let home = bench.path("demo/servers").join(stage).join(part);
    let link = fs::read_link(home.join("current")).expect("a link");
    let version = fs::read_to_string(home.join("current/VERSION")).expect("a version");
    let build = version.lines().find_map(|line| line.strip_prefix("build: ")).expect("a build");
    (link.display().to_string(), build.to_owned())
}

fn build_of(state: &RunState) -> String {
    let data = state.nodes["/spec/spec/steps/1"].data.as_ref().expect("a build");
    data["id"].as_str().expect("an id").to_owned()
}

fn commit_all(shop: &Path) {
    let commit = "git -c user.name=Test -c user.email=test@slipway.invalid commit -qam Change";
    let done = std::process::Command::new("sh").args(["-c", commit]).current_dir(shop).status();
    assert!(done.expect("git").success());
}

#[tokio::test]
async fn a_commit_goes_through_all_stages_and_back() {
    let bench = bench().await;
    let (first, state) = run(&bench, Stage::Development).await;
    let first_build = build_of(&state);
    for part in ["web", "worker"] {
        let expected = (format!("releases/{first_build}"), first_build.clone());
        assert_eq!(running(&bench, "dev", part), expected);
    }
    let page = "demo/servers/dev/web/current/index.html";
    assert!(bench.read(page).contains("sent tomorrow"), "the newest commit was built");
    assert!(fs::metadata(bench.path("demo/servers/dev/shop.db")).expect("there").len() > 0);
    let backup = state.nodes["/spec/spec/steps/0"].data.as_ref().expect("a backup");
    assert_eq!(backup["status"], "completed");

    // A change of the shop becomes another build.
    let source = bench.path("demo/shop/web/index.html");
    let text = fs::read_to_string(&source).expect("readable").replace("is open", "is closed");
    fs::write(&source, text).expect("written");
    commit_all(&bench.path("demo/shop"));
    let (second, state) = run(&bench, Stage::Development).await;
    let second_build = build_of(&state);
    assert_ne!(first_build, second_build);
    assert!(bench.read(page).contains("is closed"));

    // Promotion copies what runs in the stage before.
    let (staging, _) = run(&bench, Stage::Staging).await;
    assert_eq!(running(&bench, "staging", "web").1, second_build);
    run(&bench, Stage::Production).await;
    assert_eq!(running(&bench, "prod", "worker").1, second_build);

    // The way back, first as a plan.
    let plan = bench.runner.rollback_plan(&first).await.expect("a plan");
    assert_eq!(plan.refused, None);
    let resources: Vec<&str> = plan.restores.iter().map(|one| one.resource.as_str()).collect();
    assert_eq!(resources.len(), 2);
    assert!(resources.contains(&"shop-web-dev") && resources.contains(&"shop-worker-dev"));
    let named = |artifact: &Artifact| match artifact {
        Artifact::Build { build_id, .. } => build_id.clone(),
        Artifact::Image { image_path, .. } => image_path.clone(),
    };
    assert_eq!(plan.restores[0].now.as_ref().map(named), Some(second_build.clone()));
    assert_eq!(named(&plan.restores[0].then), first_build);
    assert_eq!(plan.untouched.len(), 3, "{:?}", plan.untouched);

    let ask = RollbackRequest {
        name: Some("Back to open".into()),
        reason: Some("It was closed.".into()),
        ..RollbackRequest::default()
    };
    let back = bench.runner.rollback(&first, ask, "ada").await.expect("a run");
    let state = bench.end(&back.id).await;
    assert_success(&state);
    assert_eq!(
        state.origin,
        RunOrigin::Rollback { of: first.id.clone(), reason: Some("It was closed.".into()) }
    );
    assert_eq!(running(&bench, "dev", "web").1, first_build);
    assert_eq!(running(&bench, "dev", "worker").1, first_build);
    assert!(bench.read(page).contains("is open"), "the files on disk went back");
    assert_eq!(bench.deployed("shop", "shop-web-dev").await["buildId"], first_build.as_str());
    assert_eq!(running(&bench, "staging", "web").1, second_build, "other stages stay");

    // Promotions and rollbacks can be gone back to as well.
    let plan = bench.runner.rollback_plan(&staging).await.expect("a plan");
    assert_eq!(named(&plan.restores[0].then), second_build);
    let forth = bench.runner.rollback(&second, RollbackRequest::default(), "ada").await;
    assert_success(&bench.end(&forth.expect("a run").id).await);
    assert_eq!(running(&bench, "dev", "web").1, second_build);
}

#[tokio::test]
async fn a_build_that_fails_or_is_gone_is_told() {
    let bench = bench().await;
    let development = place("shop", "shop", Stage::Development);
    let request = serde_json::json!({ "arguments": { "BRANCH": "nope" } });
    let request: RunRequest = serde_json::from_value(request).expect("a request");
    let failed = bench.ask_at(&development, request).await.expect("a run");
    let state = bench.end(&failed.id).await;
    let node = &state.nodes["/spec/spec/steps/1"];
    assert_eq!(node.status, NodeStatus::Failure);
    let message = &node.error.as_ref().expect("an error").message;
    assert!(message.contains("has no branch \"nope\""), "{message}");
    let plan = bench.runner.rollback_plan(&failed).await.expect("a plan");
    assert!(plan.refused.is_some());

    let (good, state) = run(&bench, Stage::Development).await;
    fs::remove_dir_all(bench.path("data/builds").join(build_of(&state))).expect("removed");
    let plan = bench.runner.rollback_plan(&good).await.expect("a plan");
    assert_eq!(plan.restores.len(), 0);
    assert!(plan.refused.is_some());
    assert!(plan.untouched.iter().any(|said| said.contains("are gone")), "{:?}", plan.untouched);
}

#[tokio::test]
async fn the_demo_is_set_up_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = demo::set_up(folder.path()).expect("set up");
    fs::write(&file, "# mine").expect("written");
    demo::set_up(folder.path()).expect("there");
    assert_eq!(fs::read_to_string(&file).expect("readable"), "# mine");
}
