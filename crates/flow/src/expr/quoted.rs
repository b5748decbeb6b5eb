//! Texts in single quotes, with JavaScript's escapes.

use std::{ops::Range, str::Chars};

use super::work::look_at;

/// The text of a quote that `written` begins with, and how many bytes it takes with both quotes.
///
/// # Errors
/// Where in `written` something is wrong, and what: no end, or an escape that isn't known.
pub(super) fn decode(written: &str) -> Result<(String, usize), (Range<usize>, String)> {
    let mut value = String::new();
    let mut chars = written.chars();
    let place = |chars: &Chars<'_>| written.len() - chars.as_str().len();
    // The opening quote.
    chars.next();
    while let Some(c) = chars.next() {
        look_at(c.len_utf8());
        match c {
            '\'' => return Ok((value, place(&chars))),
            '\\' => {
                let start = place(&chars) - 1;
                let escaped = escape(&mut chars);
                let span = start..place(&chars);
                value.push(escaped.map_err(|sentence| (span.clone(), sentence(&written[span])))?);
            }
            c => value.push(c),
        }
    }
    Err((0..1, "A quote is never closed.".to_owned()))
}

/// How an escape that isn't one is told about, given as it is written.
type Fault = fn(&str) -> String;

/// What stands for itself after a backslash is all but letters and digits, as in JavaScript.
fn escape(chars: &mut Chars<'_>) -> Result<char, Fault> {
    let unknown: Fault = |written| {
        format!(
            "`{written}` means nothing in a quoted text: write `\\\\` for a backslash, or a \
             regular expression between slashes."
        )
    };
    Ok(match chars.next().ok_or(unknown)? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '0' if !chars.as_str().starts_with(|c: char| c.is_ascii_digit()) => '\0',
        'x' => char::from_u32(digits(chars, 2)?).ok_or(NO_CHARACTER)?,
        'u' => unicode(chars)?,
        c if c.is_ascii_alphanumeric() => return Err(unknown),
        c => c,
    })
}

const NO_CHARACTER: Fault = |written| {
    format!(
        "`{written}` is no character: write two digits after `\\x`, four after `\\u`, or up to six \
         as in `\\u{{1F600}}`, with the letters a to f."
    )
};

/// What comes after `\u`: four digits, twice that for what UTF-16 has in two units, or `{…}`.
fn unicode(chars: &mut Chars<'_>) -> Result<char, Fault> {
    if let Some(rest) = chars.as_str().strip_prefix('{') {
        let length = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        *chars = rest.chars();
        let code = digits(chars, length.clamp(1, 8))?;
        return match chars.next() {
            Some('}') => char::from_u32(code).ok_or(NO_CHARACTER),
            _ => Err(NO_CHARACTER),
        };
    }
    let first = digits(chars, 4)?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first).ok_or(NO_CHARACTER);
    }
    let rest = chars.as_str().strip_prefix("\\u").ok_or(NO_CHARACTER)?;
    *chars = rest.chars();
    let second = digits(chars, 4)?;
    if !(0xDC00..0xE000).contains(&second) {
        return Err(NO_CHARACTER);
    }
    char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or(NO_CHARACTER)
}

/// A number of so many hexadecimal digits, at most 8.
fn digits(chars: &mut Chars<'_>, count: usize) -> Result<u32, Fault> {
    (0..count).try_fold(0_u32, |code, _| {
        let rest = chars.as_str();
        let digit = chars.next().and_then(|c| c.to_digit(16));
        match digit {
            Some(digit) => Ok(code << 4 | digit),
            None => {
                // The character that isn't a digit belongs to what follows.
                *chars = rest.chars();
                Err(NO_CHARACTER)
            }
        }
    })
}
