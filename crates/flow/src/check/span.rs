//! Which characters of the text a finding is about.

use std::ops::Range;

use super::Mark;
use crate::document::{Document, Key, Spans};

/// The bytes that `mark` of the value at `key` stands for.
pub(super) fn of_mark(document: &Document, spans: &Spans, key: Key, mark: &Mark) -> Range<usize> {
    let whole = spans.get(key).unwrap_or_default();
    match mark {
        Mark::Value => whole,
        Mark::Name => document.name_span(key, spans).unwrap_or(whole),
        Mark::Within(part) => {
            let lexeme = document.text_of(key);
            let at = |decoded| whole.start + raw_offset(&lexeme, decoded);
            at(part.start)..at(part.end)
        }
        Mark::Missing => {
            let kind = document.get(key, "kind").filter(|kind| document.str(*kind).is_some());
            let start = whole.start..whole.end.min(whole.start + 1);
            kind.and_then(|kind| spans.get(kind)).unwrap_or(start)
        }
    }
}

/// Where the byte `decoded` of a string's text stands in its lexeme, which begins with a quote.
fn raw_offset(lexeme: &str, decoded: usize) -> usize {
    let inner = lexeme.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("");
    let (mut raw, mut passed) = (0, 0);
    while passed < decoded && raw < inner.len() {
        let (length, means) = unit(&inner[raw..]);
        raw += length;
        passed += means;
    }
    1 + raw
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
    use super::raw_offset;

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
