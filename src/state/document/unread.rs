//! Text that was typed for nodes and can't be read: beside the document, and kept like all work.

use leptos::prelude::*;
use slipway_flow::{document::Key, kinds};

use super::EditorHandle;

impl EditorHandle {
    /// Whether the server has the document; text that can't be read is no part of it.
    #[must_use]
    pub fn is_document_saved(self) -> bool {
        self.saved.get()
    }

    /// What was typed for a node and can't be read.
    #[must_use]
    pub fn unread_of(self, node: Key) -> Option<String> {
        self.session.with_value(|session| {
            session.unread().find(|(of, _)| *of == node).map(|(_, text)| text.to_owned())
        })
    }

    /// Keeps it, in the journal too; with none it can be read again, or was given up.
    pub fn keep_unread(self, node: Key, text: Option<&str>) {
        self.session.update_value(|session| session.keep_unread(node, text));
        self.count_unread();
    }

    pub(super) fn count_unread(self) {
        let unread = self
            .session
            .with_value(|session| session.unread().map(|(node, _)| node).collect::<Vec<_>>());
        // Also where the nodes are the same: there is something new to keep.
        if !unread.is_empty() || !self.unread.with_untracked(Vec::is_empty) {
            self.unread.set(unread);
        }
    }

    /// What must be mended before it can be saved with the rest: a sentence.
    #[must_use]
    pub fn unread_words(self) -> Option<String> {
        let nodes = self.unread.get();
        let first = nodes.first()?;
        let title = self.read_untracked(|document| kinds::title(document, *first));
        let more = match nodes.len() - 1 {
            0 => String::new(),
            1 => " and of one more node".to_owned(),
            more => format!(" and of {more} more nodes"),
        };
        Some(format!(
            "The JSON typed for {title}{more} can't be read yet: it is kept in this browser, and no \
             part of the flow until it is mended."
        ))
    }
}
