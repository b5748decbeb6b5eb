//! Keys on the canvas: chords to what they mean, and what that is on a given layout.
//!
//! Letters act only while the canvas has the focus. Ctrl stands for Cmd on a Mac.

use slipway_flow::document::Key;

use crate::layout::{Layout, Place};

/// A key with its modifiers, as the browser names it (`KeyboardEvent.key`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord<'a> {
    pub key: &'a str,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

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

/// What a chord means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAction {
    Walk(Direction),
    First,
    Last,
    Move(Direction),
    Edit,
    Add,
    Delete,
    Undo,
    Redo,
    Save,
    Fit,
    ActualSize,
    ZoomIn,
    ZoomOut,
    Leave,
}

/// What a chord means on the canvas; none for keys that are the browser's.
#[must_use]
pub fn action(chord: Chord<'_>) -> Option<KeyAction> {
    use KeyAction as A;
    let key = chord.key.to_lowercase();
    let direction = match key.as_str() {
        "arrowup" => Some(Direction::Up),
        "arrowdown" => Some(Direction::Down),
        "arrowleft" => Some(Direction::Out),
        "arrowright" => Some(Direction::In),
        _ => None,
    };
    match (chord.ctrl, chord.alt, direction) {
        (false, false, Some(direction)) if !chord.shift => return Some(A::Walk(direction)),
        (false, true, Some(direction)) => return Some(A::Move(direction)),
        (_, _, Some(_)) => return None,
        _ => {}
    }
    match (chord.ctrl, chord.alt, chord.shift, key.as_str()) {
        (true, false, false, "z") => Some(A::Undo),
        (true, false, true, "z") | (true, false, false, "y") => Some(A::Redo),
        (true, false, false, "s") => Some(A::Save),
        (false, false, false, "home") => Some(A::First),
        (false, false, false, "end") => Some(A::Last),
        (false, false, false, "enter") => Some(A::Edit),
        (false, false, false, "delete" | "backspace") => Some(A::Delete),
        (false, false, false, "a" | "n") => Some(A::Add),
        (false, false, _, "f" | "1") => Some(A::Fit),
        (false, false, _, "0") => Some(A::ActualSize),
        (false, false, _, "+" | "=") => Some(A::ZoomIn),
        (false, false, _, "-") => Some(A::ZoomOut),
        (false, false, false, "escape") => Some(A::Leave),
        _ => None,
    }
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

/// Where a node goes that is moved by keyboard: among its siblings, out of its workflow (to stand
/// behind it), or into the workflow before it, else the one after it.
#[must_use]
pub fn destination(layout: &Layout, node: Key, direction: Direction) -> Option<Place> {
    let node = layout.get(node)?;
    let workflow = node.parent?;
    match direction {
        Direction::Up => Some(Place { workflow, index: node.position.checked_sub(1)? }),
        Direction::Down => (node.position + 1 < node.siblings)
            .then_some(Place { workflow, index: node.position + 2 }),
        Direction::Out => {
            let around = layout.get(workflow)?;
            Some(Place { workflow: around.parent?, index: around.position + 1 })
        }
        Direction::In => {
            let before = node.position.checked_sub(1).and_then(|at| layout.step(workflow, at));
            if let Some(before) = before.filter(|before| before.arrangement.is_some()) {
                return Some(Place { workflow: before.key, index: before.steps });
            }
            let after = layout.step(workflow, node.position + 1)?;
            after.arrangement.is_some().then_some(Place { workflow: after.key, index: 0 })
        }
    }
}

/// Where a new node goes that is added by keyboard: into the focused workflow at its end, behind
/// any other focused node, else at the end of the flow.
#[must_use]
pub fn place_for_new(layout: &Layout, focus: Option<Key>) -> Option<Place> {
    let focused = focus.and_then(|key| layout.get(key));
    let node = focused.or_else(|| layout.get(layout.root()?))?;
    if node.arrangement.is_some() {
        return Some(Place { workflow: node.key, index: node.steps });
    }
    Some(Place { workflow: node.parent?, index: node.position + 1 })
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
    fn letters_with_modifiers_stay_the_browsers() {
        let chord = |key, ctrl, shift, alt| action(Chord { key, ctrl, shift, alt });
        assert_eq!(chord("a", false, false, false), Some(KeyAction::Add));
        assert_eq!(chord("a", true, false, false), None);
        assert_eq!(chord("z", true, false, false), Some(KeyAction::Undo));
        assert_eq!(chord("Z", true, true, false), Some(KeyAction::Redo));
        assert_eq!(chord("+", true, false, false), None);
        assert_eq!(chord("Tab", false, false, false), None);
    }
}
