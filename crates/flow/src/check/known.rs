//! Rule: kinds that we don't know are pointed out, and known ones have a type that exists.

use super::{Findings, Node, code};
use crate::{document::Document, kinds};

pub(super) fn check(document: &Document, nodes: &[Node<'_>], findings: &mut Findings) {
    for node in nodes {
        let name = node.word;
        if name.is_empty() || node.kind.is_some() {
            continue;
        }
        let Some(kind) = document.get(node.key, "kind") else { continue };
        let types: Vec<_> = kinds::all()
            .iter()
            .filter(|known| known.kind == name)
            .filter_map(|known| known.variant)
            .collect();
        if types.is_empty() {
            let sentence = format!(
                "Slipway doesn't know nodes of kind `{name}` yet. It keeps and draws this one, and \
                 can't check it."
            );
            findings.hint(kind, code::UNKNOWN_KIND, sentence);
        } else {
            bad_type(document, node, &types.join(", "), findings);
        }
    }
}

/// A kind that we know, of a type that we don't.
fn bad_type(document: &Document, node: &Node<'_>, types: &str, findings: &mut Findings) {
    // Without a spec the structure has been reported.
    let Some(spec) = node.spec else { return };
    let name = node.word;
    let Some(given) = document.get(spec, "type") else {
        let sentence = format!("A `{name}` needs a type: one of {types}.");
        findings.missing(spec, "/type", code::REQUIRED, sentence);
        return;
    };
    let sentence = match document.str(given) {
        Some(word) => format!("The type of a `{name}` is one of {types}; `{word}` isn't."),
        None => format!("The type of a `{name}` must be one of {types}."),
    };
    findings.error(given, code::VALUE, sentence);
}
