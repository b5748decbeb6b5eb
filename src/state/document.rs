//! The release flow being edited: the headless editor's session, projected onto signals.
//!
//! Every change goes through [`EditorHandle::dispatch`], so all of it can be undone. After each
//! one the layout and the checks look again at what it touched, the checks once typing pauses.

mod asking;
mod code;
mod flows;
mod unread;

use std::{collections::BTreeMap, iter, sync::Arc, time::Duration};

use leptos::{prelude::*, reactive::owner::LocalStorage};
use slipway_editor::{
    command::{Command, Refused},
    journal::Record,
    keymap::KeyAction,
    layout::Layout,
    reach::{Stream, reach},
    selection::Selection,
    session::{Moment, Session},
    tell,
};
use slipway_flow::{
    check::{Checker, Context, Problem},
    diff::merge::{self, Choice, Conflict},
    document::{Document, Key},
};

pub use asking::{Asking, TypedOver};
pub use flows::WHOLE;

use super::rest::Rest;

/// How long typing pauses before the document is checked.
const CHECK_AFTER: Duration = Duration::from_millis(120);

/// The one owner of the session; `Copy`, for components and callbacks.
#[derive(Clone, Copy)]
pub struct EditorHandle {
    session: StoredValue<Session, LocalStorage>,
    /// Counts changes: whoever shows something of the document reads it first.
    revision: RwSignal<u64>,
    /// Which flow of the document is open.
    flow: RwSignal<Key>,
    pub layout: RwSignal<Arc<Layout>>,
    pub selection: RwSignal<Selection>,
    pub problems: RwSignal<Arc<Vec<Problem>>>,
    /// Whether the checks have looked at all: until then no problem means nothing.
    pub checked: RwSignal<bool>,
    /// Knows the flow's surroundings, and what it found before.
    checker: StoredValue<Checker, LocalStorage>,
    /// The last thing that was done, for the live region.
    pub announcement: RwSignal<String>,
    /// What must be answered before it is done.
    pub asking: RwSignal<Option<Asking>>,
    /// Whose ref is being typed over, and what it was before.
    typing_ref: StoredValue<Option<(Key, String)>, LocalStorage>,
    /// What must be answered after that.
    pub typed_over: RwSignal<Option<TypedOver>>,
    saved: RwSignal<bool>,
    /// The nodes for which text was typed that can't be read.
    unread: RwSignal<Vec<Key>>,
    check_rest: Rest,
}

impl EditorHandle {
    /// Shows a session and lets it go on. The checks wait until somebody asks for them, or says what
    /// surrounds the flow.
    #[must_use]
    pub fn of(session: Session) -> Self {
        let layout = Layout::of(session.document(), session.document().root_node());
        Self {
            saved: RwSignal::new(session.is_saved()),
            unread: RwSignal::new(session.unread().map(|(node, _)| node).collect()),
            flow: RwSignal::new(session.document().flow()),
            session: StoredValue::new_local(session),
            revision: RwSignal::new(0),
            layout: RwSignal::new(Arc::new(layout)),
            selection: RwSignal::new(Selection::default()),
            problems: RwSignal::new(Arc::default()),
            checked: RwSignal::new(false),
            checker: StoredValue::new_local(Checker::default()),
            announcement: RwSignal::new(String::new()),
            asking: RwSignal::new(None),
            typing_ref: StoredValue::new_local(None),
            typed_over: RwSignal::new(None),
            check_rest: Rest::new(CHECK_AFTER),
        }
    }

    /// Reads the document; a reactive scope runs again after every change, and when another flow is
    /// opened.
    pub fn read<T>(self, read: impl FnOnce(&Document) -> T) -> T {
        self.revision.track();
        self.flow.track();
        self.read_untracked(read)
    }

    pub fn read_untracked<T>(self, read: impl FnOnce(&Document) -> T) -> T {
        self.session.with_value(|session| read(session.document()))
    }

    /// Whether a value was made since the document was opened.
    #[must_use]
    pub fn is_new(self, key: Key) -> bool {
        self.session.with_value(|session| session.is_made(key))
    }

    /// How often the document has changed since it was opened.
    #[must_use]
    pub fn changes(self) -> u64 {
        self.revision.get()
    }

    /// Runs a reactive scope again when there is something new to keep.
    pub fn track_work(self) {
        self.revision.track();
        self.unread.track();
    }

    /// The selected node.
    #[must_use]
    pub fn selected(self) -> Option<Key> {
        self.selection.with(Selection::focus)
    }

    pub fn select(self, node: Option<Key>) {
        self.choose(&Selection::only(node));
    }

    /// All selected nodes.
    #[must_use]
    pub fn selected_nodes(self) -> Vec<Key> {
        self.selection.with(|selection| selection.nodes().collect())
    }

    /// The same, as they are now, the one with the focus first.
    #[must_use]
    pub fn chosen(self) -> Vec<Key> {
        self.session.with_value(Session::chosen)
    }

