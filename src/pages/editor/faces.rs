//! What nodes show on the canvas and in the outline: what the document says of them, and how many
//! problems the checks found.

use std::collections::HashMap;

use leptos::prelude::*;
use slipway_flow::{
    check::{Problem, Severity},
    document::Key,
};

use crate::{
    features::canvas::{Glance, NodeFace},
    state::document::EditorHandle,
};

/// How many errors and warnings the checks found in each node.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Counts(HashMap<Key, (usize, usize)>);

impl Counts {
    /// Those of an editor, anew when the checks have looked again.
    pub(super) fn of_problems(editor: EditorHandle) -> Memo<Self> {
        Memo::new(move |_| editor.problems.with(|problems| Self::of(problems)))
    }

    fn of(problems: &[Problem]) -> Self {
        let mut counts = Self::default();
        for problem in problems {
            let Some(node) = problem.node else { continue };
            let (errors, warnings) = counts.0.entry(node).or_default();
            match problem.severity {
                Severity::Error => *errors += 1,
                Severity::Warning => *warnings += 1,
                _ => {}
            }
        }
        counts
    }

    fn get(&self, node: Key) -> (usize, usize) {
        self.0.get(&node).copied().unwrap_or_default()
    }
}

pub(super) fn face(editor: EditorHandle, counts: Memo<Counts>, key: Key) -> NodeFace {
    let (errors, warnings) = counts.with(|counts| counts.get(key));
    editor.read(|document| NodeFace { errors, warnings, ..NodeFace::of(document, key) })
}

pub(super) fn glance(editor: EditorHandle, counts: Memo<Counts>, key: Key) -> Glance {
    let (errors, warnings) = counts.with(|counts| counts.get(key));
    editor.read(|document| Glance {
        errors: errors > 0,
        warnings: warnings > 0,
        ..Glance::of(document, key)
    })
}
