//! Rule: waits are for something, for the right thing, and only once.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    Findings, Fix, code,
    nodes::{Node, Nodes},
};
use crate::{
    document::{Document, Key},
    expr::{self, Content, ExprKind, Root},
    kinds::{Field, FieldType, Source},
};

pub(super) fn check(document: &Document, nodes: &Nodes<'_>, findings: &mut Findings) {
    let mut refs = HashMap::new();
    for node in &nodes.all {
        if let Some(name) = document.node(node.key).reference() {
            // One that is taken has been reported: the first one counts.
            refs.entry(name).or_insert(node);
        }
    }
    let conditions = nodes.all.iter().filter(|node| node.word == "Condition");
    let awaited = conditions.flat_map(|node| reads(document, node)).map(|reads| reads.name);
    let awaited = awaited.collect();
    let rule = Rule { document, refs, awaited };
    for node in &nodes.all {
        rule.idle_timeout(node, findings);
        for reads in reads(document, node) {
            rule.reads(node, &reads, findings);
        }
    }
}

struct Rule<'d, 'n> {
    document: &'d Document,
    refs: HashMap<&'d str, &'n Node<'d>>,
    /// The refs that conditions wait for.
    awaited: HashSet<String>,
}

/// A field that wants an output of a kind of node, and reads just that of some ref.
struct Reads {
    kind: &'static str,
    name: String,
    value: Key,
    /// Where in the value it is read.
    span: Range<usize>,
}

/// What a node reads of nodes of certain kinds.
fn reads(document: &Document, node: &Node<'_>) -> Vec<Reads> {
    let fields = node.kind.map_or(&[][..], |kind| kind.fields);
    let read = |field: &Field| {
        let Some(Source::OutputsOf { kind, output }) = field.source else { return None };
        let value = document.resolve_from(node.key, field.pointer)?;
        let (name, span) = lone_output(document.str(value)?, output)?;
        Some(Reads { kind, name, value, span })
    };
    fields.iter().filter_map(read).collect()
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

impl Rule<'_, '_> {
    /// A release waits only when it is told to.
    fn idle_timeout(&self, node: &Node<'_>, findings: &mut Findings) {
        let Some(kind) = node.kind else { return };
        let word = kind.fields.iter().find_map(|field| match field.ty {
            FieldType::Condition(word) if field.pointer == "/condition" => Some(word),
            _ => None,
        });
        let (Some(word), Some(timeout)) = (word, self.document.get(node.key, "timeoutDuration"))
        else {
            return;
        };
        let known = kind.fields.iter().any(|field| field.pointer == "/timeoutDuration");
        if known
            && self.document.get(node.key, "condition").is_none()
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

    fn reads(&self, node: &Node<'_>, reads: &Reads, findings: &mut Findings) {
        let Reads { kind, name, value, span } = reads;
        let Some(started) = self.refs.get(name.as_str()) else { return };
        let Some(is) = started.kind.map(|kind| kind.kind) else { return };
        if is != *kind {
            let sentence = format!(
                "`{name}` is of kind `{is}`; what a node of kind `{kind}` leaves behind belongs here."
            );
            findings.warning(*value, code::WRONG_OUTPUT, sentence).within(span.clone());
            return;
        }
        let waits = self.waits(started, findings);
        if node.word == "Condition" {
            if waits {
                self.redundant(node, name, findings);
            }
        } else if is == "Build" && !waits && !self.awaited.contains(name) {
            self.unfinished_build(started, reads, findings);
        }
    }

    /// Whether the node is over only when what it started has succeeded.
    fn waits(&self, node: &Node<'_>, findings: &Findings) -> bool {
        self.document.get(node.key, "condition").is_some()
            || findings.has_strayed(node.key, "/condition")
            || self.document.get(node.key, "waitForCompletion").is_some()
    }

    fn redundant(&self, node: &Node<'_>, name: &str, findings: &mut Findings) {
        let sentence = format!("`{name}` itself waits until it has succeeded: this adds nothing.");
        let finding = findings.hint(node.key, code::REDUNDANT_WAIT, sentence);
        if self.document.node(node.key).reference().is_none() && node.around.is_some() {
            finding.fix(Fix::remove("Remove this node", node.key));
        }
    }

    /// A build that was only queued can't be deployed.
    fn unfinished_build(
        &self,
        started: &Node<'_>,
        Reads { name, value, span, .. }: &Reads,
        findings: &mut Findings,
    ) {
        let sentence = format!(
            "`{name}` doesn't wait for completion, so its build may not be there yet when this \
             deploys it."
        );
        let label = format!("Let `{name}` wait for completion");
        let fix = Fix::set(label, started.key, "/condition", "success");
        findings.warning(*value, code::UNFINISHED_BUILD, sentence).within(span.clone()).fix(fix);
    }
}
