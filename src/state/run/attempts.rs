//! What each node of a run has tried, and how it went: the fold keeps only the last attempt.

use std::collections::HashMap;

use slipway_engine::event::{Event, EventBody, Millis, NodeError, Outcome};

/// One try of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Counts from 1.
    pub number: u32,
    pub started_at: Millis,
    pub ended_at: Option<Millis>,
    /// How it ended; none while it goes on. A try that another one follows has failed.
    pub outcome: Option<Outcome>,
    pub error: Option<NodeError>,
    /// When the next try begins, where this one failed and there is a next one.
    pub next_at: Option<Millis>,
}

/// The attempts of all nodes of a run.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    nodes: HashMap<String, Vec<Attempt>>,
}

impl Attempts {
    /// What a node has tried so far, oldest first.
    pub(super) fn of(&self, pointer: &str) -> &[Attempt] {
        self.nodes.get(pointer).map_or(&[], Vec::as_slice)
    }

    /// Takes in one event of the run.
    pub(super) fn apply(&mut self, event: &Event) {
        match &event.body {
            EventBody::NodeStarted { node, attempt, .. } => {
                let tries = self.nodes.entry(node.clone()).or_default();
                // A server that was started again announces the attempt that it goes on with.
                if tries.last().is_none_or(|last| last.number < *attempt) {
                    tries.push(Attempt {
                        number: *attempt,
                        started_at: event.at,
                        ended_at: None,
                        outcome: None,
                        error: None,
                        next_at: None,
                    });
                }
            }
            EventBody::NodeRetrying { node, attempt, next_at, error, .. } => {
                if let Some(last) = self.open(node)
                    && last.number == *attempt
                {
                    last.ended_at = Some(event.at);
                    last.outcome = Some(Outcome::Failure);
                    last.error = Some(error.clone());
                    last.next_at = Some(*next_at);
                }
            }
            EventBody::NodeFinished { node, outcome, error, .. } => {
                if let Some(last) = self.open(node) {
                    last.ended_at = Some(event.at);
                    last.outcome = Some(*outcome);
                    last.error.clone_from(error);
                }
            }
            _ => {}
        }
    }

    /// The node's try that still goes on.
    fn open(&mut self, node: &str) -> Option<&mut Attempt> {
        self.nodes.get_mut(node)?.last_mut().filter(|last| last.outcome.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(attempts: &mut Attempts, at: Millis, body: EventBody) {
        attempts.apply(&Event { seq: 1, at, pipeline: None, stage: None, run: None, body });
    }

    fn started(attempt: u32) -> EventBody {
        EventBody::NodeStarted { node: "/spec".into(), attempt, max_attempts: 3 }
    }

    #[test]
    fn a_retry_ends_one_attempt_and_the_next_start_begins_another() {
        let mut all = Attempts::default();
        let error = NodeError { code: 500, message: "Exit status 1.".into() };
        apply(&mut all, 10, started(1));
        apply(
            &mut all,
            20,
            EventBody::NodeRetrying {
                node: "/spec".into(),
                attempt: 1,
                max_attempts: 3,
                next_at: 50,
                error: error.clone(),
            },
        );
        apply(&mut all, 50, started(2));
        apply(&mut all, 50, started(2));
        apply(
            &mut all,
            70,
            EventBody::NodeFinished {
                node: "/spec".into(),
                outcome: Outcome::Success,
                error: None,
                data: None,
            },
        );
        let tries = all.of("/spec");
        assert_eq!(tries.len(), 2);
        assert_eq!((tries[0].ended_at, tries[0].next_at), (Some(20), Some(50)));
        assert_eq!(tries[0].error.as_ref(), Some(&error));
        assert_eq!((tries[1].number, tries[1].outcome), (2, Some(Outcome::Success)));
    }

    #[test]
    fn a_node_that_is_skipped_has_tried_nothing() {
        let mut all = Attempts::default();
        let skipped = EventBody::NodeFinished {
            node: "/spec".into(),
            outcome: Outcome::Skipped,
            error: None,
            data: None,
        };
        apply(&mut all, 5, skipped);
        assert!(all.of("/spec").is_empty());
    }
}
