//! The one thread that writes, and how jobs share a commit.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use rusqlite::Connection;
use slipway_api::Event;
use tokio::sync::{mpsc, oneshot};

use super::{DbError, Tx, hub::Hub};

/// Jobs that may wait before callers wait with them.
const QUEUE: usize = 1024;
/// Jobs in one commit at most, so that nobody waits long for others' work.
const GROUP: usize = 256;

/// Tells the caller how it ended, once the commit's fate is known.
type Answer = Box<dyn FnOnce(Result<(), DbError>) + Send>;
/// Is given its part of the transaction, or why there is none.
type Job = Box<dyn FnOnce(Result<&mut Tx<'_>, DbError>) -> (Result<(), DbError>, Answer) + Send>;

pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(conn: Connection, hub: Arc<Hub>) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("slipway-db".into())
            .spawn(move || serve(&conn, &hub, receiver))?;
        Ok(Self { jobs: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            let result = tx.and_then(|tx| {
                catch_unwind(AssertUnwindSafe(|| f(tx))).unwrap_or(Err(DbError::Panicked))
            });
            let kept = result.as_ref().map(|_| ()).map_err(Clone::clone);
            let answer: Answer = Box::new(move |committed| {
                // The job's own error says more than the transaction's. A caller that no longer
                // waits needs no answer.
                let _ = sender.send(result.and_then(|value| committed.map(|()| value)));
            });
            (kept, answer)
        });
        jobs.ok_or(DbError::Closed)?.send(job).await.map_err(|_| DbError::Closed)?;
        receiver.await.unwrap_or(Err(DbError::Closed))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) =
            thread.filter(|thread| thread.thread().id() != std::thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

/// Takes jobs until every sender is gone.
fn serve(conn: &Connection, hub: &Hub, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(job) = jobs.try_recv() else { break };
            group.push(job);
        }
        commit(conn, hub, group);
    }
}

/// Runs a group of jobs in one transaction, then tells subscribers, then the callers.
fn commit(conn: &Connection, hub: &Hub, group: Vec<Job>) {
    let begun = conn.execute_batch("BEGIN IMMEDIATE").map_err(Arc::new);
    let mut answers = Vec::with_capacity(group.len());
    let mut appended = Vec::new();
    for job in group {
        let (answer, events) = match &begun {
            // A full disk or a failed read makes SQLite end the whole transaction by itself.
            Ok(()) if conn.is_autocommit() => refuse(job, DbError::Lost),
            Ok(()) => in_savepoint(conn, job),
            Err(error) => refuse(job, DbError::Commit(Arc::clone(error))),
        };
        answers.push(answer);
        appended.extend(events);
    }
    let committed = begun.and_then(|()| conn.execute_batch("COMMIT").map_err(Arc::new));
    match &committed {
        Ok(()) => {
            for (project, event) in appended {
                hub.publish(&project, event);
            }
        }
        Err(error) => {
            tracing::error!(%error, "a group of changes couldn't be committed");
            if !conn.is_autocommit() {
                let _ = conn.execute_batch("ROLLBACK");
            }
        }
    }
    let committed = committed.map_err(DbError::Commit);
    for answer in answers {
        answer(committed.clone());
    }
}

/// What a job leaves behind: whom to tell, and what it appended.
type Left = (Answer, Vec<(String, Arc<Event>)>);

fn refuse(job: Job, why: DbError) -> Left {
    (job(Err(why)).1, Vec::new())
}

/// Runs one job so that its failure undoes its own changes and nothing else.
fn in_savepoint(conn: &Connection, job: Job) -> Left {
    if let Err(error) = conn.execute_batch("SAVEPOINT job") {
        return refuse(job, error.into());
    }
    let mut tx = Tx::new(conn);
    let (result, answer) = job(Ok(&mut tx));
    let end = if result.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    let ended = conn.execute_batch(end).map_err(DbError::from);
    let kept = result.is_ok() && ended.is_ok();
    let events = if kept { tx.into_appended() } else { Vec::new() };
    let answer: Answer = Box::new(move |committed| answer(ended.and(committed)));
    (answer, events)
}
