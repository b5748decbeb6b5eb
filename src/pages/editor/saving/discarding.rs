//! Giving up unsaved work: nothing brings it back, so that it is asked about first.

use leptos::prelude::*;

use super::{
    Saving,
    notes::{moment, steps_words},
};
use crate::{
    state::journal::Kept,
    ui::{Button, ButtonKind, Dialog},
};

/// Unsaved work that may be given up.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doomed {
    /// What is open here and not stored yet.
    Open,
    /// What another tab left behind.
    Draft(Kept),
}

impl Saving {
    pub(super) fn ask_to_discard(self, doomed: Doomed) {
        self.doomed.set(Some(doomed));
    }

    /// How many steps would be gone, with the draft that they are in.
    fn doomed_words(self) -> String {
        match self.doomed.get() {
            Some(Doomed::Draft(kept)) => {
                format!("The draft of {}, {}", moment(kept.at), steps_words(kept.steps))
            }
            Some(Doomed::Open) => {
                let steps = self.restored.with(|found| found.map(|found| found.steps));
                format!("Your unsaved changes, {}", steps_words(steps.unwrap_or_default()))
            }
            None => String::new(),
        }
    }
}

/// Asks before unsaved work is given up.
#[component]
pub(in super::super) fn DiscardDialog(saving: Saving) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if saving.doomed.with(Option::is_some) {
            open.set(true);
        }
    });
    let discard = move |_| {
        let doomed = saving.doomed.get_untracked();
        open.set(false);
        match doomed {
            Some(Doomed::Open) => saving.discard(),
            Some(Doomed::Draft(kept)) => saving.discard_draft(&kept.id),
            None => {}
        }
    };
    let closed = Callback::new(move |()| saving.doomed.set(None));
    view! {
        <Dialog open=open on_close=closed title="Discard unsaved changes?">
            <p>{move || format!("{}, will be gone for good. Undo can't bring them back.", saving.doomed_words())}</p>
            <div class="dialog-actions">
                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Danger on_click=discard>"Discard for good"</Button>
            </div>
        </Dialog>
    }
}
