//! A run as the vendor's API answers it: the document with `response` and `settings` in its
//! nodes, and the nodes' outputs by reference. `read` goes the other way.

mod read;

use serde_json::{Map, Value, json};

use crate::{
    event::Millis,
    fold::{NodeState, RunState},
    plan::Plan,
};

pub use read::read;

/// The document with what is known of every node written into it. The document's own `response`
/// and `settings` of a node, if it has any, are replaced only where there is something to say.
#[must_use]
pub fn annotate(document: &Value, plan: &Plan, state: &RunState) -> Value {
    let mut annotated = document.clone();
    for node in plan.nodes() {
        let Some(known) = state.nodes.get(&node.pointer) else { continue };
        let Some(Value::Object(members)) = annotated.pointer_mut(&node.pointer) else { continue };
        if let Some(response) = response(known) {
            if known.max_attempts > 0 {
                members.insert("settings".to_owned(), json!({ "maxAttempts": known.max_attempts }));
            }
            members.insert("response".to_owned(), response);
        }
    }
    annotated
}

/// `refs` of a run: the data of every node that has a reference and has left data.
#[must_use]
pub fn refs(plan: &Plan, state: &RunState) -> Map<String, Value> {
    let data = |pointer: &str| state.nodes.get(pointer).and_then(|node| node.data.clone());
    plan.nodes()
        .iter()
        .filter_map(|node| Some((node.reference.clone()?, data(&node.pointer)?)))
        .collect()
}

/// A node's `response`; none while it is pending.
#[must_use]
pub fn response(node: &NodeState) -> Option<Value> {
    let mut response = Map::new();
    let word = node.status.told()?;
    response.insert("status".to_owned(), Value::from(node.said.as_deref().unwrap_or(word)));
    if let Some(error) = &node.error {
        response
            .insert("error".to_owned(), json!({ "code": error.code, "message": error.message }));
    }
    if let Some(started) = node.started_at {
        response.insert("startTime".to_owned(), seconds(started));
        if node.max_attempts > 0 {
            let mut retries = json!({
                "attempts": node.attempt,
                "maxAttempts": node.max_attempts,
                "timestamp": seconds(started),
            });
            if let Some(next) = node.next_at {
                retries["nextAttempt"] = seconds(next);
            }
            response.insert("retries".to_owned(), retries);
        }
    }
    if let Some(ended) = node.ended_at {
        response.insert("endTime".to_owned(), seconds(ended));
    }
    if let Some(data) = &node.data {
        response.insert("data".to_owned(), data.clone());
    }
    Some(Value::Object(response))
}

/// Times on nodes are whole seconds.
fn seconds(at: Millis) -> Value {
    Value::from(at.div_euclid(1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{event::NodeError, fold::NodeStatus};

    #[test]
    fn nodes_get_a_response_and_pending_ones_none() {
        let document = json!({ "x": 1, "spec": { "kind": "Workflow", "spec": {
            "type": "sequential", "steps": [
                { "kind": "JobRun", "ref": "migrate", "spec": { "jobId": "m" } },
                { "kind": "JobRun", "ref": "later", "spec": { "jobId": "n" } } ] } } });
        let plan = Plan::of(&document).expect("a plan");
        let mut state = RunState::default();
        state.nodes.insert(
            "/spec".into(),
            NodeState { status: NodeStatus::Running, ..NodeState::default() },
        );
        state.nodes.insert(
            "/spec/spec/steps/0".into(),
            NodeState {
                status: NodeStatus::Failure,
                attempt: 2,
                max_attempts: 3,
                started_at: Some(5_999),
                ended_at: Some(8_000),
                error: Some(NodeError { code: 500, message: "No.".into() }),
                data: Some(json!({ "id": "run-1" })),
                ..NodeState::default()
            },
        );
        let annotated = annotate(&document, &plan, &state);
        assert_eq!(annotated["spec"]["response"], json!({ "status": "waiting" }));
        let steps = &annotated["spec"]["spec"]["steps"];
        assert_eq!(
            steps[0]["response"],
            json!({ "status": "failure", "error": { "code": 500, "message": "No." },
                "startTime": 5, "retries": { "attempts": 2, "maxAttempts": 3, "timestamp": 5 },
                "endTime": 8, "data": { "id": "run-1" } })
        );
        assert_eq!(steps[0]["settings"], json!({ "maxAttempts": 3 }));
        assert_eq!(steps[1], document["spec"]["spec"]["steps"][1]);
        assert_eq!(Value::Object(refs(&plan, &state)), json!({ "migrate": { "id": "run-1" } }));
    }

    #[test]
    fn a_node_that_waits_for_its_next_attempt_says_when() {
        let node = NodeState {
            status: NodeStatus::Retrying,
            attempt: 1,
            max_attempts: 3,
            started_at: Some(1_000),
            next_at: Some(61_000),
            ..NodeState::default()
        };
        let response = response(&node).expect("not pending");
        assert_eq!(response["status"], "retrying");
        assert_eq!(response["retries"]["nextAttempt"], 61);
    }
}
