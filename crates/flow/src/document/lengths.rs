//! How long values are in the text, kept between edits, so that where some of them stand is found
//! without a walk over all.

use std::ops::Range;

use super::{Data, Document, Key, Spans, write::Piece};

/// Some items of a container, and where the first of them begins.
pub(super) struct Run {
    pub(super) items: Range<usize>,
    pub(super) start: usize,
}

/// The lengths of a document's values as far as they were measured.
#[derive(Debug, Clone, Default)]
pub struct Lengths {
    /// In bytes, by key; 0 where it isn't known: no value is written as nothing.
    bytes: Vec<u32>,
}

impl Lengths {
    /// To be called for each value that changed, and for all that are around it.
    pub fn forget(&mut self, key: Key) {
        if let Some(length) = self.bytes.get_mut(key.index()) {
            *length = 0;
        }
    }
}

impl Document {
    /// As [`Document::spans`], for these values, for what is directly inside them and for those that
    /// are beside them or around them. Measures only what isn't known, and notes it.
    #[must_use]
    pub fn spans_of(&self, keys: impl Iterator<Item = Key>, lengths: &mut Lengths) -> Spans {
        lengths.bytes.resize(self.slots.len(), 0);
        let mut spans = Spans::none(self.slots.len());
        let from = self.lead.len();
        spans.set(self.root, from..from + self.length(self.root, lengths));
        let mut way = Vec::new();
        for key in keys {
            let mut at = Some(key);
            while let Some(key) = at.filter(|key| spans.get(*key).is_none()) {
                way.push(key);
                at = self.parent(key);
            }
            // What isn't part of the document stands nowhere.
            if at.is_some() {
                for inner in way.iter().rev().filter_map(|inner| self.parent(*inner)) {
                    self.open(inner, lengths, &mut spans);
                }
                self.open(key, lengths, &mut spans);
            }
            way.clear();
        }
        spans
    }

    /// How many bytes [`Document::text`] has.
    #[must_use]
    pub fn size(&self, lengths: &mut Lengths) -> usize {
        lengths.bytes.resize(self.slots.len(), 0);
        self.lead.len() + self.length(self.root, lengths) + self.trail.len()
    }

    /// The values that a part of [`Document::text`] stands in, each with its bytes, from the
    /// outermost to the innermost: inside the brackets of an object or array, or within another
    /// value, its ends included. An empty range is a place between two bytes.
    #[must_use]
    pub fn around(&self, range: &Range<usize>, lengths: &mut Lengths) -> Vec<(Key, Range<usize>)> {
        lengths.bytes.resize(self.slots.len(), 0);
        let mut found = Vec::new();
        let from = self.lead.len();
        let mut at = Some((self.root, from..from + self.length(self.root, lengths)));
        while let Some((key, span)) = at.take() {
            let container = matches!(self.data(key), Data::Object(..) | Data::Array(..));
            let bracket = usize::from(container);
            if range.start < span.start + bracket || range.end + bracket > span.end {
                break;
            }
            let run = self.items_around(key, span.start, range, lengths);
            found.push((key, span));
            at = run.filter(|run| run.items.len() == 1).and_then(|run| {
                let item = self.data(key).items().get(run.items.start)?;
                let mut start = run.start;
                let mut length = 0;
                self.item_pieces(item, &mut |piece| match piece {
                    Piece::Text(text) if length == 0 => start += text.len(),
                    Piece::Text(_) => {}
                    Piece::Value(value) => length = self.length(value, lengths),
                });
                Some((item.value, start..start + length))
            });
        }
        found
    }

    /// The items of a container, which begins at `start`, that a range inside its brackets touches;
    /// none of an empty one. None for any other value.
    pub(super) fn items_around(
        &self,
        key: Key,
        start: usize,
        range: &Range<usize>,
        lengths: &mut Lengths,
    ) -> Option<Run> {
        let (Data::Object(items, _) | Data::Array(items, _)) = self.data(key) else { return None };
        let mut run = Run { items: 0..0, start: start + 1 };
        // Where the bracket or comma before the item begins.
        let mut sign = start;
        let mut found = false;
        for (index, item) in items.iter().enumerate() {
            let begin = sign + 1;
            let mut at = begin;
            self.item_pieces(item, &mut |piece| match piece {
                Piece::Text(text) => at += text.len(),
                Piece::Value(value) => at += self.length(value, lengths),
            });
            if !found && range.start <= at {
                found = true;
                run = Run { items: index..index, start: begin };
            }
            if range.end <= at {
                run.items.end = index + 1;
                return Some(run);
            }
            sign = at;
        }
        items.is_empty().then_some(run)
    }

    /// Notes where the items of `key` stand, which is at a known place.
    fn open(&self, key: Key, lengths: &mut Lengths, spans: &mut Spans) {
        let first = self.data(key).items().first();
        let is_open = first.is_none_or(|first| spans.get(first.value).is_some());
        let Some(span) = spans.get(key).filter(|_| !is_open) else { return };
        let mut at = span.start;
        self.pieces(key, &mut |piece| match piece {
            Piece::Text(text) => at += text.len(),
            Piece::Value(inner) => {
                let end = at + self.length(inner, lengths);
                spans.set(inner, at..end);
                at = end;
            }
        });
    }

    /// How many bytes a value takes. As deep as documents nest, which the parser bounds.
    fn length(&self, key: Key, lengths: &mut Lengths) -> usize {
        if let Some(known) = lengths.bytes.get(key.index()).filter(|known| **known > 0) {
            return *known as usize;
        }
        let mut length = 0;
        self.pieces(key, &mut |piece| match piece {
            Piece::Text(text) => length += text.len(),
            Piece::Value(inner) => length += self.length(inner, lengths),
        });
        if let Some(known) = lengths.bytes.get_mut(key.index()) {
            #[expect(clippy::cast_possible_truncation, reason = "documents are far below 4 GiB")]
            let bytes = length as u32;
            *known = bytes;
        }
        length
    }
}
