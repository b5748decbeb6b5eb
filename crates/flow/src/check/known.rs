//! Rule: kinds that we don't know are pointed out, and what tells known ones apart is there.

use super::{Findings, Node, code};
use crate::{
    document::{Document, Key},
    kinds::{self, Kind},
};

pub(super) fn check(document: &Document, nodes: &[Node<'_>], findings: &mut Findings) {
    for node in nodes.iter().filter(|node| !node.word.is_empty() && node.kind.is_none()) {
        let same: Vec<_> = kinds::named(node.word).collect();
        if !same.is_empty() {
            not_told_apart(document, node, same, findings);
        } else if let Some(kind) = document.get(node.key, "kind") {
            let name = node.word;
            let sentence = format!(
                "Slipway doesn't know nodes of kind `{name}` yet. It keeps and draws this one, and \
                 can't check it."
            );
            findings.hint(kind, code::UNKNOWN_KIND, sentence);
        }
    }
}

/// A kind that we know, but not which of those with its name.
fn not_told_apart(
    document: &Document,
    node: &Node<'_>,
    mut same: Vec<&'static Kind>,
    findings: &mut Findings,
) {
    // Without a spec the structure has been reported.
    let Some(spec) = node.spec else { return };
    let selectors = same.first().map_or(0, |kind| kind.when.len());
    for index in 0..selectors {
        let pointer = same[0].when[index].pointer;
        let given = document.resolve_from(node.key, pointer);
        let word = given.and_then(|key| document.str(key));
        let mut words: Vec<_> = same.iter().map(|kind| kind.when[index].value).collect();
        words.dedup();
        if word.is_some_and(|word| words.contains(&word)) {
            same.retain(|kind| Some(kind.when[index].value) == word);
            continue;
        }
        let (name, words) = (node.word, words.join(", "));
        match (given, word) {
            (None, _) => {
                let (object, below) = deepest(document, node.key, spec, pointer);
                let sentence = format!("A `{name}` needs `{}`: one of {words}.", &pointer[1..]);
                findings.missing(object, below, code::REQUIRED, sentence);
            }
            (Some(given), Some(word)) => {
                let sentence = format!("The type of a `{name}` is one of {words}; `{word}` isn't.");
                findings.error(given, code::VALUE, sentence);
            }
            (Some(given), None) => {
                let sentence = format!("The type of a `{name}` must be one of {words}.");
                findings.error(given, code::VALUE, sentence);
            }
        }
        return;
    }
}

/// The innermost object that is there on the way to a member that isn't, and the way from it.
fn deepest(
    document: &Document,
    node: Key,
    spec: Key,
    pointer: &'static str,
) -> (Key, &'static str) {
    let parts = pointer.match_indices('/').map(|(at, _)| at);
    let there = |at: usize| {
        let key = document.resolve_from(node, &pointer[..at])?;
        document.is_object(key).then_some((key, &pointer[at..]))
    };
    parts.rev().find_map(there).unwrap_or((spec, pointer))
}
