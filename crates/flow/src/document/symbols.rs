//! The pieces of text that many values share: white space and members' names, each kept once.

use std::{collections::HashMap, sync::Arc};

use super::parse::decode_string;

/// A piece of text that many places share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Symbol(u32);

#[derive(Debug, Clone)]
struct Entry {
    text: Arc<str>,
    /// What a name in quotes means, where it has escapes.
    decoded: Option<Box<str>>,
}

/// The symbols of one document.
#[derive(Debug, Clone, Default)]
pub(super) struct Symbols {
    entries: Vec<Entry>,
    by_text: HashMap<Arc<str>, Symbol>,
    /// The last symbol of each [`mark`], to be found again without hashing its text: a document
    /// repeats a few dozen of them thousands of times.
    recent: Vec<Option<Symbol>>,
}

const RECENT: usize = 256;

/// Two texts with one mark may differ; equal ones have the same.
fn mark(text: &str) -> usize {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).map_or(0, |byte| usize::from(*byte));
    let (middle, last) = (at(bytes.len() / 2), at(bytes.len().saturating_sub(2)));
    (bytes.len() * 31 + at(1) * 7 + middle * 5 + last * 3) % RECENT
}

impl Symbols {
    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        let mark = mark(text);
        if let Some(Some(symbol)) = self.recent.get(mark)
            && self.text(*symbol) == text
        {
            return *symbol;
        }
        let symbol = self.by_text.get(text).copied().unwrap_or_else(|| self.add(text));
        if self.recent.is_empty() {
            self.recent = vec![None; RECENT];
        }
        self.recent[mark] = Some(symbol);
        symbol
    }

    fn add(&mut self, text: &str) -> Symbol {
        #[expect(clippy::cast_possible_truncation, reason = "a text is at most `MAX_SIZE` long")]
        let symbol = Symbol(self.entries.len() as u32);
        let shared: Arc<str> = Arc::from(text);
        let decoded = text.contains('\\').then(|| decode_string(inside(text)).into());
        self.entries.push(Entry { text: Arc::clone(&shared), decoded });
        self.by_text.insert(shared, symbol);
        symbol
    }

    /// The text as it is written.
    pub(super) fn text(&self, symbol: Symbol) -> &str {
        &self.entries[symbol.0 as usize].text
    }

    /// What a name in quotes means.
    pub(super) fn name(&self, symbol: Symbol) -> &str {
        let entry = &self.entries[symbol.0 as usize];
        entry.decoded.as_deref().unwrap_or_else(|| inside(&entry.text))
    }
}

/// What is between the quotes.
fn inside(lexeme: &str) -> &str {
    lexeme.get(1..lexeme.len().saturating_sub(1)).unwrap_or_default()
}
