//! Where everything stands. A flow is a tree of workflows, so its layout is computed, never
//! stored: a sequential workflow is a column with arrows, a parallel one a row. Two walks, linear.

use std::collections::HashMap;

use slipway_flow::document::{Document, Key, WorkflowType};

use crate::geometry::{Point, Rect, Size};

/// The size of a node that holds no others.
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

/// A node's place in the picture and in the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeBox {
    pub key: Key,
    pub rect: Rect,
    /// The workflow that holds the node, as an index into [`Layout::boxes`]; none for the root.
    pub parent: Option<usize>,
    /// From 1 for the root.
    pub level: usize,
    /// Place among its siblings, from 0, and how many there are.
    pub position: usize,
    pub siblings: usize,
    /// How its steps are arranged, where it can hold steps.
    pub arrangement: Option<WorkflowType>,
    /// Indices of its steps.
    pub steps: Vec<usize>,
}

/// Where a node can be put: before the step `index` of a workflow, or at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub workflow: Key,
    pub index: usize,
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

/// The picture of a flow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Each node before its steps: the order in which the tree is read.
    boxes: Vec<NodeBox>,
    index: HashMap<Key, usize>,
    arrows: Vec<Arrow>,
    size: Size,
}

impl Layout {
    /// Lays out the flow whose root node is `root`.
    #[must_use]
    pub fn of(document: &Document, root: Option<Key>) -> Self {
        let mut layout = Self::default();
        let Some(root) = root else { return layout };
        layout.collect(document, root);
        layout.measure();
        layout.place();
        layout
    }

    #[must_use]
    pub fn boxes(&self) -> &[NodeBox] {
        &self.boxes
    }

    #[must_use]
    pub fn arrows(&self) -> &[Arrow] {
        &self.arrows
    }

    /// The size of the whole picture; it begins at 0, 0.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    #[must_use]
    pub fn get(&self, key: Key) -> Option<&NodeBox> {
        self.index.get(&key).map(|index| &self.boxes[*index])
    }

    #[must_use]
    pub fn parent(&self, node: &NodeBox) -> Option<&NodeBox> {
        node.parent.map(|index| &self.boxes[index])
    }

    /// The smallest node at a point.
    #[must_use]
    pub fn hit(&self, point: Point) -> Option<&NodeBox> {
        let mut at = self.boxes.first().filter(|root| root.rect.contains(point))?;
        while let Some(step) =
            at.steps.iter().map(|index| &self.boxes[*index]).find(|step| step.rect.contains(point))
        {
            at = step;
        }
        Some(at)
    }

    /// Where a node dropped at a point would go: into the innermost workflow there, leaving out
    /// `dragged` and what is inside it. Outside the picture there is no place.
    #[must_use]
    pub fn place_at(&self, point: Point, dragged: Option<Key>) -> Option<Place> {
        let mut workflow = self.boxes.first().filter(|root| {
            root.rect.contains(point) && root.arrangement.is_some() && Some(root.key) != dragged
        })?;
        while let Some(inner) =
            workflow.steps.iter().map(|index| &self.boxes[*index]).find(|step| {
                step.arrangement.is_some() && Some(step.key) != dragged && step.rect.contains(point)
            })
        {
            workflow = inner;
        }
        let row = workflow.arrangement == Some(WorkflowType::Parallel);
        let index = workflow
            .steps
            .iter()
            .take_while(|step| {
                let middle = self.boxes[**step].rect.center();
                if row { middle.x < point.x } else { middle.y < point.y }
            })
            .count();
        Some(Place { workflow: workflow.key, index })
    }

