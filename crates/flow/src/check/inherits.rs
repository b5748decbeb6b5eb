//! Rule: a node that inherits secrets says from where.

use super::{Findings, Severity, View, code};

const FROM: [(&str, &str); 2] = [("secrets", "/secrets"), ("configs", "/configs")];

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    if view.node.kind.is_none_or(|kind| kind.kind != "SecretInheritance") {
        return;
    }
    let document = view.document;
    let Some(spec) = document.get(view.node.key, "spec").filter(|spec| document.is_object(*spec))
    else {
        return;
    };
    // Anything but an empty list is a group, an expression that gives some, or wrong.
    let names_some = |name| {
        document
            .get(spec, name)
            .is_some_and(|key| !document.is_array(key) || document.elements(key).len() > 0)
    };
    if FROM.iter().any(|(name, below)| names_some(name) || findings.has_strayed(spec, below)) {
        return;
    }
    let (severity, sentence) = if names_some("requiredKeys") || names_some("requiredFiles") {
        (Severity::Warning, "The run fails here: names must be there, and no group gives any.")
    } else {
        (Severity::Hint, "This node inherits nothing yet: choose a secret group.")
    };
    match document.get(spec, "secrets") {
        Some(empty) => findings.add(empty, severity, code::EMPTY_INHERITANCE, sentence.to_owned()),
        None => {
            let code = code::EMPTY_INHERITANCE;
            let finding = findings.missing(spec, "/secrets", code, sentence.to_owned());
            finding.severity = severity;
            finding
        }
    };
}
