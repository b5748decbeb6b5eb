//! One run on the screen: its events folded by the function that the server uses, projected onto
//! signals so that one event touches one node.
//!
//! May import: `client`, the pure crates, Leptos signals. Must not know: pages, features.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use slipway_api::{run::RunLog, stage::Stage};
use slipway_engine::{
    event::{Event, EventBody, Millis, Outcome, RunOrigin, RunStatus},
    fold::{NodeState, NodeStatus, RunState},
};

mod graph;

pub use graph::RunGraph;
pub use slipway_engine::fold::Attempt;

use crate::client::{ClientError, Following, follow, use_client};

/// Which run of which release flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAddress {
    pub project: String,
    pub pipeline: String,
    pub stage: Stage,
    pub run: String,
}

/// What is known of the run as a whole. It changes far less often than its nodes do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunHead {
    pub status: RunStatus,
    pub name: Option<String>,
    pub description: Option<String>,
    pub origin: RunOrigin,
    pub by: String,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub concluded_at: Option<Millis>,
    /// A sentence, where the run ended for a reason that no node's status tells.
    pub reason: Option<String>,
}

impl RunHead {
    fn of(state: &RunState) -> Self {
        Self {
            status: state.status,
            name: state.name.clone(),
            description: state.description.clone(),
            origin: state.origin.clone(),
            by: state.by.clone(),
            created_at: state.created_at,
            started_at: state.started_at,
            concluded_at: state.concluded_at,
            reason: state.reason.clone(),
        }
    }
}

/// The part of a node's state that the canvas shows. Output that grows does not change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NodeMark {
    pub status: NodeStatus,
    pub attempt: u32,
    pub max_attempts: u32,
}

impl From<&NodeState> for NodeMark {
    fn from(state: &NodeState) -> Self {
        Self { status: state.status, attempt: state.attempt, max_attempts: state.max_attempts }
    }
}

/// The signals of one node. Reference-counted: they are made by whoever asks first and live as
/// long as the run is on the screen.
#[derive(Clone, Default)]
struct NodeSignals {
    mark: ArcRwSignal<NodeMark>,
    state: ArcRwSignal<NodeState>,
    attempts: ArcRwSignal<Vec<Attempt>>,
}

#[derive(Default)]
struct Inner {
    state: RunState,
    nodes: HashMap<String, NodeSignals>,
}

/// A run that is followed for as long as the component that called [`follow_run`] is there.
#[derive(Clone, Copy)]
pub struct RunHandle {
    address: StoredValue<RunAddress>,
    inner: StoredValue<Inner, LocalStorage>,
    head: RwSignal<RunHead>,
    over: Memo<bool>,
    released: RwSignal<bool>,
    failed: RwSignal<Vec<String>>,
    /// Counts what happened to nodes.
    happenings: RwSignal<u64>,
    graph: RwSignal<Option<Result<Arc<RunGraph>, String>>>,
    following: StoredValue<Option<Following>>,
}

/// Follows a run from now on: its log first, then what happens to it.
#[must_use]
pub fn follow_run(address: RunAddress) -> RunHandle {
    let client = use_client();
    let handle = RunHandle::new(address.clone());
    let project = address.project.clone();
    let following = follow(
        &project,
        move || {
            let address = address.clone();
            async move {
                let RunAddress { project, pipeline, stage, run } = &address;
                client.run_log(project, pipeline, *stage, run).await
            }
        },
        |log: &RunLog| log.seq,
        move |log| handle.began(&log),
        move |event| handle.happened(event),
    );
    handle.following.set_value(Some(following));
    handle
}

impl RunHandle {
    fn new(address: RunAddress) -> Self {
        let head = RwSignal::new(RunHead::default());
        Self {
            address: StoredValue::new(address),
            inner: StoredValue::new_local(Inner::default()),
            head,
            over: Memo::new(move |_| head.with(|head| head.status.concluded())),
            released: RwSignal::new(false),
            failed: RwSignal::new(Vec::new()),
            happenings: RwSignal::new(0),
            graph: RwSignal::new(None),
            following: StoredValue::new(None),
        }
    }

