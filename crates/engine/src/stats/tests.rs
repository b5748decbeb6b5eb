//! Numbers from runs that were made up, and the laws of counting.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    event::NodeError,
    fold::RunState,
    testing::{flow, in_time, large, ran, recipe, scope},
};

fn plan() -> Plan {
    let sha = "a".repeat(40);
    let document = json!({ "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
        { "kind": "Build", "ref": "build", "spec": { "id": "b", "sha": sha } },
        { "kind": "JobRun", "ref": "job", "spec": { "jobId": "j" } } ] } } });
    Plan::of(&document).expect("a plan")
}

/// A run in which the build took so long, and ended so.
fn run(number: i64, status: NodeStatus, attempt: u32, took: Millis) -> RunState {
    let mut state = RunState {
        status: if status.failed() { RunStatus::Failure } else { RunStatus::Success },
        created_at: number,
        started_at: Some(number),
        concluded_at: Some(number + took),
        ..RunState::default()
    };
    let build = NodeState {
        status,
        attempt,
        started_at: Some(0),
        ended_at: Some(took),
        error: status.failed().then(|| NodeError { code: 500, message: format!("No {number}.") }),
        ..NodeState::default()
    };
    state.nodes.insert("/spec/spec/steps/0".into(), build);
    state
}

fn counted(states: &[RunState]) -> Stats {
    let plan = plan();
    let past: Vec<Past<'_>> =
        states.iter().map(|state| Past { id: "r", plan: &plan, state, scope: None }).collect();
    stats(&plan, &past)
}

#[test]
fn nothing_is_said_of_nothing() {
    let found = counted(&[]);
    assert_eq!(found.run, Tally::default());
    assert_eq!(found.nodes.len(), 3);
    assert!(found.run.words().contains("no past run"));
    assert_eq!(Durations::of(&[]), None);
}

#[test]
fn aborted_skipped_and_unreached_ones_are_left_out_and_counted() {
    let mut back = run(5, NodeStatus::Failure, 1, 9);
    back.origin = RunOrigin::Rollback { of: "r".into(), reason: None };
    let found = counted(&[
        run(1, NodeStatus::Success, 1, 10),
        run(2, NodeStatus::Aborted, 1, 500),
        run(3, NodeStatus::Skipped, 1, 900),
        run(4, NodeStatus::Running, 1, 900),
        back,
    ]);
    let [_, build, job] = &found.nodes[..] else { panic!("three nodes") };
    assert_eq!((build.considered, build.succeeded, build.left_out), (1, 1, 3));
    assert_eq!(build.durations, Some(Durations { of: 1, median: 10, p90: 10 }));
    assert_eq!((job.considered, job.left_out, job.durations), (0, 4, None));
    assert!(build.few() && build.words().contains("only past run"), "{}", build.words());
}

#[test]
fn flaky_is_what_works_only_the_second_time() {
    let found = counted(&[
        run(1, NodeStatus::Success, 2, 10),
        run(2, NodeStatus::Failure, 3, 10),
        run(3, NodeStatus::Success, 1, 10),
        run(4, NodeStatus::Success, 1, 10),
    ]);
    let build = &found.nodes[1];
    // The second try of run 1, and runs 3 and 4, which built the commit that failed in run 2.
    assert_eq!((build.considered, build.succeeded, build.flaky), (4, 3, 3));
    assert_eq!(
        build.last_failure.as_ref().map(|last| last.message.as_deref()),
        Some(Some("No 2."))
    );
    assert!(build.words().contains("3 of only 4"), "{}", build.words());
    assert_eq!((found.run.considered, found.run.flaky), (4, 1));
}

#[test]
fn a_failure_on_inputs_that_may_differ_makes_nothing_flaky() {
    let plan = plan();
    let of_job = |mut state: RunState| {
        let node = state.nodes.remove("/spec/spec/steps/0").expect("there");
        state.nodes.insert("/spec/spec/steps/1".into(), node);
        state
    };
    let states =
        [of_job(run(1, NodeStatus::Failure, 1, 5)), of_job(run(2, NodeStatus::Success, 1, 5))];
    let past: Vec<_> =
        states.iter().map(|state| Past { id: "r", plan: &plan, state, scope: None }).collect();
    assert_eq!(stats(&plan, &past).nodes[2].flaky, 0);
}

