//! Texts.

use serde_json::Value;

use super::{Arguments, MAX_LIST_ELEMENTS, Outcome, Wrong};
use crate::expr::{
    MAX_VALUE_BYTES, js,
    regex::{self, Captures},
};

fn text(text: String) -> Outcome {
    Ok(Some(Value::String(text)))
}

fn too_long() -> Wrong {
    Wrong::whole("The text becomes longer than 1 MiB.")
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn to_base64(given: &Arguments<'_>) -> Outcome {
    let mut encoded = String::new();
    for bytes in given.text(0).as_bytes().chunks(3) {
        let word = bytes.iter().fold(0, |word, byte| word << 8 | usize::from(*byte))
            << (8 * (3 - bytes.len()));
        for at in 0..4 {
            let digit = BASE64[word >> (18 - 6 * at) & 63];
            encoded.push(if at <= bytes.len() { char::from(digit) } else { '=' });
        }
    }
    text(encoded)
}

pub(super) fn from_base64(given: &Arguments<'_>) -> Outcome {
    let no_base64 = || Wrong::at(0, "This is no Base64.");
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u32, 0_u32);
    let written = given.text(0).trim_end_matches('=');
    for byte in written.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        // Also as it is written in addresses.
        let digit = match byte {
            b'-' => 62,
            b'_' => 63,
            byte => BASE64.iter().position(|it| *it == byte).ok_or_else(no_base64)?,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a digit is below 64")]
        {
            word = (word << 6 | digit as u32) & 0xffff;
        }
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            #[expect(clippy::cast_possible_truncation, reason = "the low eight bits are meant")]
            bytes.push((word >> bits) as u8);
        }
    }
    if bits == 6 {
        return Err(no_base64());
    }
    let decoded = String::from_utf8(bytes);
    text(decoded.map_err(|_| Wrong::at(0, "What this stands for is no text in UTF-8."))?)
}

