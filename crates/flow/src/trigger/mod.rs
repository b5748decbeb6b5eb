//! Would this push, pull request or webhook call start a run of this flow? With the reason, rule by
//! rule, and where in the document the rule stands.
//!
//! What isn't documented is chosen here: a push that several triggers wait for starts one run, with
//! the values of all of them; commit flags count only where they are switched on; without path
//! rules every file counts.
//!
//! - `rules`: the rules of one trigger but for paths. - `paths`: path rules, on `ignore` (the lines
//!   of a `.gitignore` file) and `glob` (one wildcard pattern). - `repository`: addresses.
//!   - `webhook`: what a call's query says. - `payload`: what Git services send, as events.
//!   - `example`: events to try a flow with.
//!
//! May import: `document`, `kinds`, `pattern`, `concurrency`.

mod example;
mod glob;
mod ignore;
mod paths;
mod payload;
pub mod repository;
mod rules;
#[cfg(test)]
mod tests;
mod webhook;

pub use example::{Example, argument_call, example, refs, trigger_call};
pub use payload::{Read, read_payload};
use serde_json::{Map, Value};
pub use webhook::{MAX_QUERY_BYTES, WEBHOOK_ADDRESS, parameter};

use crate::{
    concurrency::{self, Decision, Policy},
    document::{Document, Key, ValueRef},
};

/// What a Git service tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Push(Push),
    PullRequest(PullRequest),
}

/// Commits were pushed to a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The repository's address, in any of the spellings that [`repository::normal`] knows.
    pub repository: String,
    /// With or without `refs/heads/`.
    pub branch: String,
    /// Oldest first; the last one is what the branch points to now. A push that only names an
    /// older commit as a new branch has that commit alone, one that deletes a branch has none.
    pub commits: Vec<Commit>,
    pub files: Files,
}

/// A pull request was opened, or its branch was pushed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// The repository that the request is made to.
    pub repository: String,
    /// Its number or ID, as the Git service writes it.
    pub id: String,
    /// The branch that it would merge.
    pub branch: String,
    pub action: Action,
    pub draft: bool,
    /// The newest commit of the branch.
    pub head: Commit,
    pub files: Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Opened,
    Pushed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    pub sha: String,
    pub message: String,
}

/// The files that were added, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Files {
    /// Paths from the top of the repository, with `/` between their parts.
    Known(Vec<String>),
    /// Git services leave the list out when it is long. Path rules then count as met: a run too
    /// many does less harm than a release that doesn't come.
    Unknown,
}

/// The runs of the same stage that are not over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Those that have begun.
    pub active: usize,
    /// Those that have not.
    pub queued: usize,
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Repository,
    Branch,
    PullRequest,
    Draft,
    Commits,
    Flags,
    Paths,
    Pause,
    Concurrency,
    /// The parameters of a webhook call.
    Parameters,
}

impl Rule {
    /// What a person calls it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Repository => "Repository",
            Self::Branch => "Branch",
            Self::PullRequest => "Pull request",
            Self::Draft => "Draft",
            Self::Commits => "Commits",
            Self::Flags => "Words in commit messages",
            Self::Paths => "Changed files",
            Self::Pause => "Pause",
            Self::Concurrency => "Other runs",
            Self::Parameters => "Parameters",
        }
    }
}

/// One rule and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub rule: Rule,
    /// Whether this rule lets a run start.
    pub passes: bool,
    /// JSON pointer from the document's root: of the value that decides, or of the member that
    /// would; of the trigger or the flow where no member does.
    pub pointer: String,
    /// For the person who wrote the flow.
    pub sentence: String,
}

/// What one entry of `triggers` makes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub trigger: Key,
    pub pointer: String,
    /// The name by which nodes read its values.
    pub reference: Option<String>,
    /// Every rule that was looked at, also behind one that says no.
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// Whether the trigger starts a run, as far as it is concerned.
    #[must_use]
    pub fn fires(&self) -> bool {
        self.reasons.iter().all(|reason| reason.passes)
    }
}

/// What becomes of an event or a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// One for each entry of `triggers`, in their order; none for a webhook call.
    pub triggers: Vec<Verdict>,
    /// What the flow as a whole says: its pause, its concurrency policy, a call's parameters.
    pub flow: Vec<Reason>,
    pub outcome: Outcome,
}

/// Whether there is a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is, and it begins as this says, which is never [`Decision::Refuse`].
    Run(Decision, Given),
    Nothing(Nothing),
}

/// Why there is no run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// No trigger waits for this.
    NoTrigger,
    Paused,
    /// The concurrency policy forbids it.
    Forbidden,
    /// The call or the flow says something that can't be.
    Invalid,
}

impl Nothing {
    /// The status that a webhook call is answered with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            // Taken note of; nothing is wrong with the call.
            Self::Paused | Self::Forbidden | Self::NoTrigger => 202,
            Self::Invalid => 400,
        }
    }
}

/// What a run gets, in the members of a run request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    pub name: Option<String>,
    pub description: Option<String>,
    /// Texts by the name of the argument.
    pub arguments: Map<String, Value>,
    /// By the ref of the trigger: `branch`, `sha`, `repoUrl`, `pullRequestId`, as far as known.
    /// Nodes read them as `${refs.<ref>.branch}`.
    pub overrides: Map<String, Value>,
}

