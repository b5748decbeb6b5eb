//! Opening a release flow: with the unsaved work that a page before this one left behind, if there
//! is any.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use slipway_editor::session::Session;
use slipway_flow::document::{Document, ParseError};

use super::super::{Subject, workbench::Workbench};
use crate::{
    client::FlowText,
    state::journal::{Journal, Kept, Left, Stored, Wanted, left, slot},
    ui::{ErrorNote, Loading},
};

/// What an editor begins with, beside its session.
#[derive(Clone)]
pub(in super::super) struct Begin {
    pub(super) journal: Journal,
    pub(super) restored: Option<Restored>,
    /// The version that the server has now, where it is not the one that the draft began from.
    pub(super) newer: Option<String>,
    pub(super) others: Vec<Kept>,
    pub(super) switch: Callback<String>,
    pub(super) afresh: Callback<()>,
    /// Whether a button led here that is gone now: the keyboard goes to the flow.
    pub(in super::super) takes_keyboard: bool,
}

/// A session of a text that can be read, with what else its editor begins with.
type Begun = Result<(Session, Begin), ParseError>;

/// Unsaved work that was taken up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Restored {
    /// When it was last changed, in milliseconds since the Unix epoch.
    pub(super) at: f64,
    pub(super) steps: usize,
    /// Steps at the end that could not be read.
    pub(super) unread: usize,
}

/// The editor of a text, once the browser has said what was left: `wanted` says what of it is taken
/// up. With `stored` false the text is a draft that no server has. `afresh` opens what the server has
/// in the place of a draft that was given up.
#[component]
pub(in super::super) fn Opened(
    subject: Subject,
    flow: FlowText,
    stored: bool,
    wanted: Wanted,
    afresh: Callback<()>,
) -> impl IntoView {
    let begun = RwSignal::new_local(None::<Begun>);
    let place = slot(&subject.project, &subject.pipeline, subject.stage);
    let text = flow.text.clone();
    let owner = StoredValue::new(Owner::current());
    let take_up = Callback::new(move |(wanted, switch): (Wanted, Callback<String>)| {
        let (place, flow) = (place.clone(), flow.clone());
        begun.set(None);
        spawn_local(async move {
            let left = left(&place, &wanted).await;
            let takes_keyboard = wanted != Wanted::Own || !stored;
            // The page may be gone by now.
            if let Some(Some(owner)) = owner.try_get_value() {
                let ways = (switch, afresh);
                let result = owner.with(|| begin(left, &flow, stored, ways, takes_keyboard));
                // A large flow is read, and then shown: the page answers in between.
                let show = move || {
                    begun.try_set(Some(result));
                };
                set_timeout(show, Duration::ZERO);
            }
        });
    });
    let switch = RwSignal::new(None::<Callback<String>>);
    let to = Callback::new(move |id: String| {
        if let Some(switch) = switch.get_untracked() {
            take_up.run((Wanted::Draft(id), switch));
        }
    });
    switch.set(Some(to));
    take_up.run((wanted, to));
    move || {
        begun.track();
        // Taken, not copied: it may be large.
        match begun.try_update_untracked(Option::take).flatten() {
            None => view! { <Loading label="Loading the release flow…" /> }.into_any(),
            Some(Ok((session, begin))) => {
                view! { <Workbench subject=subject.clone() session=session begin=begin /> }
                    .into_any()
            }
            Some(Err(error)) => {
                let message = format!("The stored release flow is not JSON. {error}");
                view! {
                    <ErrorNote message=message />
                    <pre class="code" tabindex="0" aria-label="The stored text">{text.clone()}</pre>
                }
                .into_any()
            }
        }
    }
}

fn begin(
    left: Left,
    flow: &FlowText,
    stored: bool,
    (switch, afresh): (Callback<String>, Callback<()>),
    takes_keyboard: bool,
) -> Begun {
    let others = left.others.clone();
    let now = stored.then(|| Stored { text: flow.text.clone(), etag: flow.etag.clone() });
    let begun = |journal| Begin {
        journal,
        restored: None,
        newer: None,
        others,
        switch,
        afresh,
        takes_keyboard,
    };
    let draft = left.draft.as_ref().and_then(|(draft, _)| {
        let session = Session::restore(&draft.origin, draft.origin_stored, &draft.records).ok()?;
        Some((session, draft.kept.at, draft.stored.clone()))
    });
    let Some((taken, at, base)) = draft else {
        let session =
            if stored { Session::open(&flow.text) } else { Session::open_draft(&flow.text) };
        return Ok((session?, begun(Journal::of(left, &flow.text, now))));
    };
    // What the server has is merged and compared: without it there is nothing to go on with.
    Document::parse(&flow.text)?;
    let mut session = taken.session;
    let journal = Journal::of(left, &flow.text, now.clone());
    if session.broken().is_none() && session.document().text() == flow.text && stored {
        // It was stored, and the answer came too late to be noted.
        let (_, moment) = session.to_save();
        session.mark_saved(moment);
        if let Some(now) = now {
            journal.stored(now);
        }
        let restored = Restored { at, steps: session.unsaved_steps(), unread: taken.unread };
        let restored = (restored.steps > 0).then_some(restored);
        return Ok((session, Begin { restored, ..begun(journal) }));
    }
    let newer = now.and_then(|now| now.etag).filter(|now| {
        base.as_ref().and_then(|base| base.etag.as_deref()).map(super::merging::bare)
            != Some(super::merging::bare(now))
    });
    let restored = Restored { at, steps: session.unsaved_steps(), unread: taken.unread };
    let restored = (!session.is_saved() || restored.steps > 0).then_some(restored);
    Ok((session, Begin { restored, newer, ..begun(journal) }))
}
