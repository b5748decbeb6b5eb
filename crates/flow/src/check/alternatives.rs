//! Rule: fields of which one is needed, or only one allowed.
//!
//! A build service builds a branch or a pull request, a job neither. A release of a build finds it
//! by build service and branch, unless it names the build by its ID; no build means the latest.

use super::{Findings, code, nodes::Nodes};
use crate::document::{Document, Key, ValueRef};

pub(super) fn check(document: &Document, nodes: &Nodes<'_>, findings: &mut Findings) {
    for node in &nodes.all {
        let (Some(spec), Some(kind)) = (node.spec, node.kind) else { continue };
        match (kind.kind, kind.when) {
            ("Build", _) => build(document, spec, findings),
            ("Release", [by]) if by.value == "build" => release(document, spec, findings),
            _ => {}
        }
    }
}

fn build(document: &Document, spec: Key, findings: &mut Findings) {
    let is_service = document.get(spec, "type").and_then(|of| document.str(of)) == Some("service");
    if !is_service {
        return;
    }
    let branch = filled(document, spec, "branch");
    match (branch, filled(document, spec, "pullRequestId")) {
        (Some(_), Some(request)) => {
            let sentence = "Build a branch or a pull request, not both: clear one of them.";
            findings.error(request, code::ALTERNATIVES, sentence);
        }
        (None, None) => {
            let sentence = "Choose what to build: a branch or a pull request.";
            needed(document, spec, "/branch", sentence, findings);
        }
        _ => {}
    }
}

fn release(document: &Document, spec: Key, findings: &mut Findings) {
    let Some(origin) = document.get(spec, "origin") else { return };
    let build = filled(document, origin, "build");
    if build.is_some_and(|build| document.str(build) != Some("latest")) {
        return;
    }
    if filled(document, origin, "id").is_none() {
        let sentence = "The latest build of what? Choose a build service.";
        needed(document, origin, "/id", sentence, findings);
    }
    if filled(document, origin, "branch").is_none() {
        let sentence = "The latest build of which branch? Choose one.";
        needed(document, origin, "/branch", sentence, findings);
    }
}

/// Reports a member that is empty, or isn't there.
fn needed(
    document: &Document,
    object: Key,
    below: &'static str,
    sentence: &str,
    findings: &mut Findings,
) {
    if findings.has_strayed(object, below) {
        return;
    }
    match document.resolve_from(object, below) {
        Some(member) => findings.error(member, code::ALTERNATIVES, sentence),
        None => findings.missing(object, below, code::ALTERNATIVES, sentence.to_owned()),
    };
}

/// The member, unless it is absent, null or an empty text.
fn filled(document: &Document, object: Key, name: &str) -> Option<Key> {
    let key = document.get(object, name)?;
    let empty = matches!(document.value(key), ValueRef::Null) || document.str(key) == Some("");
    (!empty).then_some(key)
}
