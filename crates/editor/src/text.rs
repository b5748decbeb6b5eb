//! A long text as a text editor of a browser counts it, and the bytes that it is.
//!
//! Positions of a browser are UTF-16 units, and each line break counts once, also `\r\n`. Both
//! counts are kept for pieces of a few KiB, so that a place is found and a change entered without a
//! walk over all of it.
//!
//! - `difference`: the few changes that make one text of another.
//!
//! May import the standard library only.

mod difference;

use std::ops::Range;

/// About how many bytes a piece has.
const PIECE: usize = 4 << 10;

/// A text with both counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeText {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    bytes: usize,
    units: usize,
}

/// An exchange of a part of a text, as a browser's text editor takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// In units, of the text before all changes that come with this one.
    pub span: Range<usize>,
    pub text: String,
}

impl CodeText {
    #[must_use]
    pub fn new(text: String) -> Self {
        let pieces = pieces(&text);
        Self { text, pieces }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte at a position; the end, where it is beyond.
    #[must_use]
    pub fn byte_at(&self, unit: usize) -> usize {
        let (mut bytes, mut units) = (0, 0);
        for piece in &self.pieces {
            if unit <= units + piece.units {
                return bytes + byte_in(&self.text[bytes..bytes + piece.bytes], unit - units);
            }
            bytes += piece.bytes;
            units += piece.units;
        }
        self.text.len()
    }

    /// The position of a byte; the end, where it is beyond.
    #[must_use]
    pub fn unit_at(&self, byte: usize) -> usize {
        let byte = self.text.floor_char_boundary(byte);
        let (mut bytes, mut units) = (0, 0);
        for piece in &self.pieces {
            if byte <= bytes + piece.bytes {
                return units + units_in(&self.text[bytes..byte]);
            }
            bytes += piece.bytes;
            units += piece.units;
        }
        units
    }

    /// The bytes between two positions.
    #[must_use]
    pub fn bytes_at(&self, units: Range<usize>) -> Range<usize> {
        let from = self.byte_at(units.start);
        from..self.byte_at(units.end).max(from)
    }

    /// The positions of a range of bytes.
    #[must_use]
    pub fn units_at(&self, bytes: Range<usize>) -> Range<usize> {
        let from = self.unit_at(bytes.start);
        from..self.unit_at(bytes.end).max(from)
    }

    /// Text from a browser, whose line breaks are `\n`, with the line breaks of this one.
    #[must_use]
    pub fn with_line_breaks(&self, text: &str) -> String {
        let first =
            self.text.find('\n').and_then(|at| self.text.as_bytes().get(at.checked_sub(1)?));
        if first == Some(&b'\r') { text.replace('\n', "\r\n") } else { text.to_owned() }
    }

    /// Exchanges a range of bytes. One that is no part of the text leaves it alone.
    pub fn replace(&mut self, bytes: Range<usize>, text: &str) {
        if self.text.get(bytes.clone()).is_none() {
            return;
        }
        // With a piece to both sides, in case that a line break comes about at an edge.
        let mut start = 0;
        let mut first = 0;
        while first + 1 < self.pieces.len() && start + self.pieces[first].bytes < bytes.start {
            start += self.pieces[first].bytes;
            first += 1;
        }
        let mut last = first;
        let mut end = start;
        while last < self.pieces.len() && end <= bytes.end {
            end += self.pieces[last].bytes;
            last += 1;
        }
        if last < self.pieces.len() {
            end += self.pieces[last].bytes;
            last += 1;
        }
        if first > 0 {
            first -= 1;
            start -= self.pieces[first].bytes;
        }
        let end = end - bytes.len() + text.len();
        self.text.replace_range(bytes, text);
        self.pieces.splice(first..last, pieces(&self.text[start..end]));
    }

    /// The part of `old` and that of `new` in which they differ; empty ones where they don't.
    #[must_use]
    pub fn part(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
        difference::one(old, new).unwrap_or_default()
    }

    /// Becomes `text`; says by which changes, as few and small as is found quickly.
    pub fn become_text(&mut self, text: &str) -> Vec<TextChange> {
        let changes: Vec<TextChange> = difference::between(&self.text, text)
            .into_iter()
            .map(|(old, new)| TextChange {
                span: self.units_at(old),
                text: text.get(new).unwrap_or_default().to_owned(),
            })
            .collect();
        if !changes.is_empty() {
            *self = Self::new(text.to_owned());
        }
        changes
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len() / PIECE + 1);
    let mut rest = text;
    while !rest.is_empty() {
        let mut at = rest.floor_char_boundary(PIECE);
        // A line break stays whole.
        if rest[..at].ends_with('\r') && rest[at..].starts_with('\n') {
            at += 1;
        }
        let (piece, behind) = rest.split_at(at);
        pieces.push(Piece { bytes: piece.len(), units: units_in(piece) });
        rest = behind;
    }
    pieces
}

fn units_in(text: &str) -> usize {
    // Each character begins with one byte that continues nothing; one of four bytes is two units.
    let bytes = text.as_bytes();
    let begin = bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
    let long = bytes.iter().filter(|byte| **byte >= 0xF0).count();
    let breaks = bytes.iter().filter(|byte| **byte == b'\r').count();
    let double = if breaks == 0 { 0 } else { text.matches("\r\n").count() };
    begin + long - double
}

fn byte_in(text: &str, unit: usize) -> usize {
    let mut units = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let second = c == '\n' && before == Some('\r');
        if !second {
            if units + c.len_utf16() > unit {
                return at;
            }
            units += c.len_utf16();
        }
        before = Some(c);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;

    fn text() -> impl Strategy<Value = String> {
        let line = prop_oneof!["[a-cé😀]{0,9}", Just("x".repeat(3_000)), Just("é".repeat(1_500))];
        let line_break = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
        proptest::collection::vec((line, line_break), 0..8)
            .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
    }

    /// As a browser's text editor has it.
    fn lines(text: &str) -> Vec<u16> {
        text.replace("\r\n", "\n").replace('\r', "\n").encode_utf16().collect()
    }

    proptest! {
        #[test]
        fn places_are_found_and_kept(text in text(), at in any::<Index>(), taken in 0usize..9, put in text()) {
            let mut code = CodeText::new(text.clone());
            let units = lines(&text).len();
            for unit in (0..=units).step_by(1_997).chain([units, units + 5]) {
                let byte = code.byte_at(unit);
                let before = lines(&text[..byte]).len();
                prop_assert!(before == unit.min(units) || before + 1 == unit, "at {} of {}", unit, units);
                prop_assert_eq!(code.unit_at(byte), before);
            }
            let from = text.floor_char_boundary(at.index(text.len() + 1));
            let to = text.floor_char_boundary((from + taken).min(text.len())).max(from);
            code.replace(from..to, &put);
            let mut after = text;
            after.replace_range(from..to, &put);
            prop_assert_eq!(code.as_str(), &after);
            let fresh = CodeText::new(after.clone());
            for byte in (0..=after.len()).step_by(1_931).chain([after.len()]) {
                prop_assert_eq!(code.unit_at(byte), fresh.unit_at(byte));
            }
        }

        #[test]
        fn the_changes_make_the_other_text(old in text(), new in text(), same in text()) {
            let (old, new) = (format!("{same}{old}{same}"), format!("{same}{new}{same}"));
            let mut code = CodeText::new(old.clone());
            let changes = code.become_text(&new);
            prop_assert_eq!(code.as_str(), &new);
            let mut made = lines(&old);
            let mut end = usize::MAX;
            for change in changes.iter().rev() {
                prop_assert!(change.span.end < end, "in order, apart");
                end = change.span.start.max(1);
                made.splice(change.span.clone(), lines(&change.text));
            }
            prop_assert_eq!(made, lines(&new));
        }
    }

    #[test]
    fn typed_line_breaks_are_those_of_the_text() {
        assert_eq!(CodeText::new("{\r\n}".to_owned()).with_line_breaks("a\nb"), "a\r\nb");
        assert_eq!(CodeText::new("{\n}".to_owned()).with_line_breaks("a\nb"), "a\nb");
        assert_eq!(CodeText::new("{}".to_owned()).with_line_breaks("a\nb"), "a\nb");
    }

    #[test]
    fn edits_far_apart_are_changes_of_their_own() {
        let lines = |ends: &str| (0..500).map(|n| format!("line {n}{ends}\n")).collect::<String>();
        let old = lines("");
        let new = old.replace("line 3\n", "line three\n").replace("line 400\n", "");
        let changes = CodeText::new(old).become_text(&new);
        assert_eq!(changes.len(), 2, "{changes:?}");
        assert!(changes.iter().all(|change| change.span.len() + change.text.len() < 20));
    }
}
