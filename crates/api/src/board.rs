//! What a pipeline's page shows, in one answer.

use serde::{Deserialize, Serialize};
use slipway_engine::event::Deployment;

use crate::{resource::ResourceType, run::RunRow, stage::Stage};

/// `GET /slipway/v1/projects/{project}/pipelines/{pipeline}/board`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// The project's newest sequence number when this was read: follow the stream from here.
    pub seq: u64,
    pub id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Always three, in order.
    pub stages: Vec<StageBoard>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StageBoard {
    pub stage: Stage,
    pub resources: Vec<BoardResource>,
    /// None when the stage has no release flow yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowHead>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_run: Option<RunRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BoardResource {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ResourceType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Deployment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowHead {
    /// As the `ETag` header of the document writes it, quotes included.
    pub etag: String,
    pub paused: bool,
    /// RFC 3339.
    pub updated_at: String,
}
