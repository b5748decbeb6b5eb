//! The order in which a flow runs: what has finished when a node starts.
//!
//! In a sequential workflow a step sees the steps before it, with everything inside them; in a
//! parallel one no step sees another. Loops run their steps in order.

use std::collections::HashSet;

use super::{Document, Key, WorkflowType};

impl Document {
    /// Shows every node from `root` on, each before its steps, with all nodes that have finished
    /// when it starts. Time in proportion to the nodes times their depth.
    pub fn in_running_order(&self, root: Key, look: &mut dyn FnMut(Key, &HashSet<Key>)) {
        Walk { document: self, order: Vec::new(), finished: HashSet::new(), look }.node(root);
    }

    /// The nodes that have finished when `node` starts, in the order of the text. A teardown sees
    /// the whole flow.
    #[must_use]
    pub fn finished_before(&self, node: Key) -> Vec<Key> {
        let mut found = Vec::new();
        for root in [self.root_node(), self.teardown_node()].into_iter().flatten() {
            let mut before = None;
            self.in_running_order(root, &mut |key, finished| {
                if key == node {
                    before = Some(finished.clone());
                }
            });
            let nodes = self.nodes_under(root);
            match before {
                Some(before) => {
                    found.extend(nodes.into_iter().filter(|key| before.contains(key)));
                    return found;
                }
                None => found.extend(nodes),
            }
        }
        Vec::new()
    }

    /// Whether the steps of a node start together.
    #[must_use]
    pub fn runs_in_parallel(&self, node: Key) -> bool {
        self.node(node).workflow_type() == Some(WorkflowType::Parallel)
    }
}

struct Walk<'d, 'l> {
    document: &'d Document,
    /// The nodes visited so far: those of a workflow's steps stand together.
    order: Vec<Key>,
    finished: HashSet<Key>,
    look: &'l mut dyn FnMut(Key, &HashSet<Key>),
}

impl Walk<'_, '_> {
    /// When this returns, neither the node nor what is inside it counts as finished: whether it
    /// does is for the workflow around it to say. As deep as workflows nest, which the parser
    /// bounds.
    fn node(&mut self, node: Key) {
        (self.look)(node, &self.finished);
        self.order.push(node);
        let parallel = self.document.runs_in_parallel(node);
        let start = self.order.len();
        for step in self.document.node(node).steps() {
            let before = self.order.len();
            self.node(step);
            if !parallel {
                self.finished.extend(&self.order[before..]);
            }
        }
        for inside in &self.order[start..] {
            self.finished.remove(inside);
        }
    }
}
