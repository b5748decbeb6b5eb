//! What a run's document asks for: its nodes as a tree, each with the JSON pointer that events
//! name it by.

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_flow::kinds::{self, Kind};

use crate::event::NodePointer;

/// The nodes of one document in preorder: a workflow stands before its steps, and steps stand in
/// the document's order. The root has index 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    nodes: Vec<PlanNode>,
    by_pointer: BTreeMap<NodePointer, usize>,
    /// The first node with each `ref`.
    by_ref: BTreeMap<String, usize>,
}

/// One node of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanNode {
    pub pointer: NodePointer,
    pub kind: String,
    /// The name that `${refs.…}` uses.
    pub reference: Option<String>,
    pub shape: Shape,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    /// Whether the flow goes on only after the action itself has succeeded.
    pub waits: bool,
    /// `timeoutDuration` as written: seconds, or text with `${…}` in it.
    pub timeout: Option<Value>,
    pub skip: Skip,
    /// The node's `spec` as written; a workflow's without its steps.
    pub spec: Value,
}

/// How a node's steps follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Sequential,
    Parallel,
    /// No workflow: something to do.
    Leaf,
}

/// `skipNodeExecution`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    Never,
    Always,
    /// Decided when the node's turn comes.
    Expression(String),
}

impl PlanNode {
    /// What is known of the node's kind; none where we don't know it.
    #[must_use]
    pub fn known(&self) -> Option<&'static Kind> {
        kinds::named(&self.kind).find(|kind| {
            kind.when.iter().all(|selector| self.text(selector.pointer) == Some(selector.value))
        })
    }

    /// The resource that the node acts on, as written; none where it names none.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.text(self.known()?.summary.resource).filter(|id| !id.is_empty())
    }

    /// What a person calls the node: its ref, or else where it stands.
    #[must_use]
    pub fn name(&self) -> &str {
        self.reference.as_deref().unwrap_or(&self.pointer)
    }

    /// A text in the node's spec, by its pointer from the node.
    fn text(&self, pointer: &str) -> Option<&str> {
        self.spec.pointer(pointer.strip_prefix("/spec")?)?.as_str()
    }
}

/// Why a document has no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PlanError {
    /// What the sentence is about.
    pub pointer: String,
    pub message: String,
}

impl Plan {
    /// Reads the plan of a whole release-flow document.
    ///
    /// # Errors
    /// When `spec` is missing, or something that should be a node or a list of nodes isn't.
    pub fn of(document: &Value) -> Result<Self, PlanError> {
        let root = document.get("spec").ok_or_else(|| PlanError {
            pointer: "/spec".to_owned(),
            message: "The release flow has no \"spec\": there is nothing to run.".to_owned(),
        })?;
        let mut plan =
            Self { nodes: Vec::new(), by_pointer: BTreeMap::new(), by_ref: BTreeMap::new() };
        plan.add(root, "/spec", None)?;
        Ok(plan)
    }

    /// Reads the plan of a document's text.
    ///
    /// # Errors
    /// As [`Plan::of`], and when the text is no JSON.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let document = serde_json::from_str(text).map_err(|error| PlanError {
            pointer: String::new(),
            message: format!("The release flow is not valid JSON: {error}."),
        })?;
        Self::of(&document)
    }

    fn add(
        &mut self,
        value: &Value,
        pointer: &str,
        parent: Option<usize>,
    ) -> Result<usize, PlanError> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = text("kind").ok_or_else(|| PlanError {
            pointer: pointer.to_owned(),
            message: format!("What stands at {pointer} is no node: it has no \"kind\"."),
        })?;
        let spec = value.get("spec").unwrap_or(&Value::Null);
        let index = self.nodes.len();
        self.by_pointer.insert(pointer.to_owned(), index);
        if let Some(reference) = text("ref") {
            self.by_ref.entry(reference).or_insert(index);
        }
        self.nodes.push(PlanNode {
            shape: shape(&kind, spec, pointer)?,
            pointer: pointer.to_owned(),
            kind,
            reference: text("ref"),
            parent,
            children: Vec::new(),
            waits: value.get("condition").is_some_and(Value::is_string),
            timeout: value.get("timeoutDuration").cloned(),
            skip: skip(value.get("skipNodeExecution")),
            spec: Value::Null,
        });
        if self.nodes[index].shape == Shape::Leaf {
            self.nodes[index].spec = spec.clone();
        } else {
            self.nodes[index].spec = without_steps(spec);
            self.nodes[index].children = self.steps(spec, pointer, index)?;
        }
        Ok(index)
    }

    fn steps(
        &mut self,
        spec: &Value,
        pointer: &str,
        parent: usize,
    ) -> Result<Vec<usize>, PlanError> {
        let steps = match spec.get("steps") {
            None => &Vec::new(),
            Some(Value::Array(steps)) => steps,
            Some(_) => {
                return Err(PlanError {
                    pointer: format!("{pointer}/spec/steps"),
                    message: format!("The steps of the workflow at {pointer} are no list."),
                });
            }
        };
        steps
            .iter()
            .enumerate()
            .map(|(at, step)| self.add(step, &format!("{pointer}/spec/steps/{at}"), Some(parent)))
            .collect()
    }

    /// All nodes in preorder.
    #[must_use]
    pub fn nodes(&self) -> &[PlanNode] {
        &self.nodes
    }

    #[must_use]
    pub fn node(&self, pointer: &str) -> Option<&PlanNode> {
        self.by_pointer.get(pointer).map(|index| &self.nodes[*index])
    }

    #[must_use]
    pub fn index(&self, pointer: &str) -> Option<usize> {
        self.by_pointer.get(pointer).copied()
    }

    /// The first node with that `ref`.
    #[must_use]
    pub fn by_ref(&self, reference: &str) -> Option<&PlanNode> {
        self.by_ref.get(reference).map(|index| &self.nodes[*index])
    }

    /// The node and everything above it, from the inside out.
    pub fn lineage(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(index), |at| self.nodes[*at].parent)
    }

    /// Whether the node, or a workflow that it stands in, is always skipped.
    #[must_use]
    pub fn never_runs(&self, index: usize) -> bool {
        self.lineage(index).any(|at| self.nodes[at].skip == Skip::Always)
    }

    /// Whether `first` has ended whenever `second` begins: where their ways part they are steps
    /// of a sequential workflow, and `first` is on the earlier side.
    #[must_use]
    pub fn precedes(&self, first: usize, second: usize) -> bool {
        let path = |index| {
            let mut path: Vec<usize> = self.lineage(index).collect();
            path.reverse();
            path
        };
        let (first, second) = (path(first), path(second));
        let common = first.iter().zip(&second).take_while(|(one, other)| one == other).count();
        let (Some(earlier), Some(later)) = (first.get(common), second.get(common)) else {
            return false;
        };
        // Both paths begin at the root, so there is a common part.
        common > 0 && self.nodes[first[common - 1]].shape == Shape::Sequential && earlier < later
    }
}

