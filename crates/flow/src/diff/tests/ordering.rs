//! Two people who move steps: no order that one of them made is lost without a question.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    super::merge::{About, Choice},
    laws::config,
    merging::{outcome, run},
};

#[test]
fn orders_that_contradict_are_a_question() {
    use About::{Order, Place};
    for (base, mine, theirs, about) in [
        ("b u m w[x]", "u b m w[x]", "b m u w[x]", Order),
        ("b u m w[x]", "b m u w[x]", "u b m w[x]", Order),
        // One moved it to another workflow.
        ("b u m w[x]", "u b m w[x]", "u m w[x b]", Place),
        // One moved it further.
        ("b u m w[x]", "u m b w[x]", "u b m w[x]", Order),
        // Only a part of a longer order contradicts.
        ("a c b u m", "c a u b m", "c a b m u", Order),
        // Inside another workflow.
        ("w[b u m]", "w[u b m]", "w[b m u]", Order),
    ] {
        for (mine, theirs) in [(mine, theirs), (theirs, mine)] {
            let case = format!("{base}|{mine}|{theirs}");
            assert_eq!(outcome(base, mine, theirs), (mine.to_owned(), vec![about]), "{case}");
            assert_eq!(run(base, mine, theirs, &[Choice::Mine]).0, mine, "{case}");
            assert_eq!(run(base, mine, theirs, &[Choice::Theirs]).0, theirs, "{case}");
        }
    }
}

#[test]
fn orders_that_go_together_are_none() {
    for (base, mine, theirs, result) in [
        ("a b c d", "b a c d", "a b d c", "b a d c"),
        ("a b c d", "b a c d", "b a d c", "b a d c"),
        ("a b c d", "b c d a", "a d b c", "d b c a"),
        ("a b c", "c b a", "c b a", "c b a"),
        ("a b w[x]", "b a w[x]", "a b m w[x]", "b a m w[x]"),
        // What moved past another is no reason to ask about the other.
        ("a b c w[x]", "c a b w[x]", "b c w[x a]", "c b w[x a]"),
    ] {
        for (mine, theirs) in [(mine, theirs), (theirs, mine)] {
            let case = format!("{base}|{mine}|{theirs}");
            assert_eq!(outcome(base, mine, theirs), (result.to_owned(), vec![]), "{case}");
        }
    }
}

#[test]
fn questions_about_orders_name_the_steps() {
    let asked = |base: &str, mine: &str, theirs: &str| {
        let conflicts = run(base, mine, theirs, &[]).1.conflicts;
        let [one] = conflicts.as_slice() else { panic!("{conflicts:?}") };
        one.clone()
    };
    let one = asked("b=b u=u m=m w[x]", "u=u b=b m=m w[x]", "b=b m=m u=u w[x]");
    assert_eq!(
        one.sentence,
        "Both versions put the steps of Sequential workflow in another order, and the two don't go \
         together."
    );
    assert_eq!(one.order.base, ["Run job b", "Run job u", "Run job m"]);
    assert_eq!(one.order.mine, ["Run job u", "Run job b", "Run job m"]);
    assert_eq!(one.order.theirs, ["Run job b", "Run job m", "Run job u"]);
    let one = asked("b=b u m w[x]", "u b=b m w[x]", "u m w[x b=b]");
    assert_eq!(
        one.sentence,
        "Your version moved Run job b within Sequential workflow, the other version to Parallel \
         workflow w."
    );
    assert!(one.order.base.is_empty());
}

/// The nodes of each workflow in order, the innermost workflows first.
fn workflows(short: &str) -> Vec<Vec<String>> {
    let (mut done, mut open) = (Vec::new(), vec![Vec::new()]);
    for word in short.replace('[', " [ ").replace(']', " ] ").split_whitespace() {
        match word {
            "[" => open.push(Vec::new()),
            "]" => done.extend(open.pop()),
            word => open.last_mut().unwrap().push(word.to_owned()),
        }
    }
    done.extend(open);
    done
}

fn names(short: &str) -> Vec<String> {
    let mut names: Vec<String> = workflows(short).into_iter().flatten().collect();
    names.sort();
    names
}

