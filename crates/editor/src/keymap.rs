//! Keys on the canvas: chords to what they mean, and what that is on a given layout.
//!
//! Letters act only while the canvas has the focus. Ctrl stands for Cmd on a Mac. What has no
//! meaning where it is pressed stays the browser's.

use slipway_flow::document::WorkflowType;

pub use crate::walk::{Direction, destination, destination_of, place_behind, place_for_new, walk};

/// A key with its modifiers, as the browser names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord<'a> {
    /// What it types: `KeyboardEvent.key`.
    pub key: &'a str,
    /// Where it is: `KeyboardEvent.code`.
    pub code: &'a str,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
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
    /// Sequential becomes parallel and the other way round.
    SwitchWorkflow,
    ToggleSkip,
    /// Shows or hides the steps of a workflow.
    ToggleCollapse,
    Undo,
    Redo,
    Save,
    /// The dialog that starts a run; never a run at once.
    Run,
    Search,
    FindNext,
    FindPrevious,
    NextProblem,
    PreviousProblem,
    /// To the list of the problems.
    Problems,
    Commands,
    Help,
    Menu,
    Fit,
    FitSelection,
    Tidy,
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
    /// In the order of a list.
    pub const ALL: [Self; 5] = [Self::Walk, Self::Change, Self::Arrange, Self::View, Self::Page];

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

    /// Whether it is one letter, digit or sign alone, as somebody might type it by accident.
    #[must_use]
    pub fn is_single_key(&self) -> bool {
        !self.ctrl && !self.alt && self.key.len() == 1
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
            "contextmenu" => keys.push_str("Menu"),
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
        key("f3", A::FindNext, G::Walk, "To the next that was found"),
        key("f3", A::FindPrevious, G::Walk, "To the one found before").shifted(),
        key("f8", A::NextProblem, G::Walk, "To the next problem"),
        key("f8", A::PreviousProblem, G::Walk, "To the problem before").shifted(),
        ctrl("m", A::Problems, G::Walk, "To the list of problems").shifted(),
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
        key("t", A::SwitchWorkflow, G::Arrange, "Switch between sequential and parallel"),
        key("c", A::ToggleCollapse, G::View, "Collapse or expand the workflow"),
        key("1", A::Fit, G::View, "Show everything").any_shift(),
        key("f", A::FitSelection, G::View, "Show the selection, else everything").any_shift(),
        key("2", A::FitSelection, G::View, "Show the selection, else everything").any_shift(),
        key("0", A::ActualSize, G::View, "Actual size").any_shift(),
        alt("t", A::Tidy, G::View, "Tidy up").shifted(),
        key("+", A::ZoomIn, G::View, "Zoom in").any_shift(),
        key("=", A::ZoomIn, G::View, "Zoom in").any_shift(),
        key("-", A::ZoomOut, G::View, "Zoom out").any_shift(),
        ctrl("s", A::Save, G::Page, "Save"),
        ctrl("enter", A::Run, G::Page, "Run"),
        ctrl("k", A::Commands, G::Page, "Find a command"),
        ctrl("p", A::Commands, G::Page, "Find a command").shifted(),
        key("f10", A::Menu, G::Page, "Open the menu").shifted(),
        key("contextmenu", A::Menu, G::Page, "Open the menu"),
        key("?", A::Help, G::Page, "Show the shortcuts").any_shift(),
    ]
};

/// How somebody wants the keys to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyChoices {
    /// Whether single letters, digits and signs mean something (WCAG 2.1.4).
    pub single_keys: bool,
    /// Whether Tab adds a node, instead of leading to the next control.
    pub tab_adds: bool,
}

impl Default for KeyChoices {
    fn default() -> Self {
        Self { single_keys: true, tab_adds: false }
    }
}

/// What a chord means on the canvas; none for keys that are the browser's.
#[must_use]
pub fn action(chord: Chord<'_>, choices: KeyChoices) -> Option<KeyAction> {
    let plain = !chord.ctrl && !chord.alt && !chord.shift;
    if choices.tab_adds && plain && chord.key == "Tab" {
        return Some(KeyAction::Add);
    }
    bound(chord)
        .filter(|binding| choices.single_keys || !binding.is_single_key())
        .map(|binding| binding.action)
}

