//! "Node settings": the form of the selected node, generated from its kind's field table.
//!
//! - `bound`: a value of a form and what is wrong with it. - `field`: the controls. - `form`: a node's
//!   fields in groups. - `flows`: the release flows in a node. - `head`: what stands above them. - `several`: more than one node. - `code`:
//!   a node as JSON. - `suggest`: what fields can be chosen from. - `lists`: what must be asked
//!   for. - `uses`: what it reads and who reads it.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod bound;
mod code;
mod field;
mod flows;
mod form;
mod head;
mod lists;
mod several;
mod suggest;
mod uses;

use leptos::prelude::*;
use slipway_editor::command::Command;
use slipway_flow::{
    document::Key,
    kinds::{self, Kind},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, KeyboardEvent};

pub use field::FieldControl;
pub use suggest::{Resource, Resources};

use crate::{
    state::{document::EditorHandle, home::Home, target::Target},
    ui::{Glyph, Icon, IconButton, Tab, Tabs},
};
use bound::{Form, Memory};
use code::NodeCode;
use flows::FlowsInside;
use form::Fields;
use head::{KindSwitch, NodeActions, NodeProblems};
use several::Several;
use uses::Uses;

/// Goes to a node.
#[derive(Clone, Copy)]
struct Jump(Callback<(Key,)>);

/// Carries out what takes the panel's own buttons away: the keyboard goes back to the picture.
#[derive(Clone, Copy)]
struct Act {
    editor: EditorHandle,
    back: Callback<()>,
}

impl Act {
    fn run(self, command: &Command) {
        if self.editor.dispatch(command) {
            self.back.run(());
        }
    }

    fn delete(self, nodes: Vec<Key>) {
        let back = self.back;
        let then = Callback::new(move |()| back.run(()));
        self.editor.dispatch_or_ask(Command::Delete { nodes }, then);
    }
}

/// What the panel is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    One(Key),
    Several,
}

/// The panel. With a `locked` sentence nothing can be changed, and it says why. `on_back` gives the
/// keyboard back to the picture.
#[component]
pub fn Inspector(
    editor: EditorHandle,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
    on_jump: Callback<(Key,)>,
    /// Leads to what the node uses, and to who uses it.
    on_target: Callback<(Target,)>,
    /// Opens a release flow that a node holds.
    on_flow: Callback<(Key,)>,
    on_back: Callback<()>,
    /// On a narrow screen the panel lies over the view, and can be folded.
    folded: RwSignal<bool>,
) -> impl IntoView {
    provide_context(Jump(on_jump));
    provide_context(Memory::new());
    let act = Act { editor, back: on_back };
    let nodes = Memo::new(move |_| editor.selected_nodes());
    let shown = Memo::new(move |_| match editor.selected() {
        _ if nodes.with(Vec::len) > 1 => Shown::Several,
        Some(node) if editor.read(|document| document.contains(node)) => Shown::One(node),
        _ => Shown::Nothing,
    });
    // Something else to show opens it; what was there when its view was opened doesn't.
    Effect::new(move |before: Option<Shown>| {
        let now = shown.get();
        if before.is_some_and(|before| before != now) {
            folded.set(false);
        }
        now
    });
    let tab = RwSignal::new("settings".to_owned());
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            folded.set(true);
        }
    };
    // The button folds and unfolds by itself.
    let unfold = move |event: FocusEvent| {
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        if target.is_some_and(|it| !it.class_list().contains("inspector-fold")) {
            folded.set(false);
        }
    };
    view! {
        <aside
            class="inspector"
            aria-label="Node settings"
            class:is-folded=move || folded.get()
            class:is-empty=move || shown.get() == Shown::Nothing
            on:focusin=unfold
            on:keydown=on_key
        >
            <IconButton
                class="inspector-fold"
                label=Signal::derive(move || {
                    if folded.get() { "Open the settings" } else { "Close the settings" }.to_owned()
                })
                icon=Signal::derive(move || if folded.get() { Glyph::Pencil } else { Glyph::Cross })
                on_click=move |_| {
                    if folded.get_untracked() {
                        folded.set(false);
                    } else {
                        on_back.run(());
                        folded.set(true);
                    }
                }
            />
            {move || match shown.get() {
                Shown::One(node) => {
                    view! {
                        <OneNode editor=editor node=node resources=resources locked=locked tab=tab act=act on_target=on_target on_flow=on_flow />
                    }
                        .into_any()
                }
                Shown::Several => {
                    view! { <Several editor=editor nodes=nodes locked=locked act=act /> }.into_any()
                }
                Shown::Nothing => {
                    view! {
                        <h2 id="inspector-title" class="panel-title" tabindex="-1">
                            "Node settings"
                        </h2>
                        <p class="inspector-none">
                            "Select a node to see and change its settings. With the keyboard: arrow keys walk through the flow, Enter comes here."
                        </p>
                    }
                        .into_any()
                }
            }}
        </aside>
    }
}

#[component]
fn OneNode(
    editor: EditorHandle,
    node: Key,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
    tab: RwSignal<String>,
    act: Act,
    on_target: Callback<(Target,)>,
    on_flow: Callback<(Key,)>,
) -> impl IntoView {
    let title = Memo::new(move |_| editor.read(|document| kinds::title(document, node)));
    // Another kind has other fields; anything else leaves the controls where they are.
    let kind = Memo::new(move |_| KindOf(editor.read(|document| kinds::of(document, node))));
    let form = Form::new(editor, Home::Object(node), resources, locked);
    provide_context(form);
    if let Some(memory) = use_context::<Memory>() {
        on_cleanup(move || memory.leave(node));
    }
    let no_fields = Signal::derive(move || tab.with(|tab| tab == "json") || kind.get().0.is_none());
    let tabs = [Tab::new("settings", "Settings"), Tab::new("json", "JSON")].to_vec();
    view! {
        <h2 id="inspector-title" class="panel-title" tabindex="-1">
            {move || title.get()}
        </h2>
        {move || kind.get().0.map(|kind| view! { <p class="inspector-help">{kind.help}</p> })}
        {move || {
            locked
                .get()
                .map(|why| {
                    view! {
                        <p class="inspector-locked">
                            <Icon of=Glyph::Lock />
                            {why}
                        </p>
                    }
                })
        }}
        <NodeActions editor=editor node=node locked=locked act=act />
        <NodeProblems form=form all=no_fields />
        <FlowsInside editor=editor node=node on_flow=on_flow />
        <Tabs
            class="inspector-tabs"
            label="Ways to change the node"
            tabs=Signal::stored(tabs)
            chosen=tab
            on_choose=move |id| tab.set(id)
        >
            {move || {
                if tab.with(|tab| tab == "json") {
                    return view! { <NodeCode editor=editor node=node locked=locked /> }.into_any();
                }
                // The switch outlives its use: what it says then, and the keyboard, stay.
                view! {
                    <KindSwitch editor=editor node=node locked=locked />
                    {move || match kind.get().0 {
                        Some(kind) => view! { <Fields form=form node=node kind=kind /> }.into_any(),
                        None => {
                            view! {
                                <p class="inspector-help">
                                    "Slipway doesn't know this kind of node. It is kept exactly as it is written. It can be moved and deleted, and changed as JSON."
                                </p>
                            }
                                .into_any()
                        }
                    }}
                }
                    .into_any()
            }}
        </Tabs>
        <Uses editor=editor node=node on_jump=on_target />
    }
}

/// Kinds are compared by what they are, not by content.
#[derive(Clone, Copy)]
struct KindOf(Option<&'static Kind>);

impl PartialEq for KindOf {
    fn eq(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}
