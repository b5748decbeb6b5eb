//! A small menu that opens from a button, on the native popover: it closes on Escape and on a
//! click elsewhere, and the browser takes care of the focus.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    classes,
    icon::{Glyph, Icon},
    item::Item,
    unique_id,
};

/// The button and what it opens. Put [`MenuButton`]s and [`MenuLink`]s inside.
#[component]
pub fn Menu(
    /// What the button is called.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] icon: Signal<Glyph>,
    /// Words on the button, beside the icon; without them the label is its tooltip.
    #[prop(optional, into)]
    words: MaybeProp<String>,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    let id = unique_id("menu");
    let target = id.clone();
    let panel = NodeRef::<html::Div>::new();
    // A popover lies above everything, at the window's corner unless it is put elsewhere.
    let place = move |event: MouseEvent| {
        let button = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let (Some(button), Some(panel)) = (button, panel.get_untracked()) else { return };
        let rect = button.get_bounding_client_rect();
        let width = window().inner_width().ok().and_then(|it| it.as_f64()).unwrap_or(rect.right());
        let style = web_sys::HtmlElement::style(&panel);
        let _ = style.set_property("top", &format!("{}px", rect.bottom() + 4.0));
        // It grows towards the middle of the window, where there is room.
        let (side, gap) = if rect.left() + rect.right() > width {
            ("right", width - rect.right())
        } else {
            ("left", rect.left())
        };
        let _ = style.set_property(side, &format!("{}px", gap.max(8.0)));
    };
    // Choosing something closes the menu; so does the browser, but only for clicks outside.
    let close = move |_| {
        if let Some(panel) = panel.get_untracked() {
            let _ = panel.hide_popover();
        }
    };
    view! {
        <button
            type="button"
            class=classes(&["button menu-button", &class])
            popovertarget=target
            aria-haspopup="true"
            aria-label=move || label.get()
            title=move || words.get().is_none().then(|| label.get())
            on:click=place
        >
            <Icon of=icon/>
            {move || words.get().map(|words| view! { <span class="menu-words">{words}</span> })}
        </button>
        <div
            node_ref=panel
            id=id
            class="menu"
            popover="auto"
            role="group"
            aria-label=move || label.get()
            on:click=close
        >
            {children()}
        </div>
    }
}

/// Something that a menu does. `chosen` marks the one of several that is in force.
#[component]
pub fn MenuButton(
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional, into)] chosen: MaybeProp<bool>,
    #[prop(into)] on_click: Callback<MouseEvent>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="menu-item"
            aria-pressed=move || chosen.get().map(|chosen| if chosen { "true" } else { "false" })
            on:click=move |event| on_click.run(event)
        >
            {icon.map(|icon| view! { <Icon of=icon/> })}
            {children()}
        </button>
    }
}

/// Somewhere that a menu leads.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] current: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href aria-current=current.then_some("true")>
            {icon.map(|icon| view! { <Icon of=icon/> })}
            {children()}
        </a>
    }
}

/// A menu of things to do, for a popover: arrow keys and first letters walk through it. What can't
/// be done now is there all the same, and says why.
#[component]
pub fn ActionMenu(
    #[prop(into)] label: String,
    items: Vec<Item>,
    on_choose: Callback<(String,)>,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    list.on_load(|list| {
        request_animation_frame(move || focus_item(&list, |_, _| 0));
    });
    let on_keydown = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => focus_item(&list, |at, count| (at + 1) % count),
            "ArrowUp" => focus_item(&list, |at, count| (at + count - 1) % count),
            "Home" => focus_item(&list, |_, _| 0),
            "End" => focus_item(&list, |_, count| count - 1),
            // It is one stop: Tab would lead behind it.
            "Tab" => {}
            letter if letter.chars().count() == 1 && letter != " " => {
                focus_lettered(&list, &letter.to_lowercase());
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let item = move |item: Item| {
        let Item { id, icon, label, help, keys, reason, .. } = item;
        let blocked = reason.is_some();
        let note = reason.clone().unwrap_or(help);
        view! {
            <button
                type="button"
                class="menu-item"
                role="menuitem"
                tabindex="-1"
                aria-disabled=blocked.then_some("true")
                aria-description=(!note.is_empty()).then(|| note.clone())
                aria-keyshortcuts=(!keys.is_empty()).then(|| keys.replace("Ctrl", "Control"))
                title=(!note.is_empty()).then_some(note)
                on:click=move |_| {
                    if !blocked {
                        on_choose.run((id.clone(),));
                    }
                }
            >
                {icon.map(|icon| view! { <Icon of=icon /> })}
                <span class="menu-label">{label}</span>
                {(!keys.is_empty()).then(|| view! { <kbd aria-hidden="true">{keys.clone()}</kbd> })}
            </button>
        }
    };
    let groups = items
        .chunk_by(|one, next| one.group == next.group)
        .enumerate()
        .map(|(at, group)| {
            let line = (at > 0).then(|| view! { <div class="menu-line" role="separator"></div> });
            view! { {line} {group.iter().cloned().map(item).collect_view()} }
        })
        .collect_view();
    view! {
        <div node_ref=list class="menu-list" role="menu" aria-label=label on:keydown=on_keydown>
            {groups}
        </div>
    }
}

fn menu_items(list: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = list.query_selector_all("[role=menuitem]") else { return Vec::new() };
    let items = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok());
    items.collect()
}

/// Gives an item the keyboard: its place from the place of the one that has it, and their number.
fn focus_item(list: &HtmlElement, to: impl Fn(usize, usize) -> usize) {
    let items = menu_items(list);
    let active = document().active_element();
    let at = items.iter().position(|item| active.as_ref() == Some(item.as_ref()));
    if let Some(item) = items.get(to(at.unwrap_or(0), items.len().max(1))) {
        // An item that is gone meanwhile simply isn't focused.
        let _ = item.focus();
    }
}

/// Gives the keyboard to the next item that begins with a letter.
fn focus_lettered(list: &HtmlElement, letter: &str) {
    let items = menu_items(list);
    let active = document().active_element();
    let at = items.iter().position(|item| active.as_ref() == Some(item.as_ref())).unwrap_or(0);
    let begins = |item: &&HtmlElement| {
        item.text_content().is_some_and(|text| text.to_lowercase().starts_with(letter))
    };
    let next = items.iter().cycle().skip(at + 1).take(items.len()).find(begins);
    if let Some(item) = next {
        let _ = item.focus();
    }
}
