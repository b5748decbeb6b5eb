//! What a lossless document promises, on any JSON text with any spacing, and on real files.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::change::ChangeSet;

/// JSON text with arbitrary spacing and number lexemes.
pub(super) fn json_text() -> impl Strategy<Value = String> {
    let space = prop_oneof![Just(""), Just(" "), Just("\n  "), Just("\t"), Just("\r\n ")];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9])?",
        "\"([a-z/~ ]|\\\\n|\\\\u00e9|\\\\\"|é){0,6}\"",
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let spaced =
            (space.clone(), inner, space.clone()).prop_map(|(a, v, b)| format!("{a}{v}{b}"));
        let member = (space.clone(), "[a-d~/]{1,2}", space.clone(), spaced.clone())
            .prop_map(|(a, n, b, v)| format!("{a}\"{n}\"{b}:{v}"));
        prop_oneof![
            (proptest::collection::vec(spaced, 0..5), space.clone()).prop_map(|(v, s)| {
                if v.is_empty() { format!("[{s}]") } else { format!("[{}]", v.join(",")) }
            }),
            (proptest::collection::vec(member, 0..5), space.clone()).prop_map(|(v, s)| {
                if v.is_empty() { format!("{{{s}}}") } else { format!("{{{}}}", v.join(",")) }
            }),
        ]
    })
    .prop_flat_map(|text| {
        let pad = prop_oneof![Just(""), Just("\n"), Just("  ")];
        (pad.clone(), Just(text), pad).prop_map(|(a, text, b)| format!("{a}{text}{b}"))
    })
}

/// Text that is nearly JSON: a few characters of one are taken out, put in or exchanged.
fn nearly_json() -> impl Strategy<Value = String> {
    let strange = "[\\[\\]{}:,\"\\\\ua0-9.eE+ \t\r\n\u{0}\u{b}\u{a0}\u{feff}é😀tfn/-]{0,3}";
    (
        json_text(),
        proptest::collection::vec((any::<prop::sample::Index>(), 0usize..3, strange), 0..3),
    )
        .prop_map(|(text, slips)| {
            let mut chars: Vec<char> = text.chars().collect();
            for (at, taken, put) in slips {
                let at = at.index(chars.len() + 1);
                let to = (at + taken).min(chars.len());
                chars.splice(at..to, put.chars());
            }
            chars.into_iter().collect()
        })
}

#[derive(Debug, Clone)]
enum Act {
    Set(usize, String, u8),
    Replace(usize, u8),
    Insert(usize, usize, u8),
    Remove(usize),
    Move(usize, usize, usize),
}

fn act() -> impl Strategy<Value = Act> {
    let n = 0usize..64;
    prop_oneof![
        (n.clone(), "[a-f]", any::<u8>()).prop_map(|(a, b, c)| Act::Set(a, b, c)),
        (n.clone(), any::<u8>()).prop_map(|(a, b)| Act::Replace(a, b)),
        (n.clone(), 0usize..6, any::<u8>()).prop_map(|(a, b, c)| Act::Insert(a, b, c)),
        n.clone().prop_map(Act::Remove),
        (n.clone(), n, 0usize..6).prop_map(|(a, b, c)| Act::Move(a, b, c)),
    ]
}

fn sample(n: u8) -> Value {
    match n % 5 {
        0 => json!(n),
        1 => json!({"x": [n, {"y": "é\n"}], "z": {}}),
        2 => json!([]),
        3 => json!("text ${args.a}"),
        _ => json!([[1, 2], {"k": null}]),
    }
}

fn perform(document: &mut Document, act: &Act) -> ChangeSet {
    let live: Vec<Key> = document.spans().iter().map(|(key, _)| key).collect();
    let pick = |n: usize| live[n % live.len()];
    let pick_array = |n: usize| {
        let arrays: Vec<Key> = live.iter().copied().filter(|key| document.is_array(*key)).collect();
        (!arrays.is_empty()).then(|| arrays[n % arrays.len()])
    };
    let (array_a, array_b) = (pick_array(0), pick_array(1));
    let mut edit = document.edit();
    match act {
        Act::Set(at, name, n) => {
            edit.set(pick(*at), name, &sample(*n));
        }
        Act::Replace(at, n) => edit.replace(pick(*at), &sample(*n)),
        Act::Insert(at, index, n) => {
            edit.insert(pick(*at), *index, &sample(*n));
        }
        Act::Remove(at) => edit.remove(pick(*at)),
        Act::Move(at, to, index) => {
            let array = if to % 2 == 0 { array_a } else { array_b };
            if let Some(array) = array {
                edit.move_to(pick(*at), array, *index);
            }
        }
    }
    edit.finish()
}

