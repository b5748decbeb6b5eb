//! Plain lists: what both versions made of one, put together element by element.
//!
//! May import: nothing but `Side`. Elements are numbers that are equal where the elements are.

use std::collections::{HashMap, HashSet};

use super::Side;

/// Most pairs of elements that are compared: lists of 500 that have nothing in common at their
/// ends. Longer ones are one value.
const MOST_PAIRS: usize = 1 << 18;

/// The merged list: whose element, and which of it. None where they contradict one another: both
/// put something else in one place, or an element that one moved the other took out or put in again.
pub(super) fn merged(base: &[u32], mine: &[u32], theirs: &[u32]) -> Option<Vec<(Side, usize)>> {
    let of_mine = Change::new(base, mine)?;
    let of_theirs = Change::new(base, theirs)?;
    if of_mine.contradicts(&of_theirs) {
        return None;
    }
    let mut merged = Vec::new();
    // Where each list goes on behind the last element that both have kept.
    let (mut b, mut m, mut t) = (0, 0, 0);
    let mut inserted: HashMap<u32, usize> = HashMap::new();
    let kept = (0..base.len()).filter_map(|at| Some((at, of_mine.at[at]?, of_theirs.at[at]?)));
    for (next, to_mine, to_theirs) in kept.chain([(base.len(), mine.len(), theirs.len())]) {
        let (old, ours, others) = (&base[b..next], &mine[m..to_mine], &theirs[t..to_theirs]);
        if ours == old {
            // What theirs kept stays as mine has it.
            let known: HashMap<usize, usize> =
                (b..next).filter_map(|at| Some((of_theirs.at[at]?, of_mine.at[at]?))).collect();
            merged.extend((t..to_theirs).map(|at| match known.get(&at) {
                Some(same) => (Side::Mine, *same),
                None => (Side::Theirs, at),
            }));
        } else if others == old || ours == others {
            merged.extend((m..to_mine).map(|at| (Side::Mine, at)));
        } else {
            let new_mine = of_mine.new_in(m..to_mine);
            let new_theirs = of_theirs.new_in(t..to_theirs);
            let replaces = |change: &Change<'_>, new: &[usize]| {
                !new.is_empty() && change.at[b..next].iter().any(Option::is_none)
            };
            if replaces(&of_mine, &new_mine) || replaces(&of_theirs, &new_theirs) {
                return None;
            }
            inserted.clear();
            for at in new_mine {
                *inserted.entry(mine[at]).or_default() += 1;
                merged.push((Side::Mine, at));
            }
            for at in new_theirs {
                match inserted.get_mut(&theirs[at]).filter(|count| **count > 0) {
                    Some(count) => *count -= 1,
                    None => merged.push((Side::Theirs, at)),
                }
            }
        }
        if next < base.len() {
            merged.push((Side::Mine, to_mine));
        }
        (b, m, t) = (next + 1, to_mine + 1, to_theirs + 1);
    }
    Some(merged)
}

/// What one side did.
struct Change<'l> {
    /// Where it has each element of the base.
    at: Vec<Option<usize>>,
    /// Which of its elements come from the base.
    known: HashSet<usize>,
    removed: HashSet<u32>,
    /// What it put in.
    added: HashSet<u32>,
    list: &'l [u32],
}

impl<'l> Change<'l> {
    fn new(base: &[u32], list: &'l [u32]) -> Option<Self> {
        let at = common(base, list)?;
        let known: HashSet<usize> = at.iter().copied().flatten().collect();
        let gone = base.iter().zip(&at).filter(|(_, at)| at.is_none());
        let removed = gone.map(|(value, _)| *value).collect();
        let new = list.iter().enumerate().filter(|(at, _)| !known.contains(at));
        let added = new.map(|(_, value)| *value).collect();
        Some(Self { at, known, removed, added, list })
    }

    fn new_in(&self, range: std::ops::Range<usize>) -> Vec<usize> {
        range.filter(|at| !self.known.contains(at)).collect()
    }

    /// Whether one moved an element that the other moved, took out or put in once more: nothing
    /// tells the moved one from the new one then.
    fn contradicts(&self, other: &Self) -> bool {
        self.list != other.list
            && (self.moved_what_is_changed_by(other) || other.moved_what_is_changed_by(self))
    }

    fn moved_what_is_changed_by(&self, other: &Self) -> bool {
        let mut moved = self.removed.intersection(&self.added);
        moved.any(|one| other.removed.contains(one) || other.added.contains(one))
    }
}

