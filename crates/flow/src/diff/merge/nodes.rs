//! Conflicts about whole nodes: one removed what the other changed, both moved a node to different
//! places or put steps in orders that contradict, both added different nodes with one ref. Which there are doesn't depend on what is
//! chosen, nor on who is who.

use std::collections::{HashMap, HashSet};

use super::{
    super::{matching::class_of, order::may_have_moved},
    About, Choice, Conflict, Side, Sides,
    orders::{Stretch, stretches},
    three::Three,
    words,
};
use crate::document::Key;

const EITHER: &[Choice] = &[Choice::Mine, Choice::Theirs];
const ANY: &[Choice] = &[Choice::Mine, Choice::Theirs, Choice::Both];

/// All conflicts about nodes, and which nodes each decides about.
pub(super) struct Found {
    pub(super) conflicts: Vec<Conflict>,
    /// What one side removed with what is inside it, and the conflict about that; without one it
    /// goes.
    pub(super) removed: HashMap<usize, Option<usize>>,
    /// The nodes of an addition: mine, theirs.
    pub(super) additions: Vec<(usize, usize, usize)>,
    /// A node's place.
    pub(super) places: HashMap<usize, usize>,
    /// Of each workflow that all three have, the steps that it has in all three.
    pub(super) orders: HashMap<usize, Vec<Stretch>>,
    /// The nodes that would come to stand in one another.
    pub(super) tangled: HashMap<usize, usize>,
    /// Both moved it, and to the same place.
    pub(super) agreed: HashSet<usize>,
}

pub(super) fn find(three: &Three<'_>) -> Found {
    let mut found = Found {
        conflicts: Vec::new(),
        removed: HashMap::new(),
        additions: Vec::new(),
        places: HashMap::new(),
        orders: HashMap::new(),
        tangled: HashMap::new(),
        agreed: HashSet::new(),
    };
    found.find_removals(three, Side::Theirs);
    found.find_removals(three, Side::Mine);
    found.find_additions(three);
    found.find_places(three);
    found.find_tangles(three);
    found
}

impl Found {
    fn say(
        &mut self,
        three: &Three<'_>,
        about: About,
        one: usize,
        value: Sides<Option<Key>>,
        sentence: String,
    ) -> usize {
        self.conflicts.push(Conflict {
            about,
            part: three.any(one).map_or(super::Part::Settings, |entry| entry.part),
            node: three.keys(one),
            pointer: String::new(),
            label: None,
            value,
            order: Sides::default(),
            sentence,
            stands: Choice::Mine,
            choices: EITHER,
        });
        self.conflicts.len() - 1
    }

    /// What `remover` took out stays as one, with everything inside it, where the other changed any
    /// of it, moved it to another workflow, or put something inside it.
    fn find_removals(&mut self, three: &Three<'_>, remover: Side) {
        let keeper = remover.other();
        // The outermost removed node around each, and the first thing that the keeper did there.
        let mut outermost: HashMap<usize, usize> = HashMap::new();
        let mut reasons: HashMap<usize, usize> = HashMap::new();
        let mut order = Vec::new();
        for one in three.on(keeper) {
            let Some(entry) = three.entry(one, keeper) else { continue };
            let around =
                three.parent(one, keeper).and_then(|parent| outermost.get(&parent).copied());
            let moved = three.all[one].is_moved(keeper);
            if three.all[one].is_removed_by(remover) {
                let root = around.unwrap_or(one);
                outermost.insert(one, root);
                order.push(one);
                let changed = three.base_entry(one).is_some_and(|base| base.own != entry.own);
                if changed || moved {
                    reasons.entry(root).or_insert(one);
                }
            } else if let Some(root) = around
                && (moved || three.all[one].at.base.is_none())
            {
                reasons.entry(root).or_insert(one);
            }
        }
        let mut said: HashMap<usize, usize> = HashMap::new();
        for one in order {
            let root = outermost[&one];
            let conflict = reasons.get(&root).map(|reason| {
                *said.entry(root).or_insert_with(|| {
                    let sentence = words::removal(three, remover, root, *reason);
                    let at = self.say(three, About::Removal, root, three.keys(root), sentence);
                    self.conflicts[at].stands = keeper.choice();
                    at
                })
            });
            self.removed.insert(one, conflict);
        }
    }

