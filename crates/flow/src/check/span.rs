//! Which characters of the text a finding is about.

use std::ops::Range;

use super::Mark;
use crate::document::{self, Document, Key};

/// Where values stand in the text.
pub(super) struct Spans {
    text: String,
    values: document::Spans,
}

impl Spans {
    pub(super) fn of(document: &Document) -> Self {
        Self { text: document.text(), values: document.spans() }
    }

    /// The bytes that `mark` of the value at `key` stands for.
    pub(super) fn of_mark(&self, document: &Document, key: Key, mark: &Mark) -> Range<usize> {
        let whole = self.values.get(key).unwrap_or_default();
        match mark {
            Mark::Value => whole,
            Mark::Name => self.name_before(whole.start).unwrap_or(whole),
            Mark::Within(part) => {
                let lexeme = self.text.get(whole.clone()).unwrap_or_default();
                let at = |decoded| whole.start + raw_offset(lexeme, decoded);
                at(part.start)..at(part.end)
            }
            Mark::Missing => {
                let kind = document.get(key, "kind").filter(|kind| document.str(*kind).is_some());
                match kind.and_then(|kind| self.values.get(kind)) {
                    Some(kind) => kind,
                    None => whole.start..whole.end.min(whole.start + 1),
                }
            }
        }
    }

    /// The quoted name of the member whose value begins at `value`.
    fn name_before(&self, value: usize) -> Option<Range<usize>> {
        let before = self.text.get(..value)?.trim_end().strip_suffix(':')?.trim_end();
        let end = before.len();
        let mut inner = before.strip_suffix('"')?;
        loop {
            inner = &inner[..inner.rfind('"')?];
            let slashes = inner.len() - inner.trim_end_matches('\\').len();
            if slashes.is_multiple_of(2) {
                return Some(inner.len()..end);
            }
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
