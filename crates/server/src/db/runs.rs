//! Runs: what was asked for, the document they run, and a projection of their events.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use slipway_api::{
    Event, EventBody,
    run::{RunRequest, RunRow},
};
use slipway_engine::event::{RunOrigin, RunStatus};

use super::{DbError, Tx, events as log, now};

/// A run as it was asked for. What became of it is in its events.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// A UUID.
    pub id: String,
    pub project: String,
    pub pipeline: String,
    /// The stage's name (`Development`).
    pub stage: String,
    /// The run's own copy of the document, byte for byte.
    pub document: String,
    pub request: RunRequest,
    pub origin: RunOrigin,
    /// The name of the token or session that asked for it.
    pub by: String,
}

/// Adds the row. Append `RunCreated` in the same write.
///
/// # Errors
/// When SQLite refuses, for instance an id that is taken.
pub fn insert(tx: &Tx<'_>, run: &RunRecord) -> Result<(), DbError> {
    tx.prepare_cached(
        "INSERT INTO runs (id, project, pipeline, stage, document, request, origin, by, name,
                           description, status, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
    )?
    .execute(params![
        run.id,
        run.project,
        run.pipeline,
        run.stage,
        run.document,
        serde_json::to_string(&run.request)?,
        serde_json::to_string(&run.origin)?,
        run.by,
        run.request.name,
        run.request.description,
        RunStatus::Pending.word(),
        now(),
    ])?;
    Ok(())
}

/// The run, if it is one of that stage.
///
/// # Errors
/// When SQLite refuses.
pub fn get(
    conn: &Connection,
    project: &str,
    pipeline: &str,
    stage: &str,
    id: &str,
) -> Result<Option<RunRecord>, DbError> {
    let run = by_id(conn, id)?;
    Ok(run.filter(|run| run.project == project && run.pipeline == pipeline && run.stage == stage))
}

/// The run with that id, of whatever project.
///
/// # Errors
/// When SQLite refuses.
pub fn by_id(conn: &Connection, id: &str) -> Result<Option<RunRecord>, DbError> {
    Ok(records(conn, "WHERE id = ?1", &[&id])?.pop())
}

/// Every run of every project that has not concluded, oldest first.
///
/// # Errors
/// When SQLite refuses.
pub fn unfinished(conn: &Connection) -> Result<Vec<RunRecord>, DbError> {
    records(conn, "WHERE concluded = 0 ORDER BY number", &[])
}

/// The stage's runs that have not concluded, oldest first: their ids, and how far they are.
///
/// # Errors
/// When SQLite refuses.
pub fn active(
    conn: &Connection,
    project: &str,
    pipeline: &str,
    stage: &str,
) -> Result<Vec<(String, RunStatus)>, DbError> {
    // Few runs are unfinished, of whatever stage: `+` keeps SQLite from walking the stage's past.
    let mut statement = conn.prepare_cached(
        "SELECT id, status FROM runs
         WHERE concluded = 0 AND +project = ?1 AND +pipeline = ?2 AND +stage = ?3 ORDER BY number",
    )?;
    let rows = statement.query_map([project, pipeline, stage], |row| {
        Ok((row.get(0)?, status(&row.get::<_, String>(1)?)))
    })?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

/// Whether an older run of the same stage has not concluded; none when this run itself has.
///
/// # Errors
/// When SQLite refuses.
pub fn waits_for_another(conn: &Connection, id: &str) -> Result<Option<bool>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (
               SELECT 1 FROM runs AS older
               WHERE older.concluded = 0 AND older.number < mine.number
                 AND +older.project = mine.project AND +older.pipeline = mine.pipeline
                 AND +older.stage = mine.stage)
             FROM runs AS mine WHERE mine.id = ?1 AND mine.concluded = 0",
        )?
        .query_row([id], |row| row.get(0))
        .optional()?)
}

/// All events of the run, oldest first.
///
/// # Errors
/// When SQLite refuses.
pub fn events(conn: &Connection, run: &str) -> Result<Vec<Event>, DbError> {
    let project: Option<String> = conn
        .prepare_cached("SELECT project FROM runs WHERE id = ?1")?
        .query_row([run], |row| row.get(0))
        .optional()?;
    project.map_or(Ok(Vec::new()), |project| log::of_run(conn, &project, run, 0))
}

/// Which rows a list wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub status: Option<RunStatus>,
    pub concluded: Option<bool>,
}

