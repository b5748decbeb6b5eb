//! A node as JSON, whatever its kind: only what is typed over changes. Text that can't be read stays
//! here and out of the document.

use leptos::prelude::*;
use slipway_editor::command::Command;
use slipway_flow::document::{Document, Key};

use crate::{
    state::document::EditorHandle,
    ui::{Button, TextArea},
};

#[component]
pub(super) fn NodeCode(
    editor: EditorHandle,
    node: Key,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    // It is here again when one comes back to the node, or to the page.
    let left = editor.unread_of(node);
    let left =
        left.and_then(|text| Document::parse(&text).err().map(|why| (text, why.to_string())));
    let broken = RwSignal::new(left);
    let stored = Memo::new(move |_| {
        editor.read(|document| {
            if document.contains(node) { document.text_at(node, "") } else { String::new() }
        })
    });
    let shown = Signal::derive(move || match broken.get() {
        Some((text, _)) => text,
        None => stored.get(),
    });
    let on_input = Callback::new(move |typed: String| match Document::parse(&typed) {
        Ok(_) => {
            broken.set(None);
            editor.keep_unread(node, None);
            editor.dispatch(&Command::SetText { node, text: typed });
        }
        Err(why) => {
            editor.keep_unread(node, Some(&typed));
            broken.set(Some((typed, why.to_string())));
        }
    });
    let error = Signal::derive(move || {
        broken.with(|broken| {
            broken.as_ref().map(|(_, why)| format!("{why} The flow keeps the last good text."))
        })
    });
    // A step of its own, also right after typing.
    let format = move |_| {
        let text = stored.get_untracked();
        let Ok(formatted) = Document::parse(&text).map(|document| document.formatted()) else {
            return;
        };
        let text = formatted.trim_end().to_owned();
        editor.close_step();
        if stored.with_untracked(|stored| *stored == text) {
            editor.announcement.set("The node is formatted already.".to_owned());
        } else if editor.dispatch(&Command::SetText { node, text }) {
            editor.announcement.set("The node is formatted.".to_owned());
        }
        editor.close_step();
    };
    let why_not = Signal::derive(move || {
        let broken = broken.with(Option::is_some);
        broken.then(|| "What can't be read can't be formatted: mend it first.".to_owned())
    });
    let editable = move || locked.with(Option::is_none);
    view! {
        <TextArea
            class="node-code"
            label="The node as JSON"
            value=shown
            on_input=on_input
            on_blur=Callback::new(move |()| editor.close_step())
            error=error
            help="Only what you change changes in the flow: spacing and unknown members stay as they are."
            rows=18
            mono=true
            readonly=Signal::derive(move || locked.get().is_some())
        />
        {move || editable().then(|| view! { <Button reason=why_not on_click=format>"Format"</Button> })}
    }
}
