//! Rule: kinds that we don't know are pointed out, and what tells known ones apart is there.

use super::{Findings, Fix, View, code, near, nodes::Node, strays::free_way};
use crate::{
    document::{Document, Key},
    kinds::{self, Kind},
};

/// What others call a kind.
const OTHER_NAMES: &[(&str, &str)] = &[("RunJob", "JobRun"), ("RunBackup", "AddonBackup")];

/// Kinds of team and preview templates, which make resources: a release flow acts on those that
/// are there.
pub(super) const OF_TEMPLATES: &[&str] = &[
    "Addon",
    "BuildService",
    "CombinedService",
    "CronJob",
    "DeploymentService",
    "ManualJob",
    "OpenTofu",
    "Pipeline",
    "Project",
    "SecretGroup",
    "Volume",
];

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    let (document, node) = (view.document, view.node);
    out_of_place(document, node, findings);
    if node.guessed {
        misspelt(document, node, findings);
    } else if node.kind.is_none() && !node.word.is_empty() {
        let same: Vec<_> = kinds::named(node.word).collect();
        if !same.is_empty() {
            not_told_apart(document, node, same, findings);
        } else if !node.inherited.in_template || !OF_TEMPLATES.contains(&node.word) {
            // What makes resources belongs in a team template.
            unknown(document, node, findings);
        }
    }
}

/// A kind that has its place only in the flow, or only in its teardown.
fn out_of_place(document: &Document, node: &Node<'_>, findings: &mut Findings) {
    let (Some(is), Some(kind)) = (node.kind, document.get(node.key, "kind")) else { return };
    let name = is.kind;
    let sentence = match (is.scope.in_flow(), is.scope.in_teardown()) {
        (_, false) if node.inherited.in_teardown => {
            format!("Nodes of kind `{name}` run in the flow itself, never in a teardown.")
        }
        (false, _) if !node.inherited.in_teardown => {
            format!(
                "Nodes of kind `{name}` belong in the teardown (`teardownSpec`), not in the flow."
            )
        }
        _ => return,
    };
    findings.error(kind, code::KIND_NOT_HERE, sentence);
}

/// The kind that a node is probably meant to be: one that would be known were it not for slips of
/// the pen in what tells kinds apart.
pub(super) fn guess(document: &Document, node: Key) -> Option<&'static Kind> {
    let given = document.str(near_member(document, node, "kind")?)?;
    if OF_TEMPLATES.contains(&given) {
        return None;
    }
    let word = meant_kind(given)?;
    let mut same: Vec<_> = kinds::named(word).collect();
    for index in 0..same.first()?.when.len() {
        let pointer = same[0].when[index].pointer;
        let words: Vec<_> = same.iter().map(|kind| kind.when[index].value).collect();
        let value =
            pointer.split('/').skip(1).try_fold(node, |at, name| near_member(document, at, name));
        let meant = near::meant(document.str(value?)?, words)?;
        same.retain(|kind| kind.when[index].value == meant);
    }
    same.first().copied()
}

/// The kind's own name, or the one that a slip of the pen stands for.
fn meant_kind(word: &str) -> Option<&'static str> {
    let renamed = OTHER_NAMES.iter().find(|(other, _)| *other == word).map(|(_, now)| *now);
    renamed.or_else(|| near::nearest(word, kinds::all().iter().map(|kind| kind.kind)))
}

/// The member with this name, or with the one name that looks like it.
pub(super) fn near_member(document: &Document, object: Key, name: &str) -> Option<Key> {
    document.get(object, name).or_else(|| {
        let mut near =
            document.members(object).filter(|(other, _)| near::nearest(other, [name]).is_some());
        near.next().map(|(_, member)| member)
    })
}

/// A kind that we know, written with a slip of the pen. Slips elsewhere are the field rule's.
fn misspelt(document: &Document, node: &Node<'_>, findings: &mut Findings) {
    let (Some(meant), Some(kind)) = (node.kind, document.get(node.key, "kind")) else { return };
    if node.word == meant.kind {
        return;
    }
    let (name, meant) = (node.word, meant.kind);
    let sentence = format!("There is no kind of node called `{name}`; it is written `{meant}`.");
    let fix = Fix::replace(format!("Change to `{meant}`"), kind, meant);
    findings.error(kind, code::MISSPELT_KIND, sentence).fix(fix);
}

fn unknown(document: &Document, node: &Node<'_>, findings: &mut Findings) {
    let (name, Some(kind)) = (node.word, document.get(node.key, "kind")) else { return };
    if OF_TEMPLATES.contains(&name) {
        let sentence = format!(
            "Nodes of kind `{name}` belong in a team template, which makes resources; a release \
             flow acts on those that are there."
        );
        findings.error(kind, code::KIND_NOT_HERE, sentence);
    } else if name == "BuildSource" {
        let sentence = "A `BuildSource` belongs in the template of preview environments; in a \
                        release flow, a `Build` builds what a trigger names.";
        findings.error(kind, code::KIND_NOT_HERE, sentence);
    } else {
        let sentence = format!(
            "Slipway doesn't know nodes of kind `{name}` yet. It keeps and draws this one, and \
             can't check it."
        );
        findings.hint(kind, code::UNKNOWN_KIND, sentence);
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
    if node.spec.is_none() {
        return;
    }
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
        let meant = word.and_then(|word| near::meant(word, words.iter().copied()));
        let (name, words) = (node.word, words.join(", "));
        let way = pointer[1..].replace('/', ".");
        let of = format!("`{way}` of {} `{name}`", article(name, false));
        match (given, word) {
            (None, _) => {
                let Some((object, below)) = free_way(document, node.key, pointer) else {
                    return in_the_way(document, node.key, pointer, findings);
                };
                let sentence =
                    format!("{} `{name}` needs `{way}`: one of {words}.", article(name, true));
                findings.missing(object, below, code::REQUIRED, sentence);
            }
            (Some(given), Some(word)) => {
                let sentence = format!("{of} is one of {words}; `{word}` isn't.");
                let fix =
                    meant.map(|meant| Fix::replace(format!("Set to `{meant}`"), given, meant));
                findings.error(given, code::VALUE, sentence).fix(fix);
            }
            (Some(given), None) => {
                let sentence = format!("{of} must be one of {words}.");
                findings.error(given, code::VALUE, sentence);
            }
        }
        return;
    }
}

/// "a" or "an", which begins a sentence or doesn't.
fn article(name: &str, begins: bool) -> &'static str {
    match (name.starts_with(['A', 'E', 'I', 'O', 'U']), begins) {
        (false, false) => "a",
        (false, true) => "A",
        (true, false) => "an",
        (true, true) => "An",
    }
}

/// What should be an object on the way to a member, and isn't.
fn in_the_way(document: &Document, node: Key, pointer: &str, findings: &mut Findings) {
    let mut at = node;
    for name in pointer.split('/').skip(1) {
        match document.get(at, name) {
            Some(inner) => at = inner,
            None => break,
        }
    }
    findings.error(at, code::TYPE, "This must be an object, in braces.");
}
