//! What values mean in JavaScript: their truth, their text, their number. Lengths and places in
//! texts are UTF-16 code units there.

use serde_json::{Number, Value};

/// Whether a value counts as true.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Writes a value into a text: objects and arrays as JSON, `null` as nothing.
pub(super) fn push_text(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(value) => text.push_str(value),
        value => push_json(text, value),
    }
}

/// Writes a value as `JSON.stringify` does. As deep as the value, which comes from a parser that
/// bounds its depth.
pub(super) fn push_json(text: &mut String, value: &Value) {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        Value::Number(number) => push_number(text, number),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                push_json(text, item);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                push_json(text, value);
            }
            text.push('}');
        }
    }
}

/// Whole numbers keep all their digits, also above 2^53.
fn push_number(text: &mut String, number: &Number) {
    match number.as_f64() {
        Some(float) if number.is_f64() => text.push_str(&number_text(float)),
        _ => text.push_str(&number.to_string()),
    }
}

/// A number as JavaScript writes it: `1e+21`, `0.1`, `1e-7`.
pub(super) fn number_text(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 {
        "0".to_owned()
    } else if size >= 1e21 {
        format!("{number:e}").replace('e', "e+")
    } else if size < 1e-6 {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

/// The number as a JSON value: without a decimal point where it is whole; None for what JSON
/// can't write (infinity, no number).
pub(super) fn number_value(number: f64) -> Option<Value> {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and at most 2^53")]
        return Some(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number)
}

/// The number that a text stands for: decimal, with white space around it; nothing is 0.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Some(0.0);
    }
    // Rust also reads `inf` and `nan`.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// White space of ECMAScript.
pub(super) fn is_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// How many UTF-16 code units a text has.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The part of `0..length` that a start and an end mean, where what is negative counts from the
/// end.
pub(super) fn slice(length: usize, start: f64, end: Option<f64>) -> std::ops::Range<usize> {
    #[expect(clippy::cast_precision_loss, reason = "texts and lists are much shorter than 2^53")]
    let whole = length as f64;
    let place = |at: f64| {
        let at = at.trunc();
        let at = if at < 0.0 { whole + at } else { at };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the length"
        )]
        {
            at.clamp(0.0, whole) as usize
        }
    };
    let start = place(start);
    start..end.map_or(length, place).max(start)
}
