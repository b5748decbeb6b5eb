//! The server `slipway`: API, engine, drivers, access, static hosting.
//!
//! ARCHITECTURE.md shows which module owns what. May import: flow, engine, api. Must not know: the
//! editor, the browser.

pub mod access;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod drivers;
pub mod http;
mod listen;
pub mod project;
pub mod runner;
mod seed;
pub mod time;
