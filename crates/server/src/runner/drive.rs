//! One run's task: asks the engine what is next, writes that down, and only then does it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use serde_json::{Map, Value};
use slipway_api::Event;
use slipway_engine::{
    event::{EventBody, NodeError, NodePointer, Outcome, RunStatus},
    fold::RunState,
    plan::{Plan, Shape},
    schedule::{self, Effect},
    values::Scope,
};
use slipway_flow::concurrency::Policy;
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

use super::{
    AbortError, Handle, Inner, Note, event, leaf,
    leaf::Prepared,
    overrides,
    recover::{self, Interruption},
    turn::{self, Turn},
};
use crate::{
    db::{DbError, backups, backups::Backup, runs::RunRecord},
    drivers::process::Signal,
};

/// How often a refused write is tried again before the task gives up, and the pause between.
const WRITES: u32 = 5;
const WRITE_PAUSE: Duration = Duration::from_millis(300);

/// Starts the task of a run. `events` is its log so far, for a run of an earlier server.
pub fn spawn(inner: &Arc<Inner>, record: &RunRecord, events: Vec<Event>) {
    let (notes, inbox) = mpsc::unbounded_channel();
    let signal = Arc::new(watch::Sender::new(Signal::Go));
    // Held until the handle is in the map, so that the task can't take itself out before.
    let mut drives = inner.drives();
    let task = tokio::spawn({
        let (inner, record) = (Arc::clone(inner), record.clone());
        let (notes, signal) = (notes.clone(), Arc::clone(&signal));
        async move {
            let id = record.id.clone();
            match Drive::new(Arc::clone(&inner), record, &events, notes, signal) {
                Ok(drive) => drive.run(inbox).await,
                Err(sentence) => tracing::error!(run = id, "a run can't be taken up: {sentence}"),
            }
            inner.drives().remove(&id);
        }
    });
    drives.insert(record.id.clone(), Handle { notes, signal, task });
}

/// Why the task of a run ended before its run did.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    #[error("the server is stopping")]
    Shutdown,
    #[error("the run was ended while it waited")]
    Gone,
    #[error(transparent)]
    Db(#[from] DbError),
}

pub struct Drive {
    pub(super) inner: Arc<Inner>,
    pub(super) record: Arc<RunRecord>,
    plan: Plan,
    policy: Policy,
    arguments: Map<String, Value>,
    triggers: BTreeMap<String, Value>,
    pub(super) state: RunState,
    pub(super) notes: mpsc::UnboundedSender<Note>,
    pub(super) signal: Arc<watch::Sender<Signal>>,
    /// Leaves whose commands work, or that wait for another attempt.
    pub(super) at_work: HashMap<NodePointer, Prepared>,
}

/// What changes beside the log when a node ends.
#[derive(Debug, Clone, Default)]
pub struct Aside {
    pub backup: Option<Backup>,
}

impl Drive {
    fn new(
        inner: Arc<Inner>,
        record: RunRecord,
        events: &[Event],
        notes: mpsc::UnboundedSender<Note>,
        signal: Arc<watch::Sender<Signal>>,
    ) -> Result<Self, String> {
        let document: Value = serde_json::from_str(&record.document)
            .map_err(|error| format!("its document is not valid JSON: {error}"))?;
        Ok(Self {
            plan: Plan::of(&document).map_err(|error| error.message)?,
            policy: turn::policy_of(&document)?,
            arguments: overrides::arguments(&document, &record.request),
            triggers: overrides::triggers(&document, &record.request),
            state: RunState::of(events),
            inner,
            record: Arc::new(record),
            notes,
            signal,
            at_work: HashMap::new(),
        })
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Note>) {
        match self.go_on(&mut inbox).await {
            Ok(()) | Err(Halt::Gone) => {}
            Err(halt) => {
                if let Halt::Db(error) = &halt {
                    tracing::error!(%error, run = self.record.id, "a run's task gives up");
                }
                // Whatever still works is stopped: nobody could write down how it went.
                self.signal.send_replace(Signal::Shutdown);
            }
        }
        self.wait_for_commands(&mut inbox).await;
    }

    async fn go_on(&mut self, inbox: &mut mpsc::UnboundedReceiver<Note>) -> Result<(), Halt> {
        if matches!(self.state.status, RunStatus::Running | RunStatus::Aborting) {
            self.take_up().await?;
        } else {
            self.wait_for_turn(inbox).await?;
        }
        while !self.state.concluded() {
            let scope = self.scope();
            let effects = schedule::next(&self.plan, &self.state, &scope);
            if effects.is_empty() || self.is_too_early(&effects) {
                let note = self.next_note(inbox).await?;
                self.take(note).await?;
            } else {
                self.carry_out(effects, &scope).await?;
            }
        }
        self.inner.turns.send_modify(|count| *count += 1);
        Ok(())
    }

    /// An aborted run is over when all its commands are, those that nobody waits for as well.
    fn is_too_early(&self, effects: &[Effect]) -> bool {
        let concludes = matches!(effects, [Effect::Conclude { .. }]);
        concludes && self.state.status == RunStatus::Aborting && self.has_commands()
    }

