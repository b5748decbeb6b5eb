//! One row of the outline.

use leptos::{attr::custom::custom_attribute, prelude::*};
use slipway_flow::document::Key;
use web_sys::MouseEvent;

use super::state::{ROW, Rows, element_id};
use crate::ui::{Glyph, Icon};

/// What a row shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFace {
    pub title: String,
    /// Key settings in a few words, for where there is room.
    pub details: String,
    /// By what others read what it leaves behind; empty where it has none.
    pub reference: String,
    pub icon: Glyph,
    pub skipped: bool,
    pub errors: usize,
    pub warnings: usize,
}

#[component]
pub(super) fn RowView(
    key: Key,
    rows: Memo<Rows>,
    face: Callback<(Key,), RowFace>,
    selected: Signal<bool>,
    stop: Signal<bool>,
    on_press: Callback<(Key, MouseEvent)>,
    on_open: Callback<()>,
    on_fold: Callback<bool>,
    on_menu: Callback<(Key, MouseEvent)>,
) -> impl IntoView {
    let place = Memo::new(move |_| rows.with(|rows| rows.find(key)));
    let face = Memo::new(move |_| face.run((key,)));
    let number = move |pick: fn(&slipway_editor::outline::Row) -> usize| {
        place.get().map(|(_, row)| pick(&row))
    };
    let open = move || place.get().and_then(|(_, row)| row.open);
    let fold = move || {
        open().map(|open| {
            view! {
                // The arrow keys do the same: it is for the pointer.
                <span
                    class="outline-fold"
                    class:is-open=open
                    aria-hidden="true"
                    on:click=move |event: MouseEvent| {
                        event.stop_propagation();
                        on_fold.run(open);
                    }
                >
                    <Icon of=Glyph::ChevronRight />
                </span>
            }
        })
    };
    let marks = move || {
        let face = face.get();
        let counts = [(face.errors, "error"), (face.warnings, "warning")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| {
            let plural = if count == 1 { "" } else { "s" };
            view! { " " <span class=format!("mark is-{word}")>{format!("{count} {word}{plural}")}</span> }
        });
        let skipped =
            face.skipped.then(|| view! { " " <span class="mark is-quiet">"skipped"</span> });
        view! { {skipped} {counts.collect_view()} }
    };
    let details = move || {
        let (details, reference) = face.with(|face| (face.details.clone(), face.reference.clone()));
        let details = (!details.is_empty())
            .then(|| view! { " " <span class="outline-details">{details}</span> });
        let reference = (!reference.is_empty()).then(|| {
            view! { " " <span class="outline-ref mono">{format!("ref {reference}")}</span> }
        });
        view! { {details} {reference} }
    };
    view! {
        <div
            id=element_id(key)
            class="outline-row"
            class:is-selected=move || selected.get()
            class:is-skipped=move || face.with(|face| face.skipped)
            role="treeitem"
            {..custom_attribute("aria-level", move || number(|row| row.level))}
            aria-setsize=move || number(|row| row.siblings)
            aria-posinset=move || number(|row| row.position + 1)
            aria-selected=move || selected.get().to_string()
            aria-expanded=move || open().map(|open| open.to_string())
            tabindex=move || if stop.get() { "0" } else { "-1" }
            style:top=move || place.get().map(|(at, _)| format!("{}px", at as f64 * ROW))
            style:padding-left=move || {
                number(|row| row.level).map(|level| format!("{}px", 8 + 16 * (level - 1).min(12)))
            }
            on:click=move |event| on_press.run((key, event))
            on:dblclick=move |_| on_open.run(())
            on:contextmenu=move |event| on_menu.run((key, event))
        >
            {fold}
            <Icon of=Signal::derive(move || face.with(|face| face.icon)) />
            <span class="outline-title">{move || face.with(|face| face.title.clone())}</span>
            {details}
            {marks}
        </div>
    }
}
