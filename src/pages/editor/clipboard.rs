//! Copy, cut and paste through the system's clipboard: nodes as JSON.
//!
//! A key press makes the browser send an event that carries the clipboard, everywhere and without
//! a question. Menus and the command palette ask for it, which some browsers allow only after a
//! question, and only on secure addresses.

use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, task::spawn_local};
use slipway_editor::{
    command::Command,
    keymap::{KeyAction, place_behind},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, ClipboardEvent, Event};

use super::hands::Hands;

/// The browser's events do to the nodes what they would do to text, where nodes have the keyboard.
pub(super) fn listen(hands: Hands) {
    let copied = window_event_listener(ev::copy, move |event| {
        give(hands, &event, Hands::copied);
    });
    let cut = window_event_listener(ev::cut, move |event| {
        if !hands.is_locked() {
            give(hands, &event, Hands::cut_out);
        }
    });
    let pasted = window_event_listener(ev::paste, move |event| {
        if !on_nodes() || hands.is_locked() {
            return;
        }
        let event: ClipboardEvent = event.unchecked_into();
        if let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text").ok()) {
            event.prevent_default();
            hands.put(text);
        }
    });
    on_cleanup(move || [copied, cut, pasted].into_iter().for_each(WindowListenerHandle::remove));
}

fn give(hands: Hands, event: &Event, take: fn(Hands) -> Option<String>) {
    // Marked text is what somebody wants to copy.
    let marked = window().get_selection().ok().flatten().is_some_and(|it| !it.is_collapsed());
    if marked || !on_nodes() || untrack(|| hands.editor.selected()).is_none() {
        return;
    }
    let event: &ClipboardEvent = event.unchecked_ref();
    if let (Some(data), Some(text)) = (event.clipboard_data(), take(hands)) {
        // A browser that refuses leaves the clipboard as it was.
        let _ = data.set_data("text/plain", &text);
        event.prevent_default();
    }
}

/// Whether the canvas or the outline has the keyboard. The event itself is about marked text, so it
/// doesn't say.
fn on_nodes() -> bool {
    let active = document().active_element();
    active.is_some_and(|element| matches!(element.closest("[role=tree]"), Ok(Some(_))))
}

impl Hands {
    /// The selected nodes as text, and says how many they are.
    fn copied(self) -> Option<String> {
        let text = self.editor.copy()?;
        let count = untrack(|| self.editor.selected_nodes()).len();
        let nodes = if count == 1 { "node" } else { "nodes" };
        self.editor.announce(format!("{count} {nodes} copied."));
        Some(text)
    }

    /// The same, and takes them out of the flow.
    fn cut_out(self) -> Option<String> {
        let text = self.editor.copy()?;
        let nodes = untrack(|| self.editor.selected_nodes());
        let gone = self.editor.dispatch(&Command::Cut { nodes });
        self.follow();
        gone.then_some(text)
    }

    /// Puts the nodes of a text behind what is selected.
    fn put(self, text: String) {
        let selected = self.editor.chosen();
        let place = self.editor.layout.with_untracked(|layout| place_behind(layout, &selected));
        let Some(place) = place else { return };
        self.editor.dispatch(&Command::Paste { place, text });
        self.follow();
    }
}

pub(super) fn copy(hands: Hands) {
    let Some(clipboard) = clipboard(hands) else { return };
    if let Some(text) = hands.copied() {
        write(hands, &clipboard, &text, |_| {});
    }
}

/// The nodes are taken out once the clipboard has them.
pub(super) fn cut(hands: Hands) {
    let Some(clipboard) = clipboard(hands) else { return };
    if let Some(why) = hands.editor.refusal(KeyAction::Cut) {
        hands.editor.announce(why);
    } else if let Some(text) = hands.editor.copy() {
        write(hands, &clipboard, &text, |hands| drop(hands.cut_out()));
    }
}

fn write(hands: Hands, clipboard: &Clipboard, text: &str, then: fn(Hands)) {
    let written = JsFuture::from(clipboard.write_text(text));
    spawn_local(async move {
        match written.await {
            Ok(_) => then(hands),
            Err(_) => hands.editor.announce(NO_CLIPBOARD),
        }
    });
}

pub(super) fn paste(hands: Hands) {
    let Some(clipboard) = clipboard(hands) else { return };
    let read = JsFuture::from(clipboard.read_text());
    spawn_local(async move {
        match read.await.ok().and_then(|text| text.as_string()) {
            Some(text) => hands.put(text),
            None => hands.editor.announce(NO_CLIPBOARD),
        }
    });
}

const NO_CLIPBOARD: &str = "The browser doesn’t give the clipboard to buttons here: use the keys, Ctrl or Cmd with C, X or V.";

/// The system's clipboard. Browsers have none for pages that came over an insecure connection.
fn clipboard(hands: Hands) -> Option<Clipboard> {
    let navigator = window().navigator();
    let found = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok();
    let found = found.and_then(|found| found.dyn_into::<Clipboard>().ok());
    if found.is_none() {
        hands.editor.announce(NO_CLIPBOARD);
    }
    found
}