/// Small Latin letters with accents (Latin-1 and Latin Extended-A) by what they become in an ID.
const BASES: [(&str, &str); 25] = [
    ("a", "àáâãäåāăą"),
    ("ae", "æ"),
    ("c", "çćĉċč"),
    ("d", "ðďđ"),
    ("e", "èéêëēĕėęě"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįı"),
    ("ij", "ĳ"),
    ("j", "ĵ"),
    ("k", "ķĸ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉŋ"),
    ("o", "òóôõöøōŏő"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšſ"),
    ("ss", "ß"),
    ("t", "ţťŧ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűų"),
    ("w", "ŵ"),
    ("y", "ýÿŷ"),
    ("z", "źżž"),
    // An accent of its own behind its letter.
    (
        "",
        "\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{30a}\u{30b}\u{30c}\u{327}\u{328}",
    ),
];

/// What a letter with an accent becomes in an ID.
fn base(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    BASES.iter().find(|(_, letters)| letters.contains(c)).map(|(base, _)| *base)
}

pub(super) fn slug(given: &Arguments<'_>) -> Outcome {
    let mut lower = String::new();
    for c in given.text(0).chars().flat_map(char::to_lowercase) {
        match base(c) {
            Some(base) => lower.push_str(base),
            None => lower.push(c),
        }
    }
    let words: Vec<_> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    text(words.join("-"))
}

/// A place in bytes as one in UTF-16 code units; -1 for none.
fn place(of: &str, found: Option<usize>) -> Outcome {
    let units = found.map_or(-1, |at| i64::try_from(js::length(&of[..at])).unwrap_or(i64::MAX));
    Ok(Some(Value::from(units)))
}

pub(super) fn index_of(given: &Arguments<'_>) -> Outcome {
    place(given.text(0), given.text(0).find(given.text(1)))
}

pub(super) fn search(given: &Arguments<'_>) -> Outcome {
    let Some(regex) = given.regex(1) else { return index_of(given) };
    let found = regex.search(given.text(0)).map_err(|sentence| Wrong::at(1, sentence))?;
    place(given.text(0), found)
}

pub(super) fn replace(given: &Arguments<'_>) -> Outcome {
    replaced(given, given.regex(1).is_some_and(regex::Regex::is_global))
}

pub(super) fn replace_all(given: &Arguments<'_>) -> Outcome {
    replaced(given, true)
}

fn replaced(given: &Arguments<'_>, all: bool) -> Outcome {
    let (whole, with) = (given.text(0), given.text(2));
    let (mut result, mut done) = (String::new(), 0);
    let mut take = |found: &Captures<'_>| {
        result.push_str(&whole[done..found.start]);
        done = found.end;
        regex::expand(with, whole, found, &mut result, MAX_VALUE_BYTES)
    };
    if let Some(regex) = given.regex(1) {
        regex
            .each(whole, if all { usize::MAX } else { 1 }, &mut take)
            .map_err(|wrong| wrong.map_or_else(too_long, |sentence| Wrong::at(1, sentence)))?;
    } else {
        let found = whole.match_indices(given.text(1)).take(if all { usize::MAX } else { 1 });
        for (start, matched) in found {
            let end = start + matched.len();
            take(&Captures { start, end, groups: Vec::new(), names: &[] })
                .map_err(|()| too_long())?;
        }
    }
    result.push_str(&whole[done..]);
    text(result)
}

pub(super) fn slice(given: &Arguments<'_>) -> Outcome {
    let whole = given.text(0);
    let (start, end) = (given.number(1).unwrap_or(0.0), given.number(2));
    let range = js::slice(js::length(whole), start, end);
    if whole.is_ascii() {
        return text(whole[range].to_owned());
    }
    let units: Vec<u16> = whole.encode_utf16().skip(range.start).take(range.len()).collect();
    // Half a character, which JavaScript can hold and no text can, becomes a replacement sign.
    text(String::from_utf16_lossy(&units))
}

pub(super) fn length(given: &Arguments<'_>) -> Outcome {
    Ok(Some(Value::from(js::length(given.text(0)))))
}

pub(super) fn to_upper(given: &Arguments<'_>) -> Outcome {
    text(given.text(0).to_uppercase())
}

pub(super) fn to_lower(given: &Arguments<'_>) -> Outcome {
    text(given.text(0).to_lowercase())
}

pub(super) fn split(given: &Arguments<'_>) -> Outcome {
    let whole = given.text(0);
    // A negative limit is none, as in JavaScript.
    let limit = given.number(2).filter(|limit| *limit > -1.0).unwrap_or(f64::MAX);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative; what is too large is cut to the largest"
    )]
    let limit = limit as usize;
    let parts: Vec<Value> = if limit == 0 {
        Vec::new()
    } else if let Some(regex) = given.regex(1) {
        let parts = regex.split(whole, limit.min(MAX_LIST_ELEMENTS + 1));
        parts.map_err(|sentence| Wrong::at(1, sentence))?
    } else if given.value(1).is_none() {
        vec![Value::from(whole)]
    } else if given.text(1).is_empty() {
        let chars = whole.chars().take(limit.min(MAX_LIST_ELEMENTS + 1));
        chars.map(|c| Value::String(c.to_string())).collect()
    } else {
        let parts = whole.split(given.text(1)).take(limit.min(MAX_LIST_ELEMENTS + 1));
        parts.map(Value::from).collect()
    };
    if parts.len() > MAX_LIST_ELEMENTS {
        return Err(Wrong::whole(super::data::TOO_MANY));
    }
    Ok(Some(Value::Array(parts)))
}

pub(super) fn join(given: &Arguments<'_>) -> Outcome {
    let between = if given.value(1).is_some() { given.text(1) } else { "," };
    let mut joined = String::new();
    for (at, item) in given.list(0).iter().enumerate() {
        if at > 0 {
            joined.push_str(between);
        }
        js::push_text(&mut joined, item);
        if joined.len() > MAX_VALUE_BYTES {
            return Err(too_long());
        }
    }
    text(joined)
}
