//! What stands above the editor: whose flow it is, whether it is saved, and what can be done with
//! all of it.

use leptos::prelude::*;

use slipway_editor::keymap::{KeyAction, binding};

use super::{Subject, hands::Hands, saving::FileButtons};
use crate::{
    features::problems::ProblemCount,
    routes::Page,
    state::preferences::on_mac,
    ui::{Button, ButtonKind, Glyph, IconButton, LinkButton},
};

#[component]
pub(super) fn Toolbar(hands: Hands, subject: Subject) -> impl IntoView {
    let Hands { editor, saving, locked, .. } = hands;
    let Subject { project, pipeline, stage } = subject;
    let runs = Page::Runs { project, pipeline, stage };
    let nothing = |what: &'static str| format!("There is nothing to {what}.");
    let undo_reason = Signal::derive(move || {
        locked.get().or_else(|| editor.undo_label().is_none().then(|| nothing("undo")))
    });
    let redo_reason = Signal::derive(move || {
        locked.get().or_else(|| editor.redo_label().is_none().then(|| nothing("redo")))
    });
    // A step's label says what it did: "Move Run job migrate".
    let step = |word: &'static str, label: Option<String>| match label {
        Some(label) => format!("{word}: {label}"),
        None => word.to_owned(),
    };
    let undo_label = Signal::derive(move || step("Undo", editor.undo_label()));
    let redo_label = Signal::derive(move || step("Redo", editor.redo_label()));
    let save_reason = Signal::derive(move || {
        let nothing = || editor.unread_words().unwrap_or_else(|| "Everything is saved.".to_owned());
        locked.get().or_else(|| editor.is_document_saved().then(nothing))
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
            <ProblemCount
                state=hands.problems
                on_open=Callback::new(move |()| hands.problem(true))
            />
            <div class="editor-tools" role="toolbar" aria-label="Editing">
                <IconButton
                    label=undo_label
                    icon=Glyph::Undo
                    reason=undo_reason
                    on_click=move |_| editor.undo()
                />
                <IconButton
                    label=redo_label
                    icon=Glyph::Redo
                    reason=redo_reason
                    on_click=move |_| editor.redo()
                />
                <IconButton
                    label=with_keys("Find a command", KeyAction::Commands)
                    icon=Glyph::Command
                    on_click=move |_| hands.open_commands()
                />
                <IconButton
                    class="button-help"
                    label=with_keys("Shortcuts", KeyAction::Help)
                    icon=Glyph::Question
                    on_click=move |_| hands.popups.shortcuts.set(true)
                />
                <FileButtons saving=saving locked=locked />
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

/// What a button is called, with the keys that do the same.
fn with_keys(label: &str, action: KeyAction) -> String {
    match binding(action) {
        Some(binding) => format!("{label} ({})", binding.keys(on_mac())),
        None => label.to_owned(),
    }
}
