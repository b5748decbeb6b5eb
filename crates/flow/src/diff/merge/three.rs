//! Which node is which in three documents, and who moved it.

use std::collections::{HashMap, VecDeque};

use super::{
    super::{
        matching::{Pairs, class_of},
        outline::{Class, Entry, Outline},
    },
    Side, Sides,
};
use crate::document::Key;

/// A node, trigger or input, the settings, or a list, by its entry in each document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct One {
    pub(super) at: Sides<Option<usize>>,
    /// Who gave it another workflow than it had.
    pub(super) moved: (bool, bool),
    /// Who moved it within its workflow.
    pub(super) reordered: (bool, bool),
}

/// Three outlines and everything in them once.
pub(super) struct Three<'d> {
    pub(super) base: Outline<'d>,
    pub(super) mine: Outline<'d>,
    pub(super) theirs: Outline<'d>,
    pub(super) all: Vec<One>,
    of_base: Vec<usize>,
    of_mine: Vec<usize>,
    of_theirs: Vec<usize>,
}

impl One {
    pub(super) fn on(&self, side: Side) -> Option<usize> {
        match side {
            Side::Mine => self.at.mine,
            Side::Theirs => self.at.theirs,
        }
    }

    pub(super) fn is_moved(&self, side: Side) -> bool {
        match side {
            Side::Mine => self.moved.0,
            Side::Theirs => self.moved.1,
        }
    }

    /// Whether this side put it where it stands there, by any move or by adding it.
    pub(super) fn is_placed(&self, side: Side) -> bool {
        let reordered = match side {
            Side::Mine => self.reordered.0,
            Side::Theirs => self.reordered.1,
        };
        self.at.base.is_none() || reordered || self.is_moved(side)
    }

    /// Whether this side, which doesn't have it, removed it, and the other still has it.
    pub(super) fn is_removed_by(&self, side: Side) -> bool {
        self.at.base.is_some() && self.on(side).is_none() && self.on(side.other()).is_some()
    }
}

impl<'d> Three<'d> {
    pub(super) fn new(base: Outline<'d>, mine: Outline<'d>, theirs: Outline<'d>) -> Self {
        let (to_mine, to_theirs) = (Pairs::new(&base, &mine), Pairs::new(&base, &theirs));
        let mut all: Vec<One> = (0..base.entries.len())
            .map(|at| One {
                at: Sides {
                    base: Some(at),
                    mine: to_mine.to_new[at],
                    theirs: to_theirs.to_new[at],
                },
                ..One::default()
            })
            .collect();
        let of_base: Vec<usize> = (0..all.len()).collect();
        let mut of_mine = Vec::with_capacity(mine.entries.len());
        for (at, old) in to_mine.to_old.iter().enumerate() {
            of_mine.push(old.unwrap_or(all.len()));
            if old.is_none() {
                all.push(One {
                    at: Sides { mine: Some(at), ..Sides::default() },
                    ..One::default()
                });
            }
        }
        let of_theirs = Vec::with_capacity(theirs.entries.len());
        let mut three = Self { base, mine, theirs, all, of_base, of_mine, of_theirs };
        three.add_theirs(&to_theirs);
        three.find_moves(&to_mine, &to_theirs);
        three
    }

    /// Adds what theirs alone has; what both added alike is one.
    fn add_theirs(&mut self, pairs: &Pairs) {
        let mut known = pairs.to_old.clone();
        let mut added = Added::new(self);
        // Each round from the outside in, and the same whoever is who.
        added.pair(self, &mut known, Added::here);
        added.pair(self, &mut known, Added::named);
        added.pair(self, &mut known, Added::here);
        for (at, one) in known.into_iter().enumerate() {
            let one = one.unwrap_or(self.all.len());
            self.of_theirs.push(one);
            match self.all.get_mut(one) {
                Some(found) => found.at.theirs = Some(at),
                None => self.all.push(One {
                    at: Sides { theirs: Some(at), ..Sides::default() },
                    ..One::default()
                }),
            }
        }
    }

    fn find_moves(&mut self, mine: &Pairs, theirs: &Pairs) {
        for one in 0..self.all.len() {
            let around = |side| self.parent(one, side);
            let base = self.base_parent(one);
            let moved = |side| base.is_some() && around(side).is_some() && around(side) != base;
            let moved = (moved(Side::Mine), moved(Side::Theirs));
            let One { at, .. } = self.all[one];
            let one = &mut self.all[one];
            one.moved = moved;
            one.reordered = (
                at.mine.is_some_and(|at| mine.is_reordered(at)),
                at.theirs.is_some_and(|at| theirs.is_reordered(at)),
            );
        }
    }

