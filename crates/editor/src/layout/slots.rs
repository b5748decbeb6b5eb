//! Where a node can be put, and what shows it.

use slipway_flow::document::{Key, WorkflowType};

use super::{Cell, Index, Layout, PADDING, inside};
use crate::geometry::{Point, Rect, Size};

/// Where a node can be put: before the step `index` of a workflow, or at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub workflow: Key,
    pub index: usize,
}

/// A place with the rectangle of the "+" that adds a node there. No node that holds no others
/// covers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    pub place: Place,
    pub rect: Rect,
}

/// The side of a slot's "+": it fits between a workflow's border and what is inside.
pub const PLUS: f64 = PADDING;
/// How thick a marker is.
const THICK: f64 = 4.0;

impl Layout {
    /// Where a node dropped at a point would go: into the innermost workflow there, leaving out
    /// the nodes `dragged` (in order of their keys) and what is inside them. Outside the picture
    /// there is no place.
    #[must_use]
    pub fn place_at(&self, point: Point, dragged: &[Key]) -> Option<Place> {
        let stays = |cell: &Cell| dragged.binary_search(&cell.key).is_err();
        let (at, rect) = self.innermost(point, |cell| cell.arrangement.is_some() && stays(cell))?;
        let workflow = &self.cells[at];
        let row = workflow.arrangement == Some(WorkflowType::Parallel);
        let index = workflow.steps.partition_point(|step| {
            let step = &self.cells[*step];
            let middle = Rect::at(Point::new(rect.x, rect.y) + step.offset, step.size).center();
            if row { middle.x < point.x } else { middle.y < point.y }
        });
        Some(Place { workflow: workflow.key, index })
    }

    /// The bar that shows where a place is.
    #[must_use]
    pub fn marker(&self, place: Place) -> Option<Rect> {
        let at = self.find(place.workflow)?;
        self.marker_in(at, self.corner(at), place.index)
    }

    /// Every slot of the workflows that touch `view`: those of a workflow stand together, in order.
    #[must_use]
    pub fn slots(&self, view: &Rect) -> Vec<Slot> {
        let mut slots = Vec::new();
        for (at, corner) in self.workflows(view) {
            let workflow = &self.cells[at];
            let near = self.overlapping(at, corner, view);
            let last = (near.end + 1).min(workflow.steps.len());
            for index in near.start.saturating_sub(1)..=last {
                let place = Place { workflow: workflow.key, index };
                let marker = self.marker_in(at, corner, index);
                let slot = marker.map(|marker| Slot { place, rect: plus(&marker) });
                slots.extend(slot.filter(|slot| slot.rect.overlaps(view)));
            }
        }
        slots
    }

    /// The places around a node, in reading order: before and after it, and the first and the last
    /// inside it.
    #[must_use]
    pub fn places_around(&self, node: Key) -> Vec<Place> {
        let Some(node) = self.get(node) else { return Vec::new() };
        let beside =
            |after| node.parent.map(|workflow| Place { workflow, index: node.position + after });
        let inside = |index| node.arrangement.map(|_| Place { workflow: node.key, index });
        let mut places: Vec<Place> =
            [beside(0), inside(0), inside(node.steps), beside(1)].into_iter().flatten().collect();
        places.dedup();
        places
    }

    /// The slot of one place.
    #[must_use]
    pub fn slot(&self, place: Place) -> Option<Slot> {
        self.marker(place).map(|marker| Slot { place, rect: plus(&marker) })
    }

    /// The marker before the step `index` of the workflow at `corner`.
    fn marker_in(&self, at: Index, corner: Point, index: usize) -> Option<Rect> {
        let workflow = &self.cells[at];
        let inner = inside(&Rect::at(corner, workflow.size));
        let row = workflow.arrangement? == WorkflowType::Parallel;
        let step = |index: usize| {
            let step = &self.cells[*workflow.steps.get(index)?];
            Some(Rect::at(corner + step.offset, step.size))
        };
        let ends = |rect: Rect| if row { rect.right() } else { rect.bottom() };
        let begins = |rect: Rect| if row { rect.x } else { rect.y };
        let before = index.min(workflow.steps.len()).checked_sub(1).and_then(step).map(ends);
        let middle = match (before, step(index).map(begins)) {
            (Some(before), Some(after)) => f64::midpoint(before, after),
            (Some(before), None) => before + PADDING / 2.0,
            (None, Some(after)) => after - PADDING / 2.0,
            (None, None) => inner.center().y,
        };
        // An empty workflow has a bar across, however it will be arranged.
        Some(if row && !workflow.steps.is_empty() {
            Rect::new(middle - THICK / 2.0, inner.y, THICK, inner.height)
        } else {
            Rect::new(inner.x, middle - THICK / 2.0, inner.width, THICK)
        })
    }
}

/// The "+" in the middle of a marker.
fn plus(marker: &Rect) -> Rect {
    let middle = marker.center();
    Rect::at(Point::new(middle.x - PLUS / 2.0, middle.y - PLUS / 2.0), Size::new(PLUS, PLUS))
}
