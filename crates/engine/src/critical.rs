//! Which nodes made a run take as long as it did, and how much longer the others could have taken.
//!
//! May import: `event`, `plan`, `timeline` for its stretches of time.

use crate::{
    event::Millis,
    plan::{Plan, Shape},
    timeline::Span,
};

/// What determined when a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Critical {
    /// The leaves that the end hung on, in the order in which they ran. In a parallel workflow
    /// that is the branch that ended last; the first of those that ended together.
    pub path: Vec<usize>,
    /// Per node of the plan: how much longer it could have taken without the run ending later.
    /// None for what did not run.
    pub slack: Vec<Option<Millis>>,
}

impl Critical {
    /// Whether the run would have ended later had this node taken any longer.
    #[must_use]
    pub fn holds_up(&self, index: usize) -> bool {
        self.slack.get(index).copied().flatten() == Some(0)
    }
}

/// The critical path of a run in which each node of the plan ran at these times.
#[must_use]
pub fn critical(plan: &Plan, spans: &[Option<Span>]) -> Critical {
    let nodes = plan.nodes();
    let span = |index: usize| spans.get(index).copied().flatten();
    let mut slack: Vec<Option<Millis>> = vec![None; nodes.len()];
    let mut on_path = vec![false; nodes.len()];
    if let (Some(slack), Some(on_path), Some(_)) = (slack.first_mut(), on_path.first_mut(), span(0))
    {
        (*slack, *on_path) = (Some(0), true);
    }
    let mut path = Vec::new();
    // Preorder: what is around a node is known before the node.
    for (index, node) in nodes.iter().enumerate() {
        let Some(spare) = slack[index] else { continue };
        let ran = || node.children.iter().filter_map(|child| Some((*child, span(*child)?.end)));
        match node.shape {
            Shape::Leaf if on_path[index] => path.push(index),
            Shape::Leaf => {}
            Shape::Sequential => {
                for (child, _) in ran() {
                    (slack[child], on_path[child]) = (Some(spare), on_path[index]);
                }
            }
            Shape::Parallel => {
                let Some(last) = ran().map(|(_, end)| end).max() else { continue };
                let mut leads = on_path[index];
                for (child, end) in ran() {
                    slack[child] = Some(spare.saturating_add(last.saturating_sub(end)));
                    on_path[child] = leads && end == last;
                    leads &= end != last;
                }
            }
        }
    }
    Critical { path, slack }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        testing::{Ran, Recipe, flow, in_time, large, ran, recipe},
        timeline::timeline,
    };

    fn of(ran: &Ran) -> (Critical, Vec<Option<Span>>) {
        let spans = timeline(&ran.plan, &ran.state, 0).spans();
        (critical(&ran.plan, &spans), spans)
    }

    proptest! {
        #[test]
        fn the_path_is_as_long_as_the_run(document in flow(), recipe in recipe()) {
            let recipe = Recipe { abort_at: None, ..recipe };
            let ran = ran(&document, &recipe);
            let (critical, spans) = of(&ran);
            let length: Millis =
                critical.path.iter().filter_map(|leaf| spans[*leaf]).map(Span::length).sum();
            prop_assert_eq!(length, spans[0].map_or(0, Span::length));
            for pair in critical.path.windows(2) {
                let [one, other] = [spans[pair[0]], spans[pair[1]]].map(|span| span.expect("ran"));
                prop_assert_eq!(one.end, other.start, "one after the other without a hole");
            }
        }

        #[test]
        fn slack_is_what_a_step_can_take_longer_and_no_more(
            document in flow(),
            durations in prop::collection::vec(0..500_i64, 60),
            which in any::<prop::sample::Index>(),
        ) {
            let recipe = Recipe { durations, luck: vec![9], abort_at: None };
            let before = ran(&document, &recipe);
            let (critical, spans) = of(&before);
            let leaves: Vec<usize> = (0..before.plan.nodes().len())
                .filter(|index| before.plan.nodes()[*index].shape == Shape::Leaf)
                .filter(|index| critical.slack[*index].is_some())
                .collect();
            prop_assume!(!leaves.is_empty() && before.plan.nodes().len() <= 60);
            let leaf = leaves[which.index(leaves.len())];
            let slack = critical.slack[leaf].expect("ran");
            for more in [0, 7] {
                let mut longer = recipe.clone();
                longer.durations[leaf] += slack + more;
                let after = ran(&document, &longer);
                // A condition that reads a step of another branch may find it finished in one run
                // and not in the other: then it is another run.
                let same = |(one, other): (&Option<Span>, &Option<Span>)| one.is_some() == other.is_some();
                prop_assume!(spans.iter().zip(&of(&after).1).all(same));
                prop_assert_eq!(
                    after.state.duration(),
                    before.state.duration().map(|was| was + more)
                );
            }
            prop_assert_eq!(critical.holds_up(leaf), slack == 0);
        }
    }

    #[test]
    fn what_did_not_run_has_no_slack() {
        let plan = Plan::of(&large()[0]).expect("a plan");
        assert_eq!(critical(&plan, &[]).path, [0_usize; 0]);
        assert!(critical(&plan, &[]).slack.iter().all(Option::is_none));
    }

    #[test]
    fn ten_thousand_nodes_are_weighed_in_time() {
        for document in large() {
            let plan = Plan::of(&document).expect("a plan");
            let spans = vec![Some(Span::new(0, 1)); plan.nodes().len()];
            let found = in_time("the critical path", || critical(&plan, &spans));
            assert!(!found.path.is_empty());
        }
    }
}
