//! Saving without ever losing anybody's work: a save names the version that it began from, a
//! failed one keeps the edit, and what is not stored yet is kept in the browser.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, task::spawn_local};
use slipway_engine::event::EventBody;
use slipway_flow::kinds;

use super::Subject;
use crate::{
    client::{ClientError, use_client, use_live},
    state::{
        document::EditorHandle,
        journal::{Draft, Journal},
    },
    ui::{Button, ButtonKind, Dialog, ErrorNote, Glyph, Notice, Tone, use_toasts},
};

/// How long typing pauses before the draft is kept.
const KEEP_AFTER: Duration = Duration::from_millis(300);

/// Saving of one flow.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    editor: EditorHandle,
    subject: StoredValue<Subject>,
    /// The stored version that this text began from; none where nothing is stored.
    etag: RwSignal<Option<String>>,
    pub(super) busy: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
    conflict_open: RwSignal<bool>,
    /// Whether a save was asked for that the server would refuse: see [`Saving::refusal`].
    held_back: RwSignal<bool>,
    /// Who saved another version while this one was open, and which.
    elsewhere: RwSignal<Option<(String, String)>>,
    /// When the draft was last changed that this page took up; none without one.
    restored: RwSignal<Option<f64>>,
    /// Whether the person gave up what is not stored: nothing is kept of it from then on.
    dropped: StoredValue<bool>,
    save: Callback<()>,
    overwrite: Callback<()>,
}

impl Saving {
    pub(super) fn new(
        editor: EditorHandle,
        subject: Subject,
        etag: Option<String>,
        restored: Option<f64>,
    ) -> Self {
        let client = use_client();
        let toasts = use_toasts();
        let subject = StoredValue::new(subject);
        let etag = RwSignal::new(etag);
        let busy = RwSignal::new(false);
        let error = RwSignal::new(None);
        // Somebody else's newer version: its etag, where the server told.
        let conflict = RwSignal::new(None::<Option<String>>);
        let conflict_open = RwSignal::new(false);
        let store = Callback::new(move |over: Option<String>| {
            if busy.get_untracked() {
                return;
            }
            let Some((text, moment)) = editor.to_save() else { return };
            let Subject { project, pipeline, stage } = subject.get_value();
            busy.set(true);
            // A save goes on when its page is left.
            spawn_local(async move {
                let answer =
                    client.save_flow(&project, &pipeline, stage, text, over.as_deref()).await;
                busy.try_set(false);
                match answer {
                    Ok(stored) => {
                        etag.try_set(stored);
                        error.try_set(None);
                        editor.mark_saved(moment);
                        Journal::of(&project, &pipeline, stage).forget();
                        toasts.good(format!("The release flow of {} is saved.", stage.name()));
                    }
                    Err(ClientError::Conflict { etag, .. }) => {
                        error.try_set(None);
                        conflict.try_set(Some(etag));
                        conflict_open.try_set(true);
                    }
                    Err(failed) => {
                        error.try_set(Some(failed));
                    }
                }
            });
        });
        let saving = Self {
            editor,
            subject,
            etag,
            busy,
            error,
            conflict_open,
            held_back: RwSignal::new(false),
            elsewhere: RwSignal::new(None),
            restored: RwSignal::new(restored),
            dropped: StoredValue::new(false),
            save: Callback::new(move |()| store.run(etag.get_untracked())),
            overwrite: Callback::new(move |()| {
                conflict_open.set(false);
                store.run(conflict.get_untracked().flatten());
            }),
        };
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
            self.save.run(());
        }
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
    fn reload(self) {
        self.dropped.set_value(true);
        self.journal().forget();
        let _ = window().location().reload();
    }

    fn journal(self) -> Journal {
        self.subject.with_value(|s| Journal::of(&s.project, &s.pipeline, s.stage))
    }

