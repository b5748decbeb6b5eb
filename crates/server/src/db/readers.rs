//! A few connections that only read.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{DbError, connect};

/// Reads at one time; more wait their turn.
const CONNECTIONS: usize = 4;

#[derive(Clone)]
pub(super) struct Readers {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        let turns = Arc::new(Semaphore::new(CONNECTIONS));
        Self { shared: Arc::new(Shared { path, turns, idle: Mutex::default() }) }
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let turn = Arc::clone(&self.shared.turns).acquire_owned().await;
        let turn = turn.map_err(|_| DbError::Closed)?;
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut conn = shared.take()?;
            // A transaction makes all that `f` reads one moment; dropping it ends it. When `f`
            // panics the connection is dropped with it instead of going back to the pool.
            let result = {
                let tx = conn.transaction()?;
                f(&tx)
            };
            shared.give_back(conn);
            result
        })
        .await;
        done.unwrap_or(Err(DbError::Panicked))
    }
}

impl Shared {
    fn take(&self) -> Result<Connection, DbError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(conn) = idle {
            return Ok(conn);
        }
        let conn = connect(&self.path)?;
        conn.pragma_update(None, "query_only", true)?;
        Ok(conn)
    }

    fn give_back(&self, conn: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
    }
}
