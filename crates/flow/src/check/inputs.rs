//! Rule: what an input of the run dialog gives goes where it belongs. A commit in the place of a
//! branch is an easy slip: both come from the same input.

use std::{collections::HashSet, ops::Range};

use super::{Findings, Whole, code, texts::Text};
use crate::{
    document::{Document, Key},
    expr::{Content, ExprKind, Root},
};

pub(super) fn across(whole: &mut Whole<'_>, findings: &mut Findings) {
    let document = whole.document;
    let (mut branches, mut commits) = (HashSet::new(), HashSet::new());
    for outputs in super::input_outputs(document) {
        let name = |output| document.get(outputs, output).and_then(|key| document.str(key));
        branches.extend(name("branch"));
        commits.extend(name("buildSha"));
    }
    if commits.is_empty() {
        return;
    }
    for text in whole.nodes.all.iter().flat_map(|node| &node.facts.texts) {
        let Some((name, span)) = lone_argument(text) else { continue };
        if commits.contains(name) && !branches.contains(name) && is_branch(document, text.key) {
            let sentence =
                format!("`{name}` gets a commit from the run dialog; a branch belongs here.");
            findings.warning(text.key, code::COMMIT_AS_BRANCH, sentence).within(span);
        }
    }
}

/// The argument that is the whole text, and where it stands in it.
fn lone_argument(text: &Text) -> Option<(&str, Range<usize>)> {
    let [part] = text.template.parts.as_slice() else { return None };
    match &part.content {
        Content::Expression(expr) => match &expr.kind {
            ExprKind::Path { root: Root::Args, name, .. } => Some((name, expr.span.clone())),
            _ => None,
        },
        _ => None,
    }
}

fn is_branch(document: &Document, key: Key) -> bool {
    document.parent(key).is_some_and(|parent| document.get(parent, "branch") == Some(key))
}
