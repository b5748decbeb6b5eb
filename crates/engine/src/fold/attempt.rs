//! What a node has tried, and how each try went.

use serde::{Deserialize, Serialize};

use crate::event::{Millis, NodeError, Outcome};

/// One try of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Counts from 1.
    pub number: u32,
    pub started_at: Millis,
    /// When the action was accepted; from then on the node waits for it to succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Millis>,
    /// How it ended; none while it goes on. A try that another one follows has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<NodeError>,
    /// When the next try begins, where this one failed and there is a next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Millis>,
}

impl Attempt {
    pub(super) fn end(&mut self, at: Millis, outcome: Outcome, error: Option<&NodeError>) {
        self.ended_at = Some(at);
        self.outcome = Some(outcome);
        self.error = error.cloned();
    }
}

/// A try begins. A server that was started again may announce the one that it goes on with.
pub(super) fn begin(attempts: &mut Vec<Attempt>, number: u32, at: Millis) {
    if attempts.last().is_none_or(|last| last.number < number) {
        attempts.push(Attempt {
            number,
            started_at: at,
            accepted_at: None,
            ended_at: None,
            outcome: None,
            error: None,
            next_at: None,
        });
    }
}

/// The try that still goes on.
pub(super) fn open(attempts: &mut [Attempt]) -> Option<&mut Attempt> {
    attempts.last_mut().filter(|last| last.outcome.is_none())
}
