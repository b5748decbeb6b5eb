//! Before anything runs: can every expression be resolved when its node's turn comes?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use slipway_flow::expr::{self, Content, Expr, ExprKind, Part, Root, Template};

use super::{DEFERRED, Scope, child, value_error};
use crate::{
    fold::RunState,
    plan::{Plan, Shape, Skip},
};

/// Something that would make a run fail for sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The JSON pointer in the document.
    pub pointer: String,
    /// A sentence.
    pub message: String,
}

/// Looks at every expression that a run of this plan would resolve. `triggers` has what is known
/// of the document's triggers, by their refs.
#[must_use]
pub fn dry_run(
    plan: &Plan,
    arguments: &Map<String, Value>,
    triggers: &BTreeMap<String, Value>,
) -> Vec<Problem> {
    let known = Scope::of(plan, &RunState::default(), arguments, triggers);
    let mut looking = Looking { plan, known, index: 0, problems: Vec::new() };
    looking.refs_are_unique();
    for (index, node) in plan.nodes().iter().enumerate() {
        if plan.never_runs(index) {
            continue;
        }
        looking.index = index;
        if let Skip::Expression(text) = &node.skip {
            looking.text(text, &format!("{}/skipNodeExecution", node.pointer));
        }
        if let Some(timeout) = &node.timeout {
            looking.value(timeout, &format!("{}/timeoutDuration", node.pointer));
        }
        looking.value(&node.spec, &format!("{}/spec", node.pointer));
    }
    looking.problems
}

struct Looking<'a> {
    plan: &'a Plan,
    known: Scope,
    /// The node at hand.
    index: usize,
    problems: Vec<Problem>,
}

impl Looking<'_> {
    fn refs_are_unique(&mut self) {
        let mut seen: BTreeSet<&str> = self.known.refs.keys().map(String::as_str).collect();
        for node in self.plan.nodes() {
            let Some(reference) = &node.reference else { continue };
            if !seen.insert(reference) {
                self.problems.push(Problem {
                    pointer: format!("{}/ref", node.pointer),
                    message: format!(
                        "The reference \"{reference}\" names two things: give one another name."
                    ),
                });
            }
        }
    }

    fn value(&mut self, value: &Value, pointer: &str) {
        match value {
            Value::String(text) => self.text(text, pointer),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(item, &format!("{pointer}/{at}"));
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    self.value(value, &child(pointer, name));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, pointer: &str) {
        if !text.contains("${") {
            return;
        }
        for part in expr::parse(text).parts {
            let span = part.span.clone();
            if let Err(why) = self.resolvable(part) {
                let message = value_error(text, &span, pointer, &why).message;
                self.problems.push(Problem { pointer: pointer.to_owned(), message });
            }
        }
    }

    fn resolvable(&self, part: Part) -> Result<(), String> {
        match &part.content {
            Content::Literal(_) | Content::Escaped(_) => Ok(()),
            Content::Deferred(_) => Err(DEFERRED.to_owned()),
            Content::Expression(Expr {
                kind: ExprKind::Path { root: Root::Refs, name, .. },
                ..
            }) if !self.known.refs.contains_key(name) => self.finished_by_then(name),
            // An argument, or a trigger that has spoken: the value is known now.
            Content::Expression(_) | Content::Malformed(_) => {
                let template = Template { parts: vec![part] };
                match expr::evaluate(&template, &self.known.names()) {
                    Ok(Value::String(text)) if has_expression(&text) => Err(format!(
                        "Its value \"{text}\" holds an expression itself, which is not supported."
                    )),
                    Ok(_) => Ok(()),
                    Err(error) => Err(error.sentence),
                }
            }
        }
    }

    fn finished_by_then(&self, name: &str) -> Result<(), String> {
        let Some(node) = self.plan.by_ref(name) else {
            return Err(format!(
                "No node has the reference \"{name}\", and no trigger of that name started this run."
            ));
        };
        let index = self.plan.index(&node.pointer).unwrap_or_default();
        if node.shape != Shape::Leaf {
            return Err(format!("\"{name}\" is a workflow, and workflows have no output."));
        }
        if self.plan.never_runs(index) {
            return Err(format!("\"{name}\" is skipped, so it has no output."));
        }
        if !self.plan.precedes(index, self.index) {
            return Err(format!(
                "\"{name}\" isn't finished by then: it must come earlier in a sequential workflow."
            ));
        }
        Ok(())
    }
}