    fn find_additions(&mut self, three: &Three<'_>) {
        let named = |one: usize, side: Side| {
            let entry = three.entry(one, side)?;
            let document = three.outline(side).document;
            let key = document.get(entry.key?, "ref")?;
            document.str(key).filter(|name| !name.is_empty() && three.is_item(one))?;
            Some((class_of(entry.part), entry.name?))
        };
        let alone = |one: &usize, side: Side| {
            let at = three.all[*one].at;
            at.base.is_none() && three.all[*one].on(side.other()).is_none()
        };
        let mut mine: HashMap<(u32, u32), usize> = HashMap::new();
        for one in three.on(Side::Mine).filter(|one| alone(one, Side::Mine)) {
            if let Some(name) = named(one, Side::Mine) {
                mine.entry(name).or_insert(one);
            }
        }
        for one in three.on(Side::Theirs).filter(|one| alone(one, Side::Theirs)) {
            let Some(other) = named(one, Side::Theirs).and_then(|name| mine.remove(&name)) else {
                continue;
            };
            let keys =
                Sides { base: None, mine: three.keys(other).mine, theirs: three.keys(one).theirs };
            let sentence = words::addition(three, other);
            let at = self.say(three, About::Addition, other, keys, sentence);
            self.conflicts[at].node = keys;
            self.conflicts[at].stands = Choice::Both;
            self.conflicts[at].choices = ANY;
            self.additions.push((other, one, at));
        }
    }

    fn find_places(&mut self, three: &Three<'_>) {
        for one in 0..three.all.len() {
            let (mine, theirs) = (three.parent(one, Side::Mine), three.parent(one, Side::Theirs));
            let (Some(mine), Some(theirs)) = (mine, theirs) else { continue };
            if mine != theirs && three.is_item(one) && is_brought_by_both(three, one) {
                let sentence = words::places(three, one, mine, theirs);
                self.say_place(three, one, sentence);
            }
        }
        for parent in 0..three.all.len() {
            self.find_away(three, parent, Side::Mine);
            self.find_away(three, parent, Side::Theirs);
            self.find_brought(three, parent);
            self.find_orders(three, parent);
        }
    }

    /// Nodes that `mover` put into another workflow, and that the other may have moved within
    /// theirs.
    fn find_away(&mut self, three: &Three<'_>, parent: usize, mover: Side) {
        let stayed = mover.other();
        let went = |one: usize| three.all[one].is_moved(mover) && three.is_item(one);
        if !three.base_children(parent).any(went) {
            return;
        }
        // Older siblings have smaller numbers.
        let known = |one: &usize| three.base_parent(*one) == Some(parent);
        let here: Vec<usize> = three.children(parent, stayed).filter(known).collect();
        for (one, moved) in here.iter().copied().zip(may_have_moved(&here)) {
            if let Some(to) = three.parent(one, mover).filter(|_| moved && went(one)) {
                self.say_place(three, one, words::away(three, one, mover, [parent, to]));
            }
        }
    }

    /// Steps of all three documents in orders that contradict.
    fn find_orders(&mut self, three: &Three<'_>, parent: usize) {
        let found = stretches(three, parent, |orders| {
            let first = orders[0].first().copied().unwrap_or(parent);
            let sentence = words::orders(three, parent);
            let at = self.say(three, About::Order, first, Sides::default(), sentence);
            let [base, mine, theirs] = orders.map(|order| words::names(three, order));
            self.conflicts[at].order = Sides { base, mine, theirs };
            at
        });
        if !found.is_empty() {
            self.orders.insert(parent, found);
        }
    }

