//! Where something in a document is, as a jump: a node, a field of its form, or a place around the
//! flow.

use slipway_editor::tell;
use slipway_flow::{
    check::{Problem, code},
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
            let label = label(document, node, pointer, "").unwrap_or_else(|| last(pointer));
            (kinds::title(document, node), label)
        }
        None => tell::around(document, pointer),
    }
}

/// Where a problem is, in words: what it is about, and the way to the field from there; empty where
/// no field of a form is meant.
#[must_use]
pub fn problem_words(document: &Document, problem: &Problem) -> (String, String) {
    let Problem { node, pointer, sentence, .. } = problem;
    if problem.code == code::SYNTAX {
        return ("Code".to_owned(), String::new());
    }
    match node.filter(|node| document.contains(*node)) {
        Some(node) => {
            let label = label(document, node, pointer, sentence).unwrap_or_default();
            (kinds::title(document, node), label)
        }
        None => tell::around(document, pointer),
    }
}

/// The way to a place of a node in the labels of its form.
fn label(document: &Document, node: Key, pointer: &str, sentence: &str) -> Option<String> {
    let within = pointer.strip_prefix(&document.pointer(node))?;
    let way = kinds::way(kinds::of(document, node)?.fields, within);
    if way.is_empty() {
        return field(document, node, pointer, sentence).map(|field| field.label.to_owned());
    }
    Some(way.join(tell::STEP))
}

fn last(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use slipway_flow::check::check;

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
        assert_eq!(words(None, "/options/paused"), said("Options", "Triggers are paused"));
    }

    #[test]
    fn a_problem_names_its_field() {
        let document = Document::parse(
            r#"{"options": {"paused": "no"}, "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
            {"kind": "AddonBackup", "spec": {"addonId": "${", "additionalDestinations": [{"type": "custom", "retentionTime": 0}]}},
            {"kind": "Release", "spec": {"type": "deployment"}},
            {"kind": "Oddity", "ref": "x", "spec": {}}]}}}"#,
        )
        .unwrap();
        let problems = check(&document);
        let words: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem_words(&document, problem)))
            .collect();
        let named = |code: &str, place: &str, label: &str| {
            let words_are = |(is, (at, field)): &(&str, (String, String))| {
                *is == code && at == place && field == label
            };
            assert!(words.iter().any(words_are), "{place}, {label}: {words:#?}");
        };
        named(code::TYPE, "Options", "Triggers are paused");
        named(code::MALFORMED_EXPRESSION, "Run backup ${", "Addon");
        named(code::VALUE, "Run backup ${", "Further destinations 1 → Days kept");
        named(code::REQUIRED, "Promote deployment", "Target type");
        named(code::UNKNOWN_KIND, "Oddity x", "");
    }
}
