//! One value against one field.

use serde_json::{Number, Value};

use super::code;
use crate::{
    expr,
    kinds::{Choice, Field, FieldType},
    pattern,
};

/// A value as far as a field looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    Text(&'a str),
    Number(&'a str),
    Bool,
    Null,
    Array,
    Object,
}

/// A code of `check::code` and a sentence.
pub(super) type Wrong = (&'static str, String);

/// What is wrong with `value` in `field`, for a form that is being filled in. None when nothing
/// is; a value that isn't there is `Value::Null`.
#[must_use]
pub fn check_field(field: &Field, value: &Value) -> Option<String> {
    if value.is_null() && !field.required {
        return None;
    }
    if is_blank(value) && field.required {
        return Some(required(field));
    }
    json(field, &field.ty, false, value)
}

/// What is wrong with what a person has typed into `field`. None when nothing is.
#[must_use]
pub fn check_text(field: &Field, text: &str) -> Option<String> {
    read_input(field, text).err()
}

/// The value that typed text stands for in `field`; `Ok(None)` when the member should be left out.
///
/// # Errors
/// A sentence about what is wrong with the text.
pub fn read_input(field: &Field, text: &str) -> Result<Option<Value>, String> {
    let Typed { value, unread } = typed(field, text);
    if text.is_empty() {
        return if field.required { Err(required(field)) } else { Ok(None) };
    }
    let wrong = unread.or_else(|| value.as_ref().and_then(|value| check_field(field, value)));
    wrong.map_or(Ok(value), Err)
}

/// What typed text means.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// What the document gets; None to leave the member out.
    pub value: Option<Value>,
    /// Why the text isn't of the field's sort yet. It is kept as text then, so that nothing that
    /// was typed is lost.
    pub unread: Option<String>,
}

/// What text that is typed into `field` means for the document, finished or not. Nothing typed
/// takes an optional member out; a number is a number also where it is out of bounds.
#[must_use]
pub fn typed(field: &Field, text: &str) -> Typed {
    if text.is_empty() {
        return Typed { value: field.required.then(|| Value::from("")), unread: None };
    }
    let noun = || noun(field, false);
    let read = match field.ty.bare() {
        FieldType::Text { .. }
        | FieldType::Choice(_)
        | FieldType::Condition(_)
        | FieldType::SkipFlag => Ok(Value::from(text)),
        // Only what is written again as it was typed: `1e3` would become `1000.0`.
        FieldType::Integer { .. } => match text.trim().parse::<Number>() {
            Ok(number) if is_whole(text.trim()) && number.to_string() == text.trim() => {
                Ok(Value::Number(number))
            }
            _ => Err(format!("{} must be a whole number; `{text}` isn't one.", noun())),
        },
        FieldType::Boolean => text
            .trim()
            .parse()
            .map(Value::Bool)
            .map_err(|_| format!("{} must be true or false.", noun())),
        // Bare types are none of the last two.
        FieldType::Json
        | FieldType::Node
        | FieldType::Nodes
        | FieldType::List(_)
        | FieldType::Object(_)
        | FieldType::Map
        | FieldType::Nullable(_)
        | FieldType::OrReference(_) => {
            serde_json::from_str(text).map_err(|error| format!("This isn't JSON: {error}."))
        }
    };
    match read {
        Ok(value) => Typed { value: Some(value), unread: None },
        Err(sentence) => {
            let is_reference = field.references && expr::is_reference(text);
            let unread = (!is_reference).then_some(sentence);
            Typed { value: Some(Value::from(text.trim())), unread }
        }
    }
}

