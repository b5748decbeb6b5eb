//! The events of one run in whatever order they come: twice, late, in pieces.

use super::RunState;
use crate::event::{Event, EventBody};

/// A run's state, and the events that it is the sum of. However they came, the state is the one
/// that their order by `seq` gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// By `seq`, each once. Output is not kept: it says nothing but how far it has grown.
    events: Vec<Event>,
    state: RunState,
}

impl History {
    /// What the events so far say.
    #[must_use]
    pub const fn state(&self) -> &RunState {
        &self.state
    }

    /// The events so far by `seq`, without those that only tell how output grows.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes in some events of this run. In order they cost one step each; when at least one is
    /// late, everything is folded again, once.
    pub fn take(&mut self, events: impl IntoIterator<Item = Event>) {
        let mut late = false;
        for event in events {
            let known = self.events.binary_search_by_key(&event.seq, |known| known.seq).is_ok();
            if known && !late {
                continue;
            }
            match &event.body {
                EventBody::NodeOutput { .. } => self.state.apply(&event),
                EventBody::Unknown => self.state.updated_at = self.state.updated_at.max(event.at),
                _ if late || self.newest().is_some_and(|newest| event.seq <= newest) => {
                    late = true;
                    self.events.push(event);
                }
                _ => {
                    self.state.apply(&event);
                    self.events.push(event);
                }
            }
        }
        if late {
            self.fold_again();
        }
    }

    fn newest(&self) -> Option<u64> {
        self.events.last().map(|event| event.seq)
    }

    fn fold_again(&mut self) {
        // Stable: of two events with one number the one that came first counts.
        self.events.sort_by_key(|event| event.seq);
        self.events.dedup_by_key(|event| event.seq);
        let before = std::mem::replace(&mut self.state, RunState::of(&self.events));
        self.state.updated_at = self.state.updated_at.max(before.updated_at);
        for (pointer, node) in before.nodes {
            if node.output_bytes > 0 {
                self.state.note_output(&pointer, node.output_bytes);
            }
        }
    }
}
