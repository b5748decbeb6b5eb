//! Rule: what runs side by side doesn't release to the same target.

use super::{
    Findings, Whole, code,
    names::{Name, Names, Table},
    nodes::{Node, Placed, Skips},
};
use crate::document::{Document, Key};

/// What a node releases to, where it says so.
pub(super) struct Target {
    /// Where its ID is.
    id: Key,
    /// Its type and ID.
    name: Name,
}

pub(super) fn target(document: &Document, node: &Node<'_>, names: &mut Names) -> Option<Target> {
    if node.word != "Release" {
        return None;
    }
    let target = document.at(node.key, &["spec", "target"])?;
    let said = |name| {
        let key = document.get(target, name)?;
        let text = document.str(key).filter(|text| !text.is_empty() && !text.contains("${"))?;
        Some((key, text))
    };
    let ((id, text), (_, of)) = (said("id")?, said("type")?);
    Some(Target { id, name: names.intern(&format!("{} {of}{text}", of.len())) })
}

pub(super) fn across(whole: &mut Whole<'_>, findings: &mut Findings) {
    let nodes = &whole.nodes;
    // Of all releases to one target, each need only be held against the one before it in the text:
    // where two run side by side, two neighbours do.
    let mut last: Table<usize> = Table::of(whole.names);
    for (index, node) in nodes.all.iter().enumerate() {
        let Some(target) = &node.facts.target else { continue };
        // What an expression decides may be one or the other.
        if node.skips() != Skips::Never {
            continue;
        }
        let Some(before) = last.set(target.name, index) else { continue };
        let shared = nodes.shared(before, index).and_then(|shared| nodes.all.get(shared));
        if shared.is_some_and(Placed::is_parallel) {
            let id = whole.document.str(target.id).unwrap_or_default();
            let sentence = format!(
                "Another node releases to `{id}` side by side with this one: which of them comes \
                 last is left to chance."
            );
            findings.warning(target.id, code::SAME_TARGET, sentence);
        }
    }
}
