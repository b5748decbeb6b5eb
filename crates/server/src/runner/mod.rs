//! Runs: from the request to the last event. Every event is on disk before its effect begins, so
//! a killed server loses nothing and repeats nothing that has finished.
//!
//! - `request`: a request and a document become a run, or sentences about why not. - `check`:
//!   what this server can run. - `overrides`: values of one run. - `turn`: who runs now, by the
//!   flow's concurrency policy. - `drive`: one task per run; `leaf`: one per node at work;
//!   `outcome`: what follows when a node ends. - `recover`: runs of an earlier server. -
//!   `rollback`: going back. - `output`: what nodes print.
//!
//! May import: the drivers, the project, the database, the engine. Must not know: HTTP.

mod check;
mod drive;
mod leaf;
mod outcome;
mod output;
mod overrides;
mod recover;
mod request;
mod rollback;
mod turn;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slipway_api::{run::RunRequest, stage::Stage};
use slipway_engine::event::{EventBody, NodePointer, RunOrigin, RunStatus};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    db::{Db, DbError, NewEvent, runs, runs::RunRecord},
    drivers::{
        Done, Failed, World,
        process::{GRACE, Signal},
    },
    project::Projects,
};

/// Starts, watches and ends runs. Cheap to clone.
#[derive(Clone)]
pub struct Runner {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    projects: Arc<Projects>,
    world: Arc<World>,
    /// Tasks of runs that have not concluded, or whose commands still work.
    drives: Mutex<HashMap<String, Handle>>,
    /// Nodes whose commands work, or whose end their run's task has not heard of yet, by run.
    working: Mutex<HashSet<(String, NodePointer)>>,
    /// Counts conclusions: whoever waits for a turn looks again.
    turns: watch::Sender<u64>,
}

struct Handle {
    notes: mpsc::UnboundedSender<Note>,
    signal: Arc<watch::Sender<Signal>>,
    task: JoinHandle<()>,
}

/// What a run's task is told.
enum Note {
    Abort { by: String, reply: oneshot::Sender<Result<(), AbortError>> },
    Accepted { node: NodePointer, data: serde_json::Value },
    Output { node: NodePointer, bytes: u64 },
    Ended { node: NodePointer, result: Result<Box<Done>, Failed> },
    Again { node: NodePointer },
}

/// A request for a run of a stage's release flow.
#[derive(Debug, Clone)]
pub struct NewRun {
    pub project: String,
    pub pipeline: String,
    pub stage: Stage,
    pub request: RunRequest,
    pub origin: RunOrigin,
    /// The name of the token or session that asks.
    pub by: String,
}

