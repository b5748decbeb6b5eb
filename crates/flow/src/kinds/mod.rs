//! The kinds of release-flow nodes: one file per kind, each a static table of what the kind is
//! called, which fields it has, what bounds them and which list of resources feeds them. Forms,
//! palette, checks and the canvas read the same tables; adding a kind is adding a file and a line
//! in [`all`]. A node of any other kind is carried and drawn, never dropped.
//!
//! - `field`: what a field is. - `rule`: what holds between fields. - `shape`: tables as trees.
//! - `envelope`: fields that many kinds share. - `vcs`: how a Git repository is written.
//! - `settings`: tables of the same sort for the document around the flow (triggers, options,
//!   GitOps). - `pipeline`: the node of a team template that carries flows.
//! - `describe`: types in words. - `words`: a node in a few words. - `fresh`: new nodes.
//! - `offer`: which kinds somebody can add.
//! - `unknown`: members that a table doesn't have.
//! - `way`: the way to a value in labels.
//!
//! May import: `document`, `pattern`, `expr`, `stage`.

mod action;
mod addon;
mod approval;
mod build;
mod condition;
pub mod describe;
mod envelope;
mod field;
mod fresh;
mod job_run;
mod loops;
mod message;
mod offer;
mod open_tofu;
pub mod pipeline;
#[cfg(test)]
mod probe;
mod release;
mod rollout;
mod rule;
mod run_template;
mod secrets;
pub mod settings;
pub(crate) mod shape;
#[cfg(test)]
mod tests;
mod unknown;
mod vcs;
mod way;
mod words;
mod workflow;

pub use field::{Choice, Field, FieldType, Group, Place, Source, Table, Wanted};
pub use fresh::{FreeNames, suggest_ref};
pub use offer::offered;
pub use rule::{Rule, When};
pub use unknown::unknown_members;
pub use way::way;
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
    /// Where the palette shows it.
    pub section: Section,
    /// One or two sentences for the palette and the top of the form.
    pub help: &'static str,
    /// Where the vendor documents it.
    pub cite: &'static str,
    /// Since when the vendor has it.
    pub since: Since,
    pub scope: Scope,
    pub fields: &'static [Field],
    /// What holds between the fields.
    pub rules: &'static [Rule],
    /// What later nodes can read through `${refs.<ref>.<name>}` once the node has finished.
    pub outputs: &'static [Output],
    /// Whether other nodes go inside.
    pub container: bool,
    pub summary: Summary,
    /// The JSON text of a new node, indented by two spaces, with empty strings where the person
    /// must choose.
    pub template: &'static str,
}

/// Where nodes of a kind may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In the flow itself.
    Flow,
    /// In the teardown.
    Teardown,
    Both,
}

impl Scope {
    /// Whether such a node may stand in the flow itself.
    #[must_use]
    pub const fn in_flow(self) -> bool {
        matches!(self, Self::Flow | Self::Both)
    }

    /// Whether such a node may stand in the teardown.
    #[must_use]
    pub const fn in_teardown(self) -> bool {
        matches!(self, Self::Teardown | Self::Both)
    }
}

/// The year in which the vendor's documentation first has a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Since {
    Y2025,
    Y2026,
}

impl Since {
    #[must_use]
    pub const fn year(self) -> u16 {
        match self {
            Self::Y2025 => 2025,
            Self::Y2026 => 2026,
        }
    }
}

/// A part of the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    Structure,
    Release,
    Data,
    Wait,
    Tell,
    Other,
}

impl Section {
    /// In the order of the palette.
    pub const ALL: [Self; 6] =
        [Self::Structure, Self::Release, Self::Data, Self::Wait, Self::Tell, Self::Other];

    /// The heading above its kinds.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Structure => "Structure",
            Self::Release => "Build and release",
            Self::Data => "Jobs and data",
            Self::Wait => "Wait and ask",
            Self::Tell => "Tell",
            Self::Other => "Other",
        }
    }
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

/// A value that a node or a trigger leaves behind for later nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// The words after the ref, parted by dots: `sha`, `registry.uri`.
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
    Import,
    Loop,
    LoopData,
    Restart,
    Restore,
    Command,
    Repository,
    Wait,
    Approval,
    Comment,
    Chat,
    Webhook,
    Template,
    Secrets,
    Rollout,
    Destroy,
    /// A kind that we don't know.
    Unknown,
}

static ALL: &[&Kind] = &[
    &workflow::SEQUENTIAL,
    &workflow::PARALLEL,
    &loops::LOOP_WORKFLOW,
    &loops::LOOP_DATA,
    &build::BUILD,
    &release::BUILD,
    &release::DEPLOYMENT,
    &release::REGISTRY,
    &rollout::ROLLOUT_STRATEGY,
    &job_run::JOB_RUN,
    &addon::ADDON_BACKUP,
    &addon::ADDON_IMPORT,
    &action::RESTART_SERVICE,
    &action::RUN_IN_SERVICE,
    &action::RUN_IN_JOB,
    &action::RESTART_ADDON,
    &action::RESTORE_BACKUP,
    &condition::SERVICE,
    &condition::ADDON,
    &condition::CLUSTER,
    &condition::BUILD,
    &condition::JOB_RUN,
    &condition::BACKUP,
    &condition::IMPORT,
    &condition::COPY,
    &approval::APPROVAL,
    &message::COMMENT,
    &message::SLACK,
    &message::WEBHOOK,
    &run_template::RUN_TEMPLATE,
    &secrets::SECRET_INHERITANCE,
    &action::COPY_REPOSITORY,
    &open_tofu::OPEN_TOFU_DESTROY,
    #[cfg(test)]
    &probe::PROBE,
];

/// Every kind that we know, in the order of the palette.
#[must_use]
pub fn all() -> &'static [&'static Kind] {
    ALL
}

/// The words that `kind` can be, each once.
#[must_use]
pub fn names() -> Vec<&'static str> {
    ALL.iter().fold(Vec::new(), |mut names, known| {
        if !names.contains(&known.kind) {
            names.push(known.kind);
        }
        names
    })
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
    /// What most kinds have in common; each says the rest.
    const NEW: Self = Self {
        kind: "",
        when: &[],
        title: "",
        icon: Icon::Unknown,
        section: Section::Other,
        help: "",
        cite: "",
        since: Since::Y2025,
        scope: Scope::Flow,
        fields: &[],
        rules: &[],
        outputs: &[],
        container: false,
        summary: Summary::EMPTY,
        template: "",
    };

    /// Whether the member at this pointer makes a node the kind that it is: it is switched, not
    /// filled in.
    #[must_use]
    pub fn is_selected_by(&self, pointer: &str) -> bool {
        self.when.iter().any(|selector| selector.pointer == pointer)
    }
}
