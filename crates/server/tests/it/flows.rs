//! Release flows: stored as they came, answered with what is known about them.

use serde_json::{Value, json};

use crate::world::{FLOW, FLOW_PATH, World};

const DOCUMENT: &str = "/slipway/v1/projects/shop/pipelines/web/release-flows/development/document";

#[tokio::test]
async fn the_seeded_flow_is_there_byte_for_byte() {
    let world = World::new().await;
    let document = world.get(DOCUMENT).send().await;
    assert_eq!(document.text(), FLOW);
    let answer = world.get(FLOW_PATH).send().await;
    assert_eq!(answer.header("etag"), document.header("etag"));
    assert!(answer.text().contains("\"n\": 1.50e+3"), "numbers stay as they are written");
    let data = &answer.json()["data"];
    assert_eq!(data["apiVersion"], "v1.2");
    assert_eq!(data["spec"]["spec"]["steps"][0]["spec"]["jobId"], "migrate");
    assert_eq!(data["stage"], "Development");
    assert_eq!(data["status"], "unknown");
    assert_eq!(data["paused"], true);
    assert_eq!(data["concurrencyPolicy"], "allow");
    for time in ["createdAt", "updatedAt"] {
        let time = data[time].as_str().unwrap();
        assert!(time.ends_with('Z') && time.contains('T') && time.len() == 24, "{time}");
    }
}

#[tokio::test]
async fn what_is_saved_comes_back_byte_for_byte_and_is_told() {
    let world = World::new().await;
    let text = "\n{ \"apiVersion\"\t: \"v1\",\"spec\":{\"kind\":\"Nobody/Knows\",\"spec\":{\"a\":[1.0, 2E2]}},\
        \"\\u0061\":\"\\ud83d\\ude00\"  }\r\n";
    let saved = world.post(FLOW_PATH, text).send().await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert_eq!(saved.json()["data"]["paused"], false);
    let document = world.get(DOCUMENT).send().await;
    assert_eq!(document.text(), text);
    assert_eq!(saved.header("etag"), document.header("etag"));
    let events = world.get("/slipway/v1/projects/shop/events?format=json").json(200).await;
    let last = events["data"]["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["type"], &last["by"], &last["etag"], &last["stage"]),
        (
            &json!("flow_saved"),
            &json!("admin"),
            &json!(document.header("etag")),
            &json!("Development")
        )
    );
    // The same again is no news.
    assert_eq!(world.post(FLOW_PATH, text).send().await.status, 200);
    let again = world.get("/slipway/v1/projects/shop/events?format=json").json(200).await;
    assert_eq!(again, events);
    // The vendor's client says the team, and some write the stage in capitals.
    let other = FLOW_PATH.replace("/v1/", "//v1/teams/acme/").replace("development", "DEVELOPMENT");
    assert_eq!(world.get(&other).json(200).await["data"]["apiVersion"], "v1");
}

#[tokio::test]
async fn a_stage_without_a_flow_gets_its_first_one() {
    let world = World::new().await;
    let path = FLOW_PATH.replace("development", "production");
    assert_eq!(world.get(&path).send().await.status, 404);
    assert_eq!(world.get(&DOCUMENT.replace("development", "production")).send().await.status, 404);
    let early = world.post(&path, FLOW).header("if-match", "\"x\"");
    assert_eq!(early.send().await.status, 412);
    let first = || world.post(&path, FLOW).header("if-none-match", "*");
    assert_eq!(first().json(200).await["data"]["stage"], "Production");
    let second = first().json(412).await;
    assert_eq!(second["error"]["id"], "slipway-flow-changed");
    let wrong = world.post(&path, FLOW).header("if-none-match", "\"a\"").json(400).await;
    assert!(wrong["error"]["details"]["if-none-match"].is_array());
    let elsewhere = world.post(&path.replace("/web/", "/nope/"), FLOW);
    assert_eq!(elsewhere.send().await.status, 404);
}

#[tokio::test]
async fn saving_over_somebody_elses_version_is_refused() {
    let world = World::new().await;
    let seen = world.get(FLOW_PATH).send().await.header("etag").to_owned();
    let mine = FLOW.replace("allow", "queue");
    let theirs = FLOW.replace("allow", "forbid");
    // A proxy may have weakened the tag that we saw.
    let weak = format!("W/{seen}");
    let first = world.post(FLOW_PATH, theirs.clone()).header("if-match", &weak).send().await;
    assert_eq!(first.status, 200);
    let second = world.post(FLOW_PATH, mine.clone()).header("if-match", &seen).send().await;
    assert_eq!(second.status, 412);
    assert_eq!(second.header("etag"), first.header("etag"));
    let error = &second.json()["error"];
    assert_eq!(error["id"], "slipway-flow-changed");
    assert!(error["message"].as_str().unwrap().starts_with("admin saved another version"));
    assert_eq!(world.get(DOCUMENT).send().await.text(), theirs);
    let now = first.header("etag");
    assert_eq!(world.post(FLOW_PATH, mine).header("if-match", now).send().await.status, 200);
    assert_eq!(world.post(FLOW_PATH, theirs).header("if-match", "*").send().await.status, 200);
}

#[tokio::test]
async fn of_two_that_save_at_once_one_wins() {
    let world = World::new().await;
    let seen = world.get(FLOW_PATH).send().await.header("etag").to_owned();
    let save = |policy: &str| {
        world.post(FLOW_PATH, FLOW.replace("allow", policy)).header("if-match", &seen).send()
    };
    let (one, other) = tokio::join!(save("queue"), save("forbid"));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn errors_are_only_about_fields_that_we_know() {
    let world = World::new().await;
    let flow = |node: Value| {
        json!({ "apiVersion": "v1.2", "spec": { "kind": "Workflow",
        "spec": { "type": "sequential", "steps": [node] } } })
    };
    let unknown = flow(json!({ "kind": "Teleport", "own": 1, "spec": { "to": "Mars" } }));
    assert_eq!(world.post(FLOW_PATH, unknown.to_string()).send().await.status, 200);
    let wrong = flow(json!({ "kind": "JobRun", "spec": { "jobId": "not an id" } }));
    let refused = world.post(FLOW_PATH, wrong.to_string()).json(400).await;
    let details = refused["error"]["details"].as_object().unwrap();
    assert_eq!(details.keys().collect::<Vec<_>>(), ["spec.spec.steps.0.spec.jobId"]);
}
