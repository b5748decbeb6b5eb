//! Several nodes at once: what can be done to all of them.

use leptos::prelude::*;
use slipway_editor::{
    command::Command,
    keymap::{KeyAction, binding},
    tell,
};
use slipway_flow::document::{Key, WorkflowType};

use super::{Act, Jump};
use crate::{
    state::document::EditorHandle,
    ui::{Button, ButtonKind},
};

#[component]
pub(super) fn Several(
    editor: EditorHandle,
    nodes: Memo<Vec<Key>>,
    locked: Signal<Option<String>>,
    act: Act,
) -> impl IntoView {
    let jump = use_context::<Jump>();
    let action = move |action: KeyAction, command: fn(Vec<Key>) -> Command| {
        let label = binding(action).map_or("", |binding| binding.label);
        let kind = if action == KeyAction::Delete { ButtonKind::Danger } else { ButtonKind::Quiet };
        view! {
            <Button kind=kind reason=locked on_click=move |_| act.run(&command(nodes.get_untracked()))>
                {label}
            </Button>
        }
    };
    let row = move |(node, title): (Key, String)| {
        let go = move |_| {
            if let Some(Jump(jump)) = jump {
                jump.run((node,));
            }
        };
        view! {
            <li>
                <button type="button" class="link-button" on:click=go>
                    {title}
                </button>
            </li>
        }
    };
    view! {
        <h2 id="inspector-title" class="panel-title" tabindex="-1">
            {move || format!("{} nodes selected", nodes.with(Vec::len))}
        </h2>
        <div class="inspector-actions" role="group" aria-label="Change all of them">
            {action(KeyAction::Duplicate, |nodes| Command::Duplicate { nodes })}
            {action(KeyAction::ToggleSkip, |nodes| Command::ToggleSkip { nodes })}
            {action(
                KeyAction::Wrap(WorkflowType::Sequential),
                |nodes| Command::Wrap { nodes, workflow: WorkflowType::Sequential },
            )}
            {action(
                KeyAction::Wrap(WorkflowType::Parallel),
                |nodes| Command::Wrap { nodes, workflow: WorkflowType::Parallel },
            )}
            {action(KeyAction::Unwrap, |nodes| Command::Unwrap { nodes })}
            {action(KeyAction::Delete, |nodes| Command::Delete { nodes })}
        </div>
        <ol class="field-nodes">
            {move || {
                let told = nodes.with(|nodes| editor.read(|it| tell::told_apart(it, nodes)));
                told.into_iter().take(50).map(row).collect_view()
            }}
        </ol>
    }
}
