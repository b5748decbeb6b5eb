//! Rule: what runs side by side doesn't release to the same target.

use std::collections::HashMap;

use super::{
    Findings, code,
    nodes::{Node, Nodes, Skips},
};
use crate::document::{Document, WorkflowType};

pub(super) fn check(document: &Document, nodes: &Nodes<'_>, findings: &mut Findings) {
    // Of all releases to one target, each need only be held against the one before it in the text:
    // where two run side by side, two neighbours do.
    let mut last: HashMap<(&str, &str), &Node<'_>> = HashMap::new();
    for node in nodes.all.iter().filter(|node| node.word == "Release") {
        // What an expression decides may be one or the other.
        if node.skips != Skips::Never {
            continue;
        }
        let target = |name| {
            let key = document.at(node.key, &["spec", "target", name])?;
            document.str(key).filter(|text| !text.is_empty() && !text.contains("${"))
        };
        let (Some(id), Some(of)) = (target("id"), target("type")) else { continue };
        let Some(before) = last.insert((id, of), node) else { continue };
        let side_by_side = nodes.shared(before, node).is_some_and(|shared| {
            document.node(shared.key).workflow_type() == Some(WorkflowType::Parallel)
        });
        if side_by_side && let Some(key) = document.at(node.key, &["spec", "target", "id"]) {
            let sentence = format!(
                "Another node releases to `{id}` side by side with this one: which of them comes \
                 last is left to chance."
            );
            findings.warning(key, code::SAME_TARGET, sentence);
        }
    }
}
