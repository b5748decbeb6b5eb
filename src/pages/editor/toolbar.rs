//! What stands above the editor: whose flow it is, whether it is saved, and what can be done with
//! all of it.

use leptos::prelude::*;

use super::{
    Subject,
    saving::{FileButtons, Saving},
};
use crate::{
    routes::Page,
    state::document::EditorHandle,
    ui::{Button, ButtonKind, Glyph, IconButton, LinkButton},
};

#[component]
pub(super) fn Toolbar(
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
