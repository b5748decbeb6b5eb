//! The events of one run in whatever order they come: twice, late, in pieces.

use std::collections::BTreeMap;

use super::RunState;
use crate::event::{Event, EventBody, Millis, NodePointer};

/// A run's state, and the events that it is the sum of. However they came, the state is the one
/// that their order by `seq` gives.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// By `seq`, each once: the first that came with that number.
    events: BTreeMap<u64, Event>,
    /// How far each node's output has grown. Those events say nothing else and aren't kept.
    output: BTreeMap<NodePointer, u64>,
    /// When the newest event happened, whether it is kept or not.
    updated_at: Millis,
    state: RunState,
    /// Whether something came late, so that `state` is to be folded again.
    stale: bool,
}

impl History {
    /// What the events so far say. After something came late, everything is folded again: once,
    /// however much that was.
    pub fn state(&mut self) -> &RunState {
        if std::mem::take(&mut self.stale) {
            self.state = RunState::of(self.events.values());
            for (node, bytes) in &self.output {
                self.state.note_output(node, *bytes);
            }
            self.state.updated_at = self.state.updated_at.max(self.updated_at);
        }
        &self.state
    }

    /// The events so far by `seq`, without those that only tell how output grows and those of a
    /// type that is not known.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values()
    }

    /// Takes in some events of this run, each at the cost of finding its place.
    pub fn take(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            self.take_one(event);
        }
    }

    fn take_one(&mut self, event: Event) {
        self.updated_at = self.updated_at.max(event.at);
        let newest = self.events.last_key_value().map(|(seq, _)| *seq);
        // Output is the same whenever it is heard, and what is not known changes nothing.
        let anytime = match &event.body {
            EventBody::NodeOutput { node, bytes } => {
                let known = self.output.entry(node.clone()).or_default();
                *known = (*known).max(*bytes);
                true
            }
            EventBody::Unknown => true,
            _ => false,
        };
        if anytime || newest.is_none_or(|newest| event.seq > newest) {
            self.state.apply(&event);
        } else if !self.events.contains_key(&event.seq) {
            self.stale = true;
        }
        if !anytime {
            self.events.entry(event.seq).or_insert(event);
        }
    }
}
