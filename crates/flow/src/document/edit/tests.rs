//! Edits that keep what they are not about.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn document(text: &str) -> Document {
    Document::parse(text).unwrap()
}

#[test]
fn parts_of_a_string_are_exchanged_between_escapes() {
    let written = r#"{"a": "\u00e9\ud83d\ude00\n${refs.x.y} \/ x"}"#;
    let mut document = document(written);
    let key = document.resolve("/a").unwrap();
    let at = document.str(key).unwrap().find("x.y").unwrap();
    let mut edit = document.edit();
    edit.replace_parts(key, &[(at..at + 1, "new \"name\"")]);
    let changes = edit.finish();
    assert_eq!(document.text(), written.replace("x.y", r#"new \"name\".y"#));
    document.apply(&changes.inverse()).unwrap();
    assert_eq!(document.text(), written);
}

#[test]
fn a_range_inside_a_character_changes_nothing() {
    for written in [r#""\u00e9a""#, "\"éa\""] {
        let mut document = document(written);
        let mut edit = document.edit();
        edit.replace_parts(edit.document().root(), &[(1..2, "x")]);
        assert!(edit.finish().is_empty());
        assert_eq!(document.text(), written);
    }
}

#[test]
fn inserted_text_keeps_its_bytes_and_takes_the_indentation() {
    let mut document = document("{\n\t\"a\": [\n\t\t1\n\t]\n}");
    let array = document.resolve("/a").unwrap();
    let mut edit = document.edit();
    let text = "{\n      \"x\":1.50,\n      \"y\": {\n        \"z\":[ ]\n      }\n    }";
    edit.insert_texts(array, 9, &[text]).unwrap();
    drop(edit);
    assert_eq!(
        document.text(),
        "{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\"x\":1.50,\n\t\t\t\"y\": {\n\t\t\t\t\"z\":[ ]\n\t\t\t}\n\t\t}\n\t]\n}"
    );
}

#[test]
fn missing_objects_are_made_on_the_way() {
    let mut document = document(r#"{"a": {}, "n": 1}"#);
    let root = document.root();
    let mut edit = document.edit();
    assert!(edit.set_at(root, &["a", "b", "c"], &json!(1)).is_some());
    assert!(edit.set_at(root, &["n", "b"], &json!(1)).is_none());
    drop(edit);
    assert_eq!(document.to_json(root), json!({"a": {"b": {"c": 1}}, "n": 1}));
}

#[test]
fn what_nests_too_deep_to_be_read_again_does_not_fit() {
    let nest = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let mut document = document(&format!("[{}]", nest(100)));
    let array = document.root();
    let mut edit = document.edit();
    edit.insert_texts(array, 0, &[&nest(200)]).unwrap();
    assert!(edit.fits());
    edit.insert_texts(array, 0, &[&nest(201)]).unwrap();
    assert!(!edit.fits());
    assert!(Document::parse(&edit.document().text()).is_err());
}

proptest! {
    #[test]
    fn reordering_moves_one_member_and_can_be_taken_back(
        from in 0usize..5, to in 0usize..6, lines in any::<bool>()
    ) {
        let gap = if lines { "\n  " } else { "" };
        let members: Vec<String> = (0..5).map(|n| format!("{gap}\"m{n}\": {n}")).collect();
        let text = format!("{{{}{}}}", members.join(","), if lines { "\n" } else { "" });
        let mut document = document(&text);
        let key = document.get(document.root(), &format!("m{from}")).unwrap();
        let mut edit = document.edit();
        edit.reorder(key, to);
        let changes = edit.finish();
        let mut names: Vec<String> = (0..5).map(|n| format!("m{n}")).collect();
        let moved = names.remove(from);
        names.insert(to.min(4), moved);
        let now: Vec<String> =
            document.members(document.root()).map(|(name, _)| name.to_string()).collect();
        prop_assert_eq!(now, names);
        prop_assert!(Document::parse(&document.text()).is_ok());
        document.apply(&changes.inverse()).unwrap();
        prop_assert_eq!(document.text(), text);
    }
}
