//! How deep an edited document nests: no deeper than what can be read again.

use super::{Document, Edit, Editing, Key};
use crate::document::parse::MAX_DEPTH;

impl Editing<'_> {
    /// Whether everything that was put in nests no deeper than what can be read again.
    #[must_use]
    pub fn fits(&self) -> bool {
        let touched = self.changes.edits.iter().flat_map(|edit| match edit {
            Edit::Replace { key, .. } => vec![*key],
            Edit::Splice { inserted, .. } => inserted.iter().map(|item| item.value).collect(),
            Edit::Around { .. } => Vec::new(),
        });
        touched.into_iter().all(|key| {
            !self.document.contains(key)
                || self.document.depth(key) + self.document.height(key) <= MAX_DEPTH
        })
    }
}

impl Document {
    /// How many values stand around this one.
    pub(super) fn depth(&self, key: Key) -> usize {
        std::iter::successors(self.parent(key), |key| self.parent(*key)).count()
    }

    /// How many levels of values stand inside this one.
    pub(super) fn height(&self, key: Key) -> usize {
        let mut deepest = 0;
        let mut open = vec![(key, 0)];
        while let Some((key, level)) = open.pop() {
            deepest = deepest.max(level);
            open.extend(self.data(key).items().iter().map(|item| (item.value, level + 1)));
        }
        deepest
    }
}