impl Answer {
    /// What becomes of it, in one sentence: also the message that a webhook call is answered with.
    #[must_use]
    pub fn sentence(&self) -> &str {
        match &self.outcome {
            Outcome::Run(Decision::Start, _) => "A run starts now.",
            Outcome::Run(Decision::Wait, _) => {
                "A run is queued, and starts when the earlier ones are over."
            }
            Outcome::Run(Decision::TakePlace, _) => {
                "A run is queued in place of those that wait, and starts when what is active is \
                 over."
            }
            Outcome::Run(Decision::Replace, _) => {
                "The earlier runs are aborted, and a run starts when they are over."
            }
            Outcome::Nothing(Nothing::NoTrigger) => "No run starts: no trigger waits for this.",
            Outcome::Run(Decision::Refuse, _) | Outcome::Nothing(_) => {
                let no = self.flow.iter().find(|reason| !reason.passes);
                no.map_or("No run starts.", |reason| &reason.sentence)
            }
        }
    }
}

/// What a push or a pull request does to this flow.
#[must_use]
pub fn git_event(document: &Document, event: &Event, standing: Standing) -> Answer {
    let entries = document.get(document.flow(), "triggers").into_iter();
    let entries = entries.flat_map(|list| document.elements(list));
    let triggers: Vec<Verdict> =
        entries.map(|trigger| rules::judge(document, trigger, event)).collect();
    let mut given = Given::default();
    for verdict in triggers.iter().filter(|verdict| verdict.fires()) {
        let Some(reference) = &verdict.reference else { continue };
        // Of two triggers with one ref the first that fires is the one that nodes read.
        let values = || Value::Object(rules::values(document, verdict.trigger, event));
        given.overrides.entry(reference.as_str()).or_insert_with(values);
    }
    let wanted =
        if triggers.iter().any(Verdict::fires) { Ok(given) } else { Err(Nothing::NoTrigger) };
    concluded(document, triggers, Vec::new(), wanted, standing)
}

/// What a call of the flow's webhook does, by its address or the query alone (`a=1&b=2`).
#[must_use]
pub fn webhook_call(document: &Document, address: &str, standing: Standing) -> Answer {
    let mut flow = Vec::new();
    let given = webhook::read(document, address, &mut flow);
    concluded(document, Vec::new(), flow, given.ok_or(Nothing::Invalid), standing)
}

/// Whether the flow's triggers and its webhook are paused.
#[must_use]
pub fn is_paused(document: &Document) -> bool {
    let option = document.at(document.flow(), &["options", "paused"]);
    option.is_some_and(|key| document.value(key) == ValueRef::Bool(true))
}

/// Puts pause and concurrency policy behind what the rules say.
fn concluded(
    document: &Document,
    triggers: Vec<Verdict>,
    mut flow: Vec<Reason>,
    wanted: Result<Given, Nothing>,
    standing: Standing,
) -> Answer {
    let at = |path: &str| format!("{}{path}", document.pointer(document.flow()));
    let paused = is_paused(document);
    if paused {
        flow.push(Reason {
            rule: Rule::Pause,
            passes: false,
            pointer: at("/options/paused"),
            sentence:
                "No run starts: the triggers and the webhook of this release flow are paused."
                    .to_owned(),
        });
    }
    let key = document.at(document.flow(), &["options", "concurrencyPolicy"]);
    let policy = Policy::of_word(key.and_then(|key| document.str(key)));
    let (decision, sentence) = match &policy {
        Ok(policy) => decide(*policy, standing),
        Err(sentence) => (Decision::Refuse, sentence.clone()),
    };
    let passes = decision != Decision::Refuse;
    let pointer = at("/options/concurrencyPolicy");
    flow.push(Reason { rule: Rule::Concurrency, passes, pointer, sentence });
    let outcome = match wanted {
        // A pause answers before anything else is looked at.
        _ if paused => Outcome::Nothing(Nothing::Paused),
        Err(nothing) => Outcome::Nothing(nothing),
        Ok(_) if policy.is_err() => Outcome::Nothing(Nothing::Invalid),
        Ok(_) if !passes => Outcome::Nothing(Nothing::Forbidden),
        Ok(given) => Outcome::Run(decision, given),
    };
    if paused {
        // What an answer says first is why there is no run.
        let (pause, rest): (Vec<_>, Vec<_>) =
            flow.into_iter().partition(|reason| reason.rule == Rule::Pause);
        flow = pause.into_iter().chain(rest).collect();
    }
    Answer { triggers, flow, outcome }
}

fn decide(policy: Policy, Standing { active, queued }: Standing) -> (Decision, String) {
    let decision = concurrency::decide(policy, active, queued);
    let sentence = match decision {
        Decision::Refuse => Decision::REFUSAL.to_owned(),
        Decision::Start if active + queued == 0 => "No other run is active or waits.".to_owned(),
        _ => {
            let (active, queued, word) = (count(active), count(queued), policy.word());
            format!("Active: {active}, waiting: {queued}; the concurrency policy is \"{word}\".")
        }
    };
    (decision, sentence)
}

/// "no run", "1 run", "3 runs".
fn count(number: usize) -> String {
    match number {
        0 => "no run".to_owned(),
        1 => "1 run".to_owned(),
        number => format!("{number} runs"),
    }
}
