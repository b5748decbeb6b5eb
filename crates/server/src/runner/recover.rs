//! Runs that an earlier server left: what was at work there is started again, failed or given to
//! people, as the project file has it. What had finished is never executed again.

use std::{sync::Arc, time::Duration};

use slipway_engine::{
    event::{EventBody, NodeError, NodePointer, Outcome, RunStatus},
    fold::{NodeState, NodeStatus, RunState},
    plan::{Plan, Shape},
    values::Scope,
};

use super::{Inner, drive, leaf};
use crate::{
    db::{DbError, builds, now, runs, runs::RunRecord},
    project::Interrupted,
};

/// Starts the tasks of all runs that have not concluded.
pub async fn take_up(inner: &Arc<Inner>) -> Result<(), DbError> {
    inner.db.write(|tx| builds::abandon(tx)).await?;
    let unfinished = inner
        .db
        .read(|conn| {
            let unfinished = runs::unfinished(conn)?;
            unfinished
                .into_iter()
                .map(|run| runs::events(conn, &run.id).map(|events| (run, events)))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    for (record, events) in unfinished {
        drive::spawn(inner, &record, events);
    }
    Ok(())
}

/// What becomes of a node that was at work.
pub enum Interruption {
    /// It is started again after a pause; the event says so, unless the log says it already.
    Again {
        body: Option<EventBody>,
        pause: Duration,
    },
    End(EventBody),
}

/// Every leaf that was at work, or waited for another attempt, when the server stopped.
pub async fn interrupted(
    inner: &Inner,
    record: &RunRecord,
    plan: &Plan,
    state: &RunState,
    scope: &Scope,
) -> Result<Vec<(NodePointer, Interruption)>, DbError> {
    let mut found = Vec::new();
    for node in plan.nodes().iter().filter(|node| node.shape == Shape::Leaf) {
        let Some(known) = state.nodes.get(&node.pointer).filter(|known| known.status.active())
        else {
            continue;
        };
        let interruption = if state.status == RunStatus::Aborting {
            let pointer = node.pointer.clone();
            let (outcome, error) = (Outcome::Aborted, None);
            Interruption::End(EventBody::NodeFinished { node: pointer, outcome, error, data: None })
        } else if known.status == NodeStatus::Retrying {
            let left = known.next_at.unwrap_or_default().saturating_sub(now());
            let pause = Duration::from_millis(left.max(0).unsigned_abs());
            Interruption::Again { body: None, pause }
        } else {
            let prepared = leaf::prepare(inner, record, node, scope).await?;
            // What can't even be prepared any more fails with the reason when it is started.
            let policy = prepared.map_or(Interrupted::Again, |prepared| prepared.on_interrupted);
            by_policy(policy, &node.pointer, known)
        };
        found.push((node.pointer.clone(), interruption));
    }
    Ok(found)
}

fn by_policy(policy: Interrupted, pointer: &str, known: &NodeState) -> Interruption {
    let node = pointer.to_owned();
    let message = match policy {
        Interrupted::Again => {
            "The server stopped while this was running; it is started again, as the project file \
             allows."
        }
        Interrupted::Fail => {
            "The server stopped while this was running, and the project file says that it must \
             not be started again by itself."
        }
        Interrupted::Ask => {
            "The server stopped while this was running, and how far it came is not known. See in \
             its output and where it acts what it did, then start a new run."
        }
    };
    let error = NodeError { code: 503, message: message.to_owned() };
    if policy != Interrupted::Again {
        let outcome = Outcome::Failure;
        let body = EventBody::NodeFinished { node, outcome, error: Some(error), data: None };
        return Interruption::End(body);
    }
    let body = EventBody::NodeRetrying {
        node,
        attempt: known.attempt,
        // The interrupted attempt was not the command's fault.
        max_attempts: known.max_attempts.max(known.attempt + 1),
        next_at: now(),
        error,
    };
    Interruption::Again { body: Some(body), pause: Duration::ZERO }
}
