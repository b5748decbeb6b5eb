//! The words for how a run and a node are doing: what each means, whether it is over, and what a
//! person reads. The only place that knows them; the wire, the fold and the app ask here.
//!
//! May import: nothing of ours.

use serde::{Deserialize, Serialize};

/// How far along something with a status is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Nobody can say, because the word is not one of ours.
    Unknown,
    /// Nothing of it has begun.
    Ahead,
    /// Something of it goes on, or it waits in the middle.
    Active,
    /// It will never change again.
    Over,
}

/// What one word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The word in events and in the vendor's API.
    pub word: &'static str,
    /// What a person reads beside the icon.
    pub label: &'static str,
    /// A sentence for a tooltip or a reference page.
    pub says: &'static str,
    pub phase: Phase,
}

const fn meaning(
    phase: Phase,
    word: &'static str,
    label: &'static str,
    says: &'static str,
) -> Meaning {
    Meaning { word, label, says, phase }
}

const UNKNOWN: Meaning = meaning(
    Phase::Unknown,
    "unknown",
    "Unknown",
    "The server used a word that Slipway does not know, or does not know itself.",
);

/// A run's status, in the words of the vendor's API (get release flow run).
/// A word that we do not know is shown as unknown, never as running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Pending,
    Queued,
    Running,
    Success,
    Failure,
    Aborting,
    Aborted,
    Skipped,
    Waiting,
    Retrying,
    AsyncWait,
    ApprovalWait,
    #[default]
    #[serde(other)]
    Unknown,
}

impl RunStatus {
    pub const ALL: [Self; 13] = [
        Self::Pending,
        Self::Queued,
        Self::Running,
        Self::Success,
        Self::Failure,
        Self::Aborting,
        Self::Aborted,
        Self::Skipped,
        Self::Waiting,
        Self::Retrying,
        Self::AsyncWait,
        Self::ApprovalWait,
        Self::Unknown,
    ];

    #[must_use]
    pub const fn meaning(self) -> Meaning {
        use Phase::{Active, Ahead, Over};
        match self {
            Self::Pending => meaning(Ahead, "pending", "Pending", "The run is about to begin."),
            Self::Queued => meaning(
                Ahead,
                "queued",
                "Queued",
                "The run waits until the runs before it are over.",
            ),
            Self::Running => meaning(Active, "running", "Running", "The run is going on."),
            Self::Success => {
                meaning(Over, "success", "Succeeded", "Everything that was to run succeeded.")
            }
            Self::Failure => meaning(Over, "failure", "Failed", "At least one node failed."),
            Self::Aborting => meaning(
                Active,
                "aborting",
                "Aborting",
                "Nothing more begins; what is at work is being stopped.",
            ),
            Self::Aborted => {
                meaning(Over, "aborted", "Aborted", "The run was stopped before its end.")
            }
            Self::Skipped => meaning(
                Over,
                "skipped",
                "Skipped",
                "The run did nothing: a newer one took its place, or everything in it was skipped.",
            ),
            Self::Waiting => {
                meaning(Active, "waiting", "Waiting", "The run waits for something to happen.")
            }
            Self::Retrying => {
                meaning(Active, "retrying", "Retrying", "Something failed and is tried again.")
            }
            Self::AsyncWait => meaning(
                Active,
                "async_wait",
                "Waiting for a result",
                "The run waits for the result of something that goes on elsewhere.",
            ),
            Self::ApprovalWait => meaning(
                Active,
                "approval_wait",
                "Waiting for approval",
                "The run waits until people have approved it.",
            ),
            Self::Unknown => UNKNOWN,
        }
    }

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.meaning().word
    }

    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.meaning().label
    }

    /// The status with that word; unknown for a word that we do not know.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.word() == word).unwrap_or_default()
    }

    /// Whether a run with this status is over and will never change again.
    #[must_use]
    pub const fn concluded(self) -> bool {
        matches!(self.meaning().phase, Phase::Over)
    }

    /// Whether something of the run is going on.
    #[must_use]
    pub const fn active(self) -> bool {
        matches!(self.meaning().phase, Phase::Active)
    }
}

/// A node's status as people read it. The vendor's API has no words for pending and running:
/// see [`NodeStatus::told`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NodeStatus {
    #[default]
    Pending,
    Running,
    Waiting,
    Retrying,
    Success,
    Failure,
    /// The vendor's word for a node that could not be executed as it is written.
    Invalid,
    Skipped,
    Aborting,
    Aborted,
    AsyncWait,
    ApprovalWait,
    #[serde(other)]
    Unknown,
}

impl NodeStatus {
    pub const ALL: [Self; 13] = [
        Self::Pending,
        Self::Running,
        Self::Waiting,
        Self::Retrying,
        Self::Success,
        Self::Failure,
        Self::Invalid,
        Self::Skipped,
        Self::Aborting,
        Self::Aborted,
        Self::AsyncWait,
        Self::ApprovalWait,
        Self::Unknown,
    ];

