//! What happens next in a run: `(plan, state) → effects`. Whoever executes them appends an event
//! for each, folds it, and asks again until nothing is left to do.
//!
//! [`next`] looks at the whole run; [`Turns`] keeps what it has found and looks only at what has
//! changed since. It is the same code, so that a simulation follows the rules of a run.

mod turns;

use crate::{
    event::{NodeError, NodePointer, Outcome, RunStatus},
    fold::{NodeStatus, RunState},
    plan::{Plan, Shape},
    values::Scope,
};

pub use turns::Turns;
pub(crate) use turns::skips;

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
    match state.status {
        RunStatus::Running => Turns::of(plan, state).next(scope),
        RunStatus::Aborting => abort(plan, state),
        _ => Vec::new(),
    }
}

/// While a run is aborted nothing begins, and workflows end from the inside out as soon as
/// nothing in them is active. The run is over once its root is.
fn abort(plan: &Plan, state: &RunState) -> Vec<Effect> {
    let nodes = plan.nodes();
    let mut effects = Vec::new();
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
    let root = nodes.first().map_or(NodeStatus::Pending, |root| state.status_of(&root.pointer));
    if effects.is_empty() && (root.ended() || root == NodeStatus::Pending) {
        effects.push(Effect::Conclude { status: RunStatus::Aborted, reason: None });
    }
    effects
}

#[cfg(test)]
mod tests;
