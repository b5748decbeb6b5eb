//! Whose turn it is, kept while a run goes on.

use serde_json::Value;

use super::Effect;
use crate::{
    event::{NodeError, Outcome, RunStatus},
    fold::{NodeStatus, RunState},
    plan::{Plan, PlanNode, Shape, Skip},
    values::{Scope, resolve, truthy},
};

/// Where a run of a plan stands. Every effect that [`Turns::next`] gives is to be carried out and
/// told back by [`Turns::took`]: it is not given again. A whole run costs a time linear in its
/// nodes.
#[derive(Debug, Clone)]
pub struct Turns<'a> {
    plan: &'a Plan,
    status: Vec<NodeStatus>,
    /// Of a sequential workflow: the first step that it may not have passed.
    /// Of a parallel one: how many steps are not over.
    steps: Vec<usize>,
    /// What may have something to do.
    changed: Vec<usize>,
}

impl<'a> Turns<'a> {
    /// Where a run stands of which nothing has begun.
    #[must_use]
    pub fn begin(plan: &'a Plan) -> Self {
        Self::with(plan, vec![NodeStatus::Pending; plan.nodes().len()])
    }

    /// Where the run with this state stands.
    #[must_use]
    pub fn of(plan: &'a Plan, state: &RunState) -> Self {
        let status = |node: &PlanNode| state.status_of(&node.pointer);
        Self::with(plan, plan.nodes().iter().map(status).collect())
    }

