//! Which characters of the text a finding is about.

use std::ops::Range;

use super::Mark;
use crate::document::{Document, Key, Spans};

/// The bytes that `mark` of the value at `key` stands for. `offsets` are those of this value, once
/// they were needed.
pub(super) fn of_mark(
    document: &Document,
    spans: &Spans,
    key: Key,
    mark: &Mark,
    offsets: &mut Option<Offsets>,
) -> Range<usize> {
    let whole = spans.get(key).unwrap_or_default();
    match mark {
        Mark::Value => whole,
        Mark::Name => document.name_span(key, spans).unwrap_or(whole),
        Mark::Within(part) => {
            let offsets = offsets.get_or_insert_with(|| Offsets::of(document.text_of(key)));
            let at = |decoded| whole.start + offsets.raw(decoded);
            at(part.start)..at(part.end)
        }
        Mark::Missing => {
            let kind = document.get(key, "kind").filter(|kind| document.str(*kind).is_some());
            let start = whole.start..whole.end.min(whole.start + 1);
            kind.and_then(|kind| spans.get(kind)).unwrap_or(start)
        }
    }
}

/// Where the bytes of a string's text stand in its lexeme, which begins with a quote.
pub(super) struct Offsets {
    lexeme: String,
    /// For every so many characters: the byte of the text and that of the lexeme's inside, so that
    /// none is sought from the beginning.
    marks: Vec<(usize, usize)>,
}

impl Offsets {
    const STEP: usize = 64;

    fn of(lexeme: String) -> Self {
        let mut marks = Vec::new();
        let inner = inside(&lexeme);
        let (mut decoded, mut raw) = (0, 0);
        while raw < inner.len() {
            marks.push((decoded, raw));
            for _ in 0..Self::STEP {
                (decoded, raw) = next(inner, (decoded, raw));
            }
        }
        Self { lexeme, marks }
    }

    /// Where the byte `decoded` of the text stands in the lexeme.
    fn raw(&self, decoded: usize) -> usize {
        let inner = inside(&self.lexeme);
        let mark = self.marks.partition_point(|(passed, _)| *passed <= decoded).saturating_sub(1);
        let mut at = self.marks.get(mark).copied().unwrap_or_default();
        while at.0 < decoded && at.1 < inner.len() {
            at = next(inner, at);
        }
        1 + at.1
    }
}

/// A string's lexeme without its quotes.
fn inside(lexeme: &str) -> &str {
    lexeme.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("")
}

/// Behind the character at a place in a text and its lexeme.
fn next(inner: &str, (decoded, raw): (usize, usize)) -> (usize, usize) {
    match inner.get(raw..).filter(|rest| !rest.is_empty()) {
        Some(rest) => {
            let (length, means) = unit(rest);
            (decoded + means, raw + length)
        }
        None => (decoded, raw),
    }
}

/// How many bytes the first character of a lexeme takes, and how many of the text it stands for.
fn unit(inner: &str) -> (usize, usize) {
    let first = inner.chars().next().map_or(1, char::len_utf8);
    if !inner.starts_with('\\') {
        return (first, first);
    }
    let escaped = inner[1..].chars().next().map_or(0, char::len_utf8);
    let Some(code) = hex(inner) else { return (1 + escaped, escaped) };
    let pairs = (0xD800..0xDC00).contains(&code)
        && inner.get(6..).and_then(hex).is_some_and(|low| (0xDC00..0xE000).contains(&low));
    if pairs {
        return (12, 4);
    }
    (6, char::from_u32(code).unwrap_or('\u{FFFD}').len_utf8())
}

/// The code of `\uXXXX`.
fn hex(escape: &str) -> Option<u32> {
    u32::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::Offsets;

    fn raw_offset(lexeme: &str, decoded: usize) -> usize {
        Offsets::of(lexeme.to_owned()).raw(decoded)
    }

    #[test]
    fn bytes_of_a_text_are_found_among_escapes() {
        let lexeme = r#""a\n\u00e9\ud83d\ude00\ud83dé${x}""#;
        let text: String = serde_json::from_str::<String>(&lexeme.replace(r"\ud83dé", r"\ufffdé"))
            .expect("a string");
        let decoded = text.find("${").expect("it is there");
        assert_eq!(raw_offset(lexeme, decoded), lexeme.find("${").expect("it is there"));
        assert_eq!(raw_offset(lexeme, 0), 1);
        assert_eq!(raw_offset(lexeme, text.len()), lexeme.len() - 1);
        assert_eq!(raw_offset(lexeme, 1000), lexeme.len() - 1);
        assert_eq!(raw_offset("7", 3), 1);
    }
}
