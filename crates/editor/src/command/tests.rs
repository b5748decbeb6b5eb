//! What every command promises on any document, and what each is for.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    session::Session,
    uses::{Name, uses_of},
};

/// How a document is written.
#[derive(Debug, Clone, Copy)]
enum Style {
    OneLine,
    Spaces,
    Tabs,
}

/// JSON text in a style; the text has no white space outside strings.
fn styled(text: &str, style: Style) -> String {
    let unit = match style {
        Style::OneLine => return text.to_owned(),
        Style::Spaces => "  ",
        Style::Tabs => "\t",
    };
    let (mut out, mut level, mut quoted, mut escaped) = (String::new(), 0, false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            out.push(c);
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        let line = |out: &mut String, level: usize| {
            out.push('\n');
            out.push_str(&unit.repeat(level));
        };
        match c {
            '{' | '[' if chars.peek().is_some_and(|next| "]}".contains(*next)) => {
                out.push(c);
                out.extend(chars.next());
            }
            '{' | '[' => {
                out.push(c);
                level += 1;
                line(&mut out, level);
            }
            '}' | ']' => {
                level -= 1;
                line(&mut out, level);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, level);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = c == '"';
                out.push(c);
            }
        }
    }
    out
}

/// Strings that read refs and arguments, and some that only look so.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("main"),
        Just("${refs.a.sha}"),
        Just("x ${refs.a.sha}-${triggers.b.x} \\u00e9 ${args.v}"),
        Just("${fn.if(refs.a.ok, args.v, 'refs.a')}"),
        Just("\\\\${refs.a.x} refs.a.x ${refs.aa.x} ${refs.a-2.x} ${refs.a"),
        Just("${template.refs.a.x}\\n${args.vv}"),
    ]
    .prop_map(|text| format!("\"{text}\""))
}

