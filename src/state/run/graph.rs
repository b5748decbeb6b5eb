//! The graph that a run ran, with its nodes found by pointer and by key.

use std::{collections::HashMap, sync::Arc};

use slipway_editor::layout::Layout;
use slipway_flow::document::{Document, Key};

/// The run's own document: what it ran, whatever became of the flow since.
#[derive(Debug)]
pub struct RunGraph {
    pub document: Document,
    pub layout: Arc<Layout>,
    pointers: HashMap<Key, String>,
    keys: HashMap<String, Key>,
}

impl RunGraph {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let document = Document::parse(text).map_err(|error| {
            format!(
                "This run's copy of the release flow can't be read: line {}, column {}: {}",
                error.line, error.column, error.message
            )
        })?;
        let layout = Arc::new(Layout::of(&document, document.root_node()));
        let pointers: HashMap<Key, String> =
            layout.nodes().map(|key| (key, document.pointer(key))).collect();
        let keys = pointers.iter().map(|(key, pointer)| (pointer.clone(), *key)).collect();
        Ok(Self { document, layout, pointers, keys })
    }

    /// The pointer of a node of the flow.
    #[must_use]
    pub fn pointer(&self, key: Key) -> Option<&str> {
        self.pointers.get(&key).map(String::as_str)
    }

    /// The node of the flow at a pointer.
    #[must_use]
    pub fn key(&self, pointer: &str) -> Option<Key> {
        self.keys.get(pointer).copied()
    }
}
