//! Rule: refs are unique, and a node reads only refs of what has finished when it starts.
//!
//! In a sequential workflow a step sees the steps before it, with everything inside them; in a
//! parallel one no step sees another. What triggers give is seen everywhere, and a teardown sees
//! the whole flow.

use std::collections::{HashMap, HashSet};

use super::{
    Findings, Fix, Severity, code, near,
    nodes::{Node, Nodes, Skips},
    outputs::{self, Missing},
    texts::Text,
};
use crate::{
    document::{Document, Key},
    expr::{Reference, Root, is_addressable},
    kinds,
};

/// Refs for which a near one is looked for, and a free one made up: more say nothing new, and
/// looking costs.
const MOST_SUGGESTIONS: usize = 50;

pub(super) fn check(
    document: &Document,
    nodes: &Nodes<'_>,
    texts: &[Text],
    findings: &mut Findings,
) {
    let mut refs = Refs::default();
    for trigger in super::triggers(document) {
        if let Some(name) = refs.declare(document, trigger, findings) {
            refs.done.insert(name);
        }
    }
    let (flow, teardown): (Vec<_>, Vec<_>) = nodes.all.iter().partition(|node| !node.in_teardown);
    for node in &flow {
        refs.declare(document, node.key, findings);
    }
    let mut uses: HashMap<Key, Vec<&Text>> = HashMap::new();
    for text in texts {
        uses.entry(text.node).or_default().push(text);
    }
    let hidden = are_hidden(document, nodes, findings);
    let mut visit = Visit { document, nodes, refs, uses, findings, suggested: 0, hidden };
    if let Some(root) = document.root_node() {
        visit.flow(root);
    }
    if let Some(root) = document.teardown_node() {
        visit.refs.done.extend(visit.refs.declared.keys());
        for node in teardown {
            visit.refs.declare(document, node.key, visit.findings);
        }
        visit.flow(root);
    }
}

/// Whether something that has a ref, or the ref itself, isn't as it should be: to call what reads
/// it wrong would be to tell of one mistake many times.
fn are_hidden(document: &Document, nodes: &Nodes<'_>, findings: &Findings) -> bool {
    let wrong = |key: Option<Key>| key.is_some_and(|key| findings.is_wrong(key));
    let holder = |key: Key| wrong(Some(key)) || wrong(document.get(key, "ref"));
    let node = |node: &Node<'_>| {
        let spec = document.get(node.key, "spec");
        let steps = spec.and_then(|spec| document.get(spec, "steps"));
        holder(node.key) || wrong(spec) || wrong(steps)
    };
    wrong(document.get(document.flow(), "triggers"))
        || super::triggers(document).any(holder)
        || nodes.all.iter().any(node)
}

