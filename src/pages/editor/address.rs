//! The address of the editor: the view, the open flow and the selected node are in its query, so that a reload or
//! a link comes back to them.

use std::time::Duration;

use leptos::prelude::*;
use slipway_api::path::segment;
use slipway_flow::document::Key;
use web_sys::UrlSearchParams;

use super::view::View;
use crate::{
    features::canvas::focus_node,
    state::{document::EditorHandle, rest::Rest},
};

/// How long a selection rests before the address names it: browsers take their time for that, and
/// walking through a flow should not wait for it.
const REST: Duration = Duration::from_millis(150);

/// Puts the view and what is selected into the address, once that rests.
pub(super) fn writer(editor: EditorHandle, shown: RwSignal<View>) -> Callback<()> {
    let rest = Rest::new(REST);
    Callback::new(move |()| {
        rest.then(move || write(editor, untrack(|| editor.selected()), shown.get_untracked()));
    })
}

/// Puts view and node into the address, in the place of what was there.
pub(super) fn write(editor: EditorHandle, node: Option<Key>, view: View) {
    let Ok(path) = window().location().pathname() else { return };
    let node = node.map(|node| {
        let pointer = editor.read_untracked(|document| document.pointer(node));
        format!("node={}", segment(&pointer))
    });
    let flow = untrack(|| editor.is_inside()).then(|| {
        let pointer = editor.read_untracked(|document| document.pointer(document.flow()));
        format!("flow={}", segment(&pointer))
    });
    // The picture is what opens without a word.
    let word = (view != View::Visual).then(|| format!("view={}", view.word()));
    let section = section().filter(|_| view == View::Settings);
    let section = section.map(|section| format!("section={}", segment(&section)));
    let query: Vec<String> = word.into_iter().chain(section).chain(flow).chain(node).collect();
    let address = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    replace(&address);
}

fn replace(address: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // A browser that refuses only keeps the old address.
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }
}

/// The view that the address names, else the picture.
pub(super) fn view() -> View {
    query("view").as_deref().and_then(View::parse).unwrap_or_default()
}

/// The section of the settings that the address names.
pub(super) fn section() -> Option<String> {
    query("section")
}

/// Puts the section of the settings into the address.
pub(super) fn write_section(word: &str) {
    let location = window().location();
    let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else { return };
    let Ok(query) = UrlSearchParams::new_with_str(&search) else { return };
    query.set("section", word);
    replace(&format!("{path}?{}", String::from(query.to_string())));
}

/// Opens the flow inside the document that the address names; selects the node that it names, and
/// gives it the keyboard.
pub(super) fn select(editor: EditorHandle) {
    let flow = query("flow");
    if let Some(flow) = flow.and_then(|at| editor.read_untracked(|document| document.resolve(&at)))
    {
        editor.open_flow(flow);
    }
    let node = query("node").and_then(|pointer| {
        editor.read_untracked(|document| {
            document.resolve(&pointer).filter(|key| document.nodes().contains(key))
        })
    });
    if let Some(node) = node {
        editor.select(Some(node));
        focus_node(node);
    }
}

fn query(name: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}
