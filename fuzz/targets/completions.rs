//! Any text, also one that is being typed: completing it ends, and replaces whole characters around
//! the cursor.
//!
//! The last two bytes of the input are the cursor.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_flow::{complete::complete, expr::Names};

fuzz_target!(|input: &[u8]| {
    let Some((text, cursor)) = input.split_last_chunk::<2>() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let cursor = usize::from(u16::from_le_bytes(*cursor)) % (text.len() + 2);
    for proposal in complete(text, cursor, &Names::default()) {
        assert!(!proposal.label.is_empty() && text.get(proposal.replace).is_some());
    }
});
