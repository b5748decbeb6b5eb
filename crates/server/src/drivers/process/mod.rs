//! Runs one command inside the fence.
//!
//! The server never starts a command itself. It starts `slipway supervise` (`supervise`), which
//! starts the command in a process group of its own and holds one end of a pipe whose other end
//! is here: when the server dies, however it dies, the pipe closes and the supervisor kills the
//! group. `leftovers` waits for that at the next start.

mod fence;
mod leftovers;
mod log;
pub mod supervise;

pub use fence::{Ended, Fence, Order};
pub use log::{Kept, Log, Sink, read_log};

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// From asking a command to end to killing it.
pub const GRACE: Duration = Duration::from_secs(5);

/// Whether work may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Go,
    /// Somebody aborted the run.
    Abort,
    /// The server is stopping.
    Shutdown,
}

/// Why work must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Somebody said so, or nobody is left who could.
    Told,
    /// It had so much time, and that is over.
    Elapsed(Duration),
}

/// Tells work to stop. Every clone sees the same signal and the same last instant.
#[derive(Debug, Clone)]
pub struct Stop {
    signal: watch::Receiver<Signal>,
    /// The last instant, and how far away it was.
    last: Option<(Instant, Duration)>,
}

impl Stop {
    #[must_use]
    pub const fn new(signal: watch::Receiver<Signal>) -> Self {
        Self { signal, last: None }
    }

    /// From now on work must also stop when so much time has passed.
    pub fn after(&mut self, time: Duration) {
        // A time beyond what the clock can hold is no bound.
        self.last = Instant::now().checked_add(time).map(|last| (last, time));
    }

    /// Why work must stop, if it must.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        let told = *self.signal.borrow() != Signal::Go || self.signal.has_changed().is_err();
        if told {
            return Some(Reason::Told);
        }
        self.last.filter(|(last, _)| Instant::now() >= *last).map(|(_, time)| Reason::Elapsed(time))
    }

    /// Resolves when work must stop. Without anybody who could say so any more it must, too.
    pub async fn stopped(&mut self) {
        let last = self.last;
        let elapsed = async {
            match last {
                Some((last, _)) => sleep_until(last).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.signal.wait_for(|signal| *signal != Signal::Go) => {}
            () = elapsed => {}
        }
    }
}
