//! Any three documents: merging comes to an end, gives a document, and can be taken back.
//!
//! The input is the common document, mine and theirs, parted by zero bytes.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use slipway_flow::{
    diff::merge::{Choice, conflicts, merge},
    document::Document,
};

fuzz_target!(|text: &str| {
    let mut texts = text.splitn(3, '\0').map(Document::parse);
    let (Some(Ok(base)), Some(Ok(mine)), Some(Ok(theirs))) =
        (texts.next(), texts.next(), texts.next())
    else {
        return;
    };
    let found = conflicts(&base, &mine, &theirs);
    for choice in [Choice::Mine, Choice::Theirs, Choice::Both] {
        let choices: BTreeMap<usize, Choice> = (0..found.len()).map(|at| (at, choice)).collect();
        let mut document = mine.clone();
        let merged = merge(&base, &mut document, &theirs, &choices);
        assert_eq!(merged.conflicts, found);
        let after = document.text();
        let again = Document::parse(&after).unwrap_or_else(|error| panic!("{error} in {after}"));
        assert_eq!(again.text(), after);
        document.apply(&merged.changes.inverse()).expect("what was just done can be undone");
        assert_eq!(document.text(), mine.text());
    }
});
