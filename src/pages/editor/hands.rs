//! What each action does, wherever it comes from: a key, a button, a menu, the pointer.

use leptos::{ev, prelude::*};
use serde_json::Value;
use slipway_editor::{
    command::Command,
    keymap::{KeyAction, page_action, place_for_new},
    layout::Place,
    reach::Stream,
    selection::Selection,
    tools::{Drop, Source},
};
use slipway_flow::{
    check::{Problem, code},
    document::{Document, Key},
    kinds,
    stage::Stage,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{address, clipboard, faces::Counts, popups::Popups, saving::Saving, view::View};
use crate::{
    features::{
        canvas::{CanvasState, focus_node},
        outline::OutlineState,
        problems::ProblemsState,
        search::SearchState,
        settings::SettingsState,
    },
    state::{
        document::{EditorHandle, WHOLE},
        place::Place as AppPlace,
        preferences::{Preferences, meaning},
        target::Target,
    },
};

/// What hands can do: by mouse, by keyboard, by buttons.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    pub(super) editor: EditorHandle,
    pub(super) canvas: CanvasState,
    pub(super) saving: Saving,
    pub(super) editable: bool,
    pub(super) on_select: Callback<(Selection,)>,
    /// Puts view and selection into the address, soon.
    pub(super) write_address: Callback<()>,
    /// Which view of the flow is open.
    pub(super) view: RwSignal<View>,
    /// Why nothing can be changed.
    pub(super) locked: Signal<Option<String>>,
    /// The address of the dialog that starts a run.
    pub(super) runs: StoredValue<String>,
    pub(super) place: AppPlace,
    pub(super) stage: Stage,
    pub(super) popups: Popups,
    pub(super) outline: OutlineState,
    pub(super) search: SearchState,
    pub(super) preferences: Preferences,
    pub(super) counts: Memo<Counts>,
    pub(super) settings: SettingsState,
    pub(super) problems: ProblemsState,
    /// The flows inside the document.
    pub(super) flows: Memo<Vec<(Key, String)>>,
    /// The position in the code that the keyboard is to go to.
    pub(super) in_code: RwSignal<Option<usize>>,
    /// Whether the settings of the selected node are folded, where they lie over the view.
    pub(super) folded: RwSignal<bool>,
}

impl Hands {
    /// Opens a view of the flow. The selection stays.
    pub(super) fn show(self, view: View) {
        if self.view.get_untracked() != view {
            self.view.set(view);
            self.folded.set(true);
            address::write(self.editor, untrack(|| self.editor.selected()), view);
        }
    }

    pub(super) fn drop(self, drop: Drop) {
        let Drop { source, place, copy } = drop;
        match source {
            Source::Nodes(nodes) => {
                let nodes = nodes.to_vec();
                self.editor.dispatch(&if copy {
                    Command::DuplicateTo { nodes, place }
                } else {
                    Command::Move { nodes, place }
                });
            }
            Source::New(kind) => self.insert(kind, place),
        }
        self.follow();
    }

    /// Adds a node of a kind where the selection is.
    pub(super) fn add(self, kind: usize) {
        let focus = untrack(|| self.editor.selected());
        let place = self.editor.layout.with_untracked(|layout| place_for_new(layout, focus));
        match place {
            Some(place) => self.add_at(kind, place),
            None => self.begin(Some(kind)),
        }
    }

    /// Begins a flow without nodes with a workflow: of this kind, or with a node of it inside.
    pub(super) fn begin(self, kind: Option<usize>) {
        if self.is_locked() {
            return;
        }
        let template = |kind: usize| serde_json::from_str(kinds::all().get(kind)?.template).ok();
        self.editor.dispatch(&Command::Begin { node: kind.and_then(template) });
        self.follow();
    }

    /// Adds a node of a kind at a place.
    pub(super) fn add_at(self, kind: usize, place: Place) {
        if !self.is_locked() {
            self.insert(kind, place);
            self.follow();
        }
    }

    fn insert(self, kind: usize, place: Place) {
        let Some(kind) = kinds::all().get(kind) else { return };
        // A kind's template is JSON: a test of the tables says so.
        let node = serde_json::from_str::<Value>(kind.template).unwrap_or_default();
        self.editor.dispatch(&Command::Insert { place, node });
    }

