//! The strings of nodes that have `${` in them, each parsed once for all rules.

use super::Node;
use crate::{
    document::{Document, Key},
    expr::{self, Reference, Template},
};

/// One string of a node.
pub(super) struct Text {
    /// The node that it belongs to.
    pub(super) node: Key,
    pub(super) key: Key,
    pub(super) template: Template,
    pub(super) references: Vec<Reference>,
    /// Whether the node's kind is one whose fields we don't know.
    pub(super) carried: bool,
}

/// The strings of all nodes, node by node in the order of `nodes`. A `Pipeline` node has flows of
/// its own inside, whose names are worked out when those run: it is left out.
pub(super) fn collect(document: &Document, nodes: &[Node<'_>]) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut open = Vec::new();
    for node in nodes {
        if node.word == "Pipeline" {
            continue;
        }
        open.push(node.key);
        while let Some(key) = open.pop() {
            if let Some(text) = document.str(key).filter(|text| text.contains("${")) {
                let template = expr::parse(text);
                let references = template.references();
                let carried = node.kind.is_none();
                texts.push(Text { node: node.key, key, template, references, carried });
            }
            // Steps are nodes of their own.
            if node.steps == Some(key) {
                continue;
            }
            let from = open.len();
            open.extend(document.members(key).map(|(_, member)| member));
            open.extend(document.elements(key));
            open[from..].reverse();
        }
    }
    texts
}
