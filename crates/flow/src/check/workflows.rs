//! Rule: a workflow without steps does nothing.

use super::{Findings, code, nodes::Nodes};
use crate::document::Document;

pub(super) fn check(document: &Document, nodes: &Nodes<'_>, findings: &mut Findings) {
    for node in &nodes.all {
        if let Some(steps) = node.steps
            && document.elements(steps).len() == 0
        {
            findings.hint(steps, code::EMPTY_WORKFLOW, "This workflow has no steps yet.");
        }
    }
}
