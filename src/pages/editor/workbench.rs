//! The editor at work on one flow: what the mouse, the keyboard and the buttons do.

use leptos::{ev, prelude::*};
use serde_json::Value;
use slipway_api::{session::Role, stage::Stage};
use slipway_editor::{
    command::Command,
    keymap::{KeyAction, destination, place_for_new},
    layout::Place,
    tools::Source,
};
use slipway_flow::{check::Severity, document::Key, kinds};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    Subject,
    saving::{Saving, SavingNotes},
};
use crate::{
    client::{FlowText, load, use_client},
    features::{
        canvas::{Canvas, CanvasState, NodeFace, drag_new, focus_node, glyph},
        inspector::{Inspector, Resources},
        palette::Palette,
        problems::Problems,
    },
    routes::Page,
    state::{document::EditorHandle, journal::Journal, session::use_session},
    ui::{Button, ButtonKind, ErrorNote, Glyph, IconButton, LinkButton, Notice},
};

#[component]
pub(super) fn Workbench(subject: Subject, flow: FlowText, stored: bool) -> impl IntoView {
    let draft = Journal::of(&subject.project, &subject.pipeline, subject.stage)
        .read()
        .filter(|draft| draft.text != flow.text || !stored);
    let (text, etag, restored) = match draft {
        Some(draft) => (draft.text, draft.etag, Some(draft.at)),
        None => (flow.text, flow.etag, None),
    };
    match EditorHandle::open(&text, stored && restored.is_none()) {
        Ok(editor) => {
            let saving = Saving::new(editor, subject.clone(), etag, restored);
            view! { <Desk editor=editor saving=saving subject=subject /> }.into_any()
        }
        Err(error) => view! { <ErrorNote message=error.to_string() /> }.into_any(),
    }
}

#[component]
fn Desk(editor: EditorHandle, saving: Saving, subject: Subject) -> impl IntoView {
    let canvas = CanvasState::new();
    let locked = use_session().refusal(Role::Editor, "change release flows");
    let editable = locked.get_untracked().is_none();
    let resources = resources(&subject);
    Effect::new(move || editor.surround(resources.with(Resources::context)));
    let layout = Signal::from(editor.layout);
    let selected = Signal::derive(move || editor.selected());
    select_from_address(editor);
    let on_select = Callback::new(move |(node,): (Option<Key>,)| {
        editor.select(node);
        address_of(editor, node);
    });
    let hands = Hands { editor, canvas, saving, editable, on_select };
    shortcuts(hands);

    let on_grab = Callback::new(move |(kind, event): (usize, web_sys::PointerEvent)| {
        if editable {
            drag_new(canvas, kind, &event);
        }
    });
    let on_add = Callback::new(move |(kind,): (usize,)| hands.add(kind));
    let on_jump = Callback::new(move |(node,): (Key,)| canvas.go_to(Some(node), layout, on_select));
    view! {
        <Toolbar editor=editor saving=saving subject=subject locked=locked />
        {move || locked.get().map(|why| view! { <Notice icon=Glyph::Lock><p>{why}</p></Notice> })}
        <SavingNotes saving=saving />
        <div
            class="editor"
            class:is-locked=!editable
            // Escape leads back to the canvas from wherever it led to; the canvas itself stops it.
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Escape" && !event.default_prevented() {
                    hands.to_canvas();
                }
            }
        >
            {editable.then(|| view! { <Palette glyph=glyph on_grab=on_grab on_add=on_add /> })}
            <div class="editor-middle">
                <Canvas
                    layout=layout
                    face=Callback::new(move |(key,): (Key,)| face(editor, key))
                    canvas=canvas
                    selected=selected
                    on_select=on_select
                    editable=editable
                    on_drop=Callback::new(move |((source, place),)| hands.drop(source, place))
                    on_action=Callback::new(move |(action,)| hands.act(action))
                />
                <Problems editor=editor editable=editable on_jump=on_jump />
            </div>
            <Inspector editor=editor resources=resources locked=locked />
        </div>
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || editor.announcement.get()}
        </p>
    }
}