/// Why a run did not start.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StartError {
    /// Field of the request, or JSON pointer in the document, to sentences.
    #[error("The run can't start: {}", sentences(details))]
    Invalid { details: BTreeMap<String, Vec<String>> },
    #[error("This stage has no release flow yet.")]
    NoFlow,
    /// A sentence; the request itself is fine, but not now.
    #[error("{0}")]
    Forbidden(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

fn sentences(details: &BTreeMap<String, Vec<String>>) -> String {
    let all: Vec<String> =
        details.iter().map(|(field, said)| format!("{field}: {}", said.join(" "))).collect();
    all.join("; ")
}

/// Why a run could not be aborted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AbortError {
    #[error("This run is already over.")]
    Concluded,
    #[error("There is no such run.")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What can go wrong with the runner itself.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("Commands of an earlier server stand in the way: {0}")]
    Leftovers(io::Error),
    #[error("The server's disk failed: {0}")]
    Disk(#[from] io::Error),
}

impl Runner {
    /// Waits until the commands of an earlier server are gone, then takes up the runs that it
    /// left. Commands are supervised by this program itself (`slipway supervise`).
    ///
    /// # Errors
    /// When old commands can't be ended, or the database or disk fails.
    pub async fn start(
        db: Db,
        projects: Arc<Projects>,
        data: PathBuf,
    ) -> Result<Self, RunnerError> {
        let supervisor = std::env::current_exe()?;
        Self::start_with(db, projects, &data, supervisor).await
    }

    /// The same with another `slipway` binary as the supervisor, for programs that embed the
    /// runner without being `slipway`.
    ///
    /// # Errors
    /// As [`Runner::start`].
    pub async fn start_with(
        db: Db,
        projects: Arc<Projects>,
        data: &Path,
        supervisor: PathBuf,
    ) -> Result<Self, RunnerError> {
        let world = World::new(db.clone(), data, supervisor)?;
        world.fence.clear_leftovers().await.map_err(RunnerError::Leftovers)?;
        world.clear_checkouts().await?;
        let inner = Inner {
            db,
            projects,
            world: Arc::new(world),
            drives: Mutex::default(),
            working: Mutex::default(),
            turns: watch::Sender::new(0),
        };
        let runner = Self { inner: Arc::new(inner) };
        recover::take_up(&runner.inner).await?;
        Ok(runner)
    }

    /// What commands share with whoever else reads what they keep.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.inner.world
    }

    /// Starts a run of the stage's release flow, or queues it.
    ///
    /// # Errors
    /// When the request or the document can't be run, or the flow's policy forbids it now.
    pub async fn start_run(&self, ask: NewRun) -> Result<RunRecord, StartError> {
        request::start(&self.inner, ask).await
    }

    /// Asks a run to end: its commands are stopped, nothing new begins. Answers when that is on
    /// disk; the run has concluded once the commands are gone. Of a run that is over, what nobody
    /// waited for and still works is stopped; its log stays as it is.
    ///
    /// # Errors
    /// When there is no such run, or it is over.
    pub async fn abort(&self, run_id: &str, by: &str) -> Result<(), AbortError> {
        self.inner.abort(run_id, by).await
    }

    /// Stops all commands and tasks. Runs stay as they are and are taken up by the next server.
    pub async fn shutdown(&self) {
        let handles: Vec<Handle> = self.inner.drives().drain().map(|(_, handle)| handle).collect();
        for handle in &handles {
            handle.signal.send_replace(Signal::Shutdown);
        }
        for mut handle in handles {
            if timeout(GRACE * 3, &mut handle.task).await.is_err() {
                handle.task.abort();
            }
        }
    }
}

impl Inner {
    fn drives(&self) -> MutexGuard<'_, HashMap<String, Handle>> {
        self.drives.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn working(&self) -> MutexGuard<'_, HashSet<(String, NodePointer)>> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn abort(&self, run_id: &str, by: &str) -> Result<(), AbortError> {
        let notes = self.drives().get(run_id).map(|handle| handle.notes.clone());
        if let Some(notes) = notes {
            let (reply, answer) = oneshot::channel();
            let asked = notes.send(Note::Abort { by: by.to_owned(), reply });
            if asked.is_ok()
                && let Ok(answer) = timeout(Duration::from_secs(30), answer).await
            {
                return answer.unwrap_or(Err(AbortError::Concluded));
            }
        }
        let id = run_id.to_owned();
        let row = self.db.read(move |conn| runs::row_of(conn, &id)).await?;
        match row {
            None => Err(AbortError::NotFound),
            Some(row) if row.concluded => Err(AbortError::Concluded),
            Some(_) => self.abort_without_task(run_id, by).await,
        }
    }

    /// A run whose task has given up (the disk was full, say) has no commands either.
    async fn abort_without_task(&self, run_id: &str, by: &str) -> Result<(), AbortError> {
        let (id, by) = (run_id.to_owned(), by.to_owned());
        self.db
            .write(move |tx| {
                let Some(record) = runs::by_id(tx, &id)? else { return Ok(()) };
                for body in [EventBody::RunAborting { by }, aborted()] {
                    tx.append(&record.project, event(&record, body))?;
                }
                Ok(())
            })
            .await?;
        self.turns.send_modify(|count| *count += 1);
        Ok(())
    }
}

fn aborted() -> EventBody {
    EventBody::RunConcluded { status: RunStatus::Aborted, reason: None }
}

/// An event of a run, in its place.
fn event(record: &RunRecord, body: EventBody) -> NewEvent {
    NewEvent {
        pipeline: Some(record.pipeline.clone()),
        stage: Some(record.stage.clone()),
        run: Some(record.id.clone()),
        body,
    }
}
