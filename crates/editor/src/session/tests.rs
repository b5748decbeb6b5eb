use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::layout::Place;

const FLOW: &str = r#"{
  "apiVersion": "v1.2",
  "spec": {
    "kind": "Workflow",
    "spec": {
      "type": "sequential",
      "steps": [
        { "kind": "JobRun", "ref": "migrate", "spec": { "jobId": "migrate" }, "x": 1.50 },
        {
          "kind": "Workflow",
          "spec": { "type": "parallel", "steps": [
            { "kind": "Oddity", "spec": {} },
            { "kind": "Workflow" } ] }
        }
      ]
    }
  }
}"#;

fn session() -> Session {
    Session::open(FLOW).unwrap()
}

/// A node and a workflow of the flow, by number.
pub(crate) fn picked(session: &Session, a: usize, b: usize) -> (Key, Key) {
    let document = session.document();
    let nodes = document.nodes();
    let mut workflows = nodes.clone();
    workflows.retain(|key| document.node(*key).is_container());
    (nodes[a % nodes.len()], workflows[b % workflows.len()])
}

fn command(session: &Session, what: u8, a: usize, b: usize, index: usize) -> Command {
    let (node, workflow) = picked(session, a, b);
    let place = Place { workflow, index };
    match what % 6 {
        0 => Command::Delete { nodes: vec![node] },
        1 => Command::Insert { place, node: json!({"kind": "JobRun", "spec": {"jobId": "x"}}) },
        2 => Command::SwitchWorkflow { node },
        3 => Command::SetField { node, pointer: "/spec/a/b".to_owned(), value: Some(json!(index)) },
        4 => Command::SetField { node, pointer: "/ref".to_owned(), value: None },
        _ => Command::Move { nodes: vec![node], place },
    }
}

proptest! {
    #[test]
    fn undoing_everything_leads_back_and_redoing_forth(
        acts in proptest::collection::vec((any::<u8>(), 0usize..20, 0usize..20, 0usize..5), 1..30)
    ) {
        let mut session = session();
        for (what, a, b, index) in acts {
            let before = session.document().text();
            let command = command(&session, what, a, b, index);
            if session.dispatch(&command).is_err() {
                prop_assert_eq!(session.document().text(), before);
            }
            let document = session.document();
            prop_assert!(Document::parse(&document.text()).is_ok());
            prop_assert!(document.root_node().is_some());
            prop_assert!(session.selection().nodes().all(|key| document.contains(key)));
        }
        let end = session.document().text();
        while session.undo().is_some() {}
        prop_assert_eq!(session.document().text(), FLOW);
        prop_assert!(session.is_saved());
        while session.redo().is_some() {}
        prop_assert_eq!(session.document().text(), end);
    }
}

#[test]
fn typing_in_a_field_is_one_step() {
    let mut session = session();
    let node = session.document().nodes()[1];
    let type_in = |session: &mut Session, text: &str| {
        let command =
            Command::SetField { node, pointer: "/spec/jobId".to_owned(), value: Some(json!(text)) };
        session.dispatch(&command).unwrap();
    };
    for text in ["migrate-", "migrate-d", "migrate-dev"] {
        type_in(&mut session, text);
    }
    assert!(session.document().text().contains("\"migrate-dev\""));
    session.close_step();
    type_in(&mut session, "other");
    session.undo();
    assert!(session.document().text().contains("\"migrate-dev\""));
    session.undo();
    assert_eq!(session.document().text(), FLOW);
    assert!(session.undo().is_none());
}

#[test]
fn what_was_typed_while_a_save_was_under_way_is_unsaved() {
    let mut session = session();
    let node = session.document().nodes()[1];
    let set = |value: &str| Command::SetField {
        node,
        pointer: "/spec/jobId".to_owned(),
        value: Some(json!(value)),
    };
    session.dispatch(&set("one")).unwrap();
    let (text, moment) = session.to_save();
    session.dispatch(&set("two")).unwrap();
    session.mark_saved(moment);
    assert!(text.contains("\"one\"") && !session.is_saved());
    session.undo();
    assert!(session.is_saved());
}

#[test]
fn the_outermost_workflow_stays() {
    let mut session = session();
    let root = session.document().root_node().unwrap();
    let refused = session.dispatch(&Command::Delete { nodes: vec![root] }).unwrap_err();
    assert!(refused.0.ends_with("is the outermost workflow: it can't be deleted."), "{refused}");
}

#[test]
fn a_moved_node_keeps_its_key_its_selection_and_its_bytes() {
    let mut session = session();
    let nodes = session.document().nodes();
    let text = session.document().text_of(nodes[1]);
    let place = Place { workflow: nodes[2], index: 1 };
    session.dispatch(&Command::Move { nodes: vec![nodes[1]], place }).unwrap();
    let document = session.document();
    assert_eq!(document.workflow_of(nodes[1]), Some(nodes[2]));
    assert_eq!(document.index_in_parent(nodes[1]), Some(1));
    assert_eq!(document.text_of(nodes[1]), text);
    assert_eq!(session.selection().focus(), Some(nodes[1]));
}

#[test]
fn what_is_selected_or_undone_is_in_the_open_flow() {
    let mut session = Session::open(
        r#"{"spec":{"kind":"Pipeline","spec":{"stages":[{"releaseFlow":{"spec":{"spec":
        {"kind":"Workflow","spec":{"type":"sequential","steps":[{"kind":"JobRun","spec":{}}]}}}}}]}}}"#,
    )
    .unwrap();
    let (flow, _) = session.document().flows()[0];
    let (root, outer) = (session.document().root(), session.document().nodes());
    assert!(session.open_flow(flow));
    let inner = session.document().nodes();
    session.select(Some(inner[1]));
    session.dispatch(&Command::ToggleSkip { nodes: vec![inner[1]] }).unwrap();
    session.select(Some(outer[0]));
    assert_eq!(session.document().flow(), root);
    session.undo();
    assert_eq!((session.document().flow(), session.selection().focus()), (flow, Some(inner[1])));
    // Nothing is selected where something around the nodes changes.
    session.select(None);
    session
        .dispatch(&Command::SetSetting {
            pointer: "/options/paused".to_owned(),
            value: Some(true.into()),
        })
        .unwrap();
    session.open_flow(root);
    session.undo();
    assert_eq!(session.document().flow(), flow);
    session.open_flow(root);
    session.redo();
    assert_eq!(session.document().flow(), flow);
}
