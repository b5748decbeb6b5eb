//! What is different between two release-flow documents, and how two people's changes go together.
//!
//! [`diff`] compares two documents node by node: the flow, the teardown, triggers, inputs and the
//! settings around them. Its [`Difference`] is a tree to draw, a text to read and a line to list.
//! Spacing, the order of members and the way a number is written are no difference.
//!
//! - `lines`: two texts line by line. - `values`: what a value means. - `outline`: a document as a tree of entries. - `matching`: which
//!   entry is which. - `order`: moves and places. - `fields`: members that differ. - `text`: the
//!   difference in words. - `merge`: two people's changes put together.
//!
//! May import: `document`, `kinds`, `change`.

mod fields;
pub mod lines;
mod matching;
pub mod merge;
mod order;
mod outline;
#[cfg(test)]
mod tests;
mod text;
mod values;

pub use fields::FieldChange;
use matching::Pairs;
use order::Role;
use outline::{Class, Outline, SETTINGS};
pub use outline::{Part, title};
pub use text::{Told, value_words};
use values::Values;

use crate::document::{Document, Key};

/// The difference of two documents: see [`diff`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Everything there is on either side, as a tree to draw, each row before those inside it: the
    /// settings, the triggers and inputs, the nodes of the flow, those of the teardown. In the order
    /// of the new document, with what was removed at the place where it was.
    pub rows: Vec<Row>,
}

/// A node, trigger, input, or the settings, in two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub part: Part,
    /// 0 for roots, triggers, inputs and the settings.
    pub depth: usize,
    /// The row of the workflow around it.
    pub parent: Option<usize>,
    /// In the old document; None where it was added.
    pub old: Option<Key>,
    /// In the new document; None where it was removed.
    pub new: Option<Key>,
    /// The members that changed, in the order of the new text. Steps are not among them.
    pub fields: Vec<FieldChange>,
    pub moved: Option<Moved>,
}

/// Where a row was and is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// In the old document.
    pub from: Spot,
    /// In the new document.
    pub to: Spot,
}

/// A place among the steps of a workflow, or in the list of triggers or inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// None in the list of triggers or inputs.
    pub workflow: Option<Key>,
    /// From 0.
    pub index: usize,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Same,
    Added,
    Removed,
    Changed,
    Moved,
    ChangedAndMoved,
}

impl Row {
    #[must_use]
    pub fn state(&self) -> State {
        match (self.old, self.new, self.fields.is_empty(), &self.moved) {
            (None, ..) => State::Added,
            (_, None, ..) => State::Removed,
            (_, _, false, Some(_)) => State::ChangedAndMoved,
            (_, _, false, None) => State::Changed,
            (_, _, true, Some(_)) => State::Moved,
            (_, _, true, None) => State::Same,
        }
    }
}

/// How many rows came, went, changed and moved; see [`Difference::counts`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: usize,
    pub removed: usize,
    /// Also of those that moved.
    pub changed: usize,
    /// Also of those that changed.
    pub moved: usize,
    /// Members of the settings.
    pub settings: usize,
}

impl Difference {
    /// Whether the documents say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.state() == State::Same)
    }

    /// The rows that are not the same in both documents.
    pub fn changed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.state() != State::Same)
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            match row.state() {
                State::Changed if row.part == Part::Settings => counts.settings = row.fields.len(),
                State::Same => {}
                State::Added => counts.added += 1,
                State::Removed => counts.removed += 1,
                State::Changed => counts.changed += 1,
                State::Moved => counts.moved += 1,
                State::ChangedAndMoved => {
                    counts.changed += 1;
                    counts.moved += 1;
                }
            }
        }
        counts
    }
}

