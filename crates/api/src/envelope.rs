//! What every answer is wrapped in (API reference, "Responses" and "Pagination").

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A successful answer: always status 200.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}Answer"))]
pub struct Data<T> {
    pub data: T,
}

/// One page of a list. `data` of a list holds exactly one member: the vendor's client merges
/// pages only then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}Page"))]
pub struct Page<T> {
    pub data: T,
    pub pagination: Pagination,
}

/// Where a page ends. `cursor` is absent on the last page: the vendor's client asks for more for
/// as long as the key is there, whatever its value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    pub has_next_page: bool,
    /// Rows in this answer.
    pub count: usize,
    /// Only `A–Z a–z 0–9 _ -`: the vendor's client does not encode query values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A failed answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    pub error: ApiError,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// A sentence.
    pub message: String,
    /// A stable name of the case, such as `nf-invalid-request-body`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Field (or `object`) to sentences, where single fields are at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Map<String, Value>>,
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn the_last_page_has_no_cursor_at_all() {
        let last = Pagination { has_next_page: false, count: 1, cursor: None };
        let page = Page { data: json!({ "runs": [1] }), pagination: last };
        assert_eq!(
            to_value(page).unwrap(),
            json!({ "data": { "runs": [1] }, "pagination": { "hasNextPage": false, "count": 1 } })
        );
        let more = Pagination { has_next_page: true, count: 1, cursor: Some("6f".into()) };
        assert_eq!(
            to_value(more).unwrap(),
            json!({ "hasNextPage": true, "count": 1, "cursor": "6f" })
        );
    }

    #[test]
    fn a_failure_has_what_the_vendors_client_reads_and_nothing_empty() {
        let error =
            ApiError { status: 401, message: "Unauthorized".into(), id: None, details: None };
        let failure = json!({ "error": { "status": 401, "message": "Unauthorized" } });
        assert_eq!(to_value(Failure { error: error.clone() }).unwrap(), failure);
        let read: Failure = serde_json::from_value(failure).unwrap();
        assert_eq!(read.error, error);
    }
}
