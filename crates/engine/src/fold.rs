//! A run's state as the sum of its events. Server and browser call the same [`RunState::apply`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::{
    Event, EventBody, Millis, NodeError, NodePointer, Outcome, RunOrigin, RunStatus,
};

/// Everything that the events of one run say about it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    pub status: RunStatus,
    pub name: Option<String>,
    pub description: Option<String>,
    pub origin: RunOrigin,
    pub by: String,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub concluded_at: Option<Millis>,
    pub updated_at: Millis,
    /// A sentence, where the run ended for a reason that no node's status tells.
    pub reason: Option<String>,
    /// Only nodes that something happened to; a node without an entry is pending.
    pub nodes: BTreeMap<NodePointer, NodeState>,
}

/// What is known of one node of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeState {
    pub status: NodeStatus,
    pub attempt: u32,
    pub max_attempts: u32,
    /// Start of the first attempt, end of the last one.
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    /// When the next attempt begins, while `status` is [`NodeStatus::Retrying`].
    pub next_at: Option<Millis>,
    pub error: Option<NodeError>,
    pub data: Option<Value>,
    /// Bytes of output kept so far.
    pub output_bytes: u64,
}

/// A node's status as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeStatus {
    #[default]
    Pending,
    Running,
    Waiting,
    Retrying,
    Success,
    Failure,
    Skipped,
    Aborting,
    Aborted,
    #[serde(other)]
    Unknown,
}

impl NodeStatus {
    /// Whether a node with this status is over and will never change again.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Success | Self::Failure | Self::Skipped | Self::Aborted)
    }

    /// Whether something of the node is going on, or it waits to be tried again.
    #[must_use]
    pub const fn active(self) -> bool {
        matches!(self, Self::Running | Self::Waiting | Self::Retrying | Self::Aborting)
    }
}

impl From<Outcome> for NodeStatus {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::Success,
            Outcome::Failure => Self::Failure,
            Outcome::Skipped => Self::Skipped,
            Outcome::Aborted => Self::Aborted,
        }
    }
}

