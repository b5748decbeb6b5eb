//! A small menu that opens from a button, on the native popover: it closes on Escape and on a
//! click elsewhere, and the browser takes care of the focus.

use leptos::{ev::MouseEvent, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    classes,
    icon::{Glyph, Icon},
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
