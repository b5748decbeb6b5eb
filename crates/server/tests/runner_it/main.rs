//! The runner and its drivers with real processes, Git and SQLite.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

mod builds;
mod crash;
mod demo;
mod limits;
mod policies;
mod process;
mod releases;
mod requests;
mod reuse;
mod runs;
mod support;
