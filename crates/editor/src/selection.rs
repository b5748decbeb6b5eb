//! What is selected, and which node has the focus. Never part of the document.

use std::collections::BTreeSet;

use slipway_flow::document::{Document, Key};

/// A set of nodes, one of which may have the focus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    nodes: BTreeSet<Key>,
    focus: Option<Key>,
}

impl Selection {
    /// One node, focused; or nothing.
    #[must_use]
    pub fn only(node: Option<Key>) -> Self {
        Self { nodes: node.into_iter().collect(), focus: node }
    }

    /// Several nodes; the first has the focus.
    #[must_use]
    pub fn of(nodes: &[Key]) -> Self {
        Self { nodes: nodes.iter().copied().collect(), focus: nodes.first().copied() }
    }

    /// With the node if it was not selected, without it if it was. A node that comes in gets the
    /// focus; one that goes leaves it to another.
    #[must_use]
    pub fn toggled(mut self, node: Key) -> Self {
        if self.nodes.remove(&node) {
            let first = self.nodes.first().copied();
            self.focus = self.focus.filter(|focus| *focus != node).or(first);
        } else {
            self.nodes.insert(node);
            self.focus = Some(node);
        }
        self
    }

    #[must_use]
    pub fn contains(&self, node: Key) -> bool {
        self.nodes.contains(&node)
    }

    #[must_use]
    pub fn focus(&self) -> Option<Key> {
        self.focus
    }

    /// The selected nodes, in order of their keys.
    pub fn nodes(&self) -> impl Iterator<Item = Key> + '_ {
        self.nodes.iter().copied()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Without the nodes that are not in the document any more.
    #[must_use]
    pub fn kept_in(&self, document: &Document) -> Self {
        let nodes: BTreeSet<Key> =
            self.nodes.iter().copied().filter(|key| document.contains(*key)).collect();
        let focus = self.focus.filter(|key| nodes.contains(key)).or(nodes.first().copied());
        Self { nodes, focus }
    }
}