#[component]
fn Toolbar(
    editor: EditorHandle,
    saving: Saving,
    subject: Subject,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let Subject { project, pipeline, stage } = subject;
    let runs = Page::Runs { project, pipeline, stage };
    let nothing = |what: &'static str| format!("There is nothing to {what}.");
    let undo_reason = Signal::derive(move || {
        locked.get().or_else(|| editor.undo_label().is_none().then(|| nothing("undo")))
    });
    let redo_reason = Signal::derive(move || {
        locked.get().or_else(|| editor.redo_label().is_none().then(|| nothing("redo")))
    });
    let save_reason = Signal::derive(move || {
        locked.get().or_else(|| editor.is_saved().then(|| "Everything is saved.".to_owned()))
    });
    let state = move || match (saving.busy.get(), editor.is_saved()) {
        (true, _) => "Saving…",
        (false, true) => "Saved",
        (false, false) => "Unsaved changes",
    };
    view! {
        <div class="editor-bar">
            <h1 tabindex="-1">{format!("{} release flow", stage.name())}</h1>
            <span class="editor-state" class:is-unsaved=move || !editor.is_saved() role="status">
                {state}
            </span>
            <div class="editor-tools" role="toolbar" aria-label="Editing">
                <IconButton
                    label="Undo"
                    icon=Glyph::Undo
                    reason=undo_reason
                    on_click=move |_| editor.undo()
                />
                <IconButton
                    label="Redo"
                    icon=Glyph::Redo
                    reason=redo_reason
                    on_click=move |_| editor.redo()
                />
                <LinkButton href=format!("{}?run=new", runs.href()) icon=Glyph::Play>
                    "Run"
                </LinkButton>
                <LinkButton href=runs.href() icon=Glyph::List>"Runs"</LinkButton>
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Save
                    reason=save_reason
                    busy=saving.busy
                    on_click=move |_| saving.save()
                >
                    "Save"
                </Button>
            </div>
        </div>
    }
}

/// What hands can do: by mouse, by keyboard, by buttons.
#[derive(Clone, Copy)]
struct Hands {
    editor: EditorHandle,
    canvas: CanvasState,
    saving: Saving,
    editable: bool,
    on_select: Callback<(Option<Key>,)>,
}

impl Hands {
    fn drop(self, source: Source, place: Place) {
        match source {
            Source::Node(node) => {
                self.editor.dispatch(&Command::Move { nodes: vec![node], place });
            }
            Source::New(kind) => self.insert(kind, place),
        }
        self.follow();
    }

