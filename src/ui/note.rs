//! What a place says when it has nothing to show: that it is empty, still coming, or broken; and
//! short remarks.

use leptos::prelude::*;

use super::{
    button::Button,
    classes,
    icon::{Glyph, Icon},
};

/// What a colour means. The same few everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    /// Going on now.
    Active,
    Good,
    /// Needs somebody's eyes.
    Careful,
    Bad,
}

impl Tone {
    /// The value of `data-tone`, which the style sheets read.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Active => "active",
            Self::Good => "good",
            Self::Careful => "careful",
            Self::Bad => "bad",
        }
    }
}

/// A word or two in a frame.
#[component]
pub fn Badge(
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=classes(&["badge", &class]) data-tone=move || tone.get().word()>
            {children()}
        </span>
    }
}

/// Nothing here yet: what would be, and how to get it there.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(optional, into)] class: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=classes(&["empty", &class])>
            <p class="empty-title">{title}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Something is on its way.
#[component]
pub fn Loading(
    /// What is being fetched, as in "Loading runs…".
    #[prop(into)]
    label: String,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    view! {
        <p class=classes(&["loading", &class]) role="status">
            <Icon of=Glyph::Spinner class="spin"/>
            {label}
        </p>
    }
}

/// Something went wrong: the sentence, and a button to try again where that can help.
#[component]
pub fn ErrorNote(
    #[prop(into)] message: Signal<String>,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let retry = on_retry.map(|on_retry| {
        view! { <Button icon=Glyph::Retry on_click=move |_| on_retry.run(())>"Try again"</Button> }
    });
    view! {
        <div class=classes(&["notice", &class]) data-tone="bad" role="alert">
            <Icon of=Glyph::Warning/>
            <p>{move || message.get()}</p>
            {retry}
        </div>
    }
}

/// A remark that stays.
#[component]
pub fn Notice(
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    let icon = icon.unwrap_or(Glyph::Info);
    view! {
        <div class=classes(&["notice", &class]) data-tone=move || tone.get().word() role="note">
            <Icon of=icon/>
            <div>{children()}</div>
        </div>
    }
}
