//! The one primitive of editing: a set of changes that can be applied, inverted and squashed. It
//! serves undo, the journal, difference and merge.
//!
//! A change set belongs to the document it was made on: it names values by their keys. Made by
//! [`Document::edit`].

use crate::document::{Data, Document, Item, Key, Symbol};

/// Changes to one document, in the order they happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    pub(crate) edits: Vec<Edit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Puts another value into the slot `key`.
    Replace { key: Key, old: Data, new: Data },
    /// Exchanges a run of items of an object or array, and the white space of an empty one.
    Splice {
        container: Key,
        at: usize,
        removed: Vec<Item>,
        inserted: Vec<Item>,
        gap: (Symbol, Symbol),
    },
    /// Exchanges the white space before and after the outermost value.
    Around { old: (Box<str>, Box<str>), new: (Box<str>, Box<str>) },
}

/// A change set was applied to a document that is not in the state it was made for. Nothing was
/// changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This change belongs to another state of the document.")]
pub struct Stale;

impl ChangeSet {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The changes that take these back: applying both leaves every byte as it was.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let edits = self.edits.iter().rev().map(|edit| match edit.clone() {
            Edit::Replace { key, old, new } => Edit::Replace { key, old: new, new: old },
            Edit::Splice { container, at, removed, inserted, gap } => Edit::Splice {
                container,
                at,
                removed: inserted,
                inserted: removed,
                gap: (gap.1, gap.0),
            },
            Edit::Around { old, new } => Edit::Around { old: new, new: old },
        });
        Self { edits: edits.collect() }
    }

    /// These changes and then `later`, as one. Replacements of the same value in a row become one.
    #[must_use]
    pub fn squash(mut self, later: Self) -> Self {
        for edit in later.edits {
            if let (
                Some(Edit::Replace { key: last, new: between, .. }),
                Edit::Replace { key, old, new },
            ) = (self.edits.last_mut(), &edit)
                && last == key
                && between == old
            {
                *between = new.clone();
                continue;
            }
            self.edits.push(edit);
        }
        self.edits.retain(|edit| !matches!(edit, Edit::Replace { old, new, .. } if old == new));
        self
    }
}

impl Document {
    /// Applies a change set.
    ///
    /// # Errors
    /// [`Stale`] when the document is not in the state that the set was made for.
    pub fn apply(&mut self, changes: &ChangeSet) -> Result<(), Stale> {
        for (done, edit) in changes.edits.iter().enumerate() {
            if self.apply_edit(edit).is_err() {
                let undo = ChangeSet { edits: changes.edits[..done].to_vec() }.inverse();
                for edit in &undo.edits {
                    // What was just applied can be taken back: its state is the current one.
                    let _ = self.apply_edit(edit);
                }
                return Err(Stale);
            }
        }
        Ok(())
    }
}
