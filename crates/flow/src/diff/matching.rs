//! Which entry of one document is which of another: by name, by content, by what is inside, by
//! place. Every step pairs within groups, so the whole is linear but for sorting, and the same from
//! either side.

use std::collections::{HashMap, VecDeque};

use super::{
    order::longest_rising,
    outline::{Class, Entry, LISTS, Outline, Part, SETTINGS},
};

/// The pairs of entries of two outlines.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) to_new: Vec<Option<usize>>,
    pub(super) to_old: Vec<Option<usize>>,
    /// Of the new outline: those whose old entry stands in the workflow that corresponds, but that
    /// have to be moved there to come into the new order.
    reordered: Vec<bool>,
}

/// What entries have in common to be a pair; None for what this is not about.
type Group = Option<[u32; 4]>;

const NOTHING: u32 = u32::MAX;

impl Pairs {
    pub(super) fn new(old: &Outline<'_>, new: &Outline<'_>) -> Self {
        let mut pairs = Self {
            to_new: vec![None; old.entries.len()],
            to_old: vec![None; new.entries.len()],
            reordered: vec![false; new.entries.len()],
        };
        let mut matching = Matching { old, new, pairs: &mut pairs };
        if old.entries[SETTINGS].deep == new.entries[SETTINGS].deep {
            matching.pair_subtrees(SETTINGS, SETTINGS);
        } else {
            matching.run();
        }
        pairs.find_reordered(old, new);
        pairs
    }

    /// Whether the entry of the new outline came from another workflow.
    pub(super) fn changed_parent(&self, old: &Outline<'_>, new: &Outline<'_>, at: usize) -> bool {
        let Some(before) = self.to_old[at] else { return false };
        self.to_new[old.entries[before].parent] != Some(new.entries[at].parent)
    }

    /// Whether the entry of the new outline has to move within its workflow.
    pub(super) fn is_reordered(&self, at: usize) -> bool {
        self.reordered[at]
    }

    fn find_reordered(&mut self, old: &Outline<'_>, new: &Outline<'_>) {
        for parent in &new.entries {
            let common: Vec<(usize, usize)> = parent
                .children
                .iter()
                .filter(|child| !self.changed_parent(old, new, **child))
                .filter_map(|child| Some((*child, self.to_old[*child]?)))
                // The roots and lists of a document have fixed places.
                .filter(|(child, _)| new.entries[*child].class == Class::Item)
                .collect();
            // Older siblings have smaller indices.
            let sequence: Vec<usize> = common.iter().map(|(_, before)| *before).collect();
            for ((child, _), stays) in common.iter().zip(longest_rising(&sequence)) {
                self.reordered[*child] = !stays;
            }
        }
    }
}

struct Matching<'a> {
    old: &'a Outline<'a>,
    new: &'a Outline<'a>,
    pairs: &'a mut Pairs,
}

