//! One caller's part of the writer's transaction.

use std::sync::Arc;

use rusqlite::Connection;
use slipway_api::Event;

use super::{DbError, NewEvent, events, now, runs};

/// What a write works on. Dereferences to the connection for plain SQL.
pub struct Tx<'a> {
    conn: &'a Connection,
    appended: Vec<(String, Arc<Event>)>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a Connection) -> Self {
        Self { conn, appended: Vec::new() }
    }

    /// Appends to the project's log, and carries the run's row along. Subscribers hear of it
    /// after the commit.
    ///
    /// # Errors
    /// When SQLite refuses; the whole write is then undone if the error is passed on.
    pub fn append(&mut self, project: &str, event: NewEvent) -> Result<Event, DbError> {
        let event = Event {
            seq: events::next(self.conn, project)?,
            at: now(),
            pipeline: event.pipeline,
            stage: event.stage,
            run: event.run,
            body: event.body,
        };
        events::insert(self.conn, project, &event)?;
        runs::project(self.conn, &event)?;
        self.appended.push((project.to_owned(), Arc::new(event.clone())));
        Ok(event)
    }

    pub(super) fn into_appended(self) -> Vec<(String, Arc<Event>)> {
        self.appended
    }
}

impl std::ops::Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}