    pub(super) fn scope(&self) -> Scope {
        Scope::of(&self.plan, &self.state, &self.arguments, &self.triggers)
    }

    async fn next_note(&self, inbox: &mut mpsc::UnboundedReceiver<Note>) -> Result<Note, Halt> {
        let mut signal = self.signal.subscribe();
        tokio::select! {
            // This task holds a sender itself, so there is always a next note.
            note = self.receive(inbox) => note.ok_or(Halt::Shutdown),
            _ = signal.wait_for(|signal| *signal == Signal::Shutdown) => Err(Halt::Shutdown),
        }
    }

    /// The next note. A node counts as working until the note of its end is out of the inbox, so
    /// that nobody who waits for commands leaves before it. May be cancelled without loss.
    async fn receive(&self, inbox: &mut mpsc::UnboundedReceiver<Note>) -> Option<Note> {
        let note = inbox.recv().await;
        if let Some(Note::Ended { node, .. }) = &note {
            self.inner.working().remove(&(self.record.id.clone(), node.clone()));
        }
        note
    }

    /// Waits until the policy lets the run begin.
    async fn wait_for_turn(
        &mut self,
        inbox: &mut mpsc::UnboundedReceiver<Note>,
    ) -> Result<(), Halt> {
        let mut turns = self.inner.turns.subscribe();
        loop {
            let (record, policy) = (Arc::clone(&self.record), self.policy);
            turns.mark_unchanged();
            match self.inner.db.write(move |tx| turn::claim(tx, &record, policy)).await? {
                Turn::Mine(event) => {
                    self.state.apply(&event);
                    return Ok(());
                }
                Turn::Gone => return Err(Halt::Gone),
                Turn::NotYet => {}
            }
            tokio::select! {
                _ = turns.changed() => {}
                note = self.next_note(inbox) => self.take(note?).await?,
            }
            if self.state.status == RunStatus::Aborting {
                return Ok(());
            }
        }
    }

    /// Writes all effects down in one go, then begins the leaves among them.
    async fn carry_out(&mut self, effects: Vec<Effect>, scope: &Scope) -> Result<(), Halt> {
        let mut bodies = Vec::with_capacity(effects.len());
        let mut beginning = Vec::new();
        for effect in effects {
            match effect {
                Effect::Begin { node } => {
                    bodies.push(EventBody::NodeStarted { node, attempt: 1, max_attempts: 1 });
                }
                Effect::Run { node } => {
                    let (prepared, events) = self.prepare(&node, 1, scope).await?;
                    bodies.extend(events);
                    beginning.extend(prepared.map(|prepared| (node, prepared)));
                }
                Effect::Finish { node, outcome, error } => {
                    bodies.push(EventBody::NodeFinished { node, outcome, error, data: None });
                }
                Effect::Conclude { status, reason } => {
                    bodies.push(EventBody::RunConcluded { status, reason });
                }
            }
        }
        self.append(bodies, Aside::default()).await?;
        for (node, prepared) in beginning {
            self.begin(node, 1, prepared);
        }
        Ok(())
    }

    /// What a leaf needs to begin its attempt, and the events that say that it does. A leaf that
    /// can't begin fails at once.
    pub(super) async fn prepare(
        &self,
        node: &str,
        attempt: u32,
        scope: &Scope,
    ) -> Result<(Option<Prepared>, Vec<EventBody>), Halt> {
        let Some(planned) = self.plan.node(node) else { return Ok((None, Vec::new())) };
        let prepared = leaf::prepare(&self.inner, &self.record, planned, scope).await?;
        let max_attempts = prepared.as_ref().map_or(1, |prepared| prepared.attempts).max(attempt);
        let started = EventBody::NodeStarted { node: node.to_owned(), attempt, max_attempts };
        match prepared {
            Ok(prepared) => Ok((Some(prepared), vec![started])),
            Err(message) => {
                let error = Some(NodeError { code: 422, message });
                let node = node.to_owned();
                let outcome = Outcome::Failure;
                let failed = EventBody::NodeFinished { node, outcome, error, data: None };
                Ok((None, vec![started, failed]))
            }
        }
    }

    pub(super) fn begin(&mut self, node: NodePointer, attempt: u32, prepared: Prepared) {
        self.at_work.insert(node.clone(), prepared.clone());
        let signal = self.signal.subscribe();
        leaf::spawn(
            &self.inner,
            &self.record,
            leaf::Attempt { node, attempt, prepared },
            signal,
            self.notes.clone(),
        );
    }

    async fn take(&mut self, note: Note) -> Result<(), Halt> {
        match note {
            Note::Abort { by, reply } => {
                let result = self.abort(by).await;
                let answer = match &result {
                    Ok(answer) => answer.clone(),
                    Err(Halt::Db(error)) => Err(AbortError::Db(error.clone())),
                    Err(_) => Err(AbortError::Concluded),
                };
                // Whoever asked may have given up waiting.
                let _ = reply.send(answer);
                result.map(|_| ())
            }
            Note::Accepted { node, data } => self.accepted(node, data).await,
            Note::Output { node, bytes } => {
                self.append(vec![EventBody::NodeOutput { node, bytes }], Aside::default()).await
            }
            Note::Ended { node, result } => self.ended(node, result).await,
            Note::Again { node } => self.again(node).await,
        }
    }

