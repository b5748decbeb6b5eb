//! The tree that comes out: what is in it, where, and in which order.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        order::{Role, weave},
        outline::{Class, Part, SETTINGS},
    },
    Choice, Side,
    nodes::{Found, circles},
    three::Three,
};
use crate::{document::Key, kinds::FreeNames};

/// Something of the merged document.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) class: Class,
    pub(super) part: Part,
    /// In mine; None where it comes from theirs.
    pub(super) mine: Option<Key>,
    pub(super) theirs: Option<Key>,
    /// What stands in it, as indices into the tree's `all`.
    pub(super) children: Vec<usize>,
    /// Whether it comes from theirs with exactly what is inside it there.
    pub(super) whole: bool,
    /// The ref that it gets, because mine has another node with its own.
    pub(super) new_ref: Option<String>,
}

/// The merged document without members.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) all: Vec<Placed>,
    /// What is in the document, each before what is inside it.
    pub(super) order: Vec<usize>,
    /// Arrays of mine in nodes that go, and what stays in them.
    pub(super) left: Vec<(Key, Vec<Key>)>,
    /// Lists and root nodes of theirs.
    pub(super) structure: HashSet<Key>,
}

pub(super) fn settle(three: &Three<'_>, found: &Found, decided: &dyn Fn(usize) -> Choice) -> Tree {
    let mut settling = Settling { three, found, decided, gone: Vec::new(), parent: Vec::new() };
    settling.find_gone();
    settling.find_parents();
    settling.tree()
}

struct Settling<'a, 'd> {
    three: &'a Three<'d>,
    found: &'a Found,
    decided: &'a dyn Fn(usize) -> Choice,
    gone: Vec<bool>,
    /// What each comes to stand in.
    parent: Vec<Option<usize>>,
}

impl Settling<'_, '_> {
    fn find_gone(&mut self) {
        let three = self.three;
        self.gone = (0..three.all.len())
            .map(|one| {
                let at = three.all[one].at;
                let keeper = if at.mine.is_some() { Side::Mine } else { Side::Theirs };
                match self.found.removed.get(&one) {
                    Some(Some(conflict)) => (self.decided)(*conflict) != keeper.choice(),
                    Some(None) => true,
                    None => at.mine.is_none() && at.theirs.is_none(),
                }
            })
            .collect();
        for (mine, theirs, conflict) in &self.found.additions {
            match (self.decided)(*conflict) {
                Choice::Mine => self.gone[*theirs] = true,
                Choice::Theirs => self.gone[*mine] = true,
                Choice::Both => {}
            }
        }
        // What one side added inside something that goes, goes with it.
        for side in [Side::Mine, Side::Theirs] {
            for one in three.on(side) {
                let added = three.all[one].at.base.is_none();
                if added
                    && three.all[one].on(side.other()).is_none()
                    && three.parent(one, side).is_some_and(|parent| self.gone[parent])
                {
                    self.gone[one] = true;
                }
            }
        }
    }

    /// Whose place it takes, where both have it.
    fn side(&self, one: usize) -> Side {
        let three = self.three;
        match (three.all[one].on(Side::Mine), three.all[one].on(Side::Theirs)) {
            (None, _) => Side::Theirs,
            (_, None) => Side::Mine,
            _ if three.parent(one, Side::Mine) == three.parent(one, Side::Theirs) => Side::Mine,
            _ => match self.found.places.get(&one) {
                Some(conflict) => side_of((self.decided)(*conflict)),
                None if three.all[one].is_moved(Side::Theirs) => Side::Theirs,
                None => Side::Mine,
            },
        }
    }

    fn find_parents(&mut self) {
        let count = self.three.all.len();
        let mut sides: Vec<Side> = (0..count).map(|one| self.side(one)).collect();
        let mut plain = vec![false; count];
        self.parent = (0..count).map(|one| self.parent_on(one, sides[one], true)).collect();
        // What each put into the other's: first as it was decided, then as mine has it, which is a
        // tree. Each round settles at least one node of each circle.
        for round in 0.. {
            let circles = circles(count, |one| self.parent[one]);
            if circles.is_empty() {
                return;
            }
            let all = 0..count;
            let involved: Vec<usize> =
                if round < 64 { circles.into_iter().flatten().collect() } else { all.collect() };
            for one in involved {
                let tangled = self.found.tangled.get(&one).filter(|_| round == 0);
                sides[one] = match tangled.map(|conflict| (self.decided)(*conflict)) {
                    Some(choice) => side_of(choice),
                    None => Side::Mine,
                };
                if self.three.all[one].on(sides[one]).is_none() {
                    sides[one] = sides[one].other();
                }
                plain[one] = round > 0;
                self.parent[one] = self.parent_on(one, sides[one], !plain[one]);
            }
            if round > 64 {
                return;
            }
        }
    }

    /// What it stands in on a side, else on the other, else the nearest around that stays.
    fn parent_on(&self, one: usize, side: Side, either: bool) -> Option<usize> {
        let first = self.three.parent(one, side);
        let second = self.three.parent(one, side.other()).filter(|_| either);
        let stays = |parent: &usize| !self.gone[*parent];
        if let Some(parent) = first.filter(stays).or(second.filter(stays)) {
            return Some(parent);
        }
        let mut at = first?;
        while self.gone[at] {
            at = self.three.parent(at, side).filter(|parent| *parent != at)?;
        }
        Some(at)
    }

