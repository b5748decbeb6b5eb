//! A failed run taken up in a new one, from where it failed.

use std::collections::BTreeMap;

use crate::{
    event::{EventBody, Outcome},
    fold::{NodeStatus, RunState},
    plan::{Plan, Shape, Skip},
    values::{Scope, refs_read},
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

/// Which nodes of this run a new one would keep; both lists are in the plan's order. `scope` has
/// the run's arguments: a skip may read outputs through them.
///
/// # Errors
/// A sentence, when the run is not over or nothing in it is left to do.
pub fn again(plan: &Plan, state: &RunState, scope: &Scope) -> Result<Again, String> {
    if !state.concluded() {
        return Err("This run is still going on: wait until it has ended.".to_owned());
    }
    let kept = kept(plan, state, scope);
    let (kept, again): (Vec<usize>, Vec<usize>) =
        (0..plan.nodes().len()).partition(|index| kept.get(*index).copied().unwrap_or_default());
    if again.is_empty() {
        return Err("Everything in this run is done: there is nothing to take up again.".to_owned());
    }
    Ok(Again { kept, again })
}

/// Per node. What succeeded stays. What was skipped stays unless it could be decided otherwise,
/// because a ref that its skip reads belongs to a node that runs again.
fn kept(plan: &Plan, state: &RunState, scope: &Scope) -> Vec<bool> {
    let nodes = plan.nodes();
    let status = |index: usize| state.status_of(&nodes[index].pointer);
    let mut readers = readers(plan, state, scope);
    let mut kept: Vec<bool> = (0..nodes.len()).map(|index| is_kept(status(index))).collect();
    let mut open: Vec<usize> = (0..nodes.len()).filter(|index| !kept[*index]).collect();
    while let Some(index) = open.pop() {
        let node = &nodes[index];
        let mut not_kept = |other: usize| {
            if std::mem::take(&mut kept[other]) {
                open.push(other);
            }
        };
        // A step's turn comes only in a workflow that goes on.
        node.parent.into_iter().for_each(&mut not_kept);
        // Steps of a workflow that never began are skipped only because it was.
        if matches!(status(index), NodeStatus::Pending | NodeStatus::Skipped) {
            node.children.iter().copied().for_each(&mut not_kept);
        }
        let reference = node.reference.as_ref().filter(|_| node.shape == Shape::Leaf);
        let reading = reference.and_then(|name| readers.remove(name));
        reading.into_iter().flatten().for_each(not_kept);
    }
    kept
}

/// The nodes that their own expression skipped, by the refs that it reads.
fn readers(plan: &Plan, state: &RunState, scope: &Scope) -> BTreeMap<String, Vec<usize>> {
    let skipped =
        |index: usize| state.status_of(&plan.nodes()[index].pointer) == NodeStatus::Skipped;
    let mut readers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, node) in plan.nodes().iter().enumerate() {
        let Skip::Expression(text) = &node.skip else { continue };
        if skipped(index) && !node.parent.is_some_and(skipped) {
            for name in refs_read(text, scope) {
                readers.entry(name).or_default().push(index);
            }
        }
    }
    readers
}

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
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        event::{Event, RunStatus},
        schedule::{Effect, next},
        testing::{self, Ran, Recipe, flow, in_time, large, ran, recipe, scope},
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
            let effects = next(&ran.plan, &state, &testing::known(&ran.plan, &state));
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
            let Ok(plan) = again(&ran.plan, &ran.state, &scope()) else {
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
                prop_assert_eq!(state.status_of(pointer), ran.state.status_of(pointer));
            }
            // Nothing that is done runs again but workflows, which only go on.
            for index in &plan.again {
                let node = &ran.plan.nodes()[*index];
                let done = ran.state.status_of(&node.pointer) == NodeStatus::Success;
                prop_assert!(!done || node.shape != Shape::Leaf, "{}", node.pointer);
            }
            prop_assert!(leaves.iter().all(|leaf| plan.again.contains(leaf)));
            prop_assert!(state.nodes.values().all(|node| is_kept(node.status)));
            prop_assert_eq!(state.nodes.len(), ran.plan.nodes().len());
        }
    }

    /// A run in which `failed` failed, `skipped` were skipped and all other leaves succeeded.
    fn over(plan: Plan, failed: &str, skipped: &[&str]) -> Ran {
        let mut state = RunState { concluded_at: Some(1), ..RunState::default() };
        for node in plan.nodes() {
            let name = node.reference.as_deref().unwrap_or_default();
            let inside =
                plan.nodes().iter().filter(|leaf| leaf.reference.as_deref() == Some(failed));
            let around = inside.filter(|leaf| leaf.pointer.starts_with(&node.pointer)).count() > 0;
            let status = match name {
                _ if around => NodeStatus::Failure,
                _ if skipped.contains(&name) => NodeStatus::Skipped,
                _ => NodeStatus::Success,
            };
            state.nodes.entry(node.pointer.clone()).or_default().status = status;
        }
        Ran { plan, log: Vec::new(), state }
    }

    #[test]
    fn a_skip_is_decided_again_where_what_it_reads_runs_again() {
        let job = |name: &str, skip: &str| json!({ "kind": "JobRun", "ref": name, "skipNodeExecution": skip, "spec": {} });
        let workflow = |name: &str, skip: &str, kind: &str, steps: &[Value]| {
            json!({ "kind": "Workflow", "ref": name, "skipNodeExecution": skip,
                "spec": { "type": kind, "steps": steps } })
        };
        let document = json!({ "spec": workflow("root", "", "parallel", &[
            job("a", ""),
            job("b", "${fn.not(refs.a.id)}"),
            job("reads-b", "${args.VIA}"),
            job("reads-done", "${fn.eq(refs.done.id, 7)}"),
            job("always", "true"),
            workflow("row", "", "sequential", &[job("c", "${fn.not(refs.a.id)}"), job("done", "")]),
            workflow("group", "${fn.not(refs.a.id)}", "parallel", &[job("d", "")]),
        ]) });
        let mut scope = Scope::default();
        scope.arguments.insert("VIA".into(), json!("${fn.not(refs.b.id)}"));
        let skipped = ["b", "reads-b", "reads-done", "always", "c", "group", "d"];
        let ran = over(Plan::of(&document).expect("a plan"), "a", &skipped);
        let found = again(&ran.plan, &ran.state, &scope).expect("something failed");
        let names = |list: &[usize]| {
            list.iter().map(|at| ran.plan.nodes()[*at].name().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&found.kept), ["reads-done", "always", "done"]);
        assert_eq!(names(&found.again), ["root", "a", "b", "reads-b", "row", "c", "group", "d"]);
    }

    #[test]
    fn a_run_that_goes_on_or_succeeded_is_not_taken_up_again() {
        let document = &large()[2];
        let recipe = Recipe { durations: vec![1], luck: vec![9], abort_at: None };
        let mut ran = ran(document, &recipe);
        assert!(
            again(&ran.plan, &ran.state, &scope())
                .is_err_and(|why| why.contains("nothing to take up"))
        );
        ran.state.concluded_at = None;
        assert!(
            again(&ran.plan, &ran.state, &scope()).is_err_and(|why| why.contains("still going on"))
        );
        ran.state = RunState { concluded_at: Some(1), ..RunState::default() };
        let found = in_time("the plan of a new run", || again(&ran.plan, &ran.state, &scope()));
        assert_eq!(found.map(|found| found.again.len()), Ok(ran.plan.nodes().len()));
    }
}
