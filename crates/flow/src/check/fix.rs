//! Corrections as data: what a problem offers, and how it is carried out.

use serde_json::Value;

use crate::{
    change::ChangeSet,
    document::{Document, Editing, Key},
};

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

    /// As [`Fix::apply`], as a part of other edits.
    pub fn perform(&self, editing: &mut Editing<'_>) {
        for step in &self.steps {
            step.perform(editing);
        }
    }
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
