//! Tokens, sign-in codes and sessions. Only hashes of secrets come here.

use rusqlite::{Connection, OptionalExtension, Row, params};
use slipway_api::session::Role;

use super::{DbError, Tx, now};

/// SHA-256 of a secret.
pub type SecretHash = [u8; 32];

/// A token as it is listed: without its secret, which nobody kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
}

/// Who somebody turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub role: Role,
    /// The token that stands behind it, where one does: revoking it ends its sessions.
    pub token: Option<String>,
}

/// Adds a token; false when its name is taken.
///
/// # Errors
/// When SQLite refuses.
pub fn insert_token(tx: &Tx<'_>, token: &Token, hash: &SecretHash) -> Result<bool, DbError> {
    let added = tx
        .prepare_cached(
            "INSERT INTO tokens (id, name, role, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![token.id, token.name, token.role.word(), hash, token.created_at])?;
    Ok(added == 1)
}

/// All tokens, oldest first.
///
/// # Errors
/// When SQLite refuses.
pub fn tokens(conn: &Connection) -> Result<Vec<Token>, DbError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, role, created_at FROM tokens ORDER BY created_at, name",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Token {
            id: row.get(0)?,
            name: row.get(1)?,
            role: role(row, 2)?,
            created_at: row.get(3)?,
        })
    })?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

/// Takes a token away, by name or id, with the sessions that began with it. False when there is
/// no such token.
///
/// # Errors
/// When SQLite refuses.
pub fn revoke_token(tx: &Tx<'_>, name_or_id: &str) -> Result<bool, DbError> {
    Ok(tx.execute("DELETE FROM tokens WHERE name = ?1 OR id = ?1", [name_or_id])? > 0)
}

/// The token with that hash, with the stored hash for the caller to compare.
///
/// # Errors
/// When SQLite refuses.
pub fn token(
    conn: &Connection,
    hash: &SecretHash,
) -> Result<Option<(SecretHash, Identity)>, DbError> {
    Ok(conn
        .prepare_cached("SELECT hash, name, role, id FROM tokens WHERE hash = ?1")?
        .query_row([hash], identity)
        .optional()?)
}

/// Adds a sign-in code, and forgets those that have run out.
///
/// # Errors
/// When SQLite refuses.
pub fn insert_code(
    tx: &Tx<'_>,
    hash: &SecretHash,
    name: &str,
    role: Role,
    expires_at: i64,
) -> Result<(), DbError> {
    tx.execute("DELETE FROM sign_in_codes WHERE expires_at <= ?1", [now()])?;
    tx.execute(
        "INSERT INTO sign_in_codes (hash, name, role, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![hash, name, role.word(), expires_at],
    )?;
    Ok(())
}

/// The code with that hash, if it has not run out.
///
/// # Errors
/// When SQLite refuses.
pub fn code(
    conn: &Connection,
    hash: &SecretHash,
) -> Result<Option<(SecretHash, Identity)>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT hash, name, role, NULL FROM sign_in_codes WHERE hash = ?1 AND expires_at > ?2",
        )?
        .query_row(params![hash, now()], identity)
        .optional()?)
}

/// Uses a code up; false when it was used or has run out.
///
/// # Errors
/// When SQLite refuses.
pub fn use_code(tx: &Tx<'_>, hash: &SecretHash) -> Result<bool, DbError> {
    let used = tx.execute(
        "DELETE FROM sign_in_codes WHERE hash = ?1 AND expires_at > ?2",
        params![hash, now()],
    )?;
    Ok(used == 1)
}

/// Adds a session, and forgets those that have run out.
///
/// # Errors
/// When SQLite refuses.
pub fn insert_session(
    tx: &Tx<'_>,
    hash: &SecretHash,
    who: &Identity,
    expires_at: i64,
) -> Result<(), DbError> {
    tx.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now()])?;
    tx.execute(
        "INSERT INTO sessions (hash, name, role, token, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![hash, who.name, who.role.word(), who.token, expires_at],
    )?;
    Ok(())
}

/// The session with that hash, if it has not run out.
///
/// # Errors
/// When SQLite refuses.
pub fn session(
    conn: &Connection,
    hash: &SecretHash,
) -> Result<Option<(SecretHash, Identity)>, DbError> {
    Ok(conn
        .prepare_cached(
            "SELECT hash, name, role, token FROM sessions WHERE hash = ?1 AND expires_at > ?2",
        )?
        .query_row(params![hash, now()], identity)
        .optional()?)
}

/// Ends a session.
///
/// # Errors
/// When SQLite refuses.
pub fn end_session(tx: &Tx<'_>, hash: &SecretHash) -> Result<(), DbError> {
    tx.execute("DELETE FROM sessions WHERE hash = ?1", [hash])?;
    Ok(())
}

fn identity(row: &Row<'_>) -> rusqlite::Result<(SecretHash, Identity)> {
    Ok((row.get(0)?, Identity { name: row.get(1)?, role: role(row, 2)?, token: row.get(3)? }))
}

fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let word: String = row.get(column)?;
    Role::parse(&word).ok_or_else(|| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, "not a role".into())
    })
}
