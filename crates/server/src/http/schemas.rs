//! The JSON Schemas that documents name in `$schema`, where the vendor publishes its own.

use std::sync::LazyLock;

use slipway_flow::schema;

use super::answer::{Answer, json};

/// Some 100 KB, made once.
static RELEASE_FLOW: LazyLock<String> = LazyLock::new(|| schema::release_flow().to_string());

/// `GET /v1/schemas/release-flow`, for anybody and without an envelope: editors fetch it.
pub async fn release_flow() -> Answer {
    Ok(json(RELEASE_FLOW.clone()))
}
