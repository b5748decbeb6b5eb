//! What the checks found in the document, as a list that leads to each place.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

use leptos::{html, prelude::*};
use slipway_editor::command::Command;
use slipway_flow::{
    check::{Fix, Problem, Severity},
    document::Key,
    kinds,
};

use crate::{
    state::document::EditorHandle,
    ui::{Button, Glyph, Icon},
};

/// Problems listed at once; the rest is counted.
const MOST: usize = 200;

/// The list, worst first. `on_jump` leads to a problem's node, `on_setting` to the place of one in
/// the document around the flow; where the flow may be changed, a
/// button beside a problem corrects it.
#[component]
pub fn Problems(
    editor: EditorHandle,
    editable: bool,
    on_jump: Callback<(Key,)>,
    on_setting: Callback<(String,)>,
) -> impl IntoView {
    let heading = NodeRef::<html::Summary>::new();
    let on_fix = Callback::new(move |(fix,): (Fix,)| {
        if editor.dispatch(&Command::Fix(fix)) {
            // The button goes with its problem: the keyboard stays in the list.
            editor.check_now();
            if let Some(heading) = heading.get_untracked() {
                let _ = heading.focus();
            }
        }
    });
    let on_fix = editable.then_some(on_fix);
    let count = move |severity: Severity| {
        editor.problems.with(|problems| problems.iter().filter(|p| p.severity == severity).count())
    };
    let summary =
        move || match (count(Severity::Error), count(Severity::Warning), count(Severity::Hint)) {
            (0, 0, 0) => "No problems".to_owned(),
            (errors, warnings, hints) => {
                [(errors, "error"), (warnings, "warning"), (hints, "hint")]
                    .into_iter()
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, word)| {
                        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
                    })
                    .collect::<Vec<_>>()
                    .join(", ")
            }
        };
    let rows = move || {
        let mut problems = editor.problems.with(|problems| problems.as_ref().clone());
        problems.sort_by_key(|problem| problem.severity);
        let more = problems.len().saturating_sub(MOST);
        problems.truncate(MOST);
        let rows = problems
            .into_iter()
            .map(|problem| row(editor, problem, on_jump, on_setting, on_fix))
            .collect_view();
        let more =
            (more > 0).then(|| view! { <li class="problem">{format!("… and {more} more.")}</li> });
        (rows, more)
    };
    view! {
        <details class="problems" open>
            <summary node_ref=heading>
                <span class="panel-title">"Problems"</span>
                <span class="problems-count" role="status">{summary}</span>
            </summary>
            <ul class="problems-list" aria-label="Problems">
                {rows}
            </ul>
        </details>
    }
}

fn row(
    editor: EditorHandle,
    problem: Problem,
    on_jump: Callback<(Key,)>,
    on_setting: Callback<(String,)>,
    on_fix: Option<Callback<(Fix,)>>,
) -> impl IntoView {
    let (glyph, word, tone) = match problem.severity {
        Severity::Error => (Glyph::Cross, "Error", "bad"),
        Severity::Warning => (Glyph::Warning, "Warning", "careful"),
        Severity::Hint => (Glyph::Info, "Hint", "neutral"),
    };
    let place = match problem.node {
        Some(node) => editor.read_untracked(|document| kinds::title(document, node)),
        None => "The flow".to_owned(),
    };
    let text = view! {
        <span class="problem-mark" data-tone=tone>
            <Icon of=glyph />
            <span class="visually-hidden">{word}": "</span>
        </span>
        <span class="problem-place">{place}</span>
        <span class="problem-sentence">{problem.sentence}</span>
    };
    let (node, pointer) = (problem.node, problem.pointer);
    let jump = move |_| match node {
        Some(node) => on_jump.run((node,)),
        None => on_setting.run((pointer.clone(),)),
    };
    let said = view! {
        <button type="button" class="problem-jump" on:click=jump>
            {text}
        </button>
    };
    let fixes = on_fix.map(|on_fix| {
        let button = move |fix: Fix| {
            let label = fix.label.clone();
            let fix = move |_| on_fix.run((fix.clone(),));
            view! { <Button class="problem-fix" on_click=Callback::new(fix)>{label}</Button> }
        };
        problem.fixes.into_iter().map(button).collect_view()
    });
    view! { <li class="problem">{said}{fixes}</li> }
}
