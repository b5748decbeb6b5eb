//! Rule: a workflow without steps does nothing.

use super::{Findings, View, code};

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    if let Some(steps) = view.node.steps
        && view.document.elements(steps).len() == 0
    {
        findings.hint(steps, code::EMPTY_WORKFLOW, "This workflow has no steps yet.");
    }
}
