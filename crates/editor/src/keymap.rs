//! Keys on the canvas: chords to what they mean, and what that is on a given layout.
//!
//! Letters act only while the canvas has the focus. Ctrl stands for Cmd on a Mac. What has no
//! meaning where it is pressed stays the browser's.

use slipway_flow::document::{Key, WorkflowType};

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
    /// The next click, tap or Enter on a place moves the selected nodes there.
    Carry,
    SelectAll,
    /// Everything that runs before the selected nodes.
    SelectUpstream,
    /// Everything that runs after the selected nodes.
    SelectDownstream,
    Edit,
    Rename,
    Add,
    Delete,
    Duplicate,
    Copy,
    Cut,
    Paste,
    Wrap(WorkflowType),
    Unwrap,
    ToggleSkip,
    /// Shows or hides the steps of a workflow.
    ToggleCollapse,
    Undo,
    Redo,
    Save,
    /// The dialog that starts a run; never a run at once.
    Run,
    Search,
    Commands,
    Help,
    Menu,
    Fit,
    FitSelection,
    ActualSize,
    ZoomIn,
    ZoomOut,
    Leave,
}

/// What belongs together in a list of shortcuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Walk,
    Change,
    Arrange,
    View,
    Page,
}

impl Group {
    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Walk => "Walk and select",
            Self::Change => "Change nodes",
            Self::Arrange => "Arrange nodes",
            Self::View => "View",
            Self::Page => "Page",
        }
    }
}

/// Whether Shift is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shift {
    No,
    Yes,
    /// It may be: the key itself is typed with it on some keyboards.
    Any,
}

/// A chord on the canvas and what it means: what the keys do, the list of shortcuts shows, and the
/// command palette offers.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// As the browser names it, in lower case.
    key: &'static str,
    ctrl: bool,
    shift: Shift,
    alt: bool,
    pub action: KeyAction,
    pub group: Group,
    /// What it does, for a list: "Duplicate".
    pub label: &'static str,
}

impl Binding {
    fn takes(&self, key: &str, chord: Chord<'_>) -> bool {
        let shift = match self.shift {
            Shift::No => !chord.shift,
            Shift::Yes => chord.shift,
            Shift::Any => true,
        };
        shift && self.key == key && self.ctrl == chord.ctrl && self.alt == chord.alt
    }

    /// The keys as a person reads them: `Ctrl+Shift+G`; with `mac`, Cmd instead of Ctrl.
    #[must_use]
    pub fn keys(&self, mac: bool) -> String {
        let mut keys = String::new();
        let held = [
            (self.ctrl, if mac { "Cmd+" } else { "Ctrl+" }),
            (self.alt, if mac { "Option+" } else { "Alt+" }),
            (self.shift == Shift::Yes, "Shift+"),
        ];
        keys.extend(held.iter().filter(|(held, _)| *held).map(|(_, name)| *name));
        match self.key {
            "arrowup" => keys.push('↑'),
            "arrowdown" => keys.push('↓'),
            "arrowleft" => keys.push('←'),
            "arrowright" => keys.push('→'),
            key => {
                let mut letters = key.chars();
                keys.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                keys.push_str(letters.as_str());
            }
        }
        keys
    }
}

const fn key(key: &'static str, action: KeyAction, group: Group, label: &'static str) -> Binding {
    Binding { key, ctrl: false, shift: Shift::No, alt: false, action, group, label }
}

const fn ctrl(name: &'static str, action: KeyAction, group: Group, label: &'static str) -> Binding {
    Binding { ctrl: true, ..key(name, action, group, label) }
}

const fn alt(name: &'static str, action: KeyAction, group: Group, label: &'static str) -> Binding {
    Binding { alt: true, shift: Shift::Any, ..key(name, action, group, label) }
}

impl Binding {
    const fn shifted(self) -> Self {
        Self { shift: Shift::Yes, ..self }
    }

    const fn any_shift(self) -> Self {
        Self { shift: Shift::Any, ..self }
    }
}

