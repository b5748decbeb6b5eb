//! A failed run taken up in a new one, from where it failed.

use crate::{
    event::{EventBody, Outcome},
    fold::{NodeStatus, RunState},
    plan::Plan,
};

/// What a new run of the same document would keep and what it would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Again {
    /// Nodes that count as done, with what they left for `${refs…}`: they succeeded or were
    /// skipped. Whether somebody has changed since what they did is not looked at.
    pub kept: Vec<usize>,
    /// Nodes whose turn comes again or for the first time.
    pub again: Vec<usize>,
}

/// Which nodes of this run a new one would keep. Both lists are in the plan's order.
///
/// # Errors
/// A sentence, when the run is not over or nothing in it is left to do.
pub fn again(plan: &Plan, state: &RunState) -> Result<Again, String> {
    if !state.concluded() {
        return Err("This run is still going on: wait until it has ended.".to_owned());
    }
    let kept = |index: &usize| is_kept(state.status_of(&plan.nodes()[*index].pointer));
    let (kept, again): (Vec<usize>, Vec<usize>) = (0..plan.nodes().len()).partition(kept);
    if again.is_empty() {
        return Err("Everything in this run is done: there is nothing to take up again.".to_owned());
    }
    Ok(Again { kept, again })
}

/// Once a step was skipped, the steps before it were over and what they left is kept too: the
/// decision would be the same.
const fn is_kept(status: NodeStatus) -> bool {
    matches!(status, NodeStatus::Success | NodeStatus::Skipped)
}

impl Again {
    /// What to write at the beginning of the new run, after it has started, so that it goes on
    /// from there. Kept nodes get no start: they took no time in this run.
    #[must_use]
    pub fn events(&self, plan: &Plan, state: &RunState) -> Vec<EventBody> {
        let event = |index: &usize| {
            let node = plan.nodes().get(*index)?;
            let known = state.nodes.get(&node.pointer)?;
            let outcome = match known.status {
                NodeStatus::Skipped => Outcome::Skipped,
                _ => Outcome::Success,
            };
            let (node, data) = (node.pointer.clone(), known.data.clone());
            Some(EventBody::NodeFinished { node, outcome, error: None, data })
        };
        self.kept.iter().filter_map(event).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        event::{Event, RunStatus},
        schedule::{Effect, next},
        testing::{Ran, Recipe, flow, in_time, large, ran, recipe, scope},
    };

    /// Plays the new run, in which everything goes well. Gives the leaves that ran.
    fn played(ran: &Ran, again: &Again) -> (RunState, BTreeSet<usize>) {
        let (mut state, mut seq) = (RunState::default(), 0);
        let mut leaves = BTreeSet::new();
        let mut append = |state: &mut RunState, body| {
            seq += 1;
            let event = Event { seq, at: 9, pipeline: None, stage: None, run: None, body };
            state.apply(&event);
        };
        append(&mut state, EventBody::RunStarted);
        for body in again.events(&ran.plan, &ran.state) {
            append(&mut state, body);
        }
        loop {
            let effects = next(&ran.plan, &state, &scope());
            if effects.is_empty() {
                return (state, leaves);
            }
            for effect in effects {
                let started = |node| EventBody::NodeStarted { node, attempt: 1, max_attempts: 1 };
                let finished = |node, outcome| EventBody::NodeFinished {
                    node,
                    outcome,
                    error: None,
                    data: None,
                };
                match effect {
                    Effect::Begin { node } => append(&mut state, started(node)),
                    Effect::Run { node } => {
                        assert!(leaves.insert(ran.plan.index(&node).expect("there")), "twice");
                        append(&mut state, started(node.clone()));
                        append(&mut state, finished(node, Outcome::Success));
                    }
                    Effect::Finish { node, outcome, .. } => {
                        append(&mut state, finished(node, outcome));
                    }
                    Effect::Conclude { status, reason } => {
                        append(&mut state, EventBody::RunConcluded { status, reason });
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_done_stays_done_and_the_rest_runs_once(
            document in flow(), recipe in recipe(),
        ) {
            let ran = ran(&document, &recipe);
            let Ok(plan) = again(&ran.plan, &ran.state) else {
                let done = matches!(ran.state.status, RunStatus::Success | RunStatus::Skipped);
                prop_assert!(done || ran.state.status == RunStatus::Aborted);
                return Ok(());
            };
            let (state, leaves) = played(&ran, &plan);
            prop_assert!(state.concluded() && !state.status_of("/spec").failed());
            for kept in &plan.kept {
                let pointer = &ran.plan.nodes()[*kept].pointer;
                prop_assert!(!leaves.contains(kept));
                prop_assert_eq!(&state.nodes[pointer].data, &ran.state.nodes[pointer].data);
            }
            prop_assert!(leaves.iter().all(|leaf| plan.again.contains(leaf)));
            prop_assert!(state.nodes.values().all(|node| is_kept(node.status)));
            prop_assert_eq!(state.nodes.len(), ran.plan.nodes().len());
        }
    }

    #[test]
    fn a_run_that_goes_on_or_succeeded_is_not_taken_up_again() {
        let document = &large()[2];
        let recipe = Recipe { durations: vec![1], luck: vec![9], abort_at: None };
        let mut ran = ran(document, &recipe);
        assert!(again(&ran.plan, &ran.state).is_err_and(|why| why.contains("nothing to take up")));
        ran.state.concluded_at = None;
        assert!(again(&ran.plan, &ran.state).is_err_and(|why| why.contains("still going on")));
        ran.state = RunState { concluded_at: Some(1), ..RunState::default() };
        let found = in_time("the plan of a new run", || again(&ran.plan, &ran.state));
        assert_eq!(found.map(|found| found.again.len()), Ok(ran.plan.nodes().len()));
    }
}
