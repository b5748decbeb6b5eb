//! A line to copy: the text, and the button.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::Desk;
use crate::ui::{Button, Glyph};

pub(super) fn line(desk: Desk, label: &str, text: String) -> AnyView {
    let (name, said, written) = (format!("Copy: {label}"), label.to_owned(), text.clone());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let (said, text) = (said.clone(), text.clone());
        spawn_local(async move {
            let writing = window().navigator().clipboard().write_text(&text);
            let done = JsFuture::from(writing).await.is_ok();
            copied.try_set(done);
            desk.editor.announcement.try_set(if done {
                format!("Copied: {said}.")
            } else {
                "The browser doesn't let this page copy. Select the text and copy it by hand."
                    .to_owned()
            });
        });
    };
    view! {
        <div class="settings-copy">
            <p>{label.to_owned()}</p>
            <code class="mono" tabindex="0">{written}</code>
            <Button icon=Glyph::Copy attr:aria-label=name on_click=Callback::new(copy)>
                {move || if copied.get() { "Copied" } else { "Copy" }}
            </Button>
        </div>
    }
    .into_any()
}
