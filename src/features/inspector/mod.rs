//! "Node settings": the form of the selected node, generated from its kind's field table.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod field;
mod suggest;

use leptos::prelude::*;
use slipway_editor::{
    command::Command,
    keymap::{Direction, destination},
};
use slipway_flow::{
    check::Severity,
    document::Key,
    kinds::{self, Group, Kind},
};

pub use field::FieldControl;
pub use suggest::{Resource, Resources};

use crate::{
    state::{document::EditorHandle, home::Home},
    ui::{Button, ButtonKind, Glyph, IconButton},
};

/// The panel. With a `locked` sentence nothing can be changed, and it says why.
#[component]
pub fn Inspector(
    editor: EditorHandle,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let selected = Memo::new(move |_| {
        let node = editor.selected()?;
        editor.read(|document| document.contains(node).then_some(node))
    });
    view! {
        <aside class="inspector" aria-label="Node settings">
            {move || match selected.get() {
                Some(node) => {
                    view! { <NodeForm editor=editor node=node resources=resources locked=locked /> }
                        .into_any()
                }
                None => {
                    view! {
                        <h2 class="panel-title">"Node settings"</h2>
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
fn NodeForm(
    editor: EditorHandle,
    node: Key,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let title = Memo::new(move |_| editor.read(|document| kinds::title(document, node)));
    // Another kind has other fields; anything else leaves the controls where they are.
    let kind = Memo::new(move |_| KindOf(editor.read(|document| kinds::of(document, node))));
    view! {
        <h2 id="inspector-title" class="panel-title" tabindex="-1">
            {move || title.get()}
        </h2>
        {move || {
            kind.get().0.map(|kind| view! { <p class="inspector-help">{kind.help}</p> })
        }}
        <NodeActions editor=editor node=node locked=locked />
        <NodeProblems editor=editor node=node />
        {move || match kind.get().0 {
            Some(kind) => {
                view! {
                    <Fields editor=editor node=node kind=kind resources=resources locked=locked />
                }
                    .into_any()
            }
            None => view! { <UnknownKind editor=editor node=node /> }.into_any(),
        }}
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

#[component]
fn NodeActions(editor: EditorHandle, node: Key, locked: Signal<Option<String>>) -> impl IntoView {
    let moves = [
        (Direction::Up, "Move up", Glyph::ChevronDown, "turn-up"),
        (Direction::Down, "Move down", Glyph::ChevronDown, ""),
        (Direction::Out, "Move out of its workflow", Glyph::Back, ""),
        (Direction::In, "Move into the workflow beside it", Glyph::ArrowRight, ""),
    ];
    let is_workflow = move || editor.read(|document| document.node(node).workflow_type().is_some());
    let is_root = move || editor.read(|document| document.workflow_of(node).is_none());
    let buttons = moves.map(|(direction, label, icon, class)| {
        let place = Signal::derive(move || {
            editor.layout.with(|layout| destination(layout, node, direction))
        });
        view! {
            <IconButton
                class=class
                label=label
                icon=icon
                disabled=Signal::derive(move || place.get().is_none() || locked.get().is_some())
                on_click=move |_| {
                    if let Some(place) = place.get_untracked() {
                        editor.dispatch(&Command::Move { nodes: vec![node], place });
                    }
                }
            />
        }
    });
    view! {
        <div class="inspector-actions" role="group" aria-label="Change the structure">
            {buttons.collect_view()}
            {move || {
                is_workflow()
                    .then(|| {
                        view! {
                            <Button
                                reason=locked
                                on_click=move |_| {
                                    editor.dispatch(&Command::SwitchWorkflow { node });
                                }
                            >
                                {move || {
                                    let parallel = editor
                                        .read(|document| {
                                            document.node(node).workflow_type()
                                                == Some(slipway_flow::document::WorkflowType::Parallel)
                                        });
                                    if parallel { "Run in order" } else { "Run in parallel" }
                                }}
                            </Button>
                        }
                    })
            }}
            {move || {
                (!is_root())
                    .then(|| {
                        view! {
                            <Button
                                kind=ButtonKind::Danger
                                icon=Glyph::Trash
                                reason=locked
                                on_click=move |_| {
                                    editor.dispatch(&Command::Delete { nodes: vec![node] });
                                }
                            >
                                "Delete"
                            </Button>
                        }
                    })
            }}
        </div>
    }
}

/// What the checks say of this node beyond its single fields.
#[component]
fn NodeProblems(editor: EditorHandle, node: Key) -> impl IntoView {
    let sentences = move || {
        editor.problems.with(|problems| {
            problems
                .iter()
                .filter(|problem| problem.node == Some(node) && problem.key == node)
                .map(|problem| (problem.severity, problem.sentence.clone()))
                .collect::<Vec<_>>()
        })
    };
    move || {
        sentences()
            .into_iter()
            .map(|(severity, sentence)| {
                let tone = match severity {
                    Severity::Error => "bad",
                    Severity::Warning => "careful",
                    Severity::Hint => "neutral",
                };
                view! { <p class="inspector-problem" data-tone=tone>{sentence}</p> }
            })
            .collect_view()
    }
}

#[component]
fn Fields(
    editor: EditorHandle,
    node: Key,
    kind: &'static Kind,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let in_group = move |group: Group| {
        kind.fields
            .iter()
            .filter(|field| field.group == group && !kind.is_selected_by(field.pointer))
            .map(|field| {
                view! {
                    <FieldControl editor=editor home=Home::Object(node) field=field resources=resources locked=locked />
                }
            })
            .collect_view()
    };
    let has = |group: Group| {
        kind.fields.iter().any(|field| field.group == group && !kind.is_selected_by(field.pointer))
    };
    let section = move |group: Group, title: &'static str, open: bool| {
        has(group).then(|| {
            view! {
                <details class="field-group" open=open>
                    <summary>{title}</summary>
                    {in_group(group)}
                </details>
            }
        })
    };
    view! {
        <form class="node-form" on:submit=|event| event.prevent_default()>
            {in_group(Group::Main)}
            {section(Group::Options, "Options", true)}
            {section(Group::Advanced, "More settings", false)}
        </form>
    }
}

/// A kind that we don't know is shown as it is written.
#[component]
fn UnknownKind(editor: EditorHandle, node: Key) -> impl IntoView {
    let text = move || editor.read(|document| document.text_of(node));
    view! {
        <p class="inspector-help">
            "Slipway doesn't know this kind of node. It is kept exactly as it is written; it can be moved and deleted."
        </p>
        <pre class="code" tabindex="0" aria-label="As it is written">{text}</pre>
    }
}
