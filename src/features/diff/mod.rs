//! What is different between two versions of a release flow: as a list of its nodes, and as text.
//! Saving, merging, importing and comparing revisions show it, put there by the pages.
//!
//! May import: `ui` and the pure crates.

mod text;

use leptos::prelude::*;
use slipway_flow::{
    diff::{Part, State, Told, diff},
    document::Document,
};

use crate::ui::{Empty, Tab, Tabs};
use text::TextDifference;

/// Rows that are shown before somebody asks for more.
const FIRST: usize = 200;

const NODES: &str = "nodes";
const TEXT: &str = "text";

/// The difference of two texts. One that is not JSON is compared as text alone.
#[component]
pub fn Differences(#[prop(into)] old: String, #[prop(into)] new: String) -> impl IntoView {
    let told = told(&old, &new);
    let chosen = RwSignal::new(if told.is_some() { NODES } else { TEXT }.to_owned());
    let nodes = told.is_some().then(|| Tab::new(NODES, "What changed"));
    let tabs: Vec<Tab> = nodes.into_iter().chain([Tab::new(TEXT, "As text")]).collect();
    let told = StoredValue::new(told);
    let texts = StoredValue::new((old, new));
    view! {
        <Tabs
            label="The difference"
            tabs=tabs
            chosen=chosen
            on_choose=Callback::new(move |id: String| chosen.set(id))
            class="differences"
        >
            {move || match told.get_value().filter(|_| chosen.with(|chosen| chosen == NODES)) {
                Some((summary, rows)) => {
                    view! { <NodeDifference summary=summary rows=rows /> }.into_any()
                }
                None => {
                    let (old, new) = texts.get_value();
                    view! { <TextDifference old=old new=new /> }.into_any()
                }
            }}
        </Tabs>
    }
}

fn told(old: &str, new: &str) -> Option<(String, Vec<Told>)> {
    let (old, new) = (Document::parse(old).ok()?, Document::parse(new).ok()?);
    let difference = diff(&old, &new);
    Some((difference.summary(), difference.told(&old, &new)))
}

#[component]
fn NodeDifference(summary: String, rows: Vec<Told>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty title="The same release flow">
                <p>"Only spacing, the order of members or the way that numbers are written differ, if anything."</p>
            </Empty>
        }
        .into_any();
    }
    let all = rows.len();
    let shown = RwSignal::new(FIRST);
    let rows = StoredValue::new(rows);
    let list = move || {
        rows.with_value(|rows| {
            let mut part = None;
            let mut lines = Vec::new();
            for told in rows.iter().take(shown.get()) {
                if part != Some(told.part) && told.part != Part::Settings {
                    lines.push(heading(told.part));
                }
                part = Some(told.part);
                lines.push(row(told));
            }
            lines
        })
    };
    view! {
        <p class="difference-summary">{summary}</p>
        <ul class="difference-rows" aria-label="Changes" tabindex="0">{list}</ul>
        {move || {
            let left = all.saturating_sub(shown.get());
            (left > 0)
                .then(|| {
                    view! {
                        <button type="button" class="button" on:click=move |_| shown.update(|shown| *shown += FIRST)>
                            {format!("Show more ({left} left)")}
                        </button>
                    }
                })
        }}
    }
    .into_any()
}

fn heading(part: Part) -> AnyView {
    let words = match part {
        Part::Settings => "Settings",
        Part::Trigger => "Triggers",
        Part::Input => "Inputs",
        Part::Flow => "Release flow",
        Part::Teardown => "Teardown",
    };
    view! { <li class="difference-part">{words}</li> }.into_any()
}

fn row(told: &Told) -> AnyView {
    let (word, tone, mark) = match told.state {
        State::Same => ("", "same", ""),
        State::Added => ("Added", "good", "+"),
        State::Removed => ("Removed", "bad", "−"),
        State::Changed => ("Changed", "careful", "~"),
        State::Moved => ("Moved", "active", "↕"),
        State::ChangedAndMoved => ("Changed and moved", "careful", "~"),
    };
    // The word beside the title says this already.
    let said = |phrase: &String| {
        let rest = phrase.strip_prefix(&word.to_lowercase()).unwrap_or(phrase);
        rest.trim_start_matches([',', ' ']).to_owned()
    };
    let phrases: Vec<String> =
        told.phrases.iter().map(said).filter(|phrase| !phrase.is_empty()).collect();
    let has_phrases = !phrases.is_empty();
    let phrases = phrases.into_iter().map(|phrase| view! { <li>{phrase}</li> }).collect_view();
    let depth = told.depth.min(8);
    view! {
        <li class="difference-row" data-state=tone data-depth=depth.to_string()>
            <span class="difference-mark" aria-hidden="true">{mark}</span>
            <div>
                <p>
                    <strong>{told.title.clone()}</strong>
                    " "
                    <span class="difference-word">{word}</span>
                </p>
                {has_phrases.then(|| view! { <ul>{phrases}</ul> })}
            </div>
        </li>
    }
    .into_any()
}
