//! Steps back and forth. Somebody else's changes are never taken back: undo leads past them to the
//! own steps before.

use std::collections::{BTreeMap, BTreeSet};

use slipway_flow::{
    change::ChangeSet,
    diff::merge,
    document::{Key, Written},
};

use super::Session;
use crate::{
    history::{Entry, TextStep},
    journal::Record,
};

impl Session {
    /// Takes the last step back, and opens the flow that it was in. Returns its label.
    pub fn undo(&mut self) -> Option<String> {
        let revision = self.document.revision();
        if self.history.ends_foreign() {
            let label = self.undo_below();
            self.follow_changes(revision);
            return label;
        }
        let label = self.undo_step()?;
        self.follow_changes(revision);
        self.records.push(Record::Undo);
        Some(label)
    }

    /// Where nothing is selected, opens the flow in which something changed since a revision.
    fn follow_changes(&mut self, revision: usize) {
        let document = &self.document;
        let changed = document.changed_since(revision).iter();
        let there = changed.copied().filter(|key| document.contains(*key));
        let flows: BTreeSet<Key> = there.map(|key| document.flow_of(key)).collect();
        let other = flows.first().filter(|_| !flows.contains(&document.flow())).copied();
        if let (Some(flow), None) = (other, self.selection.focus()) {
            self.document.open_flow(flow);
        }
    }

    pub(super) fn undo_step(&mut self) -> Option<String> {
        let entry = self.history.undo()?;
        let (changes, selection, label) =
            (entry.changes.inverse(), entry.before.clone(), entry.label.clone());
        let text = entry.text.as_ref().map(TextStep::inverse);
        // The document is in the state that the step left, or began with.
        self.step(&changes, text);
        self.restored(&selection);
        Some(label)
    }

    /// Takes back the last own step from below somebody else's changes, which stay: what they did
    /// to the same thing since is not taken back with it.
    fn undo_below(&mut self) -> Option<String> {
        loop {
            let (step, foreign) = self.history.take_below()?;
            // What the step made of what: the changes before and after it, without the others.
            let mut after = self.document.clone();
            let _ = after.apply(&foreign.changes.inverse());
            let mut before = after.clone();
            let _ = before.apply(&step.changes.inverse());
            let back = merge::merge(&after, &mut self.document, &before, &BTreeMap::new()).changes;
            let written = self.document.write_changes(self.recorded, &back);
            self.recorded = self.document.made();
            self.records.push(Record::Below(written));
            if let Some(label) = self.taken_back(step, foreign, &back) {
                return Some(label);
            }
        }
    }

    /// Brings the history up to `back` having been done: it took back the step below the foreign
    /// changes. Returns its label, unless nothing was left of it.
    fn taken_back(&mut self, step: Entry, foreign: Entry, back: &ChangeSet) -> Option<String> {
        let changes = step.changes.squash(foreign.changes).squash(back.clone());
        let foreign = Entry { changes, ..foreign };
        if back.is_empty() {
            self.history.put_back(foreign, None);
            return None;
        }
        let (label, selection) = (step.label.clone(), step.before.clone());
        let (changes, field, made_ref) = (back.inverse(), None, None);
        let undone = Entry { changes, field, made_ref, text: None, ..step };
        self.history.put_back(foreign, Some(undone));
        self.restored(&selection);
        Some(label)
    }

    /// As [`Session::undo_below`] did it once.
    pub(super) fn undo_below_again(&mut self, written: &Written) -> bool {
        let Ok(back) = self.document.read_changes(written) else { return false };
        self.recorded = self.document.made();
        if self.document.apply(&back).is_err() {
            return false;
        }
        let Some((step, foreign)) = self.history.take_below() else { return false };
        self.taken_back(step, foreign, &back);
        true
    }

    /// Does the step again that was undone last, and opens the flow that it is in. Returns its label.
    pub fn redo(&mut self) -> Option<String> {
        let revision = self.document.revision();
        let label = self.redo_step()?;
        self.follow_changes(revision);
        self.records.push(Record::Redo);
        Some(label)
    }

    pub(super) fn redo_step(&mut self) -> Option<String> {
        let entry = self.history.redo()?;
        let (changes, selection, label) =
            (entry.changes.clone(), entry.after.clone(), entry.label.clone());
        let text = entry.text.clone();
        // The document is in the state that the step left, or began with.
        self.step(&changes, text);
        self.restored(&selection);
        Some(label)
    }

    #[must_use]
    pub fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }

    #[must_use]
    pub fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }
}
