//! Who runs now: the flow's concurrency policy.

use slipway_engine::event::{EventBody, RunStatus};

use super::event;
use crate::db::{DbError, NewEvent, Tx, runs, runs::RunRecord};

/// `options.concurrencyPolicy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Side by side.
    Allow,
    /// One after another, in the order of the requests.
    Queue,
    /// Not while another one is going on.
    Forbid,
    /// One goes on and one waits at most: the newest.
    Latest,
    /// The new one ends the others.
    Replace,
}

impl Policy {
    pub fn of(document: &serde_json::Value) -> Result<Self, String> {
        let word = document.pointer("/options/concurrencyPolicy");
        match word.map(|word| word.as_str().unwrap_or_default()) {
            None | Some("allow") => Ok(Self::Allow),
            Some("queue") => Ok(Self::Queue),
            Some("forbid") => Ok(Self::Forbid),
            Some("latest") => Ok(Self::Latest),
            Some("replace") => Ok(Self::Replace),
            Some(other) => Err(format!(
                "The concurrency policy \"{other}\" is unknown: it can be allow, queue, forbid, \
                 latest or replace."
            )),
        }
    }

    /// Whether a run waits until all earlier ones of its stage are over.
    const fn takes_turns(self) -> bool {
        matches!(self, Self::Queue | Self::Latest | Self::Replace)
    }
}

/// What became of a request.
pub enum Admission {
    /// The run is in the log; these are to be aborted for it.
    Admitted(Vec<String>),
    Forbidden,
}

/// Adds a run to the log, as its policy has it.
pub fn admit(tx: &mut Tx<'_>, record: &RunRecord, policy: Policy) -> Result<Admission, DbError> {
    let active = runs::active(tx, &record.project, &record.pipeline, &record.stage)?;
    if policy == Policy::Forbid && !active.is_empty() {
        return Ok(Admission::Forbidden);
    }
    runs::insert(tx, record)?;
    let created = EventBody::RunCreated {
        name: record.request.name.clone(),
        description: record.request.description.clone(),
        origin: record.origin.clone(),
        by: record.by.clone(),
    };
    tx.append(&record.project, event(record, created))?;
    if policy.takes_turns() && !active.is_empty() {
        tx.append(&record.project, event(record, EventBody::RunQueued))?;
    }
    if policy == Policy::Latest {
        skip_queued(tx, record, &active)?;
    }
    let replaced = if policy == Policy::Replace { active } else { Vec::new() };
    Ok(Admission::Admitted(replaced.into_iter().map(|(id, _)| id).collect()))
}

/// Ends the stage's queued runs for the newest one.
fn skip_queued(
    tx: &mut Tx<'_>,
    newest: &RunRecord,
    active: &[(String, RunStatus)],
) -> Result<(), DbError> {
    for (id, _) in active.iter().filter(|(_, status)| *status == RunStatus::Queued) {
        let body = EventBody::RunConcluded {
            status: RunStatus::Skipped,
            reason: Some("A newer run took its place in the queue.".to_owned()),
        };
        tx.append(&newest.project, NewEvent { run: Some(id.clone()), ..event(newest, body) })?;
    }
    Ok(())
}

/// What came of asking for the turn.
pub enum Turn {
    /// The run has begun: these are the new events.
    Mine(Box<slipway_engine::event::Event>),
    NotYet,
    /// The run was ended while it waited.
    Gone,
}

/// Begins the run, if it is its turn.
pub fn claim(tx: &mut Tx<'_>, record: &RunRecord, policy: Policy) -> Result<Turn, DbError> {
    match runs::waits_for_another(tx, &record.id)? {
        None => Ok(Turn::Gone),
        Some(true) if policy.takes_turns() => Ok(Turn::NotYet),
        Some(_) => {
            let started = tx.append(&record.project, event(record, EventBody::RunStarted))?;
            Ok(Turn::Mine(Box::new(started)))
        }
    }
}
