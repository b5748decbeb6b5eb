//! Runs: started, shown, ended.

use serde_json::{Value, json};
use slipway_api::EventBody;
use slipway_engine::event::{NodeError, Outcome, RunOrigin, RunStatus};

use crate::world::{FLOW_PATH, World};

fn created(name: Option<&str>) -> EventBody {
    EventBody::RunCreated {
        name: name.map(str::to_owned),
        description: None,
        origin: RunOrigin::Release,
        by: "ada".into(),
    }
}

#[tokio::test]
async fn a_run_shows_what_became_of_each_node() {
    let world = World::new().await;
    let node = "/spec/spec/steps/0".to_owned();
    world
        .run(
            "r1",
            vec![
                created(Some("Web release 14")),
                EventBody::RunStarted,
                EventBody::NodeStarted { node: "/spec".into(), attempt: 1, max_attempts: 1 },
                EventBody::NodeStarted { node: node.clone(), attempt: 1, max_attempts: 3 },
            ],
        )
        .await;
    let path = format!("{FLOW_PATH}/runs/r1");
    let answer = world.get(&path).send().await;
    assert!(answer.text().contains("\"n\": 1.50e+3"), "the document's bytes go through");
    let run = answer.json()["data"].clone();
    assert_eq!((&run["id"], &run["name"]), (&json!("r1"), &json!("Web release 14")));
    assert_eq!((&run["status"], &run["concluded"]), (&json!("running"), &json!(false)));
    assert_eq!(run["apiVersion"], "v1.2");
    let steps = &run["spec"]["spec"]["steps"];
    assert_eq!(steps[0]["response"]["status"], "waiting");
    assert_eq!(steps[0]["response"]["retries"]["maxAttempts"], 3);
    assert_eq!(steps[0]["settings"], json!({ "maxAttempts": 3 }));
    assert!(steps[0]["response"]["startTime"].is_i64());
    assert_eq!(steps[1].get("response"), None, "pending");
    assert_eq!(run["refs"], json!({}));

    let error = NodeError { code: 500, message: "It exited with 1.".into() };
    let events = vec![
        EventBody::NodeFinished {
            node,
            outcome: Outcome::Failure,
            error: Some(error),
            data: Some(json!({ "id": "run-9" })),
        },
        EventBody::RunConcluded { status: RunStatus::Failure, reason: Some("No.".into()) },
    ];
    let events = events.into_iter().map(|body| crate::world::of_run("r1", body)).collect();
    world.db().append("shop", events).await.unwrap();
    let run = world.get(&path).json(200).await["data"].clone();
    assert_eq!((&run["status"], &run["concluded"]), (&json!("failure"), &json!(true)));
    assert!(run["concludedAt"].is_string());
    assert_eq!(run["refs"], json!({ "migrate": { "id": "run-9" } }));
    let response = &run["spec"]["spec"]["steps"][0]["response"];
    assert_eq!(response["error"], json!({ "code": 500, "message": "It exited with 1." }));
    assert!(response["endTime"].is_i64());

    let log = world.get(&format!("/slipway{path}/log")).json(200).await["data"].clone();
    assert_eq!(log["document"], crate::world::FLOW);
    let numbers: Vec<_> =
        log["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64()).collect();
    assert_eq!(numbers.last().copied().flatten(), log["seq"].as_u64());
    assert_eq!(log["run"]["status"], "failure");
    let ended = world.post(&format!("{path}/abort"), "").json(409).await;
    assert_eq!(ended["error"]["message"], "This run has ended already.");
}

#[tokio::test]
async fn a_run_is_started_without_a_body_or_with_one_and_aborted() {
    let world = World::new().await;
    let runs = format!("{FLOW_PATH}/runs");
    for (body, name, description) in [
        ("", Value::Null, Value::Null),
        (
            "{\"name\":\"Example Run\",\"description\":\"It is one.\",\"arguments\":{\"A\":\"1\"},\
             \"more\":1}",
            json!("Example Run"),
            json!("It is one."),
        ),
    ] {
        let run = world.post(&runs, body).json(200).await["data"].clone();
        let id = run["id"].as_str().expect("an id").to_owned();
        assert_eq!(id.len(), 36, "a UUID");
        assert_eq!((&run["name"], &run["description"]), (&name, &description));
        assert_eq!(run["by"], "admin");
        assert!(run["spec"].is_object());
        if !body.is_empty() {
            assert_eq!(run["arguments"], json!({ "A": "1" }));
        }
        // The vendor's client sends a content type and no body.
        let abort = world
            .post(&format!("{runs}/{id}/abort"), "")
            .header("content-type", "application/json");
        let aborted = abort.json(200).await;
        let status = aborted["data"]["status"].as_str().unwrap();
        assert!(matches!(status, "aborting" | "aborted"), "{status}");
    }
    let missing = world.post(&format!("{runs}/nope/abort"), "");
    assert_eq!(missing.send().await.status, 404);
    let without_flow = runs.replace("development", "staging");
    assert_eq!(world.post(&without_flow, "").send().await.status, 404);
}

#[tokio::test]
async fn rollback_requests_are_checked_before_anything_starts() {
    let world = World::new().await;
    world.run("r1", vec![created(None)]).await;
    let path = format!("/slipway{FLOW_PATH}/runs/r1/rollback");
    let long = "x".repeat(501);
    for (body, field) in [
        (json!({ "reason": long }), "reason"),
        (json!({ "reason": 1 }), "reason"),
        (json!({ "name": "a_b" }), "name"),
    ] {
        let error = world.post(&path, body.to_string()).json(400).await;
        assert!(error["error"]["details"][field].is_array(), "{error}");
    }
    assert_eq!(world.post(&path.replace("/r1/", "/r2/"), "").send().await.status, 404);
    assert_eq!(world.get(&path.replace("rollback", "rollback-plan")).send().await.status, 200);
}

#[tokio::test]
async fn the_board_shows_a_pipeline_of_one_moment() {
    let world = World::new().await;
    world.run("r1", vec![created(Some("First")), EventBody::RunStarted]).await;
    let path = "/slipway/v1/projects/shop/pipelines/web/board";
    let board = world.get(path).json(200).await["data"].clone();
    let events = world.get("/slipway/v1/projects/shop/events?format=json").json(200).await;
    let newest = events["data"]["events"].as_array().unwrap().last().unwrap()["seq"].clone();
    assert_eq!((&board["seq"], &board["name"]), (&newest, &json!("Web")));
    let stages = board["stages"].as_array().unwrap();
    assert_eq!(stages.len(), 3);
    assert_eq!(stages[0]["latestRun"]["status"], "running");
    assert_eq!(stages[0]["flow"]["paused"], true);
    assert_eq!(
        stages[0]["resources"],
        json!([{ "id": "web-dev", "name": "Web", "type": "service" },
            { "id": "migrate", "name": "migrate", "type": "job" }])
    );
    assert_eq!(stages[1], json!({ "stage": "Staging", "resources": [] }));
    let etag = world.get(FLOW_PATH).send().await.header("etag").to_owned();
    assert_eq!(stages[0]["flow"]["etag"], etag);
}
