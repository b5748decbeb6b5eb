//! What can be put in order: up and down by button or by Alt with an arrow key, and out.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::Desk;
use crate::ui::{Glyph, IconButton};

/// One entry of a list that is put in order.
#[derive(Clone, Copy)]
pub(super) struct Ordered {
    pub desk: Desk,
    /// What it is called on its buttons: "argument TAG".
    pub title: Signal<String>,
    /// Where it would be one place up, or down; none at the ends.
    pub target: Callback<(bool,), Option<usize>>,
    /// Moves it down or up; the keyboard goes to the element with this id then.
    pub step: Callback<(bool, String)>,
    pub remove: Callback<()>,
}

impl Ordered {
    /// Its buttons. `id` is of the entry: those of the buttons follow from it.
    pub(super) fn buttons(self, id: &str) -> impl IntoView + use<> {
        let Self { desk, title, remove, .. } = self;
        view! {
            {self.mover(id, false)}
            {self.mover(id, true)}
            <IconButton
                label=Signal::derive(move || format!("Remove {}", title.get()))
                icon=Glyph::Trash
                reason=desk.locked
                on_click=Callback::new(move |_| remove.run(()))
            />
        }
    }

    fn mover(self, id: &str, down: bool) -> impl IntoView + use<> {
        let Self { desk, title, target, step, .. } = self;
        let (word, class) = if down { ("down", "") } else { ("up", "turn-up") };
        let id = format!("{id}-{word}");
        let reason = Signal::derive(move || {
            desk.locked.get().or_else(|| {
                let end = if down { "It is the last one." } else { "It is the first one." };
                target.run((down,)).is_none().then(|| end.to_owned())
            })
        });
        let own = id.clone();
        view! {
            <div id=id>
                <IconButton
                    class=class
                    label=Signal::derive(move || format!("Move {} {word}", title.get()))
                    icon=Glyph::ChevronDown
                    reason=reason
                    on_click=Callback::new(move |_| step.run((down, own.clone())))
                />
            </div>
        }
    }

    /// Alt with an arrow key moves it; the keyboard stays with the entry.
    pub(super) fn on_keydown(self, id: String) -> impl Fn(KeyboardEvent) {
        move |event: KeyboardEvent| {
            let down = match event.key().as_str() {
                _ if !event.alt_key() || event.ctrl_key() => return,
                "ArrowUp" => false,
                "ArrowDown" => true,
                _ => return,
            };
            event.prevent_default();
            self.step.run((down, id.clone()));
        }
    }
}
