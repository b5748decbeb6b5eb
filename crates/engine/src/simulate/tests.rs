//! A simulation holds against runs that the scheduler really played, and invents nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    event::EventBody,
    past::Past,
    stats::stats,
    testing::{BEGIN, Recipe, flow, in_time, large, ran, recipe, scope},
};

fn known(median: Millis) -> Basis {
    Basis::Median(Durations { of: 1, median, p90: median })
}

/// A build, then two releases side by side of which one may be skipped, then a job.
fn sample() -> Plan {
    let release = |skip: &str, timeout: serde_json::Value| {
        json!({ "kind": "Release", "skipNodeExecution": skip, "timeoutDuration": timeout,
            "spec": {} })
    };
    let document = json!({ "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
        { "kind": "Build", "ref": "build", "spec": {} },
        { "kind": "Workflow", "spec": { "type": "parallel", "steps": [
            release("${refs.build.id}", json!(60)), release("false", json!("${args.T}")) ] } },
        { "kind": "JobRun", "skipNodeExecution": "true", "spec": {} },
        { "kind": "JobRun", "spec": {} } ] } } });
    Plan::of(&document).expect("a plan")
}

const BUILD: usize = 1;
const BOTH: usize = 2;
const MAYBE: usize = 3;
const SECOND: usize = 4;
const SKIPPED: usize = 5;
const LAST: usize = 6;

#[test]
fn it_says_who_waits_for_whom_and_who_is_left_out() {
    let plan = sample();
    let bases = vec![known(10_000); plan.nodes().len()];
    let found = simulate(&plan, &Scope::default(), &bases);
    assert_eq!(found.order, [BUILD, MAYBE, SECOND, LAST]);
    assert_eq!((found.at_once, found.total.at_most), (2, Some(30_000)));
    let after = |index: usize| found.step(index).and_then(|step| step.after);
    assert_eq!((after(BUILD), after(BOTH), after(LAST)), (None, Some(BUILD), Some(BOTH)));
    assert_eq!((after(MAYBE), after(SECOND)), (Some(BUILD), Some(BUILD)));
    assert_eq!(found.nodes[SKIPPED], Fate::Skipped);
    let sentence = found.step(MAYBE).and_then(|step| step.may_be_skipped.as_deref());
    assert!(sentence.expect("undecided").contains("refs.build.id"), "{sentence:?}");
    assert_eq!(found.critical.path, [BUILD, MAYBE, LAST]);
    assert!(found.total.is_estimate() && found.unknown().is_empty());
}

#[test]
fn what_nobody_knows_stays_unknown() {
    let plan = sample();
    let bases = bases(&plan, &Stats::default(), &Scope::default());
    assert_eq!(bases[MAYBE], Basis::Timeout(60_000));
    assert_eq!(bases[SECOND], Basis::Unknown, "its timeout is an argument that is not given");
    let mut bases = bases;
    bases[BUILD] = known(5_000);
    let found = simulate(&plan, &Scope::default(), &bases);
    assert_eq!(found.total, When { at_least: 5_000, at_most: None });
    let step = found.step(MAYBE).expect("runs");
    assert!(step.start.is_estimate() && !step.end.is_estimate());
    assert_eq!(step.end, When { at_least: 5_000, at_most: Some(65_000) });
    assert_eq!(found.unknown(), [MAYBE, SECOND, LAST]);
    assert!(!found.step(LAST).expect("runs").start.is_estimate());
}

#[test]
fn a_timeout_may_be_an_argument() {
    let mut scope = Scope::default();
    scope.arguments.insert("T".into(), json!("90"));
    assert_eq!(bases(&sample(), &Stats::default(), &scope)[SECOND], Basis::Timeout(90_000));
    assert_eq!(known(1).words(), "as long as in the only past run");
}

#[test]
fn ten_thousand_nodes_are_simulated_in_time() {
    for document in large() {
        let plan = Plan::of(&document).expect("a plan");
        let bases = vec![known(7); plan.nodes().len()];
        let found = in_time("the simulation", || simulate(&plan, &Scope::default(), &bases));
        assert!(found.total.is_estimate() && found.order.len() > 1_000);
    }
}

proptest! {
    #[test]
    fn with_the_durations_of_a_real_run_it_is_that_run(
        document in flow(), recipe in recipe(),
    ) {
        // Failed tries and pauses are part of how long a node took; failures end a run early.
        let luck = recipe.luck.iter().map(|luck| if *luck == 0 { 1 } else { *luck }).collect();
        let ran = ran(&document, &Recipe { luck, abort_at: None, ..recipe });
        let past = [Past { id: "r", plan: &ran.plan, state: &ran.state, scope: None }];
        let bases = bases(&ran.plan, &stats(&ran.plan, &past), &scope());
        let found = simulate(&ran.plan, &scope(), &bases);
        prop_assert_eq!(found.total.at_most, Some(ran.state.duration().expect("over")));
        for (index, node) in ran.plan.nodes().iter().enumerate() {
            let known = &ran.state.nodes[&node.pointer];
            let Some(step) = found.step(index) else {
                prop_assert_eq!(known.status, crate::fold::NodeStatus::Skipped);
                continue;
            };
            prop_assert!(step.start.is_estimate() && step.end.is_estimate());
            prop_assert_eq!(Some(BEGIN + step.start.at_least), known.started_at);
            prop_assert_eq!(Some(BEGIN + step.end.at_least), known.ended_at);
        }
        // The order of the run, but for what began in the same moment.
        let began: BTreeMap<usize, Millis> = ran.log.iter().rev().filter_map(|event| {
            let EventBody::NodeStarted { node, .. } = &event.body else { return None };
            Some((ran.plan.index(node)?, event.at))
        }).collect();
        let times: Vec<_> = found.order.iter().map(|leaf| began[leaf]).collect();
        prop_assert!(times.is_sorted(), "{:?}", times);
    }

    #[test]
    fn bounds_hold_whatever_the_unknown_turns_out_to_be(
        document in flow(),
        durations in prop::collection::vec(0..60_000_i64, 60),
        hidden in prop::collection::vec(0_u8..3, 60),
    ) {
        let recipe = Recipe { durations, luck: vec![9], abort_at: None };
        let ran = ran(&document, &recipe);
        prop_assume!(ran.plan.nodes().len() <= 60);
        let bases: Vec<_> = (0..ran.plan.nodes().len())
            .map(|index| match hidden[index] {
                0 => known(recipe.duration(index)),
                1 => Basis::Timeout(60_000),
                _ => Basis::Unknown,
            })
            .collect();
        let found = simulate(&ran.plan, &scope(), &bases);
        let within = |when: When, at: Millis| {
            when.at_least <= at && when.at_most.is_none_or(|most| at <= most)
        };
        for (index, node) in ran.plan.nodes().iter().enumerate() {
            let Some(step) = found.step(index) else { continue };
            let known = &ran.state.nodes[&node.pointer];
            prop_assert!(within(step.start, known.started_at.expect("ran") - BEGIN));
            prop_assert!(within(step.end, known.ended_at.expect("ran") - BEGIN));
        }
        prop_assert!(within(found.total, ran.state.duration().expect("over")));
    }
}
