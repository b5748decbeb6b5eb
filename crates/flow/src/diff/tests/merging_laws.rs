//! Laws of merging.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{
        merge::{About, Choice, Conflict, Merged, conflicts, merge},
        *,
    },
    generate::{acts, anything, document, edited, large, text},
    laws::{config, same_meaning},
};

fn parse(value: &Value, lines: bool) -> Document {
    Document::parse(&text(value, lines)).unwrap()
}

/// Merges with every choice at `choice`, and checks what always holds.
fn merged(
    base: &Document,
    mine: &Document,
    theirs: &Document,
    choice: Option<Choice>,
) -> (Document, Merged) {
    let found = conflicts(base, mine, theirs);
    let choices: BTreeMap<usize, Choice> =
        choice.map(|choice| (0..found.len()).map(|at| (at, choice)).collect()).unwrap_or_default();
    let mut document = mine.clone();
    let merged = merge(base, &mut document, theirs, &choices);
    assert_eq!(merged.conflicts, found);
    // A document, whose tree says what its text says.
    let again = Document::parse(&document.text()).unwrap();
    assert_eq!(again.to_json(again.root()), document.to_json(document.root()));
    for (key, _) in document.spans().iter() {
        assert!(document.contains(key));
    }
    // One step of undo takes it back, and one of redo brings it back.
    let mut undone = document.clone();
    undone.apply(&merged.changes.inverse()).unwrap();
    assert_eq!(undone.text(), mine.text());
    undone.apply(&merged.changes).unwrap();
    assert_eq!(undone.text(), document.text());
    for conflict in &merged.conflicts {
        assert!(conflict.choices.contains(&conflict.stands) && conflict.sentence.ends_with('.'));
    }
    (document, merged)
}

/// What a conflict is about, whoever is who.
fn subject(conflict: &Conflict, swapped: bool) -> (About, String, [Option<Key>; 3]) {
    let node = conflict.node;
    let sides = if swapped {
        [node.base, node.theirs, node.mine]
    } else {
        [node.base, node.mine, node.theirs]
    };
    (conflict.about, conflict.pointer.clone(), sides)
}

fn assert_laws(base: &Document, mine: &Document, theirs: &Document) {
    // Mine alone changed: not a byte changes.
    let (same, nothing) = merged(base, mine, base, None);
    assert!(nothing.changes.is_empty() && nothing.conflicts.is_empty());
    assert_eq!(same.text(), mine.text());
    // Theirs alone changed, or both alike.
    for mine in [base, theirs] {
        let (all, agreed) = merged(base, mine, theirs, None);
        assert_eq!(agreed.conflicts, [], "{}\n{}", base.text(), theirs.text());
        assert!(
            same_meaning(&all, theirs),
            "base {}\nmine {}\ntheirs {}\ngot {}",
            base.text(),
            mine.text(),
            theirs.text(),
            all.text()
        );
    }
    let (_, there) = merged(base, mine, theirs, None);
    merged(base, mine, theirs, Some(Choice::Theirs));
    merged(base, mine, theirs, Some(Choice::Mine));
    let back = conflicts(base, theirs, mine);
    let subjects = |conflicts: &[Conflict], swapped| {
        let mut all: Vec<String> =
            conflicts.iter().map(|conflict| format!("{:?}", subject(conflict, swapped))).collect();
        all.sort();
        all
    };
    assert_eq!(
        subjects(&there.conflicts, false),
        subjects(&back, true),
        "base {}\nmine {}\ntheirs {}",
        base.text(),
        mine.text(),
        theirs.text()
    );
}

/// Gives every node a mark of its own.
fn mark(value: &mut Value, prefix: &str, count: &mut usize) {
    match value {
        Value::Object(members) => {
            for member in members.values_mut() {
                mark(member, prefix, count);
            }
            if members.contains_key("kind") {
                *count += 1;
                members.insert("mark".to_owned(), json!(format!("{prefix}{count}")));
                if members.contains_key("ref") {
                    members.insert("ref".to_owned(), json!(format!("{prefix}{count}")));
                }
            }
        }
        Value::Array(elements) => {
            elements.iter_mut().for_each(|element| mark(element, prefix, count));
        }
        _ => {}
    }
}

fn all_nodes(document: &Document) -> Vec<Key> {
    let mut nodes = document.nodes();
    nodes.extend(document.teardown_node().into_iter().flat_map(|root| document.nodes_under(root)));
    nodes
}

fn mark_of(document: &Document, node: Key) -> Option<String> {
    document.str(document.get(node, "mark")?).map(str::to_owned)
}

