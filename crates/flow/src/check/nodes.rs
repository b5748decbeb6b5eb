//! The nodes of a document with what most rules ask of them, looked up once.

use std::collections::HashMap;

use super::known;
use crate::{
    document::{Document, Key},
    kinds::{self, Kind},
};

/// A node.
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
    /// The index of the workflow around it.
    pub(super) around: Option<usize>,
    /// How many workflows are around it.
    pub(super) depth: usize,
    pub(super) skips: Skips,
    /// Whether a loop is around it, which gives its steps values of its own.
    pub(super) in_loop: bool,
    pub(super) in_teardown: bool,
}

/// Whether a node, or a workflow around it, is passed over in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skips {
    Never,
    /// An expression says so, run by run.
    Sometimes,
    Always,
}

/// All nodes of the flow, each before its steps, and then those of the teardown.
pub(super) struct Nodes<'d> {
    pub(super) all: Vec<Node<'d>>,
    index: HashMap<Key, usize>,
}

impl<'d> Nodes<'d> {
    pub(super) fn of(document: &'d Document) -> Self {
        let mut nodes = Self { all: Vec::new(), index: HashMap::new() };
        for (root, in_teardown) in [(document.root_node(), false), (document.teardown_node(), true)]
        {
            let Some(root) = root else { continue };
            let mut open = vec![(root, None)];
            while let Some((key, around)) = open.pop() {
                let index = nodes.add(document, key, around, in_teardown);
                let from = open.len();
                let steps = nodes.all[index].steps;
                let steps = steps.into_iter().flat_map(|steps| document.elements(steps));
                open.extend(steps.map(|step| (step, Some(index))));
                open[from..].reverse();
            }
        }
        nodes
    }

    fn add(
        &mut self,
        document: &'d Document,
        key: Key,
        around: Option<usize>,
        in_teardown: bool,
    ) -> usize {
        let view = document.node(key);
        let spec =
            known::near_member(document, key, "spec").filter(|spec| document.is_object(*spec));
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
        let outer = around.map(|around| &self.all[around]);
        let node = Node {
            key,
            word: view.kind(),
            kind: known.or(guess),
            guessed: known.is_none() && guess.is_some(),
            spec,
            steps: steps.filter(|steps| document.is_array(*steps)),
            around,
            depth: outer.map_or(0, |outer| outer.depth + 1),
            skips: outer.map_or(skips, |outer| skips.max(outer.skips)),
            in_loop: outer.is_some_and(|outer| outer.in_loop || outer.word == "LoopWorkflow"),
            in_teardown,
        };
        self.index.insert(key, self.all.len());
        self.all.push(node);
        self.all.len() - 1
    }

    /// The node at a key.
    pub(super) fn get(&self, key: Key) -> Option<&Node<'d>> {
        self.index.get(&key).map(|index| &self.all[*index])
    }

    /// The innermost workflow around both, or one of them where it is around the other. As many
    /// steps as workflows nest.
    pub(super) fn shared(&self, one: &Node<'d>, other: &Node<'d>) -> Option<&Node<'d>> {
        let (mut one, mut other) = (self.get(one.key)?, self.get(other.key)?);
        while one.key != other.key {
            let deeper = if one.depth >= other.depth { &mut one } else { &mut other };
            *deeper = &self.all[deeper.around?];
        }
        Some(one)
    }
}
