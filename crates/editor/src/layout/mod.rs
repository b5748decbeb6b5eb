//! Where everything stands. A flow is a tree of workflows, so its layout is computed, never
//! stored: a sequential workflow is a column with arrows, a parallel one a row.
//!
//! Each node knows its place within its workflow, so after an edit only the workflows that it
//! touched are arranged again, and those around them as far as sizes change.
//!
//! - `arrange`: sizes and places, of all and after an edit. - `find`: what is at a point, what is
//!   in view. - `slots`: where a node can be put. - `uses`: who uses whose ref.
//!
//! May import: `geometry`, and the document with its expressions.

mod arrange;
mod find;
mod slots;
#[cfg(test)]
mod tests;
mod uses;

use std::{collections::HashSet, iter};

use slipway_flow::document::{Key, WorkflowType};

use crate::geometry::{Point, Rect, Size};
pub use slots::{Place, Slot};
pub use uses::Use;

/// The size of a node that holds no others, or does not show them.
pub const NODE: Size = Size::new(288.0, 72.0);
/// The height of a workflow's title bar.
pub const HEADER: f64 = 40.0;
/// Space between a workflow's border and what is inside.
pub const PADDING: f64 = 16.0;
/// Space between steps in a column: room for an arrow.
pub const COLUMN_GAP: f64 = 32.0;
/// Space between steps in a row.
pub const ROW_GAP: f64 = 24.0;
/// The inside of a workflow without steps.
pub const EMPTY: Size = Size::new(288.0, 64.0);
/// How far an arrow's head reaches to either side of its line.
pub const ARROW_HEAD: f64 = 4.0;

/// A node's place in the picture and in the tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeBox {
    pub key: Key,
    pub rect: Rect,
    /// The workflow that holds the node; none for the root.
    pub parent: Option<Key>,
    /// From 1 for the root.
    pub level: usize,
    /// Place among its siblings, from 0, and how many there are, itself included.
    pub position: usize,
    pub siblings: usize,
    /// How its steps are arranged, where it can hold steps and shows them.
    pub arrangement: Option<WorkflowType>,
    /// How many steps it shows.
    pub steps: usize,
    /// Whether it could show steps, and was told to show none.
    pub collapsed: bool,
}

/// A node as it is met on the way through a part of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub key: Key,
    pub rect: Rect,
    /// From 1 for the root.
    pub level: usize,
    /// How its steps are arranged, where it can hold steps and shows them.
    pub arrangement: Option<WorkflowType>,
    /// Tells apart the nodes of a picture: small numbers, used again when a node has gone.
    pub number: usize,
    /// Another one after each change to what the node itself says.
    pub stamp: usize,
}

/// An arrow from one step to the next: straight down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrow {
    /// The step it leaves and the one it reaches.
    pub from: Key,
    pub to: Key,
    pub start: Point,
    pub end: Point,
}

/// The picture of a flow. It belongs to the document that it was made of.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    cells: Vec<Cell>,
    /// Cells whose nodes have gone.
    free: Vec<Index>,
    /// By a key's number: 1 more than its cell, 0 where it has none.
    index: Vec<u32>,
    root: Option<Index>,
    /// Workflows that show none of their steps.
    collapsed: HashSet<Key>,
    /// The document's revision that this is the picture of.
    revision: usize,
}

/// Which of [`Layout`]'s cells.
type Index = usize;

#[derive(Debug, Clone)]
struct Cell {
    key: Key,
    parent: Option<Index>,
    position: usize,
    arrangement: Option<WorkflowType>,
    steps: Vec<Index>,
    collapsed: bool,
    /// The document's revision when it was last read.
    stamp: usize,
    /// From the corner of the workflow that holds it.
    offset: Point,
    size: Size,
}

impl Layout {
    /// The root node; none where there is no flow.
    #[must_use]
    pub fn root(&self) -> Option<Key> {
        self.root.map(|root| self.cells[root].key)
    }