/// Compares the release flows of two documents ([`Document::flow`]); what stands around them in a
/// larger document is not looked at. A node is the same in both by its ref, else by its content,
/// else by its kind, resource and place. Linear but for sorting.
#[must_use]
pub fn diff(old: &Document, new: &Document) -> Difference {
    let mut values = Values::new();
    let (old, new) = (Outline::new(old, &mut values), Outline::new(new, &mut values));
    let pairs = Pairs::new(&old, &new);
    let mut tree = Tree { old: &old, new: &new, pairs: &pairs, rows: Vec::new() };
    tree.draw();
    Difference { rows: tree.rows }
}

/// An entry of the merged tree: of the new document, or a removed one of the old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawn {
    New(usize),
    Removed(usize),
}

struct Tree<'a> {
    old: &'a Outline<'a>,
    new: &'a Outline<'a>,
    pairs: &'a Pairs,
    rows: Vec<Row>,
}

impl Tree<'_> {
    fn draw(&mut self) {
        let mut open = vec![(Drawn::New(SETTINGS), None, 0)];
        while let Some((drawn, parent, depth)) = open.pop() {
            // The settings and lists are no rows around what is in them.
            let class = match drawn {
                Drawn::New(at) => self.new.entries[at].class,
                Drawn::Removed(at) => self.old.entries[at].class,
            };
            let (around, inner) = match class {
                Class::List | Class::Settings => (None, 0),
                Class::Root | Class::Item => (Some(self.rows.len()), depth + 1),
            };
            if class != Class::List {
                self.rows.push(self.row(drawn, parent, depth));
            }
            let inside = self.inside(drawn);
            open.extend(inside.into_iter().rev().map(|drawn| (drawn, around, inner)));
        }
    }

    fn row(&self, drawn: Drawn, parent: Option<usize>, depth: usize) -> Row {
        let (before, after) = match drawn {
            Drawn::New(at) => (self.pairs.to_old[at], Some(at)),
            Drawn::Removed(at) => (Some(at), None),
        };
        let old = before.map(|at| &self.old.entries[at]);
        let new = after.map(|at| &self.new.entries[at]);
        let mut row = Row {
            part: new.or(old).map_or(Part::Settings, |entry| entry.part),
            depth,
            parent,
            old: old.and_then(|entry| entry.key),
            new: new.and_then(|entry| entry.key),
            fields: Vec::new(),
            moved: None,
        };
        if let (Some(before), Some(after)) = (before, after) {
            row.fields = fields::changes((self.old, before), (self.new, after));
            let moved = self.pairs.changed_parent(self.old, self.new, after)
                || self.pairs.is_reordered(after);
            row.moved =
                moved.then(|| Moved { from: spot(self.old, before), to: spot(self.new, after) });
        }
        row
    }

    /// The entries inside one, with removed ones among them.
    fn inside(&self, drawn: Drawn) -> Vec<Drawn> {
        let (before, after) = match drawn {
            Drawn::New(at) => (self.pairs.to_old[at], Some(at)),
            Drawn::Removed(at) => (Some(at), None),
        };
        let Some(before) = before else {
            let inside = after.map_or(&[][..], |at| &self.new.entries[at].children);
            return inside.iter().map(|child| Drawn::New(*child)).collect();
        };
        // Old entries are numbered after the new ones.
        let offset = self.new.entries.len();
        let list = after.map_or(&[][..], |at| &self.new.entries[at].children);
        let old =
            self.old.entries[before].children.iter().map(|child| match self.pairs.to_new[*child] {
                None => (child + offset, Role::Insert),
                Some(new)
                    if Some(self.new.entries[new].parent) == after
                        && !self.pairs.is_reordered(new) =>
                {
                    (new, Role::Anchor)
                }
                Some(new) => (new, Role::Pass),
            });
        let woven = order::weave(list, old, |_| false);
        let drawn = |at: usize| at.checked_sub(offset).map_or(Drawn::New(at), Drawn::Removed);
        woven.into_iter().map(drawn).collect()
    }
}

fn spot(outline: &Outline<'_>, at: usize) -> Spot {
    let around = &outline.entries[outline.entries[at].parent];
    let workflow = around.key.filter(|_| around.class != Class::List);
    Spot { workflow, index: outline.index(at) }
}
