//! What would come of a push, a pull request or a call: the sentence, the rules, the values.

use leptos::prelude::*;
use serde_json::Value;
use slipway_editor::command::List;
use slipway_flow::trigger::{Answer, Given, Outcome, Reason, Verdict};

use super::Desk;
use crate::ui::{Glyph, Icon};

pub(super) fn view(desk: Desk, answer: &Answer, is_call: bool) -> AnyView {
    let (tone, glyph) = match &answer.outcome {
        Outcome::Run(..) => ("good", Glyph::Check),
        Outcome::Nothing(_) => ("careful", Glyph::Skip),
    };
    let triggers: Vec<_> = answer.triggers.iter().map(|verdict| trigger(desk, verdict)).collect();
    let values = match &answer.outcome {
        Outcome::Run(_, given) => Some(values(given)),
        Outcome::Nothing(_) => None,
    };
    let status = is_call.then(|| {
        let status = match &answer.outcome {
            Outcome::Run(..) => 200,
            Outcome::Nothing(nothing) => nothing.status(),
        };
        view! { <p>{format!("The caller is answered with the status {status} and this sentence.")}</p> }
    });
    view! {
        <p class="settings-outcome" data-tone=tone role="status">
            <Icon of=glyph/>
            {answer.sentence().to_owned()}
        </p>
        {status}
        {triggers}
        <h4>"The flow as a whole"</h4>
        {reasons(desk, &answer.flow)}
        {values}
    }
    .into_any()
}

fn trigger(desk: Desk, verdict: &Verdict) -> impl IntoView + use<> {
    let fires = verdict.fires();
    let title =
        desk.editor.read_untracked(|document| List::Triggers.title(document, verdict.trigger));
    view! {
        <h4>
            {title} " "
            <span class="badge" data-tone=if fires { "good" } else { "neutral" }>
                {if fires { "starts a run" } else { "starts nothing" }}
            </span>
        </h4>
        {reasons(desk, &verdict.reasons)}
    }
}

fn reasons(desk: Desk, reasons: &[Reason]) -> impl IntoView + use<> {
    let row = |reason: &Reason| {
        let (glyph, word, tone) = if reason.passes {
            (Glyph::Check, "Passes", "good")
        } else {
            (Glyph::Cross, "Stops it", "bad")
        };
        let pointer = reason.pointer.clone();
        let place = reason.rule.words();
        view! {
            <li class="settings-reason">
                <span class="settings-mark" data-tone=tone>
                    <Icon of=glyph/>
                    <span class="visually-hidden">{word}": "</span>
                </span>
                <button
                    type="button"
                    class="link-button"
                    title="Show this setting"
                    on:click=move |_| { desk.go_to(&pointer); }
                >
                    {place}
                </button>
                <span>{reason.sentence.clone()}</span>
            </li>
        }
    };
    view! { <ul class="settings-reasons">{reasons.iter().map(row).collect_view()}</ul> }
}

/// What the run gets, and how nodes read it.
fn values(given: &Given) -> impl IntoView + use<> {
    let mut rows: Vec<(String, String)> = Vec::new();
    let named = [("Name of the run", &given.name), ("Description", &given.description)];
    for (label, text) in named {
        rows.extend(text.clone().map(|text| (label.to_owned(), text)));
    }
    for (name, value) in &given.arguments {
        rows.push((format!("${{args.{name}}}"), words(value)));
    }
    for (reference, values) in &given.overrides {
        for (name, value) in values.as_object().into_iter().flatten() {
            rows.push((format!("${{refs.{reference}.{name}}}"), words(value)));
        }
    }
    let body = if rows.is_empty() {
        view! { <p>"Nothing: it has the values of the document alone."</p> }.into_any()
    } else {
        let row = |(name, value)| {
            view! { <tr><th scope="row" class="mono">{name}</th><td class="mono">{value}</td></tr> }
        };
        view! {
            <table class="settings-values" aria-label="What the run gets">
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <h4>"What the run gets"</h4>
        {body}
    }
}

fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