pub(super) fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// As deep as field types nest. `entry` says that the value is an element of the field's list.
pub(super) fn json(field: &Field, ty: &FieldType, entry: bool, value: &Value) -> Option<String> {
    let number;
    let given = match value {
        Value::Null => Given::Null,
        Value::Bool(_) => Given::Bool,
        Value::Number(value) => {
            number = value.to_string();
            Given::Number(&number)
        }
        Value::String(text) => Given::Text(text),
        Value::Array(_) => Given::Array,
        Value::Object(_) => Given::Object,
    };
    if let Some((_, sentence)) = wrong(field, ty, entry, given) {
        return Some(sentence);
    }
    match (ty.bare(), value) {
        (FieldType::List(item), Value::Array(elements)) => {
            elements.iter().find_map(|element| json(field, item, true, element))
        }
        (FieldType::Object(table), Value::Object(_)) => table.fields.iter().find_map(|field| {
            check_field(field, value.pointer(field.pointer).unwrap_or(&Value::Null))
        }),
        _ => None,
    }
}

/// What begins a sentence about the field, or about an element of its list.
fn noun(field: &Field, entry: bool) -> String {
    if entry {
        format!("An entry of “{}”", field.label)
    } else {
        format!("“{}”", field.label)
    }
}

/// What to say when a required field has no value.
pub(super) fn required(field: &Field) -> String {
    let noun = noun(field, false);
    match field.ty {
        FieldType::Choice(_) => format!("Choose {}.", with_article(field.label)),
        _ if field.source.is_some() => format!("Choose {}.", with_article(field.label)),
        FieldType::Text { .. } => format!("{noun} can't be empty."),
        _ => format!("{noun} is missing."),
    }
}

/// As [`required`], for the member of a document that isn't there, or is empty.
pub(super) fn required_member(field: &Field) -> String {
    let name = field.pointer.rsplit('/').next().unwrap_or_default();
    match only_word(field) {
        Some(word) => format!("`{name}` is missing: write `{word}`."),
        None if matches!(field.ty, FieldType::Choice(_)) || field.source.is_some() => {
            format!("{}: `{name}` has no value.", required(field).trim_end_matches('.'))
        }
        None => format!("{} (`{name}`).", required(field).trim_end_matches('.')),
    }
}

/// The one word that a field may hold; of versions, the current one.
pub(super) fn only_word(field: &Field) -> Option<&'static str> {
    match field.ty {
        FieldType::Choice([only]) => Some(only.value),
        FieldType::Choice([current, ..]) if field.pointer == "/apiVersion" => Some(current.value),
        _ => None,
    }
}

fn with_article(label: &str) -> String {
    let article = if label.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    // A label of several words with a verb in it reads as a question, not as a thing.
    if label.contains(" is ") || label.starts_with("What ") {
        return lower_first(label);
    }
    format!("{article} {}", lower_first(label))
}

/// "Git service" stays "Git service", "API version" stays.
fn lower_first(label: &str) -> String {
    let keeps = label.starts_with("Git ") || label.chars().nth(1).is_some_and(char::is_uppercase);
    let mut label = label.to_owned();
    if !keeps && let Some(first) = label.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    label
}

