//! Where findings stand: their pointers, nodes and spans, and their order. Costs little for a
//! document with little wrong in it, however large it is.

use super::{Finding, Mark, Problem, Severity, code, missing, span};
use crate::document::{Document, Key, Lengths};

/// The findings as problems, in the order of the text.
pub(super) fn locate(
    document: &Document,
    lengths: &mut Lengths,
    mut all: Vec<&Finding>,
) -> Vec<Problem> {
    if all.is_empty() {
        return Vec::new();
    }
    let spans = document.spans_of(all.iter().map(|finding| finding.key), lengths);
    let start = |finding: &&Finding| spans.get(finding.key).map(|span| span.start);
    // What isn't in the document stands nowhere. A value begins before all that is inside it.
    all.retain(|finding| start(finding).is_some());
    all.sort_by_key(start);
    let root_nodes = [document.root_node(), document.teardown_node()];
    let mut problems = Vec::with_capacity(all.len());
    let mut rest = all.into_iter().peekable();
    while let Some(first) = rest.next() {
        let key = first.key;
        let mut findings = vec![first.clone()];
        while let Some(next) = rest.next_if(|next| next.key == key) {
            findings.push(next.clone());
        }
        leave_out_what_follows(&mut findings);
        missing::join(&mut findings);
        leave_out_too_many(&mut findings);
        let mut offsets = None;
        let (pointer, node) = (document.pointer(key), node_around(document, key, root_nodes));
        problems.extend(findings.into_iter().map(|finding| Problem {
            pointer: format!("{pointer}{}", finding.below),
            key,
            node,
            span: span::of_mark(document, &spans, key, &finding.mark, &mut offsets),
            severity: finding.severity,
            code: finding.code,
            sentence: finding.sentence,
            fixes: finding.fixes,
        }));
    }
    problems
}

/// The innermost node that a value belongs to, by a walk down to it: only steps of nodes are nodes.
fn node_around(document: &Document, key: Key, root_nodes: [Option<Key>; 2]) -> Option<Key> {
    let mut way: Vec<Key> = std::iter::successors(Some(key), |key| document.parent(*key)).collect();
    way.reverse();
    let mut node = None;
    let mut holder = None;
    for key in way {
        let is_step = node.is_some_and(|node| {
            holder.is_some_and(|holder| document.is_array(holder))
                && document.node(node).steps_array() == holder
        });
        if is_step || root_nodes.contains(&Some(key)) {
            node = Some(key);
        }
        holder = Some(key);
    }
    node
}

/// Of several things to say about one value, those that follow from another are left out.
fn leave_out_what_follows(findings: &mut Vec<Finding>) {
    if findings.len() < 2 {
        return;
    }
    // "Empty" says less than what is needed instead.
    let is_needed =
        |finding: &Finding| finding.code == code::ALTERNATIVES && finding.mark == Mark::Value;
    if findings.iter().any(is_needed) {
        findings.retain(|finding| !matches!(finding.code, code::VALUE | code::TYPE));
    }
    // What a value means isn't worth saying while it isn't even of the right sort.
    let is_wrong = |finding: &Finding| {
        finding.below.is_empty()
            && finding.severity == Severity::Error
            && matches!(finding.code, code::TYPE | code::VALUE | code::REQUIRED)
    };
    if findings.iter().any(is_wrong) {
        let of_name = [code::MISSPELT_MEMBER, code::MISPLACED_MEMBER, code::UNKNOWN_MEMBER];
        findings.retain(|finding| {
            finding.severity == Severity::Error || of_name.contains(&finding.code)
        });
    }
}

/// What is said about one value at most: a text of a megabyte may be wrong in a hundred thousand
/// places.
const MOST_OF_ONE: usize = 100;

/// Of very many things to say about one value, the worst are said, and how many there are besides.
/// What is about the whole of the value comes before what is about a part.
fn leave_out_too_many(findings: &mut Vec<Finding>) {
    if findings.len() <= MOST_OF_ONE {
        return;
    }
    findings.sort_by_key(|it| (matches!(it.mark, Mark::Within(_)), it.severity));
    let rest = findings.split_off(MOST_OF_ONE);
    let (more, severity) = (rest.len(), rest.iter().map(|finding| finding.severity).min());
    let Some((first, severity)) = rest.into_iter().next().zip(severity) else { return };
    findings.push(Finding {
        below: "",
        mark: Mark::Value,
        severity,
        code: code::MANY_PROBLEMS,
        sentence: format!("There are {more} more problems in this value; the first are listed."),
        fixes: Vec::new(),
        ..first
    });
}
