//! `${…}`: what expressions stand for in a run, and whether they can be resolved at all before
//! anything runs.

mod dry_run;
mod reads;

use std::{collections::BTreeMap, ops::Range};

use serde_json::{Map, Value};
use slipway_flow::{arguments::Sources, document::pointer_part, expr};

use crate::{event::Millis, fold::RunState, plan::Plan};

pub use dry_run::{Problem, dry_run};
pub use reads::refs_read;

/// What names stand for at one moment of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    pub arguments: Map<String, Value>,
    /// By the `ref` of a finished node or of a trigger.
    pub refs: Map<String, Value>,
    /// Where the arguments came from. An argument that isn't in it was given by someone who may
    /// write expressions in it.
    pub sources: Sources,
    /// The time that `date()` gives: that at which the run began, so that a node that is tried
    /// again after a crash sees the same.
    pub now: Option<Millis>,
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
    /// that have finished. Of several with one ref the first that has something counts, triggers
    /// before nodes, as where names are offered to an author.
    #[must_use]
    pub fn of(
        plan: &Plan,
        state: &RunState,
        arguments: &Map<String, Value>,
        triggers: &BTreeMap<String, Value>,
    ) -> Self {
        let mut refs: Map<String, Value> =
            triggers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        for node in plan.nodes() {
            let data = state.nodes.get(&node.pointer).and_then(|node| node.data.as_ref());
            if let (Some(reference), Some(data)) = (&node.reference, data) {
                refs.entry(reference).or_insert_with(|| data.clone());
            }
        }
        let now = state.started_at.or(Some(state.created_at).filter(|created| *created != 0));
        Self { arguments: arguments.clone(), refs, sources: Sources::new(), now }
    }

    fn names(&self) -> expr::Scope<'_> {
        expr::Scope {
            sources: Some(&self.sources),
            now: self.now,
            ..expr::Scope::new(&self.arguments, &self.refs)
        }
    }
}

/// Replaces every expression inside a value. A text that is nothing but one expression becomes
/// the value itself, whatever its type; otherwise values are written into the text.
///
/// Of an argument's value only functions are worked out, and only where it is a text: in a list or
/// an object they stay as they are written.
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
    if !text.contains("${") {
        return Ok(Value::String(text.to_owned()));
    }
    let evaluated = expr::evaluate(&expr::parse(text), &scope.names())
        .map_err(|error| value_error(text, &error.span, pointer, &error.sentence))?;
    match evaluated.carried.first() {
        // What would have to be worked out elsewhere stays without a value here.
        Some(part) => Err(value_error(text, &part.span, pointer, part.why.sentence())),
        None => Ok(evaluated.value),
    }
}

fn value_error(text: &str, span: &Range<usize>, pointer: &str, why: &str) -> ValueError {
    let place = if pointer.is_empty() { String::new() } else { format!(" of {pointer}") };
    let position = text.get(..span.start).unwrap_or_default().chars().count() + 1;
    let found = text.get(span.clone()).unwrap_or(text);
    ValueError {
        pointer: pointer.to_owned(),
        position,
        message: format!("`{found}` at character {position}{place} can't be resolved. {why}"),
    }
}

/// The pointer of an object's member.
fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", pointer_part(name))
}

/// Whether a value counts as true: as in JavaScript, and the text `"false"` is false, because
/// that is how a document writes it.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    value.as_str() != Some("false") && expr::truthy(value)
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
        let refs = Map::from_iter([("start-build".into(), json!({ "id": "b1", "ok": true }))]);
        Scope { arguments, refs, ..Scope::default() }
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
        assert_eq!((error.pointer.as_str(), error.position), ("/o/b~1c", 6));
        assert_eq!(
            error.message,
            "`refs.later.id` at character 6 of /o/b~1c can't be resolved. Nothing that has finished \
             by now has the ref `later`."
        );
        let error = resolve(&json!("${refs.start-build.nope.x}"), &scope()).expect_err("unknown");
        assert!(error.message.contains("The ref `start-build` has no `nope`"), "{error}");
        let error = resolve(&json!("x${{refs.a.values.B}}"), &scope()).expect_err("deferred");
        assert!(error.message.contains("inside a container"), "{error}");
    }

    #[test]
    fn values_are_never_read_as_expressions_again() {
        let mut scope = scope();
        scope.arguments.insert("EVIL".into(), json!("${refs.start-build.id}"));
        let resolved = resolve(&json!("x ${args.EVIL}"), &scope).expect("known");
        assert_eq!(resolved, json!("x ${refs.start-build.id}"));
    }

    #[test]
    fn of_several_with_one_ref_the_first_counts_and_triggers_come_before_nodes() {
        let job = json!({ "kind": "JobRun", "ref": "a", "spec": {} });
        let plan = Plan::of(&json!({ "spec": { "kind": "Workflow", "ref": "a", "spec": {
            "type": "sequential", "steps": [job, job] } } }))
        .expect("a plan");
        let mut state = RunState::default();
        for (node, data) in plan.nodes().iter().zip([None, Some(json!(1)), Some(json!(2))]) {
            state.nodes.entry(node.pointer.clone()).or_default().data = data;
        }
        let found = |triggers: &Value| {
            let triggers = serde_json::from_value(triggers.clone()).expect("an object");
            Scope::of(&plan, &state, &Map::new(), &triggers).refs["a"].clone()
        };
        assert_eq!(found(&json!({})), json!(1));
        assert_eq!(found(&json!({ "a": 0 })), json!(0));
    }

    #[test]
    fn functions_in_lists_and_objects_of_an_argument_stay_as_written() {
        let mut scope = scope();
        scope.arguments.insert("L".into(), json!(["${fn.slug('A b')}"]));
        let resolved = resolve(&json!("${args.L}"), &scope).expect("known");
        assert_eq!(resolved, json!(["${fn.slug('A b')}"]));
    }

    #[test]
    fn functions_are_worked_out() {
        let mut scope = scope();
        scope.now = Some(1_767_603_600_000);
        scope.arguments.insert("TAG".into(), json!("v-${fn.slice(refs.start-build.id, 0, 1)}"));
        let given = json!([
            "${fn.if(fn.eq(args.NAME, 'ada'), 3, 1)}",
            "${fn.not(refs.nope.id)}",
            "${fn.date()}",
            "${args.TAG}",
        ]);
        let resolved = resolve(&given, &scope).expect("known");
        assert_eq!(resolved, json!([3, true, "2026-01-05T09:00:00.000Z", "v-b"]));
        scope.sources.insert("TAG".into(), slipway_flow::arguments::Source::Webhook);
        let resolved = resolve(&json!("${args.TAG}"), &scope).expect("known");
        assert_eq!(resolved, json!("v-${fn.slice(refs.start-build.id, 0, 1)}"));
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
