//! What a node has tried, and how each try went.

use leptos::prelude::*;
use slipway_engine::fold::{NodeState, NodeStatus};

use crate::{
    state::run::Attempt,
    ui::{Elapsed, NodeStatusMark, time},
};

#[component]
pub(super) fn Attempts(state: Signal<NodeState>, attempts: Signal<Vec<Attempt>>) -> impl IntoView {
    let most = move || state.with(|state| state.max_attempts);
    let summary = move || match most() {
        0 => "Not started yet.".to_owned(),
        1 => "This node is tried once.".to_owned(),
        most => format!("This node is tried at most {most} times."),
    };
    view! {
        <p class="retries-summary">{summary}</p>
        <ol class="retries" aria-label="Attempts">
            {move || {
                let all = attempts.get();
                let last = all.len();
                let line = |(at, attempt)| attempt_view(attempt, at + 1 == last);
                all.into_iter().enumerate().map(line).collect_view()
            }}
        </ol>
    }
}

fn attempt_view(attempt: Attempt, last: bool) -> impl IntoView {
    let status = attempt.outcome.map_or(NodeStatus::Running, Into::into);
    let error = attempt.error.map(|error| view! { <p class="attempt-error">{error.message}</p> });
    let next = attempt.next_at.filter(|_| last).map(|at| {
        view! { <p class="quiet">"Next attempt at " <time title=time::absolute(at)>{time::wall_clock(at)}</time></p> }
    });
    view! {
        <li>
            <div class="attempt-head">
                <strong>{format!("Attempt {}", attempt.number)}</strong>
                <NodeStatusMark status=status/>
                <Elapsed from=attempt.started_at to=attempt.ended_at/>
            </div>
            {error} {next}
        </li>
    }
}
