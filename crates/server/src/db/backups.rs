//! Backups that addons made.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{DbError, Tx};

/// One backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub id: String,
    pub project: String,
    pub addon: String,
    /// Where it lies.
    pub path: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub checksum: String,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
}

/// Adds a backup.
///
/// # Errors
/// When SQLite refuses, for instance an id that is taken.
pub fn insert(tx: &Tx<'_>, backup: &Backup) -> Result<(), DbError> {
    tx.prepare_cached(
        "INSERT INTO backups (id, project, addon, path, checksum, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        backup.id,
        backup.project,
        backup.addon,
        backup.path,
        backup.checksum,
        backup.created_at,
    ])?;
    Ok(())
}

/// The backup with that id in the project.
///
/// # Errors
/// When SQLite refuses.
pub fn get(conn: &Connection, project: &str, id: &str) -> Result<Option<Backup>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, project, addon, path, checksum, created_at FROM backups
             WHERE project = ?1 AND id = ?2",
        )?
        .query_row([project, id], read)
        .optional()?)
}

/// The newest backup of an addon.
///
/// # Errors
/// When SQLite refuses.
pub fn latest(conn: &Connection, project: &str, addon: &str) -> Result<Option<Backup>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, project, addon, path, checksum, created_at FROM backups
             WHERE project = ?1 AND addon = ?2 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([project, addon], read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Backup> {
    Ok(Backup {
        id: row.get(0)?,
        project: row.get(1)?,
        addon: row.get(2)?,
        path: row.get(3)?,
        checksum: row.get(4)?,
        created_at: row.get(5)?,
    })
}
