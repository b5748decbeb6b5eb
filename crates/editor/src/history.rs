//! Undo and redo: change sets with labels. Typing in one field is one step.

use slipway_flow::{change::ChangeSet, document::Key};

use crate::selection::Selection;

/// Steps kept; older ones are forgotten.
const LIMIT: usize = 1_000;

/// One step that can be undone.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What was done, for "Undo …": begins with a capital ("Move Run job migrate").
    pub label: String,
    pub changes: ChangeSet,
    /// Steps in a row on the same field of the same node become one.
    pub field: Option<(Key, String)>,
    /// The ref that the step has made for the node because its resource was chosen.
    pub made_ref: Option<Key>,
    pub before: Selection,
    pub after: Selection,
    /// What was typed in the document's text; none for any other step.
    pub text: Option<TextStep>,
    /// Whether these are somebody else's changes: undo leads past them and never takes them back.
    pub foreign: bool,
}

/// An exchange of a part of the document's text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TextStep {
    /// In bytes.
    pub at: usize,
    pub removed: String,
    pub inserted: String,
    /// Whether the text couldn't be read, before and after.
    pub broken: (bool, bool),
}

impl TextStep {
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            at: self.at,
            removed: self.inserted.clone(),
            inserted: self.removed.clone(),
            broken: (self.broken.1, self.broken.0),
        }
    }

    /// Whether this is typing that goes on where `last` ended, within the line: characters one after
    /// the other, or taken away one after the other.
    #[must_use]
    pub fn goes_on(&self, last: &Self) -> bool {
        let in_line = !self.inserted.contains('\n') && !self.removed.contains('\n');
        let end = last.at + last.inserted.len();
        in_line && (last.at..=end).contains(&self.at) && self.at + self.removed.len() <= end
            || in_line
                && self.inserted.is_empty()
                && last.inserted.is_empty()
                && self.at + self.removed.len() == last.at
    }

    /// This and `next`, which goes on with it.
    fn join(&mut self, next: &Self) {
        self.broken.1 = next.broken.1;
        match next.at.checked_sub(self.at) {
            Some(from) if from + next.removed.len() <= self.inserted.len() => {
                self.inserted.replace_range(from..from + next.removed.len(), &next.inserted);
            }
            _ => {
                self.removed.insert_str(0, &next.removed);
                self.at = next.at;
            }
        }
    }
}

/// The steps of a session.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Entry>,
    undone: Vec<Entry>,
    /// How many steps were done when the document was last saved; none when no number of steps
    /// leads there any more.
    saved: Option<usize>,
    /// Whether the next step may join the last one.
    joinable: bool,
}

impl History {
    #[must_use]
    pub fn new() -> Self {
        Self { saved: Some(0), ..Self::default() }
    }

    /// Adds a step. Returns whether it became one with the last.
    pub fn push(&mut self, entry: Entry) -> bool {
        self.undone.clear();
        if self.saved.is_some_and(|saved| saved > self.done.len()) {
            self.saved = None;
        }
        let joins = self.joins(entry.field.as_ref()).is_some();
        self.joinable = true;
        if joins && let Some(last) = self.done.last_mut() {
            last.changes = std::mem::take(&mut last.changes).squash(entry.changes);
            last.after = entry.after;
            last.made_ref = entry.made_ref;
            if let (Some(text), Some(next)) = (&mut last.text, &entry.text) {
                text.join(next);
            }
            return true;
        }
        if entry.foreign {
            // What the server has is no longer a state of these steps.
            self.saved = None;
        }
        self.done.push(entry);
        if self.done.len() > LIMIT {
            self.done.remove(0);
            self.saved = self.saved.and_then(|saved| saved.checked_sub(1));
        }
        false
    }

    /// As [`History::push`], of a step that is known to have joined the last one, or not to have.
    pub fn push_again(&mut self, entry: Entry, joins: bool) {
        self.joinable = joins;
        self.push(entry);
    }

    /// Where somebody else's changes were made last: takes them out, and the step below them, which
    /// is undone next. None where there is no such step.
    pub fn take_below(&mut self) -> Option<(Entry, Entry)> {
        while let [.., Entry { foreign: true, .. }, Entry { foreign: true, .. }] = &self.done[..] {
            let later = self.done.pop()?;
            let earlier = self.done.last_mut()?;
            earlier.changes = std::mem::take(&mut earlier.changes).squash(later.changes);
            self.shorten();
        }
        match &self.done[..] {
            [.., _, Entry { foreign: true, .. }] => {
                let foreign = self.done.pop()?;
                Some((self.done.pop()?, foreign))
            }
            _ => None,
        }
    }

    /// Puts the changes of [`History::take_below`] back without the step, which can be done again,
    /// unless nothing was left of it.
    pub fn put_back(&mut self, foreign: Entry, undone: Option<Entry>) {
        self.joinable = false;
        self.done.push(foreign);
        match undone {
            Some(undone) => self.undone.push(undone),
            None => self.shorten(),
        }
    }

    /// There is one step less on the way to what is saved.
    fn shorten(&mut self) {
        self.saved = self.saved.filter(|saved| *saved > self.done.len());
        self.saved = self.saved.and_then(|saved| saved.checked_sub(1));
    }

    /// Whether the last changes are somebody else's.
    #[must_use]
    pub fn ends_foreign(&self) -> bool {
        self.done.last().is_some_and(|entry| entry.foreign)
    }

    /// How many own steps there are that the server doesn't have.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        let from = self.saved.unwrap_or(0).min(self.done.len());
        let back = self.saved.map_or(0, |saved| saved.saturating_sub(self.done.len()));
        back + self.done[from..].iter().filter(|entry| !entry.foreign).count()
    }

    /// The step that a command on this field would go on with.
    #[must_use]
    pub fn joins(&self, field: Option<&(Key, String)>) -> Option<&Entry> {
        let last = self.done.last().filter(|_| self.joinable && field.is_some())?;
        (last.field.as_ref() == field).then_some(last)
    }

    /// What was typed in the text, in the step that the next may go on with.
    #[must_use]
    pub fn last_text(&self) -> Option<&TextStep> {
        self.done.last().filter(|_| self.joinable)?.text.as_ref()
    }

    /// The next step stands on its own, also when it is on the same field.
    pub fn close_step(&mut self) {
        self.joinable = false;
    }

    pub fn undo(&mut self) -> Option<&Entry> {
        self.joinable = false;
        self.undone.push(self.done.pop()?);
        self.undone.last()
    }

    pub fn redo(&mut self) -> Option<&Entry> {
        self.joinable = false;
        self.done.push(self.undone.pop()?);
        self.done.last()
    }

    #[must_use]
    pub fn undo_label(&self) -> Option<&str> {
        self.done.iter().rev().find(|entry| !entry.foreign).map(|entry| entry.label.as_str())
    }

    #[must_use]
    pub fn redo_label(&self) -> Option<&str> {
        self.undone.last().map(|entry| entry.label.as_str())
    }

    /// How far along the history is now: pass it to [`History::mark_saved`] when the text of this
    /// moment has been stored. Closes the step, so that the number keeps its meaning.
    pub fn position(&mut self) -> usize {
        self.joinable = false;
        self.done.len()
    }

    pub fn mark_saved(&mut self, position: usize) {
        self.saved = Some(position);
    }

    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.done.len())
    }
}