    /// The last node in reading order.
    #[must_use]
    pub fn last(&self) -> Option<Key> {
        self.root.map(|root| self.cells[self.last_inside(root)].key)
    }

    /// All nodes, each before its steps: the order in which the tree is read.
    pub fn nodes(&self) -> impl Iterator<Item = Key> + '_ {
        iter::successors(self.root, |at| self.following(*at)).map(|at| self.cells[at].key)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len() - self.free.len()
    }

    /// The node that follows in reading order.
    #[must_use]
    pub fn after(&self, key: Key) -> Option<Key> {
        self.following(self.find(key)?).map(|at| self.cells[at].key)
    }

    /// The node before it in reading order.
    #[must_use]
    pub fn before(&self, key: Key) -> Option<Key> {
        let cell = &self.cells[self.find(key)?];
        let parent = cell.parent?;
        let at = match cell.position.checked_sub(1) {
            Some(position) => self.last_inside(self.cells[parent].steps[position]),
            None => parent,
        };
        Some(self.cells[at].key)
    }

    /// The size of the whole picture; it begins at 0, 0.
    #[must_use]
    pub fn size(&self) -> Size {
        self.root.map(|root| self.cells[root].size).unwrap_or_default()
    }

    /// Where a node stands, found by a walk up to the root.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<NodeBox> {
        self.find(key).map(|at| self.node_box(at))
    }

    /// The key that has this [`Key::number`], where it is a node's.
    #[must_use]
    pub fn key_of(&self, number: u32) -> Option<Key> {
        let at = (*self.index.get(number as usize)? as usize).checked_sub(1)?;
        Some(self.cells[at].key)
    }

    /// The step `position` of a workflow.
    #[must_use]
    pub fn step(&self, workflow: Key, position: usize) -> Option<NodeBox> {
        let step = self.cells[self.find(workflow)?].steps.get(position)?;
        Some(self.node_box(*step))
    }

    fn find(&self, key: Key) -> Option<Index> {
        (*self.index.get(key.number() as usize)? as usize).checked_sub(1)
    }

    fn node_box(&self, at: Index) -> NodeBox {
        let cell = &self.cells[at];
        NodeBox {
            key: cell.key,
            rect: Rect::at(self.corner(at), cell.size),
            parent: cell.parent.map(|parent| self.cells[parent].key),
            level: self.level(at),
            position: cell.position,
            siblings: cell.parent.map_or(1, |parent| self.cells[parent].steps.len()),
            arrangement: cell.arrangement,
            steps: cell.steps.len(),
            collapsed: cell.collapsed,
        }
    }

    /// The upper left corner of a node.
    fn corner(&self, at: Index) -> Point {
        self.around(at).fold(Point::default(), |sum, at| sum + self.cells[at].offset)
    }

    fn level(&self, at: Index) -> usize {
        self.around(at).count()
    }

    /// A node and the workflows around it, from the inside out.
    fn around(&self, at: Index) -> impl Iterator<Item = Index> + '_ {
        iter::successors(Some(at), |at| self.cells[*at].parent)
    }

    fn following(&self, at: Index) -> Option<Index> {
        if let Some(first) = self.cells[at].steps.first() {
            return Some(*first);
        }
        self.around(at).find_map(|at| {
            let cell = &self.cells[at];
            self.cells[cell.parent?].steps.get(cell.position + 1).copied()
        })
    }

    fn last_inside(&self, at: Index) -> Index {
        let mut at = at;
        while let Some(last) = self.cells[at].steps.last() {
            at = *last;
        }
        at
    }
}

/// The part of a workflow's rectangle that its steps stand in.
fn inside(rect: &Rect) -> Rect {
    Rect::new(
        rect.x + PADDING,
        rect.y + HEADER + PADDING,
        rect.width - 2.0 * PADDING,
        rect.height - HEADER - 2.0 * PADDING,
    )
}
