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

use tokio::sync::watch;

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

/// Tells work to stop. Every clone sees the same signal.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Signal>);

impl Stop {
    #[must_use]
    pub const fn new(signal: watch::Receiver<Signal>) -> Self {
        Self(signal)
    }

    #[must_use]
    pub fn signal(&self) -> Signal {
        *self.0.borrow()
    }

    /// Resolves when work must stop. Without anybody who could say so any more it must, too.
    pub async fn stopped(&mut self) {
        let _ = self.0.wait_for(|signal| *signal != Signal::Go).await;
    }
}
