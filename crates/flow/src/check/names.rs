//! The words by which nodes speak of each other (refs, arguments, targets), each with a number, so
//! that rules look things up in lists instead of hashing text again and again.

use std::{collections::HashMap, sync::Arc};

/// The number of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u32);

/// All words that were met so far. It only grows; its owner begins anew when it has grown too far.
#[derive(Debug, Default)]
pub(super) struct Names {
    texts: Vec<Arc<str>>,
    by_text: HashMap<Arc<str>, Name>,
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The word's number; a new one gets the next.
    pub(super) fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.by_text.get(text) {
            return *name;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a text has at most `MAX_SIZE` words")]
        let name = Name(self.texts.len() as u32);
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.by_text.insert(text, name);
        name
    }

    /// The number of a word that was met.
    pub(super) fn get(&self, text: &str) -> Option<Name> {
        self.by_text.get(text).copied()
    }

    pub(super) fn text(&self, name: Name) -> &str {
        self.texts.get(name.0 as usize).map_or("", |text| text)
    }
}

/// Something about some of the words: as a map, without hashing.
pub(super) struct Table<T>(Vec<Option<T>>);

impl<T: Copy> Table<T> {
    /// For all words that there are now.
    pub(super) fn of(names: &Names) -> Self {
        Self(vec![None; names.len()])
    }

    pub(super) fn get(&self, name: Name) -> Option<T> {
        self.0.get(name.0 as usize).copied().flatten()
    }

    pub(super) fn has(&self, name: Name) -> bool {
        self.get(name).is_some()
    }

    /// Notes something of a word, and gives what was noted before.
    pub(super) fn set(&mut self, name: Name, about: T) -> Option<T> {
        let at = name.0 as usize;
        if at >= self.0.len() {
            self.0.resize(at + 1, None);
        }
        self.0.get_mut(at)?.replace(about)
    }

    /// The words of which something is noted.
    pub(super) fn words(&self) -> impl Iterator<Item = Name> + '_ {
        let numbers = (0..).map(Name);
        self.0.iter().zip(numbers).filter(|(about, _)| about.is_some()).map(|(_, name)| name)
    }
}
