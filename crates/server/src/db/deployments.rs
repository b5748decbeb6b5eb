//! What runs where now. What ran there before is in the log, as `deployed` events.

use rusqlite::{Connection, OptionalExtension, params};
use slipway_engine::event::Deployment;

use super::{DbError, Tx};

/// What the resource runs now; none when nothing was ever deployed to it.
///
/// # Errors
/// When SQLite refuses.
pub fn current(
    conn: &Connection,
    project: &str,
    resource: &str,
) -> Result<Option<Deployment>, DbError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT deployment FROM deployments WHERE project = ?1 AND resource = ?2")?
        .query_row([project, resource], |row| row.get(0))
        .optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// Notes what the resource runs from now on. Append `Deployed` in the same write.
///
/// # Errors
/// When SQLite refuses.
pub fn set(
    tx: &Tx<'_>,
    project: &str,
    resource: &str,
    deployment: &Deployment,
) -> Result<(), DbError> {
    tx.prepare_cached(
        "INSERT INTO deployments (project, resource, deployment, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (project, resource) DO UPDATE
         SET deployment = excluded.deployment, at = excluded.at",
    )?
    .execute(params![project, resource, serde_json::to_string(deployment)?, deployment.at])?;
    Ok(())
}
