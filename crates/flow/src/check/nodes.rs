//! The nodes of a document with what most rules ask of them.
//!
//! There are two views of a node, for the two sorts of rules. [`Node`] is what is written in the
//! node itself and the little that it inherits: what a rule about one node is given, whose findings
//! are kept until one of these changes. [`Placed`] is a node among all others, for rules across
//! nodes, which run each time.

use std::ops::Deref;

use super::{
    checker::{Facts, Kept, Store},
    fields, known,
};
use crate::{
    document::{Document, Key},
    kinds::{self, Kind},
};

/// What is written in a node itself. Everything that rules look up in every node is here, so that
/// it is looked up again only after the node changed.
#[derive(Clone, Copy)]
pub(super) struct Own {
    kind_word: Option<Key>,
    kind: Option<&'static Kind>,
    guessed: bool,
    spec: Option<Key>,
    steps: Option<Key>,
    /// Whether the steps stand where a run looks for them.
    runs_steps: bool,
    is_loop: bool,
    is_parallel: bool,
    /// Whether it names another project.
    elsewhere: bool,
    skips: Skips,
}

/// What a node has from the workflows around it, and from the document as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inherited {
    /// Whether a loop is around it, which gives its steps values of its own.
    pub(super) in_loop: bool,
    pub(super) in_teardown: bool,
    /// Whether it acts on another project.
    pub(super) elsewhere: bool,
    /// Whether the document is a team template.
    pub(super) in_template: bool,
}

/// A node as rules about one node know it.
#[derive(Clone, Copy)]
pub(super) struct Node<'d> {
    pub(super) key: Key,
    /// The word at `kind`; empty where there is none.
    pub(super) word: &'d str,
    /// What it is, or what it is probably meant to be where it says so with a slip of the pen.
    pub(super) kind: Option<&'static Kind>,
    /// Whether it only looks like the kind.
    pub(super) guessed: bool,
    /// The `spec`, where it is an object.
    pub(super) spec: Option<Key>,
    /// The array of steps of a node that has one.
    pub(super) steps: Option<Key>,
    pub(super) inherited: Inherited,
}

/// A node among the others.
pub(super) struct Placed<'d> {
    node: Node<'d>,
    /// What rules across nodes ask of it.
    pub(super) facts: &'d Facts,
    place: Place,
}

/// Where a node stands among the others.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) key: Key,
    own: Own,
    in_loop: bool,
    in_teardown: bool,
    elsewhere: bool,
    /// The index of the workflow around it.
    around: Option<usize>,
    /// How many workflows are around it.
    depth: usize,
    skips: Skips,
    /// Whether a run gets to it: all lists of steps around it stand where they belong.
    runs: bool,
}

/// Whether a node, or a workflow around it, is passed over in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skips {
    Never,
    /// An expression says so, run by run.
    Sometimes,
    Always,
}

impl Own {
    pub(super) fn of(document: &Document, key: Key) -> Self {
        let spec =
            known::near_member(document, key, "spec").filter(|spec| document.is_object(*spec));
        let kind_word = document.get(key, "kind").filter(|word| document.str(*word).is_some());
        let word = kind_word.and_then(|word| document.str(word)).unwrap_or_default();
        let known = kinds::of(document, key);
        let guess = if known.is_none() { known::guess(document, key) } else { None };
        let skips = match document.get(key, "skipNodeExecution").and_then(|it| document.str(it)) {
            Some("true") => Skips::Always,
            Some(text) if text.contains("${") => Skips::Sometimes,
            _ => Skips::Never,
        };
        let is_container = known.or(guess).is_some_and(|kind| kind.container);
        let steps = spec.and_then(|spec| match is_container {
            true => known::near_member(document, spec, "steps"),
            false => document.get(spec, "steps"),
        });
        let steps = steps.filter(|steps| document.is_array(*steps));
        let elsewhere = spec.is_some_and(|spec| {
            let says = |path: &[&str]| document.at(spec, path).is_some();
            says(&["projectId"])
                || says(&["spec", "data", "projectId"])
                || says(&["context", "projectId"])
        });
        Self {
            kind_word,
            kind: known.or(guess),
            guessed: known.is_none() && guess.is_some(),
            spec,
            steps,
            runs_steps: steps.is_some() && document.node(key).steps_array() == steps,
            is_loop: word == "LoopWorkflow",
            is_parallel: word == "Workflow" && document.runs_in_parallel(key),
            elsewhere,
            skips,
        }
    }
}

