//! Where one is, and the way back up.

use leptos::prelude::*;

use super::classes;

/// One step of the way. Without an address it is where one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

#[component]
pub fn Breadcrumbs(
    #[prop(into)] crumbs: Signal<Vec<Crumb>>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let item = |crumb: Crumb| match crumb.href {
        Some(href) => view! { <li><a href=href>{crumb.label}</a></li> }.into_any(),
        None => view! { <li><span aria-current="page">{crumb.label}</span></li> }.into_any(),
    };
    view! {
        <nav class=classes(&["crumbs", &class]) aria-label="Breadcrumbs">
            <ol>{move || crumbs.get().into_iter().map(item).collect_view()}</ol>
        </nav>
    }
}
