//! Saving without ever losing anybody's work: a save names the version that it began from, what
//! somebody else saved meanwhile is merged, a save that fails keeps the edit, and what is not stored
//! yet is kept in the browser.
//!
//! - `dialog`: the look before it. - `files`: out and in as a file. - `opening`: takes up what was
//!   left. - `merging`: what somebody else saved. - `author`: who that was. - `leaving`: warns. -
//!   `discarding`: asks before work is given up. - `notes`: what there is to say above the canvas.
//!   This file: the save itself.

mod author;
mod dialog;
mod discarding;
mod files;
mod leaving;
mod merging;
mod notes;
mod opening;

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use slipway_api::flow::MAX_REASON;
use slipway_editor::tell;
use slipway_flow::check::Problem;

use super::Subject;
use crate::{
    client::{Client, ClientError, use_client},
    state::{
        document::EditorHandle,
        journal::{Journal, Stored},
        session::{SessionState, use_session},
        target::problem_words,
    },
    ui::{Toasts, use_toasts},
};
use author::Author;
use discarding::Doomed;
use files::Offer;
use merging::Question;
pub(super) use {
    dialog::SaveDialog,
    discarding::DiscardDialog,
    files::{FileButtons, OfferDialog, choose_file},
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
    session: SessionState,
    toasts: Toasts,
    /// What the server had when it was last asked; none where it had nothing.
    base: RwSignal<Option<Stored>>,
    pub(super) busy: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
    /// Whether the look before a save is open.
    asked: RwSignal<bool>,
    /// Why it is changed, in the person's words.
    reason: RwSignal<String>,
    /// A text that may take the place of the one that is open.
    offered: RwSignal<Option<Offer>>,
    /// Which other version was saved while this one was open, and by whom.
    elsewhere: RwSignal<Option<(String, Author)>>,
    /// What was merged last, in words.
    merged: RwSignal<Option<String>>,
    /// What has to be decided before a merge.
    question: RwSignal<Option<Question>>,
    restored: RwSignal<Option<opening::Restored>>,
    others: RwSignal<Vec<crate::state::journal::Kept>>,
    /// Opens another draft in the place of this one.
    switch: Callback<String>,
    /// Opens what the server has, as it is now.
    afresh: Callback<()>,
    /// Which unsaved work is to be given up, once that is answered.
    doomed: RwSignal<Option<Doomed>>,
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
            session: use_session(),
            toasts: use_toasts(),
            base: RwSignal::new(begin.journal.base()),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            asked: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            offered: RwSignal::new(None),
            elsewhere: RwSignal::new(begin.newer.map(|etag| (etag, Author::Unknown))),
            merged: RwSignal::new(None),
            question: RwSignal::new(None),
            restored: RwSignal::new(begin.restored),
            others: RwSignal::new(begin.others),
            switch: begin.switch,
            afresh: begin.afresh,
            doomed: RwSignal::new(None),
            given_up: StoredValue::new(false),
        };
        saving.keep();
        saving.keep_drafts();
        saving.see_equal();
        saving.watch();
        saving
    }

    /// Shows what would be saved; asked a second time, saves.
    pub(super) fn save(self) {
        if self.asked.get_untracked() {
            self.confirm();
        } else {
            self.editor.check_now();
            self.asked.set(true);
        }
    }

    /// Stores the text, unless it is known already that it would be refused.
    fn confirm(self) {
        let too_long = self.reason.with_untracked(|why| why.chars().count() > MAX_REASON);
        if untrack(|| self.refusal()).is_none() && !too_long {
            self.asked.set(false);
            self.store();
        }
    }

    /// The version that the server has, as far as this page knows.
    pub(super) fn version(self) -> Signal<Option<String>> {
        Signal::derive(move || self.base.with(|base| base.as_ref()?.etag.clone()))
    }

    fn store(self) {
        if self.busy.get_untracked() {
            return;
        }
        let Some((text, moment)) = self.editor.to_save() else { return };
        let Subject { project, pipeline, stage } = self.subject.get_value();
        let etag = self.base.with_untracked(|base| base.as_ref()?.etag.clone());
        let (client, reason) = (self.client, self.reason.get_untracked());
        self.busy.set(true);
        // A save goes on when its page is left.
        spawn_local(async move {
            let answer = client
                .save_flow(&project, &pipeline, stage, text.clone(), etag.as_deref(), reason.trim())
                .await;
            match answer {
                Ok(etag) => {
                    self.editor.mark_saved(moment);
                    self.rest_on(Stored { text, etag });
                    self.error.try_set(None);
                    self.reason.try_set(String::new());
                    self.restored.try_set(None);
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
        if let Some(error) = self.editor.broken() {
            let place = format!("The code has an error in line {}", error.line);
            return Some(format!("{place}: {} Mend it, then save.", error.message));
        }
        self.editor.problems.with(|problems| {
            let problem = problems.iter().find(|problem| problem.refuses_storing())?;
            Some(placed(self.editor, problem))
        })
    }

    /// Gives up what is not stored and shows what is.
    fn discard(self) {
        self.given_up.set_value(true);
        spawn_local(async move {
            self.journal.end().await;
            // The page may be gone by now.
            self.afresh.try_run(());
        });
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

    /// What somebody has brought back to the stored text by hand is saved: seen when typing rests
    /// and the checks look again.
    fn see_equal(self) {
        Effect::new(move |_| {
            self.editor.problems.track();
            untrack(|| {
                if self.editor.is_saved() || self.busy.get() || self.editor.broken().is_some() {
                    return;
                }
                // Asking for what to save would end the step that is being typed.
                let now = self.editor.text();
                let equal = self.base.with(|base| base.as_ref().is_some_and(|it| it.text == now));
                if let Some((_, moment)) = equal.then(|| self.editor.to_save()).flatten() {
                    self.editor.mark_saved(moment);
                    self.keep();
                }
            });
        });
    }

    /// Keeps each step in the browser, shortly after it was made and before leaving.
    fn keep_drafts(self) {
        let timer = StoredValue::new_local(None::<TimeoutHandle>);
        Effect::new(move |before: Option<()>| {
            self.editor.track_work();
            if before.is_none() {
                return;
            }
            // Work goes on: giving up what was restored would take what is new with it.
            self.restored.set(None);
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

/// A problem's sentence, with its place.
fn placed(editor: EditorHandle, problem: &Problem) -> String {
    let (place, field) = editor.read_untracked(|document| problem_words(document, problem));
    let step = if field.is_empty() { "" } else { tell::STEP };
    format!("{place}{step}{field}: {}", problem.sentence)
}
