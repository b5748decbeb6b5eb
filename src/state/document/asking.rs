//! What is asked before, or after, somebody takes away what others read.

use leptos::prelude::*;
use slipway_editor::{
    command::{Command, broken_by},
    uses::{Use, left_behind},
};
use slipway_flow::document::Key;

use super::EditorHandle;

/// A command that takes away what others read.
#[derive(Debug, Clone)]
pub struct Asking {
    pub command: Command,
    /// Who reads it.
    pub broken: Vec<Use>,
    /// Called once it is answered, either way.
    pub then: Callback<()>,
}

impl Asking {
    /// What it does, in a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self.command {
            Command::Cut { .. } => "Cut",
            Command::SwitchKind { .. } => "Switch",
            Command::RemoveEntry { .. } | Command::SetArgument { .. } => "Remove",
            _ => "Delete",
        }
    }
}

/// A ref that somebody has typed another one over, with what still reads it.
#[derive(Debug, Clone)]
pub struct TypedOver {
    pub holder: Key,
    pub from: String,
    /// What the holder is called now; empty where it has no ref.
    pub to: String,
    pub uses: Vec<Use>,
}

impl EditorHandle {
    /// Carries out a command at once where nothing breaks by it; else it is asked about first, by
    /// whoever shows [`EditorHandle::asking`]. `then` is called once it is done or decided against.
    pub fn dispatch_or_ask(self, command: Command, then: Callback<()>) {
        let broken = self.read_untracked(|document| broken_by(document, &command));
        if broken.is_empty() {
            self.dispatch(&command);
            then.run(());
        } else {
            self.asking.set(Some(Asking { command, broken, then }));
        }
    }

    /// Notes that somebody types in a node's or trigger's ref. [`EditorHandle::leave_ref`] ends it.
    pub fn type_ref(self, holder: Key) {
        self.typing_ref.update_value(|typing| {
            if typing.as_ref().is_none_or(|(other, _)| *other != holder) {
                let now = self.read_untracked(|document| {
                    document.node(holder).reference().unwrap_or_default().to_owned()
                });
                *typing = Some((holder, now));
            }
        });
    }

    /// Somebody has left the field of a ref: asks about what still reads it by the name before, by
    /// whoever shows [`EditorHandle::typed_over`].
    pub fn leave_ref(self) {
        let typing = self.typing_ref.try_update_value(Option::take).flatten();
        let Some((holder, from)) = typing else { return };
        let left = self.read_untracked(|document| {
            let uses = left_behind(document, &from);
            (!uses.is_empty() && document.contains(holder)).then(|| {
                let to = document.node(holder).reference().unwrap_or_default().to_owned();
                TypedOver { holder, from, to, uses }
            })
        });
        if left.is_some() {
            self.typed_over.set(left);
        }
    }
}
