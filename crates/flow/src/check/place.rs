//! Where findings stand: one walk over the document gives each its pointer and node.

use std::collections::HashMap;

use super::{Finding, Findings, Mark, Problem, Severity, code, span::Spans};
use crate::document::{Document, Key};

/// The findings as problems, in the order of the text.
pub(super) fn locate(document: &Document, findings: Findings) -> Vec<Problem> {
    if findings.all.is_empty() {
        return Vec::new();
    }
    let mut by_key: HashMap<Key, Vec<Finding>> = HashMap::new();
    let count = findings.all.len();
    for finding in findings.all {
        by_key.entry(finding.key).or_default().push(finding);
    }
    let mut walk = Walk {
        document,
        root_nodes: [document.root_node(), document.teardown_node()],
        by_key,
        pointer: String::new(),
        problems: Vec::with_capacity(count),
        marks: Vec::with_capacity(count),
    };
    walk.visit(document.root(), None);
    let mut problems = walk.problems;
    let spans = Spans::of(document);
    for (problem, mark) in problems.iter_mut().zip(walk.marks) {
        problem.span = spans.of_mark(document, problem.key, &mark);
    }
    problems
}

struct Walk<'d> {
    document: &'d Document,
    root_nodes: [Option<Key>; 2],
    by_key: HashMap<Key, Vec<Finding>>,
    /// Of the value that is being visited.
    pointer: String,
    problems: Vec<Problem>,
    /// Of each problem, which characters it is about.
    marks: Vec<Mark>,
}

impl Walk<'_> {
    /// As deep as documents nest, which the parser bounds.
    fn visit(&mut self, key: Key, node: Option<Key>) {
        let mut findings = self.by_key.remove(&key).unwrap_or_default();
        leave_out_what_follows(&mut findings);
        for finding in findings {
            self.problems.push(Problem {
                pointer: format!("{}{}", self.pointer, finding.below),
                key,
                node,
                // Known when all that stand somewhere do.
                span: 0..0,
                severity: finding.severity,
                code: finding.code,
                sentence: finding.sentence,
                fixes: finding.fixes,
            });
            self.marks.push(finding.mark);
        }
        if self.by_key.is_empty() {
            return;
        }
        let document = self.document;
        for (name, member) in document.members(key) {
            let node = if self.root_nodes.contains(&Some(member)) { Some(member) } else { node };
            self.step(&name.replace('~', "~0").replace('/', "~1"), member, node);
        }
        let holds_nodes = node.is_some_and(|node| document.node(node).steps_array() == Some(key));
        for (index, element) in document.elements(key).enumerate() {
            let node = if holds_nodes { Some(element) } else { node };
            self.step(&index.to_string(), element, node);
        }
    }

    fn step(&mut self, part: &str, key: Key, node: Option<Key>) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(part);
        self.visit(key, node);
        self.pointer.truncate(length);
    }
}

/// Of several things to say about one value, those that follow from another are left out.
fn leave_out_what_follows(findings: &mut Vec<Finding>) {
    if findings.len() < 2 {
        return;
    }
    // "Empty" says less than what is needed instead.
    if findings.iter().any(|finding| finding.code == code::ALTERNATIVES) {
        findings.retain(|finding| finding.code != code::VALUE);
    }
    // What a value means isn't worth saying while it isn't even of the right sort.
    let is_wrong = |finding: &Finding| {
        finding.below.is_empty()
            && matches!(finding.code, code::TYPE | code::VALUE | code::REQUIRED)
    };
    if findings.iter().any(is_wrong) {
        findings.retain(|finding| finding.severity == Severity::Error);
    }
}
