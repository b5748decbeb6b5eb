//! Sizes and places: of a whole flow, and again of what an edit touched.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashSet},
};

use slipway_flow::document::{Document, Key, WorkflowType};

use super::{COLUMN_GAP, Cell, EMPTY, HEADER, Index, Layout, NODE, PADDING, ROW_GAP, inside};
use crate::geometry::{Point, Rect, Size};

impl Layout {
    /// Lays out the flow whose root node is `root`.
    #[must_use]
    pub fn of(document: &Document, root: Option<Key>) -> Self {
        Self::collapsed(document, root, HashSet::new())
    }

    /// As [`Layout::of`], with the workflows `collapsed` showing none of their steps.
    #[must_use]
    pub fn collapsed(document: &Document, root: Option<Key>, collapsed: HashSet<Key>) -> Self {
        let mut layout = Self { collapsed, revision: document.revision(), ..Self::default() };
        if let Some(root) = root {
            let mut read = vec![layout.cell(root)];
            layout.root = read.first().copied();
            layout.read_all(document, &mut read);
            // Steps stand behind their workflow.
            for at in read.into_iter().rev() {
                layout.settle(at);
            }
        }
        layout
    }

    /// Brings the picture up to the document, of which it showed an earlier state: it is then as
    /// if laid out anew. Takes time for the workflows that were touched and those around them.
    pub fn update(&mut self, document: &Document, root: Option<Key>) {
        let changed = document.changed_since(self.revision);
        let more_than_half = changed.len() > 1 + self.len() / 2;
        if more_than_half || root != self.root() || root.is_none() {
            *self = Self::collapsed(document, root, std::mem::take(&mut self.collapsed));
            return;
        }
        let touched: BTreeSet<Key> =
            changed.iter().filter_map(|key| self.node_around(document, *key)).collect();
        self.revision = document.revision();
        self.redo(document, &touched);
    }

    /// Shows or hides the steps of a workflow.
    pub fn collapse(&mut self, document: &Document, workflow: Key, collapsed: bool) {
        let changes = if collapsed {
            self.collapsed.insert(workflow)
        } else {
            self.collapsed.remove(&workflow)
        };
        if changes && self.find(workflow).is_some() {
            self.redo(document, &BTreeSet::from([workflow]));
        }
    }

    /// The innermost node of the picture that a value belongs to.
    fn node_around(&self, document: &Document, key: Key) -> Option<Key> {
        std::iter::successors(Some(key), |key| document.parent(*key))
            .find(|key| self.find(*key).is_some())
    }

    fn redo(&mut self, document: &Document, touched: &BTreeSet<Key>) {
        let mut again: Vec<Index> = touched.iter().filter_map(|key| self.find(*key)).collect();
        let gone = self.read_all(document, &mut again);
        for (step, parent) in gone {
            self.forget(step, parent);
        }
        // From the inside out; a workflow whose size changed has its own workflow arranged again.
        let alive = again.into_iter().filter(|at| self.holds(*at));
        let mut open: BTreeSet<(Reverse<usize>, Index)> =
            alive.map(|at| (Reverse(self.level(at)), at)).collect();
        while let Some((Reverse(level), at)) = open.pop_first() {
            if self.settle(at)
                && let Some(parent) = self.cells[at].parent
            {
                open.insert((Reverse(level - 1), parent));
            }
        }
    }

    /// Reads the nodes `open`, and what is inside them as far as the picture does not have it: it is
    /// added to `open`, each node before its steps. Gives the steps from before, with their workflow.
    fn read_all(&mut self, document: &Document, open: &mut Vec<Index>) -> Vec<(Index, Index)> {
        let mut before = Vec::new();
        let mut next = 0;
        while let Some(at) = open.get(next).copied() {
            let steps = std::mem::take(&mut self.cells[at].steps);
            before.extend(steps.into_iter().map(|step| (step, at)));
            self.read(document, at, open);
            next += 1;
        }
        before
    }

