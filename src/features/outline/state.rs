//! What the outline keeps: which workflows are folded away, the rows that there are, and where the
//! keyboard is to go.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use leptos::{html, prelude::*};
use slipway_editor::outline::{self, Row};
use slipway_flow::document::{Document, Key};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::state::document::EditorHandle;

/// The height of a row, in pixels; the style sheet says the same.
pub(super) const ROW: f64 = 28.0;

/// Made by the page, which tells it where the keyboard goes.
#[derive(Clone, Copy)]
pub struct OutlineState {
    pub(super) folded: RwSignal<HashSet<Key>>,
    /// The row to show and to give the keyboard to, once it is there.
    wanted: RwSignal<Option<Key>>,
}

impl OutlineState {
    #[must_use]
    pub fn new() -> Self {
        Self { folded: RwSignal::new(HashSet::new()), wanted: RwSignal::new(None) }
    }

    /// Shows a row, and gives it the keyboard.
    pub fn focus(self, key: Key) {
        self.wanted.set(Some(key));
    }

    pub(super) fn fold(self, key: Key, fold: bool) {
        self.folded.update(|folded| {
            if fold {
                folded.insert(key)
            } else {
                folded.remove(&key)
            };
        });
    }
}

/// The DOM id of a row.
pub(super) fn element_id(key: Key) -> String {
    format!("outline-{}", key.number())
}

/// All rows, and where each is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    rows: Arc<Vec<Row>>,
    places: Arc<HashMap<Key, usize>>,
}

impl Rows {
    pub(super) fn of(document: &Document, folded: &HashSet<Key>) -> Self {
        let rows = outline::rows(document, folded);
        let places = rows.iter().enumerate().map(|(at, row)| (row.key, at)).collect();
        Self { rows: Arc::new(rows), places: Arc::new(places) }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn find(&self, key: Key) -> Option<(usize, Row)> {
        let at = *self.places.get(&key)?;
        Some((at, self.rows[at]))
    }

    pub(super) fn first(&self) -> Option<Key> {
        self.rows.first().map(|row| row.key)
    }

    pub(super) fn last(&self) -> Option<Key> {
        self.rows.last().map(|row| row.key)
    }

    pub(super) fn step(&self, from: Key, by: isize) -> Option<Key> {
        let at = self.find(from)?.0.checked_add_signed(by)?;
        self.rows.get(at).map(|row| row.key)
    }

    pub(super) fn parent(&self, key: Key) -> Option<Key> {
        self.find(key)?.1.parent.map(|parent| self.rows[parent].key)
    }

    pub(super) fn is_open(&self, key: Key) -> Option<bool> {
        self.find(key)?.1.open
    }

    /// The rows from one to the other, whichever stands first; `to` is the first of them.
    pub(super) fn span(&self, from: Key, to: Key) -> Vec<Key> {
        let (Some((from, _)), Some((end, _))) = (self.find(from), self.find(to)) else {
            return vec![to];
        };
        let between = self.rows[from.min(end)..=from.max(end)].iter().map(|row| row.key);
        std::iter::once(to).chain(between.filter(|key| *key != to)).collect()
    }

    /// The rows in view with some around them, and the one that has the tab stop, in order.
    pub(super) fn between(
        &self,
        top: f64,
        height: f64,
        around: usize,
        stop: Option<Key>,
    ) -> Vec<Key> {
        let from = ((top / ROW) as usize).saturating_sub(around).min(self.len());
        let to = (((top + height) / ROW) as usize + 1 + around).min(self.len()).max(from);
        let mut keys: Vec<Key> = self.rows[from..to].iter().map(|row| row.key).collect();
        match stop.and_then(|stop| self.find(stop)) {
            Some((at, row)) if at < from => keys.insert(0, row.key),
            Some((at, row)) if at >= to => keys.push(row.key),
            _ => {}
        }
        keys
    }
}

/// Keeps the selected row in view, unfolds what hides it, and gives the keyboard to a row that is
/// wanted.
pub(super) fn follow(
    editor: EditorHandle,
    outline: OutlineState,
    rows: Memo<Rows>,
    scroller: NodeRef<html::Div>,
) {
    let show = move |key: Key| {
        let hidden = rows.with_untracked(|rows| rows.find(key).is_none());
        if hidden {
            let around = editor.read_untracked(|document| {
                std::iter::successors(document.workflow_of(key), |at| document.workflow_of(*at))
                    .collect::<Vec<Key>>()
            });
            outline.folded.update(|folded| folded.retain(|key| !around.contains(key)));
        }
        let (Some(element), Some((at, _))) =
            (scroller.get_untracked(), rows.with_untracked(|rows| rows.find(key)))
        else {
            return;
        };
        let (top, height) = (f64::from(element.scroll_top()), f64::from(element.client_height()));
        let row = at as f64 * ROW;
        if row < top {
            element.set_scroll_top(row as i32);
        } else if row + ROW > top + height {
            element.set_scroll_top((row + ROW - height).ceil() as i32);
        }
    };
    Effect::new(move |_| {
        if let (Some(_), Some(key)) = (scroller.get(), editor.selected()) {
            request_animation_frame(move || show(key));
        }
    });
    Effect::new(move |_| {
        let (Some(_), Some(key)) = (scroller.get(), outline.wanted.get()) else { return };
        request_animation_frame(move || {
            outline.wanted.try_set(None);
            show(key);
            // A row that scrolled into view is there with the next picture.
            request_animation_frame(move || {
                let row = document().get_element_by_id(&element_id(key));
                if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
                    let options = web_sys::FocusOptions::new();
                    options.set_prevent_scroll(true);
                    let _ = row.focus_with_options(&options);
                }
            });
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_in_view_are_shown_and_the_one_with_the_tab_stop() {
        let steps = vec![r#"{"kind": "JobRun"}"#; 100].join(",");
        let text = format!(r#"{{"spec": {{"kind": "Workflow", "spec": {{"steps": [{steps}]}}}}}}"#);
        let document = Document::parse(&text).unwrap();
        let rows = Rows::of(&document, &HashSet::new());
        let shown = rows.between(50.0 * ROW, 10.0 * ROW, 2, rows.last());
        assert_eq!(shown.len(), 10 + 1 + 2 + 2 + 1);
        assert_eq!(rows.find(shown[0]).unwrap().0, 48);
        assert_eq!(shown.last().copied(), rows.last());
        assert!(rows.between(1e9, 10.0, 2, None).is_empty());
    }
}
