//! Rule: a workflow without steps does nothing.

use super::{Findings, Node, code};
use crate::document::Document;

pub(super) fn check(document: &Document, nodes: &[Node<'_>], findings: &mut Findings) {
    for node in nodes {
        if let Some(steps) = node.steps
            && document.elements(steps).len() == 0
        {
            findings.hint(steps, code::EMPTY_WORKFLOW, "This workflow has no steps yet.");
        }
    }
}
