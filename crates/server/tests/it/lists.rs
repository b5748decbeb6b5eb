//! Lists and their pages, by the rules that the vendor's client holds us to.

use serde_json::{Value, json};
use slipway_api::EventBody;
use slipway_engine::event::{RunOrigin, RunStatus};
use slipway_server::db::flows::{self, Pipeline};

use crate::world::{FLOW_PATH, World};

#[tokio::test]
async fn resources_have_the_members_that_the_vendors_types_require() {
    let world = World::new().await;
    let list = async |path: &str| world.get(path).json(200).await;
    assert_eq!(
        list("/v1/projects").await,
        json!({ "data": { "projects":
            [{ "id": "shop", "name": "Shop", "description": "For tests." }] },
            "pagination": { "hasNextPage": false, "count": 1 } })
    );
    assert_eq!(list("/v1/teams/acme/projects").await, list("/v1/projects").await);
    let services = list("/v1/projects/shop/services").await;
    assert_eq!(
        services["data"]["services"][1],
        json!({ "id": "web-dev", "name": "Web", "serviceType": "deployment",
            "description": "What people see.", "appId": "/slipway/shop/web-dev",
            "projectId": "shop", "tags": [], "disabledCI": true, "disabledCD": true,
            "status": {} })
    );
    assert_eq!(
        list("/v1/projects/shop/jobs").await["data"]["jobs"],
        json!([{ "id": "migrate", "name": "migrate", "appId": "/slipway/shop/migrate",
            "projectId": "shop", "tags": [], "disabledCI": true, "disabledCD": true,
            "jobType": "manual" }])
    );
    assert_eq!(
        list("/v1/projects/shop/addons").await["data"]["addons"],
        json!([{ "id": "db", "name": "db", "appId": "/slipway/shop/db", "projectId": "shop",
            "tags": [], "spec": { "type": "sqlite" }, "status": "running" }])
    );
    assert_eq!(
        list("/v1/projects/shop/pipelines/web").await,
        json!({ "data": { "name": "Web",
            "nfObjects": [
                { "id": "web-dev", "type": "service", "stage": "Development" },
                { "id": "migrate", "type": "job", "stage": "Development" }],
            "stages": [{ "name": "Development" }, { "name": "Staging" },
                { "name": "Production" }] } })
    );
}

/// Follows cursors as the vendor's client does: until the key is gone.
async fn all(world: &World, path: &str, rows: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("{path}{cursor}")).json(200).await;
        assert_eq!(page["data"].as_object().unwrap().len(), 1);
        let list = page["data"][rows].as_array().unwrap();
        assert_eq!(page["pagination"]["count"], list.len());
        found.extend(list.iter().map(|row| row["id"].clone()));
        let next = page["pagination"].as_object().unwrap().get("cursor");
        assert_eq!(next.is_some(), page["pagination"]["hasNextPage"] == true);
        let Some(next) = next else { return found };
        let next = next.as_str().unwrap();
        assert!(next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)));
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn cursors_lead_through_every_row_once() {
    let world = World::new().await;
    let mut expected: Vec<Value> = vec![json!("web")];
    for number in 0..24 {
        let id = format!("p-{number:02}");
        expected.push(json!(id));
        let pipeline = Pipeline {
            id,
            name: "Another".into(),
            description: None,
            created_at: 1,
            updated_at: 2,
        };
        let added = world.db().write(move |tx| flows::insert_pipeline(tx, "shop", &pipeline));
        added.await.unwrap();
    }
    expected.sort_by_key(ToString::to_string);
    let path = "/v1/projects/shop/pipelines?per_page=10&page=1";
    assert_eq!(all(&world, path, "pipelines").await, expected);
    let second = world.get("/v1/projects/shop/pipelines?per_page=10&page=2").json(200).await;
    assert_eq!(second["data"]["pipelines"][0]["id"], expected[10]);
    let services = all(&world, "/v1/projects/shop/services?per_page=1", "services").await;
    assert_eq!(services, [json!("builder"), json!("web-dev")]);
}

#[tokio::test]
async fn runs_are_listed_newest_first_and_filtered() {
    let world = World::new().await;
    for number in 0..25 {
        let created = EventBody::RunCreated {
            name: Some(format!("Run {number}")),
            description: None,
            origin: RunOrigin::Release,
            by: "ada".into(),
        };
        let status = if number % 5 == 0 { RunStatus::Failure } else { RunStatus::Success };
        let mut events = vec![created, EventBody::RunStarted];
        if number < 20 {
            events.push(EventBody::RunConcluded { status, reason: None });
        }
        world.run(&format!("r{number:02}"), events).await;
    }
    let runs = format!("{FLOW_PATH}/runs");
    let ids =
        |numbers: &[u32]| numbers.iter().map(|n| json!(format!("r{n:02}"))).collect::<Vec<_>>();
    let newest_first: Vec<u32> = (0..25).rev().collect();
    assert_eq!(all(&world, &format!("{runs}?per_page=7"), "runs").await, ids(&newest_first));
    let failed = all(&world, &format!("{runs}?per_page=3&status=failure"), "runs").await;
    assert_eq!(failed, ids(&[15, 10, 5, 0]));
    let open = all(&world, &format!("{runs}?concluded=false"), "runs").await;
    assert_eq!(open, ids(&[24, 23, 22, 21, 20]));
    let none = all(&world, &format!("{runs}?status=aborted&concluded=true"), "runs").await;
    assert!(none.is_empty());
    let row =
        world.get(&format!("{runs}?per_page=1&page=6")).json(200).await["data"]["runs"][0].clone();
    assert_eq!(
        (&row["id"], &row["status"], &row["concluded"]),
        (&json!("r19"), &json!("success"), &json!(true))
    );
    for time in ["createdAt", "updatedAt", "startedAt", "concludedAt"] {
        assert!(row[time].is_string(), "{row}");
    }
    let flow = world.get(FLOW_PATH).json(200).await;
    assert_eq!(flow["data"]["status"], "running", "of the latest run");
}

#[tokio::test]
async fn values_out_of_bounds_name_their_field() {
    let world = World::new().await;
    let runs = format!("{FLOW_PATH}/runs");
    for (query, field, sentence) in [
        ("per_page=0", "per_page", "\"per_page\" must be greater than or equal to 1"),
        ("per_page=101", "per_page", "\"per_page\" must be less than or equal to 100"),
        ("per_page=ten", "per_page", "\"per_page\" must be a whole number"),
        ("page=0", "page", "\"page\" must be greater than or equal to 1"),
        ("page=-1", "page", "\"page\" must be a whole number"),
        ("cursor=%00", "cursor", "\"cursor\" must be one that an earlier page came with"),
        ("cursor=6e6f", "cursor", "\"cursor\" must be one that an earlier page came with"),
        ("cursor=", "cursor", "\"cursor\" must be one that an earlier page came with"),
        ("concluded=yes", "concluded", "\"concluded\" must be true or false"),
        ("status=failed", "status", "\"status\" must be the status of a run, such as success"),
    ] {
        let error = world.get(&format!("{runs}?{query}")).json(400).await;
        assert_eq!(error["error"]["details"], json!({ field: [sentence] }), "{query}");
    }
    // Far behind the end there is nothing, which is no mistake.
    let page = world.get(&format!("{runs}?page=1000000000&unknown=1")).json(200).await;
    assert_eq!(page["pagination"], json!({ "hasNextPage": false, "count": 0 }));
}
