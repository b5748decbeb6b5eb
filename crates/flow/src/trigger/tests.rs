//! Every sentence as a table, path rules against the real Git, and what always holds.

mod git;
mod properties;
mod sentences;