fn has_expression(text: &str) -> bool {
    expr::parse(text)
        .parts
        .iter()
        .any(|part| !matches!(part.content, Content::Literal(_) | Content::Escaped(_)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(steps: &Value, arguments: &Value, triggers: &Value) -> Vec<String> {
        let document = json!({ "spec": { "kind": "Workflow",
            "spec": { "type": "sequential", "steps": steps } } });
        let plan = Plan::of(&document).expect("a plan");
        let arguments = arguments.as_object().expect("an object");
        let triggers = serde_json::from_value(triggers.clone()).expect("an object");
        dry_run(&plan, arguments, &triggers)
            .into_iter()
            .map(|problem| format!("{}: {}", problem.pointer, problem.message))
            .collect()
    }

    fn job(reference: &str, text: &str) -> Value {
        json!({ "kind": "JobRun", "ref": reference, "spec": { "jobId": text } })
    }

    #[test]
    fn what_is_earlier_or_given_is_fine() {
        let steps = json!([
            job("a", "${args.X}"),
            { "kind": "Workflow", "spec": { "type": "parallel",
              "steps": [job("b", "${refs.a.id}"), job("c", "${refs.app.sha}")] } },
            job("d", "${refs.b.id} ${refs.c.id}"),
        ]);
        let found = problems(&steps, &json!({ "X": 1 }), &json!({ "app": { "sha": "1" } }));
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn what_can_never_be_resolved_is_told_before_anything_runs() {
        for (steps, words) in [
            (json!([job("a", "${args.Y}")]), "no argument `Y`"),
            (json!([job("a", "${args.E}")]), "holds an expression itself"),
            (json!([job("a", "${refs.b.id}"), job("b", "x")]), "isn't finished by then"),
            (json!([job("a", "${refs.a.id}")]), "isn't finished by then"),
            (json!([job("a", "${refs.nope.id}")]), "No node has the reference \"nope\""),
            (json!([job("a", "${refs.app.branch}")]), "has no `branch`"),
            (json!([job("a", "x"), job("a", "y")]), "names two things"),
            (json!([job("a", "${fn.date()}")]), "function `date` can't be run"),
            (
                json!([{ "kind": "Workflow", "spec": { "type": "parallel",
                    "steps": [job("a", "x"), job("b", "${refs.a.id}")] } }]),
                "isn't finished by then",
            ),
            (
                json!([{ "kind": "JobRun", "ref": "a", "skipNodeExecution": "true", "spec": {} },
                    job("b", "${refs.a.id}")]),
                "is skipped",
            ),
            (
                json!([{ "kind": "Workflow", "ref": "w", "spec": { "type": "parallel" } },
                    job("b", "${refs.w.id}")]),
                "is a workflow",
            ),
            (
                json!([{ "kind": "JobRun", "timeoutDuration": "${args.T}", "spec": {} }]),
                "/spec/spec/steps/0/timeoutDuration: `${args.T}`",
            ),
        ] {
            let found = problems(
                &steps,
                &json!({ "E": "${fn.date()}" }),
                &json!({ "app": { "sha": "1" } }),
            );
            assert_eq!(found.len(), 1, "{steps}: {found:?}");
            assert!(found[0].contains(words), "{}", found[0]);
        }
    }

    #[test]
    fn what_never_runs_is_not_looked_at() {
        let steps = json!([{ "kind": "Workflow", "skipNodeExecution": "true",
            "spec": { "type": "sequential", "steps": [job("a", "${args.NOPE}")] } }]);
        assert_eq!(problems(&steps, &json!({}), &json!({})), Vec::<String>::new());
    }
}
