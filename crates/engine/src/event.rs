//! What can happen to a run and in a project. The log of these events is the truth about a run
//! (ARCHITECTURE.md, "A run is a log of events"): the server writes an event before it acts on it,
//! and both server and browser derive every status on the screen by folding them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use crate::status::RunStatus;

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;

/// A node of a run's document, as the JSON pointer of its object in that document
/// (`/spec/spec/steps/0`). A run keeps its own copy of the document, so a pointer never moves.
pub type NodePointer = String;

/// One entry of a project's log. `seq` counts from 1 without a gap within a project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    pub seq: u64,
    pub at: Millis,
    /// The pipeline's id and the stage's name (`Development`), where the event belongs to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The run's id (a UUID), where the event belongs to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    #[serde(flatten)]
    pub body: EventBody,
}

/// What happened. A reader that meets a `type` it does not know keeps the event as
/// [`EventBody::Unknown`]: it has its number in the log and changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    RunCreated {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        #[serde(default)]
        origin: RunOrigin,
        /// The name of the token or session that asked for it.
        by: String,
    },
    /// The run waits for another one, by its flow's concurrency policy.
    RunQueued,
    RunStarted,
    RunAborting {
        by: String,
    },
    RunConcluded {
        status: RunStatus,
        /// A sentence, where there is more to say than the status does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A node (or workflow) begins. For a leaf this is written before its effect is executed.
    NodeStarted {
        node: NodePointer,
        attempt: u32,
        max_attempts: u32,
    },
    /// An attempt failed and the node will be tried again at `next_at`.
    NodeRetrying {
        node: NodePointer,
        attempt: u32,
        max_attempts: u32,
        next_at: Millis,
        error: NodeError,
    },
    /// What is known of the node while it still works (a build's id, say): `response.data`.
    NodeProgress {
        node: NodePointer,
        data: Value,
    },
    NodeFinished {
        node: NodePointer,
        outcome: Outcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<NodeError>,
        /// What `${refs.<ref>.…}` reads: `response.data` on the wire.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<Value>,
    },
    /// The node's kept output has grown to `bytes` bytes. Written at most a few times a second.
    NodeOutput {
        node: NodePointer,
        bytes: u64,
    },
    /// A resource now runs something else.
    Deployed {
        resource: String,
        deployment: Deployment,
    },
    FlowSaved {
        etag: String,
        by: String,
    },
    #[serde(other)]
    Unknown,
}

/// How a run came to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunOrigin {
    #[default]
    Release,
    /// Goes back to what the run `of` released.
    Rollback {
        of: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// What a service or job was given to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    #[serde(flatten)]
    pub artifact: Artifact,
    /// The run and the node that did it.
    pub run: String,
    pub node: NodePointer,
    pub at: Millis,
}

/// A thing that can be deployed: a build of ours, or an image from a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "artifact", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Artifact {
    Build {
        /// The build's id and the build service that made it.
        build_id: String,
        service: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        branch: Option<String>,
        /// The commit, 40 hexadecimal digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha: Option<String>,
    },
    Image {
        image_path: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credentials: Option<String>,
    },
}

/// How a node ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Success,
    Failure,
    Skipped,
    Aborted,
}

/// Why a node failed: `code` as an HTTP status would put it, `message` a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeError {
    pub code: i64,
    pub message: String,
}
