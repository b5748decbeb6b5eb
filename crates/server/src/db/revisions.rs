//! Every version of a release flow that was ever saved, with its author.

use rusqlite::{Connection, OptionalExtension, params};

use super::{DbError, Tx, flows::Place};

/// Who saves a version, and what there is to say about it.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    pub by: &'a str,
    /// In the author's words.
    pub reason: Option<&'a str>,
    /// What changed since the version before, in one line.
    pub summary: Option<&'a str>,
}

impl<'a> From<&'a str> for Note<'a> {
    fn from(by: &'a str) -> Self {
        Self { by, reason: None, summary: None }
    }
}

/// One saved version, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// From 1, without a gap.
    pub number: i64,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    pub by: String,
    pub reason: Option<String>,
    pub summary: Option<String>,
    pub etag: String,
}

/// Adds a text behind the others of its stage.
///
/// # Errors
/// When SQLite refuses.
pub fn insert(
    tx: &Tx<'_>,
    place: &Place,
    text: &str,
    etag: &str,
    at: i64,
    note: Note<'_>,
) -> Result<(), DbError> {
    tx.prepare_cached(
        "INSERT INTO revisions (project, pipeline, stage, number, text, etag, at, by, reason,
                                summary)
         SELECT ?1, ?2, ?3, coalesce(max(number), 0) + 1, ?4, ?5, ?6, ?7, ?8, ?9 FROM revisions
         WHERE project = ?1 AND pipeline = ?2 AND stage = ?3",
    )?
    .execute(params![
        place.project,
        place.pipeline,
        place.stage.name(),
        text,
        etag,
        at,
        note.by,
        note.reason,
        note.summary
    ])?;
    Ok(())
}

/// The versions of a stage, newest first, from those older than `before` on.
///
/// # Errors
/// When SQLite refuses.
pub fn rows(
    conn: &Connection,
    place: &Place,
    before: i64,
    skip: usize,
    limit: usize,
) -> Result<Vec<Revision>, DbError> {
    let mut statement = conn.prepare_cached(
        "SELECT number, at, by, reason, summary, etag FROM revisions
         WHERE project = ?1 AND pipeline = ?2 AND stage = ?3 AND number < ?4
         ORDER BY number DESC LIMIT ?5 OFFSET ?6",
    )?;
    let (limit, skip) =
        (i64::try_from(limit).unwrap_or(i64::MAX), i64::try_from(skip).unwrap_or(i64::MAX));
    let rows = statement.query_map(
        params![place.project, place.pipeline, place.stage.name(), before, limit, skip],
        |row| {
            Ok(Revision {
                number: row.get(0)?,
                at: row.get(1)?,
                by: row.get(2)?,
                reason: row.get(3)?,
                summary: row.get(4)?,
                etag: row.get(5)?,
            })
        },
    )?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

/// A version's text, byte for byte, and its etag.
///
/// # Errors
/// When SQLite refuses.
pub fn text(
    conn: &Connection,
    place: &Place,
    number: i64,
) -> Result<Option<(String, String)>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT text, etag FROM revisions
             WHERE project = ?1 AND pipeline = ?2 AND stage = ?3 AND number = ?4",
        )?
        .query_row(params![place.project, place.pipeline, place.stage.name(), number], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}
