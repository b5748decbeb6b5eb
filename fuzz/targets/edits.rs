//! Any JSON and any edits: every state is a document, undo restores every byte, redo too.
//!
//! The input is the document, a zero byte, and four bytes for each edit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use slipway_flow::document::{Document, Editing, Key};

fuzz_target!(|input: &[u8]| {
    let at = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let Ok(before) = std::str::from_utf8(&input[..at]) else { return };
    let Ok(mut document) = Document::parse(before) else { return };
    let mut edit = document.edit();
    for act in input[at..].get(1..).unwrap_or_default().chunks_exact(4).take(24) {
        perform(&mut edit, act);
        let text = edit.document().text();
        let again = Document::parse(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        assert_eq!(again.text(), text);
    }
    let changes = edit.finish();
    let after = document.text();
    document.apply(&changes.inverse()).expect("what was just done can be undone");
    assert_eq!(document.text(), before);
    document.apply(&changes).expect("what was undone can be done again");
    assert_eq!(document.text(), after);
    let both = changes.clone().squash(changes.inverse());
    assert!(document.apply(&both.inverse()).is_ok() || !both.is_empty());
});

fn perform(edit: &mut Editing<'_>, act: &[u8]) {
    let keys: Vec<Key> = edit.document().spans().iter().map(|(key, _)| key).collect();
    let key = |byte: u8| keys[usize::from(byte) % keys.len()];
    let name = ["kind", "ref", "a/b~", "", "\"\n", "é\u{1F389}"][usize::from(act[3]) % 6];
    let (first, second) = (key(act[1]), key(act[2]));
    match act[0] % 9 {
        0 => drop(edit.set(first, name, &value(act[2]))),
        1 => drop(edit.set_after(first, name, &value(act[2]), &["kind", "spec"])),
        2 => edit.rename_member(first, name),
        3 => edit.replace(first, &value(act[2])),
        4 => drop(edit.replace_text(first, "{ \"n\": 1.50, \"l\": [1,\n  2] }")),
        5 => drop(edit.replace_text(first, "{,}")),
        6 => drop(edit.insert(first, usize::from(act[3]), &value(act[2]))),
        7 => edit.remove(first),
        _ => edit.move_to(first, second, usize::from(act[3])),
    }
}

fn value(byte: u8) -> Value {
    match byte % 6 {
        0 => Value::Null,
        1 => json!(byte),
        2 => json!("text \u{2028} \"quoted\""),
        3 => json!([]),
        4 => json!({ "kind": "Workflow", "spec": { "steps": [{}] } }),
        _ => json!([[1, 2.5], { "": {} }]),
    }
}
