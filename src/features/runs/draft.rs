//! A run that is about to be asked for, as it is typed: what is wrong with it, and the request.

use serde_json::{Map, Value};
use slipway_api::run::RunRequest;
use slipway_flow::{
    document::{Document, ValueRef},
    pattern,
};

/// An argument of a release flow, with the value that it has in the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub name: String,
    pub default: Value,
}

impl Argument {
    /// The default as a person edits it: text without quotes, anything else as JSON.
    #[must_use]
    pub fn default_text(&self) -> String {
        match &self.default {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The value that was typed.
    ///
    /// # Errors
    /// A sentence, where the flow has something other than text there and this is no JSON.
    pub fn read(&self, typed: &str) -> Result<Value, String> {
        if self.default.is_string() {
            return Ok(Value::String(typed.to_owned()));
        }
        serde_json::from_str(typed).map_err(|_| {
            format!(
                "The release flow has {} here. Write it as JSON does: {}.",
                kind_words(&self.default),
                self.default
            )
        })
    }
}

fn kind_words(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The arguments that a release flow has, in its order.
#[must_use]
pub fn arguments_of(document: &Document) -> Vec<Argument> {
    let Some(arguments) = document.get(document.root(), "arguments") else { return Vec::new() };
    if document.value(arguments) != ValueRef::Object {
        return Vec::new();
    }
    document
        .members(arguments)
        .map(|(name, value)| Argument { name: name.to_owned(), default: document.to_json(value) })
        .collect()
}

/// What is wrong with a run's name. None is needed.
#[must_use]
pub fn name_problem(name: &str) -> Option<String> {
    optional(&pattern::RUN_NAME, name)
}

/// What is wrong with a run's description. None is needed.
#[must_use]
pub fn description_problem(description: &str) -> Option<String> {
    optional(&pattern::DESCRIPTION, description)
}

fn optional(pattern: &pattern::Pattern, text: &str) -> Option<String> {
    if text.is_empty() { None } else { pattern.check(text).err() }
}

/// The node that a place in a release flow belongs to, as a pointer; the flow's root where the
/// place is in no step. None for what is no place in the flow at all.
#[must_use]
pub fn node_of(place: &str) -> Option<String> {
    const STEPS: &str = "/spec/steps/";
    let inside = place.strip_prefix("/spec")?;
    let Some(at) = inside.rfind(STEPS) else { return Some("/spec".to_owned()) };
    let number = &inside[at + STEPS.len()..];
    let end = number.find('/').unwrap_or(number.len());
    Some(format!("/spec{}{}", &inside[..at + STEPS.len()], &number[..end]))
}

/// The request for a run. Only arguments that differ from the flow's own are sent, so that the run
/// takes the others from the flow as it is when it starts.
#[must_use]
pub fn request<'a>(
    name: &str,
    description: &str,
    arguments: impl IntoIterator<Item = (&'a Argument, String)>,
) -> RunRequest {
    let mut changed = Map::new();
    for (argument, typed) in arguments {
        if let Ok(value) = argument.read(&typed)
            && value != argument.default
        {
            changed.insert(argument.name.clone(), value);
        }
    }
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    RunRequest {
        name: filled(name),
        description: filled(description),
        arguments: changed,
        ..RunRequest::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn argument(name: &str, default: Value) -> Argument {
        Argument { name: name.to_owned(), default }
    }

    #[test]
    fn arguments_come_from_the_document_in_its_order() {
        let text = r#"{"arguments":{"TAG":"v1","COUNT":2},"spec":{}}"#;
        let document = Document::parse(text).unwrap();
        assert_eq!(
            arguments_of(&document),
            [argument("TAG", json!("v1")), argument("COUNT", json!(2))]
        );
        let odd = Document::parse(r#"{"arguments":["a"]}"#).unwrap();
        assert!(arguments_of(&odd).is_empty());
    }

    #[test]
    fn only_changed_arguments_are_sent() {
        let (tag, count) = (argument("TAG", json!("v1")), argument("COUNT", json!(2)));
        let asked = request("", "", [(&tag, "v1".to_owned()), (&count, "3".to_owned())]);
        assert_eq!(serde_json::to_value(&asked).unwrap(), json!({"arguments": {"COUNT": 3}}));
        assert_eq!(serde_json::to_value(request("Rel", "", [])).unwrap(), json!({"name": "Rel"}));
    }

    #[test]
    fn what_is_no_text_in_the_flow_must_be_json() {
        let count = argument("COUNT", json!(2));
        assert!(count.read("two").unwrap_err().contains("a number"));
        assert_eq!(count.read("\"two\""), Ok(json!("two")));
        assert_eq!(argument("TAG", json!("v1")).read("{"), Ok(json!("{")));
    }

    #[test]
    fn a_place_in_the_flow_belongs_to_a_node() {
        assert_eq!(
            node_of("/spec/spec/steps/2/spec/steps/0/spec/jobId").as_deref(),
            Some("/spec/spec/steps/2/spec/steps/0")
        );
        assert_eq!(node_of("/spec/spec/steps/11").as_deref(), Some("/spec/spec/steps/11"));
        assert_eq!(node_of("/spec/spec/type").as_deref(), Some("/spec"));
        assert_eq!(node_of("name"), None);
    }

    #[test]
    fn names_may_be_left_out_but_not_be_wrong() {
        assert_eq!(name_problem(""), None);
        assert_eq!(name_problem("Example Run"), None);
        assert!(name_problem("1st").is_some());
        assert!(name_problem("ab").is_some());
        assert!(description_problem("a + b").is_some());
        assert_eq!(description_problem(""), None);
    }
}