    /// The keyboard and the view go to what is selected now.
    pub(super) fn follow(self) {
        let Some(node) = untrack(|| self.editor.selected()) else { return };
        self.write_address.run(());
        self.canvas.reveal(node, self.editor.layout.into());
        self.give_keyboard(node);
    }

    /// To a node in the outline where the keyboard was in it, else on the canvas.
    fn give_keyboard(self, node: Key) {
        let active = document().active_element();
        let in_outline = active.is_some_and(|it| matches!(it.closest(".outline"), Ok(Some(_))));
        if in_outline || self.view.get_untracked() == View::Outline {
            self.outline.focus(node);
        } else {
            focus_node(node);
        }
    }

    /// Does what a key means. False where it means nothing now, so that it is the browser's: its
    /// own events copy, cut and paste.
    pub(super) fn press(self, action: KeyAction) -> bool {
        use KeyAction::{Copy, Cut, Paste};
        !matches!(action, Copy | Cut | Paste) && self.act(action)
    }

    /// Does what an action means here, wherever it comes from. False where it means nothing now.
    pub(super) fn act(self, action: KeyAction) -> bool {
        if action.needs_selection() && untrack(|| self.editor.selected()).is_none() {
            return false;
        }
        if action.changes() && self.is_locked() {
            return true;
        }
        match action {
            KeyAction::Edit => self.edit(),
            KeyAction::Rename => self.popups.renaming.set(untrack(|| self.editor.selected())),
            KeyAction::Add => self.offer(None, None),
            KeyAction::Menu => self.open_menu(),
            KeyAction::Commands => self.open_commands(),
            KeyAction::Help => self.popups.shortcuts.set(true),
            KeyAction::Search => self.find(),
            KeyAction::FindNext => self.find_next(false),
            KeyAction::FindPrevious => self.find_next(true),
            KeyAction::Undo => self.undo(),
            KeyAction::Redo => self.redo(),
            KeyAction::Save => self.save(),
            KeyAction::Run => self.place.go_to(self.runs.get_value()),
            KeyAction::Copy => clipboard::copy(self),
            KeyAction::Cut => clipboard::cut(self),
            KeyAction::Paste => clipboard::paste(self),
            KeyAction::NextProblem => self.problem(true),
            KeyAction::PreviousProblem => self.problem(false),
            KeyAction::Problems => self.problems.enter(),
            KeyAction::Leave => self.on_select.run((Selection::default(),)),
            KeyAction::SelectAll => self.select_all(),
            KeyAction::SelectUpstream => self.select_stream(Stream::Up, "before"),
            KeyAction::SelectDownstream => self.select_stream(Stream::Down, "after"),
            KeyAction::Fit
            | KeyAction::FitSelection
            | KeyAction::ActualSize
            | KeyAction::ZoomIn
            | KeyAction::ZoomOut => {
                let layout = self.editor.layout.into();
                self.editor.selection.with_untracked(|now| self.canvas.look(action, layout, now));
            }
            KeyAction::Tidy => self.tidy(),
            KeyAction::ToggleCollapse => self.fold(),
            KeyAction::Carry => {
                self.canvas.begin_move(&untrack(|| self.editor.selected_nodes()));
            }
            KeyAction::Delete
            | KeyAction::Duplicate
            | KeyAction::Wrap(_)
            | KeyAction::Unwrap
            | KeyAction::SwitchWorkflow
            | KeyAction::ToggleSkip
            | KeyAction::Move(_) => {
                self.editor.act(action, Callback::new(move |()| self.follow()));
            }
            KeyAction::Walk(_) | KeyAction::First | KeyAction::Last => return false,
        }
        true
    }

    /// Why an action can't be done now: a sentence.
    pub(super) fn reason(self, action: KeyAction) -> Option<String> {
        let locked = self.locked.get_untracked().filter(|_| action.changes());
        locked.or_else(|| self.editor.refusal(action))
    }

    /// Leads to the settings of the selected node.
    fn edit(self) {
        if !matches!(self.view.get_untracked(), View::Visual | View::Outline) {
            self.show(View::Visual);
        }
        request_animation_frame(|| focus_element("inspector-title"));
    }

