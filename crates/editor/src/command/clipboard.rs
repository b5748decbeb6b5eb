//! Nodes as text and back: what is copied is JSON with the document's own bytes, and what is pasted
//! may come from anywhere.

use std::collections::HashMap;

use slipway_flow::document::{Document, Editing, Key};

use super::{Done, Refused, called, nodes, outermost, refs, refused, steps};
use crate::layout::Place;

/// How long a text to paste may be: as long as a release flow that the server takes.
pub const MAX_PASTE_BYTES: usize = 1 << 20;

/// The nodes as JSON text: one as it is, several as a list. Every byte is the document's but for
/// the indentation of whole lines.
///
/// # Errors
/// When there is no node to copy, or one is not in the document.
pub fn copy(document: &Document, nodes: &[Key]) -> Result<String, Refused> {
    const INDENT: &str = "  ";
    let nodes = outermost(document, nodes)?;
    if let [node] = nodes.as_slice() {
        return Ok(document.text_at(*node, ""));
    }
    let texts: Vec<String> =
        nodes.iter().map(|node| format!("{INDENT}{}", document.text_at(*node, INDENT))).collect();
    Ok(format!("[\n{}\n]", texts.join(",\n")))
}

pub(super) fn paste(edit: &mut Editing<'_>, place: Place, text: &str) -> Result<Done, Refused> {
    let texts = nodes_in(text)?;
    let pasted = put_at(edit, place, &texts)?;
    Ok(Done::selecting(format!("Paste {}", called(edit.document(), &pasted)), pasted))
}

pub(super) fn duplicate(edit: &mut Editing<'_>, nodes: &[Key]) -> Result<Done, Refused> {
    let document = edit.document();
    let nodes = steps(document, nodes, "duplicated")?;
    let label = format!("Duplicate {}", called(document, &nodes));
    // The copies of a workflow's steps stand together, behind the last of them.
    let mut groups: Vec<(Key, Vec<Key>)> = Vec::new();
    let mut group_of: HashMap<Key, usize> = HashMap::new();
    for node in nodes {
        let Some(array) = document.parent(node) else { continue };
        let group = *group_of.entry(array).or_insert_with(|| {
            groups.push((array, Vec::new()));
            groups.len() - 1
        });
        groups[group].1.push(node);
    }
    let mut copies = Vec::new();
    for (array, nodes) in groups {
        let document = edit.document();
        let texts: Vec<String> = nodes.iter().map(|node| document.text_of(*node)).collect();
        let last = nodes.last().and_then(|node| document.index_in_parent(*node));
        copies.extend(put(edit, array, last.map_or(0, |last| last + 1), &texts)?);
    }
    refs::make_unique(edit, &copies);
    Ok(Done::selecting(label, copies))
}

/// As [`duplicate`], to one place.
pub(super) fn duplicate_to(
    edit: &mut Editing<'_>,
    nodes: &[Key],
    place: Place,
) -> Result<Done, Refused> {
    let document = edit.document();
    let nodes = steps(document, nodes, "duplicated")?;
    let label = format!("Duplicate {}", called(document, &nodes));
    let texts: Vec<String> = nodes.iter().map(|node| document.text_of(*node)).collect();
    let copies = put_at(edit, place, &texts)?;
    Ok(Done::selecting(label, copies))
}

/// Puts nodes to a place; refs that are taken get a number.
fn put_at(edit: &mut Editing<'_>, place: Place, texts: &[String]) -> Result<Vec<Key>, Refused> {
    let array = nodes::steps_of(edit, place.workflow)?;
    let index = place.index.min(edit.document().elements(array).len());
    let keys = put(edit, array, index, texts)?;
    refs::make_unique(edit, &keys);
    Ok(keys)
}

fn put(
    edit: &mut Editing<'_>,
    array: Key,
    index: usize,
    texts: &[String],
) -> Result<Vec<Key>, Refused> {
    match edit.insert_texts(array, index, texts) {
        Ok(Some(keys)) => Ok(keys),
        Ok(None) => refused("Nothing can be put in here."),
        Err(error) => refused(not_json(&error.to_string())),
    }
}

/// The texts of the nodes in a text that someone wants to paste.
fn nodes_in(text: &str) -> Result<Vec<String>, Refused> {
    let text = without_fence(text.trim_start_matches('\u{feff}').trim());
    if text.is_empty() {
        return refused("There is nothing to paste: no text was copied.");
    }
    if text.len() > MAX_PASTE_BYTES {
        return refused("This is too long to paste: nodes have at most 1 MiB of text together.");
    }
    if !text.starts_with(['{', '[']) {
        return refused("This text is no node: what can be pasted is JSON, in braces.");
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        // Some steps out of a list, with the commas between them.
        Err(error) => Document::parse(&format!("[{}]", text.trim_end_matches(',')))
            .map_err(|_| Refused(not_json(&error.to_string())))?,
    };
    let nodes = nodes_of(&document)?;
    Ok(nodes.into_iter().map(|node| document.text_of(node)).collect())
}

fn not_json(error: &str) -> String {
    format!("This can't be pasted, because it is no JSON. {error}")
}

/// What stands between the lines of a Markdown code block.
fn without_fence(text: &str) -> &str {
    let inside = text.strip_prefix("```").and_then(|rest| rest.split_once('\n'));
    match inside {
        Some((_, rest)) => rest.trim_end().trim_end_matches("```").trim(),
        None => text,
    }
}

fn nodes_of(document: &Document) -> Result<Vec<Key>, Refused> {
    let root = document.root();
    let is_node = |key: &Key| document.get(*key, "kind").is_some();
    let nodes: Vec<Key> = if document.is_array(root) {
        document.elements(root).collect()
    } else if is_node(&root) {
        vec![root]
    } else {
        // A whole flow: its steps, or its one node.
        let spec = document.root_node().filter(is_node);
        let Some(spec) = spec else {
            return refused("This is JSON, but no node of a release flow: a node has a `kind`.");
        };
        match document.node(spec).kind() {
            "Workflow" => document.node(spec).steps().collect(),
            _ => vec![spec],
        }
    };
    if nodes.is_empty() {
        return refused("There are no nodes in this.");
    }
    match nodes.iter().position(|node| !is_node(node)) {
        Some(at) => refused(format!(
            "Entry {} of this list is no node of a release flow: a node has a `kind`.",
            at + 1
        )),
        None => Ok(nodes),
    }
}