impl Matching<'_> {
    fn run(&mut self) {
        self.pair(SETTINGS, SETTINGS);
        for (list, ..) in LISTS {
            self.pair(list, list);
        }
        for part in [Part::Flow, Part::Teardown] {
            let root = |outline: &Outline<'_>| {
                let is_root = |entry: &Entry| entry.class == Class::Root && entry.part == part;
                outline.entries.iter().position(is_root)
            };
            if let (Some(old), Some(new)) = (root(self.old), root(self.new)) {
                self.pair(old, new);
            }
        }
        self.by_name();
        self.by_unique_content();
        self.by_inside();
        self.by_place();
        self.anywhere();
        self.by_inside();
        self.by_place();
    }

    fn pair(&mut self, old: usize, new: usize) {
        self.pairs.to_new[old] = Some(new);
        self.pairs.to_old[new] = Some(old);
    }

    /// Pairs two entries that are equal with everything inside them.
    fn pair_subtrees(&mut self, old: usize, new: usize) {
        let mut open = vec![(old, new)];
        while let Some((old, new)) = open.pop() {
            if self.pairs.to_new[old].is_none() && self.pairs.to_old[new].is_none() {
                self.pair(old, new);
            }
            let inside = self.old.entries[old].children.iter();
            open.extend(inside.copied().zip(self.new.entries[new].children.iter().copied()));
        }
    }

    fn is_open_old(&self, at: usize) -> bool {
        self.pairs.to_new[at].is_none() && self.old.entries[at].class == Class::Item
    }

    fn is_open_new(&self, at: usize) -> bool {
        self.pairs.to_old[at].is_none() && self.new.entries[at].class == Class::Item
    }

    /// Pairs what is open in each group over the whole documents, in order.
    fn by_group(&mut self, group: impl Fn(&Entry) -> Group, deep: bool) {
        let grouped = |outline: &Outline<'_>| -> Vec<(usize, Group)> {
            outline.entries.iter().enumerate().map(|(at, entry)| (at, group(entry))).collect()
        };
        let (old, new) = (grouped(self.old), grouped(self.new));
        self.pair_groups(&old, &new, deep, &mut Vec::new());
    }

    /// First of one kind; a name whose kind changed is still the same node.
    fn by_name(&mut self) {
        let sort = |entry: &Entry| class_of(entry.part);
        self.by_group(|entry| Some([sort(entry), entry.name?, entry.kind, entry.deep]), false);
        self.by_group(|entry| Some([sort(entry), entry.name?, entry.kind, entry.own]), false);
        self.by_group(|entry| Some([sort(entry), entry.name?, entry.kind, NOTHING]), false);
        self.by_group(|entry| Some([sort(entry), entry.name?, NOTHING, NOTHING]), false);
    }

    /// What is written only once on either side and is equal.
    fn by_unique_content(&mut self) {
        let mut seen: HashMap<[u32; 2], (usize, usize)> = HashMap::new();
        for (at, entry) in self.old.entries.iter().enumerate() {
            if self.is_open_old(at) {
                seen.entry([class_of(entry.part), entry.deep]).or_default().0 += 1;
            }
        }
        for (at, entry) in self.new.entries.iter().enumerate() {
            if self.is_open_new(at) {
                seen.entry([class_of(entry.part), entry.deep]).or_default().1 += 1;
            }
        }
        let unique = |entry: &Entry| {
            let group = [class_of(entry.part), entry.deep];
            (seen.get(&group) == Some(&(1, 1))).then_some([group[0], group[1], NOTHING, NOTHING])
        };
        self.by_group(unique, true);
    }

    /// Pairs workflows by how many of their steps are pairs, the innermost first.
    fn by_inside(&mut self) {
        loop {
            let mut votes: HashMap<(usize, usize), usize> = HashMap::new();
            for (old, new) in self.pairs.to_new.iter().enumerate() {
                let Some(new) = *new else { continue };
                let around = (self.old.entries[old].parent, self.new.entries[new].parent);
                if self.is_open_old(around.0) && self.is_open_new(around.1) {
                    *votes.entry(around).or_default() += 1;
                }
            }
            if votes.is_empty() {
                return;
            }
            // Ordered so that the same pairs win when the documents change sides.
            let mut votes: Vec<_> = votes.into_iter().collect();
            votes.sort_by_key(|((old, new), count)| {
                (std::cmp::Reverse(*count), (*old).min(*new), (*old).max(*new), *old)
            });
            let mut found = false;
            for ((old, new), _) in votes {
                let same = self.old.entries[old].kind == self.new.entries[new].kind
                    || self.old.entries[old].container && self.new.entries[new].container;
                if same && self.is_open_old(old) && self.is_open_new(new) {
                    self.pair(old, new);
                    found = true;
                }
            }
            if !found {
                return;
            }
        }
    }

    /// Pairs what is left within each pair of workflows: equal, then similar, then of one kind
    /// between the same neighbours.
    fn by_place(&mut self) {
        let mut open: Vec<(usize, usize)> = self
            .pairs
            .to_new
            .iter()
            .enumerate()
            .filter_map(|(old, new)| Some((old, (*new)?)))
            .collect();
        while let Some((old, new)) = open.pop() {
            let (old, new) = (&self.old.entries[old].children, &self.new.entries[new].children);
            let steps: [fn(&Entry) -> Group; 3] = [
                |entry| Some([0, entry.kind, entry.deep, NOTHING]),
                |entry| (!entry.container).then_some([0, entry.kind, entry.own, NOTHING]),
                |entry| Some([0, entry.kind, entry.subject?, NOTHING]),
            ];
            for (step, group) in steps.into_iter().enumerate() {
                let old = old.iter().map(|at| (*at, group(&self.old.entries[*at])));
                let new = new.iter().map(|at| (*at, group(&self.new.entries[*at])));
                let (old, new) = (old.collect::<Vec<_>>(), new.collect::<Vec<_>>());
                self.pair_groups(&old, &new, step == 0, &mut open);
            }
            let (old, new) = (self.between_old(old), self.between_new(new));
            self.pair_groups(&old, &new, false, &mut open);
        }
    }

    /// Pairs what is open in each group, in order; with what is inside, where groups are of equals.
    fn pair_groups(
        &mut self,
        old: &[(usize, Group)],
        new: &[(usize, Group)],
        deep: bool,
        open: &mut Vec<(usize, usize)>,
    ) {
        let mut groups: HashMap<[u32; 4], VecDeque<usize>> = HashMap::new();
        for (at, group) in old {
            if self.is_open_old(*at)
                && let Some(group) = group
            {
                groups.entry(*group).or_default().push_back(*at);
            }
        }
        for (at, group) in new {
            if self.is_open_new(*at)
                && let Some(found) = group.and_then(|group| groups.get_mut(&group))
                && let Some(old) = found.pop_front()
                // It may have become one with what is around it.
                && self.is_open_old(old)
            {
                if deep {
                    self.pair_subtrees(old, *at);
                } else {
                    self.pair(old, *at);
                }
                open.push((old, *at));
            }
        }
    }

    /// Groups by kind and by the nearest sibling before that has its pair among the siblings too.
    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 entries")]
    fn between_old(&self, children: &[usize]) -> Vec<(usize, Group)> {
        let parent =
            children.first().and_then(|at| self.pairs.to_new[self.old.entries[*at].parent]);
        let mut before = NOTHING;
        let group = |at: &usize| {
            match self.pairs.to_new[*at] {
                Some(new) if Some(self.new.entries[new].parent) == parent => before = *at as u32,
                _ => {}
            }
            (*at, Some([1, self.old.entries[*at].kind, before, NOTHING]))
        };
        children.iter().map(group).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 entries")]
    fn between_new(&self, children: &[usize]) -> Vec<(usize, Group)> {
        let parent =
            children.first().and_then(|at| self.pairs.to_old[self.new.entries[*at].parent]);
        let mut before = NOTHING;
        let group = |at: &usize| {
            match self.pairs.to_old[*at] {
                Some(old) if Some(self.old.entries[old].parent) == parent => before = old as u32,
                _ => {}
            }
            (*at, Some([1, self.new.entries[*at].kind, before, NOTHING]))
        };
        children.iter().map(group).collect()
    }

    /// Pairs what is left over the whole document: equal, then similar.
    fn anywhere(&mut self) {
        let sort = |entry: &Entry| class_of(entry.part);
        self.by_group(|entry| Some([sort(entry), entry.kind, entry.deep, NOTHING]), true);
        self.by_group(
            |entry| (!entry.container).then_some([sort(entry), entry.kind, entry.own, NOTHING]),
            false,
        );
        self.by_group(|entry| Some([sort(entry), entry.kind, entry.subject?, NOTHING]), false);
    }
}

/// Nodes of flow and teardown can become one another; a trigger stays a trigger.
pub(super) fn class_of(part: Part) -> u32 {
    match part {
        Part::Settings => 0,
        Part::Trigger => 1,
        Part::Input => 2,
        Part::Flow | Part::Teardown => 3,
    }
}
