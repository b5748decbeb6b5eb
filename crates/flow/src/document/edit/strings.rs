//! Parts of a string exchanged, with every escape elsewhere in it left as it is written.

use std::ops::Range;

use serde_json::Value;

use super::Editing;
use crate::document::{Data, Key, parse::decode_string};

impl Editing<'_> {
    /// Puts other texts in the place of parts of the string at `key`. The ranges are bytes of the
    /// decoded text ([`crate::document::Document::str`]), in order, apart, and begin and end
    /// between characters. What is no string, or ranges that don't fit, stay as they are.
    pub fn replace_parts(&mut self, key: Key, parts: &[(Range<usize>, &str)]) {
        let Data::String(lexeme, decoded) = self.document.data(key) else { return };
        let inner = &lexeme[1..lexeme.len() - 1];
        let mut text = String::with_capacity(lexeme.len() + 16);
        text.push('"');
        // Where the walk is, in the lexeme and in the decoded text.
        let (mut written, mut read, mut kept) = (0, 0, 0);
        let escaped = decoded.is_some();
        let mut reach = |wanted: usize| {
            while escaped && read < wanted && written < inner.len() {
                let unit = unit(&inner[written..]);
                read += decode_string(&inner[written..written + unit]).len();
                written += unit;
            }
            if escaped { (read == wanted).then_some(written) } else { Some(wanted) }
        };
        for (range, new) in parts {
            let (Some(from), Some(to)) = (reach(range.start), reach(range.end)) else { return };
            let Some(before) = inner.get(kept..from) else { return };
            text.push_str(before);
            let new = Value::from(*new).to_string();
            text.push_str(&new[1..new.len() - 1]);
            kept = to;
        }
        let Some(rest) = inner.get(kept..) else { return };
        text.push_str(rest);
        text.push('"');
        // Pieces of a string between its characters make a string again.
        let _ = self.replace_text(key, &text);
    }
}

/// How many bytes the first character of a string's inside takes as written.
fn unit(inner: &str) -> usize {
    let code = |at: usize| {
        let digits = inner.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    match (code(0), code(6)) {
        (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 12,
        (Some(_), _) => 6,
        _ if inner.starts_with('\\') => 2,
        _ => inner.chars().next().map_or(1, char::len_utf8),
    }
}
