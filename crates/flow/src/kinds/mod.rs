//! The kinds of release-flow nodes: one file per kind, each a static table of what the kind is
//! called, which fields it has, what bounds them and which list of resources feeds them. Forms,
//! palette, checks and the canvas read the same tables; adding a kind is adding a file and a line
//! in [`all`]. A node of any other kind is carried and drawn, never dropped.
//!
//! - `shape`: tables as trees.
//! - `field`: what a field is. - `settings`: tables of the same sort for the document around the
//!   flow (triggers, options, GitOps). - `words`: a node in a few words. - `fresh`: new nodes.
//!
//! May import: `document`, `pattern`, `expr`.

mod addon_backup;
mod build;
mod envelope;
mod field;
mod fresh;
mod job_run;
mod release;
pub mod settings;
pub(crate) mod shape;
#[cfg(test)]
mod tests;
mod words;
mod workflow;

pub use field::{Choice, Field, FieldType, Group, Place, Source};
pub use fresh::suggest_ref;
pub use words::{Phrase, Summary, details, subject, title};

use crate::document::{Document, Key};

/// What a node kind is. The three types of `Release` and the two of `Workflow` are kinds of their
/// own here: they differ in fields and in what a person calls them. The same holds for what a
/// `Condition` waits for, what an `Action` does and where a `Message` goes.
#[derive(Debug)]
pub struct Kind {
    /// The word in the document (`kind`).
    pub kind: &'static str,
    /// What else a node says to be of this kind: `/spec/type` of a `Release`. The same pointers in
    /// the same order for all kinds that share a `kind`.
    pub when: &'static [Selector],
    /// What a person calls it: "Run job".
    pub title: &'static str,
    pub icon: Icon,
    /// One or two sentences for the palette and the top of the form.
    pub help: &'static str,
    pub fields: &'static [Field],
    /// What later nodes can read through `${refs.<ref>.<name>}` once the node has finished.
    pub outputs: &'static [Output],
    /// Whether other nodes go inside.
    pub container: bool,
    pub summary: Summary,
    /// The JSON text of a new node, indented by two spaces, with empty strings where the person
    /// must choose.
    pub template: &'static str,
}

/// A member that tells apart kinds with the same `kind`, by the word it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selector {
    /// JSON pointer from the node: `/spec/type`.
    pub pointer: &'static str,
    pub value: &'static str,
}

/// Most kinds that share a name are told apart by the type in their spec.
const fn by_type(value: &'static str) -> Selector {
    Selector { pointer: "/spec/type", value }
}

/// A value that a node leaves behind for later nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    pub name: &'static str,
    pub help: &'static str,
}

/// The drawing that stands for a kind; the app owns the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    Sequential,
    Parallel,
    DeployBuild,
    Promote,
    DeployImage,
    Build,
    Job,
    Backup,
    /// A kind that we don't know.
    Unknown,
}

static ALL: &[&Kind] = &[
    &workflow::SEQUENTIAL,
    &workflow::PARALLEL,
    &build::BUILD,
    &release::BUILD,
    &release::DEPLOYMENT,
    &release::REGISTRY,
    &job_run::JOB_RUN,
    &addon_backup::ADDON_BACKUP,
];

/// Every kind that we know, in the order of the palette.
#[must_use]
pub fn all() -> &'static [&'static Kind] {
    ALL
}

/// The kinds that share a `kind`, in the order of the palette.
pub fn named(kind: &str) -> impl Iterator<Item = &'static Kind> {
    ALL.iter().copied().filter(move |known| known.kind == kind)
}

/// The kind with this name whose selectors hold these words, in their order:
/// `find("Release", &["build"])`.
#[must_use]
pub fn find(kind: &str, words: &[&str]) -> Option<&'static Kind> {
    named(kind)
        .find(|known| known.when.iter().map(|selector| selector.value).eq(words.iter().copied()))
}

/// The kind of the node at `node`; None where we don't know it. A workflow that doesn't say its
/// type, or says one that doesn't exist, is a sequential one; elsewhere every selector must hold.
#[must_use]
pub fn of(document: &Document, node: Key) -> Option<&'static Kind> {
    let word = |pointer: &str| document.str(document.resolve_from(node, pointer)?);
    told_by(document.node(node).kind(), word)
}

/// As [`of`], where `word` tells the text at a pointer from the node.
pub(crate) fn told_by<'t>(
    kind: &str,
    word: impl Fn(&str) -> Option<&'t str>,
) -> Option<&'static Kind> {
    let mut same = named(kind);
    let first = same.next()?;
    let holds = |by: &Selector| word(by.pointer) == Some(by.value);
    std::iter::once(first)
        .chain(same)
        .find(|known| known.when.iter().all(holds))
        .or_else(|| first.container.then_some(first))
}

impl Kind {
    /// Whether the member at this pointer makes a node the kind that it is: it is switched, not
    /// filled in.
    #[must_use]
    pub fn is_selected_by(&self, pointer: &str) -> bool {
        self.when.iter().any(|selector| selector.pointer == pointer)
    }
}
