//! A run's state as the sum of its events. Server and browser call the same [`RunState::apply`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::{Millis, NodeError, NodePointer, RunOrigin, RunStatus};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