    /// Keeps the unsaved text in the browser, shortly after each change and before leaving.
    fn keep_drafts(self) {
        let Self { editor, etag, dropped, .. } = self;
        let journal = StoredValue::new(self.journal());
        let keep = move || {
            if editor.is_saved_untracked() || dropped.get_value() {
                return;
            }
            let draft = Draft {
                text: editor.text_untracked(),
                etag: etag.get_untracked(),
                at: js_sys::Date::now(),
            };
            journal.with_value(|journal| journal.keep(&draft));
        };
        let timer = StoredValue::new_local(None::<TimeoutHandle>);
        Effect::new(move |_| {
            let saved = editor.is_saved();
            if editor.changes() == 0 {
                return;
            }
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
            if saved {
                journal.with_value(Journal::forget);
            } else {
                timer.set_value(set_timeout_with_handle(keep, KEEP_AFTER).ok());
            }
        });
        let hidden: WindowListenerHandle = window_event_listener(ev::pagehide, move |_| keep());
        on_cleanup(move || {
            hidden.remove();
            if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                timer.clear();
                keep();
            }
        });
    }

    /// Says so when somebody else saves this flow meanwhile.
    fn watch(self) {
        let live = use_live();
        let Subject { project, pipeline, stage } = self.subject.get_value();
        live.attend(&project);
        live.subscribe(move |event| {
            if let EventBody::FlowSaved { etag, by } = &event.body
                && event.pipeline.as_deref() == Some(pipeline.as_str())
                && event.stage.as_deref() == Some(stage.name())
            {
                self.elsewhere.set(Some((etag.clone(), by.clone())));
            }
        });
    }

    /// Who stored a version that is not the one this text began from.
    fn newer(self) -> Option<String> {
        let (stored, by) = self.elsewhere.get()?;
        let mine = self.etag.get();
        (!self.busy.get() && mine.as_deref().map(bare) != Some(bare(&stored))).then_some(by)
    }
}

/// An etag without its quotes and its mark of weakness.
fn bare(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"')
}

/// What there is to say about saving, above the canvas.
#[component]
pub(super) fn SavingNotes(saving: Saving) -> impl IntoView {
    let Saving { error, restored, conflict_open, overwrite, .. } = saving;
    view! {
        {move || {
            error
                .get()
                .map(|failed| {
                    let message = format!("{failed} Nothing was saved; your changes are kept here.");
                    view! {
                        <ErrorNote message=message on_retry=Callback::new(move |()| saving.save()) />
                        <FieldSentences failed=failed />
                    }
                })
        }}
        {move || {
            saving
                .refusal()
                .filter(|_| saving.held_back.get())
                .map(|why| {
                    view! {
                        <Notice tone=Tone::Bad icon=Glyph::Warning>
                            <p role="alert">{format!("Nothing was saved yet. {why}")}</p>
                        </Notice>
                    }
                })
        }}
        {move || {
            restored
                .get()
                .map(|at| {
                    let when = String::from(
                        js_sys::Date::new(&at.into()).to_locale_string("default", &js_sys::Object::new()),
                    );
                    view! {
                        <Notice tone=Tone::Careful>
                            <p>{format!("These are your unsaved changes of {when}.")}</p>
                            <Button on_click=move |_| saving.reload()>"Discard them"</Button>
                        </Notice>
                    }
                })
        }}
        {move || {
            saving
                .newer()
                .map(|by| {
                    view! {
                        <Notice tone=Tone::Careful>
                            <p>{format!("{by} has saved another version of this release flow since you opened it.")}</p>
                            <Button on_click=move |_| saving.reload()>"Load it and drop mine"</Button>
                        </Notice>
                    }
                })
        }}
        <Dialog open=conflict_open title="Somebody else saved this release flow">
            <p>
                "Since you opened it, another version was stored. Your changes are kept here and nothing was overwritten."
            </p>
            <div class="dialog-actions">
                <Button on_click=move |_| saving.reload()>"Load theirs and drop mine"</Button>
                <Button kind=ButtonKind::Danger on_click=move |_| overwrite.run(())>
                    "Replace theirs with mine"
                </Button>
                <Button kind=ButtonKind::Primary on_click=move |_| conflict_open.set(false)>
                    "Keep editing"
                </Button>
            </div>
        </Dialog>
    }
}

/// What a refusal says about single fields.
#[component]
fn FieldSentences(failed: ClientError) -> impl IntoView {
    let details = match failed {
        ClientError::Api(error) | ClientError::Forbidden(error) => error.details,
        _ => None,
    };
    details.map(|details| {
        let rows = details
            .into_iter()
            .map(|(field, sentences)| {
                let text = match sentences {
                    serde_json::Value::Array(all) => all
                        .iter()
                        .filter_map(serde_json::Value::as_str)
                        .collect::<Vec<_>>()
                        .join(" "),
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                view! { <li><code>{field}</code>" "{text}</li> }
            })
            .collect_view();
        view! { <ul class="field-sentences" aria-label="What the server says">{rows}</ul> }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_may_weaken_an_etag() {
        assert_eq!(bare("W/\"abc\""), bare("\"abc\""));
        assert_eq!(bare("abc"), "abc");
    }
}
