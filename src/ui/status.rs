//! How a status looks: always an icon, a word and a colour together, so that none of them has to
//! be told apart alone. A word that we don't know is shown as unknown, never as running.

use leptos::prelude::*;
use slipway_engine::{event::RunStatus, fold::NodeStatus};

use super::{
    classes,
    icon::{Glyph, Icon},
    note::Tone,
};

/// The look of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub word: &'static str,
    pub glyph: Glyph,
    pub tone: Tone,
}

/// How a run's status looks.
#[must_use]
pub const fn run_look(status: RunStatus) -> Look {
    let (glyph, tone) = match status {
        RunStatus::Pending => (Glyph::Circle, Tone::Neutral),
        RunStatus::Queued => (Glyph::List, Tone::Neutral),
        RunStatus::Running => (Glyph::Spinner, Tone::Active),
        RunStatus::Success => (Glyph::Check, Tone::Good),
        RunStatus::Failure => (Glyph::Cross, Tone::Bad),
        RunStatus::Aborting => (Glyph::Stop, Tone::Careful),
        RunStatus::Aborted => (Glyph::Stop, Tone::Neutral),
        RunStatus::Skipped => (Glyph::Skip, Tone::Neutral),
        RunStatus::Waiting | RunStatus::AsyncWait => (Glyph::Clock, Tone::Active),
        RunStatus::Retrying => (Glyph::Retry, Tone::Careful),
        RunStatus::ApprovalWait => (Glyph::User, Tone::Careful),
        RunStatus::Unknown => (Glyph::Question, Tone::Neutral),
    };
    Look { word: status.label(), glyph, tone }
}

/// How a node's status looks.
#[must_use]
pub const fn node_look(status: NodeStatus) -> Look {
    let (glyph, tone) = match status {
        NodeStatus::Pending => (Glyph::Circle, Tone::Neutral),
        NodeStatus::Running => (Glyph::Spinner, Tone::Active),
        NodeStatus::Waiting | NodeStatus::AsyncWait => (Glyph::Clock, Tone::Active),
        NodeStatus::ApprovalWait => (Glyph::User, Tone::Careful),
        NodeStatus::Retrying => (Glyph::Retry, Tone::Careful),
        NodeStatus::Success => (Glyph::Check, Tone::Good),
        NodeStatus::Failure | NodeStatus::Invalid => (Glyph::Cross, Tone::Bad),
        NodeStatus::Skipped => (Glyph::Skip, Tone::Neutral),
        NodeStatus::Aborting => (Glyph::Stop, Tone::Careful),
        NodeStatus::Aborted => (Glyph::Stop, Tone::Neutral),
        NodeStatus::Unknown => (Glyph::Question, Tone::Neutral),
    };
    Look { word: status.label(), glyph, tone }
}

#[component]
pub fn RunStatusMark(
    #[prop(into)] status: Signal<RunStatus>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    mark(Signal::derive(move || run_look(status.get())), &class)
}

#[component]
pub fn NodeStatusMark(
    #[prop(into)] status: Signal<NodeStatus>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    mark(Signal::derive(move || node_look(status.get())), &class)
}

fn mark(look: Signal<Look>, class: &str) -> impl IntoView + use<> {
    let spin = move || look.get().glyph == Glyph::Spinner;
    view! {
        <span
            class=classes(&["status", class])
            class:status-moving=spin
            data-tone=move || look.get().tone.word()
        >
            <Icon of=Signal::derive(move || look.get().glyph)/>
            <span>{move || look.get().word}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_is_not_known_never_looks_busy() {
        let unknown: RunStatus = serde_json::from_str("\"levitating\"").unwrap();
        assert_eq!(run_look(unknown).word, "Unknown");
        assert_eq!(run_look(unknown).tone, Tone::Neutral);
        assert_eq!(node_look(NodeStatus::Unknown).word, "Unknown");
    }
}
