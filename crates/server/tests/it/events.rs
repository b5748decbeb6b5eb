//! The event stream: nothing is missing, nothing comes twice, whatever happens in between.

use serde_json::json;
use slipway_api::EventBody;
use slipway_server::db::NewEvent;

use crate::world::{Feed, World, of_run};

const EVENTS: &str = "/slipway/v1/projects/shop/events";

fn note(number: u64) -> NewEvent {
    let body = EventBody::FlowSaved { etag: number.to_string(), by: "ada".into() };
    NewEvent { pipeline: None, stage: None, run: None, body }
}

async fn append(world: &World, count: u64) {
    for number in 0..count {
        world.db().append("shop", vec![note(number)]).await.unwrap();
    }
}

#[tokio::test]
async fn a_stream_begins_where_it_is_told_to() {
    let world = World::new().await;
    append(&world, 4).await; // behind the flow that was seeded
    let mut from_now = Feed::open(world.get(EVENTS)).await;
    let hello = from_now.next().await.unwrap();
    assert_eq!(hello.name.as_deref(), Some("heartbeat"));
    assert_eq!((hello.id, &hello.data["seq"]), (None, &json!(5)));
    assert!(hello.data["at"].as_i64().unwrap() > 1_700_000_000_000);
    let mut behind_two = Feed::open(world.get(&format!("{EVENTS}?after=2"))).await;
    assert_eq!(behind_two.next().await.unwrap().data["seq"], 2);
    assert_eq!(behind_two.numbers(3).await, [3, 4, 5]);
    let resumed = world.get(&format!("{EVENTS}?after=1")).header("last-event-id", "4");
    let mut resumed = Feed::open(resumed).await;
    // The log was set back, perhaps: the caller learns where it really is.
    let mut ahead = Feed::open(world.get(&format!("{EVENTS}?after=99"))).await;
    assert_eq!(ahead.next().await.unwrap().data["seq"], 5);
    append(&world, 1).await;
    assert_eq!(resumed.numbers(2).await, [5, 6]);
    for feed in [&mut from_now, &mut behind_two, &mut ahead] {
        let message = feed.next().await.unwrap();
        assert_eq!((message.id, message.name), (Some(6), None));
        assert_eq!(message.data["type"], "flow_saved");
        assert_eq!(message.data["seq"], 6);
    }
}

#[tokio::test]
async fn watchers_that_join_in_the_middle_see_every_event_once() {
    let world = World::new().await;
    let mut writers = Vec::new();
    for writer in 0..8 {
        let db = world.db().clone();
        writers.push(tokio::spawn(async move {
            for _ in 0..100 {
                db.append("shop", vec![note(writer)]).await.unwrap();
            }
        }));
    }
    let mut watchers = Vec::new();
    for after in [0, 1, 3] {
        let ask = world.get(&format!("{EVENTS}?after={after}"));
        watchers.push(tokio::spawn(async move {
            let mut feed = Feed::open(ask).await;
            // The log is 801 long: the seeded flow, and 800 notes.
            feed.numbers(801 - usize::try_from(after).unwrap()).await
        }));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for (watcher, after) in watchers.into_iter().zip([0, 1, 3]) {
        let expected: Vec<u64> = (after + 1..=801).collect();
        assert_eq!(watcher.await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_watcher_that_falls_far_behind_reads_the_log() {
    let world = World::new().await;
    let mut slow = Feed::open(world.get(EVENTS)).await;
    slow.next().await.unwrap();
    // More than a channel and a socket hold together.
    let text = "x".repeat(2000);
    for _ in 0..12 {
        let events = (0..1000)
            .map(|_| {
                let body = EventBody::FlowSaved { etag: text.clone(), by: "ada".into() };
                NewEvent { body, ..note(0) }
            })
            .collect();
        world.db().append("shop", events).await.unwrap();
    }
    let expected: Vec<u64> = (2..=12_001).collect();
    assert_eq!(slow.numbers(12_000).await, expected);
}

#[tokio::test]
async fn one_run_can_be_watched_alone() {
    let world = World::new().await;
    let other = || of_run("r2", EventBody::RunQueued);
    world.db().append("shop", vec![other(), of_run("r1", EventBody::RunQueued)]).await.unwrap();
    let mut feed = Feed::open(world.get(&format!("{EVENTS}?after=0&run=r1"))).await;
    assert_eq!(feed.numbers(1).await, [3]);
    world.db().append("shop", vec![other(), of_run("r1", EventBody::RunStarted)]).await.unwrap();
    assert_eq!(feed.numbers(1).await, [5]);
    let list = world.get(&format!("{EVENTS}?format=json&run=r1")).json(200).await;
    let numbers: Vec<_> =
        list["data"]["events"].as_array().unwrap().iter().map(|event| &event["seq"]).collect();
    assert_eq!(numbers, [&json!(3), &json!(5)]);
}

#[tokio::test]
async fn the_log_is_a_list_too() {
    let world = World::new().await;
    append(&world, 9).await;
    let list = async |query: &str| {
        let answer = world.get(&format!("{EVENTS}?format=json&{query}")).json(200).await;
        let events = answer["data"]["events"].as_array().unwrap().clone();
        events.iter().map(|event| event["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(list("").await, (1..=10).collect::<Vec<_>>());
    assert_eq!(list("after=7").await, [8, 9, 10]);
    assert_eq!(list("after=2&limit=2").await, [3, 4]);
    for (query, field) in [("limit=0", "limit"), ("after=x", "after"), ("format=xml", "format")] {
        let query = format!("{EVENTS}?format=json&{query}");
        let error = world.get(&query).json(400).await;
        assert!(error["error"]["details"][field].is_array(), "{error}");
    }
}

#[tokio::test]
async fn open_streams_do_not_hold_up_a_server_that_stops() {
    let world = World::new().await;
    let mut feed = Feed::open(world.get(EVENTS)).await;
    feed.next().await.unwrap();
    let begun = std::time::Instant::now();
    world.server.stop().await;
    assert_eq!(feed.next().await, None);
    assert!(begun.elapsed().as_secs() < 5);
}