    /// Reads what a node shows. Steps that the picture has are moved with all that is inside them;
    /// the others are added to `made`, to be read themselves.
    fn read(&mut self, document: &Document, at: Index, made: &mut Vec<Index>) {
        let key = self.cells[at].key;
        let node = document.node(key);
        let collapsed = node.is_container() && self.collapsed.contains(&key);
        let shows = node.is_container() && !collapsed;
        let steps: Vec<Key> = if shows { node.steps().collect() } else { Vec::new() };
        let arrangement = node.workflow_type().unwrap_or(WorkflowType::Sequential);
        let mut indices = Vec::with_capacity(steps.len());
        for (position, key) in steps.into_iter().enumerate() {
            let step = self.find(key).unwrap_or_else(|| {
                let step = self.cell(key);
                made.push(step);
                step
            });
            self.cells[step].parent = Some(at);
            self.cells[step].position = position;
            indices.push(step);
        }
        let cell = &mut self.cells[at];
        cell.arrangement = shows.then_some(arrangement);
        cell.collapsed = collapsed;
        cell.stamp = self.revision;
        cell.steps = indices;
    }

    /// A cell for a node that the picture does not have.
    fn cell(&mut self, key: Key) -> Index {
        let cell = Cell {
            key,
            parent: None,
            position: 0,
            arrangement: None,
            steps: Vec::new(),
            collapsed: false,
            stamp: self.revision,
            offset: Point::default(),
            size: Size::default(),
        };
        let at = if let Some(at) = self.free.pop() {
            self.cells[at] = cell;
            at
        } else {
            self.cells.push(cell);
            self.cells.len() - 1
        };
        let number = key.number() as usize;
        if self.index.len() <= number {
            self.index.resize(number + 1, 0);
        }
        #[expect(clippy::cast_possible_truncation, reason = "far fewer nodes than 2^32")]
        let entry = at as u32 + 1;
        self.index[number] = entry;
        at
    }

    /// Drops a former step of `parent`, unless it stands there still or elsewhere.
    fn forget(&mut self, step: Index, parent: Index) {
        let mut open = vec![(step, parent)];
        while let Some((at, parent)) = open.pop() {
            let cell = &self.cells[at];
            let stands = self.cells[parent].steps.get(cell.position) == Some(&at);
            if !self.holds(at) || cell.parent != Some(parent) || stands && self.holds(parent) {
                continue;
            }
            open.extend(cell.steps.iter().map(|step| (*step, at)));
            self.index[cell.key.number() as usize] = 0;
            self.free.push(at);
        }
    }

    /// Whether a cell is in the picture.
    fn holds(&self, at: Index) -> bool {
        self.find(self.cells[at].key) == Some(at)
    }

    /// Measures a node whose steps are measured, and places them in it. Whether its size changed.
    fn settle(&mut self, at: Index) -> bool {
        let cell = &self.cells[at];
        let size = match cell.arrangement {
            None => NODE,
            Some(arrangement) => {
                let steps = cell.steps.iter().map(|step| self.cells[*step].size);
                let inner = inner_size(arrangement, steps);
                Size::new(inner.width + 2.0 * PADDING, inner.height + HEADER + 2.0 * PADDING)
            }
        };
        let row = cell.arrangement == Some(WorkflowType::Parallel);
        let inner = inside(&Rect::at(Point::default(), size));
        let steps = std::mem::take(&mut self.cells[at].steps);
        let mut next = Point::new(inner.x, inner.y);
        for step in &steps {
            let Size { width, height } = self.cells[*step].size;
            self.cells[*step].offset =
                if row { next } else { Point::new(inner.x + (inner.width - width) / 2.0, next.y) };
            next = if row {
                Point::new(next.x + width + ROW_GAP, next.y)
            } else {
                Point::new(next.x, next.y + height + COLUMN_GAP)
            };
        }
        let cell = &mut self.cells[at];
        cell.steps = steps;
        let changed = cell.size != size;
        cell.size = size;
        changed
    }
}

/// The room that steps take.
fn inner_size(arrangement: WorkflowType, steps: impl ExactSizeIterator<Item = Size>) -> Size {
    let Some(gaps) = steps.len().checked_sub(1) else { return EMPTY };
    #[expect(clippy::cast_precision_loss, reason = "far fewer steps than 2^52")]
    let gaps = gaps as f64;
    match arrangement {
        WorkflowType::Sequential => steps.fold(Size::new(0.0, gaps * COLUMN_GAP), |sum, step| {
            Size::new(sum.width.max(step.width), sum.height + step.height)
        }),
        WorkflowType::Parallel => steps.fold(Size::new(gaps * ROW_GAP, 0.0), |sum, step| {
            Size::new(sum.width + step.width, sum.height.max(step.height))
        }),
    }
}
