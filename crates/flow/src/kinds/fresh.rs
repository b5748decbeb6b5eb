//! New nodes: their ref.

use std::collections::{HashMap, HashSet};

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
    FreeNames::new(refs_but(document, node)).take(wanted)
}

/// Names that are taken, and those that are still free.
#[derive(Debug)]
pub struct FreeNames {
    taken: HashSet<String>,
    /// By the name, the first number behind it that may be free.
    next: HashMap<String, usize>,
}

impl FreeNames {
    #[must_use]
    pub fn new<'n>(taken: impl IntoIterator<Item = &'n str>) -> Self {
        let taken = taken.into_iter().map(str::to_owned).collect();
        Self { taken, next: HashMap::new() }
    }

    /// The name, or else the name with the first number behind it that isn't taken: `migrate-2`.
    /// It is taken then.
    pub fn take(&mut self, wanted: String) -> String {
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let next = self.next.entry(wanted.clone()).or_insert(2);
        // Ends, because only so many names are taken.
        loop {
            let name = format!("{wanted}-{next}");
            *next += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
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
