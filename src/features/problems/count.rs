//! How many problems there are, in words.

use leptos::prelude::*;
use slipway_flow::check::{Problem, Severity};

use super::state::ProblemsState;
use crate::ui::{Glyph, Icon};

pub(super) const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Hint];

pub(super) const fn glyph(severity: Severity) -> Glyph {
    match severity {
        Severity::Error => Glyph::Cross,
        Severity::Warning => Glyph::Warning,
        Severity::Hint => Glyph::Info,
    }
}

pub(super) const fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "careful",
        Severity::Hint => "neutral",
    }
}

pub(super) fn counted(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}

/// "1 error", "3 hints".
pub(super) fn words(count: usize, severity: Severity) -> String {
    format!("{count} {}{}", severity.word(), if count == 1 { "" } else { "s" })
}

/// What there is to say of the flow's problems.
pub(super) fn told(state: ProblemsState) -> String {
    // Text that can't be read needs no checks.
    state.problems.with(|problems| match problems.is_empty() && !state.editor.checked.get() {
        true => "Checking…".to_owned(),
        false => summary(problems),
    })
}

/// "1 error, 3 hints".
fn summary(problems: &[Problem]) -> String {
    let some = SEVERITIES.map(|severity| (counted(problems, severity), severity));
    let some: Vec<String> = some
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| words(count, severity))
        .collect();
    if some.is_empty() { "No problems".to_owned() } else { some.join(", ") }
}

/// How many problems the flow has, as a button that leads to the first of them.
#[component]
pub fn ProblemCount(state: ProblemsState, on_open: Callback<()>) -> impl IntoView {
    let look = Memo::new(move |_| {
        let worst =
            state.problems.with(|problems| problems.iter().map(|problem| problem.severity).min());
        match worst {
            Some(worst) => (tone(worst), glyph(worst)),
            None if state.editor.checked.get() => ("good", Glyph::Check),
            None => ("neutral", Glyph::Clock),
        }
    });
    let words = Memo::new(move |_| told(state));
    view! {
        <button
            type="button"
            class="button problem-count"
            data-tone=move || look.get().0
            title="Go through the problems (F8)"
            on:click=move |_| on_open.run(())
        >
            {move || view! { <Icon of=look.get().1 /> }}
            <span>{move || words.get()}</span>
        </button>
    }
}
