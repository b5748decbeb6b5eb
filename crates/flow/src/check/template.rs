//! Rule: what is a team template is called one, and not checked as if it were a release flow.
//!
//! A document says which of the two it is by its `$schema`. Where it names none, it is a template
//! when it has a `Pipeline` node, which no flow has, or a name of its own and nodes that make
//! resources. A flow inside a template is a flow.

use super::{Findings, code, known, nodes::Place, structure};
use crate::document::Document;

/// Whether the document that is looked at is a team template.
pub(super) fn is_one(document: &Document, places: &[Place]) -> bool {
    if document.flow() != document.root() {
        return false;
    }
    match structure::schema_sort(document) {
        Some("template") => return true,
        Some("release-flow") => return false,
        _ => {}
    }
    let has_name = document.get(document.root(), "name").is_some();
    places.iter().any(|place| match place.word(document) {
        "Pipeline" => true,
        word => has_name && known::OF_TEMPLATES.contains(&word),
    })
}

/// A template without a flow in it, where a flow is wanted.
pub(super) fn outside(document: &Document, findings: &mut Findings) {
    if document.flows().is_empty() {
        let sentence = "This is a team template, which makes resources, not a release flow; and \
                        no `Pipeline` node in it has a flow that could be looked at.";
        findings.error(document.root(), code::KIND_NOT_HERE, sentence).at_beginning();
    }
}
