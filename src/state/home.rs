//! Where the fields of a form live in the document: in a node, in an entry of a list around the
//! flow, or in a member of the document itself.

use serde_json::Value;
use slipway_editor::command::Command;
use slipway_flow::document::{Document, Key};

/// The object that a form is about. The same controls work on all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Home {
    /// A node, or an entry of the triggers or inputs.
    Object(Key),
    /// A member of the document, by its pointer from the flow (`/options`); empty for the document
    /// itself. It need not be there yet.
    Settings(&'static str),
}

impl Home {
    /// The object, where the document has it.
    #[must_use]
    pub fn key(self, document: &Document) -> Option<Key> {
        match self {
            Self::Object(key) => document.contains(key).then_some(key),
            Self::Settings(pointer) => document.resolve_from(document.flow(), pointer),
        }
    }

    /// The value of the field at a pointer from the object.
    #[must_use]
    pub fn find(self, document: &Document, pointer: &str) -> Option<Key> {
        document.resolve_from(self.key(document)?, pointer)
    }

    /// Gives the field a value, or takes it out.
    #[must_use]
    pub fn set(self, pointer: &str, value: Option<Value>) -> Command {
        match self {
            Self::Object(node) => Command::SetField { node, pointer: pointer.to_owned(), value },
            Self::Settings(object) => {
                Command::SetSetting { pointer: format!("{object}{pointer}"), value }
            }
        }
    }
}