    /// The bar that shows where a place is.
    #[must_use]
    pub fn marker(&self, place: Place) -> Option<Rect> {
        const THICK: f64 = 4.0;
        let workflow = self.get(place.workflow)?;
        let inner = inside(&workflow.rect);
        let steps: Vec<&Rect> =
            workflow.steps.iter().map(|index| &self.boxes[*index].rect).collect();
        let row = workflow.arrangement == Some(WorkflowType::Parallel);
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            return Some(Rect::new(inner.x, inner.center().y - THICK / 2.0, inner.width, THICK));
        };
        Some(if row {
            let x = match place.index {
                0 => first.x - ROW_GAP / 4.0,
                index => match (steps.get(index - 1), steps.get(index)) {
                    (Some(before), Some(after)) => f64::midpoint(before.right(), after.x),
                    _ => last.right() + ROW_GAP / 4.0,
                },
            };
            Rect::new(x - THICK / 2.0, inner.y, THICK, inner.height)
        } else {
            let y = match place.index {
                0 => first.y - PADDING / 2.0,
                index => match (steps.get(index - 1), steps.get(index)) {
                    (Some(before), Some(after)) => f64::midpoint(before.bottom(), after.y),
                    _ => last.bottom() + PADDING / 2.0,
                },
            };
            Rect::new(inner.x, y - THICK / 2.0, inner.width, THICK)
        })
    }

    /// The nodes to draw: those that touch `view`, and for the `focused` one, wherever it is, its
    /// workflows and its neighbours, so that a screen reader finds its way. In reading order.
    #[must_use]
    pub fn visible(&self, view: &Rect, focused: Option<Key>) -> Vec<Key> {
        let mut shown: Vec<bool> = self.boxes.iter().map(|node| node.rect.overlaps(view)).collect();
        let mut at = focused.and_then(|key| self.index.get(&key).copied());
        if let Some(node) = at.map(|index| &self.boxes[index]) {
            let siblings = self.parent(node).map_or(&[][..], |parent| &parent.steps);
            let from = node.position.saturating_sub(1);
            for index in siblings.iter().skip(from).take(3).chain(node.steps.first()) {
                shown[*index] = true;
            }
        }
        while let Some(index) = at {
            shown[index] = true;
            at = self.boxes[index].parent;
        }
        self.boxes.iter().zip(shown).filter(|(_, shown)| *shown).map(|(node, _)| node.key).collect()
    }

    fn collect(&mut self, document: &Document, root: Key) {
        // (node, its workflow's index, level, position, siblings)
        let mut open = vec![(root, None, 1, 0, 1)];
        while let Some((key, parent, level, position, siblings)) = open.pop() {
            let node = document.node(key);
            let index = self.boxes.len();
            let arrangement = node
                .is_container()
                .then(|| node.workflow_type().unwrap_or(WorkflowType::Sequential));
            self.boxes.push(NodeBox {
                key,
                rect: Rect::default(),
                parent,
                level,
                position,
                siblings,
                arrangement,
                steps: Vec::new(),
            });
            self.index.insert(key, index);
            if let Some(parent) = parent {
                let parent: &mut NodeBox = &mut self.boxes[parent];
                parent.steps.push(index);
            }
            let steps: Vec<Key> = node.steps().collect();
            let count = steps.len();
            open.extend(
                steps
                    .into_iter()
                    .enumerate()
                    .rev()
                    .map(|(position, step)| (step, Some(index), level + 1, position, count)),
            );
        }
    }

    /// Sizes, from the inside out: steps stand behind their workflow, so backwards.
    fn measure(&mut self) {
        for index in (0..self.boxes.len()).rev() {
            let size = self.size_of(&self.boxes[index]);
            self.boxes[index].rect.width = size.width;
            self.boxes[index].rect.height = size.height;
        }
    }

    fn size_of(&self, node: &NodeBox) -> Size {
        let Some(arrangement) = node.arrangement else { return NODE };
        let sizes = node.steps.iter().map(|index| self.boxes[*index].rect);
        let inner = if node.steps.is_empty() {
            EMPTY
        } else {
            #[expect(clippy::cast_precision_loss, reason = "far fewer steps than 2^52")]
            let gaps = (node.steps.len() - 1) as f64;
            sizes.fold(
                match arrangement {
                    WorkflowType::Sequential => Size::new(0.0, gaps * COLUMN_GAP),
                    WorkflowType::Parallel => Size::new(gaps * ROW_GAP, 0.0),
                },
                |sum, step| match arrangement {
                    WorkflowType::Sequential => {
                        Size::new(sum.width.max(step.width), sum.height + step.height)
                    }
                    WorkflowType::Parallel => {
                        Size::new(sum.width + step.width, sum.height.max(step.height))
                    }
                },
            )
        };
        Size::new(inner.width + 2.0 * PADDING, inner.height + HEADER + 2.0 * PADDING)
    }

    /// Positions, from the outside in.
    fn place(&mut self) {
        for index in 0..self.boxes.len() {
            let node = &self.boxes[index];
            let inner = inside(&node.rect);
            let row = node.arrangement == Some(WorkflowType::Parallel);
            let steps = node.steps.clone();
            let mut at = if row { inner.x } else { inner.y };
            for (position, step) in steps.iter().enumerate() {
                let rect = &mut self.boxes[*step].rect;
                if row {
                    (rect.x, rect.y) = (at, inner.y);
                    at += rect.width + ROW_GAP;
                } else {
                    (rect.x, rect.y) = (inner.x + (inner.width - rect.width) / 2.0, at);
                    at += rect.height + COLUMN_GAP;
                }
                if !row && position > 0 {
                    let (from, to) = (&self.boxes[steps[position - 1]], &self.boxes[*step]);
                    self.arrows.push(Arrow {
                        from: from.key,
                        to: to.key,
                        start: Point::new(from.rect.center().x, from.rect.bottom()),
                        end: Point::new(to.rect.center().x, to.rect.y),
                    });
                }
            }
        }
        if let Some(root) = self.boxes.first() {
            self.size = Size::new(root.rect.width, root.rect.height);
        }
    }
}

