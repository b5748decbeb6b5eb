//! The order of the steps that a workflow has in all three documents.
//!
//! May import: nothing but `Choice`, `Side` and `three`. Who moved a step isn't told by two orders
//! of it and its neighbour, so pairs are compared: one whose order either changed stands in the
//! changed order.

use super::{Choice, Side, three::Three};

/// Steps that follow one another in the base, and that each side puts in another order at most
/// among themselves.
pub(super) struct Stretch {
    mine: Vec<usize>,
    theirs: Vec<usize>,
    order: Order,
}

enum Order {
    /// Both have the same.
    Alike,
    /// Only one changed it.
    Of(Side),
    /// What both changed goes together.
    Woven(Vec<usize>),
    /// It doesn't: the conflict about it.
    Disputed(usize),
}

impl Stretch {
    /// The order that comes out, and whether it is that of mine and that of theirs.
    pub(super) fn settled(&self, decided: &dyn Fn(usize) -> Choice) -> (&[usize], [bool; 2]) {
        let side = match &self.order {
            Order::Alike => return (&self.mine, [true, true]),
            Order::Woven(order) => return (order, [false, false]),
            Order::Of(side) => *side,
            Order::Disputed(conflict) => match decided(*conflict) {
                Choice::Theirs => Side::Theirs,
                Choice::Mine | Choice::Both => Side::Mine,
            },
        };
        match side {
            Side::Mine => (&self.mine, [true, false]),
            Side::Theirs => (&self.theirs, [false, true]),
        }
    }
}

/// The steps of a workflow that stand in it in all three documents, in stretches. `ask` makes a
/// conflict about steps in the order of base, mine and theirs.
pub(super) fn stretches(
    three: &Three<'_>,
    parent: usize,
    mut ask: impl FnMut([&[usize]; 3]) -> usize,
) -> Vec<Stretch> {
    let common = |one: &usize| three.is_common(*one, parent);
    let base: Vec<usize> = three.base_children(parent).filter(common).collect();
    let mine: Vec<usize> = three.children(parent, Side::Mine).filter(common).collect();
    let theirs: Vec<usize> = three.children(parent, Side::Theirs).filter(common).collect();
    // Numbered as they stand in the base. Its nodes have rising numbers.
    let rank = |one: &usize| base.binary_search(one).unwrap_or_default();
    let (by_mine, by_theirs): (Vec<_>, Vec<_>) =
        (mine.iter().map(rank).collect(), theirs.iter().map(rank).collect());
    let mut found = Vec::new();
    let (mut from, mut last) = (0, 0);
    for at in 0..base.len() {
        last = last.max(by_mine[at]).max(by_theirs[at]);
        if last > at {
            continue;
        }
        let here = from..=at;
        let (old, ours, others) = (&base[here.clone()], &mine[here.clone()], &theirs[here.clone()]);
        let order = if ours == others {
            Order::Alike
        } else if others == old {
            Order::Of(Side::Mine)
        } else if ours == old {
            Order::Of(Side::Theirs)
        } else {
            match woven(from, &by_mine[here.clone()], &by_theirs[here]) {
                Some(order) => Order::Woven(order.into_iter().map(|rank| base[rank]).collect()),
                None => Order::Disputed(ask([old, ours, others])),
            }
        };
        found.push(Stretch { mine: ours.to_vec(), theirs: others.to_vec(), order });
        from = at + 1;
    }
    found
}

/// The order of the numbers from `first` on in which every pair stands as the side that changed it
/// has it, and every other pair in rising order. None where there is none, and where both changed
/// one pair and not all alike: they moved one thing to different places.
fn woven(first: usize, mine: &[usize], theirs: &[usize]) -> Option<Vec<usize>> {
    let count = mine.len();
    let places = |order: &[usize]| {
        let mut places = vec![0; count];
        for (place, number) in order.iter().enumerate() {
            places[*number - first] = place;
        }
        places
    };
    let (mine, theirs) = (places(mine), places(theirs));
    let mut before = vec![0_usize; count];
    for one in 0..count {
        for next in one + 1..count {
            match (mine[one] > mine[next], theirs[one] > theirs[next]) {
                (true, true) => return None,
                (false, false) => before[next] += 1,
                _ => before[one] += 1,
            }
        }
    }
    // Pairs go round in circles exactly where two numbers have equally many before them.
    let mut order = vec![None; count];
    for (one, before) in before.into_iter().enumerate() {
        if order[before].replace(first + one).is_some() {
            return None;
        }
    }
    order.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_go_together_pair_by_pair() {
        // One went to the end, and another before what was the second.
        assert_eq!(woven(4, &[5, 6, 7, 4], &[4, 7, 5, 6]), Some(vec![7, 5, 6, 4]));
        // Round in a circle.
        assert_eq!(woven(0, &[1, 0, 2], &[0, 2, 1]), None);
        // One thing to different places.
        assert_eq!(woven(0, &[1, 0, 2], &[1, 2, 0]), None);
    }
}
