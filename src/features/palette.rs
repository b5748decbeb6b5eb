//! "Add a node": every kind there is, to drag onto the canvas or to add by a double click, a tap or Enter.
//!
//! May import: the pure crates, `ui`. Not other features.

use leptos::prelude::*;
use slipway_flow::{
    kinds::{self, Kind, Section},
    stage::Stage,
};
use web_sys::{KeyboardEvent, PointerEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::ui::{Glyph, Icon};

/// The palette of a stage. `glyph` draws a kind; `on_grab` begins a drag of the kind with that
/// index, `on_add` adds it where the selection is.
#[component]
pub fn Palette(
    glyph: fn(kinds::Icon) -> Glyph,
    stage: Stage,
    on_grab: Callback<(usize, PointerEvent)>,
    on_add: Callback<(usize,)>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0usize);
    let found = Memo::new(move |_| {
        let mut found = kinds::offered(&query.get());
        // In the order of the table, as the sections show them.
        found.sort_unstable();
        found
    });
    let chosen = move || found.with(|found| found.get(active.get()).copied());
    let on_keydown = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|active| *active = (*active + 1).min(last)),
            "ArrowUp" => active.update(|active| *active = active.saturating_sub(1)),
            "Home" => active.set(0),
            "End" => active.set(last),
            "Enter" => {
                let chosen = untrack(chosen).filter(|index| refusal(*index, stage).is_none());
                if let Some(index) = chosen {
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
            <h2 id="palette-title" class="visually-hidden">"Add a node"</h2>
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
                                stage=stage
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
            <p class="palette-hint">"Drag into the flow, or double-click, tap or press Enter to add behind the selected node."</p>
        </section>
    }
}

/// The kinds of one section below its heading; nothing where the search has none of them.
#[component]
fn Part(
    section: Section,
    found: Memo<Vec<usize>>,
    glyph: fn(kinds::Icon) -> Glyph,
    stage: Stage,
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
                        stage=stage
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
    stage: Stage,
    active: Signal<bool>,
    on_grab: Callback<(usize, PointerEvent)>,
    on_add: Callback<(usize,)>,
) -> impl IntoView {
    let kind: &'static Kind = kinds::all()[index];
    let refusal = StoredValue::new(kind.refusal(stage));
    let offered = move || refusal.with_value(Option::is_none);
    let element = NodeRef::<leptos::html::Div>::new();
    // A finger has no double click: its tap adds.
    let by_finger = StoredValue::new(false);
    let add = move |by: bool| {
        if offered() && by_finger.get_value() == by {
            on_add.run((index,));
        }
    };
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
            aria-disabled=(!offered()).then_some("true")
            aria-description=refusal.get_value()
            title=refusal.get_value().unwrap_or_else(|| kind.help.to_owned())
            on:pointerdown=move |event| {
                by_finger.set_value(event.pointer_type() == "touch");
                if offered() {
                    on_grab.run((index, event));
                }
            }
            on:click=move |_| add(true)
            on:dblclick=move |_| add(false)
        >
            <Icon of=glyph(kind.icon) />
            <span>{kind.title}</span>
        </div>
    }
}

fn option_id(index: usize) -> String {
    format!("palette-{index}")
}

/// Those of the found kinds that belong to the section.
fn of_section(found: &[usize], section: Section) -> Vec<usize> {
    let belongs =
        |index: &usize| kinds::all().get(*index).is_some_and(|kind| kind.section == section);
    found.iter().copied().filter(belongs).collect()
}

/// Why the kind with this index makes no sense in the stage.
fn refusal(index: usize, stage: Stage) -> Option<String> {
    kinds::all().get(index)?.refusal(stage)
}
