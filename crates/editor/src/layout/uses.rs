//! Who uses whose ref: the quieter kind of edges, found and routed when they are asked for.

use std::collections::{HashMap, HashSet};

use slipway_flow::{
    document::{Document, Key},
    expr::{self, Root},
};

use super::Layout;
use crate::geometry::{Point, Rect};

/// How far an edge runs beside the nodes that it connects.
const ASIDE: f64 = 12.0;
/// How far beside its middle an edge meets the upper or lower side of a node: the arrows of the
/// order are in the middle.
const BESIDE: f64 = 24.0;
/// After so many nodes in its way an edge runs where it may.
const TRIES: usize = 32;

/// A node uses the ref of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The node that has the ref, and the one that uses it.
    pub from: Key,
    pub to: Key,
    /// The ref.
    pub name: String,
    /// Where the edge runs, across and down by turns: out of the right side of the one, beside what
    /// stands between, into the right side of the other. Where something stands beside a node, its
    /// lower or upper side instead.
    pub route: Vec<Point>,
    /// The middle of the long way down.
    pub middle: Point,
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
                if let Some((route, middle)) = self.route(from, to) {
                    found.push(Use { from, to, name, route, middle });
                }
            }
        }
        found
    }

    fn route(&self, from: Key, to: Key) -> Option<(Vec<Point>, Point)> {
        let (from, to) = (self.get(from)?.rect, self.get(to)?.rect);
        let (start, end) = (from.center(), to.center());
        // A way that ends above the user may still reach its side, if nothing stands there.
        let aside = self.lane(from.right() + ASIDE, start.y, to.y - ASIDE);
        let free = |way: &Rect| self.first_in(way).is_none();
        let reaches = free(&strip(aside, start.y, end.y));
        let beside = |node: &Rect, y: f64| {
            let way = Rect::spanning(Point::new(node.right(), y - 1.0), Point::new(aside, y + 1.0));
            aside > node.right() && free(&way)
        };
        let mut route = if beside(&from, start.y) {
            vec![Point::new(from.right(), start.y), Point::new(aside, start.y)]
        } else {
            let (x, below) = (start.x + BESIDE, from.bottom() + ASIDE);
            vec![Point::new(x, from.bottom()), Point::new(x, below), Point::new(aside, below)]
        };
        let out = route.len() - 1;
        if reaches && beside(&to, end.y) {
            route.extend([Point::new(aside, end.y), Point::new(to.right(), end.y)]);
        } else {
            let (x, above) = (end.x + BESIDE, to.y - ASIDE);
            route.extend([Point::new(aside, above), Point::new(x, above), Point::new(x, to.y)]);
        }
        let middle = Point::new(aside, f64::midpoint(route[out].y, route[out + 1].y));
        Some((route, middle))
    }

    /// The first way down at `x` or right of it that meets no node.
    fn lane(&self, mut x: f64, from: f64, to: f64) -> f64 {
        for _ in 0..TRIES {
            match self.first_in(&strip(x, from, to)) {
                Some(node) => x = node.right() + ASIDE,
                None => break,
            }
        }
        x
    }

    /// The first node without visible steps that a part of the picture meets.
    fn first_in(&self, part: &Rect) -> Option<Rect> {
        let mut found = None;
        self.look(part, |seen| {
            if found.is_none() && seen.arrangement.is_none() {
                found = Some(seen.rect);
            }
            found.is_none()
        });
        found
    }
}

/// A way up or down.
fn strip(x: f64, from: f64, to: f64) -> Rect {
    Rect::spanning(Point::new(x - 1.0, from), Point::new(x + 1.0, to))
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
