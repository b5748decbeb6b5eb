//! The look before a save: what is different from what the server has, what is wrong with it, and
//! why it is changed.

use leptos::{ev::SubmitEvent, prelude::*};
use slipway_api::flow::MAX_REASON;
use slipway_flow::check::{Problem, Severity};

use super::Saving;
use crate::{
    features::diff::Differences,
    ui::{Button, ButtonKind, Dialog, Glyph, Notice, TextField, Tone},
};

/// Problems that are told; the list beside the canvas has all.
const MOST_PROBLEMS: usize = 8;

#[component]
pub(in super::super) fn SaveDialog(saving: Saving) -> impl IntoView {
    view! {
        <Dialog open=saving.asked title="Save the release flow" class="save-dialog">
            <SaveForm saving=saving />
        </Dialog>
    }
}

#[component]
fn SaveForm(saving: Saving) -> impl IntoView {
    let old = saving.base.with_untracked(|base| base.as_ref().map(|base| base.text.clone()));
    let is_first = old.is_none();
    let old = old.unwrap_or_else(|| super::merging::NOTHING.to_owned());
    let new = saving.editor.text();
    let refusal = Memo::new(move |_| saving.refusal());
    let too_long = Memo::new(move |_| {
        let length = saving.reason.with(|reason| reason.chars().count());
        (length > MAX_REASON)
            .then(|| format!("{length} characters; at most {MAX_REASON} are kept with a revision."))
    });
    let blocked = Signal::derive(move || refusal.get().or_else(|| too_long.get()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        saving.confirm();
    };
    view! {
        <form class="dialog-body" on:submit=submit>
            {move || {
                refusal
                    .get()
                    .map(|why| {
                        view! {
                            <Notice tone=Tone::Bad icon=Glyph::Warning>
                                <p role="alert">{format!("Nothing was saved yet. {why}")}</p>
                            </Notice>
                        }
                    })
            }}
            {move || problems(saving)}
            {move || {
                saving
                    .editor
                    .unread_words()
                    .map(|words| {
                        view! {
                            <Notice tone=Tone::Careful icon=Glyph::Warning>
                                <p>{words}</p>
                            </Notice>
                        }
                    })
            }}
            <TextField
                label="Why you change it (optional)"
                help="Shown in the list of revisions. Enter saves."
                value=saving.reason
                error=too_long
                on_input=Callback::new(move |text| saving.reason.set(text))
            />
            {if is_first {
                view! { <p>"This is the first version: the server has no release flow for this stage yet."</p> }
                    .into_any()
            } else {
                view! { <Differences old=old new=new /> }.into_any()
            }}
            <div class="dialog-actions">
                <Button on_click=move |_| saving.asked.set(false)>"Cancel"</Button>
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Save
                    submit=true
                    reason=blocked
                    busy=saving.busy
                >
                    "Save now"
                </Button>
            </div>
        </form>
    }
}

/// What the checks say, worst first; nothing when all is well.
fn problems(saving: Saving) -> Option<AnyView> {
    let told = saving.editor.problems.with(|problems| {
        let mut told: Vec<&Problem> =
            problems.iter().filter(|problem| problem.severity != Severity::Hint).collect();
        told.sort_by_key(|problem| {
            (!problem.refuses_storing(), problem.severity != Severity::Error)
        });
        let left = told.len().saturating_sub(MOST_PROBLEMS);
        let rows = told.iter().take(MOST_PROBLEMS).map(|problem| {
            let word = match problem.severity {
                Severity::Error => "Error",
                _ => "Warning",
            };
            format!("{word}: {}", super::placed(saving.editor, problem))
        });
        (rows.collect::<Vec<_>>(), left)
    });
    let (rows, left) = told;
    if rows.is_empty() {
        return None;
    }
    let rows = rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view();
    let more = (left > 0).then(|| view! { <li class="quiet">{format!("… and {left} more")}</li> });
    Some(
        view! {
            <ul class="save-problems" aria-label="Problems of what is saved">
                {rows}
                {more}
            </ul>
        }
        .into_any(),
    )
}
