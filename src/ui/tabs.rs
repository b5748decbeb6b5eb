//! Tabs: one tab stop, arrow keys between them.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

use super::classes;

/// One tab. `id` names it in the address and to whoever shows its panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub id: String,
    pub label: String,
}

impl Tab {
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into() }
    }
}

/// The row of tabs and, below it, `children`: the panel of the chosen one.
#[component]
pub fn Tabs(
    /// What the tabs are about.
    #[prop(into)]
    label: String,
    #[prop(into)] tabs: Signal<Vec<Tab>>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    let panel = super::unique_id("panel");
    let controls = panel.clone();
    let move_by = move |event: KeyboardEvent| {
        let all = tabs.get_untracked();
        let current = chosen.with_untracked(|id| all.iter().position(|tab| tab.id == *id));
        let count = all.len();
        let next = match (event.key().as_str(), current.unwrap_or(0)) {
            _ if count == 0 => return,
            ("ArrowRight", at) => (at + 1) % count,
            ("ArrowLeft", at) => (at + count - 1) % count,
            ("Home", _) => 0,
            ("End", _) => count - 1,
            _ => return,
        };
        event.prevent_default();
        on_choose.run(all[next].id.clone());
        focus_nth(&event, next);
    };
    let item = move |tab: Tab| {
        let Tab { id, label } = tab;
        let own = id.clone();
        let is_chosen = Memo::new(move |_| chosen.get() == own);
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                aria-controls=controls.clone()
                aria-selected=move || if is_chosen.get() { "true" } else { "false" }
                tabindex=move || if is_chosen.get() { "0" } else { "-1" }
                on:click=move |_| on_choose.run(id.clone())
            >
                {label}
            </button>
        }
    };
    view! {
        <div class=classes(&["tabs", &class])>
            <div class="tab-row" role="tablist" aria-label=label on:keydown=move_by>
                {move || tabs.get().into_iter().map(item.clone()).collect_view()}
            </div>
            <div class="tab-panel" role="tabpanel" id=panel>{children()}</div>
        </div>
    }
}

/// Moves the focus to the tab in that place.
fn focus_nth(event: &KeyboardEvent, place: usize) {
    let row = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let tab = row
        .and_then(|row| row.children().item(u32::try_from(place).unwrap_or(0)))
        .and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(tab) = tab {
        // An element that is gone meanwhile simply isn't focused.
        let _ = tab.focus();
    }
}