fn node() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just(String::new()),
        "[a-c]".prop_map(|name| format!(r#""ref":"{name}","#)),
        Just(r#""ref":"a","ref":"b","#.to_owned()),
    ];
    let leaf = prop_oneof![
        6 => (name.clone(), words()).prop_map(|(name, text)| {
            format!(r#"{{"kind":"JobRun",{name}"spec":{{"jobId":{text}}},"x":1.50}}"#)
        }),
        3 => (name, words()).prop_map(|(name, text)| {
            format!(
                r#"{{"kind":"Release",{name}"spec":{{"type":"build","origin":{{"id":"b","branch":{text}}},"target":{{"id":"t","type":"service"}}}}}}"#
            )
        }),
        2 => words().prop_map(|text| format!(r#"{{"kind":"Oddity","spec":{{"z":[{text},{{}}]}},"kind":"Oddity"}}"#)),
        1 => Just("42".to_owned()),
        1 => Just(r#"{"kind":"Workflow"}"#.to_owned()),
        1 => Just(r#"{"kind":"Workflow","spec":{"type":"parallel","steps":7}}"#.to_owned()),
        1 => words().prop_map(|text| format!(
            r#"{{"kind":"Pipeline","spec":{{"name":{text},"stages":[{{"name":"Development","releaseFlow":{{"spec":{{"apiVersion":"v1.2","spec":{{"kind":"Workflow","spec":{{"type":"sequential","steps":[{{"kind":"JobRun","ref":"a","spec":{{"jobId":{text}}}}}]}}}}}}}}}}]}}}}"#
        )),
    ];
    leaf.prop_recursive(3, 14, 4, |inner| {
        (any::<bool>(), proptest::collection::vec(inner, 0..5)).prop_map(|(parallel, steps)| {
            let ty = if parallel { "parallel" } else { "sequential" };
            format!(
                r#"{{"kind":"Workflow","ref":"w","spec":{{"type":"{ty}","steps":[{}]}}}}"#,
                steps.join(",")
            )
        })
    })
}

fn document() -> impl Strategy<Value = String> {
    let style = prop_oneof![Just(Style::OneLine), Just(Style::Spaces), Just(Style::Tabs)];
    (proptest::collection::vec(node(), 0..6), words(), any::<bool>(), style).prop_map(
        |(steps, text, settings, style)| {
            let steps = steps.join(",");
            let settings = if settings {
                format!(
                    r#""arguments":{{"v":"1","w":{text},"v":"2"}},"triggers":[{{"ref":"t","repoUrl":"r"}},{{"ref":"b"}}],"richInputs":[{{"kind":"BuildSelector","spec":{{"outputs":{{"branch":"v"}}}}}}],"#
                )
            } else {
                String::new()
            };
            let flow = format!(
                r#"{{{settings}"spec":{{"kind":"Workflow","spec":{{"type":"sequential","steps":[{steps}]}}}},"teardownSpec":{{"spec":{{"kind":"JobRun","ref":"z","spec":{{"jobId":{text}}}}}}}}}"#
            );
            styled(&flow, style)
        },
    )
}

#[derive(Debug, Clone, Copy)]
struct Act {
    what: u8,
    a: usize,
    b: usize,
    index: usize,
}

fn act() -> impl Strategy<Value = Act> {
    (any::<u8>(), 0usize..30, 0usize..30, 0usize..5).prop_map(|(what, a, b, index)| Act {
        what,
        a,
        b,
        index,
    })
}

fn all_nodes(document: &Document) -> Vec<Key> {
    let mut nodes = document.nodes();
    nodes.extend(document.teardown_node());
    nodes
}

/// The document's flows, the whole one first.
fn all_flows(document: &Document) -> Vec<Key> {
    let inside = document.flows().into_iter().map(|(flow, _)| flow);
    std::iter::once(document.root()).chain(inside).collect()
}

/// The nodes of the open flow, each as often as it is likely to be picked, and those of the others.
fn nodes_anywhere(document: &Document) -> Vec<Key> {
    let open = all_nodes(document);
    let mut nodes = open.repeat(3);
    let mut other = document.clone();
    for flow in all_flows(document) {
        other.open_flow(flow);
        nodes.extend(all_nodes(&other).into_iter().filter(|node| !open.contains(node)));
    }
    nodes
}

/// By the flow, the refs that more than one has, and how many.
fn shared_refs(document: &Document) -> HashMap<(Key, String), usize> {
    let mut shared = HashMap::new();
    let mut document = document.clone();
    for flow in all_flows(&document) {
        document.open_flow(flow);
        let triggers = document.get(flow, "triggers");
        let triggers = triggers.into_iter().flat_map(|triggers| document.elements(triggers));
        let torn = document.teardown_node().into_iter();
        let torn = torn.flat_map(|node| document.nodes_under(node));
        for holder in triggers.chain(document.nodes()).chain(torn) {
            let name = document.get(holder, "ref").and_then(|name| document.str(name));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                *shared.entry((flow, name.to_owned())).or_insert(0) += 1;
            }
        }
    }
    shared.retain(|_, count| *count > 1);
    shared
}

fn command(session: &Session, act: Act) -> Command {
    let Act { what, a, b, index } = act;
    let document = session.document();
    let nodes = nodes_anywhere(document);
    let node = nodes[a % nodes.len()];
    let other = nodes[b % nodes.len()];
    let several = vec![other, node, nodes[(a + index) % nodes.len()]];
    let place = Place { workflow: other, index };
    let entries: Vec<Key> = ["triggers", "richInputs"]
        .iter()
        .filter_map(|list| document.get(document.flow(), list))
        .flat_map(|list| document.elements(list))
        .collect();
    let entry = entries.get(a % entries.len().max(1)).copied().unwrap_or(node);
    let name = ["v", "w", "new", "a-2", "", "a b", "a", "b", "t"][b % 9].to_owned();
    let value = Some(json!(index));
    match what % 29 {
        0 => Command::Delete { nodes: vec![node] },
        1 => Command::Delete { nodes: several },
        2 => Command::Insert { place, node: json!({"kind": "JobRun", "spec": {"jobId": "a"}}) },
        3 => Command::SwitchWorkflow { node },
        4 => Command::SetField { node, pointer: "/spec/a/b".to_owned(), value },
        5 => Command::SetField { node, pointer: "/spec/a/b".to_owned(), value: None },
        6 => Command::SetField { node, pointer: "/ref".to_owned(), value: None },
        7 => Command::Move { nodes: vec![node], place },
        8 => Command::Move { nodes: several, place },
        9 => Command::Duplicate { nodes: vec![node] },
        10 => Command::Duplicate { nodes: several },
        28 => Command::DuplicateTo { nodes: several, place },
        11 => Command::Wrap { nodes: vec![node], workflow: WorkflowType::Parallel },
        12 => Command::Wrap { nodes: several, workflow: WorkflowType::Sequential },
        13 => Command::Unwrap { nodes: vec![node] },
        14 => Command::ToggleSkip { nodes: several },
        15 => Command::SwitchKind { node, kind: b % (kinds::all().len() + 1) },
        16 => Command::RenameRef { holder: if index == 0 { entry } else { node }, name },
        17 => Command::SetSetting { pointer: "/options/paused".to_owned(), value },
        18 => Command::SetSetting { pointer: "/options/paused".to_owned(), value: None },
        19 => Command::SetArgument { name, value: (index > 0).then(|| json!("x")) },
        20 => Command::RenameArgument { name, to: ["v", "q"][index % 2].to_owned() },
        21 => Command::MoveArgument { name, index },
        22 => Command::AddEntry { list: List::Triggers, index, entry: json!({"ref": "t"}) },
        23 => Command::RemoveEntry { entry },
        24 => Command::MoveEntry { entry, index },
        25 => match copy(document, &several) {
            Ok(text) => Command::Paste { place, text },
            Err(_) => Command::Cut { nodes: several },
        },
        26 => Command::SetField {
            node: if index == 0 { entry } else { node },
            pointer: "/ref".to_owned(),
            value: Some(json!(name)),
        },
        _ => Command::SetField {
            node,
            pointer: "/spec/jobId".to_owned(),
            value: Some(json!(["m", "mi", ""][index % 3])),
        },
    }
}

proptest! {
    #[test]
    fn every_command_can_be_taken_back_and_refused_ones_change_nothing(
        text in document(), acts in proptest::collection::vec(act(), 1..25), nested in any::<bool>()
    ) {
        let mut session = Session::open(&text).unwrap();
        if let Some((flow, _)) = session.document().flows().first().copied().filter(|_| nested) {
            prop_assert!(session.open_flow(flow));
        }
        for act in acts {
            let before = session.document().text();
            let flows = all_flows(session.document());
            let shared = shared_refs(session.document());
            let command = command(&session, act);
            let done = session.dispatch(&command);
            let document = session.document();
            prop_assert!(document.contains(document.flow()), "{command:?}");
            for ((flow, name), count) in shared_refs(document) {
                let was = shared.get(&(flow, name.clone())).copied().unwrap_or(1);
                prop_assert!(!flows.contains(&flow) || count <= was, "{name}: {command:?}");
            }
            if let Ok(Some(label)) = &done {
                prop_assert!(!label.is_empty());
            } else {
                prop_assert_eq!(document.text(), before);
            }
            if let Err(refused) = &done {
                prop_assert!(refused.0.ends_with('.'), "{}", refused);
            }
            prop_assert!(Document::parse(&document.text()).is_ok(), "{command:?}");
            prop_assert!(document.root_node().is_some());
            prop_assert!(session.selection().nodes().all(|key| document.contains(key)));
            if session.selection().is_empty() {
                prop_assert_eq!(session.selection().focus(), None);
            }
        }
        let end = session.document().text();
        while session.undo().is_some() {}
        prop_assert_eq!(session.document().text(), text);
        while session.redo().is_some() {}
        prop_assert_eq!(session.document().text(), end);
    }

    #[test]
    fn a_group_is_one_step_or_none(
        text in document(), acts in proptest::collection::vec(act(), 1..6)
    ) {
        let mut session = Session::open(&text).unwrap();
        let commands: Vec<Command> = acts.iter().map(|act| command(&session, *act)).collect();
        match session.group("Do a lot", &commands) {
            Ok(Some(label)) => {
                prop_assert_eq!(&label, "Do a lot");
                prop_assert_eq!(session.undo(), Some(label));
            }
            Ok(None) | Err(_) => prop_assert_eq!(session.undo(), None),
        }
        prop_assert_eq!(session.document().text(), text);
    }

    #[test]
    fn a_field_changes_only_its_node(text in document(), a in 0usize..30, set in any::<bool>()) {
        let mut session = Session::open(&text).unwrap();
        let nodes = all_nodes(session.document());
        let node = nodes[a % nodes.len()];
        let span = session.document().span(node);
        let value = set.then(|| json!({"x": [1]}));
        let field = Command::SetField { node, pointer: "/spec/jobId".to_owned(), value };
        if session.dispatch(&field).is_ok() {
            let now = session.document().text();
            prop_assert!(now.starts_with(&text[..span.start]));
            prop_assert!(now.ends_with(&text[span.end..]));
        }
    }

    #[test]
    fn a_renamed_ref_takes_what_reads_it_along(text in document(), a in 0usize..30) {
        let mut session = Session::open(&text).unwrap();
        let nodes = all_nodes(session.document());
        let holder = nodes[a % nodes.len()];
        let Some(old) = session.document().node(holder).reference().map(str::to_owned) else {
            return Ok(());
        };
        let new = "some_new-name";
        let uses = uses_of(session.document(), Name::Ref(&old)).len();
        let others = nodes.iter().filter(|node| {
            session.document().node(**node).reference() == Some(&old)
        }).count() + usize::from(text.contains("\"triggers\"") && old == "b");
        session.dispatch(&Command::RenameRef { holder, name: new.to_owned() }).unwrap();
        let document = session.document();
        prop_assert_eq!(document.node(holder).reference(), Some(new));
        let (left, found) = (
            uses_of(document, Name::Ref(&old)).len(),
            uses_of(document, Name::Ref(new)).len(),
        );
        prop_assert_eq!(left + found, uses);
        prop_assert!(others > 1 || left == 0);
        if others == 1 {
            // Byte-exact elsewhere: naming it back gives the text again.
            session.dispatch(&Command::RenameRef { holder, name: old }).unwrap();
            prop_assert_eq!(session.document().text(), text);
        }
    }

    #[test]
    fn what_was_copied_arrives_equal_but_for_taken_refs(
        text in document(), target in document(), picks in proptest::collection::vec(0usize..30, 1..4)
    ) {
        let source = Session::open(&text).unwrap();
        let from = source.document();
        let nodes = from.nodes();
        let chosen: Vec<Key> = picks.iter().map(|pick| nodes[pick % nodes.len()]).collect();
        let copied = copy(from, &chosen).unwrap();
        let value: Value = serde_json::from_str(&copied).unwrap();
        let mut session = Session::open(&target).unwrap();
        let workflow = session.document().root_node().unwrap();
        let paste = Command::Paste { place: Place { workflow, index: 0 }, text: copied };
        let expected = match value {
            Value::Array(values) => values,
            value => vec![value],
        };
        if expected.iter().any(|value| value.get("kind").is_none()) {
            prop_assert!(session.dispatch(&paste).is_err());
            return Ok(());
        }
        session.dispatch(&paste).unwrap();
        let document = session.document();
        prop_assert_eq!(session.selection().len(), expected.len());
        let pasted: Vec<Value> = document
            .node(workflow)
            .steps()
            .take(expected.len())
            .map(|node| document.to_json(node))
            .collect();
        // Into a document where no ref is taken, exactly.
        let fresh = r#"{"spec":{"kind":"Workflow","spec":{"steps":[]}}}"#;
        let taken = pasted != expected;
        prop_assert!(!taken || target.contains("\"ref\"") || copy_has_twins(&expected));
        let mut session = Session::open(fresh).unwrap();
        let workflow = session.document().root_node().unwrap();
        if let Command::Paste { text, .. } = paste {
            let place = Place { workflow, index: 0 };
            session.dispatch(&Command::Paste { place, text }).unwrap();
        }
        let document = session.document();
        let pasted: Vec<Value> =
            document.node(workflow).steps().map(|node| document.to_json(node)).collect();
        prop_assert!(pasted == expected || copy_has_twins(&expected));
    }

    #[test]
    fn wrapping_and_unwrapping_leads_back(text in document(), a in 0usize..30) {
        let mut session = Session::open(&text).unwrap();
        let nodes = session.document().nodes();
        let node = nodes[a % nodes.len()];
        let before = session.document().to_json(session.document().root());
        let wrap = Command::Wrap { nodes: vec![node], workflow: WorkflowType::Parallel };
        if session.dispatch(&wrap).is_err() {
            prop_assert_eq!(node, nodes[0]);
            return Ok(());
        }
        let wrapper = session.selection().focus().unwrap();
        prop_assert_eq!(session.document().workflow_of(node), Some(wrapper));
        session.dispatch(&Command::Unwrap { nodes: vec![wrapper] }).unwrap();
        prop_assert_eq!(session.document().to_json(session.document().root()), before);
        prop_assert_eq!(session.document().text(), text);
        prop_assert_eq!(session.selection().focus(), Some(node));
    }
}

/// Whether two of the nodes have the same ref, so that one can't keep it.
fn copy_has_twins(values: &[Value]) -> bool {
    let text = values.iter().map(Value::to_string).collect::<String>();
    ["a", "b", "c", "w"].iter().any(|name| text.matches(&format!(r#""ref":"{name}""#)).count() > 1)
}

const FLOW: &str = r#"{
  "arguments": { "branch": "main" },
  "triggers": [ { "ref": "push", "repoUrl": "https://github.com/acme/shop" } ],
  "spec": {
    "kind": "Workflow",
    "spec": {
      "type": "sequential",
      "steps": [
        { "kind": "Build", "ref": "build", "spec": { "id": "web", "branch": "${triggers.push.branch}" } },
        { "kind": "JobRun", "spec": { "jobId": "" } },
        { "kind": "Release", "ref": "deploy", "condition": "running", "spec": { "type": "build",
          "origin": { "id": "web", "branch": "${refs.build.branch}" }, "target": { "id": "web-dev", "type": "service" } }, "note": 1 }
      ]
    }
  }
}"#;

fn session() -> (Session, Vec<Key>) {
    let session = Session::open(FLOW).unwrap();
    let nodes = session.document().nodes();
    (session, nodes)
}

fn type_in(session: &mut Session, node: Key, text: &str) {
    let (pointer, value) = ("/spec/jobId".to_owned(), Some(json!(text)));
    session.dispatch(&Command::SetField { node, pointer, value }).unwrap();
}

#[test]
fn choosing_a_resource_gives_a_ref_in_the_same_step() {
    let (mut session, nodes) = session();
    let name = |session: &Session| session.document().node(nodes[2]).reference().map(str::to_owned);
    for text in ["b", "bu", "build"] {
        type_in(&mut session, nodes[2], text);
    }
    assert_eq!(name(&session).as_deref(), Some("build-2"));
    type_in(&mut session, nodes[2], "");
    assert_eq!(name(&session), None);
    type_in(&mut session, nodes[2], "migrate");
    session.close_step();
    // What stands there is a name now, also when the resource is another one.
    type_in(&mut session, nodes[2], "other");
    assert_eq!(name(&session).as_deref(), Some("migrate"));
    session.undo();
    session.undo();
    assert_eq!(session.document().text(), FLOW);
}

#[test]
fn what_editing_has_made_goes_when_it_is_empty() {
    let (mut session, nodes) = session();
    let pointer = "/spec/buildOverrides/docker/dockerFilePath".to_owned();
    let set = |value| Command::SetField { node: nodes[1], pointer: pointer.clone(), value };
    session.dispatch(&set(Some(json!("/Dockerfile")))).unwrap();
    session.dispatch(&set(None)).unwrap();
    assert_eq!(session.document().text(), FLOW);
    let branch = Command::SetSetting { pointer: "/arguments/branch".to_owned(), value: None };
    session.dispatch(&branch).unwrap();
    assert!(session.document().text().contains("\"arguments\": {}"));
}

#[test]
fn a_release_becomes_another_and_keeps_what_both_have() {
    let (mut session, nodes) = session();
    let index = |word| {
        kinds::all().iter().position(|kind| {
            kinds::find("Release", &[word]).is_some_and(|other| std::ptr::eq(*kind, other))
        })
    };
    let kind = index("deployment").unwrap();
    let label = session.dispatch(&Command::SwitchKind { node: nodes[3], kind }).unwrap().unwrap();
    assert!(label.starts_with("Change ") && label.contains(" to "), "{label}");
    let value = session.document().to_json(nodes[3]);
    assert_eq!(value["spec"]["type"], "deployment");
    assert_eq!(value["spec"]["target"], json!({"id": "web-dev", "type": "service"}));
    assert_eq!(value["spec"]["origin"].get("branch"), None);
    assert_eq!((&value["note"], &value["ref"]), (&json!(1), &json!("deploy")));
    session.undo();
    assert_eq!(session.document().text(), FLOW);
    let kind = kinds::all().iter().position(|kind| kind.kind == "Build").unwrap();
    assert!(session.dispatch(&Command::SwitchKind { node: nodes[3], kind }).is_err());
}

#[test]
fn what_a_switch_takes_away_is_known_before() {
    let (session, nodes) = session();
    let index = |word: &str| {
        let wanted = kinds::find("Release", &[word]).unwrap();
        kinds::all().iter().position(|kind| std::ptr::eq(*kind, wanted)).unwrap()
    };
    let lost = |word| {
        let fields = lost_by_switch(session.document(), nodes[3], index(word));
        fields.into_iter().map(|field| field.pointer).collect::<Vec<_>>()
    };
    assert_eq!(lost("deployment"), ["/spec/origin/branch"]);
    assert_eq!(lost("registry"), ["/spec/origin/id", "/spec/origin/branch"]);
    assert!(lost("build").is_empty());
}

#[test]
fn entries_of_lists_and_maps_are_edited_one_by_one() {
    let (mut session, nodes) = session();
    let set = |pointer: &str, value: Value| Command::SetField {
        node: nodes[1],
        pointer: pointer.to_owned(),
        value: Some(value),
    };
    session.dispatch(&set("/spec/paths", json!(["a", "b"]))).unwrap();
    session.dispatch(&set("/spec/env/A~1B", json!("1"))).unwrap();
    let at = |session: &Session, pointer| session.document().resolve_from(nodes[1], pointer);
    let list = at(&session, "/spec/paths").unwrap();
    let add = Command::AddElement { list, index: 2, value: json!("c") };
    let label = session.dispatch(&add).unwrap();
    assert_eq!(label.as_deref(), Some("Add an entry to Start build web"));
    let entry = at(&session, "/spec/paths/2").unwrap();
    session.dispatch(&Command::MoveEntry { entry, index: 0 }).unwrap();
    for text in ["cd", "cde"] {
        let value = Some(json!(text));
        let set = Command::SetField { node: entry, pointer: String::new(), value };
        session.dispatch(&set).unwrap();
    }
    let first = at(&session, "/spec/paths/1").unwrap();
    session.dispatch(&Command::RemoveEntry { entry: first }).unwrap();
    let named = at(&session, "/spec/env/A~1B").unwrap();
    session.dispatch(&Command::RenameEntry { entry: named, name: "C".to_owned() }).unwrap();
    let spec = session.document().to_json(nodes[1])["spec"].clone();
    assert_eq!((&spec["paths"], &spec["env"]), (&json!(["cde", "b"]), &json!({ "C": "1" })));
    // A name is there once, and a node is no entry.
    session.dispatch(&set("/spec/env/D", json!("2"))).unwrap();
    let taken = Command::RenameEntry { entry: named, name: "D".to_owned() };
    assert!(session.dispatch(&taken).is_err());
    assert!(session.dispatch(&Command::RemoveEntry { entry: nodes[2] }).is_err());
    while session.undo().is_some() {}
    assert_eq!(session.document().text(), FLOW);
}

#[test]
fn a_trigger_is_renamed_with_what_reads_it() {
    let (mut session, nodes) = session();
    let trigger = session.document().resolve("/triggers/0").unwrap();
    let rename = |holder, name: &str| Command::RenameRef { holder, name: name.to_owned() };
    let label = session.dispatch(&rename(trigger, "main")).unwrap();
    assert_eq!(label.as_deref(), Some("Rename push to main"));
    assert_eq!(
        session.document().text(),
        FLOW.replace("\"push\"", "\"main\"").replace(".push.", ".main.")
    );
    for name in ["build", "", "  ", "a.b", "a b", "a}"] {
        assert!(session.dispatch(&rename(trigger, name)).is_err(), "{name}");
    }
    assert!(session.dispatch(&rename(session.document().root(), "x")).is_err());
    assert_eq!(uses_of(session.document(), Name::Ref("main"))[0].node, Some(nodes[1]));
}

#[test]
fn an_argument_is_renamed_with_inputs_and_texts() {
    let flow = r#"{"arguments": {"a": 1, "b": 2, "a": 3}, "richInputs": [{"spec": {"outputs": {"branch": "a", "buildSha": "b"}}}],
        "spec": {"kind": "JobRun", "spec": {"jobId": "${args.a} ${args.ab} ${refs.a.x}"}}}"#;
    let mut session = Session::open(flow).unwrap();
    let rename =
        |name: &str, to: &str| Command::RenameArgument { name: name.to_owned(), to: to.to_owned() };
    session.dispatch(&rename("a", "c")).unwrap();
    let expected = flow.replace("\"a\"", "\"c\"").replace("args.a}", "args.c}");
    assert_eq!(session.document().text(), expected);
    assert!(session.dispatch(&rename("c", "b")).is_err());
    assert!(session.dispatch(&rename("c", "")).is_err());
}

#[test]
fn a_copy_has_refs_of_its_own_and_reads_them() {
    let (mut session, nodes) = session();
    session.dispatch(&Command::Duplicate { nodes: vec![nodes[3], nodes[1]] }).unwrap();
    let document = session.document();
    let steps: Vec<Key> = document.node(nodes[0]).steps().collect();
    assert_eq!(steps[..3], nodes[1..]);
    let text = document.text_of(steps[4]);
    assert!(text.contains("\"deploy-2\"") && text.contains("${refs.build-2.branch}"), "{text}");
    assert!(document.text_of(steps[3]).contains("${triggers.push.branch}"));
    assert_eq!(session.undo().as_deref(), Some("Duplicate 2 nodes"));
    assert_eq!(session.document().text(), FLOW);
}

#[test]
fn copies_go_where_they_are_put_also_into_what_is_copied() {
    let (mut session, nodes) = session();
    let place = Place { workflow: nodes[0], index: 0 };
    session.dispatch(&Command::DuplicateTo { nodes: vec![nodes[3]], place }).unwrap();
    let document = session.document();
    let steps: Vec<Key> = document.node(nodes[0]).steps().collect();
    assert_eq!(steps[1..], nodes[1..]);
    assert!(document.text_of(steps[0]).contains("\"deploy-2\""));
    assert_eq!(session.selection().focus(), Some(steps[0]));
    assert_eq!(
        session.undo().as_deref().map(|label| label.split(' ').next()),
        Some(Some("Duplicate"))
    );
    assert_eq!(session.document().text(), FLOW);
    let outermost = Command::DuplicateTo { nodes: vec![nodes[0]], place };
    assert!(session.dispatch(&outermost).is_err());
}

#[test]
fn text_from_anywhere_can_be_pasted_or_says_why_not() {
    let paste = |text: &str| {
        let (mut session, nodes) = session();
        let place = Place { workflow: nodes[0], index: 1 };
        session.dispatch(&Command::Paste { place, text: text.to_owned() })?;
        let pasted = session.selection().len();
        assert_eq!(session.document().nodes().len(), nodes.len() + pasted);
        Ok::<usize, Refused>(pasted)
    };
    let node = r#"{"kind": "Odd", "x": 1.0}"#;
    assert_eq!(paste(&format!("\u{feff}\n {node}\n")), Ok(1));
    assert_eq!(paste(&format!("```json\n[{node}, {node}]\n```\n")), Ok(2));
    assert_eq!(paste(&format!("{node},\n{node},")), Ok(2));
    assert_eq!(paste(FLOW), Ok(3));
    assert_eq!(paste(&format!(r#"{{"spec": {node}}}"#)), Ok(1));
    for (text, sentence) in [
        ("", "There is nothing to paste"),
        ("npm install", "This text is no node"),
        ("{\"kind\": ", "This can't be pasted, because it is no JSON. Line 1"),
        ("[]", "There are no nodes"),
        ("[1]", "Entry 1 of this list is no node"),
        ("{\"a\": 1}", "This is JSON, but no node"),
        ("{\"spec\": {\"a\": 1}}", "This is JSON, but no node"),
    ] {
        let refused = paste(text).unwrap_err();
        assert!(refused.0.starts_with(sentence), "{refused}");
    }
    let deep = format!(r#"{{"kind": "Odd", "x": {}{}}}"#, "[".repeat(198), "]".repeat(198));
    assert!(paste(&deep).unwrap_err().0.contains("200 levels"));
    let long = format!(r#"{{"kind": "{}"}}"#, "x".repeat(MAX_PASTE_BYTES));
    assert!(paste(&long).unwrap_err().0.contains("1 MiB"));
}

#[test]
fn labels_say_what_was_done() {
    let (mut session, nodes) = session();
    let mut label = |command| session.dispatch(&command).unwrap().unwrap();
    let all = || nodes[1..].to_vec();
    let place = Place { workflow: nodes[0], index: 0 };
    assert_eq!(label(Command::Move { nodes: vec![nodes[2]], place }), "Move Run job");
    assert_eq!(label(Command::ToggleSkip { nodes: all() }), "Skip 3 nodes");
    assert_eq!(label(Command::ToggleSkip { nodes: all() }), "Don't skip 3 nodes");
    let workflow = WorkflowType::Parallel;
    assert_eq!(
        label(Command::Wrap { nodes: all(), workflow }),
        "Wrap 3 nodes in a parallel workflow"
    );
    let (pointer, value) = ("/options/paused".to_owned(), Some(json!(true)));
    assert_eq!(label(Command::SetSetting { pointer, value }), "Change “Triggers are paused”");
    let (list, entry) = (List::Triggers, json!({"ref": "push"}));
    assert_eq!(label(Command::AddEntry { list, index: 9, entry }), "Add Git trigger push-2");
    assert_eq!(label(Command::Delete { nodes: all() }), "Delete 3 nodes");
}

#[test]
fn labels_count_what_was_selected() {
    let flow = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "Workflow", "spec": {"type": "parallel", "steps": [{"kind": "A"}, {"kind": "B"}]}},
        {"kind": "C"}]}}}"#;
    let opened = Session::open(flow).unwrap();
    let nodes = opened.document().nodes()[1..].to_vec();
    let label = |command| opened.clone().dispatch(&command).unwrap().unwrap();
    assert_eq!(label(Command::Delete { nodes: nodes.clone() }), "Delete 4 nodes");
    assert_eq!(label(Command::ToggleSkip { nodes: nodes.clone() }), "Skip 4 nodes");
    let wrap = Command::Wrap { nodes, workflow: WorkflowType::Sequential };
    assert_eq!(label(wrap), "Wrap 4 nodes in a sequential workflow");
}

#[test]
fn a_selection_is_cut_and_pasted() {
    let (mut session, nodes) = session();
    session.select(Some(nodes[3]));
    session.toggle(nodes[1]);
    let text = session.cut().unwrap();
    assert_eq!(session.selection().focus(), Some(nodes[2]));
    let place = Place { workflow: nodes[0], index: 0 };
    session.dispatch(&Command::Paste { place, text }).unwrap();
    let document = session.document();
    let names: Vec<_> =
        document.nodes().iter().filter_map(|node| document.node(*node).reference()).collect();
    // Nothing has their refs any more, so they keep them.
    assert_eq!(names, ["build", "deploy"]);
    session.select(None);
    assert!(session.copy().is_err() && session.cut().is_err());
}

#[test]
fn what_holds_the_open_flow_is_not_taken_out() {
    const FLOW: &str = r#"{"spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
        {"kind":"JobRun","ref":"a","spec":{}},
        {"kind":"Pipeline","spec":{"stages":[{"releaseFlow":{"spec":{"spec":
          {"kind":"Workflow","spec":{"type":"sequential","steps":[{"kind":"JobRun","ref":"a"}]}}}}}]}}]}}}"#;
    let mut session = Session::open(FLOW).unwrap();
    let outer = session.document().nodes();
    let (flow, _) = session.document().flows()[0];
    assert!(session.open_flow(flow));
    let inner = session.document().nodes();
    let refused = session.dispatch(&Command::Delete { nodes: vec![outer[2]] }).unwrap_err();
    assert_eq!(refused.0, "This belongs to another flow: open that one to change it.");
    let place = Place { workflow: inner[0], index: 0 };
    session.dispatch(&Command::Move { nodes: vec![outer[1]], place }).unwrap_err();
    session.dispatch(&Command::Delete { nodes: vec![inner[1]] }).unwrap();
    session.undo();
    assert!(session.open_flow(session.document().root()));
    session.dispatch(&Command::Move { nodes: vec![outer[1]], place }).unwrap_err();
    let delete = Command::Delete { nodes: vec![outer[2]] };
    session.dispatch(&delete).unwrap();
    assert_eq!(session.document().flows(), []);
}

#[test]
fn a_field_can_not_take_a_ref_that_is_taken() {
    const FLOW: &str = r#"{"triggers":[{"ref":"t"}],"spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
        {"kind":"JobRun","ref":"a","spec":{}},{"kind":"JobRun","ref":"b","spec":{}}]}}}"#;
    let mut session = Session::open(FLOW).unwrap();
    let node = session.document().nodes()[2];
    let mut set = |name: &str| {
        let value = Some(json!(name));
        session.dispatch(&Command::SetField { node, pointer: "/ref".to_owned(), value })
    };
    for taken in ["a", "t"] {
        let sentence = format!("The ref `{taken}` is taken: each one is used once in a flow.");
        assert_eq!(set(taken).unwrap_err().0, sentence);
    }
    assert_eq!(set("b"), Ok(None));
    assert!(set("c").is_ok_and(|label| label.is_some()));
}

