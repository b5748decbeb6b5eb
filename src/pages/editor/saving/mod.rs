//! Saving without ever losing anybody's work: a save names the version that it began from, what
//! somebody else saved meanwhile is merged, a save that fails keeps the edit, and what is not stored
//! yet is kept in the browser.
//!
//! - `opening`: takes up what was left. - `merging`: what somebody else saved. - `leaving`: warns. -
//!   `notes`: what there is to say above the canvas. This file: the save itself.

mod leaving;
mod merging;
mod notes;
mod opening;

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use slipway_flow::kinds;

use super::Subject;
use crate::{
    client::{Client, ClientError, use_client},
    state::{
        document::EditorHandle,
        journal::{Journal, Stored},
    },
    ui::{Toasts, use_toasts},
};
use merging::Question;
pub(super) use {
    leaving::LeaveDialog,
    merging::MergeDialog,
    notes::SavingNotes,
    opening::{Begin, Opened},
};

/// How long after a change it is kept: all that one key press does goes together.
const KEEP_AFTER: Duration = Duration::from_millis(40);

/// Saving of one flow.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    editor: EditorHandle,
    journal: Journal,
    subject: StoredValue<Subject>,
    client: Client,
    toasts: Toasts,
    /// What the server had when it was last asked; none where it had nothing.
    base: RwSignal<Option<Stored>>,
    pub(super) busy: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
    /// Whether a save was asked for that the server would refuse: see [`Saving::refusal`].
    held_back: RwSignal<bool>,
    /// Who saved another version while this one was open, and which.
    elsewhere: RwSignal<Option<(String, String)>>,
    /// What was merged last, in words.
    merged: RwSignal<Option<String>>,
    /// What has to be decided before a merge.
    question: RwSignal<Option<Question>>,
    restored: RwSignal<Option<opening::Restored>>,
    others: RwSignal<Vec<crate::state::journal::Kept>>,
    /// Opens another draft in the place of this one.
    switch: Callback<String>,
    /// Whether the person gave up what is not stored, or left it as a draft: nothing warns then.
    given_up: StoredValue<bool>,
}

impl Saving {
    pub(super) fn new(editor: EditorHandle, subject: Subject, begin: Begin) -> Self {
        let saving = Self {
            editor,
            journal: begin.journal,
            subject: StoredValue::new(subject),
            client: use_client(),
            toasts: use_toasts(),
            base: RwSignal::new(begin.journal.base()),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            held_back: RwSignal::new(false),
            elsewhere: RwSignal::new(begin.newer.map(|etag| (etag, "Somebody else".to_owned()))),
            merged: RwSignal::new(None),
            question: RwSignal::new(None),
            restored: RwSignal::new(begin.restored),
            others: RwSignal::new(begin.others),
            switch: begin.switch,
            given_up: StoredValue::new(false),
        };
        saving.keep();
        saving.keep_drafts();
        saving.watch();
        saving
    }

    /// Stores the text, unless the checks know already that it would be refused.
    pub(super) fn save(self) {
        self.editor.check_now();
        let refused = untrack(|| self.refusal()).is_some();
        self.held_back.set(refused);
        if !refused {
            self.store();
        }
    }

    fn store(self) {
        if self.busy.get_untracked() {
            return;
        }
        let Some((text, moment)) = self.editor.to_save() else { return };
        let Subject { project, pipeline, stage } = self.subject.get_value();
        let etag = self.base.with_untracked(|base| base.as_ref()?.etag.clone());
        let client = self.client;
        self.busy.set(true);
        // A save goes on when its page is left.
        spawn_local(async move {
            let answer =
                client.save_flow(&project, &pipeline, stage, text.clone(), etag.as_deref()).await;
            match answer {
                Ok(etag) => {
                    self.editor.mark_saved(moment);
                    self.rest_on(Stored { text, etag });
                    self.error.try_set(None);
                    self.busy.try_set(false);
                    self.toasts.good(format!("The release flow of {} is saved.", stage.name()));
                }
                Err(ClientError::Conflict { .. }) => {
                    self.error.try_set(None);
                    self.busy.try_set(false);
                    self.merge_newest(true).await;
                }
                Err(failed) => {
                    self.error.try_set(Some(failed));
                    self.busy.try_set(false);
                }
            }
        });
    }

    /// The server has this text now.
    fn rest_on(self, stored: Stored) {
        self.journal.stored(stored.clone());
        self.base.try_set(Some(stored));
        self.keep();
    }

    /// The first problem for which the server refuses a text, as a sentence with its place.
    fn refusal(self) -> Option<String> {
        self.editor.problems.with(|problems| {
            let problem = problems.iter().find(|problem| problem.refuses_storing())?;
            let place = problem.node.map_or_else(
                || "The flow".to_owned(),
                |node| self.editor.read_untracked(|document| kinds::title(document, node)),
            );
            Some(format!("{place}: {}", problem.sentence))
        })
    }

    /// Gives up what is not stored and shows what is.
    fn discard(self) {
        self.given_up.set_value(true);
        self.journal.end();
        let _ = window().location().reload();
    }

    /// Opens another draft. This one stays, to be opened again.
    fn open_draft(self, id: String) {
        self.keep();
        self.journal.leave();
        self.switch.run(id);
    }

    fn discard_draft(self, id: &str) {
        self.journal.forget_other(id);
        self.others.update(|others| others.retain(|kept| kept.id != id));
    }

    /// Keeps what happened since the last time.
    fn keep(self) {
        if let Some((records, steps)) = self.editor.take_records() {
            self.journal.keep(&records, steps);
        }
    }

    /// Keeps each step in the browser, shortly after it was made and before leaving.
    fn keep_drafts(self) {
        let timer = StoredValue::new_local(None::<TimeoutHandle>);
        Effect::new(move |_| {
            if self.editor.changes() == 0 {
                return;
            }
            if timer.with_value(Option::is_none) {
                let keep = move || {
                    timer.set_value(None);
                    self.keep();
                };
                timer.set_value(set_timeout_with_handle(keep, KEEP_AFTER).ok());
            }
        });
        let hidden = window_event_listener(ev::pagehide, move |_| self.keep());
        on_cleanup(move || {
            hidden.remove();
            if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                timer.clear();
                self.keep();
            }
        });
    }
}
