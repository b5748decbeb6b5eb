//! The first node of a flow that has none.

use serde_json::{Value, json};
use slipway_flow::{document::Editing, kinds};

use super::{Done, Refused, refs, refused};

/// Puts in the outermost workflow: `node`, or a sequential one with `node` in it.
pub(super) fn begin(edit: &mut Editing<'_>, node: Option<&Value>) -> Result<Done, Refused> {
    let flow = edit.document().flow();
    if !edit.document().is_object(flow) {
        return refused("The document is no object, so it can't hold a flow: change it as code.");
    }
    if edit.document().root_node().is_some() {
        return refused("The flow has begun already.");
    }
    let Some(whole) = around(node) else { return refused("There is no workflow to begin with.") };
    edit.set(flow, "spec", &whole);
    let nodes = edit.document().nodes();
    refs::make_unique(edit, &nodes);
    let Some(last) = nodes.last() else { return refused("There is no workflow to begin with.") };
    Ok(Done::selecting(format!("Add {}", kinds::title(edit.document(), *last)), vec![*last]))
}

fn around(node: Option<&Value>) -> Option<Value> {
    let container = kinds::all().iter().find(|kind| kind.container)?;
    if let Some(node) = node.filter(|node| node["kind"] == container.kind) {
        return Some(node.clone());
    }
    let mut workflow: Value = serde_json::from_str(container.template).ok()?;
    workflow["spec"]["steps"] = json!(node.into_iter().collect::<Vec<_>>());
    Some(workflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{command::Command, session::Session};

    #[test]
    fn a_flow_without_nodes_begins_with_a_workflow() {
        let job = json!({ "kind": "JobRun", "ref": "a", "spec": { "jobId": "a" } });
        let parallel = json!({ "kind": "Workflow", "spec": { "type": "parallel", "steps": [] } });
        for text in ["{}", r#"{"apiVersion": "v1.2", "spec": null}"#, r#"{ "spec": [1.50] }"#] {
            for (node, kinds) in [(&job, &["Workflow", "JobRun"][..]), (&parallel, &["Workflow"])] {
                let mut session = Session::open(text).unwrap();
                let begin = Command::Begin { node: Some(node.clone()) };
                session.dispatch(&begin).unwrap();
                let document = session.document();
                let nodes = document.nodes();
                let found: Vec<_> = nodes.iter().map(|node| document.node(*node).kind()).collect();
                assert_eq!(found, kinds);
                assert_eq!(session.selection().focus(), nodes.last().copied());
                session.dispatch(&begin).unwrap_err();
                session.undo();
                assert_eq!(session.document().text(), text);
            }
        }
        Session::open("[]").unwrap().dispatch(&Command::Begin { node: None }).unwrap_err();
    }
}
