//! GitOps: the file in a repository that is kept the same as the document.

use leptos::prelude::*;
use slipway_editor::command::Command;
use slipway_flow::kinds::settings::GITOPS;

use super::{
    Desk,
    form::{self, Shown},
};
use crate::{
    state::home::Home,
    ui::{Button, ButtonKind, Glyph},
};

const POINTER: &str = "/gitops";
const HOME: Home = Home::Settings(POINTER);

/// What the section shows.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Absent,
    Object,
    Other,
}

pub(super) fn view(desk: Desk) -> AnyView {
    let shape = Memo::new(move |_| {
        desk.editor.read(|document| match HOME.key(document) {
            None => Shape::Absent,
            Some(key) if document.is_object(key) => Shape::Object,
            Some(_) => Shape::Other,
        })
    });
    let set = move |value| {
        desk.editor.dispatch(&Command::SetSetting { pointer: POINTER.to_owned(), value })
    };
    let add = move |_| {
        if set(Some(serde_json::json!({}))) {
            request_animation_frame(|| form::focus(POINTER));
        }
    };
    let remove = move |_| {
        if set(None) {
            request_animation_frame(|| form::focus(POINTER));
        }
    };
    (move || match shape.get() {
        Shape::Absent => view! {
            <div class="settings-none" data-pointer=POINTER>
                <p>"No file is kept the same as this release flow."</p>
                <Button icon=Glyph::Plus reason=desk.locked on_click=Callback::new(add)>
                    "Keep a file in step"
                </Button>
            </div>
        }
        .into_any(),
        Shape::Object => view! {
            <p class="settings-help">
                "A file that is there already wins, and replaces this release flow; otherwise it is made from it. Taking these settings out leaves the file in the repository."
            </p>
            <div data-pointer=POINTER>
                {form::problems_of(desk, HOME)}
                {form::view(desk, HOME, &GITOPS, |_| Shown::Control)}
            </div>
            <Button
                kind=ButtonKind::Danger
                icon=Glyph::Trash
                reason=desk.locked
                on_click=Callback::new(remove)
            >
                "Remove GitOps"
            </Button>
        }
        .into_any(),
        Shape::Other => form::odd(desk, POINTER, "an object with the settings of GitOps"),
    })
    .into_any()
}
