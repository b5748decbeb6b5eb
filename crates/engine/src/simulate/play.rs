//! Virtual time: the scheduler's effects are carried out at once, and leaves end when they are due.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use super::{Basis, Fate, Step, When};
use crate::{
    event::{Millis, NodeError, NodePointer, Outcome},
    fold::NodeStatus,
    plan::{Plan, PlanNode, Shape, Skip},
    schedule::{Effect, Turns, skips},
    values::{Scope, refs_read},
};

pub(super) struct Played {
    pub nodes: Vec<Fate>,
    pub order: Vec<usize>,
}

pub(super) fn play(plan: &Plan, scope: &Scope, bases: &[Basis]) -> Played {
    let mut playing = Playing {
        plan,
        bases,
        deciding: Deciding::new(plan, scope),
        turns: Turns::begin(plan),
        nodes: vec![Fate::NotReached; plan.nodes().len()],
        progress: vec![Progress::default(); plan.nodes().len()],
        due: BinaryHeap::new(),
        order: Vec::new(),
    };
    loop {
        while playing.carry_out() {}
        let Some(Reverse((_, leaf))) = playing.due.pop() else { break };
        playing.ends(leaf, Outcome::Success);
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

/// Says which nodes are left out, as far as that hangs on nothing that only a run can tell.
struct Deciding<'a> {
    scope: &'a Scope,
    /// The refs of what leaves something behind once it has run.
    later: BTreeSet<&'a str>,
    /// Per node: a sentence, where nobody can say yet.
    undecided: Vec<Option<String>>,
}

impl<'a> Deciding<'a> {
    fn new(plan: &'a Plan, scope: &'a Scope) -> Self {
        let leaves = |(index, node): &(usize, &PlanNode)| {
            node.shape == Shape::Leaf && !plan.never_runs(*index)
        };
        let nodes = plan.nodes().iter().enumerate().filter(leaves);
        let refs = nodes.filter_map(|(_, node)| node.reference.as_deref());
        let later = refs.filter(|name| !scope.refs.contains_key(*name)).collect();
        Self { scope, later, undecided: vec![None; plan.nodes().len()] }
    }

    /// What is undecided runs.
    fn skips(&mut self, index: usize, node: &PlanNode) -> Result<bool, NodeError> {
        if let Skip::Expression(text) = &node.skip {
            let read = refs_read(text, self.scope);
            if let Some(name) = read.iter().find(|name| self.later.contains(name.as_str())) {
                self.undecided[index] = Some(format!(
                    "Whether this is skipped depends on what `{name}` gives, which is known once \
                     it has run."
                ));
                return Ok(false);
            }
        }
        skips(node, self.scope)
    }
}

struct Playing<'a> {
    plan: &'a Plan,
    bases: &'a [Basis],
    deciding: Deciding<'a>,
    turns: Turns<'a>,
    nodes: Vec<Fate>,
    progress: Vec<Progress>,
    /// Leaves at work by when they end at least, then by their place.
    due: BinaryHeap<Reverse<(Millis, usize)>>,
    order: Vec<usize>,
}

impl Playing<'_> {
    /// Whether there was anything to do.
    fn carry_out(&mut self) -> bool {
        let Self { turns, deciding, .. } = self;
        let effects = turns.next_if(&mut |index, node| deciding.skips(index, node));
        let mut any = false;
        for effect in effects {
            any |= match effect {
                Effect::Begin { node } | Effect::Run { node } => self.begins(&node),
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
        if self.turns.status(index) == NodeStatus::Pending {
            self.nodes[index] = match outcome {
                Outcome::Failure => Fate::Fails(sentence),
                _ => Fate::Skipped,
            };
            self.turns.took(index, outcome.into());
        } else {
            self.ends(index, outcome);
        }
        true
    }

    fn begins(&mut self, node: &NodePointer) -> bool {
        let Some(index) = self.plan.index(node) else { return false };
        let (start, after) = self.turn_of(index);
        let leaf = self.plan.nodes()[index].shape == Shape::Leaf;
        let basis = leaf.then(|| self.bases.get(index).copied().unwrap_or(Basis::Unknown));
        let end = basis.map_or(start, |basis| start.plus(basis.bounds()));
        let may_be_skipped = self.deciding.undecided[index].take();
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
    fn ends(&mut self, index: usize, outcome: Outcome) {
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
        self.turns.took(index, outcome.into());
    }
}
