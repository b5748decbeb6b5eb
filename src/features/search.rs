//! Search in the flow: a bar that counts, and leads from one node that was found to the next.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

use leptos::{ev::KeyboardEvent, html, prelude::*, reactive::owner::LocalStorage};
use slipway_editor::search::SearchIndex;
use slipway_flow::document::Key;

use crate::{
    state::document::EditorHandle,
    ui::{Glyph, IconButton},
};

/// What is searched for, for as long as the page is open.
#[derive(Clone, Copy)]
pub struct SearchState {
    pub open: RwSignal<bool>,
    query: RwSignal<String>,
    found: RwSignal<Vec<Key>>,
    /// Which of them is shown.
    at: RwSignal<Option<usize>>,
    /// What is looked through, and the number of changes that it was made after.
    index: StoredValue<Option<(u64, SearchIndex)>, LocalStorage>,
    field: NodeRef<html::Input>,
}

impl SearchState {
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            query: RwSignal::new(String::new()),
            found: RwSignal::new(Vec::new()),
            at: RwSignal::new(None),
            index: StoredValue::new_local(None),
            field: NodeRef::new(),
        }
    }

    /// Opens the bar, and gives it the keyboard.
    pub fn begin(self) {
        self.open.set(true);
        request_animation_frame(move || {
            if let Some(field) = self.field.get_untracked() {
                // A field that can't take the keyboard leaves it where it is.
                let _ = field.focus();
                field.select();
            }
        });
    }

    /// The next that is found, from the one that is shown or selected on; the one before with
    /// `back`. None where nothing is.
    pub fn step(self, editor: EditorHandle, back: bool) -> Option<Key> {
        self.look(editor);
        let found = self.found.get_untracked();
        let count = found.len();
        let shown = self.at.get_untracked().and_then(|at| found.get(at)).copied();
        let from = shown.or_else(|| untrack(|| editor.selected()));
        let at = from.and_then(|key| found.iter().position(|one| *one == key));
        let next = match at {
            _ if count == 0 => return None,
            Some(at) if back => (at + count - 1) % count,
            Some(at) => (at + 1) % count,
            None if back => count - 1,
            None => 0,
        };
        self.at.set(Some(next));
        found.get(next).copied()
    }

    /// Looks again, in the document as it is now.
    fn look(self, editor: EditorHandle) {
        let now = untrack(|| editor.changes());
        self.index.update_value(|index| {
            if index.as_ref().is_none_or(|(made, _)| *made != now) {
                *index = Some((now, editor.read_untracked(SearchIndex::of)));
            }
        });
        let query = self.query.get_untracked();
        let found = self.index.with_value(|index| {
            index.as_ref().map(|(_, index)| index.find(&query)).unwrap_or_default()
        });
        if self.found.with_untracked(|before| *before != found) {
            self.found.set(found);
            self.at.set(None);
        }
    }
}

/// The bar. `on_show` shows and selects a node, and leaves the keyboard here; `on_leave` gives it
/// back.
#[component]
pub fn SearchBar(
    search: SearchState,
    editor: EditorHandle,
    on_show: Callback<(Key,)>,
    on_leave: Callback<()>,
) -> impl IntoView {
    let step = move |back: bool| {
        if let Some(node) = search.step(editor, back) {
            on_show.run((node,));
        }
    };
    let close = move || {
        search.open.set(false);
        on_leave.run(());
    };
    let on_keydown = move |event: KeyboardEvent| {
        match (event.key().as_str(), event.shift_key()) {
            ("Enter" | "F3", back) => step(back),
            ("Escape", _) => close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let count = move || {
        let all = search.found.with(Vec::len);
        match (search.query.with(|query| query.trim().is_empty()), search.at.get()) {
            (true, _) => String::new(),
            (false, _) if all == 0 => "Nothing found".to_owned(),
            (false, Some(at)) => format!("{} of {all}", at + 1),
            (false, None) => format!("{all} found"),
        }
    };
    view! {
        <Show when=move || search.open.get()>
            <div class="search-bar" role="search" aria-label="Search in the flow" on:keydown=on_keydown>
                <input
                    node_ref=search.field
                    class="input"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Title, kind, ref or any text"
                    aria-label="Search in the flow"
                    prop:value=move || search.query.get()
                    on:input=move |event| {
                        search.query.set(event_target_value(&event));
                        search.look(editor);
                    }
                />
                <span class="search-count" role="status">{count}</span>
                <IconButton label="Previous (Shift+Enter)" icon=Glyph::ChevronDown class="turn-up" on_click=move |_| step(true) />
                <IconButton label="Next (Enter)" icon=Glyph::ChevronDown on_click=move |_| step(false) />
                <IconButton label="Close the search" icon=Glyph::Cross on_click=move |_| close() />
            </div>
        </Show>
    }
}
