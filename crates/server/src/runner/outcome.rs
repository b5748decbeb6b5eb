//! What follows when a node's request is accepted, its work ends, or its next attempt is due.

use std::time::Duration;

use serde_json::Value;
use slipway_engine::{
    event::{EventBody, Millis, NodePointer, Outcome, RunStatus},
    fold::NodeStatus,
    retry::Policy,
};
use tokio::time::sleep;

use super::{
    Note,
    drive::{Aside, Drive, Halt},
    leaf::Prepared,
};
use crate::{
    db::now,
    drivers::{Done, Failed, process::Signal},
};

impl Drive {
    /// A node that nobody waits for has succeeded once its request is accepted.
    pub(super) async fn accepted(&mut self, node: NodePointer, data: Value) -> Result<(), Halt> {
        let waits = self.at_work.get(&node).is_none_or(|prepared| prepared.waits);
        let body = if waits {
            EventBody::NodeProgress { node, data }
        } else {
            let outcome = Outcome::Success;
            EventBody::NodeFinished { node, outcome, error: None, data: Some(data) }
        };
        self.append(vec![body], Aside::default()).await
    }

    pub(super) async fn ended(
        &mut self,
        node: NodePointer,
        result: Result<Box<Done>, Failed>,
    ) -> Result<(), Halt> {
        let prepared = self.at_work.remove(&node);
        if self.state.status_of(&node).ended() {
            return self.ended_unawaited(&node, result).await;
        }
        let failed = match result {
            Ok(done) => {
                let Done { data, backup } = *done;
                let (outcome, data) = (Outcome::Success, Some(data));
                let body = EventBody::NodeFinished { node, outcome, error: None, data };
                return self.append(vec![body], Aside { backup }).await;
            }
            Err(failed) => failed,
        };
        if failed.stopped {
            if *self.signal.borrow() == Signal::Shutdown {
                return Err(Halt::Shutdown);
            }
            let outcome = Outcome::Aborted;
            let body = EventBody::NodeFinished { node, outcome, error: None, data: None };
            return self.append(vec![body], Aside::default()).await;
        }
        if let Some(prepared) = prepared
            && let Some(next_at) = self.next_attempt(&node, &failed, &prepared)
        {
            return self.retry(node, &failed, prepared, next_at).await;
        }
        let body = EventBody::NodeFinished {
            node,
            outcome: Outcome::Failure,
            error: Some(failed.error()),
            data: None,
        };
        self.append(vec![body], Aside::default()).await
    }

    /// The end of an action that the flow did not wait for.
    pub(super) async fn ended_unawaited(
        &mut self,
        node: &str,
        result: Result<Box<Done>, Failed>,
    ) -> Result<(), Halt> {
        match result {
            Ok(done) => self.append(Vec::new(), Aside { backup: done.backup }).await,
            Err(failed) => {
                let (run, why) = (&self.record.id, &failed.message);
                tracing::warn!(run, node, why, "an action that nobody waited for failed");
                Ok(())
            }
        }
    }

    /// When the node is tried again, if it is.
    fn next_attempt(&self, node: &str, failed: &Failed, prepared: &Prepared) -> Option<Millis> {
        if self.state.status != RunStatus::Running {
            return None;
        }
        let delay = Millis::try_from(prepared.backoff.as_millis()).unwrap_or(Millis::MAX);
        let policy = Policy { max_attempts: prepared.attempts, delay };
        policy.next_attempt(self.attempt(node), now(), &failed.error())
    }

    /// The node's attempt, from 1.
    fn attempt(&self, node: &str) -> u32 {
        self.state.nodes.get(node).map_or(1, |known| known.attempt)
    }

    async fn retry(
        &mut self,
        node: NodePointer,
        failed: &Failed,
        prepared: Prepared,
        next_at: Millis,
    ) -> Result<(), Halt> {
        let attempt = self.attempt(&node);
        let body = EventBody::NodeRetrying {
            node: node.clone(),
            attempt,
            max_attempts: prepared.attempts,
            next_at,
            error: failed.error(),
        };
        self.append(vec![body], Aside::default()).await?;
        self.at_work.insert(node.clone(), prepared.clone());
        self.wake_later(node, prepared.backoff);
        Ok(())
    }

    pub(super) fn wake_later(&self, node: NodePointer, pause: Duration) {
        let notes = self.notes.clone();
        tokio::spawn(async move {
            sleep(pause).await;
            // A task that is over needs no waking.
            let _ = notes.send(Note::Again { node });
        });
    }

    pub(super) async fn again(&mut self, node: NodePointer) -> Result<(), Halt> {
        let known = self.state.nodes.get(&node);
        let Some(attempt) = known
            .filter(|known| known.status == NodeStatus::Retrying)
            .map(|known| known.attempt + 1)
        else {
            return Ok(());
        };
        self.at_work.remove(&node);
        let scope = self.scope();
        let (prepared, bodies) = self.prepare(&node, attempt, &scope).await?;
        self.append(bodies, Aside::default()).await?;
        if let Some(prepared) = prepared {
            self.begin(node, attempt, prepared);
        }
        Ok(())
    }
}
