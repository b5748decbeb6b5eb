//! What a node is given to do its work, and how the work ends.

use std::{io, path::Path, time::Duration};

use serde_json::{Map, Value};
use slipway_engine::event::NodeError;
use tokio::{sync::OwnedMutexGuard, time::sleep};

use super::{
    environment::{Handed, environment, value},
    process::{Ended, Log, Order, Reason, Sink, Stop},
    world::{World, digest},
};
use crate::{
    db::{DbError, backups::Backup, runs::RunRecord},
    project::{Command, Project, expand},
};

/// One attempt of one node.
pub struct Work<'a> {
    pub world: &'a World,
    pub project: &'a Project,
    pub run: &'a RunRecord,
    /// The node's pointer.
    pub node: &'a str,
    pub node_kind: &'a str,
    /// The node's `spec` with everything resolved.
    pub spec: Value,
    /// Whether the flow waits for the end of the action.
    pub waits: bool,
    /// The node's `timeoutDuration`: `execute` bounds everything that the attempt does by it.
    pub timeout: Option<Duration>,
    pub attempt: u32,
    pub log: Log,
    pub stop: Stop,
    /// Told what is known once the request is accepted: enough for a node that nobody waits for.
    pub accepted: Box<dyn Fn(Value) + Send + Sync + 'a>,
}

/// A node's success.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// `response.data`.
    pub data: Value,
    pub backup: Option<Backup>,
}

impl Done {
    #[must_use]
    pub const fn with(data: Value) -> Self {
        Self { data, backup: None }
    }
}

/// A node's failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    /// As an HTTP status would put it; it says whether another attempt could go better
    /// (`slipway_engine::retry`).
    pub code: i64,
    /// A sentence.
    pub message: String,
    /// The work was told to stop.
    pub stopped: bool,
}

impl Failed {
    /// What the node asks for can't be done, however often it is tried.
    #[must_use]
    pub const fn unusable(message: String) -> Self {
        Self { code: 422, message, stopped: false }
    }

    /// A command failed.
    #[must_use]
    pub const fn command(message: String) -> Self {
        Self { code: 500, message, stopped: false }
    }

    /// It took too long.
    #[must_use]
    pub const fn timeout(message: String) -> Self {
        Self { code: 504, message, stopped: false }
    }

    /// The work was told to stop.
    #[must_use]
    pub const fn stopped() -> Self {
        let message = String::new();
        Self { code: 499, message, stopped: true }
    }

    #[must_use]
    pub fn error(&self) -> NodeError {
        NodeError { code: self.code, message: self.message.clone() }
    }
}

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        tracing::error!(%error, "a node's work needs the database");
        Self::command(format!("The server's database failed: {error}"))
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::command(format!("The server's disk or a process failed: {error}."))
    }
}

