//! The flow as a list: a complete tree, beside the canvas or alone. It has the same selection, the
//! same history and the same keys. Only the rows in view are in the page, however many there are.
//!
//! - `row`: one row. - `state`: what is folded away, and where the keyboard goes.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod row;
mod state;

use leptos::{ev::KeyboardEvent, html, prelude::*};
use slipway_editor::{
    keymap::{Direction, KeyAction, action},
    selection::Selection,
};
use slipway_flow::document::Key;
use web_sys::MouseEvent;

use crate::state::{
    document::EditorHandle,
    preferences::{Preferences, meaning},
};
pub use row::RowFace;
use row::RowView;
pub use state::OutlineState;
use state::{ROW, Rows};

/// Rows that are there above and below those in view.
const AROUND: usize = 8;

/// The outline. `face` says what a row shows; `on_select` is told what is selected from now on;
/// keys that the outline does not handle itself go to `on_action`, which says whether it did
/// something.
#[component]
pub fn Outline(
    editor: EditorHandle,
    outline: OutlineState,
    preferences: Preferences,
    face: Callback<(Key,), RowFace>,
    on_select: Callback<(Selection,)>,
    on_action: Callback<(KeyAction,), bool>,
    on_menu: Callback<(Key, MouseEvent)>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let rows = Memo::new(move |_| {
        outline.folded.with(|folded| editor.read(|document| Rows::of(document, folded)))
    });
    let seen = RwSignal::new((0.0, 600.0));
    let measure = move || {
        if let Some(element) = scroller.get_untracked() {
            let now = (f64::from(element.scroll_top()), f64::from(element.client_height()));
            if seen.get_untracked() != now {
                seen.set(now);
            }
        }
    };
    scroller.on_load(move |_| {
        request_animation_frame(measure);
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    // The row that takes part in the tab order: the selected one, else the one that did, else the
    // first.
    let focus = Memo::new(move |before: Option<&Option<Key>>| {
        let chosen = editor.selected().or(before.copied().flatten());
        rows.with(|rows| chosen.filter(|key| rows.find(*key).is_some()).or(rows.first()))
    });
    let visible = Memo::new(move |_| {
        let (top, height) = seen.get();
        rows.with(|rows| rows.between(top, height, AROUND, focus.get()))
    });
    state::follow(editor, outline, rows, scroller);

    let select = move |key: Key| on_select.run((Selection::only(Some(key)),));
    let go = move |key: Option<Key>| {
        if let Some(key) = key {
            select(key);
            outline.focus(key);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let choices = untrack(|| preferences.keys());
        let Some(action) = meaning(&event, |chord| action(chord, choices)) else { return };
        let at = focus.get_untracked();
        // After Escape a row has the keyboard, and nothing is selected.
        if action.selects_first() && editor.selection.with_untracked(Selection::is_empty) {
            on_select.run((Selection::only(at),));
        }
        let handled = match (action, at) {
            (KeyAction::Walk(direction), Some(at)) => {
                let to = rows.with_untracked(|rows| match direction {
                    Direction::Up => rows.step(at, -1),
                    Direction::Down => rows.step(at, 1),
                    Direction::Out if rows.is_open(at) == Some(true) => {
                        outline.fold(at, true);
                        Some(at)
                    }
                    Direction::Out => rows.parent(at),
                    Direction::In if rows.is_open(at) == Some(false) => {
                        outline.fold(at, false);
                        Some(at)
                    }
                    Direction::In => rows.step(at, 1).filter(|to| rows.parent(*to) == Some(at)),
                });
                go(to.or(Some(at)));
                true
            }
            (KeyAction::First, _) => {
                go(rows.with_untracked(Rows::first));
                true
            }
            (KeyAction::Last, _) => {
                go(rows.with_untracked(Rows::last));
                true
            }
            _ => on_action.run((action,)),
        };
        if handled {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let on_press = Callback::new(move |(key, event): (Key, MouseEvent)| {
        let now = editor.selection.get_untracked();
        if event.shift_key() {
            let from = now.focus().unwrap_or(key);
            let between = rows.with_untracked(|rows| rows.span(from, key));
            on_select.run((Selection::of(&between),));
        } else if event.ctrl_key() || event.meta_key() {
            on_select.run((now.toggled(key),));
        } else {
            select(key);
        }
        outline.focus(key);
    });
    view! {
        <div
            node_ref=scroller
            class="outline"
            role="tree"
            aria-label="Outline"
            aria-multiselectable="true"
            on:scroll=move |_| measure()
            on:keydown=on_keydown
        >
            <div
                class="outline-rows"
                role="none"
                style:height=move || format!("{}px", rows.with(Rows::len) as f64 * ROW)
            >
                <For each=move || visible.get() key=|key| *key let:key>
                    <RowView
                        key=key
                        rows=rows
                        face=face
                        selected=Signal::derive(move || editor.selection.with(|it| it.contains(key)))
                        stop=Signal::derive(move || focus.get() == Some(key))
                        on_press=on_press
                        on_open=Callback::new(move |()| {
                            on_action.run((KeyAction::Edit,));
                        })
                        on_fold=Callback::new(move |fold| outline.fold(key, fold))
                        on_menu=on_menu
                    />
                </For>
            </div>
        </div>
    }
}
