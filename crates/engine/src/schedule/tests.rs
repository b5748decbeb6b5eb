//! Properties of any run, whatever its plan and in whatever order its steps end.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    event::{Event, EventBody},
    plan::PlanNode,
    testing::{self, Recipe, flow, recipe},
};

/// One run played to its end: what happened, in order, checked after each step.
struct Play {
    plan: Plan,
    scope: Scope,
    state: RunState,
    log: Vec<Event>,
    /// Leaves at work.
    working: Vec<NodePointer>,
}

impl Play {
    fn new(document: &Value) -> Self {
        let scope = testing::scope();
        let plan = Plan::of(document).expect("the strategy makes flows");
        let (state, log, working) = (RunState::default(), Vec::new(), Vec::new());
        let mut play = Self { plan, scope, state, log, working };
        play.append(EventBody::RunCreated {
            name: None,
            description: None,
            origin: crate::event::RunOrigin::Release,
            by: "t".into(),
        });
        play.append(EventBody::RunStarted);
        play
    }

    /// Takes up a run from its log.
    fn from(document: &Value, log: &[Event]) -> Self {
        let mut play = Self::new(document);
        play.log = log.to_vec();
        play.state = RunState::of(log);
        let at_work = |node: &&PlanNode| {
            node.shape == Shape::Leaf && play.state.status_of(&node.pointer) == NodeStatus::Running
        };
        play.working =
            play.plan.nodes().iter().filter(at_work).map(|node| node.pointer.clone()).collect();
        play
    }

    /// Plays to the end, everything going well.
    fn played(mut self) -> Self {
        self.settle();
        while let Some(node) = self.working.pop() {
            self.finish(&node, Outcome::Success);
            self.settle();
        }
        self
    }

    fn append(&mut self, body: EventBody) {
        let seq = self.log.len() as u64 + 1;
        let at = i64::try_from(seq).expect("small");
        let event = Event { seq, at, pipeline: None, stage: None, run: None, body };
        self.state.apply(&event);
        self.log.push(event);
    }

    fn start(&mut self, node: &NodePointer) {
        assert_eq!(self.state.status_of(node), NodeStatus::Pending, "{node} starts twice");
        self.assert_turn(node);
        let body = EventBody::NodeStarted { node: node.clone(), attempt: 1, max_attempts: 1 };
        self.append(body);
    }

    fn finish(&mut self, node: &NodePointer, outcome: Outcome) {
        assert!(!self.state.status_of(node).ended(), "{node} ends twice");
        let body = EventBody::NodeFinished { node: node.clone(), outcome, error: None, data: None };
        self.append(body);
    }

    /// Everything before the node in a sequential workflow went well, and what is around it is at
    /// work.
    fn assert_turn(&self, pointer: &str) {
        let index = self.plan.index(pointer).expect("of the plan");
        for (earlier, node) in self.plan.nodes().iter().enumerate() {
            if self.plan.precedes(earlier, index) {
                let status = self.state.status_of(&node.pointer);
                let well = matches!(status, NodeStatus::Success | NodeStatus::Skipped);
                assert!(well, "{pointer} starts though {} is {status:?}", node.pointer);
            }
        }
        for around in self.plan.lineage(index).skip(1) {
            let status = self.state.status_of(&self.plan.nodes()[around].pointer);
            assert_eq!(status, NodeStatus::Running, "around {pointer}");
        }
    }

    /// Executes effects until only work in progress is left.
    fn settle(&mut self) {
        loop {
            let effects = next(&self.plan, &self.state, &self.scope);
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Begin { node } => self.start(&node),
                    Effect::Run { node } => {
                        self.start(&node);
                        self.working.push(node);
                    }
                    Effect::Finish { node, outcome, .. } => self.finish(&node, outcome),
                    Effect::Conclude { status, reason } => {
                        assert!(!self.state.concluded(), "concludes twice");
                        self.append(EventBody::RunConcluded { status, reason });
                    }
                }
            }
        }
    }
}

fn expected(play: &Play, index: usize) -> NodeStatus {
    let node = &play.plan.nodes()[index];
    let status = play.state.status_of(&node.pointer);
    if node.shape == Shape::Leaf || status == NodeStatus::Skipped {
        return status;
    }
    let mut children = node.children.iter().map(|child| expected(play, *child));
    if children.any(|status| status == NodeStatus::Failure) {
        NodeStatus::Failure
    } else {
        NodeStatus::Success
    }
}