    pub(super) fn outline(&self, side: Side) -> &Outline<'d> {
        match side {
            Side::Mine => &self.mine,
            Side::Theirs => &self.theirs,
        }
    }

    pub(super) fn entry(&self, one: usize, side: Side) -> Option<&Entry> {
        self.all[one].on(side).map(|at| &self.outline(side).entries[at])
    }

    pub(super) fn base_entry(&self, one: usize) -> Option<&Entry> {
        self.all[one].at.base.map(|at| &self.base.entries[at])
    }

    /// Any side's entry: class, part and what it is called are much the same.
    pub(super) fn any(&self, one: usize) -> Option<&Entry> {
        self.entry(one, Side::Mine)
            .or_else(|| self.entry(one, Side::Theirs))
            .or_else(|| self.base_entry(one))
    }

    pub(super) fn is_item(&self, one: usize) -> bool {
        self.any(one).is_some_and(|entry| entry.class == Class::Item)
    }

    fn of(&self, side: Side) -> &[usize] {
        match side {
            Side::Mine => &self.of_mine,
            Side::Theirs => &self.of_theirs,
        }
    }

    /// Everything of a side, each before what is inside it.
    pub(super) fn on(&self, side: Side) -> impl Iterator<Item = usize> + '_ {
        self.of(side).iter().copied()
    }

    /// What it stands in on a side.
    pub(super) fn parent(&self, one: usize, side: Side) -> Option<usize> {
        self.entry(one, side).and_then(|entry| self.of(side).get(entry.parent).copied())
    }

    /// What stands in it on a side, in order.
    pub(super) fn children(&self, one: usize, side: Side) -> impl Iterator<Item = usize> + '_ {
        let children = self.entry(one, side).map_or(&[][..], |entry| &entry.children);
        children.iter().map(move |at| self.of(side)[*at])
    }

    /// What it stood in.
    pub(super) fn base_parent(&self, one: usize) -> Option<usize> {
        self.base_entry(one).map(|entry| self.of_base[entry.parent])
    }

    /// What stood in it, in order.
    pub(super) fn base_children(&self, one: usize) -> impl Iterator<Item = usize> + '_ {
        let children = self.base_entry(one).map_or(&[][..], |entry| &entry.children);
        children.iter().map(|at| self.of_base[*at])
    }

    /// Whether it stands in that workflow in all three documents.
    pub(super) fn is_common(&self, one: usize, parent: usize) -> bool {
        let around = [self.parent(one, Side::Mine), self.parent(one, Side::Theirs)];
        self.base_parent(one) == Some(parent) && around == [Some(parent); 2]
    }

    pub(super) fn keys(&self, one: usize) -> Sides<Option<Key>> {
        Sides {
            base: self.base_entry(one).and_then(|entry| entry.key),
            mine: self.entry(one, Side::Mine).and_then(|entry| entry.key),
            theirs: self.entry(one, Side::Theirs).and_then(|entry| entry.key),
        }
    }
}

/// What mine added, by what it is and where.
struct Added {
    /// By the workflow around it and its content.
    here: HashMap<(usize, u32), VecDeque<usize>>,
    /// By its name and content.
    named: HashMap<(u32, u32, u32), VecDeque<usize>>,
    roots: Vec<(super::Part, usize)>,
    taken: Vec<bool>,
}

impl Added {
    fn new(three: &Three<'_>) -> Self {
        let mut added = Self {
            here: HashMap::new(),
            named: HashMap::new(),
            roots: Vec::new(),
            taken: vec![false; three.all.len()],
        };
        for (at, one) in three.of_mine.iter().copied().enumerate() {
            if three.all[one].at.base.is_some() {
                continue;
            }
            let entry = &three.mine.entries[at];
            if entry.class == Class::Root {
                added.roots.push((entry.part, one));
                continue;
            }
            let around = three.of_mine[entry.parent];
            added.here.entry((around, entry.deep)).or_default().push_back(one);
            if let Some(name) = entry.name {
                added
                    .named
                    .entry((class_of(entry.part), name, entry.deep))
                    .or_default()
                    .push_back(one);
            }
        }
        added
    }

    /// Finds for what theirs added what of mine it is. `known` has what is found.
    fn pair(
        &mut self,
        three: &Three<'_>,
        known: &mut [Option<usize>],
        find: impl Fn(&mut Self, &Entry, Option<usize>) -> Option<usize>,
    ) {
        for (at, entry) in three.theirs.entries.iter().enumerate() {
            if known[at].is_none() {
                let around = known.get(entry.parent).copied().flatten();
                known[at] = find(self, entry, around);
            }
        }
    }

    /// The root of the same part, or an equal one in the same workflow.
    fn here(&mut self, entry: &Entry, around: Option<usize>) -> Option<usize> {
        if entry.class == Class::Root {
            return self.roots.iter().find(|root| root.0 == entry.part).map(|root| root.1);
        }
        let queue = self.here.get_mut(&(around?, entry.deep))?;
        first_free(queue, &mut self.taken)
    }

    /// An equal one with the same ref, anywhere.
    fn named(&mut self, entry: &Entry, _: Option<usize>) -> Option<usize> {
        let name = (class_of(entry.part), entry.name?, entry.deep);
        first_free(self.named.get_mut(&name)?, &mut self.taken)
    }
}

fn first_free(queue: &mut VecDeque<usize>, taken: &mut [bool]) -> Option<usize> {
    while let Some(one) = queue.pop_front() {
        if !std::mem::replace(&mut taken[one], true) {
            return Some(one);
        }
    }
    None
}
