//! Who is told when something was appended.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use slipway_api::Event;
use tokio::sync::broadcast;

/// Events that a slow receiver may be behind before it is told to read the log instead.
const BACKLOG: usize = 4096;

/// An event as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Frame {
    pub seq: u64,
    pub run: Option<Arc<str>>,
    /// The event as JSON.
    pub json: Bytes,
}

#[derive(Default)]
pub(super) struct Hub {
    projects: Mutex<HashMap<String, Channels>>,
}

struct Channels {
    events: broadcast::Sender<Arc<Event>>,
    frames: broadcast::Sender<Frame>,
}

impl Default for Channels {
    fn default() -> Self {
        Self { events: broadcast::Sender::new(BACKLOG), frames: broadcast::Sender::new(BACKLOG) }
    }
}

impl Hub {
    pub(super) fn events(&self, project: &str) -> broadcast::Receiver<Arc<Event>> {
        self.with(project, |channels| channels.events.subscribe())
    }

    pub(super) fn frames(&self, project: &str) -> broadcast::Receiver<Frame> {
        self.with(project, |channels| channels.frames.subscribe())
    }

    /// Called by the writer, after the commit, in the order of the log.
    pub(super) fn publish(&self, project: &str, event: Arc<Event>) {
        let projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(channels) = projects.get(project) else { return };
        if channels.frames.receiver_count() > 0 {
            // Events come from values that were JSON a moment ago; should one not be writable,
            // receivers see a gap in the numbers and read the log.
            if let Ok(json) = serde_json::to_vec(&*event) {
                let run = event.run.as_deref().map(Arc::from);
                let _ = channels.frames.send(Frame { seq: event.seq, run, json: json.into() });
            }
        }
        // Without receivers there is nobody to tell.
        let _ = channels.events.send(event);
    }

    fn with<T>(&self, project: &str, f: impl FnOnce(&Channels) -> T) -> T {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        f(projects.entry(project.to_owned()).or_default())
    }
}
