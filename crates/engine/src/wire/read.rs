//! The other way round: a run as the vendor's API answers it, read into the state that our own
//! events would give.

use serde_json::Value;

use crate::{
    event::{Millis, NodeError, RunStatus},
    fold::{NodeState, NodeStatus, RunState},
    plan::{Plan, Shape},
    schedule::{Effect, Turns},
    values::Scope,
};

/// What the answer says. `plan` is that of the answer itself; `time` reads a date and time of the
/// API. Words that we don't know are kept beside the status ([`RunState::said`]).
///
/// The API has no words for a node that is pending or being executed: a node without a `response`
/// is running when its turn has come and the run goes on, and pending otherwise.
#[must_use]
pub fn read(run: &Value, plan: &Plan, time: &dyn Fn(&str) -> Option<Millis>) -> RunState {
    let text = |name: &str| run.get(name).and_then(Value::as_str);
    let moment = |name: &str| text(name).and_then(time);
    let word = text("status").unwrap_or_default();
    let status = RunStatus::parse(word);
    let updated_at = moment("updatedAt").unwrap_or_default();
    let concluded =
        run.get("concluded").and_then(Value::as_bool).unwrap_or(false) || status.concluded();
    let mut state = RunState {
        said: strange(word, status == RunStatus::Unknown),
        status,
        name: text("name").map(str::to_owned),
        description: text("description").map(str::to_owned),
        created_at: moment("createdAt").unwrap_or_default(),
        started_at: moment("startedAt"),
        concluded_at: concluded.then(|| moment("concludedAt").unwrap_or(updated_at)),
        updated_at,
        ..RunState::default()
    };
    for node in plan.nodes() {
        let response = run.pointer(&node.pointer).and_then(|node| node.get("response"));
        if let Some(response) = response.filter(|response| response.is_object()) {
            state.nodes.insert(node.pointer.clone(), known(response));
        }
    }
    infer_workflows(plan, &mut state);
    if status.active() && status != RunStatus::Aborting {
        infer_turns(plan, &mut state);
    }
    state
}

fn strange(word: &str, unknown: bool) -> Option<String> {
    (unknown && !word.is_empty() && word != RunStatus::Unknown.word()).then(|| word.to_owned())
}

/// A node's `response`.
fn known(response: &Value) -> NodeState {
    let number = |pointer: &str| response.pointer(pointer).and_then(Value::as_i64);
    let seconds = |pointer: &str| number(pointer).map(|seconds| seconds.saturating_mul(1_000));
    let count = |pointer: &str| number(pointer).and_then(|count| u32::try_from(count).ok());
    let word = response.get("status").and_then(Value::as_str).unwrap_or_default();
    let status = NodeStatus::heard(word);
    NodeState {
        said: strange(word, status == NodeStatus::Unknown),
        attempt: count("/retries/attempts").unwrap_or_default(),
        max_attempts: count("/retries/maxAttempts").unwrap_or_default(),
        started_at: seconds("/startTime"),
        ended_at: seconds("/endTime").filter(|_| status.ended()),
        next_at: seconds("/retries/nextAttempt").filter(|_| status == NodeStatus::Retrying),
        error: response.get("error").filter(|error| error.is_object()).map(|error| NodeError {
            code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
            message: error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }),
        data: response.get("data").cloned(),
        status,
        ..NodeState::default()
    }
}

/// Workflows of which nothing is said are as what is in them is.
fn infer_workflows(plan: &Plan, state: &mut RunState) {
    // Preorder backwards: children come before their workflow.
    for node in plan.nodes().iter().rev() {
        if node.shape == Shape::Leaf || state.nodes.contains_key(&node.pointer) {
            continue;
        }
        let of = |child: &usize| state.status_of(&plan.nodes()[*child].pointer);
        let begun = node.children.iter().any(|child| of(child) != NodeStatus::Pending);
        let over = node.children.iter().all(|child| of(child).ended());
        let failed = node.children.iter().any(|child| of(child).failed());
        let aborted = node.children.iter().any(|child| of(child) == NodeStatus::Aborted);
        let ends = over || node.shape == Shape::Sequential;
        let status = match (begun, failed, aborted) {
            (false, ..) => continue,
            (_, true, _) if ends => NodeStatus::Failure,
            (_, _, true) if ends => NodeStatus::Aborted,
            _ if over => NodeStatus::Success,
            _ => NodeStatus::Running,
        };
        state.nodes.insert(node.pointer.clone(), NodeState { status, ..NodeState::default() });
    }
}

