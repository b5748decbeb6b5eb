//! Objects, lists, JSON.

use serde_json::Value;

use super::{Arguments, MAX_LIST_ELEMENTS, Outcome, Wrong, weight};
use crate::expr::{MAX_VALUE_BYTES, evaluate::step, js};

pub(super) const TOO_MANY: &str = "The list gets more than 100,000 elements.";

pub(super) fn get(given: &Arguments<'_>) -> Outcome {
    let Some(mut value) = given.value(0) else { return Ok(None) };
    let path = given.text(1).replace('[', ".").replace(']', "");
    for name in path.split('.').filter(|name| !name.is_empty()) {
        // Names in brackets may have quotes around them.
        match step(value, name.trim_matches(['\'', '"'])) {
            Some(found) => value = found,
            None => return Ok(None),
        }
    }
    Ok(Some(value.clone()))
}

pub(super) fn stringify_json(given: &Arguments<'_>) -> Outcome {
    let mut text = String::new();
    if let Some(value) = given.value(0) {
        js::push_json(&mut text, value);
    }
    Ok(Some(Value::String(text)))
}

pub(super) fn parse_json(given: &Arguments<'_>) -> Outcome {
    let parsed = serde_json::from_str(given.text(0));
    Ok(Some(parsed.unwrap_or_else(|_| Value::String(String::new()))))
}

/// Names and values of an object, indices and elements of a list.
fn members(given: &Arguments<'_>) -> Vec<(Value, Value)> {
    match given.value(0) {
        Some(Value::Object(members)) => members
            .iter()
            .map(|(name, value)| (Value::from(name.as_str()), value.clone()))
            .collect(),
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (Value::String(at.to_string()), item.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

fn list(items: impl Iterator<Item = Value>) -> Outcome {
    let items: Vec<_> = items.take(MAX_LIST_ELEMENTS + 1).collect();
    if items.len() > MAX_LIST_ELEMENTS {
        return Err(Wrong::whole(TOO_MANY));
    }
    Ok(Some(Value::Array(items)))
}

pub(super) fn entries(given: &Arguments<'_>) -> Outcome {
    list(members(given).into_iter().map(|(name, value)| Value::Array(vec![name, value])))
}

pub(super) fn values(given: &Arguments<'_>) -> Outcome {
    list(members(given).into_iter().map(|(_, value)| value))
}

pub(super) fn keys(given: &Arguments<'_>) -> Outcome {
    list(members(given).into_iter().map(|(name, _)| name))
}

pub(super) fn concat(given: &Arguments<'_>) -> Outcome {
    let all = || (0..given.len()).filter_map(|at| given.value(at));
    if all().map(weight).sum::<usize>() > MAX_VALUE_BYTES {
        return Err(Wrong::whole("The list becomes larger than 1 MiB."));
    }
    list(all().flat_map(|value| match value {
        Value::Array(items) => items.clone(),
        value => vec![value.clone()],
    }))
}

pub(super) fn arr_slice(given: &Arguments<'_>) -> Outcome {
    let items = given.list(0);
    let (start, end) = (given.number(1).unwrap_or(0.0), given.number(2));
    Ok(Some(Value::Array(items[js::slice(items.len(), start, end)].to_vec())))
}

pub(super) fn arr_length(given: &Arguments<'_>) -> Outcome {
    Ok(Some(Value::from(given.list(0).len())))
}
