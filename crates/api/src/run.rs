//! Runs on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use slipway_engine::event::{Event, RunOrigin, RunStatus};

/// `POST …/release-flows/{stage}/runs`. Every member is optional, and so is the body.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RunRequest {
    /// 3 to 39 characters, by `slipway_flow::pattern`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub arguments: Map<String, Value>,
    /// Keys are refs of the document.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, Map<String, Value>>,
    /// Keys are ids of target services.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub release_node_overrides: BTreeMap<String, Value>,
}

/// `GET …/release-flows/{stage}/runs`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Runs {
    pub runs: Vec<RunRow>,
}

/// A row of a run list. Our own members (`origin`, `by`) sit inside the row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RunRow {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub status: RunStatus,
    pub concluded: bool,
    /// Times are RFC 3339 with milliseconds and `Z`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concluded_at: Option<String>,
    pub created_at: String,
    pub updated_at: String,
    #[serde(default)]
    pub origin: RunOrigin,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// `GET /slipway/v1/projects/{p}/pipelines/{id}/release-flows/{stage}/runs/{run}/log`:
/// everything that a page needs to fold a run and then follow the project's stream from `seq` on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunLog {
    pub run: RunRow,
    /// The run's own copy of the document, byte for byte.
    pub document: String,
    /// All events of the run with a sequence number up to `seq`.
    pub events: Vec<Event>,
    /// The project's newest sequence number when this was read.
    pub seq: u64,
}

/// `POST /slipway/v1/…/runs/{run}/rollback`. The answer is a [`RunRow`] of the new run in `data`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RollbackRequest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Why, in the person's own words; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `GET /slipway/v1/…/runs/{run}/rollback-plan`: what going back would do, before it is confirmed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RollbackPlan {
    /// What would be deployed again, in order.
    pub restores: Vec<Restore>,
    /// What the chosen run did that stays as it is: one sentence each.
    pub untouched: Vec<String>,
    /// Why nothing can be restored, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// One resource that a rollback puts back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Restore {
    pub resource: String,
    /// What runs there now; none when nothing was ever deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<slipway_engine::event::Artifact>,
    pub then: slipway_engine::event::Artifact,
}

/// `GET /slipway/v1/…/runs/{run}/output?node=POINTER&from=BYTE`: a piece of a node's output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NodeOutput {
    /// Where `text` begins, in bytes of the kept output.
    pub from: u64,
    /// Bytes kept so far. `text` ends at `min(size, from + 262144)`, on a character border.
    pub size: u64,
    pub text: String,
    /// True when the command printed more than is kept.
    pub truncated: bool,
    /// True when the node has ended: no more will come.
    pub ended: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_engine::event::{RunOrigin, RunStatus};

    use super::{RunRequest, RunRow};

    #[test]
    fn an_empty_request_is_an_empty_object() {
        let empty = RunRequest::default();
        assert_eq!(serde_json::to_value(&empty).expect("writable"), json!({}));
        assert_eq!(serde_json::from_value::<RunRequest>(json!({})).expect("readable"), empty);
    }

    #[test]
    fn a_row_of_a_server_that_is_not_ours_is_read_too() {
        let row: RunRow = serde_json::from_value(json!({
            "id": "r", "status": "a word of tomorrow", "concluded": false,
            "createdAt": "2026-01-05 09:00:00.000Z", "updatedAt": "2026-01-05T09:00:00.000Z",
            "more": 1 }))
        .expect("readable");
        assert_eq!((row.status, row.origin), (RunStatus::Unknown, RunOrigin::Release));
        assert_eq!(row.by, "");
    }
}