    async fn abort(&mut self, by: String) -> Result<Result<(), AbortError>, Halt> {
        if self.state.concluded() {
            return Ok(Err(AbortError::Concluded));
        }
        if self.state.status != RunStatus::Aborting {
            self.append(vec![EventBody::RunAborting { by }], Aside::default()).await?;
            self.signal.send_replace(Signal::Abort);
            self.end_waiting().await?;
        }
        Ok(Ok(()))
    }

    /// Ends nodes that wait for another attempt: nothing of theirs is at work.
    async fn end_waiting(&mut self) -> Result<(), Halt> {
        let waiting: Vec<NodePointer> = {
            let working = self.inner.working();
            let waits = |node: &NodePointer| {
                self.state.status_of(node).active()
                    && !working.contains(&(self.record.id.clone(), node.clone()))
            };
            let leaves = self.plan.nodes().iter().filter(|node| node.shape == Shape::Leaf);
            leaves.map(|leaf| leaf.pointer.clone()).filter(waits).collect()
        };
        for node in waiting {
            self.at_work.remove(&node);
            let outcome = Outcome::Aborted;
            let body = EventBody::NodeFinished { node, outcome, error: None, data: None };
            self.append(vec![body], Aside::default()).await?;
        }
        Ok(())
    }

    /// A run of an earlier server: nothing of it is at work any more.
    async fn take_up(&mut self) -> Result<(), Halt> {
        let scope = self.scope();
        for (node, interruption) in
            recover::interrupted(&self.inner, &self.record, &self.plan, &self.state, &scope).await?
        {
            match interruption {
                Interruption::Again { body, pause } => {
                    self.append(body.into_iter().collect(), Aside::default()).await?;
                    self.wake_later(node, pause);
                }
                Interruption::End(body) => self.append(vec![body], Aside::default()).await?,
            }
        }
        if self.state.status == RunStatus::Aborting {
            self.signal.send_replace(Signal::Abort);
        }
        Ok(())
    }

    /// Writes events, with what else changes at the same moment, and folds them.
    pub(super) async fn append(
        &mut self,
        bodies: Vec<EventBody>,
        aside: Aside,
    ) -> Result<(), Halt> {
        let mut tries = 0;
        loop {
            let (record, bodies) = (Arc::clone(&self.record), bodies.clone());
            let aside = aside.clone();
            match self.inner.db.write(move |tx| write(tx, &record, bodies, aside)).await {
                Ok(events) => {
                    for event in &events {
                        self.state.apply(event);
                    }
                    return Ok(());
                }
                Err(error) => {
                    tries += 1;
                    if tries == WRITES {
                        return Err(error.into());
                    }
                    tracing::warn!(%error, run = self.record.id, "a write is tried again");
                    sleep(WRITE_PAUSE).await;
                }
            }
        }
    }

    /// Stays for commands that outlast their run or are being stopped, and for what they print.
    async fn wait_for_commands(&mut self, inbox: &mut mpsc::UnboundedReceiver<Note>) {
        // What waits for another attempt has no command.
        while self.has_commands() {
            let Some(note) = self.receive(inbox).await else { return };
            let result = match note {
                Note::Abort { by, reply } => {
                    let _ = reply.send(self.stop_outlasting(&by));
                    Ok(())
                }
                // What was stopped only because the server stops is left to the next one; what
                // ended by itself is written down.
                Note::Ended { result: Err(failed), .. } if failed.stopped => Ok(()),
                Note::Ended { node, result } => self.ended(node, result).await,
                Note::Output { node, bytes } if self.state.concluded() => {
                    self.append(vec![EventBody::NodeOutput { node, bytes }], Aside::default()).await
                }
                _ => Ok(()),
            };
            if let Err(halt) = result {
                tracing::warn!(%halt, run = self.record.id, "the end of an action is not kept");
            }
        }
    }

    /// The run is over, and its log says how: only what still works of it is stopped.
    fn stop_outlasting(&self, by: &str) -> Result<(), AbortError> {
        if !self.state.concluded() || *self.signal.borrow() != Signal::Go {
            return Err(AbortError::Concluded);
        }
        tracing::info!(run = self.record.id, by, "what outlasted a run is stopped");
        self.signal.send_replace(Signal::Abort);
        Ok(())
    }

    fn has_commands(&self) -> bool {
        self.inner.working().iter().any(|(run, _)| *run == self.record.id)
    }
}

fn write(
    tx: &mut crate::db::Tx<'_>,
    record: &RunRecord,
    bodies: Vec<EventBody>,
    aside: Aside,
) -> Result<Vec<Event>, DbError> {
    let mut events = Vec::with_capacity(bodies.len());
    for body in bodies {
        events.push(tx.append(&record.project, event(record, body))?);
    }
    if let Some(backup) = aside.backup {
        backups::insert(tx, &backup)?;
    }
    Ok(events)
}
