//! Every save is kept with its author and reason, and can be read again.

use serde_json::json;
use slipway_api::session::Role;

use crate::world::{FLOW, FLOW_PATH, World};

const REVISIONS: &str =
    "/slipway/v1/projects/shop/pipelines/web/release-flows/development/revisions";

#[tokio::test]
async fn each_save_is_kept_with_its_author_and_reason() {
    let world = World::new().await;
    let queued = FLOW.replace("allow", "queue");
    let because = format!("{FLOW_PATH}?reason=%20Releases%20wait%2C%20one%20by%20one%20");
    world.post(&because, queued.clone()).json(200).await;
    // The vendor's client says no reason, and its saves are kept too.
    let editor = world.token(Role::Editor).await;
    let forbidden = FLOW.replace("allow", "forbid").replace("migrate\"}", "other\"}");
    assert_eq!(world.post(FLOW_PATH, forbidden).bearer(&editor).send().await.status, 200);
    // The same again is no version.
    world
        .post(FLOW_PATH, FLOW.replace("allow", "forbid").replace("migrate\"}", "other\"}"))
        .json(200)
        .await;

    let viewer = world.token(Role::Viewer).await;
    let list = world.get(REVISIONS).bearer(&viewer).json(200).await;
    let rows = list["data"]["revisions"].as_array().unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| (&row["number"], &row["reason"], &row["summary"])).collect();
    assert_eq!(
        told,
        [
            (&json!(3), &json!(null), &json!("1 changed, 1 setting changed")),
            (&json!(2), &json!("Releases wait, one by one"), &json!("1 setting changed")),
            (&json!(1), &json!(null), &json!(null)),
        ]
    );
    assert!(rows[0]["by"].as_str().unwrap().starts_with("editor-"), "{rows:?}");
    assert_eq!(rows[1]["by"], "admin");

    let first = world.get(&format!("{REVISIONS}/1")).bearer(&viewer).send().await;
    assert_eq!(first.text(), FLOW);
    let second = world.get(&format!("{REVISIONS}/2")).send().await;
    assert_eq!((second.text(), second.header("etag")), (queued, rows[1]["etag"].as_str().unwrap()));
    assert_eq!(world.get(&format!("{REVISIONS}/4")).send().await.status, 404);
    let odd = world.get(&format!("{REVISIONS}/newest")).json(400).await;
    assert!(odd["error"]["details"]["revision"].is_array());
}

#[tokio::test]
async fn revisions_come_in_pages_from_the_newest_on() {
    let world = World::new().await;
    for count in 0..4 {
        world.post(FLOW_PATH, FLOW.replace("1.50", &format!("{count}"))).json(200).await;
    }
    let numbers = |page: &serde_json::Value| {
        let rows = page["data"]["revisions"].as_array().unwrap().clone();
        rows.iter().map(|row| row["number"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let page = world.get(&format!("{REVISIONS}?per_page=2")).json(200).await;
    assert_eq!(numbers(&page), [5, 4]);
    let cursor = page["pagination"]["cursor"].as_str().unwrap().to_owned();
    let page = world.get(&format!("{REVISIONS}?per_page=2&cursor={cursor}")).json(200).await;
    assert_eq!(numbers(&page), [3, 2]);
    let cursor = page["pagination"]["cursor"].as_str().unwrap().to_owned();
    let page = world.get(&format!("{REVISIONS}?per_page=2&cursor={cursor}")).json(200).await;
    assert_eq!(numbers(&page), [1]);
    assert!(page["pagination"]["cursor"].is_null());
    let none = world.get(&REVISIONS.replace("development", "production")).json(200).await;
    assert_eq!(none["data"], json!({ "revisions": [] }));
    assert_eq!(world.get(&REVISIONS.replace("/web/", "/nope/")).send().await.status, 404);
}

#[tokio::test]
async fn a_reason_is_one_line_of_bounded_length() {
    let world = World::new().await;
    for reason in ["a%0Ab".to_owned(), "x".repeat(501)] {
        let refused =
            world.post(&format!("{FLOW_PATH}?reason={reason}"), FLOW.replace("1.50", "2"));
        assert!(refused.json(400).await["error"]["details"]["reason"].is_array());
    }
    let long = format!("{FLOW_PATH}?reason={}", "%C3%A9".repeat(500));
    world.post(&long, FLOW.replace("1.50", "3")).json(200).await;
}
