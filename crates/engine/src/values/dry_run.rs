//! Before anything runs: can every expression be resolved when its node's turn comes?

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde_json::{Map, Value};
use slipway_flow::expr::{self, Content, Part, PartValue, Root};

use super::{Scope, child, reads::refs_in_arguments, value_error};
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
    let mut known = Scope::of(plan, &RunState::default(), arguments, triggers);
    // Any time will do to see whether a date can be written.
    known.now = Some(0);
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
            if let Err((span, why)) = self.resolvable(&part) {
                let message = value_error(text, &span, pointer, &why).message;
                self.problems.push(Problem { pointer: pointer.to_owned(), message });
            }
        }
    }

    fn resolvable(&self, part: &Part) -> Result<(), (Range<usize>, String)> {
        let whole = |why: String| (part.span.clone(), why);
        let is_expression = match &part.content {
            Content::Literal(_) | Content::Escaped(_) => return Ok(()),
            Content::Expression(_) => true,
            Content::Deferred(_) | Content::Malformed { .. } => false,
        };
        if let Some(fault) = part.faults().into_iter().next() {
            return Err((fault.span, fault.sentence));
        }
        let mut waits = false;
        let references = part.references();
        for used in &references {
            if used.root == Root::Refs && !self.known.refs.contains_key(&used.name) {
                match self.finished_by_then(&used.name) {
                    Ok(()) => waits = true,
                    // A function takes what never has a value as false.
                    Err(_) if used.in_function => {}
                    Err(why) => return Err(whole(why)),
                }
            }
        }
        waits |= !refs_in_arguments(&references, &self.known).is_empty();
        // What reads outputs that are still to come can only be worked out then.
        if waits && is_expression {
            return Ok(());
        }
        let value = expr::evaluate_part(part, &self.known.names())
            .map_err(|error| (error.span, error.sentence))?;
        match value {
            PartValue::Carried(why) => Err(whole(why.sentence().to_owned())),
            PartValue::Value(value) => match value.as_str() {
                Some(text) if has_expression(text) => Err(whole(format!(
                    "Its value \"{text}\" holds an expression itself, which is not supported."
                ))),
                _ => Ok(()),
            },
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
            (json!([job("a", "${fn.nope()}")]), "no function `nope`"),
            (json!([job("a", "${fn.slug()}")]), "`slug` takes 1 argument, and is given none"),
            (json!([job("a", "${fn.divide(args.N, 0)}")]), "can be divided by 0"),
            (json!([job("a", "${fn.map(args.L, x => x)}")]), "`map` can't be run"),
            (json!([job("a", "${fn.randomSecret(8)}")]), "no store here"),
            (json!([job("a", "${fn.slug(secrets.a.values.B)}")]), "Global secrets"),
            (json!([job("a", "${template.args.X}")]), "template around the flow"),
            (json!([job("a", "x ${{refs.a.values.B}}")]), "inside a container"),
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
                "/spec/spec/steps/0/timeoutDuration: `args.T`",
            ),
        ] {
            let found = problems(
                &steps,
                &json!({ "E": "${args.X}", "N": 1 }),
                &json!({ "app": { "sha": "1" } }),
            );
            assert_eq!(found.len(), 1, "{steps}: {found:?}");
            assert!(found[0].contains(words), "{}", found[0]);
        }
    }

    #[test]
    fn functions_are_fine_where_they_will_have_a_value() {
        let steps = json!([
            job("a", "${fn.date('YYYY')} ${args.E}"),
            job("b", "${fn.divide(10, refs.a.count)} ${fn.if(refs.never.id, 1, 2)} ${args.F}"),
            { "kind": "JobRun", "skipNodeExecution": "${fn.eq(args.NOPE, 'x')}", "spec": {} },
        ]);
        let arguments = json!({ "E": "${fn.slug('A b')}", "F": "${fn.divide(1, refs.a.count)}" });
        assert_eq!(problems(&steps, &arguments, &json!({})), Vec::<String>::new());
    }

    #[test]
    fn what_never_runs_is_not_looked_at() {
        let steps = json!([{ "kind": "Workflow", "skipNodeExecution": "true",
            "spec": { "type": "sequential", "steps": [job("a", "${args.NOPE}")] } }]);
        assert_eq!(problems(&steps, &json!({}), &json!({})), Vec::<String>::new());
    }
}
