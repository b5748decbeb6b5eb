//! What is dragged, where it would go, and how the view follows near the edges.

use std::{collections::HashSet, iter, sync::Arc};

use slipway_flow::document::Key;

use super::{Dragging, Drop, Pointer, Scene, Source};
use crate::{
    geometry::{Point, Rect, Size},
    layout::{Layout, Place},
    viewport::Viewport,
};

/// How near an edge, in screen pixels, the pointer pulls the view along.
const EDGE: f64 = 48.0;
/// How fast: screen pixels in a second for each pixel that the pointer is inside that band, or
/// beyond it. The pull grows no more once the pointer is as far outside again.
const PULL: f64 = 16.0;
/// How much of the canvas beyond the picture comes into view by that.
const BEYOND: f64 = 64.0;
/// The longest frame that counts: after a pause the view doesn't leap.
const FRAME: f64 = 50.0;

/// The nodes of a selection that can be moved: not the outermost workflow, and of those inside one
/// another the outermost. In order of their keys.
#[must_use]
pub fn movable(layout: &Layout, nodes: impl Iterator<Item = Key>) -> Arc<[Key]> {
    let steps: HashSet<Key> =
        nodes.filter(|key| layout.get(*key).is_some_and(|node| node.parent.is_some())).collect();
    let parent = |key: Key| layout.get(key).and_then(|node| node.parent);
    let inside = |key: Key| {
        iter::successors(parent(key), |key| parent(*key)).any(|around| steps.contains(&around))
    };
    let mut nodes: Vec<Key> = steps.iter().copied().filter(|key| !inside(*key)).collect();
    nodes.sort_unstable();
    nodes.into()
}

/// What a press on a node drags: all that is selected, where the node is, else the node alone.
pub(super) fn dragged(node: Key, scene: Scene<'_>) -> Option<Source> {
    let nodes = if scene.selection.contains(node) {
        movable(scene.layout, scene.selection.nodes())
    } else {
        movable(scene.layout, iter::once(node))
    };
    // The outermost workflow is the ground that everything else stands on.
    let ground = scene.layout.root() == Some(node);
    (scene.editable && !ground && !nodes.is_empty()).then_some(Source::Nodes(nodes))
}

/// Where something would go that is let go at a point of the screen. Beside the picture that is the
/// place nearest to it; beside the canvas there is none, and where nothing would change neither.
pub(super) fn place_of(source: &Source, copy: bool, at: Point, scene: Scene<'_>) -> Option<Place> {
    match source {
        Source::Nodes(nodes) if !copy => {
            let place = place_at(at, nodes, scene);
            place.filter(|place| changes(scene.layout, nodes, *place))
        }
        Source::Nodes(_) | Source::New(_) => place_at(at, &[], scene),
    }
}

/// The place at a point of the screen, else the nearest to it, outside of the nodes `dragged`.
pub(super) fn place_at(at: Point, dragged: &[Key], scene: Scene<'_>) -> Option<Place> {
    let Size { width, height } = scene.layout.size();
    let there = scene.viewport.to_canvas(at);
    let there = Point::new(there.x.clamp(0.0, width), there.y.clamp(0.0, height));
    let on_canvas = Rect::at(Point::default(), scene.screen).contains(at);
    scene.layout.place_at(there, dragged).filter(|_| on_canvas)
}

/// Every place that nodes can be moved to, in reading order: none inside of them, and none where
/// nothing would change.
#[must_use]
pub fn places(layout: &Layout, nodes: &[Key]) -> Vec<Place> {
    let mut places = Vec::new();
    // What is still to be read: a node, or the end of a workflow.
    let mut open: Vec<Result<Key, Place>> = layout.root().map(Ok).into_iter().collect();
    while let Some(next) = open.pop() {
        let node = match next {
            Ok(node) => layout.get(node),
            Err(place) => {
                places.push(place);
                continue;
            }
        };
        let Some(node) = node else { continue };
        if let Some(workflow) = node.parent {
            places.push(Place { workflow, index: node.position });
        }
        let shut = node.arrangement.is_none() || nodes.binary_search(&node.key).is_ok();
        if !shut {
            open.push(Err(Place { workflow: node.key, index: node.steps }));
            let steps = (0..node.steps).filter_map(|at| layout.step(node.key, at));
            let from = open.len();
            open.extend(steps.map(|step| Ok(step.key)));
            open[from..].reverse();
        }
    }
    places.retain(|place| changes(layout, nodes, *place));
    places
}

/// Whether nodes stand elsewhere once they are moved to a place.
fn changes(layout: &Layout, nodes: &[Key], place: Place) -> bool {
    let (mut first, mut last) = (usize::MAX, 0);
    for node in nodes.iter().filter_map(|node| layout.get(*node)) {
        if node.parent != Some(place.workflow) {
            return true;
        }
        first = first.min(node.position);
        last = last.max(node.position);
    }
    let together = last - first.min(last) + 1 == nodes.len();
    !together || place.index < first || place.index > last + 1
}

/// Whether a point is away from all edges.
pub(super) fn inside(at: Point, screen: Size) -> bool {
    pull(at, screen) == Point::default()
}

/// How fast the view follows a pointer at a point, in screen pixels per second.
pub(super) fn pull(at: Point, screen: Size) -> Point {
    let along = |at: f64, end: f64| {
        let depth = (EDGE - at).max(0.0) - (at - (end - EDGE)).max(0.0);
        depth.clamp(-2.0 * EDGE, 2.0 * EDGE) * PULL
    };
    Point::new(along(at.x, screen.width), along(at.y, screen.height))
}

/// The view after a frame of so many milliseconds with the pointer at a point.
pub(super) fn followed(at: Point, armed: bool, ms: f64, scene: Scene<'_>) -> Viewport {
    if !armed {
        return scene.viewport;
    }
    let pull = pull(at, scene.screen);
    let seconds = ms.clamp(0.0, FRAME) / 1000.0;
    let picture = scene.picture().grown(BEYOND / scene.viewport.zoom);
    scene.viewport.showing_more(pull.x * seconds, pull.y * seconds, &picture, scene.screen)
}

impl Dragging {
    pub(super) fn new(pointer: Pointer, source: Source, from: Point) -> Self {
        Self { pointer, source, at: from, copy: false, place: None, armed: false }
    }

    pub(super) fn moved(self, at: Point, copy: bool, scene: Scene<'_>) -> Self {
        let copy = copy && matches!(self.source, Source::Nodes(_));
        let place = place_of(&self.source, copy, at, scene).filter(|_| scene.editable);
        Self { at, copy, place, armed: self.armed || inside(at, scene.screen), ..self }
    }

    pub(super) fn let_go(self, scene: Scene<'_>) -> Option<Drop> {
        let Self { source, copy, place, .. } = self;
        place.filter(|_| scene.editable).map(|place| Drop { source, place, copy })
    }
}