/// Which refs there are, and which have finished at the place that is being looked at.
#[derive(Default)]
struct Refs<'d> {
    declared: HashMap<&'d str, Key>,
    /// What has finished before any node starts.
    done: HashSet<&'d str>,
    made_up: usize,
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
            let finding = findings.error(key, code::DUPLICATE_REF, sentence);
            let is_node = document.get(holder, "kind").is_some();
            if is_node && self.made_up < MOST_SUGGESTIONS {
                self.made_up += 1;
                let free = kinds::suggest_ref(document, holder);
                finding.fix(Fix::replace(format!("Change to `{free}`"), key, free));
            }
            return None;
        }
        if !is_addressable(name) {
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

/// A look at every node in the order in which the flow runs.
struct Visit<'d, 'v> {
    document: &'d Document,
    nodes: &'v Nodes<'d>,
    refs: Refs<'d>,
    uses: HashMap<Key, Vec<&'v Text>>,
    findings: &'v mut Findings,
    suggested: usize,
    /// Whether there may be refs that can't be read.
    hidden: bool,
}

impl Visit<'_, '_> {
    fn flow(&mut self, root: Key) {
        self.document.in_running_order(root, &mut |node, finished| {
            self.look_at_uses(node, finished);
        });
    }

    fn look_at_uses(&mut self, node: Key, finished: &HashSet<Key>) {
        for text in self.uses.remove(&node).unwrap_or_default() {
            for used in text.references.iter().filter(|used| used.root == Root::Refs) {
                let name = used.name.as_str();
                let holder = self.refs.declared.get(name);
                if self.refs.done.contains(name) || holder.is_some_and(|it| finished.contains(it)) {
                    self.look_at_value(text, used);
                } else {
                    self.report(text, used);
                }
            }
        }
    }

    /// A ref that has finished: whether it leaves behind what is read.
    fn look_at_value(&mut self, text: &Text, used: &Reference) {
        let Some(holder) = self.refs.declared.get(used.name.as_str()) else { return };
        let node = self.nodes.get(*holder);
        if node.is_some_and(|node| node.skips == Skips::Always) && !text.skipped {
            let sentence = format!(
                "`{}` is always skipped (`skipNodeExecution`), so it leaves nothing to read.",
                used.name
            );
            self.complain(text, used, code::SKIPPED_REF, sentence, None);
        } else if let Some(Missing { severity, sentence, fix }) =
            outputs::missing(self.document, *holder, node, text, used)
        {
            let is_certain = !used.in_function && !text.carried;
            let severity = if is_certain { severity } else { severity.max(Severity::Warning) };
            self.findings
                .add(text.key, severity, code::UNKNOWN_OUTPUT, sentence)
                .within(used.span.clone())
                .fix(fix);
        }
    }

    fn report(&mut self, text: &Text, used: &Reference) {
        let name = &used.name;
        let holder = self.refs.declared.get(name.as_str());
        if let Some(holder) = holder {
            let sentence = why_not_done(self.document, text.node, *holder, name);
            self.complain(text, used, code::LATER_REF, sentence, None);
            return;
        }
        if self.hidden {
            return;
        }
        self.suggested += 1;
        let meant = (self.suggested <= MOST_SUGGESTIONS)
            .then(|| near::nearest(name, self.refs.done.iter().copied()))
            .flatten();
        let sentence = match meant {
            Some(meant) => {
                format!("Nothing in this flow has the ref `{name}`; is `{meant}` meant?")
            }
            None => format!("Nothing in this flow has the ref `{name}`."),
        };
        let fix = meant.and_then(|meant| change_name(self.document, text, used, meant));
        self.complain(text, used, code::UNKNOWN_REF, sentence, fix);
    }

    /// A name without a value. Inside a function it counts as false instead of failing the run.
    fn complain(
        &mut self,
        text: &Text,
        used: &Reference,
        code: &'static str,
        sentence: String,
        fix: Option<Fix>,
    ) {
        let (severity, sentence) = match (used.in_function, text.carried) {
            (true, _) => (Severity::Warning, format!("{sentence} The function takes it as false.")),
            (false, true) => (Severity::Warning, sentence),
            (false, false) => (Severity::Error, sentence),
        };
        self.findings.add(text.key, severity, code, sentence).within(used.span.clone()).fix(fix);
    }
}

/// Puts another name into one expression of a text.
pub(super) fn change_name(
    document: &Document,
    text: &Text,
    used: &Reference,
    meant: &str,
) -> Option<Fix> {
    let whole = document.str(text.key)?;
    let expression = whole.get(used.span.clone())?;
    let at = used.span.start + expression.find('.')? + 1;
    let rest = whole.get(at..)?.strip_prefix(used.name.as_str())?;
    let value = format!("{}{meant}{rest}", whole.get(..at)?);
    Some(Fix::replace(format!("Change to `{meant}`"), text.key, value))
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
    if shared.is_some_and(|around| document.runs_in_parallel(around)) {
        return format!("`{name}` runs side by side with this node: run it before, in sequence.");
    }
    format!("`{name}` runs later than this node: move it before.")
}
