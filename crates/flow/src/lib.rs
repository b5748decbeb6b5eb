//! What a release flow is: the lossless document, the kinds of its nodes with their field tables,
//! the API's patterns, the checks, `${…}` expressions, the change set, the difference of two
//! documents, and what starts a run.
//!
//! May import: nothing of ours. No I/O, no clock, no randomness, no DOM.

pub mod arguments;
pub mod change;
pub mod check;
pub mod complete;
pub mod concurrency;
pub mod diff;
pub mod document;
pub mod expr;
pub mod form;
pub mod kinds;
pub mod pattern;
pub mod reference;
pub mod schema;
pub mod stage;
pub mod trigger;