proptest! {
    #[test]
    fn any_order_of_endings_keeps_the_flows_order(
        document in flow(),
        choices in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..6), 64),
    ) {
        let mut play = Play::new(&document);
        play.settle();
        let mut choices = choices.into_iter().cycle();
        while !play.working.is_empty() {
            let (which, luck) = choices.next().expect("a cycle");
            let node = play.working.swap_remove(which.index(play.working.len()));
            let outcome = if luck == 0 { Outcome::Failure } else { Outcome::Success };
            play.finish(&node, outcome);
            play.settle();
        }
        prop_assert!(play.state.concluded(), "nothing is at work and the run goes on");
        let root = play.state.status_of("/spec");
        prop_assert_eq!(root, expected(&play, 0), "failures reach the root, and only failures");
        let status = match root {
            NodeStatus::Success => RunStatus::Success,
            NodeStatus::Skipped => RunStatus::Skipped,
            _ => RunStatus::Failure,
        };
        prop_assert_eq!(play.state.status, status);
        prop_assert!(play.state.nodes.values().all(|node| node.status.ended()));
        prop_assert_eq!(&RunState::of(&play.log), &play.state, "the log is the state");
        prop_assert!(next(&play.plan, &play.state, &play.scope).is_empty());
    }

    #[test]
    fn an_abort_at_any_time_starts_nothing_more_and_concludes_once(
        document in flow(),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = Play::new(&document).played();
        // Whatever was logged before the end; the run is created and started.
        let mut play = Play::from(&document, &whole.log[..2 + cut.index(whole.log.len() - 2)]);
        play.append(EventBody::RunAborting { by: "t".into() });
        let begun: BTreeSet<_> = play.state.nodes.keys().cloned().collect();
        play.settle();
        while let Some(node) = play.working.pop() {
            prop_assert!(!play.state.concluded(), "concluded before {node} has stopped");
            play.finish(&node, Outcome::Aborted);
            play.settle();
        }
        prop_assert_eq!(play.state.status, RunStatus::Aborted);
        prop_assert!(play.state.concluded());
        let touched: BTreeSet<_> = play.state.nodes.keys().cloned().collect();
        prop_assert_eq!(begun, touched, "nothing began after the abort");
        prop_assert!(play.state.nodes.values().all(|node| node.status.ended()));
    }

    #[test]
    fn a_run_can_be_taken_up_again_after_any_event(
        document in flow(),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = Play::new(&document).played();
        let again = Play::from(&document, &whole.log[..2 + cut.index(whole.log.len() - 1)]);
        let again = again.played();
        let statuses = |state: &RunState| -> Vec<_> {
            state.nodes.iter().map(|(pointer, node)| (pointer.clone(), node.status)).collect()
        };
        prop_assert_eq!(statuses(&again.state), statuses(&whole.state));
        prop_assert_eq!(again.state.status, whole.state.status);
    }
}

/// What one event says about a node's status, as whoever carries out effects tells it back.
fn told(event: &Event) -> Option<(&str, NodeStatus)> {
    match &event.body {
        EventBody::NodeStarted { node, .. } => Some((node, NodeStatus::Running)),
        EventBody::NodeFinished { node, outcome, .. } => Some((node, (*outcome).into())),
        _ => None,
    }
}

proptest! {
    #[test]
    fn looking_at_what_changed_finds_what_looking_at_everything_finds(
        document in flow(), recipe in recipe(),
    ) {
        let recipe = Recipe { abort_at: None, ..recipe };
        let testing::Ran { plan, log, .. } = testing::ran(&document, &recipe);
        let (mut turns, mut state) = (Turns::begin(&plan), RunState::default());
        let mut due: Vec<Effect> = Vec::new();
        for event in &log {
            state.apply(event);
            if let Some((node, status)) = told(event) {
                turns.took(plan.index(node).expect("of the plan"), status);
            }
            if state.status != RunStatus::Running {
                continue;
            }
            due.retain(|effect| match effect {
                Effect::Begin { node } | Effect::Run { node } => {
                    state.status_of(node) == NodeStatus::Pending
                }
                Effect::Finish { node, .. } => !state.status_of(node).ended(),
                Effect::Conclude { .. } => true,
            });
            let scope = testing::known(&plan, &state);
            due.extend(turns.next(&scope));
            // Halfway through a list of effects the order may differ, and all of it is right.
            let in_order = |mut effects: Vec<Effect>| {
                effects.sort_by_cached_key(|effect| format!("{effect:?}"));
                effects
            };
            let whole = next(&plan, &state, &scope);
            prop_assert_eq!(in_order(due.clone()), in_order(whole), "after {:?}", event);
        }
    }
}

#[test]
fn ten_thousand_nodes_take_their_turns_in_time() {
    for document in testing::large() {
        let plan = Plan::of(&document).expect("a flow");
        testing::in_time("a whole run", || {
            let (mut turns, mut ended) = (Turns::begin(&plan), 0);
            let mut at_work = Vec::new();
            loop {
                let effects = turns.next(&Scope::default());
                for effect in effects {
                    match effect {
                        Effect::Begin { node } => {
                            turns.took(plan.index(&node).expect("there"), NodeStatus::Running);
                        }
                        Effect::Run { node } => {
                            let leaf = plan.index(&node).expect("there");
                            turns.took(leaf, NodeStatus::Running);
                            at_work.push(leaf);
                        }
                        Effect::Finish { node, outcome, .. } => {
                            ended += 1;
                            turns.took(plan.index(&node).expect("there"), outcome.into());
                        }
                        Effect::Conclude { status, .. } => {
                            assert_eq!(status, RunStatus::Success);
                            assert_eq!(ended, plan.nodes().len());
                            return;
                        }
                    }
                }
                if let Some(leaf) = at_work.pop() {
                    ended += 1;
                    turns.took(leaf, NodeStatus::Success);
                }
            }
        });
    }
}
