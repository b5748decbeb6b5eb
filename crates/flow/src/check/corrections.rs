//! What was probably meant by a value that its field doesn't take.

use serde_json::Value;

use super::{Fix, near, value};
use crate::{
    document::{Document, Key, ValueRef},
    kinds::{Choice, Field, FieldType},
    pattern,
};

/// A correction of the value at `key` that its field would take.
pub(super) fn correction(
    document: &Document,
    key: Key,
    field: &Field,
    ty: &FieldType,
    entry: bool,
) -> Option<Fix> {
    let given = document.value(key);
    let sort = ty.bare();
    let optional = !field.required && !entry && document.parent(key).is_some();
    if optional && (matches!(&given, ValueRef::Null) || is_off(sort, &given)) {
        return Some(Fix::remove("Remove it", key));
    }
    let (label, meant) = meant(field, sort, &given, || document.to_json(key))?;
    let takes = !value::is_blank(&meant) && value::json(field, ty, entry, &meant).is_none();
    takes.then(|| Fix::replace(label, key, meant))
}

/// Whether the value says by its sort that the field isn't wanted.
fn is_off(ty: &FieldType, given: &ValueRef<'_>) -> bool {
    match given {
        ValueRef::String(text) => text.is_empty() && matches!(ty, FieldType::Text { .. }),
        ValueRef::Bool(false) => matches!(ty, FieldType::Condition(_)),
        _ => false,
    }
}

fn meant(
    field: &Field,
    ty: &FieldType,
    given: &ValueRef<'_>,
    json: impl Fn() -> Value,
) -> Option<(String, Value)> {
    let set = |word: &str| Some((format!("Set to `{word}`"), Value::from(word)));
    match (ty, given) {
        (FieldType::Integer { .. }, ValueRef::String(text)) => {
            let number: i64 = text.trim().parse().ok()?;
            Some(("Remove the quotes".to_owned(), Value::from(number)))
        }
        (FieldType::Boolean, ValueRef::String(text)) => {
            let bool: bool = text.trim().to_ascii_lowercase().parse().ok()?;
            Some(("Remove the quotes".to_owned(), Value::from(bool)))
        }
        (FieldType::Text { .. }, ValueRef::Number(lexeme)) => {
            Some(("Put it in quotes".to_owned(), Value::from(*lexeme)))
        }
        (FieldType::SkipFlag, ValueRef::Bool(skips)) => {
            Some(("Put it in quotes".to_owned(), Value::from(skips.to_string())))
        }
        (FieldType::SkipFlag, ValueRef::String(text)) => set(&text.trim().to_ascii_lowercase()),
        (FieldType::Condition(word), _) => set(word),
        // Which versions there are isn't a question of what they look like.
        (FieldType::Choice([current, ..]), _) if field.pointer == "/apiVersion" => {
            set(current.value)
        }
        (FieldType::Choice(choices), ValueRef::String(text)) => set(choice(text, choices)?),
        (FieldType::Text { pattern: Some(pattern), .. }, ValueRef::String(text)) => {
            set(&written_as(pattern, text)?)
        }
        (FieldType::List(_), ValueRef::String(_)) => {
            Some(("Put it in a list".to_owned(), Value::Array(vec![json()])))
        }
        _ => None,
    }
}

fn choice<'c>(text: &str, choices: &'c [Choice]) -> Option<&'c str> {
    near::meant(text.trim(), choices.iter().map(|choice| choice.value))
}

/// A text in the form that the pattern wants, where it is clear which one that is.
fn written_as(pattern: &pattern::Pattern, text: &str) -> Option<String> {
    let text = text.trim();
    if *pattern == pattern::REPO_URL {
        return Some(repository(text));
    }
    if *pattern == pattern::FILE_PATH || *pattern == pattern::WORK_DIR {
        return Some(format!("/{}", text.trim_start_matches("./").trim_start_matches('/')));
    }
    (pattern.check(text).is_ok()).then(|| text.to_owned())
}

/// `git@github.com:acme/shop.git` and the like as the address in the browser.
fn repository(text: &str) -> String {
    let text = match text.strip_prefix("git@") {
        Some(rest) => rest.replacen(':', "/", 1),
        None => text
            .trim_start_matches("ssh://git@")
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .to_owned(),
    };
    let text = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    format!("https://{}", text.strip_suffix(".git").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::repository;

    #[test]
    fn addresses_to_clone_from_become_those_in_the_browser() {
        for text in [
            "git@github.com:acme/shop.git",
            "ssh://git@github.com/acme/shop.git",
            "http://github.com/acme/shop",
            "https://github.com/acme/shop/",
            "github.com/acme/shop.git?x=1",
        ] {
            assert_eq!(repository(text), "https://github.com/acme/shop", "{text}");
        }
    }
}