/// Rows of a stage's runs, newest first: at most `limit`, of those with a number below `before`,
/// after leaving out `skip`. Each comes with its number, for the next page's `before`.
///
/// # Errors
/// When SQLite refuses.
pub fn rows(
    conn: &Connection,
    (project, pipeline, stage): (&str, &str, &str),
    filter: Filter,
    before: Option<i64>,
    skip: usize,
    limit: usize,
) -> Result<Vec<(i64, RunRow)>, DbError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {ROW} FROM runs
         WHERE project = ?1 AND pipeline = ?2 AND stage = ?3 AND number < ?4
           AND (?5 IS NULL OR status = ?5) AND (?6 IS NULL OR concluded = ?6)
         ORDER BY number DESC LIMIT ?7 OFFSET ?8"
    ))?;
    let rows = statement.query_map(
        params![
            project,
            pipeline,
            stage,
            before.unwrap_or(i64::MAX),
            filter.status.map(RunStatus::word),
            filter.concluded,
            i64::try_from(limit).unwrap_or(i64::MAX),
            i64::try_from(skip).unwrap_or(i64::MAX),
        ],
        row,
    )?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

/// The run's row of a list.
///
/// # Errors
/// When SQLite refuses.
pub fn row_of(conn: &Connection, id: &str) -> Result<Option<RunRow>, DbError> {
    let found = conn
        .prepare_cached(&format!("SELECT {ROW} FROM runs WHERE id = ?1"))?
        .query_row([id], row)
        .optional()?;
    Ok(found.map(|(_, row)| row))
}

/// Carries the run's row along with an event.
pub(super) fn project(conn: &Connection, event: &Event) -> Result<(), DbError> {
    let Some(run) = &event.run else { return Ok(()) };
    let at = event.at;
    let (set, values): (&str, Vec<&dyn ToSql>) = match &event.body {
        EventBody::RunCreated { name, description, .. } => (
            "status = 'pending', name = ?3, description = ?4, created_at = ?2,",
            vec![name, description],
        ),
        // A status never goes backwards; the fold that pages use agrees.
        EventBody::RunQueued => ("status = iif(status = 'pending', 'queued', status),", vec![]),
        EventBody::RunStarted => (
            "status = iif(status = 'aborting', status, 'running'),
             started_at = coalesce(started_at, ?2),",
            vec![],
        ),
        EventBody::RunAborting { .. } => ("status = 'aborting',", vec![]),
        EventBody::RunConcluded { status, reason } => {
            return conclude(conn, run, at, *status, reason.as_deref());
        }
        _ => ("", vec![]),
    };
    let mut all: Vec<&dyn ToSql> = vec![run, &at];
    all.extend(values);
    conn.prepare_cached(&format!(
        "UPDATE runs SET {set} updated_at = ?2 WHERE id = ?1 AND concluded = 0"
    ))?
    .execute(all.as_slice())?;
    Ok(())
}

fn conclude(
    conn: &Connection,
    run: &str,
    at: i64,
    status: RunStatus,
    reason: Option<&str>,
) -> Result<(), DbError> {
    conn.prepare_cached(
        "UPDATE runs SET status = ?3, reason = ?4, concluded = 1, concluded_at = ?2,
                         updated_at = ?2 WHERE id = ?1 AND concluded = 0",
    )?
    .execute(params![run, at, status.word(), reason])?;
    Ok(())
}

fn records(
    conn: &Connection,
    filter: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<RunRecord>, DbError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id, project, pipeline, stage, document, request, origin, by FROM runs {filter}"
    ))?;
    let rows = statement.query_map(values, |row| {
        Ok((
            RunRecord {
                id: row.get(0)?,
                project: row.get(1)?,
                pipeline: row.get(2)?,
                stage: row.get(3)?,
                document: row.get(4)?,
                request: RunRequest::default(),
                origin: RunOrigin::default(),
                by: row.get(7)?,
            },
            row.get::<_, String>(5)?,
            row.get::<_, String>(6)?,
        ))
    })?;
    rows.map(|row| {
        let (record, request, origin) = row?;
        Ok(RunRecord {
            request: serde_json::from_str(&request)?,
            origin: serde_json::from_str(&origin)?,
            ..record
        })
    })
    .collect()
}

const ROW: &str = "number, id, name, description, status, concluded, started_at, concluded_at,
                   created_at, updated_at, origin, by";

fn row(row: &Row<'_>) -> rusqlite::Result<(i64, RunRow)> {
    let origin: String = row.get(10)?;
    let time = |at: Option<i64>| at.map(crate::time::rfc3339);
    let run = RunRow {
        id: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        status: status(&row.get::<_, String>(4)?),
        concluded: row.get(5)?,
        started_at: time(row.get(6)?),
        concluded_at: time(row.get(7)?),
        created_at: crate::time::rfc3339(row.get(8)?),
        updated_at: crate::time::rfc3339(row.get(9)?),
        origin: serde_json::from_str(&origin).unwrap_or_default(),
        by: row.get(11)?,
    };
    Ok((row.get(0)?, run))
}

/// Reads a status from its word on the wire.
#[must_use]
pub fn status(word: &str) -> RunStatus {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).unwrap_or_default()
}
