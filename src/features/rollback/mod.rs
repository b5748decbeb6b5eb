//! Going back to what an earlier run released: what would change, confirmed, and then done.
//!
//! - `plan`: a plan in words. - `dialog`: the button and its dialog.
//!
//! May import: `state`, `client`, `ui`, `routes`, the pure crates. Not other features.

mod dialog;
mod plan;

pub use dialog::RollbackButton;
