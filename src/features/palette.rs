//! "Add a node": every kind there is, to drag onto the canvas or to add by a click or Enter.
//!
//! May import: the pure crates, `ui`. Not other features.

use leptos::prelude::*;
use slipway_flow::kinds::{self, Kind, Section};
use web_sys::{KeyboardEvent, PointerEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

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
                {Section::ALL
                    .map(|section| {
                        view! {
                            <Part
                                section=section
                                found=found
                                glyph=glyph
                                chosen=Signal::derive(chosen)
                                on_grab=on_grab
                                on_add=on_add
                            />
                        }
                    })
                    .collect_view()}
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

/// The kinds of one section below its heading; nothing where the search has none of them.
#[component]
fn Part(
    section: Section,
    found: Memo<Vec<usize>>,
    glyph: fn(kinds::Icon) -> Glyph,
    chosen: Signal<Option<usize>>,
    on_grab: Callback<(usize, PointerEvent)>,
    on_add: Callback<(usize,)>,
) -> impl IntoView {
    let mine = Memo::new(move |_| found.with(|found| of_section(found, section)));
    let heading = format!("palette-{section:?}").to_lowercase();
    view! {
        <Show when=move || !mine.with(Vec::is_empty)>
            <div role="group" aria-labelledby=heading.clone()>
                <div id=heading.clone() class="palette-heading" role="presentation">
                    {section.title()}
                </div>
                <For each=move || mine.get() key=|index| *index let:index>
                    <Entry
                        index=index
                        glyph=glyph
                        active=Signal::derive(move || chosen.get() == Some(index))
                        on_grab=on_grab
                        on_add=on_add
                    />
                </For>
            </div>
        </Show>
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
    let element = NodeRef::<leptos::html::Div>::new();
    // Not when it appears: only when the arrow keys come to it.
    Effect::new(move |before: Option<bool>| {
        let now = active.get();
        if before == Some(false)
            && now
            && let Some(element) = element.get_untracked()
        {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
        now
    });
    view! {
        <div
            node_ref=element
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

/// Those of the found kinds that belong to the section.
fn of_section(found: &[usize], section: Section) -> Vec<usize> {
    let belongs =
        |index: &usize| kinds::all().get(*index).is_some_and(|kind| kind.section == section);
    found.iter().copied().filter(belongs).collect()
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

    #[test]
    fn arrow_keys_follow_what_is_seen() {
        let found = matching("");
        let seen: Vec<usize> =
            Section::ALL.iter().flat_map(|section| of_section(&found, *section)).collect();
        assert_eq!(seen, found, "sections stand in the order of the table");
    }
}
