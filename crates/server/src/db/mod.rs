//! Everything the server remembers, in one SQLite file.
//!
//! One thread writes: it takes jobs from a channel and commits them in groups, so that many
//! callers share one sync of the disk and an answer still means "on disk". A small pool reads.
//! The modules beside this one are plain SQL functions over a connection or a [`Tx`], one file
//! per thing; nothing else in the server writes SQL.
//!
//! May import: the wire types, `flow` for documents. Must not know: HTTP, drivers, the runner.

pub mod access;
pub mod backups;
pub mod builds;
pub mod deployments;
pub mod events;
pub mod flows;
mod hub;
mod readers;
pub mod revisions;
pub mod runs;
mod tx;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use slipway_api::{Event, EventBody};
use tokio::sync::broadcast;

pub use hub::Frame;
pub use tx::Tx;

/// What can go wrong with the store. None of it is a caller's mistake: a handler logs it and
/// answers "internal error".
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    #[error("The database {} can't be opened: {reason}", path.display())]
    Open { path: PathBuf, reason: String },
    #[error("The database refused a statement: {0}")]
    Sql(Arc<rusqlite::Error>),
    #[error("The database holds a value that can't be read: {0}")]
    Value(String),
    #[error("A change couldn't be committed: {0}")]
    Commit(Arc<rusqlite::Error>),
    #[error("SQLite ended the transaction before this change was made.")]
    Lost,
    #[error("A database job ended in a panic.")]
    Panicked,
    #[error("The database is closed: the server is stopping.")]
    Closed,
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(Arc::new(error))
    }
}

impl From<serde_json::Error> for DbError {
    fn from(error: serde_json::Error) -> Self {
        Self::Value(error.to_string())
    }
}

/// An event before it has a number and a time.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    pub pipeline: Option<String>,
    /// The stage's name (`Development`).
    pub stage: Option<String>,
    pub run: Option<String>,
    pub body: EventBody,
}

/// A handle on the store; cheap to clone. The file is closed when the last one is dropped.
#[derive(Clone)]
pub struct Db {
    readers: readers::Readers,
    hub: Arc<hub::Hub>,
    // Last, so that readers are gone before the writer ends and tidies up the journal.
    writer: Arc<writer::Writer>,
}

impl Db {
    /// Opens (or makes) `dir/slipway.db` and brings its tables up to date.
    ///
    /// # Errors
    /// When the file can't be opened or written, or was made by a newer server.
    pub fn open(dir: &Path) -> Result<Self, DbError> {
        let path = dir.join("slipway.db");
        let failed = |reason: String| DbError::Open { path: path.clone(), reason };
        let mut conn = connect(&path).map_err(|error| failed(error.to_string()))?;
        migrations()
            .to_latest(&mut conn)
            .map_err(|error| failed(format!("its tables can't be brought up to date ({error})")))?;
        let hub = Arc::new(hub::Hub::default());
        let writer = writer::Writer::start(conn, Arc::clone(&hub))
            .map_err(|error| failed(format!("no thread could be started for it ({error})")))?;
        Ok(Self { readers: readers::Readers::new(path), hub, writer: Arc::new(writer) })
    }

    /// Runs `f` in one read transaction, off the async threads: all it reads is of one moment.
    ///
    /// # Errors
    /// What `f` returns, or [`DbError`] when no connection can be had.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.readers.run(f).await
    }

    /// Runs `f` inside the writer's transaction, in a savepoint of its own: an error undoes what
    /// `f` did and nothing else. Resolves only when the change is on disk.
    ///
    /// # Errors
    /// What `f` returns, or [`DbError`] when the change can't be committed.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.writer.run(f).await
    }

    /// Appends to a project's log: durable, numbered without a gap, told to subscribers after
    /// the commit.
    ///
    /// # Errors
    /// As [`Db::write`]; then nothing was appended.
    pub async fn append(
        &self,
        project: &str,
        events: Vec<NewEvent>,
    ) -> Result<Vec<Event>, DbError> {
        let project = project.to_owned();
        self.write(move |tx| events.into_iter().map(|event| tx.append(&project, event)).collect())
            .await
    }

    /// Everything appended to the project from now on, in order. A receiver that falls more than
    /// some thousand events behind is told so (`Lagged`) and must read them from the log.
    #[must_use]
    pub fn subscribe(&self, project: &str) -> broadcast::Receiver<Arc<Event>> {
        self.hub.events(project)
    }

    /// As [`Db::subscribe`], already written as JSON, once for all receivers.
    #[must_use]
    pub fn subscribe_frames(&self, project: &str) -> broadcast::Receiver<Frame> {
        self.hub.frames(project)
    }
}

/// The server clock, in milliseconds since the Unix epoch.
#[must_use]
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.busy_timeout(std::time::Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("../../migrations/0001_first.sql")),
        M::up(include_str!("../../migrations/0002_builds.sql")),
        M::up(include_str!("../../migrations/0003_revisions.sql")),
    ])
}

#[cfg(test)]
mod tests;
