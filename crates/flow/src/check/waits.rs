//! Rule: waits are for something, for the right thing, and only once.

use std::ops::Range;

use super::{
    Findings, Fix, View, Whole, code,
    names::{Name, Names, Table},
    nodes::{Node, Placed},
};
use crate::{
    document::{Document, Key},
    expr::{self, Content, ExprKind, Root},
    kinds::{FieldType, Source},
};

/// A release waits only when it is told to.
pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    let View { document, node, .. } = view;
    let Some(kind) = node.kind else { return };
    let word = kind.fields.iter().find_map(|field| match field.ty {
        FieldType::Condition(word) if field.pointer == "/condition" => Some(word),
        _ => None,
    });
    let (Some(word), Some(timeout)) = (word, document.get(node.key, "timeoutDuration")) else {
        return;
    };
    let known = kind.fields.iter().any(|field| field.pointer == "/timeoutDuration");
    if known
        && document.get(node.key, "condition").is_none()
        && !findings.has_strayed(node.key, "/condition")
    {
        let sentence = "The timeout is for waiting, and this node doesn't wait for completion.";
        findings
            .warning(timeout, code::IDLE_TIMEOUT, sentence)
            .at_name()
            .fix(Fix::set("Wait for completion", node.key, "/condition", word))
            .fix(Fix::remove("Remove the timeout", timeout));
    }
}

pub(super) fn across(whole: &mut Whole<'_>, findings: &mut Findings) {
    let nodes = &whole.nodes.all;
    let (mut refs, mut awaited) = (Table::of(whole.names), Table::of(whole.names));
    for (index, node) in nodes.iter().enumerate() {
        if let Some(declared) = &node.facts.reference {
            // One that is taken has been reported: the first one counts.
            let first = refs.get(declared.name).unwrap_or(index);
            refs.set(declared.name, first);
        }
        for reads in node.facts.reads.iter().filter(|_| node.word == "Condition") {
            awaited.set(reads.name, ());
        }
    }
    for node in nodes {
        for reads in &node.facts.reads {
            let started = refs.get(reads.name).and_then(|index| nodes.get(index));
            if let Some(started) = started {
                let rule = Rule { document: whole.document, name: whole.names.text(reads.name) };
                rule.reads(node, reads, started, awaited.has(reads.name), findings);
            }
        }
    }
}

/// A field that wants an output of a kind of node, and reads just that of some ref.
pub(super) struct Reads {
    kind: &'static str,
    name: Name,
    value: Key,
    /// Where in the value it is read.
    span: Range<usize>,
}

/// What a node reads of nodes of certain kinds.
pub(super) fn reads(document: &Document, node: &Node<'_>, names: &mut Names) -> Vec<Reads> {
    let mut found = Vec::new();
    for field in node.kind.map_or(&[][..], |kind| kind.fields) {
        let Some(Source::OutputsOf { kind, output }) = field.source else { continue };
        let Some(value) = document.resolve_from(node.key, field.pointer) else { continue };
        let text = document.str(value).unwrap_or_default();
        if let Some((name, span)) = lone_output(text, output) {
            found.push(Reads { kind, name: names.intern(&name), value, span });
        }
    }
    found
}

/// Whether the node is over only when what it started has succeeded, or says so with a slip.
pub(super) fn waits(document: &Document, node: &Node<'_>, findings: &Findings) -> bool {
    document.get(node.key, "condition").is_some()
        || findings.has_strayed(node.key, "/condition")
        || document.get(node.key, "waitForCompletion").is_some()
}

/// The ref whose output is the whole text, and where that stands in it.
fn lone_output(text: &str, output: &str) -> Option<(String, Range<usize>)> {
    if !text.contains("${") {
        return None;
    }
    let template = expr::parse(text);
    let [part] = template.parts.as_slice() else { return None };
    let Content::Expression(expr) = &part.content else { return None };
    match &expr.kind {
        ExprKind::Path { root: Root::Refs, name, path } if *path == [output] => {
            Some((name.clone(), expr.span.clone()))
        }
        _ => None,
    }
}

struct Rule<'r> {
    document: &'r Document,
    /// The ref that is read.
    name: &'r str,
}

impl Rule<'_> {
    fn reads(
        &self,
        node: &Placed<'_>,
        reads: &Reads,
        started: &Placed<'_>,
        is_awaited: bool,
        findings: &mut Findings,
    ) {
        let Reads { kind, value, span, .. } = reads;
        let name = self.name;
        let Some(is) = started.kind.map(|kind| kind.kind) else { return };
        if is != *kind {
            let sentence = format!(
                "`{name}` is of kind `{is}`; what a node of kind `{kind}` leaves behind belongs here."
            );
            findings.warning(*value, code::WRONG_OUTPUT, sentence).within(span.clone());
            return;
        }
        if node.word == "Condition" {
            if started.facts.waits {
                self.redundant(node, findings);
            }
        } else if is == "Build" && !started.facts.waits && !is_awaited {
            self.unfinished_build(started, reads, findings);
        }
    }

    fn redundant(&self, node: &Placed<'_>, findings: &mut Findings) {
        let name = self.name;
        let sentence = format!("`{name}` itself waits until it has succeeded: this adds nothing.");
        let finding = findings.hint(node.key, code::REDUNDANT_WAIT, sentence);
        if self.document.node(node.key).reference().is_none() && node.around().is_some() {
            finding.fix(Fix::remove("Remove this node", node.key));
        }
    }

    /// A build that was only queued can't be deployed.
    fn unfinished_build(
        &self,
        started: &Placed<'_>,
        Reads { value, span, .. }: &Reads,
        findings: &mut Findings,
    ) {
        let name = self.name;
        let sentence = format!(
            "`{name}` doesn't wait for completion, so its build may not be there yet when this \
             deploys it."
        );
        let label = format!("Let `{name}` wait for completion");
        let fix = Fix::set(label, started.key, "/condition", "success");
        findings.warning(*value, code::UNFINISHED_BUILD, sentence).within(span.clone()).fix(fix);
    }
}
