//! Who uses whose ref: the quieter kind of edges, found and routed when they are asked for.

use std::collections::{HashMap, HashSet};

use slipway_flow::{
    document::{Document, Key},
    expr::{self, Root},
};

use super::Layout;
use crate::geometry::Point;

/// How far an edge runs beside the nodes that it connects.
const ASIDE: f64 = 12.0;

/// A node uses the ref of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The node that has the ref, and the one that uses it.
    pub from: Key,
    pub to: Key,
    /// The ref.
    pub name: String,
    /// Where the edge runs: out of the right side of the one, beside both, into the right side of
    /// the other.
    pub route: [Point; 4],
}

impl Layout {
    /// The uses of refs among nodes of the picture that one of `of` gives or takes. Each pair once,
    /// in reading order of the users. Reads all strings of the flow where one of them has a ref.
    #[must_use]
    pub fn uses(&self, document: &Document, of: &[Key]) -> Vec<Use> {
        let of: HashSet<Key> = of.iter().copied().collect();
        let gives = of.iter().any(|key| document.node(*key).reference().is_some());
        let users: Vec<(Key, Vec<String>)> = self
            .nodes()
            .filter(|node| gives || of.contains(node))
            .map(|node| (node, refs_used(document, node)))
            .filter(|(_, names)| !names.is_empty())
            .collect();
        if users.is_empty() {
            return Vec::new();
        }
        let mut holders: HashMap<&str, Key> = HashMap::new();
        for key in self.nodes() {
            if let Some(name) = document.node(key).reference() {
                // Of several that claim a ref the first has it, as the checks say.
                holders.entry(name).or_insert(key);
            }
        }
        let mut found = Vec::new();
        for (to, names) in users {
            let mut seen = HashSet::new();
            for name in names {
                let Some(from) = holders.get(name.as_str()).copied() else { continue };
                let asked = of.contains(&from) || of.contains(&to);
                if from == to || !asked || !seen.insert(from) {
                    continue;
                }
                if let Some(route) = self.route(from, to) {
                    found.push(Use { from, to, name, route });
                }
            }
        }
        found
    }

    fn route(&self, from: Key, to: Key) -> Option<[Point; 4]> {
        let (from, to) = (self.get(from)?.rect, self.get(to)?.rect);
        let aside = from.right().max(to.right()) + ASIDE;
        let (start, end) = (from.center().y, to.center().y);
        Some([
            Point::new(from.right(), start),
            Point::new(aside, start),
            Point::new(aside, end),
            Point::new(to.right(), end),
        ])
    }
}

/// The refs that the strings of a node name, those of its steps left out.
fn refs_used(document: &Document, node: Key) -> Vec<String> {
    let steps = document.node(node).steps_array();
    let mut names = Vec::new();
    let mut open = vec![node];
    while let Some(key) = open.pop() {
        if Some(key) == steps {
            continue;
        }
        if let Some(text) = document.str(key).filter(|text| text.contains("${")) {
            let refs = expr::references(text).into_iter().filter(|used| used.root == Root::Refs);
            names.extend(refs.map(|used| used.name));
        }
        let from = open.len();
        open.extend(document.members(key).map(|(_, member)| member));
        open.extend(document.elements(key));
        open[from..].reverse();
    }
    names
}
