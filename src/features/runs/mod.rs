//! Runs: starting one, listing them, and what is known of one and of each of its nodes.
//!
//! - `draft`, `rows`: what needs no browser. - `dialog`: asking for a run. - `list`: a stage's
//!   runs, live. - `header`, `failures`, `abort`: one run as a whole. - `node`, `attempts`, `code`:
//!   one node of a run.
//!
//! May import: `state`, `client`, `ui`, `routes`, the pure crates. Not other features.

mod abort;
mod attempts;
mod code;
mod dialog;
mod draft;
mod failures;
mod header;
mod list;
mod node;
mod rows;

pub use abort::AbortButton;
pub use dialog::RunDialog;
pub use failures::Failures;
pub use header::RunHeader;
pub use list::RunList;
pub use node::{NodePanel, NodeTab};
