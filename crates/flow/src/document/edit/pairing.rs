//! Which items of a list or object are still the same after somebody has typed in it.

use std::collections::{HashMap, VecDeque};

use crate::document::{Data, Document, Item, Key};

impl Document {
    /// Whether two values are written alike, byte for byte.
    pub(super) fn same_text(&self, a: Key, b: Key) -> bool {
        match (self.data(a), self.data(b)) {
            (Data::Object(one, gap), Data::Object(other, gap_too))
            | (Data::Array(one, gap), Data::Array(other, gap_too)) => {
                let alike = |(one, other): (&Item, &Item)| {
                    (one.before, one.name, one.after) == (other.before, other.name, other.after)
                        && self.same_text(one.value, other.value)
                };
                gap == gap_too && one.len() == other.len() && one.iter().zip(other).all(alike)
            }
            (one, other) => one == other,
        }
    }

    /// For each new member the old one that it was: that of the same name, else the one that was
    /// given another name.
    pub(super) fn pair_members(&self, old: &[Item], new: &[Item]) -> Vec<Option<usize>> {
        let name = |item: &Item| item.name.map_or("", |(name, _)| self.symbols.name(name));
        let mut pairing = Pairing::new(old.len(), new.len());
        pairing.by(|index| Some(name(&old[index])), |index| Some(name(&new[index])));
        pairing.rest_in_order(|_, _| true);
        pairing.pairs
    }

    /// For each new element the old one that it was: one that is written alike, else one with the
    /// same ref, else the next of the same sort.
    pub(super) fn pair_elements(&self, old: &[Item], new: &[Item]) -> Vec<Option<usize>> {
        let same = |(old, new): &(&Item, &Item)| self.same_text(old.value, new.value);
        let mut pairing = Pairing::new(old.len(), new.len());
        let first = old.iter().zip(new).take_while(same).count();
        (0..first).for_each(|index| pairing.pair(index, index));
        let rest = old[first..].iter().rev().zip(new[first..].iter().rev());
        for back in 1..=rest.take_while(same).count() {
            pairing.pair(old.len() - back, new.len() - back);
        }
        let text = |item: &Item| {
            let data = self.data(item.value);
            (!data.items().is_empty()).then(|| self.text_of(item.value))
        };
        pairing.by(|index| text(&old[index]), |index| text(&new[index]));
        let reference = |item: &Item| self.node(item.value).reference();
        pairing.by(|index| reference(&old[index]), |index| reference(&new[index]));
        let sort = |item: &Item| {
            (std::mem::discriminant(self.data(item.value)), self.node(item.value).kind())
        };
        pairing.rest_in_order(|was, is| sort(&old[was]) == sort(&new[is]));
        pairing.pairs
    }
}

/// Which of two rows belong together; each stands in one pair at most.
struct Pairing {
    /// For each of the new row.
    pairs: Vec<Option<usize>>,
    /// Of the old row.
    taken: Vec<bool>,
}

impl Pairing {
    fn new(old: usize, new: usize) -> Self {
        Self { pairs: vec![None; new], taken: vec![false; old] }
    }

    fn pair(&mut self, old: usize, new: usize) {
        self.pairs[new] = Some(old);
        self.taken[old] = true;
    }

    /// Pairs what has the same mark, in order.
    fn by<M: std::hash::Hash + Eq>(
        &mut self,
        old: impl Fn(usize) -> Option<M>,
        new: impl Fn(usize) -> Option<M>,
    ) {
        let mut waiting: HashMap<M, VecDeque<usize>> = HashMap::new();
        for index in (0..self.taken.len()).filter(|index| !self.taken[*index]) {
            if let Some(mark) = old(index) {
                waiting.entry(mark).or_default().push_back(index);
            }
        }
        if waiting.is_empty() {
            return;
        }
        for index in 0..self.pairs.len() {
            if self.pairs[index].is_none()
                && let Some(was) = new(index).and_then(|mark| waiting.get_mut(&mark)?.pop_front())
            {
                self.pair(was, index);
            }
        }
    }

    /// Pairs what is left, the first with the first, as long as they are alike.
    fn rest_in_order(&mut self, alike: impl Fn(usize, usize) -> bool) {
        let old: Vec<usize> = (0..self.taken.len()).filter(|index| !self.taken[*index]).collect();
        let new: Vec<usize> =
            (0..self.pairs.len()).filter(|index| self.pairs[*index].is_none()).collect();
        for (was, is) in old.into_iter().zip(new) {
            if alike(was, is) {
                self.pair(was, is);
            }
        }
    }
}
