//! Leaving with unsaved work: the browser warns where the page is closed, and a dialog where a link
//! of the app leads away.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BeforeUnloadEvent, HtmlAnchorElement, MouseEvent};

use super::Saving;
use crate::{
    state::place::use_place,
    ui::{Button, ButtonKind, Dialog},
};

impl Saving {
    fn would_lose_sight(self) -> bool {
        !self.given_up.get_value() && !untrack(|| self.editor.is_saved())
    }
}

/// Asks before a link leads away from unsaved work.
#[component]
pub(in super::super) fn LeaveDialog(saving: Saving) -> impl IntoView {
    let open = RwSignal::new(false);
    let to = RwSignal::new(String::new());
    // Once a save was asked for here, it leads away as soon as it is done.
    let after_save = RwSignal::new(false);
    let place = use_place();
    let go = move || {
        open.set(false);
        place.go_to(to.get_untracked());
    };
    let closing = window_event_listener(ev::beforeunload, move |event: BeforeUnloadEvent| {
        if saving.would_lose_sight() {
            event.prevent_default();
        }
    });
    intercept(move |event| {
        if let Some(path) = leads_away(event).filter(|_| saving.would_lose_sight()) {
            event.prevent_default();
            event.stop_immediate_propagation();
            to.set(path);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !after_save.get() {
            return;
        }
        if saving.editor.is_saved() {
            after_save.set(false);
            go();
        } else if !saving.busy.get() {
            after_save.set(false);
            open.set(false);
        }
    });
    on_cleanup(move || closing.remove());
    view! {
        <Dialog open=open title="Leave with unsaved changes?">
            <p>
                "What you changed is not saved yet. If you leave, it is kept in this browser as a draft, and offered when you open this release flow again."
            </p>
            <div class="dialog-actions">
                <Button on_click=move |_| open.set(false)>"Stay"</Button>
                <Button on_click=move |_| {
                    saving.given_up.set_value(true);
                    go();
                }>"Leave and keep the draft"</Button>
                <Button
                    kind=ButtonKind::Primary
                    busy=saving.busy
                    on_click=move |_| {
                        saving.editor.check_now();
                        saving.confirm();
                        after_save.set(true);
                    }
                >
                    "Save and leave"
                </Button>
            </div>
        </Dialog>
    }
}

/// Sees clicks before the router does.
fn intercept(see: impl Fn(&MouseEvent) + 'static) {
    let listener = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| see(&event));
    let function = listener.as_ref().unchecked_ref::<js_sys::Function>().clone();
    // Where it can't be added nothing asks; the draft is kept all the same.
    let _ = window().add_event_listener_with_callback_and_bool("click", &function, true);
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || {
        let _ = window().remove_event_listener_with_callback_and_bool("click", &function, true);
        listener.try_update_value(Option::take);
    });
}

/// The address that a click leads to, if it opens another page of the app in this tab.
fn leads_away(event: &MouseEvent) -> Option<String> {
    let other_tab =
        event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0;
    if event.default_prevented() || other_tab {
        return None;
    }
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let here = window().location();
    let same_app = link.origin() == here.origin().ok()? && link.target().is_empty();
    let leaves = link.pathname() != here.pathname().ok()?;
    if !same_app || !leaves || link.has_attribute("download") {
        return None;
    }
    let path = format!("{}{}{}", link.pathname(), link.search(), link.hash());
    Some(path)
}
