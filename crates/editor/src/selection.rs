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
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Without the nodes that are not in the document any more.
    #[must_use]
    pub fn kept_in(&self, document: &Document) -> Self {
        Self {
            nodes: self.nodes.iter().copied().filter(|key| document.contains(*key)).collect(),
            focus: self.focus.filter(|key| document.contains(*key)),
        }
    }
}
