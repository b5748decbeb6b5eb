//! Rule: what is another sort of document is called so, and not checked as if it were a release flow.
//!
//! A document says which of the two it is by its `$schema`. Where it names none, it is a template
//! when it has a `Pipeline` node, which no flow has, or a name of its own and nodes that make
//! resources. A flow inside a template is a flow.

use super::{Findings, Fix, code, known, nodes::Place, structure};
use crate::document::{Document, Key};

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

/// The `data` of an answer of the API that was copied whole: the flow is in it.
pub(super) fn answered(document: &Document) -> Option<Key> {
    let member = |name| document.get(document.flow(), name);
    let data =
        member("data").filter(|_| member("spec").is_none() && member("apiVersion").is_none());
    data.filter(|data| document.get(*data, "spec").is_some())
}

/// Says so, and takes the flow out.
pub(super) fn report_answer(document: &Document, data: Key, findings: &mut Findings) {
    let sentence = "This is a whole answer of the API; the flow is what stands in `data`.";
    let fix = Fix::replace("Keep only what is in `data`", document.flow(), document.to_json(data));
    findings.error(document.flow(), code::STRUCTURE, sentence).at_beginning().fix(fix);
}

/// A template without a flow in it, where a flow is wanted.
pub(super) fn outside(document: &Document, findings: &mut Findings) {
    if document.flows().is_empty() {
        let sentence = "This is a team template, which makes resources, not a release flow; and \
                        no `Pipeline` node in it has a flow that could be looked at.";
        findings.error(document.root(), code::KIND_NOT_HERE, sentence).at_beginning();
    }
}