    fn with(plan: &'a Plan, status: Vec<NodeStatus>) -> Self {
        let nodes = plan.nodes();
        let not_over =
            |node: &PlanNode| node.children.iter().filter(|child| !status[**child].ended()).count();
        let steps = nodes
            .iter()
            .map(|node| if node.shape == Shape::Parallel { not_over(node) } else { 0 })
            .collect();
        // Of what goes on: only what is reached from the root, by steps whose turn it is.
        let mut reached = vec![false; nodes.len()];
        let mut changed = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let at_work = status[index].active() && node.shape != Shape::Leaf;
            if !(index == 0 || reached[index] && at_work) {
                continue;
            }
            changed.push(index);
            let passed = |child: &&usize| {
                matches!(status[**child], NodeStatus::Success | NodeStatus::Skipped)
            };
            match node.shape {
                Shape::Parallel => node.children.iter().for_each(|child| reached[*child] = true),
                _ => {
                    if let Some(current) = node.children.iter().find(|child| !passed(child)) {
                        reached[*current] = true;
                    }
                }
            }
        }
        Self { plan, status, steps, changed }
    }

    /// A node has begun (any active status) or is over. An index that the plan does not have
    /// changes nothing.
    pub fn took(&mut self, index: usize, status: NodeStatus) {
        let Some(known) = self.status.get_mut(index) else { return };
        let before = std::mem::replace(known, status);
        if !status.ended() {
            self.changed.push(index);
        } else if let Some(parent) = self.plan.nodes()[index].parent
            && !before.ended()
        {
            self.child_over(parent);
        }
    }

    fn child_over(&mut self, parent: usize) {
        let parallel = self.plan.nodes()[parent].shape == Shape::Parallel;
        if parallel {
            self.steps[parent] = self.steps[parent].saturating_sub(1);
        }
        // The steps of a parallel workflow have all begun: only the last one's end matters.
        if self.status[parent].active() && !(parallel && self.steps[parent] > 0) {
            self.changed.push(parent);
        }
    }

    /// How the node is doing.
    #[must_use]
    pub fn status(&self, index: usize) -> NodeStatus {
        self.status.get(index).copied().unwrap_or_default()
    }

    /// Everything that can be done since [`Turns::took`] was last called, in an order in which it
    /// may be done; the run's conclusion once its root is over.
    pub fn next(&mut self, scope: &Scope) -> Vec<Effect> {
        self.next_if(&mut |_, node| skips(node, scope))
    }

    /// As [`Turns::next`], where somebody else says which nodes are left out.
    pub(crate) fn next_if(&mut self, skips: &mut Skips<'_>) -> Vec<Effect> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        let mut effects = Vec::new();
        for index in changed {
            self.look_at(index, skips, &mut effects);
        }
        if effects.is_empty() {
            effects.extend(self.conclusion());
        }
        effects
    }

    /// How the run ends, once its root has.
    fn conclusion(&self) -> Option<Effect> {
        let status = match self.status.first()? {
            NodeStatus::Success => RunStatus::Success,
            NodeStatus::Skipped => RunStatus::Skipped,
            NodeStatus::Aborted => RunStatus::Aborted,
            root if root.failed() => RunStatus::Failure,
            _ => return None,
        };
        Some(Effect::Conclude { status, reason: None })
    }

    /// A node whose turn it is, or was.
    fn look_at(&mut self, index: usize, skips: &mut Skips<'_>, effects: &mut Vec<Effect>) {
        let plan = self.plan;
        let node = &plan.nodes()[index];
        match self.status[index] {
            NodeStatus::Pending => self.begin_node(index, skips, effects),
            status if status.ended() => {}
            _ => match node.shape {
                Shape::Leaf => {}
                Shape::Sequential => self.sequential(index, node, skips, effects),
                Shape::Parallel => self.parallel(index, node, skips, effects),
            },
        }
    }

    fn begin_node(&self, index: usize, skips: &mut Skips<'_>, effects: &mut Vec<Effect>) {
        let node = &self.plan.nodes()[index];
        let pointer = node.pointer.clone();
        match skips(index, node) {
            Ok(true) => self.skip(index, effects),
            Ok(false) if node.shape == Shape::Leaf => effects.push(Effect::Run { node: pointer }),
            Ok(false) => effects.push(Effect::Begin { node: pointer }),
            Err(error) => effects.push(finish(node, Outcome::Failure, Some(error))),
        }
    }

    /// A skipped workflow skips everything in it. The workflow itself comes last: whoever is
    /// stopped in between finds it pending and skips what is left.
    fn skip(&self, index: usize, effects: &mut Vec<Effect>) {
        let node = &self.plan.nodes()[index];
        for child in &node.children {
            self.skip(*child, effects);
        }
        if !self.status[index].ended() {
            effects.push(finish(node, Outcome::Skipped, None));
        }
    }

    fn sequential(
        &mut self,
        index: usize,
        node: &PlanNode,
        skips: &mut Skips<'_>,
        effects: &mut Vec<Effect>,
    ) {
        while let Some(child) = node.children.get(self.steps[index]) {
            match self.status[*child] {
                NodeStatus::Success | NodeStatus::Skipped => self.steps[index] += 1,
                NodeStatus::Pending => return self.begin_node(*child, skips, effects),
                NodeStatus::Aborted => return effects.push(finish(node, Outcome::Aborted, None)),
                status if status.failed() => return effects.push(self.failed(node, *child)),
                _ => return,
            }
        }
        effects.push(finish(node, Outcome::Success, None));
    }

    /// Children of a parallel workflow don't disturb each other: when one fails the others finish,
    /// and then the workflow fails.
    fn parallel(
        &self,
        index: usize,
        node: &PlanNode,
        skips: &mut Skips<'_>,
        effects: &mut Vec<Effect>,
    ) {
        if self.steps[index] > 0 {
            for child in &node.children {
                if self.status[*child] == NodeStatus::Pending {
                    self.begin_node(*child, skips, effects);
                }
            }
            return;
        }
        let first = |wanted: fn(NodeStatus) -> bool| {
            node.children.iter().find(|child| wanted(self.status[**child]))
        };
        let aborted = |status| status == NodeStatus::Aborted;
        effects.push(match (first(NodeStatus::failed), first(aborted)) {
            (Some(child), _) => self.failed(node, *child),
            (None, Some(_)) => finish(node, Outcome::Aborted, None),
            (None, None) => finish(node, Outcome::Success, None),
        });
    }

    fn failed(&self, node: &PlanNode, child: usize) -> Effect {
        let child = &self.plan.nodes()[child];
        let name = child.reference.as_ref().unwrap_or(&child.pointer);
        let message = format!("The {} \"{name}\" in this workflow failed.", child.kind);
        finish(node, Outcome::Failure, Some(NodeError { code: 424, message }))
    }
}

/// Says of a node, by its index too, whether it is left out now that its turn has come.
pub(crate) type Skips<'s> = dyn FnMut(usize, &PlanNode) -> Result<bool, NodeError> + 's;

/// What the expressions in the node's `skipNodeExecution` say.
pub(crate) fn skips(node: &PlanNode, scope: &Scope) -> Result<bool, NodeError> {
    match &node.skip {
        Skip::Never => Ok(false),
        Skip::Always => Ok(true),
        Skip::Expression(text) => resolve(&Value::String(text.clone()), scope)
            .map(|value| truthy(&value))
            .map_err(|error| NodeError { code: 422, message: error.message }),
    }
}

fn finish(node: &PlanNode, outcome: Outcome, error: Option<NodeError>) -> Effect {
    Effect::Finish { node: node.pointer.clone(), outcome, error }
}