#[test]
fn a_field_and_a_rename_refuse_the_same_refs() {
    const FLOW: &str = r#"{"triggers":[{"ref":"t"}],"spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[
        {"kind":"JobRun","ref":"a","spec":{}},{"kind":"JobRun","ref":"old name","spec":{}}]}}}"#;
    let opened = Session::open(FLOW).unwrap();
    let holder = opened.document().nodes()[2];
    let refusals = |name: &str| {
        let value = Some(json!(name));
        let field = Command::SetField { node: holder, pointer: "/ref".to_owned(), value };
        let rename = Command::RenameRef { holder, name: name.to_owned() };
        [field, rename].map(|command| opened.clone().dispatch(&command).err().map(|why| why.0))
    };
    for bad in ["a b", "a.b", "größe", "${args.x}", "a", "t"] {
        let [field, rename] = refusals(bad);
        assert!(field.is_some(), "{bad}");
        assert_eq!(field, rename, "{bad}");
    }
    for good in ["b", "b-2", "_b", "old name"] {
        assert_eq!(refusals(good)[0], None, "{good}");
    }
    // The rest of a node with such a ref is changed as any other's.
    let pointer = "/spec/jobId".to_owned();
    let change = Command::SetField { node: holder, pointer, value: Some(json!("x")) };
    assert!(opened.clone().dispatch(&change).is_ok_and(|label| label.is_some()));
}

