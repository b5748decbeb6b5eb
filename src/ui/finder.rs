//! A list that is searched while typing: a combobox with its listbox, always open.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{icon::Icon, item::Item, unique_id};

/// The field and the list below it. Arrow keys walk through the list, Enter chooses; what can't be
/// chosen says why.
#[component]
pub fn Finder(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// What the list is called.
    #[prop(into)]
    list: String,
    #[prop(into)] placeholder: String,
    /// What there is for a text, in order.
    find: Callback<(String,), Vec<Item>>,
    on_choose: Callback<(String,)>,
    /// What is said where there is nothing.
    #[prop(into)]
    none: String,
) -> impl IntoView {
    let id = unique_id("finder");
    let list_id = id.clone();
    let field = NodeRef::<html::Input>::new();
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0usize);
    let items = Memo::new(move |_| find.run((query.get(),)));
    let count = Memo::new(move |_| items.with(Vec::len));
    let option = StoredValue::new(id.clone());
    let option_id = move |at: usize| option.with_value(|id| format!("{id}-{at}"));

    field.on_load(|field| {
        // Whatever it stands in must be open before it can have the keyboard.
        request_animation_frame(move || drop(field.focus()));
    });
    let go = move |to: usize| {
        active.set(to);
        let element = document().get_element_by_id(&option_id(to));
        if let Some(element) = element {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    };
    let choose = move |at: usize| {
        let chosen = items.with_untracked(|items| items.get(at).cloned());
        if let Some(item) = chosen.filter(|item| item.reason.is_none()) {
            on_choose.run((item.id,));
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        // What an input method is still composing is not ours.
        if event.is_composing() {
            return;
        }
        let last = count.get_untracked().saturating_sub(1);
        let at = active.get_untracked().min(last);
        match event.key().as_str() {
            "ArrowDown" => go(if at == last { 0 } else { at + 1 }),
            "ArrowUp" => go(if at == 0 { last } else { at - 1 }),
            "PageDown" => go((at + 8).min(last)),
            "PageUp" => go(at.saturating_sub(8)),
            "Enter" => choose(at),
            _ => return,
        }
        event.prevent_default();
    };
    let row = move |at: usize, item: Item| {
        let note = item.note().to_owned();
        let keys = (!item.keys.is_empty()).then(|| view! { <kbd>{item.keys.clone()}</kbd> });
        view! {
            <div
                id=option_id(at)
                class="finder-item"
                role="option"
                aria-selected=move || (active.get() == at).to_string()
                aria-disabled=item.reason.is_some().then_some("true")
                // The keyboard stays in the field.
                on:pointerdown=|event| event.prevent_default()
                on:click=move |_| choose(at)
            >
                {item.icon.map(|icon| view! { <Icon of=icon /> })}
                <span class="finder-words">
                    <span class="finder-label">{item.label}</span>
                    {(!note.is_empty()).then(|| view! { " " <span class="finder-note">{note}</span> })}
                </span>
                {keys}
            </div>
        }
    };
    let groups = move || {
        let mut at = 0;
        items.with(|items| {
            items
                .chunk_by(|one, next| one.group == next.group)
                .map(|group| {
                    let name = group[0].group.clone();
                    let heading = name.clone();
                    let rows: Vec<_> = group
                        .iter()
                        .map(|item| {
                            at += 1;
                            row(at - 1, item.clone())
                        })
                        .collect();
                    view! {
                        <div role="group" aria-label=name>
                            <div class="finder-heading" role="presentation" aria-hidden="true">{heading}</div>
                            {rows}
                        </div>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <div class="finder">
            <input
                node_ref=field
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                placeholder=placeholder
                aria-label=label
                aria-autocomplete="list"
                aria-expanded=move || (count.get() > 0).to_string()
                aria-controls=list_id
                aria-activedescendant=move || (count.get() > 0).then(|| option_id(active.get()))
                prop:value=move || query.get()
                on:input=move |event| {
                    active.set(0);
                    query.set(event_target_value(&event));
                }
                on:keydown=on_keydown
            />
            <div id=id class="finder-list" role="listbox" aria-label=list>
                {groups}
            </div>
            <p class="finder-none" role="status">
                {move || (count.get() == 0).then(|| none.clone())}
            </p>
        </div>
    }
}