    /// Which run this is.
    #[must_use]
    pub fn address(self) -> RunAddress {
        self.address.get_value()
    }

    /// Whether the run's log is there.
    #[must_use]
    pub fn ready(self) -> bool {
        self.following.get_value().is_none_or(|following| following.ready.get())
    }

    /// Why the run's log could not be had; none when it could.
    #[must_use]
    pub fn error(self) -> Option<ClientError> {
        self.following.get_value().and_then(|following| following.error.get())
    }

    /// Fetches the log again.
    pub fn again(self) {
        if let Some(following) = self.following.get_value() {
            following.again();
        }
    }

    /// The run as a whole.
    #[must_use]
    pub fn head(self) -> Signal<RunHead> {
        self.head.into()
    }

    /// Whether the run is over: nothing will happen to its nodes any more.
    #[must_use]
    pub fn over(self) -> Signal<bool> {
        self.over.into()
    }

    /// Whether the run has put something into place that can be gone back to.
    #[must_use]
    pub fn released(self) -> Signal<bool> {
        self.released.into()
    }

    /// The pointers of what has failed: the nodes themselves, not the workflows around them.
    #[must_use]
    pub fn failed(self) -> Signal<Vec<String>> {
        self.failed.into()
    }

    /// The graph that the run ran, or a sentence about why there is none; none until it is there.
    #[must_use]
    pub fn graph(self) -> Signal<Option<Result<Arc<RunGraph>, String>>> {
        self.graph.into()
    }

    /// What the canvas shows of the node at `pointer`; tracks that node alone.
    #[must_use]
    pub fn mark(self, pointer: &str) -> NodeMark {
        self.signals(pointer).mark.get()
    }

    /// The status of the node at `pointer` now, without a signal of its own: for who looks at all
    /// of them, each time that [`RunHandle::track_happenings`] says so.
    #[must_use]
    pub fn status(self, pointer: &str) -> NodeStatus {
        self.inner
            .try_with_value(|inner| inner.state.nodes.get(pointer).map(|node| node.status))
            .flatten()
            .unwrap_or_default()
    }

    /// For a reactive scope that has to run again whenever something happens to a node.
    pub fn track_happenings(self) {
        self.happenings.track();
    }

    /// Everything known of the node at `pointer`, as a signal of that node alone.
    #[must_use]
    pub fn node(self, pointer: &str) -> ArcReadSignal<NodeState> {
        self.signals(pointer).state.read_only()
    }

    /// What the node at `pointer` has tried so far, as a signal of that node alone.
    #[must_use]
    pub fn attempts(self, pointer: &str) -> ArcReadSignal<Vec<Attempt>> {
        self.signals(pointer).attempts.read_only()
    }

    /// Takes in a run's log, forgetting what was known.
    fn began(self, log: &RunLog) {
        let mut state = RunState::of(&log.events);
        if log.events.is_empty() {
            // A log of a server that keeps no old events: its row is all that is known.
            state.status = log.run.status;
            state.name.clone_from(&log.run.name);
            state.description.clone_from(&log.run.description);
            state.origin = log.run.origin.clone();
            state.by.clone_from(&log.run.by);
        }
        self.head.set(RunHead::of(&state));
        self.released.set(log.events.iter().any(has_released));
        self.inner.update_value(|inner| inner.state = state);
        self.show_all();
        self.show_failed();
        self.happenings.update(|count| *count += 1);
        // A run's document never changes: a second log of the same run brings the same one, and
        // the keys in use must stay.
        if !matches!(self.graph.get_untracked(), Some(Ok(_))) {
            self.graph.set(Some(RunGraph::parse(&log.document).map(Arc::new)));
        }
    }

