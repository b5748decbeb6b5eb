//! Slows down whoever tries codes and tokens at the sign-in form.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Wrong ones from one address before it has to wait, and for how long they count.
const MOST: usize = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses remembered; beyond it the ones that are through waiting are forgotten.
const ADDRESSES: usize = 10_000;

#[derive(Default)]
pub(super) struct Guesses {
    failed: Mutex<HashMap<IpAddr, Vec<Instant>>>,
}

impl Guesses {
    /// The seconds until that address may try again.
    pub(super) fn wait(&self, from: IpAddr) -> Option<u64> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let times = failed.get_mut(&from)?;
        times.retain(|time| time.elapsed() < WINDOW);
        let oldest = times.first().filter(|_| times.len() >= MOST)?;
        Some(WINDOW.saturating_sub(oldest.elapsed()).as_secs() + 1)
    }

    pub(super) fn failed(&self, from: IpAddr) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= ADDRESSES {
            failed.retain(|_, times| times.iter().any(|time| time.elapsed() < WINDOW));
        }
        if failed.len() < ADDRESSES || failed.contains_key(&from) {
            failed.entry(from).or_default().push(Instant::now());
        }
    }
}
