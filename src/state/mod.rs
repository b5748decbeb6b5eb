//! What the app knows, as signals: who is signed in, what is called what, and (in files of their
//! own) projections of the headless editor and of a run.
//!
//! May import: the pure crates, `client`. Must not know: features, pages, shell.

pub mod board;
pub mod document;
pub mod home;
pub mod journal;
pub mod names;
pub mod place;
pub mod preferences;
pub mod rest;
pub mod run;
pub mod session;
pub mod target;
