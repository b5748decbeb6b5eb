//! What is at a point, and what is in view: down the tree, by halving among siblings.

use std::ops::Range;

use slipway_flow::document::{Key, WorkflowType};

use super::{ARROW_HEAD, Arrow, Cell, Index, Layout, NodeBox, Seen};
use crate::geometry::{Point, Rect};

impl Layout {
    /// The smallest node at a point.
    #[must_use]
    pub fn hit(&self, point: Point) -> Option<NodeBox> {
        self.innermost(point, |_| true).map(|(at, _)| self.node_box(at))
    }

    /// The innermost node at a point whose cell and those around it all `pass`, with its rectangle.
    pub(super) fn innermost(
        &self,
        point: Point,
        pass: impl Fn(&Cell) -> bool,
    ) -> Option<(Index, Rect)> {
        let holds = |at: Index, corner| {
            let rect = Rect::at(corner, self.cells[at].size);
            (rect.contains(point) && pass(&self.cells[at])).then_some((at, rect))
        };
        let root = self.root?;
        let mut found = holds(root, Point::default())?;
        loop {
            let (at, rect) = found;
            let corner = Point::new(rect.x, rect.y);
            let near = Rect::new(point.x - 1.0, point.y - 1.0, 2.0, 2.0);
            let steps = &self.cells[at].steps[self.overlapping(at, corner, &near)];
            match steps.iter().find_map(|step| holds(*step, corner + self.cells[*step].offset)) {
                Some(inner) => found = inner,
                None => return Some(found),
            }
        }
    }

    /// The nodes to draw: those that touch `view`, and for the `focused` one, wherever it is, its
    /// workflows and its neighbours, so that a screen reader finds its way. In reading order.
    #[must_use]
    pub fn visible(&self, view: &Rect, focused: Option<Key>) -> Vec<Key> {
        // Of which workflow, which step.
        let mut wanted: Vec<(Index, usize)> = Vec::new();
        let focused = focused.and_then(|key| self.find(key));
        for (distance, at) in focused.into_iter().flat_map(|at| self.around(at)).enumerate() {
            let Cell { parent: Some(parent), position, .. } = self.cells[at] else { continue };
            let aside = usize::from(distance == 0);
            let near = position.saturating_sub(aside)..=position + aside;
            wanted.extend(near.map(|position| (parent, position)));
        }
        wanted.extend(focused.map(|at| (at, 0)));
        let mut shown = Vec::new();
        let mut open: Vec<_> = self.root.map(|root| (root, Point::default())).into_iter().collect();
        while let Some((at, corner)) = open.pop() {
            let cell = &self.cells[at];
            let in_view = Rect::at(corner, cell.size).overlaps(view);
            shown.push(cell.key);
            let touching = if in_view { self.overlapping(at, corner, view) } else { 0..0 };
            let touching = touching.filter(|position| {
                let step = &self.cells[cell.steps[*position]];
                Rect::at(corner + step.offset, step.size).overlaps(view)
            });
            let wanted = wanted.iter().filter(|(workflow, _)| *workflow == at);
            let mut inside: Vec<usize> =
                touching.chain(wanted.map(|(_, position)| *position)).collect();
            inside.sort_unstable();
            inside.dedup();
            let inside = inside.iter().rev().filter_map(|position| cell.steps.get(*position));
            open.extend(inside.map(|step| (*step, corner + self.cells[*step].offset)));
        }
        // The root is where the walk begins, in view or not.
        let root_shown = focused.is_some()
            || self.root.is_some_and(|root| {
                Rect::at(Point::default(), self.cells[root].size).overlaps(view)
            });
        if root_shown { shown } else { Vec::new() }
    }

    /// Passes the nodes that touch `view`, each before its steps. Where `look` says no, what is
    /// inside is left out.
    pub fn look(&self, view: &Rect, mut look: impl FnMut(&Seen) -> bool) {
        let root = self.root.map(|root| (root, Point::default(), 1));
        let mut open: Vec<_> = root.into_iter().collect();
        while let Some((at, corner, level)) = open.pop() {
            let cell = &self.cells[at];
            let Cell { key, arrangement, stamp, .. } = *cell;
            let rect = Rect::at(corner, cell.size);
            if rect.overlaps(view)
                && look(&Seen { key, rect, level, arrangement, number: at, stamp })
            {
                let steps = cell.steps[self.overlapping(at, corner, view)].iter().rev();
                open.extend(
                    steps.map(|step| (*step, corner + self.cells[*step].offset, level + 1)),
                );
            }
        }
    }

    /// The arrows that touch `view`, workflow by workflow.
    #[must_use]
    pub fn arrows(&self, view: &Rect) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for (at, corner) in self.workflows(view) {
            let cell = &self.cells[at];
            if cell.arrangement != Some(WorkflowType::Sequential) {
                continue;
            }
            let touching = self.overlapping(at, corner, view);
            let from = touching.start.saturating_sub(1);
            let to = (touching.end + 1).min(cell.steps.len());
            for pair in cell.steps.get(from..to).unwrap_or_default().windows(2) {
                let (from, to) = (&self.cells[pair[0]], &self.cells[pair[1]]);
                let leaves = Rect::at(corner + from.offset, from.size);
                let reaches = Rect::at(corner + to.offset, to.size);
                let start = Point::new(leaves.center().x, leaves.bottom());
                let end = Point::new(reaches.center().x, reaches.y);
                let stands =
                    Rect::new(start.x - ARROW_HEAD, start.y, 2.0 * ARROW_HEAD, end.y - start.y);
                if stands.overlaps(view) {
                    arrows.push(Arrow { from: from.key, to: to.key, start, end });
                }
            }
        }
        arrows
    }

    /// The workflows that touch `view`, with their corners, in reading order.
    pub(super) fn workflows(&self, view: &Rect) -> Vec<(Index, Point)> {
        let mut found = Vec::new();
        let mut open: Vec<_> = self.root.map(|root| (root, Point::default())).into_iter().collect();
        while let Some((at, corner)) = open.pop() {
            let cell = &self.cells[at];
            if cell.arrangement.is_none() || !Rect::at(corner, cell.size).overlaps(view) {
                continue;
            }
            found.push((at, corner));
            let inside = &cell.steps[self.overlapping(at, corner, view)];
            let inside = inside.iter().rev();
            open.extend(inside.map(|step| (*step, corner + self.cells[*step].offset)));
        }
        found
    }

    /// The steps of a workflow at `corner` that overlap `view` in the direction in which they are
    /// arranged: they stand in its order, so the first and the one past the last are looked for.
    pub(super) fn overlapping(&self, at: Index, corner: Point, view: &Rect) -> Range<usize> {
        let cell = &self.cells[at];
        let row = cell.arrangement == Some(WorkflowType::Parallel);
        let rect =
            |step: &Index| Rect::at(corner + self.cells[*step].offset, self.cells[*step].size);
        let ends_before = |step: &Index| {
            let rect = rect(step);
            if row { rect.right() <= view.x } else { rect.bottom() <= view.y }
        };
        let begins_before = |step: &Index| {
            let rect = rect(step);
            if row { rect.x < view.right() } else { rect.y < view.bottom() }
        };
        let from = cell.steps.partition_point(ends_before);
        from..cell.steps.partition_point(begins_before).max(from)
    }
}