/// What is wrong with the value itself; elements and members are looked at by the caller.
/// `entry` says that the value is an element of the field's list, of the type `ty`.
pub(super) fn wrong(field: &Field, ty: &FieldType, entry: bool, given: Given<'_>) -> Option<Wrong> {
    if let Given::Text(text) = given
        && (ty.takes_references() || field.references && !entry)
        && expr::is_reference(text)
    {
        return None;
    }
    if matches!((ty, given), (FieldType::Nullable(_), Given::Null)) {
        return None;
    }
    let noun = || noun(field, entry);
    let of_type = |rest: &str| Some((code::TYPE, format!("{} {rest}", noun())));
    let of_value = |sentence: String| Some((code::VALUE, sentence));
    match (ty.bare(), given) {
        (
            FieldType::Integer { .. } | FieldType::Boolean | FieldType::Choice(_),
            Given::Text(text),
        ) if expr::is_reference(text) => of_type("takes no expression: write the value itself."),
        (FieldType::Json | FieldType::Node, _)
        | (FieldType::Boolean, Given::Bool)
        | (FieldType::List(_) | FieldType::Nodes, Given::Array)
        | (FieldType::Object(_) | FieldType::Map, Given::Object)
        | (FieldType::SkipFlag, Given::Text("true" | "false")) => None,
        (FieldType::Text { min: 1.., .. }, Given::Text("")) if !field.required => {
            of_value(format!("{} is empty: fill it in, or leave it out.", noun()))
        }
        (FieldType::Text { min, max, pattern: Some(pattern) }, Given::Text(text)) => {
            pattern.check_within(text, *min, *max).err().and_then(of_value)
        }
        (FieldType::Text { min, max, pattern: None }, Given::Text(text)) => {
            // Most texts have no bounds worth counting for.
            let counts = *min > 0 || text.len() > *max;
            if counts {
                pattern::length_problem(&noun(), text, *min, *max).and_then(of_value)
            } else {
                None
            }
        }
        (FieldType::Integer { min, max }, Given::Number(lexeme)) => {
            integer(lexeme, *min, *max).map(|(code, rest)| (code, format!("{} {rest}", noun())))
        }
        (FieldType::Choice(choices), Given::Text(text)) => {
            if choices.iter().any(|choice| choice.value == text) {
                return None;
            }
            of_value(format!("{} is one of {}; `{text}` isn't.", noun(), words(choices)))
        }
        (FieldType::Condition(word), Given::Text(text)) => {
            if text == *word {
                return None;
            }
            of_value(format!("{} is written `{word}` here; this is `{text}`.", noun()))
        }
        (FieldType::Text { .. }, _) => of_type("must be a text, in quotes."),
        (FieldType::Integer { .. }, Given::Text(text)) if is_whole(text) => {
            of_type("must be a whole number, without quotes.")
        }
        (FieldType::Integer { .. }, Given::Text(text)) => {
            of_type(&format!("must be a whole number; `{text}` isn't one."))
        }
        (FieldType::Integer { .. }, _) => of_type("must be a whole number."),
        (FieldType::Boolean, Given::Text(_)) => of_type("must be true or false, without quotes."),
        (FieldType::Boolean, _) => of_type("must be true or false."),
        (FieldType::Choice(choices), _) => of_type(&format!("must be one of {}.", words(choices))),
        (FieldType::Condition(word), _) => of_type(&format!("is written as the text `{word}`.")),
        (FieldType::SkipFlag, Given::Text(text)) => of_value(format!(
            "{} must be \"true\" or \"false\" in quotes, or an expression; `{text}` isn't.",
            noun()
        )),
        (FieldType::SkipFlag, _) => {
            of_type("must be \"true\" or \"false\" in quotes, or an expression.")
        }
        (FieldType::List(_) | FieldType::Nodes, _) => {
            of_type("must be a list, in square brackets.")
        }
        (FieldType::Object(_) | FieldType::Map, _) => of_type("must be an object, in braces."),
        // Bare types are neither.
        (FieldType::Nullable(_) | FieldType::OrReference(_), _) => None,
    }
}

/// Whether this is a whole number in digits.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn integer(lexeme: &str, min: i64, max: i64) -> Option<Wrong> {
    // JSON has one sort of number: 600, 600.0 and 6e2 are the same.
    let value: f64 = lexeme.parse().unwrap_or(f64::NAN);
    if value.fract() != 0.0 {
        return Some((code::TYPE, format!("must be a whole number; this is {lexeme}.")));
    }
    #[expect(clippy::cast_precision_loss, reason = "bounds are small, or stand for no bound")]
    let inside = value >= min as f64 && value <= max as f64;
    (!inside).then(|| {
        let bounds =
            if max == i64::MAX { format!("{min} or more") } else { format!("from {min} to {max}") };
        (code::VALUE, format!("must be {bounds}; this is {lexeme}."))
    })
}

fn words(choices: &[Choice]) -> String {
    choices.iter().map(|choice| choice.value).collect::<Vec<_>>().join(", ")
}
