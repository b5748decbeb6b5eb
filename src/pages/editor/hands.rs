//! What each action does, wherever it comes from: a key, a button, a menu, the pointer.

use leptos::{ev, prelude::*};
use serde_json::Value;
use slipway_editor::{
    command::Command,
    keymap::{KeyAction, destination, place_for_new},
    layout::Place,
    selection::Selection,
    tools::{Drop, Source},
};
use slipway_flow::{document::Document, kinds};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{address, saving::Saving, view::View};
use crate::{features::canvas::CanvasState, state::document::EditorHandle};

/// What hands can do: by mouse, by keyboard, by buttons.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    pub(super) editor: EditorHandle,
    pub(super) canvas: CanvasState,
    pub(super) saving: Saving,
    pub(super) editable: bool,
    pub(super) on_select: Callback<(Selection,)>,
    /// Which view of the flow is open.
    pub(super) view: RwSignal<View>,
}

impl Hands {
    /// Opens a view of the flow. The selection stays.
    pub(super) fn show(self, view: View) {
        if self.view.get_untracked() != view {
            self.view.set(view);
            address::write(self.editor, untrack(|| self.editor.selected()), view);
        }
    }

    pub(super) fn drop(self, drop: Drop) {
        let Drop { source, place, copy } = drop;
        match source {
            Source::Nodes(nodes) => {
                let nodes = nodes.to_vec();
                self.editor.dispatch(&if copy {
                    Command::DuplicateTo { nodes, place }
                } else {
                    Command::Move { nodes, place }
                });
            }
            Source::New(kind) => self.insert(kind, place),
        }
        self.follow();
    }

    /// Adds a node of a kind where the selection is.
    pub(super) fn add(self, kind: usize) {
        let focus = untrack(|| self.editor.selected());
        let place = self.editor.layout.with_untracked(|layout| place_for_new(layout, focus));
        if let Some(place) = place.filter(|_| self.editable) {
            self.insert(kind, place);
            self.follow();
        }
    }

    fn insert(self, kind: usize, place: Place) {
        let Some(kind) = kinds::all().get(kind) else { return };
        // A kind's template is JSON: a test of the tables says so.
        let node = serde_json::from_str::<Value>(kind.template).unwrap_or_default();
        self.editor.dispatch(&Command::Insert { place, node });
    }

    /// The keyboard and the view go to what is selected now.
    fn follow(self) {
        if let Some(node) = untrack(|| self.editor.selected()) {
            self.canvas.show(node, self.editor.layout.into());
            address::write(self.editor, Some(node), self.view.get_untracked());
        }
    }

    /// Does what a key means here. False where it means nothing now, so that it is the browser's.
    pub(super) fn act(self, action: KeyAction) -> bool {
        match action {
            KeyAction::Edit => focus_element("inspector-title"),
            KeyAction::Add => focus_element("palette-search"),
            KeyAction::Undo => self.undo(),
            KeyAction::Redo => self.redo(),
            KeyAction::Save => self.save(),
            KeyAction::Leave => self.on_select.run((Selection::default(),)),
            KeyAction::SelectAll => {
                let nodes = self.editor.read_untracked(Document::nodes);
                self.editor.select_all(&nodes);
            }
            _ => return self.change(action),
        }
        true
    }

    /// Changes the selected nodes.
    fn change(self, action: KeyAction) -> bool {
        let selected = untrack(|| self.editor.selected());
        let Some(node) = selected.filter(|_| self.editable) else { return false };
        let nodes = untrack(|| self.editor.selected_nodes());
        let command = match action {
            KeyAction::Delete => Command::Delete { nodes },
            KeyAction::Duplicate => Command::Duplicate { nodes },
            KeyAction::Wrap(workflow) => Command::Wrap { nodes, workflow },
            KeyAction::Unwrap => Command::Unwrap { nodes },
            KeyAction::ToggleSkip => Command::ToggleSkip { nodes },
            KeyAction::Carry => {
                self.canvas.begin_move(&nodes);
                return true;
            }
            KeyAction::Move(direction) => {
                let place = self
                    .editor
                    .layout
                    .with_untracked(|layout| destination(layout, node, direction));
                let Some(place) = place else { return true };
                Command::Move { nodes: vec![node], place }
            }
            _ => return false,
        };
        self.editor.dispatch(&command);
        self.follow();
        true
    }

    fn undo(self) {
        self.step(EditorHandle::undo);
    }

    fn redo(self) {
        self.step(EditorHandle::redo);
    }

    /// Undoes or redoes. A keyboard that was on the canvas stays there, also when the node that it
    /// was on is gone.
    fn step(self, step: fn(EditorHandle)) {
        if !self.editable {
            return;
        }
        let on_canvas = document().active_element().is_none_or(|element| {
            element.tag_name() == "BODY" || matches!(element.closest(".canvas"), Ok(Some(_)))
        });
        step(self.editor);
        if on_canvas {
            self.to_canvas();
        }
    }

    /// Gives the keyboard to the selected node, else to the outermost.
    pub(super) fn to_canvas(self) {
        let outermost = || self.editor.layout.with_untracked(|layout| layout.root());
        let node = untrack(|| self.editor.selected()).or_else(outermost);
        self.canvas.go_to(node, self.editor.layout.into(), self.on_select);
    }

    fn save(self) {
        if self.editable && !untrack(|| self.editor.is_saved()) {
            self.saving.save();
        }
    }
}

/// Saving and undoing work wherever the keyboard is on this page: there is one history.
pub(super) fn shortcuts(hands: Hands) {
    let pressed = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.default_prevented() || !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("s", false) => hands.save(),
            ("z", false) => hands.undo(),
            ("z", true) | ("y", false) => hands.redo(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || pressed.remove());
}

fn focus_element(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // An element that can't take the focus leaves it where it is.
        let _ = element.focus();
    }
}
