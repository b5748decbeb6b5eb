//! What a node does to the world that putting a build back does not undo.

use serde_json::Value;

use crate::plan::PlanNode;

/// Something that a node leaves behind for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// A job ran: a migration, say.
    Job,
    /// A command was executed, or a repository made.
    Command,
    /// A backup was made: it holds what was there then.
    Backup,
    /// Data was replaced by that of a backup.
    Restore,
    /// Data was imported.
    Import,
    /// Somebody was told.
    Message,
    /// Another flow ran, with whatever it does.
    Template,
    /// Traffic was divided differently.
    Rollout,
    /// Infrastructure was taken down.
    Destruction,
    /// Another resource was released, which the chosen run did not release.
    Release,
    /// We don't know what such a node does.
    Unknown,
}

/// What a leaf leaves behind for good; none for what leaves nothing (waiting, asking, restarting,
/// building) and for releases.
#[must_use]
pub fn lasting(node: &PlanNode) -> Option<Lasting> {
    let action = |pointer: &str| node.spec.pointer(pointer).and_then(Value::as_str);
    match node.kind.as_str() {
        "Release" | "Build" | "Condition" | "Approval" | "SecretInheritance" | "LoopData" => None,
        "JobRun" => Some(Lasting::Job),
        "AddonBackup" => Some(Lasting::Backup),
        "AddonImport" => Some(Lasting::Import),
        "Message" => Some(Lasting::Message),
        "RunTemplate" => Some(Lasting::Template),
        "OpenTofuDestroy" => Some(Lasting::Destruction),
        "RolloutStrategy" => Some(Lasting::Rollout),
        "Action" => match (action("/kind"), action("/spec/type")) {
            (_, Some("restart")) => None,
            (_, Some("restore")) => Some(Lasting::Restore),
            (_, Some("execute" | "createRepoFromSource")) => Some(Lasting::Command),
            _ => Some(Lasting::Unknown),
        },
        _ => Some(Lasting::Unknown),
    }
}

impl Lasting {
    /// What somebody did and would do; then what of it stays, before and after the name.
    const fn words(self) -> [&'static str; 4] {
        match self {
            Self::Job => ["ran a job", "run a job", "what the job ", " did stays"],
            Self::Command => {
                ["executed a command", "execute a command", "what the command of ", " did stays"]
            }
            Self::Backup => [
                "made a backup",
                "make a backup",
                "the backup of ",
                " stays, and holds what was there then",
            ],
            Self::Restore => {
                ["restored a backup", "restore a backup", "the data of ", " stays as it is"]
            }
            Self::Import => ["imported data", "import data", "the data of ", " stays as it is"],
            Self::Message => {
                ["sent a message", "send a message", "what ", " said can't be taken back"]
            }
            Self::Template => ["ran another flow", "run another flow", "whatever ", " did stays"],
            Self::Rollout => [
                "changed how traffic is divided",
                "change how traffic is divided",
                "the strategy of ",
                " stays",
            ],
            Self::Destruction => {
                ["destroyed resources", "destroy resources", "what ", " took down stays down"]
            }
            Self::Release => [
                "released what the chosen run did not",
                "release what the chosen run did not",
                "",
                " stays as it is",
            ],
            Self::Unknown => [
                "executed a node of a kind that Slipway does not know",
                "execute a node of a kind that Slipway does not know",
                "whatever ",
                " did stays",
            ],
        }
    }

    /// A sentence about what the run called `who` did, or may have done.
    pub(super) fn says(self, node: &PlanNode, who: &str, surely: bool) -> String {
        let [did, attempt, before, after] = self.words();
        let name = match self {
            Self::Unknown => format!("{} \"{}\"", node.kind, node.name()),
            _ => format!("\"{}\"", node.resource().unwrap_or_else(|| node.name())),
        };
        if surely {
            format!("{who} {did}: {before}{name}{after}.")
        } else {
            format!("{who} began to {attempt}, without success: {before}{name}{after}.")
        }
    }
}
