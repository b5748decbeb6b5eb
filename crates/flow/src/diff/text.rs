//! The difference in words.

use std::{collections::HashMap, fmt::Write as _};

use super::{Counts, Difference, FieldChange, Part, Row, State, title};
use crate::document::{Document, Key};

/// Longer values are cut, in characters.
const LONGEST: usize = 80;

const OUTERMOST: &str = "the outermost workflow";

/// What happened to a row, for a list that shows it where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// As [`Row`] has it.
    pub part: Part,
    pub depth: usize,
    pub state: State,
    /// What a person calls it.
    pub title: String,
    /// A phrase for each change ("Job changed from a to b"). Empty for a row that is only there
    /// because something inside it changed.
    pub phrases: Vec<String>,
}

impl Difference {
    /// The rows that changed and the workflows around them, in their order, with what happened to
    /// each in words. The documents are those that were compared.
    #[must_use]
    pub fn told(&self, old: &Document, new: &Document) -> Vec<Told> {
        let same = self.pairs();
        let mut shown = vec![false; self.rows.len()];
        for at in (0..self.rows.len()).filter(|at| self.rows[*at].state() != State::Same) {
            let mut next = Some(at);
            while let Some(at) = next.filter(|at| !shown[*at]) {
                shown[at] = true;
                next = self.rows[at].parent;
            }
        }
        let rows = self.rows.iter().enumerate().filter(|(at, _)| shown[*at]);
        rows.map(|(at, row)| Told {
            part: row.part,
            depth: row.depth,
            state: row.state(),
            title: if row.part == Part::Settings {
                "Settings".to_owned()
            } else {
                row_title(row, old, new)
            },
            phrases: self.phrases(at, row, &same, old, new),
        })
        .collect()
    }

    fn pairs(&self) -> HashMap<Key, Key> {
        self.rows.iter().filter_map(|row| row.old.zip(row.new)).collect()
    }

    /// One line: "2 added, 1 moved".
    #[must_use]
    pub fn summary(&self) -> String {
        let Counts { added, removed, changed, moved, settings } = self.counts();
        let setting = if settings == 1 { "setting changed" } else { "settings changed" };
        let said = [
            (added, "added"),
            (removed, "removed"),
            (changed, "changed"),
            (moved, "moved"),
            (settings, setting),
        ];
        let said: Vec<String> = said
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if said.is_empty() { "No differences".to_owned() } else { said.join(", ") }
    }

    /// Lines for people: the summary, then what happened to each node, under the name of the part
    /// that it belongs to. The documents are those that were compared.
    #[must_use]
    pub fn text(&self, old: &Document, new: &Document) -> String {
        let mut text = self.summary() + "\n";
        let same = self.pairs();
        let parts = [
            (Part::Settings, "Settings"),
            (Part::Trigger, "Triggers"),
            (Part::Input, "Inputs"),
            (Part::Flow, "Release flow"),
            (Part::Teardown, "Teardown"),
        ];
        for (part, heading) in parts {
            let rows: Vec<(usize, &Row)> = self
                .rows
                .iter()
                .enumerate()
                .filter(|(_, row)| row.part == part && row.state() != State::Same)
                .collect();
            if rows.is_empty() {
                continue;
            }
            let _ = write!(text, "\n{heading}\n");
            for (at, row) in rows {
                let name = match part {
                    Part::Settings => String::new(),
                    _ => format!("{}: ", row_title(row, old, new)),
                };
                for phrase in self.phrases(at, row, &same, old, new) {
                    let _ = writeln!(text, "  {name}{phrase}");
                }
            }
        }
        text
    }

    /// What happened to one row, a phrase for each change.
    fn phrases(
        &self,
        at: usize,
        row: &Row,
        same: &HashMap<Key, Key>,
        old: &Document,
        new: &Document,
    ) -> Vec<String> {
        let mut phrases = Vec::new();
        // What comes or goes with the workflow around it is told by that.
        let with_parent = |state| row.parent.is_some_and(|at| self.rows[at].state() == state);
        match row.state() {
            State::Added if with_parent(State::Added) => {
                phrases.push("added with it".to_owned());
            }
            State::Removed if with_parent(State::Removed) => {
                phrases.push("removed with it".to_owned());
            }
            State::Added => {
                let inside = self.around(row, "in", old, new);
                let after = self.before(at, old, new);
                let after = after.map(|before| format!(", after {before}")).unwrap_or_default();
                phrases.push(format!("added{inside}{after}"));
            }
            State::Removed => {
                phrases.push(format!("removed{}", self.around(row, "from", old, new)));
            }
            _ => {}
        }
        if let Some(moved) = row.moved {
            let stayed =
                moved.from.workflow.and_then(|from| same.get(&from).copied()) == moved.to.workflow;
            let from = moved.from.workflow.filter(|_| !stayed).map(|from| {
                let outermost = old.workflow_of(from).is_none();
                let from =
                    if outermost { OUTERMOST.to_owned() } else { title(old, Part::Flow, from) };
                format!(" from {from}{}", self.around(row, "to", old, new))
            });
            let after = match self.before(at, old, new) {
                Some(before) => format!(", now after {before}"),
                None => ", now first".to_owned(),
            };
            phrases.push(format!("moved{}{after}", from.unwrap_or_default()));
        }
        phrases.extend(row.fields.iter().map(|field| said(field, old, new)));
        phrases
    }

    /// The sibling of the new document before a row.
    fn before(&self, at: usize, old: &Document, new: &Document) -> Option<String> {
        let row = &self.rows[at];
        self.rows[..at]
            .iter()
            .rev()
            .take_while(|other| other.depth >= row.depth && other.part == row.part)
            .find(|other| other.depth == row.depth && other.new.is_some())
            .map(|row| row_title(row, old, new))
    }

    /// The workflow around a row, after `word`.
    fn around(&self, row: &Row, word: &str, old: &Document, new: &Document) -> String {
        match row.parent.map(|parent| &self.rows[parent]) {
            // That a node comes into or out of the outermost one goes without saying.
            Some(around) if around.depth == 0 && word == "to" => format!(" to {OUTERMOST}"),
            Some(around) if around.depth > 0 => format!(" {word} {}", row_title(around, old, new)),
            _ => String::new(),
        }
    }
}

fn row_title(row: &Row, old: &Document, new: &Document) -> String {
    match (row.new, row.old) {
        (Some(key), _) => title(new, row.part, key),
        (None, Some(key)) => title(old, row.part, key),
        (None, None) => String::new(),
    }
}

/// "Job changed from a to b".
fn said(field: &FieldChange, old: &Document, new: &Document) -> String {
    let name = field.name();
    let before = field.old.map(|key| value_words(old, key));
    let after = field.new.map(|key| value_words(new, key));
    match (before, after) {
        (Some(before), Some(after)) => format!("{name} changed from {before} to {after}"),
        (None, Some(after)) => format!("{name} set to {after}"),
        (Some(before), None) => format!("{name} removed, was {before}"),
        (None, None) => name,
    }
}

/// A value on one line: a word as it is, anything else as JSON.
#[must_use]
pub fn value_words(document: &Document, key: Key) -> String {
    let text = match document.str(key) {
        Some(word) if !word.is_empty() && !word.contains(char::is_whitespace) => word.to_owned(),
        Some(text) => serde_json::Value::from(text).to_string(),
        None => document.text_of(key).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
