//! A modal dialog on the native element: the browser keeps the focus inside, gives it back
//! afterwards, and closes on Escape.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use super::{button::IconButton, classes, icon::Glyph, unique_id};

/// Shown while `open` is true; closing it by any way sets `open` to false. What is inside is made
/// anew at every opening.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// Called after it was closed, by any way.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    #[prop(optional, into)] class: String,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = unique_id("dialog");
    let labelled_by = heading.clone();

    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            // It fails only for a dialog that is not in the document; then nobody can see it.
            let _ = dialog.show_modal();
            // What is inside is made in the same turn.
            request_animation_frame(move || begin(&dialog));
        }
    });
    let closed = move || {
        if open.get_untracked() {
            open.set(false);
        }
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };

    view! {
        <dialog
            node_ref=node
            class=classes(&["dialog", &class])
            aria-labelledby=labelled_by
            on:close=move |_| closed()
        >
            <h2 id=heading class="dialog-title" tabindex="-1">{move || title.get()}</h2>
            {move || open.get().then(|| view! { <div class="dialog-body">{children()}</div> })}
            <IconButton
                class="dialog-close"
                label="Close"
                icon=Glyph::Cross
                on_click=move |_| open.set(false)
            />
        </dialog>
    }
}

/// Where the keyboard begins, in this order.
const FIRST: [&str; 4] = [
    // What there is to fill in, and isn't folded away.
    ".dialog-body :is(input, select, textarea):enabled:not(details:not([open]) *)",
    // What the dialog is for; nothing that is hard to undo.
    ".dialog-body .button-primary",
    ".dialog-body:has(.button-danger) .dialog-actions .button:not(.button-danger)",
    ".dialog-title",
];

/// Gives the keyboard to what the dialog is for, unless that has taken it already; to the heading
/// where there is nothing to do but read.
fn begin(dialog: &HtmlDialogElement) {
    let active = document().active_element();
    let is_inside = |element: Element| element.closest(".dialog-body").ok().flatten().is_some();
    if !dialog.open() || active.is_some_and(is_inside) {
        return;
    }
    let first = FIRST.iter().find_map(|which| dialog.query_selector(which).ok().flatten());
    if let Some(first) = first.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // What can't take the keyboard leaves it where it is.
        let _ = first.focus();
    }
}
