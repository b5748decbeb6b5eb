//! A headless editor of one release flow: everything an editor does but drawing and listening.
//! Views send it [`command::Command`]s and pointer [`tools::Input`]s, and show what it says.
//!
//! May import: `slipway-flow`. Must not know: the browser, HTTP, the engine. No I/O, no clock.

pub mod action;
pub mod command;
pub mod geometry;
pub mod history;
pub mod journal;
pub mod keymap;
pub mod layout;
pub mod outline;
pub mod reach;
pub mod search;
pub mod selection;
pub mod session;
pub mod tell;
pub mod text;
pub mod tools;
pub mod uses;
pub mod viewport;
pub mod walk;
