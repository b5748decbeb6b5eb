//! The run on the screen, folded from made-up logs.

use slipway_api::run::RunRow;

use super::*;

const DOCUMENT: &str = r#"{"apiVersion":"v1.2","spec":{"kind":"Workflow","spec":{"type":"sequential",
    "steps":[{"kind":"JobRun","spec":{"jobId":"a"}},{"kind":"JobRun","spec":{"jobId":"b"}}]}}}"#;
const FIRST: &str = "/spec/spec/steps/0";
const SECOND: &str = "/spec/spec/steps/1";

fn event(seq: u64, run: &str, body: EventBody) -> Event {
    let at = 1000 + Millis::try_from(seq).unwrap();
    Event { seq, at, pipeline: None, stage: None, run: Some(run.to_owned()), body }
}

fn started(node: &str) -> EventBody {
    EventBody::NodeStarted { node: node.to_owned(), attempt: 1, max_attempts: 2 }
}

fn handle() -> (Owner, RunHandle) {
    let owner = Owner::new();
    owner.set();
    let handle = RunHandle::new(RunAddress {
        project: "shop".into(),
        pipeline: "shop".into(),
        stage: Stage::Development,
        run: "r".into(),
    });
    handle.began(&RunLog {
        run: row(),
        document: DOCUMENT.to_owned(),
        events: vec![
            event(
                1,
                "r",
                EventBody::RunCreated {
                    name: Some("Ship it".into()),
                    description: None,
                    origin: RunOrigin::Release,
                    by: "ada".into(),
                },
            ),
            event(2, "r", EventBody::RunStarted),
        ],
        seq: 2,
    });
    (owner, handle)
}

fn row() -> RunRow {
    RunRow {
        id: "r".into(),
        name: None,
        description: None,
        status: RunStatus::Running,
        concluded: false,
        started_at: None,
        concluded_at: None,
        created_at: String::new(),
        updated_at: String::new(),
        origin: RunOrigin::Release,
        by: String::new(),
    }
}

#[test]
fn a_log_becomes_a_head_and_a_graph() {
    let (_owner, run) = handle();
    let head = run.head().get_untracked();
    assert_eq!((head.name.as_deref(), head.status), (Some("Ship it"), RunStatus::Running));
    let graph = run.graph().get_untracked().unwrap().unwrap();
    let first = graph.key(FIRST).unwrap();
    assert_eq!(graph.pointer(first), Some(FIRST));
    assert_eq!(graph.layout.len(), 3);
    assert_eq!(graph.key("/spec/nowhere"), None);
}

#[test]
fn an_event_touches_its_own_node() {
    let (_owner, run) = handle();
    let (first, second) = (run.signals(FIRST), run.signals(SECOND));
    run.happened(&event(3, "r", started(FIRST)));
    assert_eq!(first.mark.get_untracked().status, NodeStatus::Running);
    assert_eq!(second.mark.get_untracked().status, NodeStatus::Pending);
    run.happened(&event(4, "r", EventBody::NodeOutput { node: FIRST.into(), bytes: 12 }));
    assert_eq!(first.state.get_untracked().output_bytes, 12);
}

#[test]
fn another_runs_events_change_nothing() {
    let (_owner, run) = handle();
    let first = run.signals(FIRST);
    run.happened(&event(3, "other", started(FIRST)));
    assert_eq!(first.mark.get_untracked(), NodeMark::default());
}

#[test]
fn a_node_asked_for_late_knows_what_happened_before() {
    let (_owner, run) = handle();
    run.happened(&event(3, "r", started(SECOND)));
    assert_eq!(run.signals(SECOND).mark.get_untracked().attempt, 1);
}

#[test]
fn an_abort_reaches_every_node_at_work() {
    let (_owner, run) = handle();
    let first = run.signals(FIRST);
    run.happened(&event(3, "r", started(FIRST)));
    run.happened(&event(4, "r", EventBody::RunAborting { by: "ben".into() }));
    assert_eq!(first.mark.get_untracked().status, NodeStatus::Aborting);
    assert_eq!(run.head().get_untracked().status, RunStatus::Aborting);
}

#[test]
fn what_failed_is_named_without_the_workflows_around_it() {
    let (_owner, run) = handle();
    let failure = |node: &str| EventBody::NodeFinished {
        node: node.to_owned(),
        outcome: slipway_engine::event::Outcome::Failure,
        error: None,
        data: None,
    };
    run.happened(&event(3, "r", failure(SECOND)));
    run.happened(&event(4, "r", failure("/spec")));
    assert_eq!(run.failed().get_untracked(), [SECOND]);
}

#[test]
fn a_document_that_is_no_json_is_a_sentence() {
    let sentence = RunGraph::parse("{").unwrap_err();
    assert!(sentence.contains("line 1"), "{sentence}");
}
