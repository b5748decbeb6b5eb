//! A field's type in words, for people who read the reference page or a list of proposals.

use super::{Choice, FieldType, Scope};

/// In a few words, without bounds: "text", "one of several words".
#[must_use]
pub fn type_words(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Text { .. } => "text",
        FieldType::Integer { .. } => "whole number",
        FieldType::Boolean => "true or false",
        FieldType::Choice(_) => "one of several words",
        FieldType::Condition(_) => "one word",
        FieldType::SkipFlag => "\"true\" or \"false\" as text",
        FieldType::Json => "anything",
        FieldType::List(_) => "list",
        FieldType::Object(_) => "object",
        FieldType::Map => "object with any members",
        FieldType::Node => "node",
        FieldType::Nodes => "list of nodes",
        FieldType::Nullable(inner) | FieldType::OrReference(inner) => type_words(inner),
    }
}

/// With bounds, pattern and words, in Markdown: "text of 3 to 39 characters, a name".
#[must_use]
pub fn type_in_full(ty: &FieldType) -> String {
    match ty {
        FieldType::Text { min, max, pattern } => {
            // Of a pattern's own bounds the pattern tells.
            let own = pattern.is_some_and(|pattern| (pattern.min, pattern.max) == (*min, *max));
            let length = if own { None } else { bounds(*min, *max, usize::MAX) };
            let length =
                length.map(|length| format!(" of {length} characters")).unwrap_or_default();
            let pattern = pattern.map(|pattern| format!(", [{0}](#pattern-{0})", pattern.id));
            format!("text{length}{}", pattern.unwrap_or_default())
        }
        FieldType::Integer { min, max } => match bounds(*min, *max, i64::MAX) {
            Some(bounds) => format!("whole number, {bounds}"),
            None => "whole number".to_owned(),
        },
        FieldType::Choice(choices) => format!("one of {}", words(choices)),
        FieldType::Condition(word) => format!("`{word}`, or absent"),
        FieldType::SkipFlag => "`\"true\"` or `\"false\"`, as text".to_owned(),
        FieldType::List(item) => format!("list; each entry: {}", type_in_full(item)),
        FieldType::Nullable(inner) => format!("{}, or `null`", type_in_full(inner)),
        FieldType::OrReference(inner) => format!("{}, or `${{…}}`", type_in_full(inner)),
        ty => type_words(ty).to_owned(),
    }
}

/// Where nodes of a kind may stand: "the flow and the teardown".
#[must_use]
pub const fn scope_words(scope: Scope) -> &'static str {
    match scope {
        Scope::Flow => "the flow",
        Scope::Teardown => "the teardown",
        Scope::Both => "the flow and the teardown",
    }
}

/// How long a text may be, in characters: "3 to 39", "any number".
#[must_use]
pub fn length(min: usize, max: usize) -> String {
    bounds(min, max, usize::MAX).unwrap_or_else(|| "any number of".to_owned())
}

fn words(choices: &[Choice]) -> String {
    choices.iter().map(|choice| format!("`{}`", choice.value)).collect::<Vec<_>>().join(", ")
}

/// Bounds as people say them; None where there are none.
fn bounds<T: PartialOrd + std::fmt::Display + Default + Copy>(
    min: T,
    max: T,
    none: T,
) -> Option<String> {
    match (min > T::default(), max < none) {
        (true, true) if min == max => Some(format!("exactly {min}")),
        (true, true) => Some(format!("{min} to {max}")),
        (true, false) => Some(format!("{min} or more")),
        (false, true) => Some(format!("up to {max}")),
        (false, false) => None,
    }
}
