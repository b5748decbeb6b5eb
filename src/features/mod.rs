//! Features: each does one visual job. They may import `state`, `client`, `ui` and the pure
//! crates, and not one another: pages put them together.

pub mod board;
pub mod breaks;
pub mod canvas;
pub mod code;
pub mod diff;
pub mod inspector;
pub mod outline;
pub mod output;
pub mod palette;
pub mod problems;
pub mod rename;
pub mod revisions;
pub mod rollback;
pub mod runs;
pub mod search;
pub mod settings;
pub mod shortcuts;
