//! Rule: refs are unique, and a node reads only refs of what has finished when it starts.
//!
//! In a sequential workflow a step sees the steps before it, with everything inside them; in a
//! parallel one no step sees another. What triggers give is seen everywhere.

use std::collections::{HashMap, HashSet};

use super::{Findings, Node, Severity, code, texts::Text};
use crate::{
    document::{Document, Key, WorkflowType},
    expr::{Reference, Root},
};

pub(super) fn check(
    document: &Document,
    nodes: &[Node<'_>],
    texts: &[Text],
    findings: &mut Findings,
) {
    let mut refs = Refs::default();
    for trigger in triggers(document) {
        if let Some(name) = refs.declare(document, trigger, findings) {
            refs.done.insert(name);
        }
    }
    for node in nodes {
        refs.declare(document, node.key, findings);
    }
    if texts.is_empty() {
        return;
    }
    let mut uses: HashMap<Key, Vec<&Text>> = HashMap::new();
    for text in texts {
        uses.entry(text.node).or_default().push(text);
    }
    if let Some(root) = document.root_node() {
        Visit { document, refs, uses, order: Vec::new(), findings }.node(root);
    }
}

fn triggers(document: &Document) -> impl Iterator<Item = Key> + '_ {
    document
        .get(document.flow(), "triggers")
        .into_iter()
        .flat_map(|triggers| document.elements(triggers))
}

/// Which refs there are, and which have finished at the place that is being looked at.
#[derive(Default)]
struct Refs<'d> {
    declared: HashMap<&'d str, Key>,
    done: HashSet<&'d str>,
}

impl<'d> Refs<'d> {
    /// Notes the `ref` of a trigger or node; None where it has none or one that is taken.
    fn declare(
        &mut self,
        document: &'d Document,
        holder: Key,
        findings: &mut Findings,
    ) -> Option<&'d str> {
        let key = document.get(holder, "ref")?;
        let name = document.str(key).filter(|name| !name.is_empty())?;
        if self.declared.contains_key(name) {
            let sentence = format!("The ref `{name}` is taken: each one is used once in a flow.");
            findings.error(key, code::DUPLICATE_REF, sentence);
            return None;
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            let sentence = format!(
                "`${{refs.{name}.…}}` may not find this: use letters, digits, hyphens and \
                 underscores in a ref."
            );
            findings.warning(key, code::AWKWARD_REF, sentence);
        }
        self.declared.insert(name, holder);
        Some(name)
    }
}

/// A walk through the flow in the order in which it runs.
struct Visit<'d, 'v> {
    document: &'d Document,
    refs: Refs<'d>,
    uses: HashMap<Key, Vec<&'v Text>>,
    /// The refs of the nodes visited so far: those of a workflow's steps stand together.
    order: Vec<&'d str>,
    findings: &'v mut Findings,
}

impl<'d> Visit<'d, '_> {
    /// When this returns, no ref of the node or what is inside it counts as done: whether it does
    /// is for the workflow around it to say. As deep as workflows nest, which the parser bounds.
    fn node(&mut self, node: Key) {
        self.look_at_uses(node);
        let view = self.document.node(node);
        if let Some(name) =
            view.reference().filter(|name| self.refs.declared.get(name) == Some(&node))
        {
            self.order.push(name);
        }
        // Loops run their steps in order.
        let parallel = view.workflow_type() == Some(WorkflowType::Parallel);
        let start = self.order.len();
        for step in view.steps() {
            let before = self.order.len();
            self.node(step);
            if !parallel {
                self.refs.done.extend(&self.order[before..]);
            }
        }
        for name in &self.order[start..] {
            self.refs.done.remove(name);
        }
    }

    fn look_at_uses(&mut self, node: Key) {
        for text in self.uses.remove(&node).unwrap_or_default() {
            for used in text.references.iter().filter(|used| used.root == Root::Refs) {
                if !self.refs.done.contains(used.name.as_str()) {
                    self.report(text, used);
                }
            }
        }
    }

    fn report(&mut self, text: &Text, used: &Reference) {
        let name = &used.name;
        let (code, sentence) = match self.refs.declared.get(name.as_str()) {
            None => (code::UNKNOWN_REF, format!("Nothing in this flow has the ref `{name}`.")),
            Some(holder) => {
                (code::LATER_REF, why_not_done(self.document, text.node, *holder, name))
            }
        };
        // Inside a function a name without a value counts as false instead of failing the run.
        let (severity, sentence) = match (used.in_function, text.carried) {
            (true, _) => (Severity::Warning, format!("{sentence} The function takes it as false.")),
            (false, true) => (Severity::Warning, sentence),
            (false, false) => (Severity::Error, sentence),
        };
        self.findings.add(text.key, severity, code, sentence).within(used.span.clone());
    }
}

/// Why the ref of `holder` has no value when `node` starts.
fn why_not_done(document: &Document, node: Key, holder: Key, name: &str) -> String {
    if node == holder {
        return format!("`{name}` is this node itself: a node can't read its own outputs.");
    }
    let around = |key| std::iter::successors(Some(key), |key| document.workflow_of(*key));
    let above: HashSet<Key> = around(holder).collect();
    let shared = around(node).find(|key| above.contains(key));
    if shared == Some(holder) {
        return format!("`{name}` is the workflow around this node, and hasn't finished by then.");
    }
    let parallel = |key| document.node(key).workflow_type() == Some(WorkflowType::Parallel);
    if shared.is_some_and(parallel) {
        return format!("`{name}` runs side by side with this node: run it before, in sequence.");
    }
    format!("`{name}` runs later than this node: move it before.")
}
