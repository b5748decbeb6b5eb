//! Rule: the flow is a node, and nodes have a kind and a spec.

use super::{Findings, Fix, View, code};
use crate::document::{Document, Key};

pub(super) fn outside(document: &Document, findings: &mut Findings) {
    let root = document.flow();
    if let Some(version) = document.get(root, "apiVersion")
        && document.str(version) == Some("v1")
    {
        let sentence = "This was written for version v1, which is kept as it is; v1.2 is current.";
        let fix = Fix::replace("Set to `v1.2`", version, "v1.2");
        findings.hint(version, code::OLD_VERSION, sentence).fix(fix);
    }
    schema(document, findings);
    if let Some(spec) = document.get(root, "spec")
        && document.root_node().is_none()
    {
        let sentence = "The flow must be a node: an object with a `kind` and a `spec`.";
        findings.error(spec, code::STRUCTURE, sentence);
    }
}

/// Where the vendor's schema of release flows is.
const SCHEMA: &str = "https://api.northflank.com/v1/schemas/release-flow";

/// For which sort of document the vendor's schema is that the document names.
pub(super) fn schema_sort(document: &Document) -> Option<&str> {
    let schema = document.str(document.get(document.flow(), "$schema")?)?;
    let (_, sort) = schema.split_once("/v1/schemas/")?;
    sort.split(['/', '?', '#', '.']).next()
}

/// A schema of the vendor's that is for another sort of document.
fn schema(document: &Document, findings: &mut Findings) {
    let Some(schema) = document.get(document.flow(), "$schema") else { return };
    if let Some(sort) = schema_sort(document).filter(|sort| *sort != "release-flow") {
        let sentence = format!("The schema `{sort}` is of another sort of document.");
        let fix = Fix::replace("Set to that of release flows", schema, SCHEMA);
        findings.warning(schema, code::VALUE, sentence).fix(fix);
    }
}

/// Whether the node lacks its kind or its spec.
pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    if view.node.word.is_empty() || view.node.spec.is_none() {
        incomplete(view.document, view.node.key, findings);
    }
}

fn incomplete(document: &Document, key: Key, findings: &mut Findings) {
    if !document.is_object(key) {
        let sentence = "A step must be a node: an object with a `kind` and a `spec`.";
        findings.error(key, code::STRUCTURE, sentence);
        return;
    }
    match document.get(key, "kind") {
        None if findings.has_strayed(key, "/kind") => {}
        None => {
            let sentence = "This node has no `kind`, which says what it does.".to_owned();
            findings.missing(key, "/kind", code::STRUCTURE, sentence);
        }
        Some(kind) if document.str(kind).is_none_or(str::is_empty) => {
            let sentence = "`kind` must be a text that says what the node does.";
            findings.error(kind, code::STRUCTURE, sentence);
        }
        Some(_) => {}
    }
    match document.get(key, "spec") {
        None if findings.has_strayed(key, "/spec") => {}
        None => {
            let sentence = "This node has no `spec`, which holds its settings.".to_owned();
            findings.missing(key, "/spec", code::STRUCTURE, sentence);
        }
        Some(spec) if !document.is_object(spec) => {
            findings.error(spec, code::STRUCTURE, "`spec` must be an object, in braces.");
        }
        Some(_) => {}
    }
}
