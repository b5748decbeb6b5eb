//! What is wrong with a document: document in, problems out, never failing, in time proportional
//! to the document. One file per rule; a rule knows values and sentences, and `place` knows where a
//! value stands and which node it belongs to.
//!
//! - `checker`: which rules there are, what each sort of them may look at, and what is kept between
//!   edits. A new rule is a function in one of its three lists. - `nodes`: a node by itself and among
//!   others. - `names`: the words by which nodes speak of each other.
//! - `structure`: nodes are nodes. - `fields`: what the field tables say. - `alternatives`: fields
//!   of which one is needed. - `strays`, `others`: members that don't belong. - `known`: kinds that
//!   we don't know. - `workflows`: workflows without steps.
//! - `template`: documents of another sort.
//! - `triggers`, `paths`, `secrets`, `stages`, `targets`, `waits`, `rollouts`, `inherits`: what the
//!   document means.
//! - `expressions`, `arguments`, `outer`, `inputs`, `refs`, `outputs`: what `${…}` says and means.
//! - `value`: one value against one field, for the rule and for live checks of a form.
//!   `texts`: values, and the strings with expressions. `place`: pointers.
//! - `fix`, `corrections`: ways out.
//!
//! One mistake is one problem: what only follows from another one isn't said. Where a problem
//! stands is the same for all of a sort: a member that is one too many, or has the wrong name, at
//! its name; a wrong value at the value; one that is missing at the object that lacks it, with the
//! pointer that it would have; a wrong part of an expression at that part, and what can't be read
//! as one at all from `${` to its end.
//!
//! May import: `document`, `kinds`, `pattern`, `expr`.

mod alternatives;
mod arguments;
mod checker;
pub mod code;
mod context;
mod corrections;
mod duplicates;
mod expressions;
mod fields;
mod finding;
mod fix;
mod inherits;
mod inputs;
mod known;
mod missing;
mod names;
mod near;
mod nodes;
mod others;
mod outer;
mod outputs;
mod paths;
mod place;
mod refs;
mod rollouts;
mod secrets;
mod span;
mod stages;
mod strays;
mod structure;
mod targets;
mod template;
#[cfg(test)]
mod tests;
mod texts;
mod triggers;
mod value;
mod waits;
mod workflows;

pub use checker::Checker;
pub use context::{Context, Members, Resources};
pub use fix::{Fix, TextEdit};
pub use refs::check_ref;
pub use value::{Typed, check_field, check_text, read_input, typed};

use std::ops::Range;

use checker::{View, Whole};
use finding::{Finding, Findings, Mark};

use crate::document::{Document, Key};

/// One thing that is wrong, or could be better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer from the root: of the value, or of the member that is missing.
    pub pointer: String,
    /// The value; where a member is missing, the object that should have it.
    pub key: Key,
    /// The innermost node that it belongs to; None for the document around the flow.
    pub node: Option<Key>,
    /// Bytes of [`Document::text`]: of the value, of a member's name, of an expression within a
    /// string; where a member is missing, of the beginning of the object that should have it.
    pub span: Range<usize>,
    pub severity: Severity,
    /// One of [`code::ALL`]; stable, for filters and tests: `later-ref`.
    pub code: &'static str,
    /// For the person who wrote the document.
    pub sentence: String,
    /// Ways to solve it, the likeliest first.
    pub fixes: Vec<Fix>,
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
            && matches!(
                self.code,
                code::STRUCTURE
                    | code::REQUIRED
                    | code::TYPE
                    | code::VALUE
                    | code::MISSPELT_MEMBER
                    | code::MISPLACED_MEMBER
            )
    }
}

/// Everything that is wrong with a document's flow, in the order of its text.
#[must_use]
pub fn check(document: &Document) -> Vec<Problem> {
    check_in(document, &Context::default())
}

/// As [`check()`], with what is known of the flow's surroundings: whether it acts on what its stage
/// holds.
#[must_use]
pub fn check_in(document: &Document, context: &Context) -> Vec<Problem> {
    Checker::new(context.clone()).check(document)
}

/// The flow's Git triggers.
fn triggers(document: &Document) -> impl Iterator<Item = Key> + '_ {
    let triggers = document.get(document.flow(), "triggers");
    triggers.into_iter().flat_map(|triggers| document.elements(triggers))
}

/// Where the inputs of the run dialog say which arguments they fill.
fn input_outputs(document: &Document) -> impl Iterator<Item = Key> + '_ {
    let inputs = document.get(document.flow(), "richInputs");
    let inputs = inputs.into_iter().flat_map(|inputs| document.elements(inputs));
    inputs.filter_map(|input| document.at(input, &["spec", "outputs"]))
}
