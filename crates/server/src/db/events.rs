//! The log of a project.

use rusqlite::{Connection, OptionalExtension, Row, params};
use slipway_api::{Event, EventBody};

use super::DbError;

/// Takes the next sequence number of the project.
pub(super) fn next(conn: &Connection, project: &str) -> Result<u64, DbError> {
    let seq: i64 = conn
        .prepare_cached(
            "INSERT INTO sequences (project, seq) VALUES (?1, 1)
             ON CONFLICT (project) DO UPDATE SET seq = seq + 1 RETURNING seq",
        )?
        .query_row([project], |row| row.get(0))?;
    Ok(seq.unsigned_abs())
}

pub(super) fn insert(conn: &Connection, project: &str, event: &Event) -> Result<(), DbError> {
    conn.prepare_cached(
        "INSERT INTO events (project, seq, at, pipeline, stage, run, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        project,
        signed(event.seq),
        event.at,
        event.pipeline,
        event.stage,
        event.run,
        serde_json::to_string(&event.body)?,
    ])?;
    Ok(())
}

/// The newest sequence number of the project; 0 before the first event.
///
/// # Errors
/// When SQLite refuses.
pub fn newest(conn: &Connection, project: &str) -> Result<u64, DbError> {
    let seq: Option<i64> = conn
        .prepare_cached("SELECT seq FROM sequences WHERE project = ?1")?
        .query_row([project], |row| row.get(0))
        .optional()?;
    Ok(seq.unwrap_or(0).unsigned_abs())
}

/// Events behind `after`, oldest first, `limit` at most.
///
/// # Errors
/// When SQLite refuses.
pub fn after(
    conn: &Connection,
    project: &str,
    after: u64,
    limit: usize,
) -> Result<Vec<Event>, DbError> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, at, pipeline, stage, run, body FROM events
         WHERE project = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![project, signed(after), limit], read)?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

/// The events of one run of the project behind `after`, oldest first.
///
/// # Errors
/// When SQLite refuses.
pub fn of_run(
    conn: &Connection,
    project: &str,
    run: &str,
    after: u64,
) -> Result<Vec<Event>, DbError> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, at, pipeline, stage, run, body FROM events
         WHERE run = ?1 AND seq > ?2 AND project = ?3 ORDER BY seq",
    )?;
    let rows = statement.query_map(params![run, signed(after), project], read)?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Event> {
    let seq: i64 = row.get(0)?;
    let body: String = row.get(5)?;
    Ok(Event {
        seq: seq.unsigned_abs(),
        at: row.get(1)?,
        pipeline: row.get(2)?,
        stage: row.get(3)?,
        run: row.get(4)?,
        // Written by a newer server, perhaps: it keeps its number and changes nothing.
        body: serde_json::from_str(&body).unwrap_or(EventBody::Unknown),
    })
}

/// Sequence numbers are counted by SQLite and far below its largest integer.
fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