/// Where a longest common subsequence has each element of the base in the list; None for lists
/// that are too long.
fn common(base: &[u32], list: &[u32]) -> Option<Vec<Option<usize>>> {
    let first = base.iter().zip(list).take_while(|(old, new)| old == new).count();
    let (old, new) = (&base[first..], &list[first..]);
    let last = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - last], &new[..new.len() - last]);
    let width = new.len() + 1;
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return None;
    }
    // How much the rests behind two places have in common.
    let mut shared = vec![0_u32; (old.len() + 1) * width];
    for o in (0..old.len()).rev() {
        for n in (0..new.len()).rev() {
            shared[o * width + n] = if old[o] == new[n] {
                shared[(o + 1) * width + n + 1] + 1
            } else {
                shared[(o + 1) * width + n].max(shared[o * width + n + 1])
            };
        }
    }
    let mut at: Vec<Option<usize>> = (0..first).map(Some).collect();
    let mut n = 0;
    for o in 0..old.len() {
        // An element that is not in the longest subsequence is passed over.
        let most = shared[o * width + n];
        let found = (n..new.len())
            .take_while(|n| shared[o * width + n] == most)
            .find(|n| old[o] == new[*n] && shared[(o + 1) * width + n + 1] + 1 == most);
        at.push(found.map(|found| first + found));
        n = found.map_or(n, |found| found + 1);
    }
    at.extend((list.len() - last..list.len()).map(Some));
    Some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
        let list = |text: &str| text.chars().map(u32::from).collect::<Vec<u32>>();
        let [base, mine, theirs] = [base, mine, theirs].map(list);
        let picked = merged(&base, &mine, &theirs)?;
        let value = |(side, at): (Side, usize)| match side {
            Side::Mine => mine[at],
            Side::Theirs => theirs[at],
        };
        picked.into_iter().map(|one| char::from_u32(value(one))).collect()
    }

    #[test]
    fn lists_that_do_not_contradict_go_together() {
        for (base, mine, theirs, expected) in [
            ("abc", "bc", "ab", "b"),
            ("ab", "xab", "abc", "xabc"),
            ("", "a", "aa", "aa"),
            ("", "ab", "ac", "abc"),
            ("ab", "abx", "aby", "abxy"),
            ("ab", "b", "abx", "bx"),
            ("abc", "ac", "abxc", "axc"),
            ("ab", "ba", "abc", "bac"),
            ("ab", "b", "a", ""),
            ("abc", "axc", "abcd", "axcd"),
        ] {
            assert_eq!(merge(base, mine, theirs).as_deref(), Some(expected), "{base}");
        }
        for (base, mine, theirs) in [
            ("a", "x", "y"),
            ("abc", "axc", "ayc"),
            ("ab", "ba", "b"),
            ("abcd", "bcda", "bcad"),
            // One moved what the other has put in a second time.
            ("ab", "ba", "bab"),
            ("acd", "cda", "ada"),
        ] {
            assert_eq!(merge(base, mine, theirs), None, "{base} {mine} {theirs}");
            assert_eq!(merge(base, theirs, mine), None, "{base} {theirs} {mine}");
        }
        let long: Vec<u32> = (0..2000).collect();
        let other: Vec<u32> = (0..2000).rev().collect();
        assert_eq!(merged(&long, &other, &[]), None);
    }

    proptest! {
        #[test]
        fn nothing_added_is_lost_and_one_side_alone_counts(
            base in "[a-d]{0,7}", mine in "[a-f]{0,7}", theirs in "[a-f]{0,7}"
        ) {
            prop_assert_eq!(merge(&base, &mine, &base), Some(mine.clone()));
            prop_assert_eq!(merge(&base, &base, &mine), Some(mine.clone()));
            prop_assert_eq!(merge(&base, &mine, &mine), Some(mine.clone()));
            let found = merge(&base, &mine, &theirs);
            prop_assert_eq!(found.is_none(), merge(&base, &theirs, &mine).is_none());
            let Some(found) = found else { return Ok(()) };
            let count = |text: &str, c: char| text.chars().filter(|other| *other == c).count();
            for c in 'a'..='f' {
                let [was, ours, others, now] = [&base, &mine, &theirs, &found].map(|it| count(it, c));
                let least = if ours >= was && others >= was { ours.max(others) } else { 0 };
                prop_assert!(now >= least, "{base} {mine} {theirs}: {found}");
                let new = ours.saturating_sub(was).max(others.saturating_sub(was));
                prop_assert!(now >= new, "{base} {mine} {theirs}: {found}");
                prop_assert!(now <= ours + others, "{base} {mine} {theirs}: {found}");
            }
        }
    }
}