/// How long this thread has computed, where the system says it: a machine that is busy with other
/// things as well must not fail a test.
fn computed() -> Option<std::time::Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(std::time::Duration::from_nanos)
}

#[test]
fn ten_thousand_steps_are_no_burden() {
    let step = |at: usize| format!(r#"{{"kind":"JobRun","ref":"j{at}","spec":{{"jobId":"x"}}}}"#);
    let steps: Vec<String> = (0..10_000).map(step).collect();
    let flow = format!(
        r#"{{"spec":{{"kind":"Workflow","spec":{{"type":"sequential","steps":[{}]}}}}}}"#,
        steps.join(",\n")
    );
    let opened = Session::open(&flow).unwrap();
    let nodes = opened.document().nodes();
    let (root, all) = (nodes[0], nodes[1..].to_vec());
    let place = Place { workflow: root, index: 0 };
    let same = format!("[{}]", vec![step(0); 10_000].join(","));
    let wrap = Command::Wrap { nodes: all.clone(), workflow: WorkflowType::Parallel };
    let mut wrapped = opened.clone();
    wrapped.dispatch(&wrap).unwrap();
    let wrapper = wrapped.selection().focus().unwrap();
    for (session, command) in [
        (&opened, Command::Delete { nodes: all.clone() }),
        (&opened, Command::Move { nodes: all[5_000..].to_vec(), place }),
        (&opened, Command::Duplicate { nodes: all }),
        (&opened, Command::Paste { place, text: same }),
        (&opened, wrap),
        (&wrapped, Command::Unwrap { nodes: vec![wrapper] }),
    ] {
        let mut session = session.clone();
        let (clock, begin) = (std::time::Instant::now(), computed());
        let label = session.dispatch(&command).unwrap().unwrap();
        let took = match (begin, computed()) {
            (Some(begin), Some(end)) => end - begin,
            _ => clock.elapsed(),
        };
        println!("{label}: {took:?}");
        assert!(took.as_secs() < 2, "{label} took {took:?}");
    }
}
