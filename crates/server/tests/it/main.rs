//! The server as its callers meet it: a real port, a real database, real project files.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod errors;
mod events;
mod flows;
mod lists;
mod openapi;
mod process;
mod repository;
mod revisions;
mod roles;
mod runs;
mod session;
mod site;
mod world;
