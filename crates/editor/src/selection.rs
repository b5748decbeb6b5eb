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

    /// The same nodes with the focus on one of them; only that node where it is none of them.
    #[must_use]
    pub fn focused_on(mut self, node: Key) -> Self {
        if !self.nodes.contains(&node) {
            return Self::only(Some(node));
        }
        self.focus = Some(node);
        self
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

    /// With the node. The focus stays where it is, if it is anywhere.
    #[must_use]
    pub fn with(mut self, node: Key) -> Self {
        self.nodes.insert(node);
        self.focus = self.focus.or(Some(node));
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

    /// The nodes that one of the two has and the other has not.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Key> + 'a {
        self.nodes.symmetric_difference(&other.nodes).copied()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> Vec<Key> {
        let document = Document::parse("[0, 1, 2]").unwrap();
        document.elements(document.root()).collect()
    }

    #[test]
    fn a_node_goes_in_and_out() {
        let nodes = nodes();
        let one = Selection::only(Some(nodes[0]));
        let two = one.clone().toggled(nodes[2]);
        assert_eq!((two.len(), two.focus()), (2, Some(nodes[2])));
        assert_eq!(two.differing(&one).collect::<Vec<_>>(), [nodes[2]]);
        assert_eq!(two.clone().toggled(nodes[2]), one);
        assert_eq!(two.clone().toggled(nodes[0]).focus(), Some(nodes[2]));
    }

    #[test]
    fn the_focus_moves_within_a_selection_and_out_of_it() {
        let nodes = nodes();
        let two = Selection::of(&nodes[..2]);
        let moved = two.clone().focused_on(nodes[1]);
        assert_eq!((moved.len(), moved.focus()), (2, Some(nodes[1])));
        assert_eq!(two.focused_on(nodes[2]), Selection::only(Some(nodes[2])));
    }
}
