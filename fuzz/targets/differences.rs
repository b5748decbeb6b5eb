//! Any two documents: their difference comes to an end, and is empty for a document and itself.
//!
//! The input is both documents, parted by a zero byte; of one document alone the second is none.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_flow::{diff::diff, document::Document};

fuzz_target!(|text: &str| {
    let (old, new) = text.split_once('\0').unwrap_or((text, "{}"));
    let (Ok(old), Ok(new)) = (Document::parse(old), Document::parse(new)) else { return };
    for (old, new) in [(&old, &new), (&new, &old)] {
        let difference = diff(old, new);
        assert!(!difference.text(old, new).is_empty());
        assert!(diff(old, old).is_empty());
    }
});