#[test]
fn medians_and_nearest_ranks_are_what_they_are() {
    let all: Vec<Millis> = (1..=20).rev().collect();
    assert_eq!(Durations::of(&all), Some(Durations { of: 20, median: 10, p90: 18 }));
    assert_eq!(Durations::of(&[7, 1, 3]), Some(Durations { of: 3, median: 3, p90: 7 }));
    assert_eq!(Durations::of(&[1, 4]), Some(Durations { of: 2, median: 2, p90: 4 }));
}

#[test]
fn drift_needs_enough_runs_and_a_change_worth_telling() {
    let runs = |durations: &[Millis]| {
        let states: Vec<_> =
            (0..).zip(durations).map(|(at, took)| run(at, NodeStatus::Success, 1, *took)).collect();
        counted(&states).nodes[1].drift
    };
    assert_eq!(runs(&[10_000; 5]), None);
    let steady = runs(&[10_000; 6]).expect("enough");
    assert_eq!((steady.percent(), steady.notable()), (0, false));
    let slower = runs(&[10_000, 10_000, 10_000, 15_000, 15_000, 15_000]).expect("enough");
    assert_eq!((slower.percent(), slower.notable()), (50, true));
    assert_eq!((slower.recent.of, slower.earlier.of), (3, 3));
    assert!(!runs(&[10, 10, 10, 20, 20, 20]).expect("enough").notable(), "10 ms are nothing");
}

#[test]
fn many_nodes_in_several_runs_are_counted_in_time() {
    for document in large() {
        let plan = Plan::of(&document).expect("a plan");
        let mut state = RunState::default();
        for node in plan.nodes() {
            let (status, started_at) = (NodeStatus::Success, Some(0));
            let known = NodeState { status, started_at, ..NodeState::default() };
            state.nodes.insert(node.pointer.clone(), known);
        }
        let past = [Past { id: "r", plan: &plan, state: &state, scope: None }; 3];
        let found = in_time("counting", || stats(&plan, &past));
        assert!(found.nodes.iter().all(|node| node.considered == 3));
    }
}

proptest! {
    #[test]
    fn counts_add_up_and_the_order_of_runs_does_not_matter(
        document in flow(), recipes in prop::collection::vec(recipe(), 0..6),
    ) {
        let runs: Vec<_> = (0..)
            .zip(&recipes)
            .map(|(at, recipe)| {
                let mut ran = ran(&document, recipe);
                ran.state.created_at = at;
                ran
            })
            .collect();
        let scope = scope();
        let mut past: Vec<_> = runs
            .iter()
            .map(|ran| Past { id: "r", plan: &ran.plan, state: &ran.state, scope: Some(&scope) })
            .collect();
        let plan = Plan::of(&document).expect("a plan");
        let found = stats(&plan, &past);
        for tally in found.nodes.iter().chain([&found.run]) {
            prop_assert_eq!(tally.considered + tally.left_out, runs.len());
            prop_assert!(tally.flaky <= tally.succeeded && tally.succeeded <= tally.considered);
            prop_assert_eq!(tally.last_failure.is_some(), tally.succeeded < tally.considered);
            if let Some(durations) = tally.durations {
                prop_assert!(durations.of == tally.succeeded && durations.median <= durations.p90);
            }
        }
        past.reverse();
        prop_assert_eq!(stats(&plan, &past), found);
    }
}

#[test]
fn expressions_count_by_what_they_stood_for() {
    let document = json!({ "spec": { "kind": "Build", "spec": { "sha": "${args.SHA}" } } });
    let plan = Plan::of(&document).expect("a plan");
    let states =
        [run(1, NodeStatus::Failure, 1, 5), run(2, NodeStatus::Success, 1, 5)].map(|mut state| {
            let node = state.nodes.remove("/spec/spec/steps/0").expect("there");
            state.nodes.insert("/spec".into(), node);
            state
        });
    let flaky = |first: &str, second: &str| {
        let scopes = [first, second].map(|sha| {
            let mut scope = Scope::default();
            scope.arguments.insert("SHA".into(), Value::from(sha.repeat(40)));
            scope
        });
        let past: Vec<_> = states
            .iter()
            .zip(&scopes)
            .map(|(state, scope)| Past { id: "r", plan: &plan, state, scope: Some(scope) })
            .collect();
        stats(&plan, &past).nodes[0].flaky
    };
    assert_eq!((flaky("a", "a"), flaky("a", "b")), (1, 0));
}
