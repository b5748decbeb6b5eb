//! Checks that remember: after an edit only what it touched is looked at again.
//!
//! There are three sorts of rules, and each is given only what its sort may look at:
//!
//! - [`ALONE`]: about one node. Given a [`View`], they may look at what is written in the node (its
//!   steps are nodes of their own), at what it inherits and at the context. Their findings are kept
//!   with the node's [`Facts`] until a value in it changes, or what it inherits.
//! - [`OUTSIDE`]: about the document around the nodes, which is small.
//! - [`ACROSS`]: about nodes together. Given [`Whole`], they go by the facts of each node, which are
//!   at hand, and look into nodes only for what they report.
//!
//! The last two run each time. [`super::check_in`] is a checker that remembers nothing yet.

use super::{
    Context, Problem, arguments, code, duplicates, expressions, fields,
    finding::{Finding, Findings},
    inherits, inputs, known,
    names::Names,
    nodes::{self, Inherited, Node, Nodes, Own, Placed},
    outer, paths, place, refs, rollouts, secrets, stages, structure, targets, template,
    texts::{self, Named, Text},
    triggers, waits, workflows,
};
use crate::document::{Document, Key, Lengths};

/// What a rule about one node may look at.
pub(super) struct View<'v> {
    /// For the values inside the node, and only those.
    pub(super) document: &'v Document,
    pub(super) node: &'v Node<'v>,
    /// All of them, in order: what isn't here belongs to another node.
    pub(super) values: &'v [Named<'v>],
    /// Those of them that are strings with expressions.
    pub(super) texts: &'v [Text],
    pub(super) context: &'v Context,
}

/// What a rule across nodes may look at.
pub(super) struct Whole<'w> {
    pub(super) document: &'w Document,
    pub(super) nodes: Nodes<'w>,
    pub(super) names: &'w mut Names,
}

