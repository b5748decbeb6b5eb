//! Corrections as data: what a problem offers, and how it is carried out.

use std::ops::Range;

use serde_json::Value;

use crate::{
    change::ChangeSet,
    document::{Document, Editing, Key, Spans},
};

/// Another text for a part of a document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// Bytes of [`Document::text`] before any edit.
    pub span: Range<usize>,
    pub text: String,
}

/// One way to solve a problem. It belongs to the document that was checked, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, for a button: "Rename to `branch`".
    pub label: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The member that has this value gets another name.
    Rename {
        value: Key,
        name: String,
    },
    /// The value at `path` from `object`; objects on the way are made.
    Set {
        object: Key,
        path: Vec<String>,
        value: Value,
    },
    Replace {
        key: Key,
        value: Value,
    },
    Remove {
        key: Key,
    },
}

impl Fix {
    /// Gives the member that has `value` another name.
    pub(super) fn rename(value: Key, name: &str) -> Self {
        Self {
            label: format!("Rename to `{name}`"),
            steps: vec![Step::Rename { value, name: name.to_owned() }],
        }
    }

    /// Puts another value in the place of the one at `key`.
    pub(super) fn replace(label: impl Into<String>, key: Key, value: impl Into<Value>) -> Self {
        Self { label: label.into(), steps: vec![Step::Replace { key, value: value.into() }] }
    }

    /// Puts a value at `pointer` from `object`, making the objects on the way.
    pub(super) fn set(
        label: impl Into<String>,
        object: Key,
        pointer: &str,
        value: impl Into<Value>,
    ) -> Self {
        let path = pointer.split('/').skip(1).map(str::to_owned).collect();
        Self { label: label.into(), steps: vec![Step::Set { object, path, value: value.into() }] }
    }

    /// Takes a member or an element out.
    pub(super) fn remove(label: impl Into<String>, key: Key) -> Self {
        Self { label: label.into(), steps: vec![Step::Remove { key }] }
    }

    /// This, and `next` after it.
    pub(super) fn and(mut self, next: Self) -> Self {
        self.steps.extend(next.steps);
        self
    }

    /// Carries the correction out. The changes are in force already; they are given back for undo.
    /// Steps about values that are no longer in the document are left out.
    pub fn apply(&self, document: &mut Document) -> ChangeSet {
        let mut editing = document.edit();
        self.perform(&mut editing);
        editing.finish()
    }

    /// What [`Fix::apply`] changes in the document's text, in order, none touching another; for
    /// programs that mend the text. `text` and `spans` are the document's, which is left as it was.
    pub fn edits(&self, document: &mut Document, text: &str, spans: &Spans) -> Vec<TextEdit> {
        let revision = document.revision();
        let changes = self.apply(document);
        let changed = document.changed_since(revision).iter();
        let mut changed: Vec<_> =
            changed.filter_map(|key| Some((spans.get(*key)?, *key))).collect();
        // What is around others comes before them.
        changed.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut edits = Vec::new();
        let mut end = 0;
        for (span, key) in changed {
            if span.start < end {
                continue;
            }
            end = span.end;
            let old = text.get(span.clone()).unwrap_or_default();
            edits.extend(difference(old, &document.text_of(key), span.start));
        }
        // It is in the state that the fix left.
        let _ = document.apply(&changes.inverse());
        edits
    }

    /// As [`Fix::apply`], as a part of other edits.
    pub fn perform(&self, editing: &mut Editing<'_>) {
        for step in &self.steps {
            step.perform(editing);
        }
    }
}

/// The part in which two texts differ, the old one beginning at `start`.
fn difference(old: &str, new: &str, start: usize) -> Option<TextEdit> {
    if old == new {
        return None;
    }
    let same = |(old, new): &(char, char)| old == new;
    let length = |(c, _): (char, char)| c.len_utf8();
    let before: usize = old.chars().zip(new.chars()).take_while(same).map(length).sum();
    let (old, new) = (old.get(before..)?, new.get(before..)?);
    let after: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(length).sum();
    let start = start + before;
    let text = new.get(..new.len() - after)?.to_owned();
    Some(TextEdit { span: start..start + old.len() - after, text })
}

impl Step {
    fn perform(&self, editing: &mut Editing<'_>) {
        let about = match self {
            Self::Rename { value: key, .. }
            | Self::Set { object: key, .. }
            | Self::Replace { key, .. }
            | Self::Remove { key } => *key,
        };
        if !editing.document().contains(about) {
            return;
        }
        match self {
            Self::Rename { value, name } => editing.rename_member(*value, name),
            Self::Set { object, path, value } => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                editing.set_at(*object, &path, value);
            }
            Self::Replace { key, value } => editing.replace(*key, value),
            Self::Remove { key } => editing.remove(*key),
        }
    }
}
