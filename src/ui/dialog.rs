//! A modal dialog on the native element: the browser keeps the focus inside, gives it back
//! afterwards, and closes on Escape.

use leptos::{html, prelude::*};

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
            <h2 id=heading class="dialog-title">{move || title.get()}</h2>
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
