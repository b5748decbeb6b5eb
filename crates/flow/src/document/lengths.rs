//! How long values are in the text, kept between edits, so that where some of them stand is found
//! without a walk over all.

use super::{Document, Key, Spans, write::Piece};

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
