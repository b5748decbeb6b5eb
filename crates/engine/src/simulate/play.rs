//! Virtual time: the scheduler's effects are carried out at once, and leaves end when they are due.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{Basis, Fate, Step, When};
use crate::{
    event::{Millis, NodePointer, Outcome},
    fold::NodeStatus,
    plan::{Plan, Shape},
    schedule::{Effect, Turns},
    values::Scope,
};

pub(super) struct Played {
    pub nodes: Vec<Fate>,
    pub order: Vec<usize>,
}

pub(super) fn play(plan: &Plan, scope: &Scope, bases: &[Basis]) -> Played {
    let mut playing = Playing {
        plan,
        bases,
        turns: Turns::begin(plan),
        nodes: vec![Fate::NotReached; plan.nodes().len()],
        progress: vec![Progress::default(); plan.nodes().len()],
        due: BinaryHeap::new(),
        order: Vec::new(),
    };
    loop {
        while playing.carry_out(scope) {}
        let Some(Reverse((_, leaf))) = playing.due.pop() else { break };
        playing.ends(leaf);
    }
    Played { nodes: playing.nodes, order: playing.order }
}

/// What is known of a workflow while it goes on.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    /// Sequential: when the next step begins. Parallel: when all steps that ended were over.
    until: When,
    /// The last step of a sequential workflow that ran.
    last: Option<usize>,
}

struct Playing<'a> {
    plan: &'a Plan,
    bases: &'a [Basis],
    turns: Turns<'a>,
    nodes: Vec<Fate>,
    progress: Vec<Progress>,
    /// Leaves at work by when they end at least, then by their place.
    due: BinaryHeap<Reverse<(Millis, usize)>>,
    order: Vec<usize>,
}

impl Playing<'_> {
    /// Whether there was anything to do.
    fn carry_out(&mut self, scope: &Scope) -> bool {
        let effects = self.turns.next(scope);
        let mut any = false;
        for effect in effects {
            any |= match effect {
                Effect::Begin { node } | Effect::Run { node } => self.begins(&node, None),
                Effect::Finish { node, outcome, error } => {
                    let sentence = error.map(|error| error.message).unwrap_or_default();
                    self.finished(&node, outcome, sentence)
                }
                Effect::Conclude { .. } => false,
            };
        }
        any
    }

    fn finished(&mut self, node: &NodePointer, outcome: Outcome, sentence: String) -> bool {
        let Some(index) = self.plan.index(node) else { return false };
        let pending = self.turns.status(index) == NodeStatus::Pending;
        match outcome {
            // Whether it is skipped can't be told from what is known: nothing else fails here.
            Outcome::Failure if pending => return self.begins(node, Some(sentence)),
            Outcome::Skipped => {
                self.nodes[index] = Fate::Skipped;
                self.turns.took(index, NodeStatus::Skipped);
            }
            _ => self.ends(index),
        }
        true
    }

    fn begins(&mut self, node: &NodePointer, may_be_skipped: Option<String>) -> bool {
        let Some(index) = self.plan.index(node) else { return false };
        let (start, after) = self.turn_of(index);
        let leaf = self.plan.nodes()[index].shape == Shape::Leaf;
        let basis = leaf.then(|| self.bases.get(index).copied().unwrap_or(Basis::Unknown));
        let end = basis.map_or(start, |basis| start.plus(basis.bounds()));
        self.nodes[index] = Fate::Runs(Step { start, end, after, basis, may_be_skipped });
        self.progress[index] = Progress { until: start, last: None };
        self.turns.took(index, NodeStatus::Running);
        if leaf {
            self.order.push(index);
            self.due.push(Reverse((end.at_least, index)));
        }
        true
    }

    /// When the node begins, and what it waited for.
    fn turn_of(&self, index: usize) -> (When, Option<usize>) {
        let Some(parent) = self.plan.nodes()[index].parent else { return (When::START, None) };
        let Fate::Runs(around) = &self.nodes[parent] else { return (When::START, None) };
        match self.plan.nodes()[parent].shape {
            Shape::Sequential => {
                (self.progress[parent].until, self.progress[parent].last.or(around.after))
            }
            Shape::Parallel | Shape::Leaf => (around.start, around.after),
        }
    }

    /// A leaf is due, or everything in a workflow is over.
    fn ends(&mut self, index: usize) {
        let node = &self.plan.nodes()[index];
        let Fate::Runs(step) = &mut self.nodes[index] else { return };
        if node.shape != Shape::Leaf {
            step.end = self.progress[index].until;
        }
        let end = step.end;
        if let Some(parent) = node.parent {
            let progress = &mut self.progress[parent];
            if self.plan.nodes()[parent].shape == Shape::Sequential {
                *progress = Progress { until: end, last: Some(index) };
            } else {
                progress.until = progress.until.latest(end);
            }
        }
        self.turns.took(index, NodeStatus::Success);
    }
}
