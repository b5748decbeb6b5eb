//! Builds: which commit of which service became which artifact.

use rusqlite::{Connection, Row, ToSql, params};

use super::{DbError, Tx};

/// One build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The build's id, as `Release` nodes name it.
    pub id: String,
    pub project: String,
    /// The build service that made it.
    pub service: String,
    pub branch: Option<String>,
    /// The commit, 40 hexadecimal digits, once it is known.
    pub sha: Option<String>,
    /// A digest of the arguments it was made with; none for a build of an older server.
    pub arguments: Option<String>,
    /// A word of ours: `building`, `success`, `failure`, `aborted`.
    pub status: String,
    /// Where the artifact lies, once there is one.
    pub artifact: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
    pub concluded_at: Option<i64>,
}

/// Adds a build that a run makes.
///
/// # Errors
/// When SQLite refuses, for instance an id that is taken.
pub fn insert(tx: &Tx<'_>, build: &Build, run: &str) -> Result<(), DbError> {
    tx.prepare_cached(
        "INSERT INTO builds (id, project, service, branch, sha, arguments, status, artifact,
                             created_at, concluded_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        build.id,
        build.project,
        build.service,
        build.branch,
        build.sha,
        build.arguments,
        build.status,
        build.artifact,
        build.created_at,
        build.concluded_at,
    ])?;
    used(tx, &build.id, run)
}

/// Notes that a run makes this build, or uses it again.
///
/// # Errors
/// When SQLite refuses, for instance because there is no such build.
pub fn used(tx: &Tx<'_>, build: &str, run: &str) -> Result<(), DbError> {
    tx.prepare_cached("INSERT INTO run_builds (run, build) VALUES (?1, ?2)")?
        .execute([run, build])?;
    Ok(())
}

/// Writes what changes in the life of a build: commit, status, artifact, end.
///
/// # Errors
/// When SQLite refuses.
pub fn update(tx: &Tx<'_>, build: &Build) -> Result<(), DbError> {
    tx.prepare_cached(
        "UPDATE builds SET branch = ?2, sha = ?3, status = ?4, artifact = ?5, concluded_at = ?6
         WHERE id = ?1",
    )?
    .execute(params![
        build.id,
        build.branch,
        build.sha,
        build.status,
        build.artifact,
        build.concluded_at,
    ])?;
    Ok(())
}

/// The build with that id in the project.
///
/// # Errors
/// When SQLite refuses.
pub fn get(conn: &Connection, project: &str, id: &str) -> Result<Option<Build>, DbError> {
    one(conn, "WHERE project = ?1 AND id = ?2", &[&project, &id])
}

/// The newest successful build of a service; of that branch, when one is given.
///
/// # Errors
/// When SQLite refuses.
pub fn latest(
    conn: &Connection,
    project: &str,
    service: &str,
    branch: Option<&str>,
) -> Result<Option<Build>, DbError> {
    one(
        conn,
        "WHERE project = ?1 AND service = ?2 AND (?3 IS NULL OR branch = ?3)
           AND status = 'success' ORDER BY number DESC LIMIT 1",
        &[&project, &service, &branch],
    )
}

/// The build of a service that a run made or used last, successful or still going on; of that
/// branch, when one is given.
///
/// # Errors
/// When SQLite refuses.
pub fn of_run(
    conn: &Connection,
    project: &str,
    run: &str,
    service: &str,
    branch: Option<&str>,
) -> Result<Option<Build>, DbError> {
    one(
        conn,
        "JOIN run_builds ON run_builds.build = builds.id
         WHERE run_builds.run = ?1 AND project = ?2 AND service = ?3
           AND (?4 IS NULL OR branch = ?4) AND status IN ('success', 'building')
         ORDER BY run_builds.number DESC LIMIT 1",
        &[&run, &project, &service, &branch],
    )
}

/// The newest successful build of one commit by a service with these arguments (their digest); of
/// that branch, when one is given.
///
/// # Errors
/// When SQLite refuses.
pub fn of_commit(
    conn: &Connection,
    project: &str,
    service: &str,
    branch: Option<&str>,
    sha: &str,
    arguments: &str,
) -> Result<Option<Build>, DbError> {
    one(
        conn,
        "WHERE project = ?1 AND service = ?2 AND (?3 IS NULL OR branch = ?3) AND sha = ?4
           AND arguments = ?5 AND status = 'success' ORDER BY number DESC LIMIT 1",
        &[&project, &service, &branch, &sha, &arguments],
    )
}

/// Builds of a service, the newest first; behind the one with that id, when one is given.
///
/// # Errors
/// When SQLite refuses.
pub fn of_service(
    conn: &Connection,
    project: &str,
    service: &str,
    behind: Option<&str>,
    skip: usize,
    limit: usize,
) -> Result<Vec<Build>, DbError> {
    let (skip, limit) =
        (i64::try_from(skip).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
    select(
        conn,
        "WHERE project = ?1 AND service = ?2
           AND (?3 IS NULL OR number < (SELECT number FROM builds WHERE project = ?1 AND id = ?3))
         ORDER BY number DESC LIMIT ?4 OFFSET ?5",
        &[&project, &service, &behind, &limit, &skip],
    )
}

/// Ends every build that is still going on by its row: the server that made it is gone.
///
/// # Errors
/// When SQLite refuses.
pub fn abandon(tx: &Tx<'_>) -> Result<usize, DbError> {
    Ok(tx.execute(
        "UPDATE builds SET status = 'aborted', concluded_at = ?1 WHERE status = 'building'",
        [super::now()],
    )?)
}

fn one(conn: &Connection, rest: &str, values: &[&dyn ToSql]) -> Result<Option<Build>, DbError> {
    select(conn, rest, values).map(|found| found.into_iter().next())
}

fn select(conn: &Connection, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<Build>, DbError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id, project, service, branch, sha, arguments, status, artifact, created_at,
                concluded_at
         FROM builds {rest}"
    ))?;
    let rows = statement.query_map(values, read)?;
    rows.map(|row| row.map_err(DbError::from)).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Build> {
    Ok(Build {
        id: row.get(0)?,
        project: row.get(1)?,
        service: row.get(2)?,
        branch: row.get(3)?,
        sha: row.get(4)?,
        arguments: row.get(5)?,
        status: row.get(6)?,
        artifact: row.get(7)?,
        created_at: row.get(8)?,
        concluded_at: row.get(9)?,
    })
}