impl RunState {
    /// Folds the events of one run, oldest first.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut state = Self::default();
        for event in events {
            state.apply(event);
        }
        state
    }

    /// Whether the run is over.
    #[must_use]
    pub const fn concluded(&self) -> bool {
        self.concluded_at.is_some()
    }

    /// A node's status; pending when nothing happened to it.
    #[must_use]
    pub fn status_of(&self, node: &str) -> NodeStatus {
        self.nodes.get(node).map_or(NodeStatus::Pending, |node| node.status)
    }

    /// Takes in one event of this run. What contradicts the log so far (a second end, a start
    /// after the end) and what is unknown changes nothing but `updated_at`.
    pub fn apply(&mut self, event: &Event) {
        self.updated_at = self.updated_at.max(event.at);
        match &event.body {
            EventBody::NodeOutput { node, bytes } => {
                // A command that nobody waits for may print after its node, or the run, has ended.
                let node = self.nodes.entry(node.clone()).or_default();
                node.output_bytes = node.output_bytes.max(*bytes);
            }
            _ if self.concluded() => {}
            EventBody::RunCreated { name, description, origin, by } => {
                self.name.clone_from(name);
                self.description.clone_from(description);
                self.origin = origin.clone();
                self.by.clone_from(by);
                self.created_at = event.at;
                if self.status == RunStatus::Unknown {
                    self.status = RunStatus::Pending;
                }
            }
            EventBody::RunQueued => {
                if self.status == RunStatus::Pending {
                    self.status = RunStatus::Queued;
                }
            }
            EventBody::RunStarted => {
                self.started_at.get_or_insert(event.at);
                if self.status != RunStatus::Aborting {
                    self.status = RunStatus::Running;
                }
            }
            EventBody::RunAborting { .. } => self.begin_abort(),
            EventBody::RunConcluded { status, reason } => {
                self.status = *status;
                self.reason.clone_from(reason);
                self.concluded_at = Some(event.at);
            }
            body => self.apply_to_node(body, event.at),
        }
    }

    fn begin_abort(&mut self) {
        self.status = RunStatus::Aborting;
        for node in self.nodes.values_mut().filter(|node| node.status.active()) {
            node.status = NodeStatus::Aborting;
            node.next_at = None;
        }
    }

    fn apply_to_node(&mut self, body: &EventBody, at: Millis) {
        let (EventBody::NodeStarted { node, .. }
        | EventBody::NodeRetrying { node, .. }
        | EventBody::NodeProgress { node, .. }
        | EventBody::NodeFinished { node, .. }) = body
        else {
            return;
        };
        let aborting = self.status == RunStatus::Aborting;
        let node = self.nodes.entry(node.clone()).or_default();
        if node.status.ended() {
            return;
        }
        match body {
            EventBody::NodeStarted { attempt, max_attempts, .. } => {
                (node.attempt, node.max_attempts) = (*attempt, *max_attempts);
                node.started_at.get_or_insert(at);
                node.next_at = None;
                node.status = if aborting { NodeStatus::Aborting } else { NodeStatus::Running };
            }
            EventBody::NodeRetrying { attempt, max_attempts, next_at, error, .. } => {
                (node.attempt, node.max_attempts) = (*attempt, *max_attempts);
                node.error = Some(error.clone());
                if !aborting {
                    node.status = NodeStatus::Retrying;
                    node.next_at = Some(*next_at);
                }
            }
            EventBody::NodeProgress { data, .. } => node.data = Some(data.clone()),
            EventBody::NodeFinished { outcome, error, data, .. } => {
                node.status = (*outcome).into();
                node.ended_at = Some(at);
                node.next_at = None;
                node.error.clone_from(error);
                if data.is_some() {
                    node.data.clone_from(data);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(bodies: Vec<EventBody>) -> RunState {
        let mut seq = 0;
        let events: Vec<Event> = bodies
            .into_iter()
            .map(|body| {
                seq += 1;
                let at = Millis::try_from(seq * 10).expect("small");
                Event { seq, at, pipeline: None, stage: None, run: Some("r".into()), body }
            })
            .collect();
        RunState::of(&events)
    }

    fn created() -> EventBody {
        EventBody::RunCreated {
            name: Some("One".into()),
            description: None,
            origin: RunOrigin::Release,
            by: "ada".into(),
        }
    }

    fn started(attempt: u32) -> EventBody {
        EventBody::NodeStarted { node: "/spec".into(), attempt, max_attempts: 3 }
    }

    fn finished(outcome: Outcome) -> EventBody {
        EventBody::NodeFinished { node: "/spec".into(), outcome, error: None, data: None }
    }

    fn retrying() -> EventBody {
        let error = NodeError { code: 500, message: "No.".into() };
        EventBody::NodeRetrying {
            node: "/spec".into(),
            attempt: 1,
            max_attempts: 3,
            next_at: 99,
            error,
        }
    }

    #[test]
    fn a_node_keeps_its_first_start_and_its_last_end() {
        let state = fold(vec![
            created(),
            EventBody::RunStarted,
            started(1),
            retrying(),
            started(2),
            finished(Outcome::Success),
            finished(Outcome::Failure),
        ]);
        let node = &state.nodes["/spec"];
        assert_eq!((node.started_at, node.ended_at), (Some(30), Some(60)));
        assert_eq!((node.status, node.attempt), (NodeStatus::Success, 2));
        assert_eq!(node.error, None, "a success forgets why earlier attempts failed");
    }

    #[test]
    fn an_abort_reaches_what_is_active_and_nothing_else() {
        let state = fold(vec![
            created(),
            EventBody::RunStarted,
            started(1),
            retrying(),
            EventBody::RunAborting { by: "ben".into() },
        ]);
        assert_eq!(state.status, RunStatus::Aborting);
        assert_eq!(state.status_of("/spec"), NodeStatus::Aborting);
        assert_eq!(state.nodes["/spec"].next_at, None);
        assert_eq!(state.status_of("/spec/spec/steps/0"), NodeStatus::Pending);
    }

    #[test]
    fn nothing_changes_a_concluded_run_but_late_output() {
        let mut bodies =
            vec![created(), EventBody::RunConcluded { status: RunStatus::Aborted, reason: None }];
        let before = fold(bodies.clone());
        bodies.extend([
            EventBody::RunStarted,
            started(1),
            EventBody::RunConcluded { status: RunStatus::Success, reason: None },
            EventBody::Unknown,
        ]);
        let mut after = fold(bodies.clone());
        after.updated_at = before.updated_at;
        assert_eq!(after, before);
        bodies.push(EventBody::NodeOutput { node: "/spec".into(), bytes: 7 });
        assert_eq!(fold(bodies).nodes["/spec"].output_bytes, 7);
    }

    #[test]
    fn an_unknown_event_is_kept_and_changes_nothing() {
        let text = r#"{"seq":3,"at":5,"run":"r","type":"moon_landed","by":"x"}"#;
        let event: Event = serde_json::from_str(text).expect("tolerant");
        let mut state = fold(vec![created()]);
        let before = state.clone();
        state.apply(&event);
        assert_eq!(state.status, before.status);
        assert_eq!(state.nodes, before.nodes);
    }
}
