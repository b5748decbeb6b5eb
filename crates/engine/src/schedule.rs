//! What happens next in a run: `(plan, state) → effects`. Whoever executes them appends an event
//! for each, folds it, and asks again until nothing is left to do.

use crate::{
    event::{NodeError, NodePointer, Outcome, RunStatus},
    fold::{NodeStatus, RunState},
    plan::{Plan, PlanNode, Shape, Skip},
    values::{Scope, resolve, truthy},
};
use serde_json::Value;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A workflow begins: only an event.
    Begin { node: NodePointer },
    /// A leaf's turn has come: an event first, then its effect on the world.
    Run { node: NodePointer },
    /// A workflow is over, or a node is not executed at all: only an event.
    Finish { node: NodePointer, outcome: Outcome, error: Option<NodeError> },
    /// The run is over: only an event.
    Conclude { status: RunStatus, reason: Option<String> },
}

/// Everything that can be done now, in an order in which it may be done. Nothing for a run that
/// waits for its turn or is over, and nothing while all that is left is work in progress.
#[must_use]
pub fn next(plan: &Plan, state: &RunState, scope: &Scope) -> Vec<Effect> {
    let mut effects = Vec::new();
    match state.status {
        RunStatus::Running => {
            let turn = Turn { plan, state, scope };
            turn.visit(0, &mut effects);
        }
        RunStatus::Aborting => abort(plan, state, &mut effects),
        _ => return effects,
    }
    if effects.is_empty() {
        effects.extend(conclusion(plan, state));
    }
    effects
}

/// How the run ends, once its root has.
fn conclusion(plan: &Plan, state: &RunState) -> Option<Effect> {
    let root = state.status_of(&plan.nodes().first()?.pointer);
    if state.status == RunStatus::Aborting {
        let nothing_left = root.ended() || root == NodeStatus::Pending;
        return nothing_left
            .then_some(Effect::Conclude { status: RunStatus::Aborted, reason: None });
    }
    let status = match root {
        NodeStatus::Success => RunStatus::Success,
        NodeStatus::Failure => RunStatus::Failure,
        NodeStatus::Skipped => RunStatus::Skipped,
        NodeStatus::Aborted => RunStatus::Aborted,
        _ => return None,
    };
    Some(Effect::Conclude { status, reason: None })
}

/// While a run is aborted nothing begins, and workflows end from the inside out as soon as
/// nothing in them is active.
fn abort(plan: &Plan, state: &RunState, effects: &mut Vec<Effect>) {
    let nodes = plan.nodes();
    // Preorder backwards: children come before their workflow.
    let mut ending = vec![false; nodes.len()];
    for (index, node) in nodes.iter().enumerate().rev() {
        let busy =
            |child: &usize| !ending[*child] && state.status_of(&nodes[*child].pointer).active();
        let active = state.status_of(&node.pointer).active();
        if node.shape != Shape::Leaf && active && !node.children.iter().any(busy) {
            ending[index] = true;
            effects.push(Effect::Finish {
                node: node.pointer.clone(),
                outcome: Outcome::Aborted,
                error: None,
            });
        }
    }
}

struct Turn<'a> {
    plan: &'a Plan,
    state: &'a RunState,
    scope: &'a Scope,
}

impl Turn<'_> {
    fn status(&self, index: usize) -> NodeStatus {
        self.state.status_of(&self.plan.nodes()[index].pointer)
    }

    /// A node whose turn it is, or was.
    fn visit(&self, index: usize, effects: &mut Vec<Effect>) {
        let node = &self.plan.nodes()[index];
        match self.status(index) {
            NodeStatus::Pending => self.begin(index, node, effects),
            status if status.ended() => {}
            _ => match node.shape {
                Shape::Leaf => {}
                Shape::Sequential => self.sequential(node, effects),
                Shape::Parallel => self.parallel(node, effects),
            },
        }
    }

    fn begin(&self, index: usize, node: &PlanNode, effects: &mut Vec<Effect>) {
        let pointer = node.pointer.clone();
        match self.skips(node) {
            Ok(true) => self.skip(index, effects),
            Ok(false) if node.shape == Shape::Leaf => effects.push(Effect::Run { node: pointer }),
            Ok(false) => effects.push(Effect::Begin { node: pointer }),
            Err(error) => effects.push(finish(node, Outcome::Failure, Some(error))),
        }
    }

    fn skips(&self, node: &PlanNode) -> Result<bool, NodeError> {
        match &node.skip {
            Skip::Never => Ok(false),
            Skip::Always => Ok(true),
            Skip::Expression(text) => resolve(&Value::String(text.clone()), self.scope)
                .map(|value| truthy(&value))
                .map_err(|error| NodeError { code: 422, message: error.message }),
        }
    }

    /// A skipped workflow skips everything in it. The workflow itself comes last: whoever is
    /// stopped in between finds it pending and skips what is left.
    fn skip(&self, index: usize, effects: &mut Vec<Effect>) {
        let node = &self.plan.nodes()[index];
        for child in &node.children {
            self.skip(*child, effects);
        }
        if !self.status(index).ended() {
            effects.push(finish(node, Outcome::Skipped, None));
        }
    }

    fn sequential(&self, node: &PlanNode, effects: &mut Vec<Effect>) {
        for child in &node.children {
            match self.status(*child) {
                NodeStatus::Success | NodeStatus::Skipped => {}
                NodeStatus::Failure => return effects.push(self.failed(node, *child)),
                NodeStatus::Aborted => return effects.push(finish(node, Outcome::Aborted, None)),
                _ => return self.visit(*child, effects),
            }
        }
        effects.push(finish(node, Outcome::Success, None));
    }

    /// Children of a parallel workflow don't disturb each other: when one fails the others finish,
    /// and then the workflow fails.
    fn parallel(&self, node: &PlanNode, effects: &mut Vec<Effect>) {
        let running = node.children.iter().filter(|child| !self.status(**child).ended());
        let mut any = false;
        for child in running {
            any = true;
            self.visit(*child, effects);
        }
        if any {
            return;
        }
        let first = |wanted| node.children.iter().find(|child| self.status(**child) == wanted);
        effects.push(match (first(NodeStatus::Failure), first(NodeStatus::Aborted)) {
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

fn finish(node: &PlanNode, outcome: Outcome, error: Option<NodeError>) -> Effect {
    Effect::Finish { node: node.pointer.clone(), outcome, error }
}

#[cfg(test)]
mod tests;
