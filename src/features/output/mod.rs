//! What a node printed: fetched in pieces as it grows, and shown by the lines in view alone, so
//! that a hundred thousand of them cost no more than forty.
//!
//! - `lines`: text to lines to rows, without a browser. - `source`: fetching. - `view`: the
//!   scrolling window.
//!
//! May import: `state`, `client`, `ui`, the pure crates. Not other features.

mod lines;
mod source;
mod view;

pub use view::Output;