/// Every chord. Of several for one action the first is the one to show in a menu.
pub static BINDINGS: &[Binding] = {
    use Direction as D;
    use Group as G;
    use KeyAction as A;
    use WorkflowType as W;
    &[
        key("arrowup", A::Walk(D::Up), G::Walk, "To the node above"),
        key("arrowdown", A::Walk(D::Down), G::Walk, "To the node below"),
        key("arrowleft", A::Walk(D::Out), G::Walk, "To the workflow around"),
        key("arrowright", A::Walk(D::In), G::Walk, "Into the workflow"),
        key("home", A::First, G::Walk, "To the first node"),
        key("end", A::Last, G::Walk, "To the last node"),
        ctrl("a", A::SelectAll, G::Walk, "Select everything"),
        key("arrowleft", A::SelectUpstream, G::Walk, "Select what runs before").shifted(),
        key("arrowright", A::SelectDownstream, G::Walk, "Select what runs after").shifted(),
        ctrl("f", A::Search, G::Walk, "Search"),
        key("/", A::Search, G::Walk, "Search").any_shift(),
        key("escape", A::Leave, G::Walk, "Select nothing"),
        key("n", A::Add, G::Change, "Add a node"),
        key("a", A::Add, G::Change, "Add a node"),
        key("enter", A::Edit, G::Change, "Edit the node"),
        key("f2", A::Rename, G::Change, "Rename the ref"),
        key("d", A::ToggleSkip, G::Change, "Skip, or don't skip"),
        ctrl("d", A::Duplicate, G::Change, "Duplicate"),
        ctrl("c", A::Copy, G::Change, "Copy"),
        ctrl("x", A::Cut, G::Change, "Cut"),
        ctrl("v", A::Paste, G::Change, "Paste"),
        key("delete", A::Delete, G::Change, "Delete"),
        key("backspace", A::Delete, G::Change, "Delete"),
        ctrl("z", A::Undo, G::Change, "Undo"),
        ctrl("z", A::Redo, G::Change, "Redo").shifted(),
        ctrl("y", A::Redo, G::Change, "Redo"),
        alt("arrowup", A::Move(D::Up), G::Arrange, "Move up"),
        alt("arrowdown", A::Move(D::Down), G::Arrange, "Move down"),
        alt("arrowleft", A::Move(D::Out), G::Arrange, "Move out of its workflow"),
        alt("arrowright", A::Move(D::In), G::Arrange, "Move into the workflow beside it"),
        key("m", A::Carry, G::Arrange, "Choose a place to move to"),
        ctrl("g", A::Wrap(W::Sequential), G::Arrange, "Wrap in a sequential workflow"),
        ctrl("g", A::Wrap(W::Parallel), G::Arrange, "Wrap in a parallel workflow").shifted(),
        ctrl("u", A::Unwrap, G::Arrange, "Unwrap").shifted(),
        key("c", A::ToggleCollapse, G::View, "Collapse or expand the workflow"),
        key("1", A::Fit, G::View, "Show everything").any_shift(),
        key("f", A::FitSelection, G::View, "Show the selection, else everything").any_shift(),
        key("2", A::FitSelection, G::View, "Show the selection, else everything").any_shift(),
        key("0", A::ActualSize, G::View, "Actual size").any_shift(),
        key("+", A::ZoomIn, G::View, "Zoom in").any_shift(),
        key("=", A::ZoomIn, G::View, "Zoom in").any_shift(),
        key("-", A::ZoomOut, G::View, "Zoom out").any_shift(),
        ctrl("s", A::Save, G::Page, "Save"),
        ctrl("enter", A::Run, G::Page, "Run"),
        ctrl("k", A::Commands, G::Page, "Find a command"),
        ctrl("p", A::Commands, G::Page, "Find a command").shifted(),
        key("f10", A::Menu, G::Page, "Open the menu of the node").shifted(),
        key("contextmenu", A::Menu, G::Page, "Open the menu of the node"),
        key("?", A::Help, G::Page, "Show the shortcuts").any_shift(),
    ]
};

/// What a chord means on the canvas; none for keys that are the browser's.
#[must_use]
pub fn action(chord: Chord<'_>) -> Option<KeyAction> {
    let key = chord.key.to_lowercase();
    BINDINGS.iter().find(|binding| binding.takes(&key, chord)).map(|binding| binding.action)
}

/// The chord to show beside an action.
#[must_use]
pub fn binding(action: KeyAction) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.action == action)
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
        assert_eq!(chord("a", true, false, false), Some(KeyAction::SelectAll));
        assert_eq!(chord("A", true, true, false), None);
        assert_eq!(chord("G", true, true, false), Some(KeyAction::Wrap(WorkflowType::Parallel)));
        assert_eq!(chord("r", true, false, false), None);
        assert_eq!(chord("z", true, false, false), Some(KeyAction::Undo));
        assert_eq!(chord("Z", true, true, false), Some(KeyAction::Redo));
        assert_eq!(chord("+", true, false, false), None);
        assert_eq!(chord("Tab", false, false, false), None);
    }

    #[test]
    fn each_chord_means_one_thing_and_says_which() {
        let mut chords = Vec::new();
        for binding in BINDINGS {
            assert!(!binding.label.is_empty());
            assert_eq!(binding.key, binding.key.to_lowercase());
            let shifts = match binding.shift {
                Shift::No => vec![false],
                Shift::Yes => vec![true],
                Shift::Any => vec![false, true],
            };
            for shift in shifts {
                let chord = (binding.key, binding.ctrl, shift, binding.alt);
                assert!(!chords.contains(&chord), "{chord:?}");
                chords.push(chord);
                let (key, ctrl, shift, alt) = chord;
                assert_eq!(action(Chord { key, ctrl, shift, alt }), Some(binding.action));
            }
        }
        let keys = |action, mac| binding(action).unwrap().keys(mac);
        assert_eq!(keys(KeyAction::Wrap(WorkflowType::Parallel), false), "Ctrl+Shift+G");
        assert_eq!(keys(KeyAction::Move(Direction::Out), true), "Option+←");
        assert_eq!(keys(KeyAction::Add, false), "N");
    }
}
