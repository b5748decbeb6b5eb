//! A run as a state machine without I/O: `(state, event) → (state, effects)`. The server executes
//! the effects; the browser folds the same events. No clock, no randomness, no files.
//!
//! May import: `slipway-flow`. Must not know: HTTP, SQLite, the editor, the browser.

pub mod critical;
pub mod event;
pub mod fold;
pub mod past;
pub mod pinned;
pub mod plan;
pub mod retry;
pub mod rollback;
pub mod schedule;
pub mod simulate;
pub mod stats;
pub mod status;
#[cfg(test)]
mod testing;
pub mod timeline;
pub mod values;
pub mod wire;
