//! Branches, commits, pull requests and builds of a service, out of a real repository.

use std::process::Command;

use serde_json::{Value, json};
use slipway_api::path;
use slipway_engine::event::RunOrigin;
use slipway_server::db::builds::{self, Build};

use crate::world::World;

fn shell(world: &World, line: &str) -> String {
    let done = Command::new("sh").args(["-ec", line]).current_dir(world.dir.path()).output();
    let done = done.expect("a shell");
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// A repository with three commits on `main`, another one on `feature/x`, and a pull request.
async fn world() -> World {
    let world = World::new().await;
    let commit = "git -C shop.git -c user.name=Ada -c user.email=ada@slipway.invalid commit -q \
                  --allow-empty -m";
    shell(&world, "git init -q shop.git && git -C shop.git symbolic-ref HEAD refs/heads/main");
    for message in ["First", "Second\n\nWith more.", "Third"] {
        shell(&world, &format!("{commit} '{message}'"));
    }
    shell(&world, &format!("git -C shop.git checkout -qb feature/x; {commit} Feature"));
    shell(&world, "git -C shop.git update-ref refs/pull/7/head feature/x");
    shell(&world, "git -C shop.git update-ref refs/pull/12/head main");
    world
}

fn at(path: &str) -> String {
    format!("/{path}")
}

#[tokio::test]
async fn branches_come_with_their_newest_commits() {
    let world = world().await;
    let answer = world.get(&at(&path::branches("shop", "builder"))).json(200).await;
    let tip = shell(&world, "git -C shop.git rev-parse feature/x");
    let branches = answer["data"]["branches"].as_array().expect("a list");
    assert_eq!(branches.len(), 2);
    assert_eq!(branches[0]["name"], "feature/x");
    assert_eq!(branches[0]["commit"]["sha"], tip.as_str());
    assert_eq!(branches[0]["commit"]["message"], "Feature");
    assert_eq!(branches[0]["commit"]["author"], json!({ "login": "Ada" }));
    assert!(branches[0]["commit"]["date"].as_str().is_some_and(|date| date.contains('T')));
    let team = world.get("/v1/teams/a/projects/shop/services/builder/branches?per_page=1");
    let page = team.json(200).await;
    assert_eq!(page["pagination"]["hasNextPage"], true);
}

#[tokio::test]
async fn pages_of_commits_follow_on_whatever_is_pushed_meanwhile() {
    let world = world().await;
    let list = at(&path::commits("shop", "builder"));
    let subjects = |page: &Value| -> Vec<String> {
        let rows = page["data"]["commits"].as_array().expect("a list");
        rows.iter().map(|row| row["message"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let first = world.get(&format!("{list}?branch=main&per_page=2")).json(200).await;
    assert_eq!(subjects(&first), ["Third", "Second"]);
    shell(
        &world,
        "git -C shop.git checkout -q main; git -C shop.git -c user.name=Ada \
         -c user.email=ada@slipway.invalid commit -q --allow-empty -m Fourth",
    );
    let cursor = first["pagination"]["cursor"].as_str().expect("a cursor");
    let next = format!("{list}?branch=main&per_page=2&cursor={cursor}");
    let next = world.get(&next).json(200).await;
    assert_eq!(subjects(&next), ["First"]);
    assert_eq!(next["pagination"], json!({ "hasNextPage": false, "count": 1 }));

    let error = world.get(&format!("{list}?branch=nowhere")).json(404).await;
    let said = error["error"]["message"].as_str().expect("a sentence");
    assert!(said.contains("has no branch \"nowhere\""), "{said}");
    assert!(world.get(&list).json(400).await["error"]["details"]["branch"].is_array());
    world.get(&format!("{list}?branch=--upload-pack%3Dx")).json(404).await;
    world.get(&format!("{list}?branch=main&cursor=6d61696e")).json(400).await;
    let behind_all = format!("{list}?branch=main&page=1000000000&per_page=100");
    assert_eq!(subjects(&world.get(&behind_all).json(200).await), [""; 0]);
}

#[tokio::test]
async fn pull_requests_are_what_the_remote_has_refs_for() {
    let world = world().await;
    let answer = world.get(&at(&path::pull_requests("shop", "builder"))).json(200).await;
    let requests = answer["data"]["pullRequests"].as_array().expect("a list");
    let numbers: Vec<_> = requests.iter().map(|request| request["id"].as_u64()).collect();
    assert_eq!(numbers, [Some(12), Some(7)]);
    assert_eq!(requests[1]["state"], "UNKNOWN");
    let tip = shell(&world, "git -C shop.git rev-parse feature/x");
    assert_eq!(requests[1]["sha"], tip.as_str());
}

#[tokio::test]
async fn builds_are_listed_newest_first_with_the_vendors_words() {
    let world = World::new().await;
    world
        .run(
            "r1",
            vec![slipway_api::EventBody::RunCreated {
                name: None,
                description: None,
                origin: RunOrigin::Release,
                by: "ada".into(),
            }],
        )
        .await;
    let build = |id: &str, service: &str, status: &str, end: Option<i64>| Build {
        id: id.to_owned(),
        project: "shop".to_owned(),
        service: service.to_owned(),
        branch: Some("main".to_owned()),
        sha: Some("a".repeat(40)),
        arguments: None,
        status: status.to_owned(),
        artifact: None,
        created_at: 1_767_603_601_000,
        concluded_at: end,
    };
    let all = [
        build("b1", "builder", "success", Some(1_767_603_700_000)),
        build("b2", "other", "success", None),
        build("b3", "builder", "failure", Some(1_767_603_800_000)),
        build("b4", "builder", "building", None),
    ];
    let written = world
        .db()
        .write(move |tx| all.iter().try_for_each(|build| builds::insert(tx, build, "r1")));
    written.await.expect("written");
    let list = at(&path::builds("shop", "builder"));
    let page = world.get(&format!("{list}?per_page=2")).json(200).await;
    let of = |page: &Value| -> Vec<(String, String)> {
        let rows = page["data"]["builds"].as_array().expect("a list");
        let word = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        rows.iter().map(|row| (word(row, "id"), word(row, "status"))).collect()
    };
    let pair = |id: &str, status: &str| (id.to_owned(), status.to_owned());
    assert_eq!(of(&page), [pair("b4", "BUILDING"), pair("b3", "FAILURE")]);
    let cursor = page["pagination"]["cursor"].as_str().expect("a cursor");
    let next = world.get(&format!("{list}?cursor={cursor}")).json(200).await;
    assert_eq!(
        next["data"]["builds"],
        json!([{ "id": "b1", "branch": "main", "sha": "a".repeat(40), "status": "SUCCESS",
            "concluded": true, "success": true, "createdAt": "2026-01-05T09:00:01.000Z",
            "buildConcludedAt": 1_767_603_700 }])
    );
}

#[tokio::test]
async fn what_has_no_repository_or_one_out_of_reach_says_so() {
    // Here the remote isn't there at all.
    let world = World::new().await;
    let said = |answer: &Value| answer["error"]["message"].as_str().unwrap_or_default().to_owned();
    let answer = world.get(&at(&path::branches("shop", "builder"))).json(502).await;
    assert_eq!(
        said(&answer),
        "The repository https://github.com/acme/shop can't be read now. The server's log says why."
    );
    let answer = world.get(&at(&path::branches("shop", "web-dev"))).json(409).await;
    assert_eq!(said(&answer), "The service \"web-dev\" isn't built from a repository.");
    world.get(&at(&path::builds("shop", "nothing"))).json(404).await;
}