/// A workflow's spec without the steps, which are nodes of their own.
fn without_steps(spec: &Value) -> Value {
    match spec {
        Value::Object(members) => {
            let others = members.iter().filter(|(name, _)| *name != "steps");
            others.map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        other => other.clone(),
    }
}

fn shape(kind: &str, spec: &Value, pointer: &str) -> Result<Shape, PlanError> {
    if kind != "Workflow" {
        return Ok(Shape::Leaf);
    }
    match spec.get("type").and_then(Value::as_str) {
        Some("sequential") | None => Ok(Shape::Sequential),
        Some("parallel") => Ok(Shape::Parallel),
        Some(other) => Err(PlanError {
            pointer: format!("{pointer}/spec/type"),
            message: format!(
                "The workflow at {pointer} is \"{other}\": it can be sequential or parallel."
            ),
        }),
    }
}

fn skip(value: Option<&Value>) -> Skip {
    match value {
        Some(Value::Bool(true)) => Skip::Always,
        Some(Value::String(text)) if text == "true" => Skip::Always,
        Some(Value::String(text)) if text.contains("${") => Skip::Expression(text.clone()),
        _ => Skip::Never,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Plan {
        Plan::of(&json!({ "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
            { "kind": "Build", "ref": "build", "condition": "success", "spec": { "id": "b" } },
            { "kind": "Workflow", "skipNodeExecution": "true", "spec": { "type": "parallel",
              "steps": [ { "kind": "Mystery", "spec": {} }, { "kind": "JobRun", "spec": {} } ] } },
            { "kind": "JobRun", "skipNodeExecution": "${args.x}", "spec": {} },
        ] } } }))
        .expect("a plan")
    }

    #[test]
    fn nodes_are_found_by_pointer_and_ref() {
        let plan = sample();
        let pointers: Vec<_> = plan.nodes().iter().map(|node| node.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/spec",
                "/spec/spec/steps/0",
                "/spec/spec/steps/1",
                "/spec/spec/steps/1/spec/steps/0",
                "/spec/spec/steps/1/spec/steps/1",
                "/spec/spec/steps/2",
            ]
        );
        let build = plan.by_ref("build").expect("there");
        assert!(build.waits);
        assert_eq!(build.spec, json!({ "id": "b" }));
        assert!(plan.never_runs(3) && !plan.never_runs(5));
        assert_eq!(plan.nodes()[5].skip, Skip::Expression("${args.x}".into()));
    }

    #[test]
    fn only_steps_of_a_sequential_workflow_precede_each_other() {
        let plan = sample();
        assert!(plan.precedes(1, 3) && plan.precedes(3, 5) && plan.precedes(1, 5));
        assert!(!plan.precedes(3, 4), "siblings of a parallel workflow");
        assert!(!plan.precedes(5, 1), "later steps");
        assert!(!plan.precedes(0, 1) && !plan.precedes(1, 0) && !plan.precedes(1, 1));
    }

    #[test]
    fn what_is_no_flow_is_told_with_its_place() {
        for (document, pointer) in [
            (json!({}), "/spec"),
            (json!({ "spec": {} }), "/spec"),
            (json!({ "spec": { "kind": "Workflow", "spec": { "steps": 3 } } }), "/spec/spec/steps"),
            (
                json!({ "spec": { "kind": "Workflow", "spec": { "type": "zigzag" } } }),
                "/spec/spec/type",
            ),
            (
                json!({ "spec": { "kind": "Workflow", "spec": { "steps": [7] } } }),
                "/spec/spec/steps/0",
            ),
        ] {
            assert_eq!(Plan::of(&document).expect_err("no plan").pointer, pointer);
        }
        assert!(Plan::parse("{").is_err());
    }
}