/// The places of all nodes of the flow, each before its steps, and then of those of the teardown.
/// What is not known of a node is looked up and kept.
pub(super) fn places(document: &Document, store: &mut Store) -> Vec<Place> {
    let mut all: Vec<Place> = Vec::with_capacity(store.nodes);
    let teardown = document.teardown_node().filter(|node| {
        let holder = document.parent(*node);
        holder.is_none_or(|holder| !fields::is_bare_teardown(document, holder))
    });
    for (root, in_teardown) in [(document.root_node(), false), (teardown, true)] {
        let Some(root) = root else { continue };
        let mut open = vec![(root, None)];
        while let Some((key, around)) = open.pop() {
            let own = store.kept(key, || Kept::new(Own::of(document, key))).own;
            let outer: Option<&Place> = around.and_then(|around: usize| all.get(around));
            let place = Place {
                key,
                own,
                in_loop: outer.is_some_and(|outer| outer.in_loop || outer.own.is_loop),
                in_teardown,
                elsewhere: own.elsewhere || outer.is_some_and(|outer| outer.elsewhere),
                around,
                depth: outer.map_or(0, |outer| outer.depth + 1),
                skips: outer.map_or(own.skips, |outer| own.skips.max(outer.skips)),
                runs: outer.is_none_or(|outer| outer.runs && outer.own.runs_steps),
            };
            let index = all.len();
            all.push(place);
            let from = open.len();
            let steps = own.steps.into_iter().flat_map(|steps| document.elements(steps));
            open.extend(steps.map(|step| (step, Some(index))));
            open[from..].reverse();
        }
    }
    store.nodes = all.len();
    all
}

impl Place {
    /// The word at `kind`.
    pub(super) fn word<'d>(&self, document: &'d Document) -> &'d str {
        self.own.kind_word.and_then(|word| document.str(word)).unwrap_or_default()
    }

    /// What rules about this node alone are given. Nothing else of its place goes into that: their
    /// findings are kept for as long as this stays the same.
    pub(super) fn alone<'d>(&self, document: &'d Document, in_template: bool) -> Node<'d> {
        Node {
            key: self.key,
            word: self.word(document),
            kind: self.own.kind,
            guessed: self.own.guessed,
            spec: self.own.spec,
            steps: self.own.steps,
            inherited: self.inherited(in_template),
        }
    }

    pub(super) fn inherited(&self, in_template: bool) -> Inherited {
        Inherited {
            in_loop: self.in_loop,
            in_teardown: self.in_teardown,
            elsewhere: self.elsewhere,
            in_template,
        }
    }
}

impl<'d> Placed<'d> {
    pub(super) fn new(node: Node<'d>, facts: &'d Facts, place: Place) -> Self {
        Self { node, facts, place }
    }

    pub(super) fn around(&self) -> Option<usize> {
        self.place.around
    }

    pub(super) fn skips(&self) -> Skips {
        self.place.skips
    }

    /// Whether a run gets to it.
    pub(super) fn runs(&self) -> bool {
        self.place.runs
    }

    /// Whether its steps start together.
    pub(super) fn is_parallel(&self) -> bool {
        self.place.own.is_parallel
    }
}

impl<'d> Deref for Placed<'d> {
    type Target = Node<'d>;

    fn deref(&self) -> &Node<'d> {
        &self.node
    }
}

/// All nodes of the flow, each before its steps, and then those of the teardown.
pub(super) struct Nodes<'d> {
    pub(super) all: Vec<Placed<'d>>,
}

impl<'d> Nodes<'d> {
    /// The innermost workflow around both of two nodes, by their indices, or one of them where it is
    /// around the other. As many steps as workflows nest.
    pub(super) fn shared(&self, one: usize, other: usize) -> Option<usize> {
        let (mut one, mut other) = (one, other);
        while one != other {
            let depth = |index: usize| self.all.get(index).map(|node| node.place.depth);
            let deeper = if depth(one)? >= depth(other)? { &mut one } else { &mut other };
            *deeper = self.all.get(*deeper)?.place.around?;
        }
        Some(one)
    }

    /// Whether one node has finished when the other starts, in a flow or in a teardown.
    pub(super) fn has_finished(&self, one: usize, when: usize) -> bool {
        let runs = self.all.get(one).is_some_and(Placed::runs);
        let shared = self.shared(one, when).filter(|shared| *shared != one && *shared != when);
        runs && one < when
            && shared.and_then(|shared| self.all.get(shared)).is_some_and(|it| !it.is_parallel())
    }
}
