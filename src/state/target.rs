//! Where something in a document is, as a jump: a node, a field of its form, or a place around the
//! flow.

use slipway_editor::tell;
use slipway_flow::{
    document::{Document, Key},
    form,
    kinds::{self, Field},
};

/// Where a jump leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Node(Key),
    /// A field of a node's form, by its pointer in the table.
    Field(Key, &'static str),
    /// A place in the document around the flow: its pointer.
    Place(String),
}

impl Target {
    /// The place at a pointer from the root, in the node that it belongs to; for a problem with its
    /// sentence, which may be told at another field.
    #[must_use]
    pub fn of(document: &Document, node: Option<Key>, pointer: &str, sentence: &str) -> Self {
        let Some(node) = node.filter(|node| document.contains(*node)) else {
            return Self::Place(pointer.to_owned());
        };
        match field(document, node, pointer, sentence) {
            Some(field) => Self::Field(node, field.pointer),
            None => Self::Node(node),
        }
    }
}

fn field(document: &Document, node: Key, pointer: &str, sentence: &str) -> Option<&'static Field> {
    let kind = kinds::of(document, node)?;
    let around = document.pointer(node);
    let within = pointer.strip_prefix(&around)?;
    let is_given = |pointer: &str| document.resolve_from(node, pointer).is_some();
    let told = form::told_at(kind.fields, kind.rules, within, sentence, is_given);
    told.into_iter().find(|field| !kind.is_selected_by(field.pointer))
}

/// A place in words, for people: the node's title and the field's label. For a place around the
/// flow, what it belongs to and the way from there.
#[must_use]
pub fn place_words(document: &Document, node: Option<Key>, pointer: &str) -> (String, String) {
    match node.filter(|node| document.contains(*node)) {
        Some(node) => {
            let field = field(document, node, pointer, "");
            let label = field.map_or_else(|| last(pointer), |field| field.label.to_owned());
            (kinds::title(document, node), label)
        }
        None => tell::around(document, pointer),
    }
}

fn last(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{"options": {"paused": true}, "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "spec": {"jobId": "migrate"}},
        {"kind": "Oddity", "spec": {"x": 1}}]}}}"#;

    #[test]
    fn a_place_is_a_field_a_node_or_in_the_settings() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let steps = "/spec/spec/steps";
        let of = |node, pointer: &str| Target::of(&document, node, pointer, "");
        let job = of(Some(nodes[1]), &format!("{steps}/0/spec/jobId"));
        assert_eq!(job, Target::Field(nodes[1], "/spec/jobId"));
        let odd = of(Some(nodes[2]), &format!("{steps}/1/spec/x"));
        assert_eq!(odd, Target::Node(nodes[2]));
        assert_eq!(of(None, "/options/paused"), Target::Place("/options/paused".to_owned()));
        let words = |node, pointer: &str| place_words(&document, node, pointer);
        let said = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let job = words(Some(nodes[1]), &format!("{steps}/0/spec/jobId"));
        assert_eq!(job, said("Run job migrate", "Job"));
        let odd = words(Some(nodes[2]), &format!("{steps}/1/spec/x"));
        assert_eq!(odd.1, "x");
        assert_eq!(words(None, "/options/paused"), said("Options", "paused"));
    }
}