fn inside(rect: &Rect) -> Rect {
    Rect::new(
        rect.x + PADDING,
        rect.y + HEADER + PADDING,
        rect.width - 2.0 * PADDING,
        rect.height - HEADER - 2.0 * PADDING,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn node() -> impl Strategy<Value = Value> {
        let leaf = Just(json!({"kind": "JobRun", "spec": {"jobId": "a"}}));
        leaf.prop_recursive(5, 60, 6, |inner| {
            (any::<bool>(), proptest::collection::vec(inner, 0..6)).prop_map(|(parallel, steps)| {
                let kind = if parallel { "parallel" } else { "sequential" };
                json!({"kind": "Workflow", "spec": {"type": kind, "steps": steps}})
            })
        })
    }

    fn lay_out(spec: &Value) -> (Document, Layout) {
        let document = Document::parse(&json!({"spec": spec}).to_string()).unwrap();
        let layout = Layout::of(&document, document.root_node());
        (document, layout)
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_everything_is_inside_its_workflow(spec in node()) {
            let (document, layout) = lay_out(&spec);
            prop_assert_eq!(layout.boxes().len(), document.nodes().len());
            for node in layout.boxes() {
                if let Some(parent) = layout.parent(node) {
                    prop_assert!(inside(&parent.rect).encloses(&node.rect));
                    for other in &parent.steps {
                        let other = &layout.boxes()[*other];
                        prop_assert!(other.key == node.key || !other.rect.overlaps(&node.rect));
                    }
                }
            }
        }

        #[test]
        fn arrows_run_down_between_neighbours(spec in node()) {
            let (_, layout) = lay_out(&spec);
            for arrow in layout.arrows() {
                let (from, to) = (layout.get(arrow.from).unwrap(), layout.get(arrow.to).unwrap());
                prop_assert_eq!(from.parent, to.parent);
                prop_assert_eq!(from.position + 1, to.position);
                prop_assert!((arrow.start.x - arrow.end.x).abs() < 0.01 && arrow.start.y < arrow.end.y);
            }
        }

        #[test]
        fn the_middle_of_a_marker_is_its_place(spec in node()) {
            let (_, layout) = lay_out(&spec);
            for node in layout.boxes().iter().filter(|node| node.arrangement.is_some()) {
                for index in 0..=node.steps.len() {
                    let place = Place { workflow: node.key, index };
                    let marker = layout.marker(place).unwrap();
                    prop_assert!(node.rect.encloses(&marker));
                    prop_assert_eq!(layout.place_at(marker.center(), None), Some(place));
                }
            }
        }

        #[test]
        fn what_is_in_view_is_drawn(spec in node(), x in 0.0..900.0f64, y in 0.0..900.0f64) {
            let (_, layout) = lay_out(&spec);
            let view = Rect::new(x, y, 300.0, 200.0);
            let shown = layout.visible(&view, None);
            for node in layout.boxes() {
                prop_assert_eq!(shown.contains(&node.key), node.rect.overlaps(&view));
            }
            let last = layout.boxes().last().unwrap().key;
            prop_assert!(layout.visible(&view, Some(last)).contains(&last));
        }
    }

    #[test]
    fn a_dragged_workflow_is_no_place_for_itself() {
        let inner = json!({"kind": "Workflow", "spec": {"type": "parallel", "steps": []}});
        let (document, layout) =
            lay_out(&json!({"kind": "Workflow", "spec": {"type": "sequential", "steps": [inner]}}));
        let nodes = document.nodes();
        let middle = layout.get(nodes[1]).unwrap().rect.center();
        assert_eq!(layout.place_at(middle, None).unwrap().workflow, nodes[1]);
        assert_eq!(layout.place_at(middle, Some(nodes[1])).unwrap().workflow, nodes[0]);
    }
}