    /// Takes in one event of the project; those of other runs change nothing.
    fn happened(self, event: &Event) {
        let ours =
            self.address.with_value(|address| event.run.as_deref() == Some(address.run.as_str()));
        if !ours {
            return;
        }
        self.inner.update_value(|inner| inner.state.apply(event));
        if has_released(event) && !self.released.get_untracked() {
            self.released.set(true);
        }
        if matches!(
            event.body,
            EventBody::RunCreated { .. }
                | EventBody::RunQueued
                | EventBody::RunStarted
                | EventBody::RunAborting { .. }
                | EventBody::RunConcluded { .. }
        ) {
            let head = self.inner.with_value(|inner| RunHead::of(&inner.state));
            if self.head.with_untracked(|shown| *shown != head) {
                self.head.set(head);
            }
            // An abort reaches every node that is at work.
            self.show_all();
            self.happenings.update(|count| *count += 1);
        } else if let Some(pointer) = touched(&event.body) {
            self.show(pointer);
            self.happenings.update(|count| *count += 1);
            if matches!(event.body, EventBody::NodeFinished { outcome: Outcome::Failure, .. }) {
                self.show_failed();
            }
        }
    }

    fn show_failed(self) {
        let failed = self.inner.with_value(|inner| innermost_failures(&inner.state));
        if self.failed.with_untracked(|shown| *shown != failed) {
            self.failed.set(failed);
        }
    }

    fn show_all(self) {
        let known: Vec<String> =
            self.inner.with_value(|inner| inner.nodes.keys().cloned().collect());
        for pointer in known {
            self.show(&pointer);
        }
    }

    /// Puts what is known of one node onto its signals, where somebody has asked for them.
    fn show(self, pointer: &str) {
        let found = self.inner.with_value(|inner| {
            let signals = inner.nodes.get(pointer)?.clone();
            let state = inner.state.nodes.get(pointer).cloned().unwrap_or_default();
            Some((signals, state))
        });
        let Some((signals, state)) = found else { return };
        let mark = NodeMark::from(&state);
        if signals.mark.with_untracked(|shown| *shown != mark) {
            signals.mark.set(mark);
        }
        if signals.attempts.with_untracked(|shown| *shown != state.attempts) {
            signals.attempts.set(state.attempts.clone());
        }
        if signals.state.with_untracked(|shown| *shown != state) {
            signals.state.set(state);
        }
    }

    fn signals(self, pointer: &str) -> NodeSignals {
        self.inner
            .try_update_value(|inner| {
                if let Some(signals) = inner.nodes.get(pointer) {
                    return signals.clone();
                }
                let state = inner.state.nodes.get(pointer).cloned().unwrap_or_default();
                let signals = NodeSignals {
                    mark: ArcRwSignal::new(NodeMark::from(&state)),
                    attempts: ArcRwSignal::new(state.attempts.clone()),
                    state: ArcRwSignal::new(state),
                };
                inner.nodes.insert(pointer.to_owned(), signals.clone());
                signals
            })
            .unwrap_or_default()
    }
}

/// The failed nodes that no failed node is inside of, in the order of their pointers.
fn innermost_failures(state: &RunState) -> Vec<String> {
    let failed = state.nodes.iter().filter(|(_, node)| node.status.failed());
    let all: Vec<&String> = failed.map(|(pointer, _)| pointer).collect();
    let holds = |outer: &str| {
        let inside = format!("{outer}/");
        all.iter().any(|node| node.starts_with(&inside))
    };
    all.iter().filter(|node| !holds(node)).map(|node| (*node).clone()).collect()
}

/// Whether the event says that the run has put something into place.
fn has_released(event: &Event) -> bool {
    matches!(event.body, EventBody::Deployed { .. })
}

/// The node that an event is about.
fn touched(body: &EventBody) -> Option<&str> {
    match body {
        EventBody::NodeStarted { node, .. }
        | EventBody::NodeRetrying { node, .. }
        | EventBody::NodeProgress { node, .. }
        | EventBody::NodeFinished { node, .. }
        | EventBody::NodeOutput { node, .. } => Some(node),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
