//! The document's text, for whoever shows and edits it as code.

use std::ops::Range;

use leptos::prelude::*;
use slipway_editor::{
    session::Session,
    text::{CodeText, TextChange},
};
use slipway_flow::document::{Key, ParseError};

use super::EditorHandle;

impl EditorHandle {
    /// Why the text that was typed can't be read. The document is then the last that could be, and
    /// nothing else changes it.
    #[must_use]
    pub fn broken(self) -> Option<ParseError> {
        self.revision.track();
        self.session.with_value(|session| session.broken().map(|broken| broken.error.clone()))
    }

    /// Gives up text that can't be read, as a step.
    pub fn drop_broken(self) {
        if self.try_step(Session::drop_broken) {
            self.announcement.set("The code is again the last that could be read.".to_owned());
        }
    }

    /// Lays the whole text out anew, as one step.
    pub fn format(self) {
        let said = match self.try_step(Session::format) {
            true => "The code is formatted.",
            false if self.session.with_value(|session| session.broken().is_some()) => {
                "The code has an error: mend it before it can be formatted."
            }
            false => "The code is formatted already.",
        };
        self.announcement.set(said.to_owned());
    }

    /// Takes what was typed in the code view.
    pub fn type_code(self, span: Range<usize>, text: &str) {
        self.try_step(|session| session.type_code(span, text));
    }

    fn try_step(self, act: impl FnOnce(&mut Session) -> bool) -> bool {
        let changed = self.session.try_update_value(act).unwrap_or(false);
        if changed {
            self.project();
        }
        changed
    }

    /// The text for a code view to show from now on: see [`EditorHandle::take_code_changes`].
    #[must_use]
    pub fn show_code(self) -> String {
        let shown = |session: &mut Session| session.show_code().as_str().to_owned();
        self.session.try_update_value(shown).unwrap_or_default()
    }

    pub fn hide_code(self) {
        self.session.try_update_value(Session::hide_code);
    }

    /// What has changed elsewhere in the text that is shown.
    #[must_use]
    pub fn take_code_changes(self) -> Vec<Vec<TextChange>> {
        self.session.try_update_value(Session::take_code_changes).unwrap_or_default()
    }

    /// Reads the text that is shown.
    pub fn with_code<T>(self, read: impl FnOnce(&CodeText) -> T) -> Option<T> {
        self.session.try_with_value(|session| session.code().map(read))?
    }

    /// The node that a position of the code is in.
    #[must_use]
    pub fn node_at(self, unit: usize) -> Option<Key> {
        self.session.try_update_value(|session| session.node_at(unit))?
    }

    /// The positions of a node in the code.
    #[must_use]
    pub fn span_in_code(self, node: Key) -> Option<Range<usize>> {
        self.session.try_update_value(|session| session.span_in_code(node))?
    }
}
