//! Where a value stands: in the tree (index, JSON pointer) and in the text (span, line, column).

use std::{borrow::Cow, ops::Range};

use super::{Document, Key, write::Piece};

/// Where every value of a document stands in [`Document::text`], as of when it was asked.
#[derive(Debug, Clone)]
pub struct Spans(
    /// By key; what stands nowhere ends at 0.
    Vec<(u32, u32)>,
);

impl Spans {
    pub(super) fn none(values: usize) -> Self {
        Self(vec![(0, 0); values])
    }

    #[expect(clippy::cast_possible_truncation, reason = "documents are far below 4 GiB")]
    pub(super) fn set(&mut self, key: Key, span: Range<usize>) {
        if let Some(known) = self.0.get_mut(key.index()) {
            *known = (span.start as u32, span.end as u32);
        }
    }

    /// The bytes of a value; None for one that is not in the document.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<Range<usize>> {
        let (from, to) = *self.0.get(key.index())?;
        (to > 0).then_some(from as usize..to as usize)
    }

    /// Every value of the document with its bytes, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (Key, Range<usize>)> + '_ {
        let keys = (0..self.0.len()).map(Key::of);
        keys.filter_map(|key| self.get(key).map(|span| (key, span)))
    }
}

/// A place in a text, for a person: both count from 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

/// The lines of a text. A line break belongs to the line that it ends.
#[derive(Debug, Clone)]
pub struct Lines<'t> {
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
    /// How many characters begin before each [`Lines::STEP`]th byte: a document may be one line.
    characters: Vec<usize>,
}

impl<'t> Lines<'t> {
    const STEP: usize = 256;

    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        let mut passed = 0;
        let characters = text.as_bytes().chunks(Self::STEP).map(|chunk| {
            let before = passed;
            passed += beginnings(chunk);
            before
        });
        let characters = characters.collect();
        Self { text, starts, characters }
    }

    /// The line and column of the byte `offset`: of the end, where it is beyond. In the middle of a
    /// character it is that character's. Takes the same time anywhere.
    #[must_use]
    pub fn place(&self, offset: usize) -> LineColumn {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let before = self.through(offset) - self.through(start);
        let at_end = start < self.text.len() && offset >= self.text.len();
        LineColumn { line, column: 1 + before + usize::from(at_end) }
    }

    /// How many characters begin at the byte `offset` or before it.
    fn through(&self, offset: usize) -> usize {
        let end = offset.saturating_add(1).min(self.text.len());
        let step = (end / Self::STEP).min(self.characters.len().saturating_sub(1));
        let rest = self.text.as_bytes().get(step * Self::STEP..end).unwrap_or_default();
        self.characters.get(step).copied().unwrap_or(0) + beginnings(rest)
    }
}

/// How many characters begin in a part of a text.
fn beginnings(part: &[u8]) -> usize {
    part.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count()
}

impl Document {
    /// Where `key` stands in the array or object that holds it.
    #[must_use]
    pub fn index_in_parent(&self, key: Key) -> Option<usize> {
        let items = self.data(self.parent(key)?).items();
        let is_it = |index: &usize| items.get(*index).is_some_and(|item| item.value == key);
        // Edits move values by a few places, so it is near where it was read.
        let near = (self.slots[key.index()].near as usize).min(items.len());
        (0..=items.len()).find_map(|far| {
            [near.checked_sub(far), near.checked_add(far)].into_iter().flatten().find(is_it)
        })
    }

    /// The JSON pointer (RFC 6901) of `key` from the root.
    #[must_use]
    pub fn pointer(&self, key: Key) -> String {
        let mut parts = Vec::new();
        let mut at = key;
        while let (Some(parent), Some(index)) = (self.parent(at), self.index_in_parent(at)) {
            parts.push((self.data(parent).items()[index].name, index));
            at = parent;
        }
        let mut pointer = String::new();
        for (name, index) in parts.into_iter().rev() {
            pointer.push('/');
            match name {
                Some((lexeme, _)) => pointer.push_str(&pointer_part(self.symbols.name(lexeme))),
                None => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// The value at a JSON pointer from the root.
    #[must_use]
    pub fn resolve(&self, pointer: &str) -> Option<Key> {
        self.resolve_from(self.root, pointer)
    }

    /// The value at a JSON pointer from `from` (`""` is `from` itself).
    #[must_use]
    pub fn resolve_from(&self, from: Key, pointer: &str) -> Option<Key> {
        if pointer.is_empty() {
            return Some(from);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(from, |key, part| {
            if self.is_array(key) {
                return self.elements(key).nth(part.parse().ok()?);
            }
            self.get(key, &unescape(part))
        })
    }

    /// Where the value stands in [`Document::text`], in bytes; an empty range at the start for a
    /// value that is not in the document now. Walks the document: for many, see [`Document::spans`].
    #[must_use]
    pub fn span(&self, key: Key) -> Range<usize> {
        self.spans().get(key).unwrap_or_default()
    }

    /// Where every value stands in [`Document::text`], by one walk that writes nothing.
    #[must_use]
    pub fn spans(&self) -> Spans {
        let mut spans = Spans::none(self.slots.len());
        self.measure(self.root, self.lead.len(), &mut spans);
        spans
    }

    /// Where the quoted name stands of the member that has the value `key`; None for any other value.
    #[must_use]
    pub fn name_span(&self, key: Key, spans: &Spans) -> Option<Range<usize>> {
        let items = self.data(self.parent(key)?).items();
        let (name, colon) = items.get(self.index_in_parent(key)?)?.name?;
        let end = spans.get(key)?.start.checked_sub(self.symbol(colon).len())?;
        Some(end.checked_sub(self.symbol(name).len())?..end)
    }

    /// Notes the spans of `key`, which begins at `from`, and of what is inside it. Returns its end.
    fn measure(&self, key: Key, from: usize, spans: &mut Spans) -> usize {
        let mut at = from;
        self.pieces(key, &mut |piece| match piece {
            Piece::Text(text) => at += text.len(),
            Piece::Value(inner) => at = self.measure(inner, at, spans),
        });
        spans.set(key, from..at);
        at
    }
}

/// The names and indices on the way of a JSON pointer (RFC 6901), as they are meant.
pub fn pointer_names(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// The name that a part of a JSON pointer stands for.
fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('~') { part.replace("~1", "/").replace("~0", "~").into() } else { part.into() }
}

/// A name as a part of a JSON pointer, whose own signs are `~` and `/`.
#[must_use]
pub fn pointer_part(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}
