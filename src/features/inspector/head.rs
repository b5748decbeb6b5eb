//! What stands above the fields of a node: where it can go, what else it can be, and what is wrong
//! with it as a whole.

use leptos::prelude::*;
use slipway_editor::{
    command::{Command, lost_by_switch},
    keymap::{Direction, destination},
};
use slipway_flow::{
    check::{Fix, Severity},
    document::{Document, Key, WorkflowType},
    kinds::{self, Field, Kind},
};

use super::{Act, bound::Form};
use crate::{
    state::document::EditorHandle,
    ui::{Button, ButtonKind, Choice, Glyph, IconButton, Select},
};

#[component]
pub(super) fn NodeActions(
    editor: EditorHandle,
    node: Key,
    locked: Signal<Option<String>>,
    act: Act,
) -> impl IntoView {
    let moves = [
        (Direction::Up, "Move up", Glyph::ChevronDown, "turn-up"),
        (Direction::Down, "Move down", Glyph::ChevronDown, ""),
        (Direction::Out, "Move out of its workflow", Glyph::Back, ""),
        (Direction::In, "Move into the workflow beside it", Glyph::ArrowRight, ""),
    ];
    let workflow = Memo::new(move |_| editor.read(|document| document.node(node).workflow_type()));
    let is_root = Memo::new(move |_| editor.read(|document| document.workflow_of(node).is_none()));
    let buttons = moves.map(|(direction, label, icon, class)| {
        let place = Signal::derive(move || {
            editor.layout.with(|layout| destination(layout, node, direction))
        });
        let why_not = Signal::derive(move || {
            let nowhere = place.get().is_none().then(|| "There is no such place.".to_owned());
            locked.get().or(nowhere)
        });
        view! {
            <IconButton
                class=class
                label=label
                icon=icon
                reason=why_not
                on_click=move |_| {
                    if let Some(place) = place.get_untracked() {
                        editor.dispatch(&Command::Move { nodes: vec![node], place });
                    }
                }
            />
        }
    });
    let switch = move || {
        workflow.get().map(|now| {
            let says = match now {
                WorkflowType::Parallel => "Run in order",
                WorkflowType::Sequential => "Run in parallel",
            };
            let switch = move |_| {
                editor.dispatch(&Command::SwitchWorkflow { node });
            };
            view! { <Button reason=locked on_click=switch>{says}</Button> }
        })
    };
    let delete = move || {
        (!is_root.get()).then(|| {
            view! {
                <Button
                    kind=ButtonKind::Danger
                    icon=Glyph::Trash
                    reason=locked
                    on_click=move |_| act.delete(vec![node])
                >
                    "Delete"
                </Button>
            }
        })
    };
    view! {
        <div class="inspector-actions" role="group" aria-label="Change the structure">
            {buttons.collect_view()}
            {switch}
            {delete}
        </div>
    }
}

/// Which of the kinds that share a name it is. What fits stays; what goes is said.
#[component]
pub(super) fn KindSwitch(
    editor: EditorHandle,
    node: Key,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    // What the last change left out, and what the node became by it.
    let gone = RwSignal::new(None::<(String, String)>);
    let word = Memo::new(move |_| editor.read(|document| document.node(node).kind().to_owned()));
    // Tells the choice that nothing has changed.
    let stays = Trigger::new();
    let now = Signal::derive(move || {
        stays.track();
        editor.read(|document| kinds::of(document, node)).and_then(place_of).unwrap_or_default()
    });
    let on_change = Callback::new(move |chosen: String| {
        let Ok(kind) = chosen.parse::<usize>() else { return };
        let said = editor.read_untracked(|document| what_goes(document, node, kind));
        let then = Callback::new(move |()| {
            if now.get_untracked() == chosen {
                gone.set(said.clone().map(|said| (chosen.clone(), said)));
            } else {
                stays.notify();
            }
        });
        editor.dispatch_or_ask(Command::SwitchKind { node, kind }, then);
    });
    // Once it is something else again, also by Undo, that is no longer so.
    let told = move || {
        let (became, said) = gone.get()?;
        (became == now.get()).then_some(said)
    };
    move || {
        let same: Vec<&'static Kind> = word.with(|word| kinds::named(word).collect());
        let is_workflow = same.iter().any(|kind| kind.container);
        if same.len() < 2 || is_workflow {
            return None;
        }
        let choices =
            same.into_iter().filter_map(|kind| Some(Choice::new(place_of(kind)?, kind.title)));
        let choices: Vec<Choice> = choices.collect();
        Some(view! {
            <Select
                class="kind-switch"
                label="What it does"
                value=now
                choices=Signal::stored(choices)
                on_change=on_change
                disabled=Signal::derive(move || locked.get().is_some())
            />
            <p class="kind-gone" role="status">{told}</p>
        })
    }
}

/// The kind's place among all, as a word.
fn place_of(kind: &'static Kind) -> Option<String> {
    let all = kinds::all().iter();
    let at = all.into_iter().position(|known| std::ptr::eq(*known, kind))?;
    Some(at.to_string())
}

/// What a change of kind leaves out, with its values.
fn what_goes(document: &Document, node: Key, kind: usize) -> Option<String> {
    let told = |field: &Field| {
        let key = document.resolve_from(node, field.pointer)?;
        let value = document.str(key).map_or_else(|| document.text_of(key), str::to_owned);
        let short: String = value.chars().take(40).collect();
        (!short.is_empty()).then(|| format!("{} ({short})", field.label))
    };
    let gone: Vec<String> =
        lost_by_switch(document, node, kind).into_iter().filter_map(told).collect();
    (!gone.is_empty()).then(|| {
        format!("Left out, because it has no place here: {}. Undo brings it back.", gone.join(", "))
    })
}

/// What the checks say of this node beyond its single fields; with `all`, where no fields are shown,
/// also of these.
#[component]
pub(super) fn NodeProblems(form: Form, all: Signal<bool>) -> impl IntoView {
    let fix = move |fix: Fix| {
        let label = fix.label.clone();
        let apply = move |_| {
            form.editor.dispatch(&Command::Fix(fix.clone()));
            super::bound::focus_soon(|| super::field::element("inspector-title"));
        };
        view! { <Button class="field-fix" icon=Glyph::Check on_click=apply>{label}</Button> }
    };
    move || {
        let locked = form.locked.get().is_some();
        let all = all.get();
        let told = form.problems.get().into_iter().filter(|told| all || told.at.is_empty());
        told.map(|told| {
            let tone = match told.severity {
                Severity::Error => "bad",
                Severity::Warning => "careful",
                Severity::Hint => "neutral",
            };
            let fixes = if locked { Vec::new() } else { told.fixes };
            let field = (!told.field.is_empty()).then(|| {
                view! { <span class="problem-place">{told.field} ":"</span> }
            });
            view! {
                <div class="inspector-problem" data-tone=tone>
                    <p>{field} " " {told.sentence}</p>
                    {fixes.into_iter().map(fix).collect_view()}
                </div>
            }
        })
        .collect_view()
    }
}
