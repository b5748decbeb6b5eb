//! A page's heading: what the page is, on the page and in the window's title.

use leptos::prelude::*;

use super::classes;

/// The one `h1` of a page. The frame moves the focus here when a page opens, so it has to be there
/// from the start, also while the page still loads.
#[component]
pub fn PageHeading(
    #[prop(into)] title: Signal<String>,
    /// What the window is called, where that should say more than the heading does.
    #[prop(optional, into)]
    window_title: MaybeProp<String>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    Effect::new(move |_| {
        let title = window_title.get().unwrap_or_else(|| title.get());
        document().set_title(&format!("{title} · Slipway"));
    });
    view! { <h1 class=classes(&["page-title", &class]) tabindex="-1">{move || title.get()}</h1> }
}