/// Every value's parent, and that the text says the same as the tree.
pub(super) fn assert_whole(document: &Document) {
    let text = document.text();
    let again = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(again.to_json(again.root()), document.to_json(document.root()));
    for (key, span) in document.spans().iter() {
        let part: Value = serde_json::from_str(&text[span]).unwrap();
        // Of members with one name, both sides keep the last.
        assert_eq!(part, document.to_json(key));
        assert!(document.contains(key));
    }
}

proptest! {
    #[test]
    fn text_is_kept(text in json_text()) {
        let document = Document::parse(&text).unwrap();
        prop_assert_eq!(document.text(), text.clone());
        let expected: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(document.to_json(document.root()), expected);
        assert_whole(&document);
    }

    #[test]
    fn undo_is_the_inverse(text in json_text(), acts in proptest::collection::vec(act(), 1..12)) {
        let mut document = Document::parse(&text).unwrap();
        let mut done = Vec::new();
        let mut texts = vec![document.text()];
        for act in &acts {
            done.push(perform(&mut document, act));
            assert_whole(&document);
            texts.push(document.text());
        }
        let all = done.iter().cloned().fold(ChangeSet::default(), ChangeSet::squash);
        for (changes, before) in done.iter().zip(&texts).rev() {
            document.apply(&changes.inverse()).unwrap();
            prop_assert_eq!(&document.text(), before);
        }
        document.apply(&all).unwrap();
        prop_assert_eq!(&document.text(), texts.last().unwrap());
        document.apply(&all.inverse()).unwrap();
        prop_assert_eq!(&document.text(), &text);
    }

    /// The grammar is that of `serde_json` when it keeps a text as it is; what it makes of values
    /// differs as `what_serde_json_refuses_and_we_keep` lists.
    #[test]
    fn any_text_is_read_whole_or_refused_with_its_place(
        text in prop_oneof![nearly_json(), "[\\[\\]{}:,\"\\\\a0-9.eE+ -]{0,24}"]
    ) {
        let verdict = serde_json::from_str::<&serde_json::value::RawValue>(&text);
        match Document::parse(&text) {
            Ok(document) => {
                prop_assert!(verdict.is_ok(), "{:?}", text);
                prop_assert_eq!(document.text(), text);
            }
            Err(error) => {
                prop_assert!(verdict.is_err(), "{:?}: {}", text, error);
                prop_assert!(text.is_char_boundary(error.offset));
                let before = &text[..error.offset];
                let line = before.rsplit('\n').next().unwrap();
                prop_assert_eq!(error.line, before.split('\n').count());
                prop_assert_eq!(error.column, line.chars().count() + 1);
            }
        }
    }

    #[test]
    fn values_are_found_where_they_stand(text in json_text(), acts in proptest::collection::vec(act(), 0..8)) {
        let mut document = Document::parse(&text).unwrap();
        for act in &acts {
            perform(&mut document, act);
        }
        for (key, span) in document.spans().iter() {
            prop_assert_eq!(document.span(key), span.clone());
            prop_assert_eq!(document.text_of(key), &document.text()[span]);
            let Some(parent) = document.parent(key) else { continue };
            let index = document.index_in_parent(key).unwrap();
            let all: Vec<Key> =
                document.members(parent).map(|(_, member)| member).chain(document.elements(parent)).collect();
            prop_assert_eq!(all[index], key);
            // Of members with one name only the last can be asked for.
            let leads = std::iter::successors(Some(key), |key| document.parent(*key)).all(|key| {
                let parent = document.parent(key);
                let named = |parent| document.members(parent).find(|(_, member)| *member == key);
                let name = parent.and_then(named).map(|(name, _)| name);
                name.is_none_or(|name| document.get(parent.unwrap(), name) == Some(key))
            });
            prop_assert_eq!(document.resolve(&document.pointer(key)) == Some(key), leads);
        }
    }

    #[test]
    fn a_changed_scalar_changes_its_own_bytes_only(text in json_text(), at in 0usize..64, n in 10_000u32..20_000) {
        let mut document = Document::parse(&text).unwrap();
        let mut scalars: Vec<_> = document.spans().iter()
            .filter(|(key, _)| !document.is_array(*key) && !document.is_object(*key)).collect();
        scalars.sort_by_key(|(_, span)| span.start);
        prop_assume!(!scalars.is_empty());
        let (key, span) = scalars[at % scalars.len()].clone();
        let mut edit = document.edit();
        edit.replace(key, &json!(n));
        drop(edit);
        prop_assert_eq!(document.text(), format!("{}{n}{}", &text[..span.start], &text[span.end..]));
    }
}

