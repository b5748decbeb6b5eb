//! Ways through the tree by keyboard: where a step leads, where nodes are moved, where new ones go.

use slipway_flow::document::Key;

use crate::layout::{Layout, NodeBox, Place};

/// A way through the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    /// To the workflow around.
    Out,
    /// To the first step inside.
    In,
}

/// Where a step through the tree leads.
#[must_use]
pub fn walk(layout: &Layout, from: Key, direction: Direction) -> Option<Key> {
    match direction {
        Direction::Up => layout.before(from),
        Direction::Down => layout.after(from),
        Direction::Out => layout.get(from)?.parent,
        Direction::In => layout.step(from, 0).map(|step| step.key),
    }
}

/// Where nodes go that are moved by keyboard: among their siblings, out of their workflow (to stand
/// behind it), or into the workflow before them, else the one after them. The first of the nodes
/// says which workflow is meant; the others come along. Else a sentence that says why nowhere.
pub fn destination_of(
    layout: &Layout,
    nodes: &[Key],
    direction: Direction,
) -> Result<Place, &'static str> {
    let first = nodes.first().and_then(|node| layout.get(*node)).ok_or("Nothing is selected.")?;
    let workflow = first.parent.ok_or("The outermost workflow can’t be moved.")?;
    let (top, bottom) = ends(layout, nodes, workflow).unwrap_or((first.position, first.position));
    let place = match direction {
        Direction::Up => {
            let index =
                top.checked_sub(1).ok_or("It is the first step of its workflow already.")?;
            Place { workflow, index }
        }
        Direction::Down if bottom + 1 < first.siblings => Place { workflow, index: bottom + 2 },
        Direction::Down => return Err("It is the last step of its workflow already."),
        Direction::Out => {
            let around = layout.get(workflow).and_then(|around| Some((around, around.parent?)));
            let (around, outer) = around.ok_or("There is no workflow around this one.")?;
            Place { workflow: outer, index: around.position + 1 }
        }
        Direction::In => {
            let beside = |position| layout.step(workflow, position).filter(takes_steps);
            if let Some(before) = top.checked_sub(1).and_then(beside) {
                Place { workflow: before.key, index: before.steps }
            } else {
                let after = beside(bottom + 1).ok_or("There is no workflow beside it.")?;
                Place { workflow: after.key, index: 0 }
            }
        }
    };
    Ok(place)
}

/// As [`destination_of`], of one node.
#[must_use]
pub fn destination(layout: &Layout, node: Key, direction: Direction) -> Option<Place> {
    destination_of(layout, &[node], direction).ok()
}

fn takes_steps(node: &NodeBox) -> bool {
    node.arrangement.is_some()
}

/// The positions of the first and the last of the nodes that are steps of the workflow.
fn ends(layout: &Layout, nodes: &[Key], workflow: Key) -> Option<(usize, usize)> {
    let steps = nodes.iter().filter_map(|node| layout.get(*node));
    let positions = steps.filter(|node| node.parent == Some(workflow)).map(|node| node.position);
    positions.fold(None, |ends, at| {
        Some(ends.map_or((at, at), |(first, last): (usize, usize)| (first.min(at), last.max(at))))
    })
}

/// Where a new node goes that is added by keyboard: into the focused workflow at its end, behind
/// any other focused node, else at the end of the flow.
#[must_use]
pub fn place_for_new(layout: &Layout, focus: Option<Key>) -> Option<Place> {
    let focused = focus.and_then(|key| layout.get(key));
    let node = focused.or_else(|| layout.get(layout.root()?))?;
    if takes_steps(&node) {
        return Some(Place { workflow: node.key, index: node.steps });
    }
    Some(Place { workflow: node.parent?, index: node.position + 1 })
}

/// Where what is pasted goes: behind the selected nodes, the first of which says in which workflow;
/// into a workflow that is empty or the outermost.
#[must_use]
pub fn place_behind(layout: &Layout, selected: &[Key]) -> Option<Place> {
    let first = selected.first().and_then(|node| layout.get(*node));
    match first.and_then(|first| Some((first, first.parent?))) {
        Some((first, workflow)) if !takes_steps(&first) || first.steps > 0 => {
            let (_, last) = ends(layout, selected, workflow)?;
            Some(Place { workflow, index: last + 1 })
        }
        _ => place_for_new(layout, first.map(|first| first.key)),
    }
}

#[cfg(test)]
mod tests {
    use slipway_flow::document::Document;

    use super::*;

    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "spec": {}},
        {"kind": "Workflow", "spec": {"type": "parallel", "steps": [{"kind": "Build", "spec": {}}]}},
        {"kind": "JobRun", "spec": {}}]}}}"#;

    fn bench() -> (Vec<Key>, Layout) {
        let document = Document::parse(FLOW).unwrap();
        (document.nodes(), Layout::of(&document, document.root_node()))
    }

    #[test]
    fn every_node_is_reached_by_arrows() {
        let (nodes, layout) = bench();
        let mut at = nodes[0];
        for node in &nodes[1..] {
            at = walk(&layout, at, Direction::Down).unwrap();
            assert_eq!(at, *node);
        }
        assert_eq!(walk(&layout, at, Direction::Down), None);
        assert_eq!(walk(&layout, nodes[3], Direction::Out), Some(nodes[2]));
        assert_eq!(walk(&layout, nodes[2], Direction::In), Some(nodes[3]));
    }

    #[test]
    fn every_place_is_reached_by_alt_arrows() {
        let (nodes, layout) = bench();
        let place = |workflow: usize, index| Some(Place { workflow: nodes[workflow], index });
        assert_eq!(destination(&layout, nodes[1], Direction::Up), None);
        assert_eq!(destination(&layout, nodes[1], Direction::Down), place(0, 2));
        assert_eq!(destination(&layout, nodes[1], Direction::In), place(2, 0));
        assert_eq!(destination(&layout, nodes[4], Direction::In), place(2, 1));
        assert_eq!(destination(&layout, nodes[4], Direction::Up), place(0, 1));
        assert_eq!(destination(&layout, nodes[3], Direction::Out), place(0, 2));
        assert_eq!(destination(&layout, nodes[0], Direction::Out), None);
    }

    #[test]
    fn several_are_moved_past_what_stands_around_them() {
        let (nodes, layout) = bench();
        let place = |workflow: usize, index| Ok(Place { workflow: nodes[workflow], index });
        let both = [nodes[2], nodes[4]];
        assert_eq!(destination_of(&layout, &both, Direction::Up), place(0, 0));
        assert!(destination_of(&layout, &both, Direction::Down).is_err());
        let first = [nodes[2], nodes[1]];
        assert_eq!(destination_of(&layout, &first, Direction::Down), place(0, 3));
        assert!(destination_of(&layout, &[], Direction::Up).is_err());
        assert!(destination_of(&layout, &[nodes[3]], Direction::In).is_err());
    }

    #[test]
    fn what_is_pasted_stands_behind_what_is_selected() {
        let (nodes, layout) = bench();
        let place = |workflow: usize, index| Some(Place { workflow: nodes[workflow], index });
        assert_eq!(place_behind(&layout, &[]), place(0, 3));
        assert_eq!(place_behind(&layout, &[nodes[0]]), place(0, 3));
        assert_eq!(place_behind(&layout, &[nodes[1]]), place(0, 1));
        assert_eq!(place_behind(&layout, &[nodes[2]]), place(0, 2));
        assert_eq!(place_behind(&layout, &[nodes[1], nodes[4]]), place(0, 3));
        assert_eq!(place_behind(&layout, &[nodes[3]]), place(2, 1));
    }
}
