//! The kinds of release-flow nodes: one file per kind, each a static table of what the kind is
//! called, which fields it has, what bounds them and which list of resources feeds them. Forms,
//! palette, checks and the canvas read the same tables; adding a kind is adding a file and a line
//! in [`all`]. A node of any other kind is carried and drawn, never dropped.
//!
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
#[cfg(test)]
mod tests;
mod words;
mod workflow;

pub use field::{Choice, Field, FieldType, Group, Place, Source};
pub use fresh::{suggest_ref, template};
pub use words::{Phrase, Summary, details, subject, title};

use crate::document::{Document, Key};

/// What a node kind is. The three types of `Release` and the two of `Workflow` are kinds of their
/// own here: they differ in fields and in what a person calls them.
#[derive(Debug)]
pub struct Kind {
    /// The word in the document (`kind`).
    pub kind: &'static str,
    /// The word at `/spec/type` where it decides the fields (`Release`, `Workflow`).
    pub variant: Option<&'static str>,
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

/// The kind with this name and, where types tell kinds apart, this `/spec/type`. A workflow that
/// doesn't say its type, or says one that doesn't exist, is a sequential one; a release needs its
/// type to be known.
#[must_use]
pub fn find(kind: &str, variant: Option<&str>) -> Option<&'static Kind> {
    let mut named = ALL.iter().copied().filter(|known| known.kind == kind);
    let first = named.next()?;
    if first.variant.is_none() || first.variant == variant {
        return Some(first);
    }
    named.find(|known| known.variant == variant).or_else(|| first.container.then_some(first))
}

/// The kind of the node at `node`; None where we don't know it.
#[must_use]
pub fn of(document: &Document, node: Key) -> Option<&'static Kind> {
    let view = document.node(node);
    find(view.kind(), view.spec_text(&["type"]))
}
