//! Buttons, and links that look like buttons.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    classes,
    icon::{Glyph, Icon},
};

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing that this place is for.
    Primary,
    #[default]
    Quiet,
    /// What it does is hard to undo.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Quiet => "button",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button with words. With a `reason` it can't be pressed but can be reached, and says why; with
/// `disabled` alone it can't be reached either.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    /// Submits the form that it is in.
    #[prop(optional)]
    submit: bool,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Why it can't be pressed now: a sentence.
    #[prop(optional, into)]
    reason: MaybeProp<String>,
    /// Whether what it started is still going on; it can't be pressed meanwhile.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    let blocked = move || busy.get_untracked() || reason.with_untracked(Option::is_some);
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=classes(&[kind.class(), &class])
            disabled=move || disabled.get() && reason.get().is_none()
            aria-disabled=move || (reason.get().is_some() || busy.get()).then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-description=move || reason.get()
            title=move || reason.get()
            on:click=move |event| {
                if blocked() {
                    event.prevent_default();
                    event.stop_propagation();
                } else if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            {move || busy.get().then(|| view! { <Icon of=Glyph::Spinner class="spin"/> })}
            {icon.map(|icon| view! { <Icon of=icon/> })}
            {children()}
        </button>
    }
}

/// A button with an icon alone; the label is what it is called, and its tooltip.
#[component]
pub fn IconButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] icon: Signal<Glyph>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Why it can't be pressed now: a sentence.
    #[prop(optional, into)]
    reason: MaybeProp<String>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=classes(&["button button-icon", &class])
            aria-label=move || label.get()
            title=move || reason.get().unwrap_or_else(|| label.get())
            aria-description=move || reason.get()
            disabled=move || disabled.get() && reason.get().is_none()
            aria-disabled=move || reason.get().is_some().then_some("true")
            on:click=move |event| {
                if reason.with_untracked(Option::is_none) && let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            <Icon of=icon/>
        </button>
    }
}

/// A link that looks like a button. With a `reason` it leads nowhere, and says why.
#[component]
pub fn LinkButton(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional, into)] reason: MaybeProp<String>,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class=classes(&[kind.class(), &class])
            role="link"
            href=move || reason.get().is_none().then(|| href.get())
            tabindex=move || reason.get().is_some().then_some("0")
            aria-disabled=move || reason.get().is_some().then_some("true")
            aria-description=move || reason.get()
            title=move || reason.get()
        >
            {icon.map(|icon| view! { <Icon of=icon/> })}
            {children()}
        </a>
    }
}
