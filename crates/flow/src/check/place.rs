//! Where findings stand: one walk over the document gives each its pointer and node.

use std::collections::HashMap;

use super::{Finding, Findings, Problem, code};
use crate::document::{Document, Key};

/// The findings as problems, in the order of the text.
pub(super) fn locate(document: &Document, findings: Findings) -> Vec<Problem> {
    if findings.0.is_empty() {
        return Vec::new();
    }
    let mut by_key: HashMap<Key, Vec<Finding>> = HashMap::new();
    let count = findings.0.len();
    for finding in findings.0 {
        by_key.entry(finding.key).or_default().push(finding);
    }
    let mut walk = Walk {
        document,
        root_node: document.root_node(),
        by_key,
        pointer: String::new(),
        problems: Vec::with_capacity(count),
    };
    walk.visit(document.root(), None);
    walk.problems
}

struct Walk<'d> {
    document: &'d Document,
    root_node: Option<Key>,
    by_key: HashMap<Key, Vec<Finding>>,
    /// Of the value that is being visited.
    pointer: String,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    /// As deep as documents nest, which the parser bounds.
    fn visit(&mut self, key: Key, node: Option<Key>) {
        let mut findings = self.by_key.remove(&key).unwrap_or_default();
        // "Empty" says less than what is needed instead.
        if findings.iter().any(|finding| finding.code == code::ALTERNATIVES) {
            findings.retain(|finding| finding.code != code::VALUE);
        }
        for finding in findings {
            self.problems.push(Problem {
                pointer: format!("{}{}", self.pointer, finding.below),
                key,
                node,
                severity: finding.severity,
                code: finding.code,
                sentence: finding.sentence,
            });
        }
        if self.by_key.is_empty() {
            return;
        }
        let document = self.document;
        for (name, member) in document.members(key) {
            let node = if self.root_node == Some(member) { Some(member) } else { node };
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