    fn find(self) {
        if !matches!(self.view.get_untracked(), View::Visual | View::Outline) {
            self.show(View::Visual);
        }
        self.search.begin();
    }

    fn find_next(self, back: bool) {
        match self.search.step(self.editor, back) {
            Some(node) => self.go_to(node),
            None => self.find(),
        }
    }

    /// The whole document and the flows inside it, with what they are called; nothing where there are
    /// none inside.
    pub(super) fn all_flows(self) -> Vec<(Key, String)> {
        let inside = self.flows.get();
        let root = self.editor.read(Document::root);
        let whole = (!inside.is_empty()).then(|| (root, WHOLE.to_owned()));
        whole.into_iter().chain(inside).collect()
    }

    /// Opens a flow inside the document, or the whole again, and shows all of it.
    pub(super) fn open_flow(self, flow: Key) {
        self.editor.open_flow(flow);
        self.canvas.fit(self.editor.layout.into());
        self.write_address.run(());
    }

    /// The same, and the keyboard goes there.
    pub(super) fn enter_flow(self, flow: Key) {
        self.open_flow(flow);
        if self.view.get_untracked() != View::Outline {
            self.show(View::Visual);
        }
        self.to_canvas();
    }

    /// The stage that the open flow is for.
    pub(super) fn stage(self) -> Stage {
        self.editor.stage_inside().unwrap_or(self.stage)
    }

    /// Shows and selects a node without taking the keyboard.
    pub(super) fn point_at(self, node: Key) {
        self.on_select.run((Selection::only(Some(node)),));
        self.canvas.show_readably(node, self.editor.layout.into());
    }

    /// Selects a node, shows it, and gives it the keyboard.
    pub(super) fn go_to(self, node: Key) {
        if self.view.get_untracked() != View::Outline {
            self.show(View::Visual);
        }
        self.editor.select(Some(node));
        self.canvas.show_readably(node, self.editor.layout.into());
        self.follow();
    }

    /// Whether nothing can be changed; says why.
    pub(super) fn is_locked(self) -> bool {
        let why = self.locked.get_untracked();
        if let Some(why) = why {
            self.editor.announce(why);
        }
        !self.editable
    }

    /// Every step: the outermost workflow, which holds them all, stays where it is.
    fn select_all(self) {
        let nodes = self.editor.read_untracked(Document::nodes);
        self.editor.select_all(if nodes.len() > 1 { &nodes[1..] } else { &nodes });
        self.tell_selected("");
    }

    fn select_stream(self, stream: Stream, what: &str) {
        self.editor.select_stream(stream);
        self.tell_selected(&format!(", with what runs {what}"));
    }

    fn tell_selected(self, what: &str) {
        let count = untrack(|| self.editor.selected_nodes()).len();
        let nodes = if count == 1 { "node" } else { "nodes" };
        self.editor.announce(format!("{count} {nodes} selected{what}."));
        let active = document().active_element();
        let in_tree = |it: &web_sys::Element| matches!(it.closest("[role=tree]"), Ok(Some(_)));
        if active.as_ref().is_none_or(|element| element.tag_name() == "BODY") {
            // After the command palette the keyboard may be nowhere: what comes next is about these.
            self.to_canvas();
        } else if active.as_ref().is_some_and(in_tree)
            && let Some(node) = untrack(|| self.editor.selected())
        {
            // It may have been on what is not among them.
            self.give_keyboard(node);
        }
    }

    /// Shows or hides the steps of the selected workflow.
    fn fold(self) {
        let node = untrack(|| self.editor.selected());
        let workflow = node.and_then(|node| {
            let node = self.editor.layout.with_untracked(|layout| layout.get(node))?;
            node.arrangement.is_some().then_some((node.key, !node.collapsed))
        });
        if let Some((workflow, hide)) = workflow {
            self.editor.collapse(workflow, hide);
        }
    }

    /// The layout is always tidy: there is only where one looks.
    fn tidy(self) {
        self.canvas.fit(self.editor.layout.into());
        self.editor.announce("The picture is always laid out by itself. All of it is shown now.");
    }

    /// Leads to the next problem, or to the one before.
    pub(super) fn problem(self, on: bool) {
        if let Some(problem) = self.problems.step(on) {
            self.to_problem(&problem);
        }
    }

