//! New nodes: their ref.

use std::collections::HashSet;

use super::subject;
use crate::{
    document::{Document, Key},
    expr,
};

/// A ref for the node that no other node or trigger of the document has, made from the name of the
/// resource that it acts on, or from its kind.
#[must_use]
pub fn suggest_ref(document: &Document, node: Key) -> String {
    let resource = subject(document, node).filter(|name| !expr::is_reference(name));
    let wanted = resource
        .map(|name| addressable(&name))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| kebab(document.node(node).kind()));
    let taken = refs_but(document, node);
    free_name(wanted, taken.len(), |name| taken.contains(name))
}

/// The name, or else the name with the first number behind it that isn't taken: `migrate-2`. Of
/// `count` taken names at most.
#[must_use]
pub fn free_name(wanted: String, count: usize, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&wanted) {
        return wanted;
    }
    // One of the numbers up to one more than the names there are is free.
    (2..=count + 2)
        .map(|number| format!("{wanted}-{number}"))
        .find(|name| !taken(name))
        .unwrap_or(wanted)
}

/// The refs of all but one.
fn refs_but(document: &Document, node: Key) -> HashSet<&str> {
    let others = document.ref_holders().into_iter().filter(|key| *key != node);
    others.filter_map(|key| document.node(key).reference()).collect()
}

/// The name with everything but letters, digits and hyphens made hyphens, so that
/// `${refs.<name>.…}` finds it.
fn addressable(name: &str) -> String {
    let hyphened: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    hyphened.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// `AddonBackup` as `addon-backup`.
fn kebab(kind: &str) -> String {
    let mut name = String::new();
    for c in kind.chars() {
        if c.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    let name = addressable(&name);
    if name.is_empty() { "node".to_owned() } else { name }
}