const FLOW: &str = r#"{
    "apiVersion": "v1.2",
    "spec": { "kind": "Workflow",
        "spec": {
            "type": "sequential",
            "steps": [
                {
                    "kind": "JobRun", "ref": "migrate",
                    "spec": { "jobId": "migrate" }
                },
                {
                    "kind": "Workflow",
                    "spec": {
                        "type": "parallel",
                        "steps": []
                    }
                }
            ]
        }
    }
}
"#;

#[test]
fn a_node_moved_inwards_takes_the_indentation_of_its_place() {
    let mut document = Document::parse(FLOW).unwrap();
    let nodes = document.nodes();
    let target = document.node(nodes[2]).steps_array().unwrap();
    let mut edit = document.edit();
    edit.move_to(nodes[1], target, 0);
    let changes = edit.finish();
    assert_eq!(
        document.text(),
        r#"{
    "apiVersion": "v1.2",
    "spec": { "kind": "Workflow",
        "spec": {
            "type": "sequential",
            "steps": [
                {
                    "kind": "Workflow",
                    "spec": {
                        "type": "parallel",
                        "steps": [
                            {
                                "kind": "JobRun", "ref": "migrate",
                                "spec": { "jobId": "migrate" }
                            }
                        ]
                    }
                }
            ]
        }
    }
}
"#
    );
    document.apply(&changes.inverse()).unwrap();
    assert_eq!(document.text(), FLOW);
}

#[test]
fn new_members_and_elements_follow_their_neighbours() {
    let mut document = Document::parse(FLOW).unwrap();
    let nodes = document.nodes();
    let steps = document.node(nodes[0]).steps_array().unwrap();
    let spec = document.node(nodes[1]).spec().unwrap();
    let mut edit = document.edit();
    edit.set(spec, "projectId", &json!("shop"));
    edit.set_after(nodes[2], "ref", &json!("both"), &["kind"]);
    edit.insert(steps, 1, &json!({"kind": "JobRun", "spec": {}}));
    drop(edit);
    let text = document.text();
    assert!(text.contains(r#""spec": { "jobId": "migrate", "projectId": "shop" }"#), "{text}");
    assert!(
        text.contains(
            "                    \"kind\": \"Workflow\",\n                    \"ref\": \"both\",\n                    \"spec\": {"
        ),
        "{text}"
    );
    assert!(
        text.contains(
            "                },\n                {\n                    \"kind\": \"JobRun\",\n                    \"spec\": {}\n                },\n                {\n"
        ),
        "{text}"
    );
}

#[test]
fn errors_name_their_place() {
    let error = Document::parse("{\n  \"a\": [1, 2,]\n}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "Line 2, column 14: There is a comma too many before the closing bracket."
    );
    let deep = "[".repeat(100_000);
    assert_eq!(
        Document::parse(&deep).unwrap_err().message,
        "This is nested more than 200 levels deep."
    );
    assert_eq!(
        Document::parse("").unwrap_err().message,
        "The text ends where a value is expected."
    );
}

/// All that `serde_json` refuses as a value and a document keeps.
#[test]
fn what_serde_json_refuses_and_we_keep() {
    let deep = format!("{}{}", "[".repeat(150), "]".repeat(150));
    for text in [r#""\ud800""#, r#""\udc00x""#, "1e400", "-1E+999", &deep] {
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        assert_eq!(Document::parse(text).unwrap().text(), text);
    }
    let names = r#"{"\ud83d\ude00": 1, "a\/\u0062": 2, "\ud800": 3, "a": 4, "\u0061": 5}"#;
    let document = Document::parse(names).unwrap();
    let at = |name| document.get(document.root(), name).map(|key| document.text_of(key));
    assert_eq!(at("😀").as_deref(), Some("1"));
    assert_eq!(at("a/b").as_deref(), Some("2"));
    assert_eq!(at("\u{fffd}").as_deref(), Some("3"));
    assert_eq!(at("a").as_deref(), Some("5"), "the last of two counts, however it is written");
}

#[test]
fn limits_are_refused_in_words_and_reached_without_harm() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    // What a browser gives WebAssembly, where the frames of a release build are far smaller.
    let within = std::thread::Builder::new().stack_size(1024 << 10);
    let deepest = within.spawn(move || {
        let mut document = Document::parse(&nested(MAX_DEPTH + 1)).unwrap();
        assert_eq!(document.text().len(), 2 * (MAX_DEPTH + 1));
        assert_eq!(document.spans().iter().count(), MAX_DEPTH + 1);
        let json = document.to_json(document.root());
        let root = document.root();
        document.edit().replace(root, &json!([json.clone()]));
        drop(crate::check::check(&document.clone()));
        json
    });
    assert!(deepest.unwrap().join().unwrap().is_array());
    let error = Document::parse(&nested(MAX_DEPTH + 2)).unwrap_err();
    assert_eq!(error.message, "This is nested more than 200 levels deep.");
    assert_eq!(error.offset, MAX_DEPTH + 1);
    let error = Document::parse(&" ".repeat(MAX_SIZE + 1)).unwrap_err();
    assert_eq!(error.message, "This text is longer than 32 MiB. No release flow needs as much.");
    let error = Document::parse("\u{feff}{}").unwrap_err();
    assert!(error.to_string().starts_with("Line 1, column 1: An invisible byte order mark"));
}

#[test]
fn columns_count_characters() {
    let text = "é😀\n\nab\n";
    let lines = Lines::of(text);
    let at = |offset| (lines.place(offset).line, lines.place(offset).column);
    assert_eq!([at(0), at(1), at(2), at(5), at(6)], [(1, 1), (1, 1), (1, 2), (1, 2), (1, 3)]);
    assert_eq!([at(7), at(8), at(9), at(10)], [(2, 1), (3, 1), (3, 2), (3, 3)]);
    assert_eq!([at(11), at(1000)], [(4, 1), (4, 1)]);
    assert_eq!(Lines::of("ab").place(2), LineColumn { line: 1, column: 3 });
}

#[test]
fn pointers_lead_to_their_values() {
    let document = Document::parse(r#"{"a/b": {"~": [10, {"x": 1}]}}"#).unwrap();
    let key = document.resolve("/a~1b/~0/1/x").unwrap();
    assert_eq!(document.pointer(key), "/a~1b/~0/1/x");
    assert_eq!(document.to_json(key), json!(1));
    assert_eq!(document.resolve("/a~1b/~0/2"), None);
}

#[test]
fn a_number_out_of_range_is_not_taken_for_nothing() {
    let text = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "spec": {"jobId": "migrate"}, "condition": 1e400}]}}, "apiVersion": "v1.2"}"#;
    let document = Document::parse(text).unwrap();
    assert_eq!(document.text(), text);
    let problems = crate::check::check(&document);
    assert!(problems.iter().any(|p| p.pointer.ends_with("/condition")), "{problems:?}");
}

