//! A run's state as the sum of its events. Server and browser call the same [`RunState::apply`].
//!
//! - here: what one event does. - `attempt`: what a node tried. - `history`: events that come
//!   twice, late or in pieces.
//!
//! May import: `event`, `status`.

mod attempt;
mod history;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::{
    Event, EventBody, Millis, NodeError, NodePointer, Outcome, RunOrigin, RunStatus,
};

pub use crate::status::NodeStatus;
pub use attempt::Attempt;
pub use history::History;

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
    /// The newest event of a known type that is no output; 0 before the first, and the one that
    /// concluded the run after the last.
    #[serde(default)]
    pub seq: u64,
    /// The server's word for the status, where it is none of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
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
    /// Every try, oldest first. Empty for a node that was skipped, and where the server tells only
    /// of the last one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// The server's word for the status, where it is none of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
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

impl NodeState {
    /// From the first attempt's start to the end; none for a node that did not run or still runs.
    #[must_use]
    pub fn duration(&self) -> Option<Millis> {
        // A clock may have been set back in between.
        Some(self.ended_at?.saturating_sub(self.started_at?).max(0))
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

    /// From start to end; none for a run that did not begin or is not over.
    #[must_use]
    pub fn duration(&self) -> Option<Millis> {
        Some(self.concluded_at?.saturating_sub(self.started_at?).max(0))
    }

    /// Takes in one event of this run; events come in the order of their `seq`. What comes a second
    /// time, contradicts the log so far (a second end, a start after the end) or is unknown changes
    /// nothing but `updated_at`. For events in any order there is [`History`].
    pub fn apply(&mut self, event: &Event) {
        self.updated_at = self.updated_at.max(event.at);
        if let EventBody::NodeOutput { node, bytes } = &event.body {
            // A command that nobody waits for may print after its node, or the run, has ended.
            return self.note_output(node, *bytes);
        }
        let unknown = event.body == EventBody::Unknown;
        if unknown || event.seq <= self.seq || self.concluded() {
            return;
        }
        self.seq = event.seq;
        match &event.body {
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

    /// Output only grows, so that it doesn't matter when this is heard.
    fn note_output(&mut self, node: &str, bytes: u64) {
        let node = self.nodes.entry(node.to_owned()).or_default();
        node.output_bytes = node.output_bytes.max(bytes);
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
                attempt::begin(&mut node.attempts, *attempt, at);
            }
            EventBody::NodeRetrying { attempt, max_attempts, next_at, error, .. } => {
                (node.attempt, node.max_attempts) = (*attempt, *max_attempts);
                node.error = Some(error.clone());
                if !aborting {
                    node.status = NodeStatus::Retrying;
                    node.next_at = Some(*next_at);
                }
                if let Some(last) = attempt::open(&mut node.attempts) {
                    last.end(at, Outcome::Failure, Some(error));
                    last.next_at = Some(*next_at);
                }
            }
            EventBody::NodeProgress { data, .. } => {
                node.data = Some(data.clone());
                if let Some(last) = attempt::open(&mut node.attempts) {
                    last.accepted_at.get_or_insert(at);
                }
            }
            EventBody::NodeFinished { outcome, error, data, .. } => {
                node.status = (*outcome).into();
                node.ended_at = Some(at);
                node.next_at = None;
                node.error.clone_from(error);
                if data.is_some() {
                    node.data.clone_from(data);
                }
                if let Some(last) = attempt::open(&mut node.attempts) {
                    last.end(at, *outcome, error.as_ref());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