/// Whose turn it is while the run goes on, by the scheduler. Whether a node is skipped may be
/// unknown here: then it stays pending.
fn infer_turns(plan: &Plan, state: &mut RunState) {
    let mut turns = Turns::of(plan, state);
    let mut any = true;
    while any {
        any = false;
        for effect in turns.next(&Scope::default()) {
            let (Effect::Begin { node } | Effect::Run { node }) = effect else { continue };
            if let Some(index) = plan.index(&node) {
                turns.took(index, NodeStatus::Running);
                state.nodes.entry(node).or_default().status = NodeStatus::Running;
                any = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{
        testing::{Ran, flow, in_time, large, ran, recipe},
        wire::annotate,
    };

    #[expect(clippy::unnecessary_wraps, reason = "as a reader of times is")]
    fn time(text: &str) -> Option<Millis> {
        Some(text.len().try_into().unwrap_or_default())
    }

    /// A workflow of three steps that say nothing of themselves, in a run with this status.
    fn read_run(status: &str, concluded: bool, responses: &[Value]) -> RunState {
        let steps: Vec<_> = (0..3)
            .map(|at| {
                let mut step = json!({ "kind": "JobRun", "spec": {} });
                if let Some(response) = responses.get(at).filter(|response| !response.is_null()) {
                    step["response"] = response.clone();
                }
                step
            })
            .collect();
        let run = json!({ "status": status, "concluded": concluded, "startedAt": "abc",
            "concludedAt": if concluded { json!("abcd") } else { json!(null) },
            "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": steps } } });
        read(&run, &Plan::of(&run).expect("a plan"), &time)
    }

    fn statuses(state: &RunState) -> Vec<NodeStatus> {
        let steps = ["/spec", "/spec/spec/steps/0", "/spec/spec/steps/1", "/spec/spec/steps/2"];
        steps.map(|pointer| state.status_of(pointer)).into()
    }

    #[test]
    fn a_node_that_says_nothing_runs_only_when_its_turn_has_come() {
        use NodeStatus::{Failure, Invalid, Pending, Running, Success};
        let done = json!({ "status": "success", "startTime": 7, "endTime": 9 });
        let going_on = read_run("running", false, std::slice::from_ref(&done));
        assert_eq!(statuses(&going_on), [Running, Success, Running, Pending]);
        assert_eq!(going_on.nodes["/spec/spec/steps/0"].duration(), Some(2_000));
        assert_eq!(
            statuses(&read_run("running", false, &[])),
            [Running, Running, Pending, Pending]
        );
        for status in ["queued", "pending", "aborting", "levitating"] {
            let state = read_run(status, false, &[]);
            assert_eq!(statuses(&state), [Pending; 4], "{status}");
        }
        let failed = read_run("failure", true, &[done, json!({ "status": "invalid" })]);
        assert_eq!(statuses(&failed), [Failure, Success, Invalid, Pending]);
        assert_eq!((failed.concluded_at, failed.duration()), (Some(4), Some(1)));
    }

    #[test]
    fn words_that_nobody_knows_are_kept_and_never_busy() {
        let state = read_run("levitating", true, &[json!({ "status": "dreaming" })]);
        assert_eq!((state.status, state.said.as_deref()), (RunStatus::Unknown, Some("levitating")));
        assert!(state.concluded(), "the API said so");
        let node = &state.nodes["/spec/spec/steps/0"];
        assert_eq!((node.status, node.said.as_deref()), (NodeStatus::Unknown, Some("dreaming")));
        let response = crate::wire::response(node).expect("something is known");
        assert_eq!(response["status"], "dreaming", "told as it was heard");
        assert_eq!(read_run("unknown", false, &[]).said, None);
    }

    #[test]
    fn anything_can_be_read() {
        let odd = json!({ "status": 7, "concluded": "yes", "spec": { "kind": "JobRun",
            "response": { "status": {}, "retries": [], "startTime": 1e300, "error": "x" } } });
        let state = read(&odd, &Plan::of(&odd).expect("a plan"), &time);
        assert_eq!(state.status_of("/spec"), NodeStatus::Unknown);
        for document in large() {
            let plan = Plan::of(&document).expect("a plan");
            let mut run = document.clone();
            run["status"] = json!("running");
            let state = in_time("reading", || read(&run, &plan, &time));
            assert_eq!(state.status_of("/spec"), NodeStatus::Running);
        }
    }

    proptest! {
        #[test]
        fn what_is_told_is_heard(
            document in flow(), recipe in recipe(), cut in any::<prop::sample::Index>(),
        ) {
            let Ran { plan, log, .. } = ran(&document, &recipe);
            let state = RunState::of(&log[..=cut.index(log.len())]);
            let mut told = annotate(&document, &plan, &state);
            told["status"] = json!(state.status.word());
            let heard = read(&told, &plan, &time);
            prop_assert_eq!(heard.status, state.status);
            prop_assert_eq!(heard.concluded(), state.concluded());
            let seconds = |at: Option<Millis>| at.map(|at| at.div_euclid(1_000) * 1_000);
            for (pointer, node) in &state.nodes {
                let Some(word) = node.status.told() else { continue };
                let same = &heard.nodes[pointer];
                prop_assert_eq!(same.status.told(), Some(word), "{}", pointer);
                prop_assert_eq!(same.started_at, seconds(node.started_at));
                prop_assert_eq!(same.ended_at, seconds(node.ended_at));
                prop_assert_eq!(&same.data, &node.data);
                prop_assert_eq!(&same.error, &node.error);
            }
        }
    }
}