/// What a chord means wherever the keyboard is on the editor's page: there is one history and one
/// document.
#[must_use]
pub fn page_action(chord: Chord<'_>) -> Option<KeyAction> {
    use KeyAction::{Commands, NextProblem, PreviousProblem, Problems, Redo, Run, Save, Undo};
    let binding = bound(chord)?;
    let concerns_all = match binding.action {
        Undo | Redo | Save | Run | Commands | Problems => binding.ctrl,
        NextProblem | PreviousProblem => true,
        _ => false,
    };
    concerns_all.then_some(binding.action)
}

/// A key is known by what it types. Digits, and letters of keyboards that type others, are also
/// known by where they are: Shift+1 types `!` here and `+` there.
fn bound(chord: Chord<'_>) -> Option<&'static Binding> {
    let typed = chord.key.to_lowercase();
    let takes = |key: &str| BINDINGS.iter().find(|binding| binding.takes(key, chord));
    takes(&typed).or_else(|| {
        let digit = chord.code.strip_prefix("Digit").or_else(|| chord.code.strip_prefix("Numpad"));
        let letter = chord.code.strip_prefix("Key").filter(|_| !chord.key.is_ascii());
        let place = digit.or(letter).filter(|place| place.len() == 1)?;
        takes(&place.to_lowercase())
    })
}

/// The chord to show beside an action.
#[must_use]
pub fn binding(action: KeyAction) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_modifiers_stay_the_browsers() {
        let chord = |key, ctrl, shift, alt| {
            action(Chord { key, code: "", ctrl, shift, alt }, KeyChoices::default())
        };
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
                let chord = Chord { key, code: "", ctrl, shift, alt };
                assert_eq!(action(chord, KeyChoices::default()), Some(binding.action));
                let quiet = KeyChoices { single_keys: false, tab_adds: false };
                assert_eq!(action(chord, quiet).is_none(), key.len() == 1 && !ctrl && !alt);
            }
        }
        let keys = |action, mac| binding(action).unwrap().keys(mac);
        assert_eq!(keys(KeyAction::Wrap(WorkflowType::Parallel), false), "Ctrl+Shift+G");
        assert_eq!(keys(KeyAction::Move(Direction::Out), true), "Option+←");
        assert_eq!(keys(KeyAction::Add, false), "N");
    }

    #[test]
    fn digits_and_foreign_letters_are_known_by_their_place() {
        let chord = |key, code, ctrl, shift| {
            action(Chord { key, code, ctrl, shift, alt: false }, KeyChoices::default())
        };
        assert_eq!(chord("!", "Digit1", false, true), Some(KeyAction::Fit));
        assert_eq!(chord("@", "Digit2", false, true), Some(KeyAction::FitSelection));
        // A German 7 with Shift types a slash, and means what it types.
        assert_eq!(chord("/", "Digit7", false, true), Some(KeyAction::Search));
        assert_eq!(chord("с", "KeyC", true, false), Some(KeyAction::Copy));
        // Where Latin letters are arranged otherwise, what is typed counts.
        assert_eq!(chord("j", "KeyC", true, false), None);
        assert_eq!(chord("!", "Digit1", true, true), None);
    }

    #[test]
    fn tab_adds_only_for_those_who_want_it() {
        let tab = Chord { key: "Tab", code: "Tab", ctrl: false, shift: false, alt: false };
        assert_eq!(action(tab, KeyChoices::default()), None);
        let wanted = KeyChoices { tab_adds: true, ..KeyChoices::default() };
        assert_eq!(action(tab, wanted), Some(KeyAction::Add));
        assert_eq!(action(Chord { shift: true, ..tab }, wanted), None);
    }

    #[test]
    fn what_concerns_the_whole_page_acts_wherever_the_keyboard_is() {
        let chord =
            |key, shift| page_action(Chord { key, code: "", ctrl: true, shift, alt: false });
        assert_eq!(chord("k", false), Some(KeyAction::Commands));
        assert_eq!(chord("Z", true), Some(KeyAction::Redo));
        assert_eq!(chord("Enter", false), Some(KeyAction::Run));
        assert_eq!(chord("a", false), None);
        let letter = Chord { key: "s", code: "KeyS", ctrl: false, shift: false, alt: false };
        assert_eq!(page_action(letter), None);
        let f8 =
            |shift| page_action(Chord { key: "F8", code: "F8", ctrl: false, shift, alt: false });
        assert_eq!(f8(false), Some(KeyAction::NextProblem));
        assert_eq!(f8(true), Some(KeyAction::PreviousProblem));
    }
}
