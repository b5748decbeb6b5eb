//! A simulation holds against runs that the scheduler really played, and invents nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    event::EventBody,
    fold::NodeStatus,
    past::Past,
    stats::stats,
    testing::{BEGIN, Ran, Recipe, flow, flow_that_may_fail, in_time, large, ran, recipe, scope},
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
    assert!(sentence.expect("undecided").contains("what `build` gives"), "{sentence:?}");
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

/// A job `a`, and then one that is skipped if the text says so, and a third one.
fn with_skip(skip: &str) -> Plan {
    let job = |skip: &str, name| json!({ "kind": "JobRun", "ref": name, "skipNodeExecution": skip, "spec": {} });
    let steps = [job("false", "a"), job(skip, "b"), job("false", "c")];
    Plan::of(&json!({ "spec": { "kind": "Workflow", "spec": { "type": "sequential",
        "steps": steps } } }))
    .expect("a plan")
}

#[test]
fn a_skip_that_reads_what_a_node_leaves_is_undecided() {
    let mut scope = Scope::default();
    scope.arguments.insert("VIA".into(), json!("${fn.not(refs.a.id)}"));
    for skip in [
        "${refs.a.id}",
        "${fn.not(refs.a.id)}",
        "${fn.eq(refs.a.id,'x')}",
        "${fn.if(refs.a.id,true,false)}",
        "${args.VIA}",
    ] {
        let plan = with_skip(skip);
        let found = simulate(&plan, &scope, &[]);
        let sentence = found.step(2).and_then(|step| step.may_be_skipped.as_deref());
        assert!(sentence.expect("undecided").contains("`a`"), "{skip}: {sentence:?}");
        let refs = [("a".to_owned(), json!({ "id": "x" }))].into_iter().collect();
        let found = simulate(&plan, &Scope { refs, ..scope.clone() }, &[]);
        assert!(found.step(2).is_none_or(|step| step.may_be_skipped.is_none()), "{skip}: known");
    }
    let found = simulate(&with_skip("${fn.not(refs.nobody.id)}"), &scope, &[]);
    assert_eq!(found.nodes[2], Fate::Skipped, "nothing will ever have that ref");
}

#[test]
fn a_skip_that_can_never_be_worked_out_ends_the_run() {
    for (skip, words) in [
        ("${args.NOPE}", "no argument `NOPE`"),
        ("${fn.nope()}", "no function `nope`"),
        ("${refs.nobody.id}", "the ref `nobody`"),
    ] {
        let found = simulate(&with_skip(skip), &Scope::default(), &[known(0), known(7)]);
        let Fate::Fails(sentence) = &found.nodes[2] else { panic!("{skip}: {:?}", found.nodes[2]) };
        assert!(sentence.contains(words), "{sentence}");
        assert_eq!((&found.nodes[3], &found.order[..]), (&Fate::NotReached, &[1][..]));
        assert_eq!(found.total.at_most, Some(7));
    }
}

/// Whether the run left nothing out of which the simulation could not say that it would.
fn went_as_played(ran: &Ran, found: &Simulation) -> bool {
    ran.plan.nodes().iter().enumerate().all(|(index, node)| {
        let certain = found.step(index).is_none_or(|step| step.may_be_skipped.is_none());
        certain || ran.state.status_of(&node.pointer) == NodeStatus::Success
    })
}

proptest! {
    #[test]
    fn with_the_durations_of_a_real_run_it_is_that_run(
        document in flow_that_may_fail(), recipe in recipe(),
    ) {
        // Failed tries and pauses are part of how long a node took; failures end a run early.
        let luck = recipe.luck.iter().map(|luck| if *luck == 0 { 1 } else { *luck }).collect();
        let ran = ran(&document, &Recipe { luck, abort_at: None, ..recipe });
        let past = [Past { id: "r", plan: &ran.plan, state: &ran.state, scope: None }];
        let bases = bases(&ran.plan, &stats(&ran.plan, &past), &scope());
        let found = simulate(&ran.plan, &scope(), &bases);
        let as_played = went_as_played(&ran, &found);
        for (index, node) in ran.plan.nodes().iter().enumerate() {
            let status = ran.state.status_of(&node.pointer);
            // Whatever becomes of what is undecided: what is decided is right if it is reached.
            let reached = as_played || !matches!(status, NodeStatus::Pending | NodeStatus::Skipped);
            match &found.nodes[index] {
                Fate::Skipped if as_played => prop_assert_eq!(status, NodeStatus::Skipped),
                Fate::Skipped => prop_assert!(!reached, "{}: {:?}", node.pointer, status),
                Fate::Fails(sentence) if reached => {
                    let error = ran.state.nodes[&node.pointer].error.as_ref();
                    prop_assert_eq!(Some(sentence), error.map(|error| &error.message));
                }
                Fate::NotReached if as_played => prop_assert_eq!(status, NodeStatus::Pending),
                Fate::Runs(step) if as_played => {
                    let known = &ran.state.nodes[&node.pointer];
                    prop_assert!(step.start.is_estimate() && step.end.is_estimate());
                    prop_assert_eq!(Some(BEGIN + step.start.at_least), known.started_at);
                    prop_assert_eq!(Some(BEGIN + step.end.at_least), known.ended_at);
                }
                // Nothing around it is undecided, so that nothing but its own skip leaves it out.
                Fate::Runs(_) => {
                    let certain = |at| found.step(at).is_some_and(|step| step.may_be_skipped.is_none());
                    let left_out = status == NodeStatus::Skipped;
                    prop_assert!(!(left_out && ran.plan.lineage(index).all(certain)));
                }
                Fate::Fails(_) | Fate::NotReached => {}
            }
        }
        if !as_played {
            return Ok(());
        }
        prop_assert_eq!(found.total.at_most, Some(ran.state.duration().expect("over")));
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
        prop_assume!(went_as_played(&ran, &found));
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