impl Work<'_> {
    #[must_use]
    pub const fn kind(&self) -> &str {
        self.node_kind
    }

    /// A text of the spec, by JSON pointer.
    #[must_use]
    pub fn text(&self, pointer: &str) -> Option<String> {
        self.spec
            .pointer(pointer)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    /// A text of the spec that must be there.
    ///
    /// # Errors
    /// A sentence, when it isn't.
    pub fn required(&self, pointer: &str) -> Result<String, Failed> {
        self.text(pointer).ok_or_else(|| {
            Failed::unusable(format!("The {} node needs a text at {pointer}.", self.node_kind))
        })
    }

    /// The id of a resource, which may be written with the project's id before it.
    ///
    /// # Errors
    /// A sentence, when it is missing or names another project.
    pub fn resource(&self, pointer: &str) -> Result<String, Failed> {
        let text = self.required(pointer)?;
        match text.split_once('/') {
            None => Ok(text),
            Some((project, id)) if project == self.project.id => Ok(id.to_owned()),
            Some((project, _)) => Err(Failed::unusable(format!(
                "\"{text}\" is of the project \"{project}\": a run may only use its own."
            ))),
        }
    }

    /// The same for every attempt of this node, in every life of the server.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        format!("{}-{}", self.run.id, digest(self.node))
    }

    /// Writes a line of Slipway's own into the node's output.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn note(&mut self, sentence: &str) -> Result<(), Failed> {
        Ok(self.log.note(sentence).await?)
    }

    /// Variables that every command is handed, then the given ones.
    #[must_use]
    pub fn handed(&self, more: &[(&'static str, &str)]) -> Handed {
        let mut handed = vec![
            ("RUN_ID", self.run.id.clone()),
            ("ATTEMPT", self.attempt.to_string()),
            ("IDEMPOTENCY_KEY", self.idempotency_key()),
        ];
        handed.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        handed
    }

    /// Why the work goes no further: it was told to stop, or its time is up.
    #[must_use]
    pub fn halted(&self) -> Failed {
        match self.stop.reason() {
            Some(Reason::Elapsed(time)) => Failed::timeout(format!(
                "The {} node was not done after {} seconds, which is all the time it has \
                 (timeoutDuration), and was stopped.",
                self.node_kind,
                time.as_secs_f64()
            )),
            Some(Reason::Told) | None => Failed::stopped(),
        }
    }

    /// Waits until nobody else holds the lock of that name.
    ///
    /// # Errors
    /// When the work must stop before that.
    pub async fn alone(&mut self, name: String) -> Result<OwnedMutexGuard<()>, Failed> {
        let world = self.world;
        tokio::select! {
            biased;
            () = self.stop.stopped() => Err(self.halted()),
            lock = world.lock(name) => Ok(lock),
        }
    }

    /// Does nothing for a while.
    ///
    /// # Errors
    /// When the work must stop before that is over.
    pub async fn pause(&mut self, length: Duration) -> Result<(), Failed> {
        tokio::select! {
            biased;
            () = self.stop.stopped() => Err(self.halted()),
            () = sleep(length) => Ok(()),
        }
    }

    /// Runs a command of the project file in `folder`, its output in the node's log. `within`
    /// shortens the command's own timeout.
    ///
    /// # Errors
    /// When it fails, hangs, can't be started, or the work must stop.
    pub async fn command(
        &mut self,
        command: &Command,
        handed: &Handed,
        wanted: &Map<String, Value>,
        folder: &Path,
        within: Option<Duration>,
    ) -> Result<(), Failed> {
        let of_server = |name: &str| std::env::var(name).ok();
        let env = environment(command, handed, wanted, of_server).map_err(Failed::unusable)?;
        let named = |name: &str| command.env.iter().chain(&command.pass).any(|n| n == name);
        let look_up = |name: &str| value(&env, name).or_else(|| named(name).then_some(""));
        let args = command
            .args
            .iter()
            .map(|argument| expand(argument, look_up))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Failed::unusable)?;
        let timeout = within.map_or(command.timeout, |within| within.min(command.timeout));
        let program = args.first().cloned().unwrap_or_default();
        let order = Order { args, env, folder: folder.to_owned(), timeout };
        self.log.set_limit(command.output_limit);
        let ended =
            self.world.fence.run(&order, Sink::Log(&mut self.log), self.stop.clone()).await?;
        if ended == Ended::Stopped {
            return Err(self.halted());
        }
        judge(ended, &program, timeout)
    }
}

/// Whether a command's end is a success, and otherwise why not.
///
/// # Errors
/// For everything but the exit code 0.
pub fn judge(ended: Ended, program: &str, timeout: Duration) -> Result<(), Failed> {
    match ended {
        Ended::Exit(0) => Ok(()),
        Ended::Exit(code) => Err(Failed::command(format!(
            "The command {program} failed with exit code {code}: its output says why."
        ))),
        Ended::Signal(signal) => {
            Err(Failed::command(format!("The command {program} was killed by signal {signal}.")))
        }
        Ended::TimedOut => Err(Failed::timeout(format!(
            "The command {program} was still running after {} seconds and was stopped.",
            timeout.as_secs_f64().round()
        ))),
        Ended::Stopped => Err(Failed::stopped()),
        Ended::Refused(sentence) => Err(Failed::unusable(sentence)),
    }
}
