//! The keyboard is never nowhere: where a button or a node that had it goes, it goes on in the view
//! that is open.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

use super::{hands::Hands, view::View};
use crate::features::code::focus_code;

/// Looks, after the keyboard has left something or something was pressed, whether that has gone.
pub(super) fn keep(hands: Hands) {
    let left = window_event_listener(ev::focusout, move |event| {
        if event.related_target().is_none() {
            look(hands, event.target());
        }
    });
    let clicked = window_event_listener(ev::click, move |event| look(hands, event.target()));
    on_cleanup(move || {
        left.remove();
        clicked.remove();
    });
}

fn look(hands: Hands, gone: Option<EventTarget>) {
    let Some(gone) = gone.and_then(|it| it.dyn_into::<Element>().ok()) else { return };
    // What was done has had its effects then, and has put the keyboard where it wanted it.
    request_animation_frame(move || {
        request_animation_frame(move || {
            let active = document().active_element();
            let nowhere = active.is_none_or(|element| element.tag_name() == "BODY");
            let is_asked = matches!(document().query_selector("dialog[open]"), Ok(Some(_)));
            if nowhere && !gone.is_connected() && !is_asked {
                // The page itself may be gone by now.
                if let Some(view) = hands.view.try_get_untracked() {
                    go_on(hands, view);
                }
            }
        });
    });
}

/// Gives the keyboard to what is shown first, once that is there.
pub(super) fn begin(hands: Hands) {
    match hands.view.get_untracked() {
        // The text editor has to come first.
        View::Code => hands.in_code.set(Some(0)),
        view => request_animation_frame(move || go_on(hands, view)),
    }
}

fn go_on(hands: Hands, view: View) {
    match view {
        View::Visual | View::Outline => hands.to_canvas(),
        View::Code => focus_code(),
        View::Settings | View::Resources | View::Revisions => {
            let choice = document().query_selector(".view-choice[aria-current]").ok().flatten();
            if let Some(choice) = choice.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                // A button that can't take the focus leaves it where it is.
                let _ = choice.focus();
            }
        }
    }
}