    /// Selects several nodes. The one that has the focus keeps it; else the first gets it.
    pub fn select_all(self, nodes: &[Key]) {
        let all = Selection::of(nodes);
        let focus = self.selection.with_untracked(Selection::focus);
        self.choose(&match focus.filter(|node| all.contains(*node)) {
            Some(focus) => all.focused_on(focus),
            None => all,
        });
    }

    /// Selects what is selected there.
    pub fn choose(self, selection: &Selection) {
        if self.selection.with_untracked(|now| now == selection) {
            return;
        }
        let chosen = self.session.try_update_value(|session| {
            session.choose(selection);
            session.selection().clone()
        });
        if let Some(chosen) =
            chosen.filter(|chosen| self.selection.with_untracked(|now| now != chosen))
        {
            self.selection.set(chosen);
            self.turn();
            self.unfold();
            // The form with the field goes.
            self.leave_ref();
        }
    }

    /// Shows or hides the steps of a workflow: a way of looking, no part of the document.
    pub fn collapse(self, workflow: Key, collapsed: bool) {
        self.session.with_value(|session| {
            self.layout.update(|layout| {
                Arc::make_mut(layout).collapse(session.document(), workflow, collapsed);
            });
        });
        // What is selected can be seen.
        let hides = self.selection.with_untracked(|selection| {
            self.layout
                .with_untracked(|layout| selection.nodes().any(|node| layout.get(node).is_none()))
        });
        if collapsed && hides {
            self.select(Some(workflow));
        }
    }

    /// Opens the collapsed workflows around the node that has the focus.
    fn unfold(self) {
        let is = |node: Key, check: fn(&Layout, Key) -> bool| {
            self.layout.with_untracked(|layout| check(layout, node))
        };
        let hidden = |node: &Key| is(*node, |layout, node| layout.get(node).is_none());
        let focus = self.selection.with_untracked(Selection::focus);
        let Some(focus) = focus.filter(hidden) else { return };
        let around = self.read_untracked(|document| {
            iter::successors(document.workflow_of(focus), |at| document.workflow_of(*at))
                .collect::<Vec<_>>()
        });
        for workflow in around.into_iter().rev() {
            if is(workflow, |layout, node| layout.get(node).is_some_and(|node| node.collapsed)) {
                self.collapse(workflow, false);
            }
        }
    }

    /// Carries out a command. A refusal is announced as a sentence and changes nothing.
    pub fn dispatch(self, command: &Command) -> bool {
        // Typing is not announced: the field itself says what it holds.
        let quiet = matches!(command, Command::SetField { .. } | Command::SetText { .. });
        self.carry_out(|session| {
            let label = session.dispatch(command)?;
            let done = label
                .map(|label| tell::done(session.document(), command, &label, &session.chosen()));
            Ok(done.map(|said| if quiet { String::new() } else { said }))
        })
    }

    /// Carries out what an action is on the selected nodes, as [`EditorHandle::dispatch_or_ask`].
    pub fn act(self, action: KeyAction, then: Callback<()>) {
        let commands = self.layout.with_untracked(|layout| {
            self.session.with_value(|session| session.commands_of(layout, action))
        });
        match commands.as_deref() {
            Ok([command]) => self.dispatch_or_ask(command.clone(), then),
            _ => {
                self.carry_out(|session| {
                    let label = self.layout.with_untracked(|layout| session.act(layout, action))?;
                    Ok(label.map(|label| format!("{label}: done.")))
                });
                then.run(());
            }
        }
    }

    /// Why an action can't be carried out on the selected nodes: a sentence. It is tried.
    #[must_use]
    pub fn refusal(self, action: KeyAction) -> Option<String> {
        self.layout.with_untracked(|layout| {
            self.session.try_update_value(|session| session.refusal(layout, action)).flatten()
        })
    }

    /// Why a command can't be carried out: a sentence. It is tried.
    #[must_use]
    pub fn refusal_of(self, command: &Command) -> Option<String> {
        let tried =
            self.session.try_update_value(|session| session.try_out(std::slice::from_ref(command)));
        tried.and_then(Result::err).map(|refused| refused.0)
    }

    /// Carries out several commands as one step with one label.
    pub fn group(self, label: &str, commands: &[Command]) -> bool {
        self.carry_out(|session| {
            Ok(session.group(label, commands)?.map(|label| format!("{label}: done.")))
        })
    }

    /// Changes the session; what `act` returns is said.
    fn carry_out(self, act: impl FnOnce(&mut Session) -> Result<Option<String>, Refused>) -> bool {
        match self.session.try_update_value(act) {
            Some(Ok(Some(said))) => {
                self.project();
                if !said.is_empty() {
                    self.announce(said);
                }
                true
            }
            Some(Err(refused)) => {
                self.announce(refused.0);
                false
            }
            Some(Ok(None)) | None => false,
        }
    }

    /// Says something to those who can't see it. What was said before is said again.
    pub fn announce(self, said: impl Into<String>) {
        /// Changes the text of the live region without a difference to the ear.
        const AGAIN: char = '\u{a0}';
        let mut said = said.into();
        if self.announcement.with_untracked(|last| *last == said) {
            said.push(AGAIN);
        }
        self.announcement.set(said);
    }