    fn say_place(&mut self, three: &Three<'_>, one: usize, sentence: String) {
        let workflow = |side| {
            let parent = three.parent(one, side)?;
            three.entry(parent, side)?.key
        };
        let base = three.all[one]
            .at
            .base
            .and_then(|at| three.base.entries[three.base.entries[at].parent].key);
        let value = Sides { base, mine: workflow(Side::Mine), theirs: workflow(Side::Theirs) };
        let at = self.say(three, About::Place, one, value, sentence);
        self.places.insert(one, at);
    }

    /// Nodes that both brought into one workflow: behind the same node that neither moved, or it is
    /// a conflict.
    fn find_brought(&mut self, three: &Three<'_>, parent: usize) {
        let common = |one: usize, side: Side| three.parent(one, side) == Some(parent);
        let disputed: Vec<usize> = three
            .children(parent, Side::Mine)
            .filter(|one| common(*one, Side::Theirs) && three.is_item(*one))
            .filter(|one| is_brought_by_both(three, *one))
            .collect();
        if disputed.is_empty() {
            return;
        }
        // The nearest sibling before each that neither moved.
        let before = |side: Side| {
            let mut last = None;
            let mut before = HashMap::new();
            for one in three.children(parent, side) {
                before.insert(one, last);
                let stays = |side| !three.all[one].is_placed(side);
                if common(one, side.other()) && stays(Side::Mine) && stays(Side::Theirs) {
                    last = Some(one);
                }
            }
            before
        };
        let (mine, theirs) = (before(Side::Mine), before(Side::Theirs));
        for one in disputed {
            if mine[&one] == theirs[&one] || three.all[one].at.base.is_none() {
                self.agreed.insert(one);
            } else {
                let sentence = words::order(three, one);
                self.say_place(three, one, sentence);
            }
        }
    }

    /// Workflows that would come to stand in one another, were each put where it was moved.
    fn find_tangles(&mut self, three: &Three<'_>) {
        let parent = |one: usize| {
            let (mine, theirs) = (three.parent(one, Side::Mine), three.parent(one, Side::Theirs));
            match (mine, theirs) {
                _ if self.places.contains_key(&one) && is_brought_by_both(three, one) => None,
                (Some(mine), Some(theirs)) => {
                    Some(if three.all[one].is_moved(Side::Theirs) { theirs } else { mine })
                }
                (mine, theirs) => mine.or(theirs),
            }
        };
        for circle in circles(three.all.len(), parent) {
            let movers =
                |side| circle.iter().copied().find(move |one| three.all[*one].is_moved(side));
            let (Some(mine), Some(theirs)) = (movers(Side::Mine), movers(Side::Theirs)) else {
                continue;
            };
            let first = circle.iter().copied().min().unwrap_or(mine);
            let sentence = words::tangle(three, mine, theirs);
            let at = self.say(three, About::Tangle, first, Sides::default(), sentence);
            self.tangled.extend(circle.iter().map(|one| (*one, at)));
        }
    }
}

/// Whether both added it, or moved it out of the workflow that it was in.
fn is_brought_by_both(three: &Three<'_>, one: usize) -> bool {
    three.all[one].at.base.is_none() || three.all[one].moved == (true, true)
}

/// The circles of a graph in which everything leads to one thing at most; a root may lead to itself.
pub(super) fn circles(count: usize, next: impl Fn(usize) -> Option<usize>) -> Vec<Vec<usize>> {
    // By the walk that came by, counted from 1.
    let mut seen = vec![0_usize; count];
    let mut found = Vec::new();
    for start in 0..count {
        let mut path = Vec::new();
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = start + 1;
            path.push(at);
            match next(at) {
                Some(to) if to != at => at = to,
                _ => break,
            }
        }
        if seen[at] == start + 1
            && path.last() != Some(&at)
            && let Some(from) = path.iter().position(|one| *one == at)
        {
            found.push(path[from..].to_vec());
        }
    }
    found
}
