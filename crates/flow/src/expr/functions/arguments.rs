//! What a function is given, made to fit its parameters.

use std::borrow::Cow;

use serde_json::Value;

use super::{Type, Wrong};
use crate::expr::{js, regex::Regex};

/// One argument. What is absent (a name that isn't there, or `null`) stays absent: each function
/// says what it takes instead.
#[derive(Debug)]
pub(in crate::expr) enum Argument<'a> {
    Absent,
    Value(Cow<'a, Value>),
    Regex(Regex),
}

/// The arguments of one call, already of the types that the table says.
#[derive(Debug)]
pub(in crate::expr) struct Arguments<'a>(pub(in crate::expr) Vec<Argument<'a>>);

impl<'a> Arguments<'a> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// None where it is absent.
    pub(super) fn value(&self, at: usize) -> Option<&Value> {
        match self.0.get(at) {
            Some(Argument::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// Nothing where it is absent.
    pub(super) fn text(&self, at: usize) -> &str {
        self.value(at).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn number(&self, at: usize) -> Option<f64> {
        self.value(at).and_then(Value::as_f64)
    }

    pub(super) fn truth(&self, at: usize) -> bool {
        self.value(at).is_some_and(js::truthy)
    }

    /// Empty where it is absent.
    pub(super) fn list(&self, at: usize) -> &[Value] {
        self.value(at).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn regex(&self, at: usize) -> Option<&Regex> {
        match self.0.get(at) {
            Some(Argument::Regex(regex)) => Some(regex),
            _ => None,
        }
    }
}

/// Makes the argument at `at` one of the parameter's type.
pub(in crate::expr) fn fit<'a>(
    argument: Argument<'a>,
    ty: Type,
    at: usize,
) -> Result<Argument<'a>, Wrong> {
    let value = match argument {
        Argument::Absent => return Ok(Argument::Absent),
        Argument::Regex(_) if ty == Type::TextOrRegex => return Ok(argument),
        Argument::Regex(_) => {
            let word = ty.word();
            return Err(Wrong::at(
                at,
                format!("A regular expression can't stand here: this is for {word}."),
            ));
        }
        Argument::Value(value) => value,
    };
    let wrong = |value: &Value| {
        Err(Wrong::at(at, format!("Here is {} needed, and this is {}.", needed(ty), given(value))))
    };
    let fitting = match (ty, value.as_ref()) {
        (_, Value::Null) if ty != Type::Any => return Ok(Argument::Absent),
        (Type::Text | Type::TextOrRegex, Value::Array(_) | Value::Object(_)) => {
            return wrong(&value);
        }
        (Type::Text | Type::TextOrRegex, Value::Bool(_) | Value::Number(_)) => {
            let mut text = String::new();
            js::push_text(&mut text, &value);
            Cow::Owned(Value::String(text))
        }
        (Type::Number, Value::Bool(truth)) => Cow::Owned(Value::from(u8::from(*truth))),
        (Type::Number, Value::String(text)) => {
            match js::parse_number(text).and_then(js::number_value) {
                Some(number) => Cow::Owned(number),
                None => return wrong(&value),
            }
        }
        (Type::Number, Value::Array(_) | Value::Object(_)) => return wrong(&value),
        (Type::List, Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_))
        | (Type::Object, Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            return wrong(&value);
        }
        _ => value,
    };
    Ok(Argument::Value(fitting))
}

fn needed(ty: Type) -> &'static str {
    match ty {
        Type::Number => "a number",
        Type::List => "a list",
        Type::Object => "an object or a list",
        Type::TextOrRegex => "a text or a regular expression",
        _ => "a text",
    }
}

fn given(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(truth) => format!("`{truth}`"),
        Value::Number(_) => "a number".to_owned(),
        Value::String(text) if text.len() <= 40 => format!("the text “{text}”"),
        Value::String(_) => "a long text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// About how many bytes a value takes. As deep as the value.
pub(in crate::expr) fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => 8 + text.len(),
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 8,
        Value::Object(members) => {
            members.iter().map(|(name, value)| 8 + name.len() + weight(value)).sum::<usize>() + 8
        }
    }
}
