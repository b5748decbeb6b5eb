//! One node at work: what it is given, and the task that does it.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use slipway_engine::{
    event::NodePointer,
    plan::PlanNode,
    values::{Scope, resolve},
};
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

use super::{
    Inner, Note,
    check::{self, seconds},
    request::surroundings,
};
use crate::{
    db::{DbError, runs::RunRecord},
    drivers::{
        self, Done, Failed, Work,
        process::{Log, Signal, Stop},
    },
    project::{Command, Interrupted, Project, ServiceKind},
};

/// The most that is told of a growing output: four times a second.
const OUTPUT_PAUSE: Duration = Duration::from_millis(250);
/// Output that is kept of what runs before the node's own command.
const OUTPUT_LIMIT: u64 = 4 << 20;

/// A node whose turn has come, with everything resolved.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub project: Arc<Project>,
    pub kind: String,
    pub spec: Value,
    pub waits: bool,
    pub timeout: Option<Duration>,
    /// What the project file says about the node's command.
    pub attempts: u32,
    pub backoff: Duration,
    pub on_interrupted: Interrupted,
}

/// Resolves a node and holds it against what may run here. The inner error is a sentence.
pub async fn prepare(
    inner: &Inner,
    record: &RunRecord,
    node: &PlanNode,
    scope: &Scope,
) -> Result<Result<Prepared, String>, DbError> {
    let Some((project, stage, resources)) = surroundings(inner, record).await? else {
        let id = &record.project;
        return Ok(Err(format!("The server has no project file for \"{id}\" any more.")));
    };
    let stage = check::Stage { project: &project, stage, resources: &resources };
    let resolved = resolve(&node.spec, scope).and_then(|spec| {
        let timeout = node.timeout.as_ref().map(|timeout| resolve(timeout, scope)).transpose()?;
        Ok((spec, timeout))
    });
    let (spec, timeout) = match resolved {
        Ok(resolved) => resolved,
        Err(error) => return Ok(Err(error.message)),
    };
    let problems = check::node(&stage, &node.kind, &spec, timeout.as_ref());
    if !problems.is_empty() {
        let sentences: Vec<String> =
            problems.into_iter().map(|(field, said)| format!("{field}: {said}")).collect();
        return Ok(Err(sentences.join(" ")));
    }
    let command = command_of(&project, &node.kind, &spec);
    Ok(Ok(Prepared {
        attempts: command.map_or(1, |command| command.attempts),
        backoff: command.map_or(Duration::ZERO, |command| command.backoff),
        on_interrupted: command.map_or(Interrupted::Again, |command| command.on_interrupted),
        kind: node.kind.clone(),
        spec,
        waits: node.waits,
        timeout: timeout.as_ref().and_then(seconds).map(Duration::from_secs),
        project,
    }))
}

/// The command that a node is about.
fn command_of<'a>(project: &'a Project, kind: &str, spec: &Value) -> Option<&'a Command> {
    let id = |field: &str| {
        let text = spec.pointer(field).and_then(Value::as_str)?;
        Some(text.rsplit('/').next().unwrap_or(text))
    };
    match kind {
        "Build" => match &project.service(id("/id")?)?.kind {
            ServiceKind::Build(service) => Some(&service.command),
            ServiceKind::Deployment(_) => None,
        },
        "Release" => {
            let target = id("/target/id")?;
            if spec.pointer("/target/type").and_then(Value::as_str) == Some("job") {
                return project.job(target)?.deploy.as_ref();
            }
            match &project.service(target)?.kind {
                ServiceKind::Deployment(service) => Some(&service.deploy),
                ServiceKind::Build(_) => None,
            }
        }
        "JobRun" => Some(&project.job(id("/jobId")?)?.run),
        "AddonBackup" => project.addon(id("/addonId")?)?.backup.as_ref(),
        _ => None,
    }
}

/// One attempt of a node.
pub struct Attempt {
    pub node: NodePointer,
    pub attempt: u32,
    pub prepared: Prepared,
}

/// Starts the work of a node. The last note that the task sends is `Ended`, whatever happens.
pub fn spawn(
    inner: &Arc<Inner>,
    record: &Arc<RunRecord>,
    attempt: Attempt,
    signal: watch::Receiver<Signal>,
    notes: mpsc::UnboundedSender<Note>,
) {
    let key = (record.id.clone(), attempt.node.clone());
    inner.working().insert(key.clone());
    let work = tokio::spawn({
        let (inner, record, notes) = (Arc::clone(inner), Arc::clone(record), notes.clone());
        async move { work(&inner, &record, attempt, signal, notes).await }
    });
    let inner = Arc::clone(inner);
    tokio::spawn(async move {
        let result = work.await.unwrap_or_else(|panic| {
            tracing::error!(%panic, "the work of a node ended in a panic");
            let sentence = "A bug in the server ended this node's work: see the server's log.";
            Err(Failed::unusable(sentence.to_owned()))
        });
        let node = key.1.clone();
        let sent = notes.send(Note::Ended { node, result: result.map(Box::new) });
        // Whoever takes the note out of the inbox notes that the work is over. A run's task that
        // is gone does neither.
        if sent.is_err() {
            inner.working().remove(&key);
        }
    });
}

async fn work(
    inner: &Inner,
    record: &RunRecord,
    Attempt { node, attempt, prepared }: Attempt,
    signal: watch::Receiver<Signal>,
    notes: mpsc::UnboundedSender<Note>,
) -> Result<Done, Failed> {
    let (grown, mut growth) = watch::channel(0);
    let path = inner.world.log_path(&record.id, &node);
    let mut log = Log::open(&path, OUTPUT_LIMIT, grown).await?;
    if attempt > 1 {
        log.note(&format!("Attempt {attempt}.")).await?;
    }
    let accepted = {
        let (notes, node) = (notes.clone(), node.clone());
        Box::new(move |data| {
            let _ = notes.send(Note::Accepted { node: node.clone(), data });
        })
    };
    let mut work = Work {
        world: &inner.world,
        project: &prepared.project,
        run: record,
        node: &node,
        node_kind: &prepared.kind,
        spec: prepared.spec.clone(),
        waits: prepared.waits,
        timeout: prepared.timeout,
        attempt,
        log,
        stop: Stop::new(signal),
        accepted,
    };
    let told = tell_growth(&mut growth, &node, &notes);
    let result = tokio::select! {
        result = drivers::execute(&mut work) => result,
        () = told => Err(Failed::stopped()),
    };
    if let Err(failed) = &result {
        let sentence = if failed.stopped { "Stopped." } else { &failed.message };
        // The sentence is in the log of events, too.
        let _ = work.log.note(sentence).await;
    }
    drop(work);
    let bytes = *growth.borrow();
    if bytes > 0 {
        let _ = notes.send(Note::Output { node, bytes });
    }
    result
}

/// Tells the run's task that there is more output, at most a few times a second. Never ends while
/// the log is open.
async fn tell_growth(
    growth: &mut watch::Receiver<u64>,
    node: &str,
    notes: &mpsc::UnboundedSender<Note>,
) {
    while growth.changed().await.is_ok() {
        let bytes = *growth.borrow_and_update();
        let _ = notes.send(Note::Output { node: node.to_owned(), bytes });
        sleep(OUTPUT_PAUSE).await;
    }
}
