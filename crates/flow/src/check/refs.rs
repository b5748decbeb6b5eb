//! Rule: refs are unique, and a node reads only refs of what has finished when it starts.
//!
//! In a sequential workflow a step sees the steps before it, with everything inside them; in a
//! parallel one no step sees another. What triggers give is seen everywhere, and a teardown sees
//! the whole flow.

use std::collections::HashSet;

use super::{
    Findings, Fix, Severity, Whole, code,
    names::{Name, Names, Table},
    near,
    nodes::{Nodes, Placed, Skips},
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

/// Why a node or trigger should not be given this name as its ref. A document that has such refs is
/// kept as it is.
#[must_use]
pub fn check_ref(name: &str) -> Option<String> {
    (!is_addressable(name)).then(|| awkward(name))
}

fn awkward(name: &str) -> String {
    format!(
        "`${{refs.{name}.…}}` may not find this: use letters, digits, hyphens and underscores in a \
         ref."
    )
}

pub(super) fn across(whole: &mut Whole<'_>, findings: &mut Findings) {
    let document = whole.document;
    let triggers: Vec<_> = super::triggers(document)
        .filter_map(|trigger| Some((trigger, declared(document, trigger, whole.names)?)))
        .collect();
    let mut refs = Refs { declared: Table::of(whole.names), made_up: 0 };
    for (trigger, declared) in &triggers {
        refs.declare(document, Holder::Trigger(*trigger), *trigger, declared, findings);
    }
    let (nodes, names) = (&whole.nodes, &*whole.names);
    let hidden = are_hidden(document, nodes, findings);
    let mut visit = Visit { document, nodes, names, refs, findings, suggested: 0, hidden };
    let teardown = nodes.all.partition_point(|node| !node.inherited.in_teardown);
    visit.declare(0..teardown);
    visit.nodes(0..teardown);
    // A teardown sees the whole flow.
    visit.declare(teardown..nodes.all.len());
    visit.nodes(teardown..nodes.all.len());
}

/// Whether something that has a ref, or the ref itself, isn't as it should be: to call what reads
/// it wrong would be to tell of one mistake many times.
fn are_hidden(document: &Document, nodes: &Nodes<'_>, findings: &Findings) -> bool {
    document.get(document.flow(), "triggers").is_some_and(|key| findings.is_wrong(key))
        || super::triggers(document).any(|trigger| hides_ref(document, trigger, findings))
        || nodes.all.iter().any(|node| node.facts.hides_refs)
}

fn hides_ref(document: &Document, holder: Key, findings: &Findings) -> bool {
    let reference = document.get(holder, "ref");
    [Some(holder), reference].into_iter().flatten().any(|key| findings.is_wrong(key))
}

/// Whether a node hides its ref, or those of its steps.
pub(super) fn hides_refs(document: &Document, node: Key, findings: &Findings) -> bool {
    let spec = document.get(node, "spec");
    let steps = spec.and_then(|spec| document.get(spec, "steps"));
    hides_ref(document, node, findings)
        || [spec, steps].into_iter().flatten().any(|key| findings.is_wrong(key))
}

/// The `ref` of a trigger or node.
pub(super) struct Declared {
    key: Key,
    pub(super) name: Name,
    is_addressable: bool,
}

pub(super) fn declared(document: &Document, holder: Key, names: &mut Names) -> Option<Declared> {
    let key = document.get(holder, "ref")?;
    let name = document.str(key).filter(|name| !name.is_empty())?;
    Some(Declared { key, name: names.intern(name), is_addressable: is_addressable(name) })
}

/// Who has a ref.
#[derive(Clone, Copy)]
enum Holder {
    Trigger(Key),
    /// By its index.
    Node(usize),
}

/// Which refs there are.
struct Refs {
    declared: Table<Holder>,
    made_up: usize,
}

impl Refs {
    /// Notes a ref, unless it is taken.
    fn declare(
        &mut self,
        document: &Document,
        holder: Holder,
        holder_key: Key,
        &Declared { key, name, is_addressable }: &Declared,
        findings: &mut Findings,
    ) {
        let text = || document.str(key).unwrap_or_default();
        if self.declared.has(name) {
            let sentence =
                format!("The ref `{}` is taken: each one is used once in a flow.", text());
            let finding = findings.error(key, code::DUPLICATE_REF, sentence);
            let is_node = document.get(holder_key, "kind").is_some();
            if is_node && self.made_up < MOST_SUGGESTIONS {
                self.made_up += 1;
                let free = kinds::suggest_ref(document, holder_key);
                finding.fix(Fix::replace(format!("Change to `{free}`"), key, free));
            }
            return;
        }
        if !is_addressable {
            findings.warning(key, code::AWKWARD_REF, awkward(text()));
        }
        self.declared.set(name, holder);
    }
}

/// A look at every node in the order in which the flow runs.
struct Visit<'d, 'v> {
    document: &'d Document,
    nodes: &'v Nodes<'d>,
    names: &'v Names,
    refs: Refs,
    findings: &'v mut Findings,
    suggested: usize,
    /// Whether there may be refs that can't be read.
    hidden: bool,
}

impl Visit<'_, '_> {
    fn declare(&mut self, nodes: std::ops::Range<usize>) {
        for index in nodes {
            let Some(node) = self.nodes.all.get(index) else { return };
            if let Some(declared) = &node.facts.reference {
                let holder = Holder::Node(index);
                self.refs.declare(self.document, holder, node.key, declared, self.findings);
            }
        }
    }

    fn nodes(&mut self, nodes: std::ops::Range<usize>) {
        let all = self.nodes;
        for index in nodes {
            let Some(node) = all.all.get(index).filter(|node| node.runs()) else { continue };
            for text in &node.facts.texts {
                for (used, name) in text.references.iter().filter(|(it, _)| it.root == Root::Refs) {
                    match self.refs.declared.get(*name) {
                        Some(holder) if self.is_done(holder, index) => {
                            self.look_at_value(node, text, used, holder);
                        }
                        holder => self.report(node, text, used, holder),
                    }
                }
            }
        }
    }

    /// Whether what has a ref has finished when a node starts.
    fn is_done(&self, holder: Holder, when: usize) -> bool {
        let in_teardown =
            |index: usize| self.nodes.all.get(index).is_some_and(|node| node.inherited.in_teardown);
        match holder {
            Holder::Trigger(_) => true,
            Holder::Node(node) if in_teardown(when) && !in_teardown(node) => true,
            Holder::Node(node) => self.nodes.has_finished(node, when),
        }
    }

    /// A ref that has finished: whether it leaves behind what is read.
    fn look_at_value(&mut self, node: &Placed<'_>, text: &Text, used: &Reference, of: Holder) {
        let (holder, held) = match of {
            Holder::Trigger(key) => (key, None),
            Holder::Node(index) => {
                let Some(held) = self.nodes.all.get(index) else { return };
                (held.key, Some(held))
            }
        };
        if held.is_some_and(|held| held.skips() == Skips::Always) && node.skips() != Skips::Always {
            let sentence = format!(
                "`{}` is always skipped (`skipNodeExecution`), so it leaves nothing to read.",
                used.name
            );
            self.complain(text, used, code::SKIPPED_REF, sentence, None);
        } else if let Some(Missing { severity, sentence, fix }) =
            outputs::missing(self.document, holder, held.map(|held| &**held), text, used)
        {
            let is_certain = !used.in_function && !text.carried;
            let severity = if is_certain { severity } else { severity.max(Severity::Warning) };
            self.findings
                .add(text.key, severity, code::UNKNOWN_OUTPUT, sentence)
                .within(used.span.clone())
                .fix(fix);
        }
    }

    fn report(&mut self, node: &Placed<'_>, text: &Text, used: &Reference, holder: Option<Holder>) {
        let name = &used.name;
        // What triggers give is there from the beginning.
        if let Some(Holder::Node(index)) = holder
            && let Some(holder) = self.nodes.all.get(index)
        {
            let sentence = why_not_done(self.document, node.key, holder.key, name);
            self.complain(text, used, code::LATER_REF, sentence, None);
            return;
        }
        if self.hidden {
            return;
        }
        self.suggested += 1;
        let meant = (self.suggested <= MOST_SUGGESTIONS).then(|| self.near(node, name)).flatten();
        let sentence = match meant {
            Some(meant) => {
                format!("Nothing in this flow has the ref `{name}`; is `{meant}` meant?")
            }
            None => format!("Nothing in this flow has the ref `{name}`."),
        };
        let fix = meant.and_then(|meant| change_name(self.document, text, used, meant));
        self.complain(text, used, code::UNKNOWN_REF, sentence, fix);
    }

    /// A ref of what has finished before any node starts, with a name like this.
    fn near(&self, node: &Placed<'_>, name: &str) -> Option<&str> {
        let done = |word: &Name| match self.refs.declared.get(*word) {
            Some(Holder::Trigger(_)) => true,
            Some(Holder::Node(index)) => {
                let holder = self.nodes.all.get(index);
                node.inherited.in_teardown
                    && holder.is_some_and(|holder| !holder.inherited.in_teardown)
            }
            None => false,
        };
        let words = self.refs.declared.words().filter(done);
        near::nearest(name, words.map(|word| self.names.text(word)))
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