#[test]
fn a_change_for_another_state_changes_nothing() {
    let mut document = Document::parse("[1, 2]").unwrap();
    let first = document.elements(document.root()).next().unwrap();
    let mut edit = document.edit();
    edit.replace(first, &json!(3));
    edit.remove(first);
    let changes = edit.finish();
    assert_eq!(document.text(), "[2]");
    assert!(document.apply(&changes).is_err());
    assert_eq!(document.text(), "[2]");
}

/// Real files, where they are at hand: opening one and closing it changes nothing.
#[test]
fn files_keep_their_bytes() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("tests/documents"), here.join("../../../shared/fixtures")];
    for folder in folders.iter().filter(|folder| folder.exists()) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read_to_string(&path).unwrap();
                let document = Document::parse(&text).unwrap();
                assert_eq!(document.text(), text, "{}", path.display());
                assert_whole(&document);
            }
        }
    }
}

#[test]
fn a_flow_inside_a_pipeline_node_is_a_document_of_its_own() {
    let text = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
      {"kind": "Pipeline", "spec": {"name": "Web", "stages": [
        {"name": "Development", "releaseFlow": {"kind": "ReleaseFlow", "spec":
          {"apiVersion": "v1.2", "spec": {"kind": "Workflow", "spec": {"type": "parallel", "steps": [{"kind": "LoopData"}]}}}}},
        {"name": "Staging"},
        {"name": "Production", "releaseFlow": {"kind": "ReleaseFlow", "spec": {"spec": {"kind": "Workflow"}}}}]}}]}}}"#;
    let mut document = Document::parse(text).unwrap();
    assert_eq!(document.nodes().len(), 2, "the template's own");
    let flows: Vec<_> =
        document.flows().into_iter().map(|(key, stage)| (key, stage.to_owned())).collect();
    assert_eq!(
        flows.iter().map(|(_, stage)| stage.as_str()).collect::<Vec<_>>(),
        ["Development", "Production"]
    );
    document.open_flow(flows[0].0);
    let nodes = document.nodes();
    assert_eq!(nodes.len(), 2);
    assert_eq!(
        document.pointer(nodes[1]),
        "/spec/spec/steps/0/spec/stages/0/releaseFlow/spec/spec/spec/steps/0"
    );
    assert_eq!(document.workflow_of(nodes[1]), Some(nodes[0]));
    assert_eq!(document.text(), text);
}