    /// Leads to the place of a problem: in the code, where that is open or can't be read.
    pub(super) fn to_problem(self, problem: &Problem) {
        if problem.code == code::SYNTAX {
            self.show(View::Code);
        }
        if self.view.get_untracked() == View::Code {
            let at = self.editor.with_code(|code| code.units_at(problem.span.clone()).start);
            return self.in_code.set(at);
        }
        self.jump(self.problems.target(problem));
    }

    fn undo(self) {
        self.step(EditorHandle::undo);
    }

    fn redo(self) {
        self.step(EditorHandle::redo);
    }

    /// Undoes or redoes. A keyboard that was on the canvas stays there, also when the node that it
    /// was on is gone.
    fn step(self, step: fn(EditorHandle)) {
        let on_canvas = document().active_element().is_none_or(|element| {
            element.tag_name() == "BODY"
                || matches!(element.closest(".canvas, .outline"), Ok(Some(_)))
        });
        step(self.editor);
        if on_canvas {
            self.to_canvas();
        }
    }

    /// Leads to a place: the keyboard goes there.
    pub(super) fn jump(self, target: Target) {
        match target {
            Target::Node(node) | Target::Field(node, _)
                if self.view.get_untracked() == View::Code =>
            {
                self.on_select.run((Selection::only(Some(node)),));
                self.in_code.set(self.editor.span_in_code(node).map(|span| span.start));
            }
            Target::Node(node) | Target::Field(node, _) => {
                self.show(View::Visual);
                self.canvas.go_to(Some(node), self.editor.layout.into(), self.on_select);
                if let Target::Field(_, pointer) = target {
                    focus_field(pointer);
                }
            }
            Target::Place(pointer) if self.settings.go_to(self.editor, &pointer) => {
                self.show(View::Settings);
            }
            Target::Place(_) => self.to_canvas(),
        }
    }

    /// Gives the keyboard to the selected node, else to the outermost.
    pub(super) fn to_canvas(self) {
        let outermost = || self.editor.layout.with_untracked(|layout| layout.root());
        let Some(node) = untrack(|| self.editor.selected()).or_else(outermost) else { return };
        self.canvas.reveal(node, self.editor.layout.into());
        self.give_keyboard(node);
    }

    fn save(self) {
        if !untrack(|| self.editor.is_document_saved()) {
            self.saving.save();
        } else if let Some(why) = untrack(|| self.editor.unread_words()) {
            self.editor.announce(why);
        }
    }
}

/// What concerns the whole page works wherever the keyboard is on it: there is one history.
pub(super) fn shortcuts(hands: Hands) {
    let pressed = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let is_in = |place: &str| {
            target.as_ref().is_some_and(|it| matches!(it.closest(place), Ok(Some(_))))
        };
        let action = meaning(&event, page_action);
        // What stands in a dialog is for it; in the look before a save, the keys of Save go on.
        let goes_on = matches!(action, Some(KeyAction::Save)) && is_in(".save-dialog");
        if is_in("dialog, [popover]") && !goes_on {
            return;
        }
        if action.is_some_and(|action| hands.act(action)) {
            event.prevent_default();
        }
    });
    on_cleanup(move || pressed.remove());
    clipboard::listen(hands);
}

/// Gives the keyboard to a field of the node's form, once the form is there and the canvas has had
/// its turn.
fn focus_field(pointer: &'static str) {
    let focus = move || {
        let place = format!(".node-form [data-field=\"{pointer}\"]");
        let Ok(Some(place)) = document().query_selector(&place) else { return };
        let mut around = place.parent_element();
        while let Some(element) = around {
            if element.tag_name() == "DETAILS" {
                let _ = element.set_attribute("open", "");
            }
            around = element.parent_element();
        }
        let control = place.query_selector("input, select, textarea, button, [tabindex]");
        if let Some(control) =
            control.ok().flatten().and_then(|it| it.dyn_into::<HtmlElement>().ok())
        {
            let _ = control.focus();
        }
    };
    request_animation_frame(move || request_animation_frame(focus));
}

fn focus_element(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // An element that can't take the focus leaves it where it is.
        let _ = element.focus();
    }
}
