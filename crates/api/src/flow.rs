//! Pipelines and release flows on the wire. The document itself travels as text: see
//! `slipway_flow::document`.

use serde::{Deserialize, Serialize};

use crate::resource::StageResource;

/// Bytes that a release flow may have.
pub const MAX_FLOW_BYTES: u32 = 4 << 20;
/// Characters that the reason of a change may have.
pub const MAX_REASON: usize = 500;

/// `GET /v1/projects/{project}/pipelines`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pipelines {
    pub pipelines: Vec<PipelineRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PipelineRow {
    pub id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

/// `GET /v1/projects/{project}/pipelines/{pipeline}`: without an id, as the vendor answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default)]
    pub nf_objects: Vec<StageResource>,
}

/// `GET /slipway/v1/projects/{project}/pipelines/{pipeline}/release-flows/{stage}/revisions`:
/// newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revisions {
    pub revisions: Vec<RevisionRow>,
}

/// A version of a release flow that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevisionRow {
    /// From 1.
    pub number: u64,
    /// RFC 3339.
    pub at: String,
    pub by: String,
    /// Why, in the author's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What changed since the version before, in one line; none for the first one, and where the
    /// server doesn't know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// As the `ETag` header of the document writes it, quotes included.
    pub etag: String,
}