/// Each marked node's own members.
fn marked(document: &Document) -> HashMap<String, Value> {
    let own = |node: Key| {
        let mut value = document.to_json(node);
        if document.node(node).steps_array().is_some() {
            value["spec"].as_object_mut().unwrap().remove("steps");
        }
        value
    };
    all_nodes(document)
        .into_iter()
        .filter_map(|node| Some((mark_of(document, node)?, own(node))))
        .collect()
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn edits_of_two_go_together(value in document(), a in acts(), b in acts(), lines in any::<bool>()) {
        let base = parse(&value, lines);
        assert_laws(&base, &edited(&base, &a), &edited(&base, &b));
    }

    #[test]
    fn texts_of_two_layouts_go_together(value in document(), a in acts(), b in acts()) {
        let base = parse(&value, true);
        let theirs = edited(&base, &b);
        let theirs = parse(&theirs.to_json(theirs.root()), false);
        assert_laws(&base, &edited(&base, &a), &theirs);
    }

    #[test]
    fn strangers_go_together(a in document(), b in document(), c in document()) {
        assert_laws(&parse(&a, true), &parse(&b, true), &parse(&c, false));
    }

    #[test]
    fn any_json_goes_together(a in anything(), b in anything(), c in anything()) {
        let parse = |text: &str| Document::parse(text).unwrap();
        assert_laws(&parse(&a), &parse(&b), &parse(&c));
    }

    #[test]
    fn no_node_is_lost(mut value in document(), a in acts(), b in acts()) {
        mark(&mut value, "b", &mut 0);
        let base = parse(&value, true);
        let mut count = 0;
        let mut marked_edit = |acts: &[super::generate::Act], prefix: &str| {
            let mut acts = acts.to_vec();
            for act in &mut acts {
                if let super::generate::Act::Insert(_, _, node) = act {
                    mark(node, prefix, &mut count);
                }
            }
            edited(&base, &acts)
        };
        let (mine, theirs) = (marked_edit(&a, "m"), marked_edit(&b, "t"));
        let (document, merge) = merged(&base, &mine, &theirs, None);
        let [old, ours, others, kept] = [&base, &mine, &theirs, &document].map(marked);
        let disputed: BTreeSet<String> = merge
            .conflicts
            .iter()
            .flat_map(|conflict| {
                let mine_mark = conflict.node.mine.and_then(|node| mark_of(&mine, node));
                let theirs_mark = conflict.node.theirs.and_then(|node| mark_of(&theirs, node));
                [mine_mark, theirs_mark]
            })
            .flatten()
            .collect();
        for (has, side, other) in [(&ours, &mine, &theirs), (&others, &theirs, &mine)] {
            let removed: BTreeSet<String> = diff(&base, other)
                .rows
                .iter()
                .filter(|row| row.new.is_none())
                .filter_map(|row| mark_of(&base, row.old?))
                .collect();
            for (mark, own) in has {
                if kept.contains_key(mark) || disputed.contains(mark) {
                    continue;
                }
                let Some(before) = old.get(mark) else {
                    panic!("{mark} was added and is gone: {}\n{}\n{}\n{}", base.text(), mine.text(), theirs.text(), document.text());
                };
                // Gone is only what the other removed and this side left as it was.
                let changed = removed.contains(mark) && own != before;
                prop_assert!(!changed, "{} changed and is gone: {}", mark, side.text());
            }
        }
    }

    #[test]
    fn choosing_theirs_everywhere_gives_theirs(value in document()) {
        // Everything that can be changed is, by both.
        let base = parse(&value, true);
        let changed = |word: &str| {
            let mut document = base.clone();
            for node in all_nodes(&base) {
                document.edit().set(node, "condition", &json!(word));
                if let Some(spec) = document.node(node).spec() {
                    document.edit().set(spec, "note", &json!({"deep": [word, {"x": word}]}));
                }
            }
            let flow = document.flow();
            document.edit().set(flow, "arguments", &json!({"A": word, "B": word}));
            document
        };
        let (mine, theirs) = (changed("mine"), changed("theirs"));
        let (document, merge) = merged(&base, &mine, &theirs, Some(Choice::Theirs));
        prop_assert!(merge.conflicts.len() >= all_nodes(&base).len());
        prop_assert!(same_meaning(&document, &theirs), "{}", document.text());
        let (document, _) = merged(&base, &mine, &theirs, Some(Choice::Mine));
        prop_assert_eq!(document.text(), mine.text());
    }
}

#[test]
fn ten_thousand_nodes_are_no_burden() {
    let [base, mine, theirs] = [0, 1, 2].map(|seed| parse(&large(10_000, seed), true));
    let run = |_| {
        let mut document = mine.clone();
        let before = std::time::Instant::now();
        let merged = merge(&base, &mut document, &theirs, &BTreeMap::new());
        (before.elapsed(), merged)
    };
    let (took, merged) = (0..5).map(run).min_by_key(|run| run.0).unwrap();
    println!("merge of 10,000 nodes: {took:?}, {} conflicts", merged.conflicts.len());
    assert!(merged.conflicts.len() > 100);
    assert!(took.as_secs() < 10, "{took:?}");
}
