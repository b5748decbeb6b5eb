//! What is listed, and which problem is at hand; shared by the panel, the keys and the toolbar.

use std::sync::Arc;

use leptos::prelude::*;
use slipway_editor::command::Command;
use slipway_flow::{
    check::{Fix, Problem, Severity, code},
    document::{Document, ParseError},
};

use super::{
    list,
    sift::{Group, Wanted, sift},
};
use crate::state::{
    document::EditorHandle,
    target::{Target, problem_words},
};

/// Rows at once; the rest is counted, and comes when it is asked for.
const STEP: usize = 100;

/// `Copy`, for components and callbacks.
#[derive(Clone, Copy)]
pub struct ProblemsState {
    pub(super) editor: EditorHandle,
    /// What is wrong: the text itself, or else what it says.
    pub(super) problems: Signal<Arc<Vec<Problem>>>,
    pub(super) wanted: RwSignal<Wanted>,
    /// Whether the panel is.
    pub open: RwSignal<bool>,
    /// How many rows are shown at most.
    pub(super) most: RwSignal<usize>,
    pub(super) groups: Memo<Vec<Group>>,
    /// The problem at hand, by its place among those that are listed.
    pub(super) at: RwSignal<Option<usize>>,
}

impl ProblemsState {
    #[must_use]
    pub fn new(editor: EditorHandle) -> Self {
        let unreadable = Memo::new(move |_| {
            let error = editor.broken()?;
            editor.read_untracked(|document| Some(Arc::new(vec![syntax(document, &error)])))
        });
        let problems =
            Signal::derive(move || unreadable.get().unwrap_or_else(|| editor.problems.get()));
        let wanted = RwSignal::new(Wanted::default());
        let groups = Memo::new(move |_| {
            wanted.with(|wanted| {
                problems.with(|problems| {
                    editor.read_untracked(|document| sift(problems, document, wanted))
                })
            })
        });
        Self {
            editor,
            problems,
            wanted,
            open: RwSignal::new(true),
            most: RwSignal::new(STEP),
            groups,
            at: RwSignal::new(None),
        }
    }

    /// Another list is shown now.
    pub(super) fn begin_anew(self) {
        self.at.set(None);
        self.most.set(STEP);
    }

    pub(super) fn show_more(self) {
        self.most.update(|most| *most += STEP);
    }

    pub(super) fn shown_step() -> usize {
        STEP
    }

    /// How many problems are listed.
    pub(super) fn listed(self) -> usize {
        self.groups.with_untracked(|groups| groups.iter().map(|group| group.problems.len()).sum())
    }

    /// The problem at a place of the list.
    pub(super) fn problem(self, at: usize) -> Option<Problem> {
        let index = self.groups.with_untracked(|groups| {
            groups.iter().flat_map(|group| &group.problems).nth(at).copied()
        })?;
        self.problems.with_untracked(|problems| problems.get(index).cloned())
    }

    /// Gives the keyboard to the list: to the problem at hand, else to the first.
    pub fn enter(self) {
        self.open.set(true);
        match self.listed() {
            0 => list::focus_summary(),
            count => list::focus(self.at.get_untracked().unwrap_or(0).min(count - 1)),
        }
    }

    /// Goes on to the next problem, or back to the one before, around the end. Says which it is,
    /// and gives it.
    pub fn step(self, on: bool) -> Option<Problem> {
        if !self.editor.checked.get_untracked() {
            self.editor.check_now();
        }
        let count = self.listed();
        if count == 0 {
            self.editor.announcement.set("There are no problems.".to_owned());
            return None;
        }
        let at = match self.at.get_untracked().map(|at| at.min(count - 1)) {
            None if on => 0,
            None => count - 1,
            Some(at) if on => (at + 1) % count,
            Some(at) => (at + count - 1) % count,
        };
        self.at.set(Some(at));
        let problem = self.problem(at)?;
        let (mut place, field) =
            self.editor.read_untracked(|document| problem_words(document, &problem));
        if !field.is_empty() {
            place = format!("{place}, {field}");
        }
        self.editor.announcement.set(format!(
            "Problem {} of {count}, {}: {place}. {}",
            at + 1,
            problem.severity.word(),
            problem.sentence
        ));
        Some(problem)
    }

    /// Where a problem leads: to a field of a form where it is told there.
    #[must_use]
    pub fn target(self, problem: &Problem) -> Target {
        self.editor.read_untracked(|document| {
            Target::of(document, problem.node, &problem.pointer, &problem.sentence)
        })
    }

    /// Corrects the problem at a place of the list. The one that follows is at hand then.
    pub(super) fn fix(self, at: usize, which: usize) {
        let fix = self.problem(at).and_then(|problem| problem.fixes.into_iter().nth(which));
        if let Some(fix) = fix
            && self.editor.dispatch(&Command::Fix(fix))
        {
            self.look_again(at);
        }
    }

    /// Corrects every problem of a kind that can be, as one step: the likeliest way of each.
    pub(super) fn fix_all(self, code: &'static str) {
        let fixes: Vec<Fix> = self.groups.with_untracked(|groups| {
            let of_kind = groups.iter().filter(|group| group.code == Some(code));
            let places = of_kind.flat_map(|group| &group.problems);
            self.problems.with_untracked(|problems| {
                let problems = places.filter_map(|at| problems.get(*at));
                problems.filter_map(|problem| problem.fixes.first().cloned()).collect()
            })
        });
        let before = self.groups.with_untracked(|groups| {
            let before = groups.iter().take_while(|group| group.code != Some(code));
            before.map(|group| group.problems.len()).sum()
        });
        let label =
            format!("Fix {} problem{}", fixes.len(), if fixes.len() == 1 { "" } else { "s" });
        let commands: Vec<Command> = fixes.into_iter().map(Command::Fix).collect();
        if self.editor.group(&label, &commands) {
            self.look_again(before);
        }
    }

    fn look_again(self, at: usize) {
        self.editor.check_now();
        let left = self.listed();
        self.at.set((left > 0).then(|| at.min(left.saturating_sub(1))));
    }
}

/// The place at which the text can't be read, as a problem.
fn syntax(document: &Document, error: &ParseError) -> Problem {
    Problem {
        pointer: String::new(),
        key: document.root(),
        node: None,
        span: error.offset..error.offset,
        severity: Severity::Error,
        code: code::SYNTAX,
        sentence: error.to_string(),
        fixes: Vec::new(),
    }
}