    /// The selected nodes as text for the clipboard; a refusal is announced.
    #[must_use]
    pub fn copy(self) -> Option<String> {
        match self.session.with_value(Session::copy) {
            Ok(text) => Some(text),
            Err(refused) => {
                self.announce(refused.0);
                None
            }
        }
    }

    /// Selects what runs before or after the selected nodes as well.
    pub fn select_stream(self, stream: Stream) {
        let nodes =
            self.session.with_value(|session| reach(session.document(), &session.chosen(), stream));
        self.select_all(&nodes);
    }

    pub fn undo(self) {
        if let Some(Some(label)) = self.session.try_update_value(Session::undo) {
            self.project();
            self.announce(format!("Undone: {label}."));
        }
    }

    pub fn redo(self) {
        if let Some(Some(label)) = self.session.try_update_value(Session::redo) {
            self.project();
            self.announce(format!("Redone: {label}."));
        }
    }

    /// What "Undo" would take back now.
    #[must_use]
    pub fn undo_label(self) -> Option<String> {
        self.revision.track();
        self.session.with_value(|session| session.undo_label().map(str::to_owned))
    }

    #[must_use]
    pub fn redo_label(self) -> Option<String> {
        self.revision.track();
        self.session.with_value(|session| session.redo_label().map(str::to_owned))
    }

    /// Ends a step of typing: called when a field loses the focus.
    pub fn close_step(self) {
        // A text editor tells that it was left also when its page is gone.
        let _ = self.session.try_update_value(Session::close_step);
    }

    /// What happened since this was last asked, for the journal, and how many own steps are not
    /// stored. None once the page is gone.
    pub fn take_records(self) -> Option<(Vec<Record>, usize)> {
        self.session.try_update_value(|session| (session.take_records(), session.unsaved_steps()))
    }

    /// What only a person can decide when `theirs`, which came from `base` too, is merged.
    #[must_use]
    pub fn conflicts(self, base: &Document, theirs: &Document) -> Vec<Conflict> {
        self.read_untracked(|mine| merge::conflicts(base, mine, theirs))
    }

    /// Takes in what leads from `base` to `theirs`: see [`Session::merge`].
    pub fn merge(
        self,
        base: &Document,
        theirs: &Document,
        label: &str,
        choices: &BTreeMap<usize, Choice>,
    ) {
        let merge = |session: &mut Session| session.merge(base, theirs, label, choices);
        if self.session.try_update_value(merge).is_some() {
            self.project();
            self.announcement.set(format!("{label}: done."));
        }
    }

    /// The text as it is now, also where it can't be read.
    #[must_use]
    pub fn text(self) -> String {
        self.session.with_value(|session| {
            session
                .broken()
                .map_or_else(|| session.document().text(), |broken| broken.text.to_owned())
        })
    }

    /// Gives the document another text, as one step.
    pub fn set_text(self, label: &str, text: &str) {
        if self.session.try_update_value(|session| session.set_text(label, text)) == Some(true) {
            self.project();
            self.announcement.set(format!("{label}: done."));
        }
    }

    /// The text to store, and the moment to name when it is. None once the page is gone.
    pub fn to_save(self) -> Option<(String, Moment)> {
        self.session.try_update_value(Session::to_save)
    }

    pub fn mark_saved(self, moment: Moment) {
        // The page may be gone by the time that the server has answered.
        let saved = self.session.try_update_value(|session| {
            session.mark_saved(moment);
            session.is_saved()
        });
        if let Some(saved) = saved {
            self.saved.set(saved);
        }
    }

    /// Whether the server has what is on the screen.
    #[must_use]
    pub fn is_saved(self) -> bool {
        self.saved.get() && self.unread.with(Vec::is_empty)
    }

    /// Brings every signal up to the session's state.
    fn project(self) {
        self.session.with_value(|session| {
            let document = session.document();
            self.layout.update(|layout| {
                Arc::make_mut(layout).update(document, document.root_node());
            });
            if self.selection.with_untracked(|selection| selection != session.selection()) {
                self.selection.set(session.selection().clone());
            }
            self.saved.set(session.is_saved());
        });
        self.turn();
        self.unfold();
        self.count_unread();
        self.revision.update(|revision| *revision += 1);
        self.check_soon();
    }

    /// From now on the checks know these surroundings.
    pub fn surround(self, context: Context) {
        self.checker.update_value(|checker| checker.surround(context));
        self.check_now();
    }

    /// Runs the checks on the document as it is now.
    pub fn check_now(self) {
        let problems = self.session.try_with_value(|session| {
            self.checker.try_update_value(|checker| checker.check(session.document()))
        });
        if let Some(problems) = problems.flatten() {
            self.problems.set(Arc::new(problems));
            if !self.checked.get_untracked() {
                self.checked.set(true);
            }
        }
    }

    fn check_soon(self) {
        self.check_rest.then(move || self.check_now());
    }
}
