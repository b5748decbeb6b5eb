//! What clicks, double clicks and boxes choose.

use std::{collections::HashSet, sync::Arc};

use slipway_flow::document::Key;

use super::{Boxing, Held, Pointer, Scene, Target, drag};
use crate::{
    geometry::{Point, Rect},
    layout::{HEADER, NodeBox, Place},
    selection::Selection,
};

/// What a double click is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Opened {
    Node(Key),
    /// Nothing stands there: something could be added.
    Place(Place),
}

/// What a double click at a point of the screen is for. Inside of a workflow, below its title, is
/// as good as beside the picture where something can be added.
#[must_use]
pub fn opened(at: Point, scene: Scene<'_>) -> Option<Opened> {
    let there = scene.viewport.to_canvas(at);
    let node = scene.layout.hit(there);
    let solid = |node: &NodeBox| node.arrangement.is_none() || there.y <= node.rect.y + HEADER;
    match node.filter(|node| !scene.editable || solid(node)) {
        Some(node) => Some(Opened::Node(node.key)),
        None if scene.editable => drag::place_at(at, &[], scene).map(Opened::Place),
        None => None,
    }
}

/// What is selected after a click, where that changes anything.
pub(super) fn clicked(target: Target, held: Held, scene: Scene<'_>) -> Option<Selection> {
    let more = scene.several && (held.ctrl || held.shift);
    match target {
        Target::New(_) => None,
        Target::Canvas => (!more).then(Selection::default),
        Target::Node(node) if more => Some(scene.selection.clone().toggled(node)),
        Target::Node(node) => Some(Selection::only(Some(node))),
    }
}

impl Boxing {
    pub(super) fn new(pointer: Pointer, from: Point, held: Held, scene: Scene<'_>) -> Self {
        let kept =
            if held.shift || held.ctrl { scene.selection.clone() } else { Selection::default() };
        let kept = Arc::new(kept);
        let chosen = Arc::clone(&kept);
        Self { pointer, from: scene.viewport.to_canvas(from), at: from, kept, chosen, armed: false }
    }

    /// The box on the canvas.
    #[must_use]
    pub fn rect(&self, to_canvas: impl Fn(Point) -> Point) -> Rect {
        Rect::spanning(self.from, to_canvas(self.at))
    }

    pub(super) fn moved(self, at: Point, scene: Scene<'_>) -> Self {
        let moved = Self { at, armed: self.armed || drag::inside(at, scene.screen), ..self };
        let rect = moved.rect(|point| scene.viewport.to_canvas(point));
        let found = inside(&rect, scene);
        let chosen = found.into_iter().fold(Selection::clone(&moved.kept), Selection::with);
        // The same as before stays the same value: whoever shows it has nothing to do then.
        if chosen == *moved.chosen { moved } else { Self { chosen: Arc::new(chosen), ..moved } }
    }
}

/// The nodes that a box chooses: what it touches, but workflows only when it holds them whole, and
/// then without what is inside.
fn inside(rect: &Rect, scene: Scene<'_>) -> Vec<Key> {
    let mut whole = HashSet::new();
    let mut found = Vec::new();
    for node in scene.layout.visible(rect, None).into_iter().filter_map(|key| scene.layout.get(key))
    {
        // The outermost workflow is the ground.
        let Some(parent) = node.parent else { continue };
        if whole.contains(&parent) {
            whole.insert(node.key);
        } else if node.arrangement.is_none() {
            found.push(node.key);
        } else if rect.encloses(&node.rect) {
            whole.insert(node.key);
            found.push(node.key);
        }
    }
    found
}
