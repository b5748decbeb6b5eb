//! What single events do to a run, and the laws of folding whole logs.

use proptest::prelude::*;

use super::*;
use crate::testing::{flow, in_time, ran, recipe};

fn fold(bodies: Vec<EventBody>) -> RunState {
    let mut seq = 0;
    let events: Vec<Event> = bodies
        .into_iter()
        .map(|body| {
            seq += 1;
            let at = Millis::try_from(seq * 10).expect("small");
            Event { seq, at, pipeline: None, stage: None, run: Some("r".into()), body }
        })
        .collect();
    RunState::of(&events)
}

fn created() -> EventBody {
    EventBody::RunCreated {
        name: Some("One".into()),
        description: None,
        origin: RunOrigin::Release,
        by: "ada".into(),
    }
}

fn started(attempt: u32) -> EventBody {
    EventBody::NodeStarted { node: "/spec".into(), attempt, max_attempts: 3 }
}

fn finished(outcome: Outcome) -> EventBody {
    EventBody::NodeFinished { node: "/spec".into(), outcome, error: None, data: None }
}

fn retrying() -> EventBody {
    let error = NodeError { code: 500, message: "No.".into() };
    EventBody::NodeRetrying {
        node: "/spec".into(),
        attempt: 1,
        max_attempts: 3,
        next_at: 99,
        error,
    }
}

#[test]
fn a_node_keeps_its_first_start_and_its_last_end() {
    let state = fold(vec![
        created(),
        EventBody::RunStarted,
        started(1),
        retrying(),
        started(2),
        finished(Outcome::Success),
        finished(Outcome::Failure),
    ]);
    let node = &state.nodes["/spec"];
    assert_eq!((node.started_at, node.ended_at), (Some(30), Some(60)));
    assert_eq!((node.status, node.attempt), (NodeStatus::Success, 2));
    assert_eq!(node.error, None, "a success forgets why earlier attempts failed");
}

#[test]
fn an_abort_reaches_what_is_active_and_nothing_else() {
    let state = fold(vec![
        created(),
        EventBody::RunStarted,
        started(1),
        retrying(),
        EventBody::RunAborting { by: "ben".into() },
    ]);
    assert_eq!(state.status, RunStatus::Aborting);
    assert_eq!(state.status_of("/spec"), NodeStatus::Aborting);
    assert_eq!(state.nodes["/spec"].next_at, None);
    assert_eq!(state.status_of("/spec/spec/steps/0"), NodeStatus::Pending);
}

#[test]
fn nothing_changes_a_concluded_run_but_late_output() {
    let mut bodies =
        vec![created(), EventBody::RunConcluded { status: RunStatus::Aborted, reason: None }];
    let before = fold(bodies.clone());
    bodies.extend([
        EventBody::RunStarted,
        started(1),
        EventBody::RunConcluded { status: RunStatus::Success, reason: None },
        EventBody::Unknown,
    ]);
    let mut after = fold(bodies.clone());
    after.updated_at = before.updated_at;
    assert_eq!(after, before);
    bodies.push(EventBody::NodeOutput { node: "/spec".into(), bytes: 7 });
    assert_eq!(fold(bodies).nodes["/spec"].output_bytes, 7);
}

#[test]
fn an_unknown_event_is_kept_and_changes_nothing() {
    let text = r#"{"seq":3,"at":5,"run":"r","type":"moon_landed","by":"x"}"#;
    let event: Event = serde_json::from_str(text).expect("tolerant");
    let mut state = fold(vec![created()]);
    let before = state.clone();
    state.apply(&event);
    assert_eq!(state, RunState { updated_at: 10, ..before });
}

#[test]
fn a_node_remembers_every_try() {
    let state = fold(vec![
        created(),
        EventBody::RunStarted,
        started(1),
        retrying(),
        started(2),
        started(2),
        EventBody::NodeProgress { node: "/spec".into(), data: Value::Null },
        finished(Outcome::Success),
    ]);
    let [first, second] = &state.nodes["/spec"].attempts[..] else {
        panic!("two tries: {:?}", state.nodes["/spec"].attempts);
    };
    assert_eq!((first.number, first.started_at, first.ended_at), (1, 30, Some(40)));
    assert_eq!((first.outcome, first.next_at), (Some(Outcome::Failure), Some(99)));
    assert_eq!(first.error.as_ref().map(|error| error.code), Some(500));
    assert_eq!((second.number, second.accepted_at), (2, Some(70)));
    assert_eq!((second.ended_at, second.outcome), (Some(80), Some(Outcome::Success)));
}

#[test]
fn a_node_that_is_skipped_has_tried_nothing() {
    let state = fold(vec![created(), finished(Outcome::Skipped)]);
    assert!(state.nodes["/spec"].attempts.is_empty());
}

#[test]
fn output_of_a_node_that_nothing_else_is_known_of_stays_when_something_comes_late() {
    let event = |seq, body| Event { seq, at: 1, pipeline: None, stage: None, run: None, body };
    let output = EventBody::NodeOutput { node: "/spec/spec/steps/0".into(), bytes: 0 };
    let events = [
        event(1, EventBody::RunStarted),
        event(2, started(1)),
        event(3, output),
        event(4, EventBody::NodeProgress { node: "/spec".into(), data: Value::Null }),
    ];
    let mut history = History::default();
    for late in [0, 2, 3, 1] {
        history.take([events[late].clone()]);
    }
    assert_eq!(history.state(), &RunState::of(&events));
    assert_eq!(history.state().nodes.len(), 2);
}

