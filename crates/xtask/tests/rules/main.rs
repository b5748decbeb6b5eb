//! The rules of the house that a machine can check, each with a test that it can fail.
//!
//! `cargo xtask check-rules` runs exactly these. They look at the working tree as Git lists it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "all of this is tests; Clippy only knows the functions that are marked as such"
)]

mod addresses;
mod docs;
mod files;
mod imports;
mod kinds;
mod lengths;
mod readme;

/// Fails with one line for each thing that breaks the rule.
#[track_caller]
fn assert_none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n  {}\n", broken.join("\n  "));
}
