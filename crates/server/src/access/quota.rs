//! The hourly allowance that the vendor's API announces on every answer.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Requests an hour for one name. The vendor allows 1,000; an own server has room for more.
const LIMIT: u32 = 100_000;
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// What is left, as the `x-ratelimit-*` headers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the window ends.
    pub reset: u64,
    /// True when this request was one too many.
    pub spent: bool,
}

impl Quota {
    /// For answers to nobody in particular.
    pub const UNUSED: Self =
        Self { limit: LIMIT, remaining: LIMIT, reset: WINDOW.as_secs(), spent: false };
}

#[derive(Default)]
pub(super) struct Quotas {
    // Names of tokens and sessions, which only an admin makes: this stays small.
    windows: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Quotas {
    pub(super) fn count(&self, who: &str) -> Quota {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, used) = windows.entry(who.to_owned()).or_insert((Instant::now(), 0));
        if begun.elapsed() >= WINDOW {
            (*begun, *used) = (Instant::now(), 0);
        }
        let spent = *used >= LIMIT;
        *used = used.saturating_add(1).min(LIMIT);
        Quota {
            limit: LIMIT,
            remaining: LIMIT - *used,
            reset: WINDOW.saturating_sub(begun.elapsed()).as_secs(),
            spent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, Quotas};

    #[test]
    fn each_name_has_its_own_allowance_and_its_end() {
        let quotas = Quotas::default();
        assert_eq!(quotas.count("ada").remaining, LIMIT - 1);
        assert_eq!(quotas.count("ada").remaining, LIMIT - 2);
        assert_eq!(quotas.count("ben").remaining, LIMIT - 1);
        for _ in 2..LIMIT {
            assert!(!quotas.count("ada").spent);
        }
        assert!(quotas.count("ada").spent);
    }
}
