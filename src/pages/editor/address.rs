//! The address of the editor: the view and the selected node are in its query, so that a reload or
//! a link comes back to them.

use leptos::prelude::*;
use slipway_api::path::segment;
use slipway_flow::document::Key;
use web_sys::UrlSearchParams;

use super::view::View;
use crate::{features::canvas::focus_node, state::document::EditorHandle};

/// Puts view and node into the address, in the place of what was there.
pub(super) fn write(editor: EditorHandle, node: Option<Key>, view: View) {
    let Ok(path) = window().location().pathname() else { return };
    let node = node.map(|node| {
        let pointer = editor.read_untracked(|document| document.pointer(node));
        format!("node={}", segment(&pointer))
    });
    // The picture is what opens without a word.
    let view = (view != View::Visual).then(|| format!("view={}", view.word()));
    let query: Vec<String> = view.into_iter().chain(node).collect();
    let address = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // A browser that refuses only keeps the old address.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

/// The view that the address names, else the picture.
pub(super) fn view() -> View {
    query("view").as_deref().and_then(View::parse).unwrap_or_default()
}

/// Selects the node that the address names, and gives it the keyboard.
pub(super) fn select(editor: EditorHandle) {
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
