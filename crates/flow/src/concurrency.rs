//! `options.concurrencyPolicy`: what becomes of a new run while others of its flow are not over.
//! One table of words and one decision, for forms, checks, the runner, triggers and simulation.
//!
//! May import: `kinds` for the type of a choice.

use crate::kinds::Choice;

/// What a flow wants done with a run that comes while another one is not over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Policy {
    /// Side by side, without a limit. What a flow without the option does.
    #[default]
    Allow,
    /// One after another, in the order of the requests.
    Queue,
    /// Not while another one is going on or waits.
    Forbid,
    /// One goes on and one waits at most: the newest.
    Latest,
    /// The new one ends the others.
    Replace,
}

/// The words of the policies, as documents write them, and what a form calls them.
pub const CHOICES: &[Choice] = &[
    Choice { value: Policy::Allow.word(), label: "Run side by side" },
    Choice { value: Policy::Queue.word(), label: "Wait for the run before" },
    Choice { value: Policy::Forbid.word(), label: "Refuse while one is active" },
    Choice { value: Policy::Latest.word(), label: "Keep only the newest waiting" },
    Choice { value: Policy::Replace.word(), label: "Abort the active run" },
];

impl Policy {
    pub const ALL: [Self; 5] =
        [Self::Allow, Self::Queue, Self::Forbid, Self::Latest, Self::Replace];

    /// The word in a document.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Queue => "queue",
            Self::Forbid => "forbid",
            Self::Latest => "latest",
            Self::Replace => "replace",
        }
    }

    /// What happens to a second run, in one sentence.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Allow => "A second run begins at once, beside the first.",
            Self::Queue => {
                "A second run waits until the first is over, and a third until the second is."
            }
            Self::Forbid => "A second run isn't started; whoever asked for it is told so.",
            Self::Latest => {
                "A second run waits until the first is over; a third takes the second's place."
            }
            Self::Replace => "A second run aborts the first, and begins when that one is over.",
        }
    }

    /// The policy with that word; none for a word that the API does not have.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.word() == word)
    }

    /// What a flow without the option does is [`Policy::Allow`].
    ///
    /// # Errors
    /// A sentence, for a word that the API does not have.
    pub fn of_word(word: Option<&str>) -> Result<Self, String> {
        let Some(word) = word else { return Ok(Self::default()) };
        Self::parse(word).ok_or_else(|| {
            format!(
                "The concurrency policy \"{word}\" is unknown: it can be allow, queue, forbid, \
                 latest or replace."
            )
        })
    }

    /// Whether a run of such a flow begins only when all earlier ones of its stage are over.
    #[must_use]
    pub const fn takes_turns(self) -> bool {
        matches!(self, Self::Queue | Self::Latest | Self::Replace)
    }
}

/// What becomes of a new run, and of those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It begins at once.
    Start,
    /// It begins when the earlier ones are over.
    Wait,
    /// Those that only wait end as skipped; it takes their place behind what is going on.
    TakePlace,
    /// All earlier ones are aborted; it begins when they are over.
    Replace,
    /// There is no run: [`Decision::REFUSAL`] says why.
    Refuse,
}

impl Decision {
    /// What whoever asked for a forbidden run is told.
    pub const REFUSAL: &'static str = "Another run of this release flow is going on, and its concurrency policy is \"forbid\": \
         wait until that one has ended, or abort it.";

    /// Whether the new run waits before it begins.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Wait | Self::TakePlace | Self::Replace)
    }
}

/// What becomes of a new run of a flow with this policy while `active` runs of the same stage
/// have begun and are not over, and `queued` ones have not begun.
#[must_use]
pub const fn decide(policy: Policy, active: usize, queued: usize) -> Decision {
    if active == 0 && queued == 0 {
        return Decision::Start;
    }
    match policy {
        Policy::Allow => Decision::Start,
        Policy::Queue => Decision::Wait,
        Policy::Forbid => Decision::Refuse,
        Policy::Latest if queued == 0 => Decision::Wait,
        Policy::Latest => Decision::TakePlace,
        Policy::Replace => Decision::Replace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_has_one_word_and_one_label() {
        for (policy, choice) in Policy::ALL.into_iter().zip(CHOICES) {
            assert_eq!(policy.word(), choice.value);
            assert_eq!(Policy::of_word(Some(choice.value)), Ok(policy));
        }
        assert_eq!(Policy::ALL.len(), CHOICES.len());
        assert_eq!(Policy::of_word(None), Ok(Policy::Allow));
        let sentence = Policy::of_word(Some("zigzag")).expect_err("unknown");
        assert!(Policy::ALL.iter().all(|policy| sentence.contains(policy.word())), "{sentence}");
    }

    #[test]
    fn the_first_run_begins_whatever_the_policy() {
        for policy in Policy::ALL {
            assert_eq!(decide(policy, 0, 0), Decision::Start);
        }
    }

    #[test]
    fn each_policy_decides_for_a_run_that_is_not_alone() {
        use Decision::{Refuse, Replace, Start, TakePlace, Wait};
        for (policy, one_active, one_waits_too, only_queued) in [
            (Policy::Allow, Start, Start, Start),
            (Policy::Queue, Wait, Wait, Wait),
            (Policy::Forbid, Refuse, Refuse, Refuse),
            (Policy::Latest, Wait, TakePlace, TakePlace),
            (Policy::Replace, Replace, Replace, Replace),
        ] {
            assert_eq!(decide(policy, 1, 0), one_active, "{policy:?}");
            assert_eq!(decide(policy, 1, 1), one_waits_too, "{policy:?}");
            assert_eq!(decide(policy, 0, 1), only_queued, "{policy:?}");
        }
    }

    /// Whatever comes, a flow that takes turns never has two runs going on, and `latest` never
    /// keeps two waiting.
    #[test]
    fn runs_that_take_turns_never_overlap() {
        for policy in Policy::ALL {
            let (mut active, mut queued) = (0_usize, 0_usize);
            for _ in 0..5 {
                match decide(policy, active, queued) {
                    Decision::Start => active += 1,
                    Decision::Wait => queued += 1,
                    Decision::TakePlace => queued = 1,
                    // The others are over before it begins.
                    Decision::Replace => (active, queued) = (1, 0),
                    Decision::Refuse => {}
                }
                assert!(active <= 1 || policy == Policy::Allow, "{policy:?}");
                assert!(queued <= 1 || policy == Policy::Queue, "{policy:?}");
            }
        }
    }
}
