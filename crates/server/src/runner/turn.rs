//! Who runs now: the flow's concurrency policy.

use slipway_engine::event::{EventBody, RunStatus};
use slipway_flow::concurrency::{Decision, Policy, decide};

use super::event;
use crate::db::{DbError, NewEvent, Tx, runs, runs::RunRecord};

/// A document's `options.concurrencyPolicy`, or a sentence about what it isn't.
pub fn policy_of(document: &serde_json::Value) -> Result<Policy, String> {
    let word = document.pointer("/options/concurrencyPolicy");
    Policy::of_word(word.map(|word| word.as_str().unwrap_or_default()))
}

/// What became of a request.
pub enum Admission {
    /// The run is in the log; these are to be aborted for it.
    Admitted(Vec<String>),
    Forbidden,
}

/// Adds a run to the log, as its policy has it.
pub fn admit(tx: &mut Tx<'_>, record: &RunRecord, policy: Policy) -> Result<Admission, DbError> {
    let unfinished = runs::active(tx, &record.project, &record.pipeline, &record.stage)?;
    let queued = unfinished.iter().filter(|(_, status)| *status == RunStatus::Queued).count();
    let decision = decide(policy, unfinished.len() - queued, queued);
    if decision == Decision::Refuse {
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
    if decision.waits() {
        tx.append(&record.project, event(record, EventBody::RunQueued))?;
    }
    match decision {
        Decision::TakePlace => skip_queued(tx, record, &unfinished)?,
        Decision::Replace => {
            return Ok(Admission::Admitted(unfinished.into_iter().map(|(id, _)| id).collect()));
        }
        Decision::Start | Decision::Wait | Decision::Refuse => {}
    }
    Ok(Admission::Admitted(Vec::new()))
}

/// Ends the stage's queued runs for the newest one.
fn skip_queued(
    tx: &mut Tx<'_>,
    newest: &RunRecord,
    unfinished: &[(String, RunStatus)],
) -> Result<(), DbError> {
    for (id, _) in unfinished.iter().filter(|(_, status)| *status == RunStatus::Queued) {
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
