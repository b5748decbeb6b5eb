//! `${args.…}` and `${refs.…}`: what they stand for in a run, and whether they can be resolved
//! at all before anything runs.

mod dry_run;
mod template;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{fold::RunState, plan::Plan};

pub use dry_run::{Problem, dry_run};
use template::{Part, Source, Use};

/// What names stand for at one moment of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    pub arguments: Map<String, Value>,
    /// By the `ref` of a finished node or of a trigger.
    pub refs: BTreeMap<String, Value>,
}

/// Why a value can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    /// Where in the given value the text stands, as a JSON pointer.
    pub pointer: String,
    /// The character of the text at which the expression begins, from 1.
    pub position: usize,
    /// A sentence.
    pub message: String,
}

impl Scope {
    /// What a run knows so far: its arguments, what its triggers said, and the data of the nodes
    /// that have finished.
    #[must_use]
    pub fn of(
        plan: &Plan,
        state: &RunState,
        arguments: &Map<String, Value>,
        triggers: &BTreeMap<String, Value>,
    ) -> Self {
        let mut refs = triggers.clone();
        for node in plan.nodes() {
            let data = state.nodes.get(&node.pointer).and_then(|node| node.data.as_ref());
            if let (Some(reference), Some(data)) = (&node.reference, data) {
                refs.insert(reference.clone(), data.clone());
            }
        }
        Self { arguments: arguments.clone(), refs }
    }

    fn look_up(&self, source: &Source) -> Result<&Value, String> {
        let (word, path, root) = match source {
            Source::Argument(path) => ("args", path, self.arguments.get(&path[0])),
            Source::Reference(path) => ("refs", path, self.refs.get(&path[0])),
            Source::Refused(sentence) => return Err(sentence.clone()),
        };
        let name = &path[0];
        let root = root.ok_or_else(|| {
            if word == "args" {
                format!("the run has no argument \"{name}\"")
            } else {
                format!("there is no output of \"{name}\" yet")
            }
        })?;
        path[1..].iter().try_fold(root, |value, step| {
            let inner = match value {
                Value::Array(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)),
                value => value.get(step.as_str()),
            };
            inner.ok_or_else(|| format!("\"{name}\" has no value at \"{}\"", path[1..].join(".")))
        })
    }
}

/// Replaces every expression inside a value. A text that is nothing but one expression becomes
/// the value itself, whatever its type; otherwise values are written into the text.
///
/// # Errors
/// For the first expression that can't be resolved.
pub fn resolve(value: &Value, scope: &Scope) -> Result<Value, ValueError> {
    resolve_at(value, scope, "")
}

fn resolve_at(value: &Value, scope: &Scope, pointer: &str) -> Result<Value, ValueError> {
    match value {
        Value::String(text) => resolve_text(text, scope, pointer),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| resolve_at(item, scope, &format!("{pointer}/{at}")))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let resolved = resolve_at(value, scope, &child(pointer, name))?;
                Ok((name.clone(), resolved))
            })
            .collect::<Result<Map<_, _>, _>>()
            .map(Value::Object),
        other => Ok(other.clone()),
    }
}

fn resolve_text(text: &str, scope: &Scope, pointer: &str) -> Result<Value, ValueError> {
    let parts = template::parse(text);
    let look_up =
        |found: &Use| scope.look_up(&found.source).map_err(|why| value_error(found, pointer, &why));
    if let [Part::Use(found)] = parts.as_slice() {
        return look_up(found).cloned();
    }
    let mut out = String::with_capacity(text.len());
    for part in &parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Use(found) => match look_up(found)? {
                Value::String(text) => out.push_str(text),
                other => out.push_str(&other.to_string()),
            },
        }
    }
    Ok(Value::String(out))
}

fn value_error(found: &Use, pointer: &str, why: &str) -> ValueError {
    let place = if pointer.is_empty() { String::new() } else { format!(" of {pointer}") };
    ValueError {
        pointer: pointer.to_owned(),
        position: found.position,
        message: format!(
            "{} at character {}{place} can't be resolved: {why}.",
            found.text, found.position
        ),
    }
}

/// The pointer of an object's member.
fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Whether a value counts as true: as in JavaScript, and the text `"false"` is false, because
/// that is how a document writes it.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Array(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope() -> Scope {
        let Value::Object(arguments) = json!({ "N": 3, "NAME": "ada", "LIST": [{ "a": "x" }] })
        else {
            panic!("an object");
        };
        let refs = BTreeMap::from([("start-build".into(), json!({ "id": "b1", "ok": true }))]);
        Scope { arguments, refs }
    }

    #[test]
    fn a_lone_expression_keeps_its_type_and_mixed_text_is_text() {
        let given = json!({ "a": "${args.N}", "b": ["n=${args.N}, ${refs.start-build.id}"],
            "c": "${args.LIST.0.a}", "d": "${args.LIST}", "e": 5, "f": "\\${args.N}" });
        let resolved = resolve(&given, &scope()).expect("everything is known");
        assert_eq!(
            resolved,
            json!({ "a": 3, "b": ["n=3, b1"], "c": "x", "d": [{ "a": "x" }], "e": 5,
                "f": "${args.N}" })
        );
    }

    #[test]
    fn an_unresolved_expression_is_told_with_its_place() {
        let error = resolve(&json!({ "o": { "b/c": "äö ${refs.later.id}" } }), &scope())
            .expect_err("unknown");
        assert_eq!((error.pointer.as_str(), error.position), ("/o/b~1c", 4));
        assert_eq!(
            error.message,
            "${refs.later.id} at character 4 of /o/b~1c can't be resolved: there is no output of \
             \"later\" yet."
        );
        let error = resolve(&json!("${refs.start-build.nope.x}"), &scope()).expect_err("unknown");
        assert!(error.message.contains("\"start-build\" has no value at \"nope.x\""), "{error}");
    }

    #[test]
    fn values_are_never_read_as_expressions_again() {
        let mut scope = scope();
        scope.arguments.insert("EVIL".into(), json!("${refs.start-build.id}"));
        let resolved = resolve(&json!("x ${args.EVIL}"), &scope).expect("known");
        assert_eq!(resolved, json!("x ${refs.start-build.id}"));
    }

    #[test]
    fn truth_is_javascripts_with_a_documents_false() {
        for (value, truth) in [
            (json!(null), false),
            (json!(0), false),
            (json!(""), false),
            (json!("false"), false),
            (json!("true"), true),
            (json!("0"), true),
            (json!([]), true),
        ] {
            assert_eq!(truthy(&value), truth, "{value}");
        }
    }
}