#[test]
fn events_one_by_one_from_the_end_are_taken_in_time() {
    let event = |seq| {
        let body = EventBody::NodeStarted { node: format!("/{seq}"), attempt: 1, max_attempts: 1 };
        Event { seq, at: 1, pipeline: None, stage: None, run: None, body }
    };
    let mut history = History::default();
    in_time("a run heard backwards", || {
        (1..=4_000).rev().for_each(|seq| history.take([event(seq)]));
        assert_eq!(history.state().nodes.len(), 4_000);
    });
}

#[test]
fn a_state_that_was_written_before_there_were_attempts_is_read() {
    let written = serde_json::json!({ "status": "running", "attempt": 1, "max_attempts": 1,
        "started_at": 5, "ended_at": null, "next_at": null, "error": null, "data": null,
        "output_bytes": 0 });
    let node: NodeState = serde_json::from_value(written.clone()).expect("readable");
    assert!(node.attempts.is_empty());
    assert_eq!(serde_json::to_value(node).expect("writable"), written);
}

proptest! {
    #[test]
    fn in_one_go_or_in_pieces_is_the_same(
        document in flow(), recipe in recipe(), cut in any::<prop::sample::Index>(),
    ) {
        let ran = ran(&document, &recipe);
        let (first, second) = ran.log.split_at(cut.index(ran.log.len()));
        let mut state = RunState::of(first);
        second.iter().for_each(|event| state.apply(event));
        prop_assert_eq!(&state, &RunState::of(&ran.log));
        let mut history = History::default();
        history.take(first.to_vec());
        history.take(second.to_vec());
        prop_assert_eq!(history.state(), &state);
    }

    #[test]
    fn what_comes_twice_late_or_is_unknown_leaves_the_state_right(
        document in flow(), recipe in recipe(),
        order in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..4), 0..60),
        reverse in any::<bool>(),
    ) {
        let ran = ran(&document, &recipe);
        let mut events = ran.log.clone();
        let (first, last) = (ran.log[0].clone(), events.len() as u64 * 3);
        for (at, (which, _)) in order.iter().enumerate() {
            let body = if at % 2 == 0 {
                EventBody::Unknown
            } else {
                // Of nodes that nothing else is known of, too, and of none so far.
                let node = ["/spec", "/spec/spec/steps/0", "/nowhere"][at / 2 % 3].into();
                EventBody::NodeOutput { node, bytes: (at / 6) as u64 }
            };
            // Numbers that the run's own events don't have.
            let seq = which.index(ran.log.len()) as u64 * 3 + 2;
            events.push(Event { seq, body, ..first.clone() });
            events.push(events[which.index(events.len())].clone());
        }
        let mut sorted = events.clone();
        sorted.sort_by_key(|event| event.seq);
        let expected = RunState::of(&sorted);
        prop_assert!(expected.seq <= last);
        for (which, _) in &order {
            let (from, to) = (which.index(events.len()), order.len() % events.len());
            events.swap(from, to);
        }
        if reverse {
            events.reverse();
        }
        let mut history = History::default();
        let mut rest = events.into_iter();
        for (at, (_, many)) in order.iter().cycle().take(ran.log.len() * 3).enumerate() {
            history.take(rest.by_ref().take(*many));
            if at % 7 == 0 {
                let heard = RunState::of(history.events().collect::<Vec<_>>());
                prop_assert_eq!(history.state().seq, heard.seq);
            }
        }
        history.take(rest);
        prop_assert_eq!(history.state(), &expected);
    }

    #[test]
    fn a_log_that_was_cut_off_tells_the_truth_about_what_is_in_it(
        document in flow(), recipe in recipe(), cut in any::<prop::sample::Index>(),
    ) {
        let ran = ran(&document, &recipe);
        let log = &ran.log[..=cut.index(ran.log.len())];
        let state = RunState::of(log);
        let has = |wanted: &dyn Fn(&EventBody) -> bool| log.iter().any(|event| wanted(&event.body));
        let concluded = has(&|body| matches!(body, EventBody::RunConcluded { .. }));
        prop_assert_eq!(state.concluded(), concluded);
        prop_assert_eq!(state.status.concluded(), concluded);
        for (pointer, known) in &state.nodes {
            let ended = has(
                &|body| matches!(body, EventBody::NodeFinished { node, .. } if node == pointer),
            );
            prop_assert_eq!(known.status.ended(), ended, "{}", pointer);
            // What is over stays as it was: the whole log says the same.
            if ended {
                prop_assert_eq!(known, &ran.state.nodes[pointer]);
            }
            let starts = log.iter().filter(
                |event| matches!(&event.body, EventBody::NodeStarted { node, .. } if node == pointer),
            );
            prop_assert_eq!(known.attempts.len(), starts.count());
        }
    }
}
