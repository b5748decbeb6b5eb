//! What is wrong with a document: document in, problems out, never failing, in time proportional
//! to the document. One file per rule; a rule knows values and sentences, and this file knows
//! where a value stands and which node it belongs to.
//!
//! - `structure`: nodes are nodes. - `fields`: what the field tables say. - `alternatives`: fields
//!   of which one is needed. - `known`: kinds that we don't know. - `workflows`: workflows without
//!   steps. - `expressions`, `arguments`, `inputs`, `refs`: what `${…}` says and means.
//! - `value`: one value against one field, for the rule and for live checks of a form.
//!   `texts`: the strings with expressions. `place`: pointers.
//!
//! May import: `document`, `kinds`, `pattern`, `expr`.

mod alternatives;
mod arguments;
mod expressions;
mod fields;
mod inputs;
mod known;
mod place;
mod refs;
mod structure;
#[cfg(test)]
mod tests;
mod texts;
mod value;
mod workflows;

pub use value::{check_field, check_text, read_input};

use crate::{
    document::{Document, Key},
    kinds::{self, Kind},
};

/// One thing that is wrong, or could be better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer from the root: of the value, or of the member that is missing.
    pub pointer: String,
    /// The value; where a member is missing, the object that should have it.
    pub key: Key,
    /// The innermost node that it belongs to; None for the document around the flow.
    pub node: Option<Key>,
    pub severity: Severity,
    /// Stable, for filters and tests: `later-ref`.
    pub code: &'static str,
    /// For the person who wrote the document.
    pub sentence: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Refused when it is stored or when it is run.
    Error,
    /// Stored and run, but probably not what was meant.
    Warning,
    Hint,
}

impl Severity {
    /// The word for reports: `error`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

impl Problem {
    /// Whether the API refuses to store a document with this problem. Errors about what happens in
    /// a run (refs, expressions) don't stop a document from being stored.
    #[must_use]
    pub fn refuses_storing(&self) -> bool {
        self.severity == Severity::Error
            && matches!(self.code, code::STRUCTURE | code::REQUIRED | code::TYPE | code::VALUE)
    }
}

/// The codes of problems.
pub mod code {
    pub const STRUCTURE: &str = "structure";
    pub const REQUIRED: &str = "required";
    pub const TYPE: &str = "type";
    pub const VALUE: &str = "value";
    pub const ALTERNATIVES: &str = "alternatives";
    pub const UNKNOWN_MEMBER: &str = "unknown-member";
    pub const DUPLICATE_MEMBER: &str = "duplicate-member";
    pub const OLD_VERSION: &str = "old-version";
    pub const UNKNOWN_KIND: &str = "unknown-kind";
    pub const EMPTY_WORKFLOW: &str = "empty-workflow";
    pub const MALFORMED_EXPRESSION: &str = "malformed-expression";
    pub const ARGUMENT_WITHOUT_DEFAULT: &str = "argument-without-default";
    pub const COMMIT_AS_BRANCH: &str = "commit-as-branch";
    pub const DUPLICATE_REF: &str = "duplicate-ref";
    pub const AWKWARD_REF: &str = "awkward-ref";
    pub const UNKNOWN_REF: &str = "unknown-ref";
    pub const LATER_REF: &str = "later-ref";
}

/// Everything that is wrong with a document, in the order of its text.
#[must_use]
pub fn check(document: &Document) -> Vec<Problem> {
    let mut findings = Findings::default();
    if document.is_object(document.flow()) {
        let nodes = Node::all(document);
        let texts = texts::collect(document, &nodes);
        structure::check(document, &nodes, &mut findings);
        fields::check(document, &nodes, &mut findings);
        alternatives::check(document, &nodes, &mut findings);
        known::check(document, &nodes, &mut findings);
        workflows::check(document, &nodes, &mut findings);
        expressions::check(&texts, &mut findings);
        arguments::check(document, &texts, &mut findings);
        inputs::check(document, &texts, &mut findings);
        refs::check(document, &nodes, &texts, &mut findings);
    } else {
        let sentence = "A release flow's document is an object, in braces.";
        findings.error(document.flow(), code::STRUCTURE, sentence);
    }
    place::locate(document, findings)
}

/// A node with what most rules ask of it, looked up once.
struct Node<'d> {
    key: Key,
    /// The word at `kind`; empty where there is none.
    word: &'d str,
    kind: Option<&'static Kind>,
    /// The `spec`, where it is an object.
    spec: Option<Key>,
    /// The array of steps of a node that has one.
    steps: Option<Key>,
}

impl<'d> Node<'d> {
    /// All nodes of the flow, each before its steps.
    fn all(document: &'d Document) -> Vec<Self> {
        let node = |key| {
            let view = document.node(key);
            let spec = view.spec().filter(|spec| document.is_object(*spec));
            let member = |name| spec.and_then(|spec| document.get(spec, name));
            let word = view.kind();
            Self {
                key,
                word,
                kind: kinds::of(document, key),
                spec,
                steps: member("steps").filter(|steps| document.is_array(*steps)),
            }
        };
        document.nodes().into_iter().map(node).collect()
    }
}

/// What a rule found, before it is known where that stands.
struct Finding {
    /// The value, or the object that lacks a member.
    key: Key,
    /// Pointer from `key` to the member that is missing; else empty.
    below: &'static str,
    severity: Severity,
    code: &'static str,
    sentence: String,
}

/// What the rules found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn error(&mut self, key: Key, code: &'static str, sentence: impl Into<String>) {
        self.add(key, "", Severity::Error, code, sentence.into());
    }

    fn warning(&mut self, key: Key, code: &'static str, sentence: impl Into<String>) {
        self.add(key, "", Severity::Warning, code, sentence.into());
    }

    fn hint(&mut self, key: Key, code: &'static str, sentence: impl Into<String>) {
        self.add(key, "", Severity::Hint, code, sentence.into());
    }

    /// The member at `below` from `key` is not there and should be.
    fn missing(&mut self, key: Key, below: &'static str, code: &'static str, sentence: String) {
        self.add(key, below, Severity::Error, code, sentence);
    }

    fn add(
        &mut self,
        key: Key,
        below: &'static str,
        severity: Severity,
        code: &'static str,
        sentence: String,
    ) {
        self.0.push(Finding { key, below, severity, code, sentence });
    }
}