/// Rules about one node, in the order in which they find.
const ALONE: &[fn(&View<'_>, &mut Findings)] = &[
    duplicates::node,
    fields::node,
    structure::node,
    known::node,
    workflows::node,
    inherits::node,
    rollouts::node,
    waits::node,
    stages::node,
    paths::node,
    secrets::node,
    expressions::node,
];

/// Rules about the document around the nodes.
const OUTSIDE: &[fn(&Document, &mut Findings)] = &[
    duplicates::outside,
    fields::outside,
    structure::outside,
    triggers::outside,
    paths::outside,
    secrets::outside,
];

/// Rules about a team template around its nodes.
const OUTSIDE_OF_TEMPLATE: &[fn(&Document, &mut Findings)] =
    &[duplicates::outside, template::outside, secrets::outside];

/// Rules about nodes together.
const ACROSS: &[fn(&mut Whole<'_>, &mut Findings)] = &[
    waits::across,
    targets::across,
    arguments::across,
    outer::across,
    inputs::across,
    refs::across,
];

/// What rules across nodes ask of a node, looked up once.
pub(super) struct Facts {
    pub(super) texts: Vec<Text>,
    /// The ref by which others name it.
    pub(super) reference: Option<refs::Declared>,
    /// What it releases to.
    pub(super) target: Option<targets::Target>,
    /// What it reads of nodes of certain kinds.
    pub(super) reads: Vec<waits::Reads>,
    /// Whether it is over only when what it started has succeeded.
    pub(super) waits: bool,
    /// Whether there may be refs in it that can't be read.
    pub(super) hides_refs: bool,
}

/// What is kept of a node.
pub(super) struct Kept {
    pub(super) own: Own,
    /// What rules about the node alone found, once they looked.
    looked: Option<Looked>,
}

struct Looked {
    /// What the node inherited then.
    inherited: Inherited,
    findings: Vec<Finding>,
    facts: Facts,
}

impl Kept {
    pub(super) fn new(own: Own) -> Self {
        Self { own, looked: None }
    }
}

impl Looked {
    fn at(document: &Document, node: &Node<'_>, context: &Context, names: &mut Names) -> Self {
        let values = texts::values_of(document, node);
        let texts = texts::among(&values, document, node, names);
        let mut findings = Findings::default();
        let view = View { document, node, values: &values, texts: &texts, context };
        for rule in ALONE {
            rule(&view, &mut findings);
        }
        let facts = Facts {
            reference: refs::declared(document, node.key, names),
            target: targets::target(document, node, names),
            reads: waits::reads(document, node, names),
            waits: waits::waits(document, node, &findings),
            hides_refs: refs::hides_refs(document, node.key, &findings),
            texts,
        };
        Self { inherited: node.inherited, findings: findings.all, facts }
    }
}

/// What is kept of all nodes, by their keys.
#[derive(Default)]
pub(super) struct Store {
    kept: Vec<Option<Box<Kept>>>,
    /// How many nodes there were last time.
    pub(super) nodes: usize,
}

impl Store {
    fn index(key: Key) -> usize {
        key.number() as usize
    }

    fn get(&self, key: Key) -> Option<&Kept> {
        self.kept.get(Self::index(key))?.as_deref()
    }

    /// What is kept of a node; what `make` gives is kept where nothing is.
    pub(super) fn kept(&mut self, key: Key, make: impl FnOnce() -> Kept) -> &mut Kept {
        let index = Self::index(key);
        if index >= self.kept.len() {
            self.kept.resize_with(index + 1, || None);
        }
        self.kept[index].get_or_insert_with(|| Box::new(make()))
    }

    fn forget(&mut self, key: Key) {
        if let Some(kept) = self.kept.get_mut(Self::index(key)) {
            *kept = None;
        }
    }
}

/// Checks one document again and again while it is edited, in time proportional to what changed
/// and, with a small factor, to the number of nodes.
#[derive(Default)]
pub struct Checker {
    context: Context,
    /// The flow that was looked at, and the document's revision then.
    seen: Option<(Key, usize)>,
    store: Store,
    names: Names,
    lengths: Lengths,
}

impl std::fmt::Debug for Checker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checker").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Checker {
    /// For a flow with these surroundings.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, ..Self::default() }
    }

    /// From now on these are the surroundings. Nothing that was found before counts any longer.
    pub fn surround(&mut self, context: Context) {
        *self = Self::new(context);
    }

    /// Everything that is wrong with the document's flow, in the order of its text: what
    /// [`super::check_in`] says, sooner. Each time it must be the same document, edited or not; for
    /// another one, also for a copy that went its own way, make another checker.
    pub fn check(&mut self, document: &Document) -> Vec<Problem> {
        self.forget_what_changed(document);
        let mut findings = Findings::default();
        if !document.is_object(document.flow()) {
            let sentence = "A release flow's document is an object, in braces.";
            findings.error(document.flow(), code::STRUCTURE, sentence);
            return place::locate(document, &mut self.lengths, findings.all.iter().collect());
        }
        if let Some(data) = template::answered(document) {
            template::report_answer(document, data, &mut findings);
            return place::locate(document, &mut self.lengths, findings.all.iter().collect());
        }
        let Self { context, store, names, lengths, .. } = self;
        let places = nodes::places(document, store);
        let in_template = template::is_one(document, &places);
        for place in &places {
            let kept = store.kept(place.key, || Kept::new(Own::of(document, place.key)));
            let inherited = place.inherited(in_template);
            if kept.looked.as_ref().is_none_or(|looked| looked.inherited != inherited) {
                let node = place.alone(document, in_template);
                kept.looked = Some(Looked::at(document, &node, context, names));
            }
        }
        let looked = |key| store.get(key).and_then(|kept| kept.looked.as_ref());
        let placed = places.iter().filter_map(|place| {
            Some(Placed::new(place.alone(document, in_template), &looked(place.key)?.facts, *place))
        });
        let nodes = Nodes { all: placed.collect() };
        for rule in if in_template { OUTSIDE_OF_TEMPLATE } else { OUTSIDE } {
            rule(document, &mut findings);
        }
        let mut whole = Whole { document, nodes, names };
        for rule in ACROSS {
            rule(&mut whole, &mut findings);
        }
        let alone = places.iter().filter_map(|place| looked(place.key));
        let alone = alone.flat_map(|looked| &looked.findings);
        place::locate(document, lengths, alone.chain(&findings.all).collect())
    }

    /// Forgets the nodes in which values changed since last time, and all that is around them.
    fn forget_what_changed(&mut self, document: &Document) {
        let now = (document.flow(), document.revision());
        let seen = self.seen.replace(now).filter(|(flow, revision)| {
            let too_many_words = self.names.len() > 1_000 + 16 * self.store.nodes;
            *flow == now.0 && *revision <= now.1 && !too_many_words
        });
        let Some((_, revision)) = seen else {
            let context = std::mem::take(&mut self.context);
            *self = Self { seen: Some(now), ..Self::new(context) };
            return;
        };
        for changed in document.changed_since(revision) {
            for key in std::iter::successors(Some(*changed), |key| document.parent(*key)) {
                self.store.forget(key);
                self.lengths.forget(key);
            }
        }
    }
}
