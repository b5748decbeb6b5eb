//! Sequences: the fewest elements that moved, and one sequence woven into another.

use std::collections::HashMap;

/// Which elements of a sequence of different numbers belong to one longest rising subsequence:
/// all others are what has to move to bring it into order.
pub(super) fn longest_rising(sequence: &[usize]) -> Vec<bool> {
    // For each length, where the subsequence of that length with the smallest end ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(sequence.len());
    for (at, value) in sequence.iter().enumerate() {
        let length = ends.partition_point(|end| sequence[*end] < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut rising = vec![false; sequence.len()];
    let mut at = ends.last().copied();
    while let Some(index) = at {
        rising[index] = true;
        at = before[index];
    }
    rising
}

/// Which elements of a sequence of different numbers may be what moved: those that don't belong to
/// every longest rising subsequence.
pub(super) fn may_have_moved(sequence: &[usize]) -> Vec<bool> {
    let up_to = lengths(sequence.iter().copied());
    let mut from = lengths(sequence.iter().rev().map(|value| usize::MAX - *value));
    from.reverse();
    let longest = up_to.iter().copied().max().unwrap_or_default();
    // How many can be at each place of a longest subsequence.
    let mut candidates = vec![0_usize; longest + 1];
    let on_longest = |at: usize| up_to[at] + from[at] == longest + 1;
    for at in (0..sequence.len()).filter(|at| on_longest(*at)) {
        candidates[up_to[at]] += 1;
    }
    (0..sequence.len()).map(|at| !on_longest(at) || candidates[up_to[at]] > 1).collect()
}

/// How long a rising subsequence that ends with each element can be.
fn lengths(sequence: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let length = |value: usize| {
        let length = ends.partition_point(|end| *end < value);
        match ends.get_mut(length) {
            Some(end) => *end = value,
            None => ends.push(value),
        }
        length + 1
    };
    sequence.map(length).collect()
}

/// What an element of the sequence that is woven in is to the other sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is in the other sequence too: what follows here goes behind it there.
    Anchor,
    /// It is put in.
    Insert,
    /// It is of no help: elsewhere, or gone.
    Pass,
}

/// Weaves elements of `other` into `list`: each behind the nearest anchor before it, in their
/// order. Between the anchor and the elements put in may stay elements that `yields` names.
pub(super) fn weave(
    list: &[usize],
    other: impl Iterator<Item = (usize, Role)>,
    yields: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut groups: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    let mut anchor = None;
    for (element, role) in other {
        match role {
            Role::Anchor => anchor = Some(element),
            Role::Insert => groups.entry(anchor).or_default().push(element),
            Role::Pass => {}
        }
    }
    let mut woven = Vec::with_capacity(list.len());
    let mut waiting = groups.remove(&None).unwrap_or_default();
    for element in list {
        if !yields(*element) {
            woven.append(&mut waiting);
        }
        woven.push(*element);
        waiting.extend(groups.remove(&Some(*element)).into_iter().flatten());
    }
    woven.append(&mut waiting);
    woven
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_elements_move() {
        let moved =
            |sequence: &[usize]| longest_rising(sequence).iter().filter(|stays| !**stays).count();
        assert_eq!(moved(&[]), 0);
        assert_eq!(moved(&[0, 1, 2]), 0);
        assert_eq!(moved(&[9, 0, 1, 2]), 1);
        assert_eq!(moved(&[1, 2, 3, 0]), 1);
        assert_eq!(moved(&[3, 2, 1, 0]), 3);
        assert_eq!(moved(&[2, 0, 3, 1, 4]), 2);
    }

    #[test]
    fn what_moved_past_many_is_told_from_them_and_two_neighbours_are_not() {
        assert_eq!(may_have_moved(&[]), Vec::<bool>::new());
        assert_eq!(may_have_moved(&[0, 1, 2]), [false, false, false]);
        assert_eq!(may_have_moved(&[3, 0, 1, 2]), [true, false, false, false]);
        assert_eq!(may_have_moved(&[0, 2, 1, 3]), [false, true, true, false]);
        assert_eq!(may_have_moved(&[2, 1, 0]), [true, true, true]);
    }

    #[test]
    fn what_is_put_in_keeps_its_neighbours() {
        use Role::{Anchor, Insert, Pass};
        let other = [(9, Insert), (0, Anchor), (7, Insert), (5, Pass), (8, Insert), (1, Anchor)];
        assert_eq!(weave(&[0, 4, 1], other.into_iter(), |_| false), [9, 0, 7, 8, 4, 1]);
        assert_eq!(weave(&[0, 4, 1], other.into_iter(), |at| at == 4), [9, 0, 4, 7, 8, 1]);
        assert_eq!(weave(&[], other[..1].iter().copied(), |_| false), [9]);
    }
}
