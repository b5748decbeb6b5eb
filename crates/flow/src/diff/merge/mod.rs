//! Two people's changes to one document, put together.
//!
//! [`merge`] starts from one person's text and makes the other's changes in it, node by node and
//! member by member. What only one of them changed is taken; what both changed to different ends is
//! a [`Conflict`], at which the document stays as the first has it, and nothing is lost, until
//! somebody decides.
//!
//! - `three`: which node is which in three documents, and who moved it. - `values`: members.
//!   `lists`: plain lists. - `nodes`: conflicts about nodes. - `orders`: the order of steps. -
//!   `words`: their sentences. - `settle`: the tree that comes out. - `carry`: the edits that make
//!   it.

mod carry;
mod lists;
mod nodes;
mod orders;
mod settle;
mod three;
mod values;
mod words;

use std::collections::BTreeMap;

use super::{
    outline::{Outline, Part},
    values::Values,
};
use crate::{
    change::ChangeSet,
    document::{Document, Key},
};
use three::Three;

/// Something of each of the three documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides<T> {
    pub base: T,
    pub mine: T,
    pub theirs: T,
}

/// Which of two persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Mine,
    Theirs,
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Mine => Self::Theirs,
            Self::Theirs => Self::Mine,
        }
    }

    const fn choice(self) -> Choice {
        match self {
            Self::Mine => Choice::Mine,
            Self::Theirs => Choice::Theirs,
        }
    }
}

/// How a conflict is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    Mine,
    Theirs,
    /// Both nodes that were added.
    Both,
}

/// What two persons did that doesn't go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// They gave a member different values.
    Field,
    /// They moved a node to different places.
    Place,
    /// They put steps in orders that don't go together.
    Order,
    /// One removed a node, and the other changed it, moved it, or put something inside it.
    Removal,
    /// They added different nodes with one ref.
    Addition,
    /// Each moved a node, one into the other.
    Tangle,
}

/// A decision that only a person can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub about: About,
    pub part: Part,
    /// The node, trigger or input, or the flow's object for settings, in each document. Of an order
    /// the step that was the first.
    pub node: Sides<Option<Key>>,
    /// Of a member: JSON pointer from the node. Else empty.
    pub pointer: String,
    /// What a form calls the member, or the nearest one around it that a form has.
    pub label: Option<&'static str>,
    /// Of a member its values, of a place the workflows; None where there is none, and of an order.
    pub value: Sides<Option<Key>>,
    /// Of an order, what is put in order, by the names for people. Else empty.
    pub order: Sides<Vec<String>>,
    pub sentence: String,
    /// What holds until somebody decides.
    pub stands: Choice,
    pub choices: &'static [Choice],
}

/// What came out of [`merge`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// All edits, in force already. Their inverse takes them back.
    pub changes: ChangeSet,
    /// The same ones in the same order whatever was chosen.
    pub conflicts: Vec<Conflict>,
}

/// Makes in `mine` the changes that lead from `base` to `theirs`. `choices` decides conflicts by
/// their place in [`Merged::conflicts`]; all others stay as they stand. Only the release flows of
/// the documents are merged ([`Document::flow`]); around them mine stays.
pub fn merge(
    base: &Document,
    mine: &mut Document,
    theirs: &Document,
    choices: &BTreeMap<usize, Choice>,
) -> Merged {
    let plan = plan(base, mine, theirs, choices);
    let changes = carry::out(&plan, mine, theirs);
    Merged { changes, conflicts: plan.conflicts }
}

/// What only a person can decide between two documents that came from one; see [`merge`].
#[must_use]
pub fn conflicts(base: &Document, mine: &Document, theirs: &Document) -> Vec<Conflict> {
    plan(base, mine, theirs, &BTreeMap::new()).conflicts
}

/// What there is to do, by keys alone.
struct Plan {
    conflicts: Vec<Conflict>,
    edits: Vec<values::Edit>,
    tree: settle::Tree,
}

fn plan(
    base: &Document,
    mine: &Document,
    theirs: &Document,
    choices: &BTreeMap<usize, Choice>,
) -> Plan {
    let mut values = Values::new();
    let three = Three::new(
        Outline::new(base, &mut values),
        Outline::new(mine, &mut values),
        Outline::new(theirs, &mut values),
    );
    let mut found = nodes::find(&three);
    let members = values::find(&three, &mut found.conflicts);
    let decided = |at: usize| {
        let conflict = &found.conflicts[at];
        choices
            .get(&at)
            .copied()
            .filter(|choice| conflict.choices.contains(choice))
            .unwrap_or(conflict.stands)
    };
    let mut edits = members.agreed;
    for (at, decision) in members.disputed {
        if decided(at) == Choice::Theirs {
            edits.extend(decision);
        }
    }
    let tree = settle::settle(&three, &found, &decided);
    Plan { conflicts: found.conflicts, edits, tree }
}
