//! The rows: each leads to its place, with its corrections beside it.

use leptos::prelude::*;
use slipway_editor::tell;
use slipway_flow::check::Problem;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    count::{glyph, tone},
    sift::Group,
    state::ProblemsState,
};
use crate::{
    state::target::problem_words,
    ui::{Button, Icon},
};

const LIST: &str = "problems-list";

#[component]
pub(super) fn Groups(
    state: ProblemsState,
    editable: bool,
    on_jump: Callback<(Problem,)>,
) -> impl IntoView {
    let groups = move || {
        // A row may say something else while the places in the list stay the same.
        state.problems.track();
        keep_focus(state);
        let mut first = 0;
        let mut left = state.most.get();
        let groups = state.groups.get().into_iter().filter_map(|mut group| {
            let from = first;
            first += group.problems.len();
            let shown = group.problems.len().min(left);
            left -= shown;
            if shown == 0 {
                return None;
            }
            let whole = group.problems.len();
            group.problems.truncate(shown);
            Some(rows(state, group, whole, from, editable, on_jump))
        });
        groups.collect_view()
    };
    let more = move || {
        let all = state.groups.with(|groups| groups.iter().map(|it| it.problems.len()).sum());
        let more = usize::saturating_sub(all, state.most.get());
        (more > 0).then(|| {
            let next = more.min(ProblemsState::shown_step());
            view! {
                <div class="problems-more">
                    {format!("{more} more are not shown.")}
                    <Button on_click=Callback::new(move |_| {
                        let first = state.most.get_untracked();
                        state.show_more();
                        focus(first);
                    })>{format!("Show {next} more")}</Button>
                </div>
            }
        })
    };
    let none = move || {
        let sifted = state.problems.with(|problems| !problems.is_empty())
            && state.groups.with(Vec::is_empty);
        sifted.then(|| view! { <p class="problems-more">"No problem fits what is looked for."</p> })
    };
    // The arrow keys walk over the rows.
    let on_key = move |event: KeyboardEvent| {
        let Some(at) = row_of(event.target()) else { return };
        let last = state.listed().min(state.most.get_untracked()).saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowDown" => (at + 1).min(last),
            "ArrowUp" => at.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        focus(to);
    };
    view! {
        <ul id=LIST class="problems-list" aria-label="Problems" on:keydown=on_key>
            {groups}
        </ul>
        {none}
        {more}
    }
}

fn rows(
    state: ProblemsState,
    group: Group,
    whole: usize,
    from: usize,
    editable: bool,
    on_jump: Callback<(Problem,)>,
) -> AnyView {
    let problems: Vec<Problem> = state.problems.with_untracked(|problems| {
        group.problems.iter().filter_map(|at| problems.get(*at).cloned()).collect()
    });
    let titled = !group.title.is_empty();
    let rows = problems
        .into_iter()
        .enumerate()
        .map(|(at, problem)| row(state, problem, from + at, editable, on_jump));
    let rows = rows.collect_view();
    if !titled {
        return rows.into_any();
    }
    let fix_all = group.code.filter(|_| editable && group.fixable > 1).map(|code| {
        let fix_all = Callback::new(move |_| {
            state.fix_all(code);
            follow(state);
        });
        view! {
            <Button class="problem-fix" on_click=fix_all>
                {format!("Fix all of this kind ({})", group.fixable)}
            </Button>
        }
    });
    view! {
        <li class="problem-group">
            <div class="problem-heading">
                <span class="problem-title">{group.title.clone()}</span>
                <span class="problems-count">{whole}</span>
                {fix_all}
            </div>
            <ul aria-label=group.title>{rows}</ul>
        </li>
    }
    .into_any()
}

fn row(
    state: ProblemsState,
    problem: Problem,
    at: usize,
    editable: bool,
    on_jump: Callback<(Problem,)>,
) -> AnyView {
    let (place, field) = state.editor.read_untracked(|document| problem_words(document, &problem));
    let step = if field.is_empty() { "" } else { tell::STEP };
    let severity = problem.severity;
    let jump = move |_| {
        state.at.set(Some(at));
        if let Some(problem) = state.problem(at) {
            on_jump.run((problem,));
        }
    };
    let fix = move |(which, label): (usize, String)| {
        let fix = Callback::new(move |_| {
            state.fix(at, which);
            follow(state);
        });
        view! { <Button class="problem-fix" on_click=fix>{label}</Button> }
    };
    let fixes = problem.fixes.into_iter().map(|fix| fix.label).enumerate();
    let fixes: Vec<_> = fixes.filter(|_| editable).map(fix).collect();
    view! {
        <li class="problem" aria-current=move || (state.at.get() == Some(at)).then_some("true")>
            <button type="button" class="problem-jump" id=format!("problem-{at}") on:click=jump>
                <span class="problem-mark" data-tone=tone(severity)>
                    <Icon of=glyph(severity) />
                    <span class="visually-hidden">{format!("{}: ", capital(severity.word()))}</span>
                </span>
                <span class="problem-place">{place} <span class="problem-field">{step} {field}</span></span>
                <span class="problem-sentence">{problem.sentence}</span>
            </button>
            {fixes}
        </li>
    }
    .into_any()
}

fn capital(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// The keyboard goes to the problem at hand; where none is left, to the panel's heading.
fn follow(state: ProblemsState) {
    match state.at.get_untracked() {
        Some(at) => {
            if at >= state.most.get_untracked() {
                state.show_more();
            }
            focus(at);
        }
        None => focus_summary(),
    }
}

/// The rows are made anew: whoever was on one of them stays at its place.
fn keep_focus(state: ProblemsState) {
    let active = document().active_element();
    let Some(at) = row_of(active.map(Into::into)) else { return };
    request_animation_frame(move || {
        let lost = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
        if lost {
            match state.listed() {
                0 => focus_summary(),
                left => focus(at.min(left - 1)),
            }
        }
    });
}

pub(super) fn focus_summary() {
    focus_soon("problems-summary".to_owned());
}

pub(super) fn focus(at: usize) {
    focus_soon(format!("problem-{at}"));
}

/// The rows are there once the effects of what was done have run.
fn focus_soon(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// The place of the row that an event happened in.
fn row_of(target: Option<web_sys::EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<web_sys::Element>().ok()?;
    let row = element.closest(".problem").ok()??;
    let jump = row.query_selector(".problem-jump").ok()??;
    jump.id().strip_prefix("problem-")?.parse().ok()
}
