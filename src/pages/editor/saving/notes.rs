//! What there is to say about saving, above the canvas.

use leptos::prelude::*;

use super::{Saving, discarding::Doomed, opening::Restored};
use crate::{
    client::ClientError,
    state::journal::Kept,
    ui::{
        Button, ErrorNote, Notice, Tone,
        time::{absolute, is_today, wall_clock},
    },
};

#[component]
pub(in super::super) fn SavingNotes(saving: Saving) -> impl IntoView {
    let Saving { error, restored, merged, others, .. } = saving;
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
        {move || saving.journal.trouble().map(|why| view! { <Notice tone=Tone::Careful><p>{why}</p></Notice> })}
        {move || {
            restored
                .get()
                .map(|found| {
                    view! {
                        <Notice tone=Tone::Careful>
                            <p>{restored_words(found)}</p>
                            <Button on_click=move |_| saving.ask_to_discard(Doomed::Open)>"Discard them"</Button>
                            <Button on_click=move |_| restored.set(None)>"Keep them"</Button>
                        </Notice>
                    }
                })
        }}
        {move || {
            let kept = others.get();
            (!kept.is_empty()).then(|| view! { <OtherDrafts saving=saving kept=kept /> })
        }}
        {move || {
            saving
                .newer()
                .map(|author| {
                    view! {
                        <Notice tone=Tone::Careful>
                            <p>{format!("{} of this release flow since you opened it.", author.saved())}</p>
                            <Button on_click=move |_| saving.merge_now()>"Merge now"</Button>
                        </Notice>
                    }
                })
        }}
        {move || {
            merged
                .get()
                .map(|words| {
                    view! {
                        <Notice>
                            <p role="status">{words}</p>
                            <Button on_click=move |_| merged.set(None)>"Got it"</Button>
                        </Notice>
                    }
                })
        }}
    }
}

fn restored_words(found: Restored) -> String {
    let Restored { at, steps, unread } = found;
    let steps = steps_words(steps);
    let lost = match unread {
        0 => String::new(),
        _ => " What was done after that could not be read.".to_owned(),
    };
    format!("Restored your unsaved changes of {}: {steps}; Undo works.{lost}", moment(at))
}

/// So many steps.
pub(super) fn steps_words(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}

/// The time, with the day where it is another one.
pub(super) fn moment(at: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century fit 53 bits")]
    let at = at as i64;
    if is_today(at) { wall_clock(at) } else { absolute(at) }
}

/// Drafts that other tabs left behind.
#[component]
fn OtherDrafts(saving: Saving, kept: Vec<Kept>) -> impl IntoView {
    let row = move |kept: Kept| {
        let (id, other) = (kept.id.clone(), kept.clone());
        let size = kept.size.div_ceil(1024);
        let steps = if kept.steps == 1 { "step" } else { "steps" };
        let words = format!("{}: {} unsaved {steps}, {size} KB", moment(kept.at), kept.steps);
        let (open, discard) = (
            format!("Open the draft of {}", moment(kept.at)),
            format!("Discard the draft of {}", moment(kept.at)),
        );
        view! {
            <li>
                {words}
                <Button attr:aria-label=open on_click=move |_| saving.open_draft(id.clone())>"Open"</Button>
                <Button attr:aria-label=discard on_click=move |_| saving.ask_to_discard(Doomed::Draft(other.clone()))>"Discard"</Button>
            </li>
        }
    };
    view! {
        <Notice tone=Tone::Careful>
            <p>"Other tabs left unsaved changes of this release flow behind."</p>
            <ul class="drafts" aria-label="Other drafts">{kept.into_iter().map(row).collect_view()}</ul>
        </Notice>
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