    #[must_use]
    pub const fn meaning(self) -> Meaning {
        use Phase::{Active, Ahead, Over};
        match self {
            Self::Pending => {
                meaning(Ahead, "pending", "Pending", "It begins once the steps before it are done.")
            }
            Self::Running => meaning(Active, "running", "Running", "It is being executed."),
            Self::Waiting => meaning(
                Active,
                "waiting",
                "Waiting",
                "Its action was accepted, and has to succeed before the timeout.",
            ),
            Self::Retrying => {
                meaning(Active, "retrying", "Retrying", "It failed, and is or will be tried again.")
            }
            Self::Success => {
                meaning(Over, "success", "Succeeded", "It has done what it was to do.")
            }
            Self::Failure => {
                meaning(Over, "failure", "Failed", "It failed, and is not tried again.")
            }
            Self::Invalid => {
                meaning(Over, "invalid", "Failed", "It could not be executed as it is written.")
            }
            Self::Skipped => {
                meaning(Over, "skipped", "Skipped", "The flow left it out in this run.")
            }
            Self::Aborting => meaning(Active, "aborting", "Aborting", "It is being stopped."),
            Self::Aborted => meaning(Over, "aborted", "Aborted", "It was stopped before its end."),
            Self::AsyncWait => meaning(
                Active,
                "async_wait",
                "Waiting for a result",
                "It waits for the result of something that goes on elsewhere.",
            ),
            Self::ApprovalWait => meaning(
                Active,
                "approval_wait",
                "Waiting for approval",
                "It waits until enough people have approved.",
            ),
            Self::Unknown => UNKNOWN,
        }
    }

    /// The word in events and logs of ours.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.meaning().word
    }

    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.meaning().label
    }

    /// The word in `response.status` of the vendor's API. There is none for pending, and a node in
    /// progress is said to be waiting.
    #[must_use]
    pub const fn told(self) -> Option<&'static str> {
        match self {
            Self::Pending => None,
            Self::Running => Some(Self::Waiting.word()),
            other => Some(other.word()),
        }
    }

    /// What `response.status` says; unknown for a word that is not the API's.
    #[must_use]
    pub fn heard(word: &str) -> Self {
        let api = Self::ALL.into_iter().filter(|status| status.told() == Some(status.word()));
        api.into_iter().find(|status| status.word() == word).unwrap_or(Self::Unknown)
    }

    /// Whether a node with this status is over and will never change again.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self.meaning().phase, Phase::Over)
    }

    /// Whether something of the node is going on, or it waits to be tried again.
    #[must_use]
    pub const fn active(self) -> bool {
        matches!(self.meaning().phase, Phase::Active)
    }

    /// Whether the node is over and what stands around it fails for it.
    #[must_use]
    pub const fn failed(self) -> bool {
        matches!(self, Self::Failure | Self::Invalid)
    }
}

/// What a person reads for a status that came as `said`, a word that we don't know.
#[must_use]
pub fn label_with(label: &str, said: Option<&str>) -> String {
    match said {
        Some(word) => format!("{label} ({word})"),
        None => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn the_words_in_events_are_the_words_of_the_table() {
        for status in RunStatus::ALL {
            assert_eq!(to_value(status).expect("a word"), json!(status.word()));
            assert_eq!(RunStatus::parse(status.word()), status);
        }
        for status in NodeStatus::ALL {
            assert_eq!(to_value(status).expect("a word"), json!(status.word()));
        }
    }

    #[test]
    fn runs_are_over_with_four_words_and_no_other() {
        let over: Vec<_> = RunStatus::ALL.into_iter().filter(|status| status.concluded()).collect();
        assert_eq!(
            over,
            [RunStatus::Success, RunStatus::Failure, RunStatus::Aborted, RunStatus::Skipped]
        );
    }

    #[test]
    fn the_api_has_eleven_words_for_nodes_and_each_is_heard_as_it_is_told() {
        let told: Vec<_> = [
            "waiting",
            "invalid",
            "failure",
            "retrying",
            "success",
            "aborted",
            "aborting",
            "skipped",
            "async_wait",
            "approval_wait",
            "unknown",
        ]
        .into_iter()
        .map(|word| (NodeStatus::heard(word).told(), Some(word)))
        .collect();
        assert!(told.iter().all(|(told, word)| told == word), "{told:?}");
        for word in ["running", "pending", "levitating", ""] {
            assert_eq!(NodeStatus::heard(word), NodeStatus::Unknown, "{word}");
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_never_busy_and_never_over() {
        let run: RunStatus = from_value(json!("levitating")).expect("tolerant");
        let node: NodeStatus = from_value(json!("levitating")).expect("tolerant");
        assert_eq!((run.meaning().phase, node.meaning().phase), (Phase::Unknown, Phase::Unknown));
        assert!(!run.active() && !run.concluded() && !node.active() && !node.ended());
        assert_eq!(label_with(node.label(), Some("levitating")), "Unknown (levitating)");
    }

    #[test]
    fn labels_are_told_apart_except_where_people_read_the_same() {
        let mut labels: Vec<_> = RunStatus::ALL.map(RunStatus::label).into();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), RunStatus::ALL.len());
        assert_eq!(NodeStatus::Invalid.label(), NodeStatus::Failure.label());
    }
}
