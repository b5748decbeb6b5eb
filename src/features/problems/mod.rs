//! What the checks found in the document, as a list that leads to each place and corrects it.
//!
//! - `sift`: which problems are listed, and how. - `state`: which one is at hand. - `list`: the
//!   rows. - `count`: how many there are, in a word.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod count;
mod list;
mod sift;
mod state;

use leptos::{html, prelude::*};
use slipway_flow::check::{Problem, Severity};

pub use count::ProblemCount;
pub use state::ProblemsState;

use crate::ui::{Button, Choice, Select, unique_id};
use count::{SEVERITIES, counted, words};
use list::Groups;
use sift::Grouping;

/// The panel. `on_jump` leads to a problem's place; where the flow may be changed, buttons beside
/// the problems correct them.
#[component]
pub fn Problems(
    state: ProblemsState,
    editable: bool,
    on_jump: Callback<(Problem,)>,
) -> impl IntoView {
    let ProblemsState { problems, wanted, open, .. } = state;
    let panel = NodeRef::<html::Details>::new();
    let grouping = Signal::derive(move || wanted.with(|wanted| wanted.grouping.word().to_owned()));
    let on_group = Callback::new(move |word: String| {
        let grouping = Grouping::ALL.into_iter().find(|known| known.word() == word);
        wanted.update(|wanted| wanted.grouping = grouping.unwrap_or_default());
        state.begin_anew();
    });
    let choices: Vec<Choice> =
        Grouping::ALL.map(|known| Choice::new(known.word(), known.label())).into();
    let only = move |severity: Severity| {
        let count = move || problems.with(|problems| counted(problems, severity));
        let chosen = move || wanted.with(|wanted| wanted.severity == Some(severity));
        view! {
            <Button
                class="problems-only"
                icon=count::glyph(severity)
                attr:aria-pressed=move || if chosen() { "true" } else { "false" }
                on_click=Callback::new(move |_| {
                    wanted.update(|wanted| {
                        let again = wanted.severity == Some(severity);
                        wanted.severity = (!again).then_some(severity);
                    });
                    state.begin_anew();
                })
            >
                {move || words(count(), severity)}
            </Button>
        }
    };
    let search = unique_id("problems-search");
    let sifting = move || {
        let some = problems.with(|problems| !problems.is_empty());
        some.then(|| {
            view! {
                <div class="problems-tools" role="group" aria-label="Which problems">
                    {SEVERITIES.map(only).collect_view()}
                    <label class="visually-hidden" for=search.clone()>"Search the problems"</label>
                    <input
                        id=search.clone()
                        class="input problems-search"
                        type="search"
                        placeholder="Search"
                        prop:value=move || wanted.with(|wanted| wanted.text.clone())
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            wanted.update(|wanted| wanted.text = text);
                            state.begin_anew();
                        }
                    />
                    <Select
                        class="problems-grouping"
                        label="Order"
                        value=grouping
                        choices=Signal::stored(choices.clone())
                        on_change=on_group
                    />
                </div>
            }
        })
    };
    let some = Memo::new(move |_| problems.with(|problems| !problems.is_empty()));
    let sifting = move || some.get().then(|| untrack(&sifting));
    view! {
        <details
            node_ref=panel
            class="problems"
            prop:open=move || open.get()
            on:toggle=move |_| {
                if let Some(panel) = panel.get_untracked() {
                    open.set(panel.open());
                }
            }
        >
            <summary id="problems-summary">
                <span class="panel-title">"Problems"</span>
                <span class="problems-count" role="status">
                    {move || count::told(state)}
                </span>
            </summary>
            {sifting}
            <Groups state=state editable=editable on_jump=on_jump />
        </details>
    }
}