/// Pairs of one workflow, the first before the second.
fn pairs(short: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for steps in workflows(short) {
        for (at, one) in steps.iter().enumerate() {
            found.extend(steps[at + 1..].iter().map(|next| (one.clone(), next.clone())));
        }
    }
    found
}

/// Each side's changed pairs, of the steps that all three have in one workflow, stand in its order.
fn keeps_orders(base: &str, sides: [&str; 2], result: &str) -> bool {
    let [old, mine, theirs, now] = [base, sides[0], sides[1], result].map(pairs);
    let swapped = |(one, next): &(String, String)| (next.clone(), one.clone());
    [(&mine, &theirs), (&theirs, &mine)].into_iter().all(|(side, other)| {
        side.iter()
            .filter(|pair| old.contains(&swapped(pair)))
            .filter(|pair| other.contains(*pair) || other.contains(&swapped(pair)))
            .all(|pair| now.contains(pair))
    })
}

/// The steps in that order.
fn ordered(steps: &[usize]) -> String {
    steps.iter().map(|step| ["a", "b", "c", "d", "e", "f"][*step]).collect::<Vec<_>>().join(" ")
}

const EACH_WAY: [&[Choice]; 3] = [&[], &[Choice::Mine; 16], &[Choice::Theirs; 16]];

/// Some steps, and two orders of them.
fn two_orders() -> impl Strategy<Value = [String; 3]> {
    (0usize..7).prop_flat_map(|count| {
        let steps: Vec<usize> = (0..count).collect();
        let any = || Just(steps.clone()).prop_shuffle();
        (Just(steps.clone()), any(), any())
            .prop_map(|(base, mine, theirs)| [&base, &mine, &theirs].map(|order| ordered(order)))
    })
}

/// Moves a step to a place of one of two workflows, or of what is around them.
fn moved(short: &str, moves: &[(usize, usize, usize)]) -> String {
    let mut lists = workflows(short);
    for (which, to, at) in moves {
        let steps = ["a", "b", "c", "d", "e", "f"];
        let step = steps[which % steps.len()].to_owned();
        lists.iter_mut().for_each(|list| list.retain(|one| *one != step));
        let list = &mut lists[to % 3];
        list.insert(at % (list.len() + 1), step);
    }
    let [first, second, around] = [0, 1, 2].map(|at| lists[at].join(" "));
    around
        .split(' ')
        .map(|word| match word {
            "w" => format!("w[{first}]"),
            "v" => format!("v[{second}]"),
            word => word.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn no_order_is_lost_without_a_question([base, mine, theirs] in two_orders()) {
        let (result, conflicts) = outcome(&base, &mine, &theirs);
        prop_assert!(
            !conflicts.is_empty() || keeps_orders(&base, [&mine, &theirs], &result),
            "{base}|{mine}|{theirs}: {result}"
        );
        for choices in EACH_WAY {
            let (result, _) = run(&base, &mine, &theirs, choices);
            prop_assert_eq!(names(&result), names(&base), "{}|{}|{}", base, mine, theirs);
        }
        // Who is who makes no difference to what is asked, nor to what comes out without a question.
        let (back, asked) = outcome(&base, &theirs, &mine);
        prop_assert_eq!(&conflicts, &asked);
        if conflicts.is_empty() {
            prop_assert_eq!(back, result);
        }
    }

    #[test]
    fn no_step_is_lost_between_workflows(
        a in prop::collection::vec((0usize..6, 0usize..3, 0usize..6), 0..4),
        b in prop::collection::vec((0usize..6, 0usize..3, 0usize..6), 0..4),
    ) {
        let base = "a w[b c] d v[e] f";
        let (mine, theirs) = (moved(base, &a), moved(base, &b));
        let (result, conflicts) = outcome(base, &mine, &theirs);
        prop_assert!(
            !conflicts.is_empty() || keeps_orders(base, [&mine, &theirs], &result),
            "{base}|{mine}|{theirs}: {result}"
        );
        for choices in EACH_WAY {
            let (result, _) = run(base, &mine, &theirs, choices);
            prop_assert_eq!(names(&result), names(base), "{}|{}: {}", mine, theirs, result);
        }
    }
}
