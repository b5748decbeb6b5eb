//! "Add a node": every kind there is, to drag onto the canvas or to add by a click or Enter.
//!
//! May import: the pure crates, `ui`. Not other features.

use leptos::prelude::*;
use slipway_flow::kinds::{self, Kind};
use web_sys::{KeyboardEvent, PointerEvent};

use crate::ui::{Glyph, Icon};

/// The palette. `glyph` draws a kind; `on_grab` begins a drag of the kind with that index, `on_add`
/// adds it where the selection is.
#[component]
pub fn Palette(
    glyph: fn(kinds::Icon) -> Glyph,
    on_grab: Callback<(usize, PointerEvent)>,
    on_add: Callback<(usize,)>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0usize);
    let found = Memo::new(move |_| matching(&query.get()));
    let chosen = move || found.with(|found| found.get(active.get()).copied());
    let on_keydown = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|active| *active = (*active + 1).min(last)),
            "ArrowUp" => active.update(|active| *active = active.saturating_sub(1)),
            "Home" => active.set(0),
            "End" => active.set(last),
            "Enter" => {
                if let Some(index) = untrack(chosen) {
                    // What was searched for is found: the next look begins with everything again.
                    query.set(String::new());
                    active.set(0);
                    on_add.run((index,));
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <section class="palette" aria-labelledby="palette-title" on:keydown=on_keydown>
            <h2 id="palette-title" class="panel-title">"Add a node"</h2>
            <input
                id="palette-search"
                class="input"
                type="search"
                placeholder="Find a kind"
                aria-label="Find a kind of node"
                aria-controls="palette-list"
                aria-activedescendant=move || chosen().map(option_id)
                prop:value=move || query.get()
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    active.set(0);
                }
            />
            <div
                id="palette-list"
                class="palette-list"
                role="listbox"
                aria-label="Add a node"
                tabindex="0"
                aria-activedescendant=move || chosen().map(option_id)
            >
                <For each=move || found.get() key=|index| *index let:index>
                    <Entry
                        index=index
                        glyph=glyph
                        active=Signal::derive(move || chosen() == Some(index))
                        on_grab=on_grab
                        on_add=on_add
                    />
                </For>
            </div>
            {move || {
                found
                    .with(Vec::is_empty)
                    .then(|| view! { <p class="palette-none" role="status">"No kind of node has this name."</p> })
            }}
            <p class="palette-hint">"Drag into the flow, or press Enter to add behind the selected node."</p>
        </section>
    }
}

#[component]
fn Entry(
    index: usize,
    glyph: fn(kinds::Icon) -> Glyph,
    active: Signal<bool>,
    on_grab: Callback<(usize, PointerEvent)>,
    on_add: Callback<(usize,)>,
) -> impl IntoView {
    let kind: &'static Kind = kinds::all()[index];
    view! {
        <div
            id=option_id(index)
            class="palette-entry"
            role="option"
            aria-selected=move || active.get().to_string()
            title=kind.help
            on:pointerdown=move |event| on_grab.run((index, event))
            on:dblclick=move |_| on_add.run((index,))
        >
            <Icon of=glyph(kind.icon) />
            <span>{kind.title}</span>
        </div>
    }
}

fn option_id(index: usize) -> String {
    format!("palette-{index}")
}

/// The kinds for a flow whose title or name has every word of the query, in the table's order.
fn matching(query: &str) -> Vec<usize> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    kinds::all()
        .iter()
        .enumerate()
        .filter(|(_, kind)| kind.scope.in_flow())
        .filter(|(_, kind)| {
            let text = format!("{} {}", kind.title, kind.kind).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        })
        .map(|(index, _)| index)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_title_and_by_name() {
        let of_flows = kinds::all().iter().filter(|kind| kind.scope.in_flow()).count();
        assert_eq!(matching("").len(), of_flows);
        let titles =
            |query| matching(query).into_iter().map(|i| kinds::all()[i].title).collect::<Vec<_>>();
        assert_eq!(titles("jobrun"), ["Run job"]);
        assert_eq!(titles("build deploy"), ["Deploy build"]);
        assert!(matching("teapot").is_empty());
        assert!(matching("OpenTofuDestroy").is_empty(), "only for a teardown");
    }
}
