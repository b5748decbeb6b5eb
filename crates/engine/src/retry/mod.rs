//! Trying again: when a node's next try begins, and which nodes of a failed run would run again.
//!
//! - here: the policy of one node. - `again`: a failed run taken up in a new one.
//!
//! May import: `event`, `fold`, `plan`, `values`.

mod again;

use serde_json::{Value, json};

use crate::event::{Millis, NodeError};

pub use again::{Again, again};

/// How often a node is tried, and how long it waits in between: `settings` of a node in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The first try included; at least 1.
    pub max_attempts: u32,
    /// From the end of a try that failed to the start of the next one, always the same.
    pub delay: Millis,
}

/// What the API does where nothing is said: three tries, a minute in between.
impl Default for Policy {
    fn default() -> Self {
        Self { max_attempts: 3, delay: 60_000 }
    }
}

impl Policy {
    /// One try, whatever happens.
    pub const ONCE: Self = Self { max_attempts: 1, delay: 0 };
    /// The API does not say how many tries are accepted; more help nobody.
    pub const MOST_ATTEMPTS: u32 = 10;
    /// Seconds; the API does not say this either.
    pub const LONGEST_DELAY: Millis = 3_600;

    /// Reads a node's `settings`: what is missing is as by default, what is out of bounds is
    /// brought inside. None for a backoff that is not fixed: nobody can say when it tries again.
    #[must_use]
    pub fn of_settings(settings: &Value) -> Option<Self> {
        let number = |pointer: &str| settings.pointer(pointer).and_then(Value::as_i64);
        if settings.pointer("/backoff/type").is_some_and(|backoff| backoff != "fixed") {
            return None;
        }
        let default = Self::default();
        let attempts = number("/maxAttempts")
            .map(|count| u32::try_from(count.clamp(1, Self::MOST_ATTEMPTS.into())).unwrap_or(1));
        let delay =
            number("/backoff/delay").map(|delay| delay.clamp(1, Self::LONGEST_DELAY) * 1_000);
        Some(Self {
            max_attempts: attempts.unwrap_or(default.max_attempts),
            delay: delay.unwrap_or(default.delay),
        })
    }

    /// As a node's `settings` has it: whole seconds.
    #[must_use]
    pub fn settings(self) -> Value {
        json!({ "maxAttempts": self.max_attempts,
            "backoff": { "type": "fixed", "delay": self.delay.div_euclid(1_000) } })
    }

    /// When the next try begins after the try `attempt` (from 1) failed at `failed_at`; none when
    /// that was the last one, or when trying again can't help.
    #[must_use]
    pub fn next_attempt(
        self,
        attempt: u32,
        failed_at: Millis,
        error: &NodeError,
    ) -> Option<Millis> {
        let again = is_transient(error) && attempt < self.max_attempts;
        again.then(|| failed_at.saturating_add(self.delay.max(0)))
    }
}

/// Whether the same thing may work later: what went wrong elsewhere, took too long, or was asked
/// too often. What is wrong in the flow, not allowed or not there stays so, and what somebody
/// stopped is not started again.
#[must_use]
pub const fn is_transient(error: &NodeError) -> bool {
    // 501 and 505: the other side can't do it at all.
    matches!(error.code, 408 | 425 | 429 | 500 | 502..=504 | 506..=599)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: i64) -> NodeError {
        NodeError { code, message: "No.".into() }
    }

    #[test]
    fn tries_end_after_the_last_one() {
        let policy = Policy::default();
        assert_eq!(policy.next_attempt(1, 5, &error(500)), Some(60_005));
        assert_eq!(policy.next_attempt(2, 5, &error(503)), Some(60_005));
        assert_eq!(policy.next_attempt(3, 5, &error(503)), None);
        assert_eq!(Policy::ONCE.next_attempt(1, 5, &error(503)), None);
        assert_eq!(policy.next_attempt(1, Millis::MAX, &error(500)), Some(Millis::MAX));
    }

    #[test]
    fn what_stays_wrong_is_not_tried_again() {
        for code in [0, 400, 401, 403, 404, 409, 422, 424, 499, 501, 505, 600, -1] {
            assert!(!is_transient(&error(code)), "{code}");
        }
        for code in [408, 429, 500, 502, 503, 504, 599] {
            assert!(is_transient(&error(code)), "{code}");
        }
    }

    #[test]
    fn settings_are_read_as_they_are_written() {
        let policy = Policy { max_attempts: 5, delay: 7_000 };
        assert_eq!(Policy::of_settings(&policy.settings()), Some(policy));
        assert_eq!(Policy::of_settings(&json!({})), Some(Policy::default()));
        assert_eq!(
            Policy::of_settings(&json!({ "maxAttempts": 0, "backoff": { "delay": 1_000_000 } })),
            Some(Policy { max_attempts: 1, delay: 3_600_000 })
        );
        let exponential = json!({ "backoff": { "type": "exponential", "delay": 1 } });
        assert_eq!(Policy::of_settings(&exponential), None);
    }
}
