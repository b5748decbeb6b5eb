//! Laws of the difference.

use proptest::prelude::*;

use super::{
    super::{values::Meanings, *},
    generate::{acts, anything, document, edited, large, text},
};

pub(super) fn same_meaning(a: &Document, b: &Document) -> bool {
    let mut values = Values::new();
    values.meaning(a, a.flow(), &mut Meanings::default())
        == values.meaning(b, b.flow(), &mut Meanings::default())
}

/// So many cases, or as many as the environment says.
pub(super) fn config(cases: u32) -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(cases),
    }
}

/// Everything a difference promises of two documents.
fn assert_sound(old: &Document, new: &Document) {
    let there = diff(old, new);
    let back = diff(new, old);
    assert_eq!(there.is_empty(), same_meaning(old, new), "{}\n{}", old.text(), new.text());
    let (counts, mirrored) = (there.counts(), back.counts());
    assert_eq!(
        (counts.added, counts.removed, counts.changed, counts.moved, counts.settings),
        (mirrored.removed, mirrored.added, mirrored.changed, mirrored.moved, mirrored.settings),
        "{}\n{}\n{}\n{}",
        old.text(),
        new.text(),
        there.text(old, new),
        back.text(new, old),
    );
    // Every node of either side is drawn once.
    for (document, key) in
        [(old, (|row: &Row| row.old) as fn(&Row) -> Option<Key>), (new, |row| row.new)]
    {
        let mut drawn: Vec<Key> = there
            .rows
            .iter()
            .filter(|row| matches!(row.part, Part::Flow | Part::Teardown))
            .filter_map(key)
            .collect();
        let mut nodes = document.nodes();
        nodes.extend(
            document.teardown_node().into_iter().flat_map(|root| document.nodes_under(root)),
        );
        drawn.sort();
        nodes.sort();
        assert_eq!(drawn, nodes);
    }
    for (at, row) in there.rows.iter().enumerate() {
        assert_eq!(row.depth, row.parent.map_or(0, |parent| there.rows[parent].depth + 1));
        assert!(row.parent.is_none_or(|parent| parent < at));
        for field in &row.fields {
            let value = |document: &Document, key: Option<Key>| {
                document.resolve_from(key.unwrap(), &field.pointer)
            };
            assert_eq!(value(old, row.old), field.old, "{}", field.pointer);
            assert_eq!(value(new, row.new), field.new, "{}", field.pointer);
        }
    }
    assert_eq!(there.text(old, new).lines().next(), Some(there.summary().as_str()));
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn a_document_equals_itself(value in document(), a in any::<bool>(), b in any::<bool>()) {
        let (old, new) = (text(&value, a), text(&value, b));
        let (old, new) = (Document::parse(&old).unwrap(), Document::parse(&new).unwrap());
        prop_assert!(diff(&old, &new).is_empty());
    }

    #[test]
    fn edits_are_found(value in document(), acts in acts()) {
        let old = Document::parse(&text(&value, true)).unwrap();
        assert_sound(&old, &edited(&old, &acts));
    }

    #[test]
    fn strangers_are_compared(a in document(), b in document()) {
        assert_sound(
            &Document::parse(&text(&a, true)).unwrap(),
            &Document::parse(&text(&b, false)).unwrap(),
        );
    }

    #[test]
    fn any_json_is_compared(a in anything(), b in anything()) {
        assert_sound(&Document::parse(&a).unwrap(), &Document::parse(&b).unwrap());
    }
}

#[test]
fn ten_thousand_nodes_are_no_burden() {
    let parse = |seed| Document::parse(&text(&large(10_000, seed), true)).unwrap();
    let (old, new) = (parse(0), parse(1));
    let difference = diff(&old, &new);
    // The best of some: others may be at work on the machine.
    let run = |_| {
        let before = std::time::Instant::now();
        let again = diff(&old, &new);
        assert_eq!(again, difference);
        before.elapsed()
    };
    let took = (0..5).map(run).min().unwrap();
    println!("diff of 10,000 nodes: {took:?}, {}", difference.summary());
    assert!(difference.counts().changed > 1000 && difference.counts().moved > 10);
    let before = std::time::Instant::now();
    let said = difference.text(&old, &new);
    println!("in words: {:?}, {} lines", before.elapsed(), said.lines().count());
    // In a release build it takes a tenth of a second; a quadratic walk would take minutes.
    assert!(took.as_secs() < 10, "{took:?}");
}