    /// Adds a node of a kind where the selection is.
    fn add(self, kind: usize) {
        let focus = untrack(|| self.editor.selected());
        let place = self.editor.layout.with_untracked(|layout| place_for_new(layout, focus));
        if let Some(place) = place.filter(|_| self.editable) {
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
    fn follow(self) {
        let selected = untrack(|| self.editor.selected());
        self.canvas.go_to(selected, self.editor.layout.into(), self.on_select);
    }

    /// Does what a key means here. False where it means nothing now, so that it is the browser's.
    fn act(self, action: KeyAction) -> bool {
        match action {
            KeyAction::Edit => focus_element("inspector-title"),
            KeyAction::Add => focus_element("palette-search"),
            KeyAction::Undo => self.undo(),
            KeyAction::Redo => self.redo(),
            KeyAction::Save => self.save(),
            KeyAction::Leave => self.on_select.run((None,)),
            _ => return self.change(action),
        }
        true
    }

    /// Changes the selected node.
    fn change(self, action: KeyAction) -> bool {
        let selected = untrack(|| self.editor.selected());
        let Some(node) = selected.filter(|_| self.editable) else { return false };
        let nodes = vec![node];
        let command = match action {
            KeyAction::Delete => Command::Delete { nodes },
            KeyAction::Duplicate => Command::Duplicate { nodes },
            KeyAction::Wrap(workflow) => Command::Wrap { nodes, workflow },
            KeyAction::Unwrap => Command::Unwrap { nodes },
            KeyAction::ToggleSkip => Command::ToggleSkip { nodes },
            KeyAction::Move(direction) => {
                let place = self
                    .editor
                    .layout
                    .with_untracked(|layout| destination(layout, node, direction));
                let Some(place) = place else { return true };
                Command::Move { nodes, place }
            }
            _ => return false,
        };
        self.editor.dispatch(&command);
        self.follow();
        true
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
        if !self.editable {
            return;
        }
        let on_canvas = document().active_element().is_none_or(|element| {
            element.tag_name() == "BODY" || matches!(element.closest(".canvas"), Ok(Some(_)))
        });
        step(self.editor);
        if on_canvas {
            self.to_canvas();
        }
    }

    /// Gives the keyboard to the selected node, else to the outermost.
    fn to_canvas(self) {
        let outermost = || self.editor.layout.with_untracked(|layout| layout.root());
        let node = untrack(|| self.editor.selected()).or_else(outermost);
        self.canvas.go_to(node, self.editor.layout.into(), self.on_select);
    }

    fn save(self) {
        if self.editable && !untrack(|| self.editor.is_saved()) {
            self.saving.save();
        }
    }
}

/// Saving and undoing work wherever the keyboard is on this page: there is one history.
fn shortcuts(hands: Hands) {
    let pressed = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.default_prevented() || !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("s", false) => hands.save(),
            ("z", false) => hands.undo(),
            ("z", true) | ("y", false) => hands.redo(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || pressed.remove());
}

fn face(editor: EditorHandle, key: Key) -> NodeFace {
    let count = |severity: Severity| {
        editor.problems.with(|problems| {
            problems
                .iter()
                .filter(|problem| problem.node == Some(key) && problem.severity == severity)
                .count()
        })
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    editor.read(|document| NodeFace { errors, warnings, ..NodeFace::of(document, key) })
}

fn resources(subject: &Subject) -> Signal<Resources> {
    let client = use_client();
    let subject = StoredValue::new(subject.clone());
    let found = load(move || {
        let Subject { project, pipeline, stage } = subject.get_value();
        async move {
            let services = client.services(&project).await?;
            let jobs = client.jobs(&project).await?;
            let addons = client.addons(&project).await?;
            let board = client.board(&project, &pipeline).await?;
            Ok(Resources {
                stage: Some(stage),
                build_services: services
                    .into_iter()
                    .filter(|service| service.service_type != "deployment")
                    .map(|service| service.id)
                    .collect(),
                jobs: jobs.into_iter().map(|job| job.id).collect(),
                addons: addons.into_iter().map(|addon| addon.id).collect(),
                members: board
                    .stages
                    .into_iter()
                    .flat_map(|column| {
                        let stage: Stage = column.stage;
                        column.resources.into_iter().map(move |r| (stage, r.kind, r.id))
                    })
                    .collect(),
            })
        }
    });
    Signal::derive(move || found.value.get().unwrap_or_default())
}

/// The selected node is part of the address: a reload or a link comes back to it.
fn address_of(editor: EditorHandle, node: Option<Key>) {
    let Ok(path) = window().location().pathname() else { return };
    let address = match node {
        Some(node) => {
            let pointer = editor.read_untracked(|document| document.pointer(node));
            format!("{path}?node={}", slipway_api::path::segment(&pointer))
        }
        None => path,
    };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // A browser that refuses only keeps the old address.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

fn select_from_address(editor: EditorHandle) {
    let search = window().location().search().unwrap_or_default();
    let pointer =
        web_sys::UrlSearchParams::new_with_str(&search).ok().and_then(|query| query.get("node"));
    let node = pointer.and_then(|pointer| {
        editor.read_untracked(|document| {
            document.resolve(&pointer).filter(|key| document.nodes().contains(key))
        })
    });
    if node.is_some() {
        editor.select(node);
        if let Some(node) = node {
            focus_node(node);
        }
    }
}

fn focus_element(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // An element that can't take the focus leaves it where it is.
        let _ = element.focus();
    }
}