    fn tree(&self) -> Tree {
        let three = self.three;
        let count = three.all.len();
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); count];
        for one in 0..count {
            if let Some(parent) = self.parent[one].filter(|parent| *parent != one)
                && !self.gone[one]
            {
                inside[parent].push(one);
            }
        }
        let renamed = self.new_refs();
        let mut all: Vec<Placed> = (0..count)
            .map(|one| {
                let keys = three.keys(one);
                let entry = three.any(one);
                Placed {
                    class: entry.map_or(Class::Item, |entry| entry.class),
                    part: entry.map_or(Part::Flow, |entry| entry.part),
                    mine: keys.mine,
                    theirs: keys.theirs,
                    children: self.in_order(one, &inside[one]),
                    whole: false,
                    new_ref: renamed.get(&one).cloned(),
                }
            })
            .collect();
        let mut order = Vec::new();
        let mut open = vec![SETTINGS];
        while let Some(one) = open.pop() {
            order.push(one);
            open.extend(all[one].children.iter().rev());
        }
        for one in order.iter().rev().copied() {
            let alone = three.all[one].on(Side::Mine).is_none();
            let same = all[one].children.iter().copied().eq(three.children(one, Side::Theirs));
            let inside = all[one].children.iter();
            let mut inside = inside.map(|child| &all[*child]);
            let whole = inside.all(|child| child.whole && child.new_ref.is_none());
            all[one].whole = alone && same && whole;
        }
        let left = three.on(Side::Mine).filter(|one| self.gone[*one]).filter_map(|one| {
            let stays = |child: &usize| self.gone[*child];
            let children = three.children(one, Side::Mine).filter(stays);
            let array = three.entry(one, Side::Mine)?.array?;
            Some((array, children.filter_map(|child| three.keys(child).mine).collect()))
        });
        let left = left.collect();
        let entries = &three.theirs.entries;
        let roots = entries.iter().filter(|entry| entry.class == Class::Root);
        let lists = entries.iter().filter_map(|entry| entry.array);
        let structure = lists.chain(roots.filter_map(|root| root.key)).collect();
        Tree { all, order, left, structure }
    }

    /// What stands in a node: the steps that all three have in the order that was settled, among
    /// them what mine has, and then what theirs has.
    fn in_order(&self, parent: usize, inside: &[usize]) -> Vec<usize> {
        let three = self.three;
        if inside.is_empty() {
            return Vec::new();
        }
        let here = |one: usize| self.parent[one] == Some(parent) && !self.gone[one];
        let stands = |one: usize, side: Side| three.parent(one, side) == Some(parent);
        // For each common step, whether it tells where mine, and theirs, put what follows it.
        let mut leads: HashMap<usize, [bool; 2]> = HashMap::new();
        let mut common = Vec::new();
        for stretch in self.found.orders.get(&parent).into_iter().flatten() {
            let (order, [mine, theirs]) = stretch.settled(self.decided);
            common.extend_from_slice(order);
            leads.extend(order.iter().map(|one| {
                let stays = |side| !three.all[*one].is_placed(side);
                (*one, [mine || stays(Side::Theirs), theirs || stays(Side::Mine)])
            }));
        }
        let by_theirs = |one: usize| {
            let chosen = |conflict: &usize| (self.decided)(*conflict) == Choice::Theirs;
            !stands(one, Side::Mine)
                || stands(one, Side::Theirs) && self.found.places.get(&one).is_some_and(chosen)
        };
        let mine = three.children(parent, Side::Mine).map(|one| {
            let role = match leads.get(&one) {
                Some([true, _]) => Role::Anchor,
                None if here(one) && !by_theirs(one) => Role::Insert,
                _ => Role::Pass,
            };
            (one, role)
        });
        let list = weave(&common, mine, |_| false);
        let settled = |one: usize| match leads.get(&one) {
            Some([_, theirs]) => *theirs,
            None => self.found.agreed.contains(&one),
        };
        let other = three.children(parent, Side::Theirs).map(|one| {
            let role = match (here(one), by_theirs(one)) {
                (false, _) => Role::Pass,
                (true, true) => Role::Insert,
                (true, false) if settled(one) => Role::Anchor,
                (true, false) => Role::Pass,
            };
            (one, role)
        });
        let unknown = |one: usize| !stands(one, Side::Theirs) || !settled(one);
        let mut woven = weave(&list, other, unknown);
        if woven.len() < inside.len() {
            // What lost the place that it had on either side.
            let known: HashSet<usize> = woven.iter().copied().collect();
            woven.extend(inside.iter().copied().filter(|one| !known.contains(one)));
        }
        woven
    }

    /// Refs that nothing else has, for theirs of what both added by one ref.
    fn new_refs(&self) -> HashMap<usize, String> {
        let three = self.three;
        let kept: Vec<usize> = self
            .found
            .additions
            .iter()
            .filter(|(_, _, conflict)| (self.decided)(*conflict) == Choice::Both)
            .map(|(_, theirs, _)| *theirs)
            .collect();
        if kept.is_empty() {
            return HashMap::new();
        }
        let reference = |one: usize, side: Side| {
            let document = three.outline(side).document;
            let key = document.get(three.entry(one, side)?.key?, "ref")?;
            document.str(key)
        };
        let mut free = FreeNames::new(
            [Side::Mine, Side::Theirs]
                .into_iter()
                .flat_map(|side| three.on(side).filter_map(move |one| reference(one, side))),
        );
        let mut renamed = HashMap::new();
        for one in kept {
            let wanted = reference(one, Side::Theirs).unwrap_or_default();
            renamed.insert(one, free.take(wanted.to_owned()));
        }
        renamed
    }
}

const fn side_of(choice: Choice) -> Side {
    match choice {
        Choice::Theirs => Side::Theirs,
        Choice::Mine | Choice::Both => Side::Mine,
    }
}
