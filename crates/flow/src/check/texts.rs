//! The strings of nodes that have `${` in them, each parsed once for all rules.

use super::nodes::{Node, Nodes, Skips};
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
    /// Whether we can't say for sure what its expressions may name: in kinds whose fields we don't
    /// know, and in loops, which give their steps values of their own.
    pub(super) carried: bool,
    /// Whether the node is passed over in every run.
    pub(super) skipped: bool,
}

/// The strings of all nodes, node by node in the order of `nodes`. A `Pipeline` node has flows of
/// its own inside, whose names are worked out when those run: it is left out.
pub(super) fn collect(document: &Document, nodes: &Nodes<'_>) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut open = Vec::new();
    for node in nodes.all.iter().filter(|node| node.word != "Pipeline") {
        open.push(node.key);
        while let Some(key) = open.pop() {
            if let Some(text) =
                document.str(key).filter(|text| text.contains('$') && text.contains("${"))
            {
                texts.push(Text::of(node, key, text));
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

impl Text {
    fn of(node: &Node<'_>, key: Key, text: &str) -> Self {
        let template = expr::parse(text);
        Self {
            node: node.key,
            key,
            references: template.references(),
            template,
            carried: node.kind.is_none() || node.in_loop || node.word == "LoopWorkflow",
            skipped: node.skips == Skips::Always,
        }
    }
}
