//! An address that is no place of the app.

use leptos::prelude::*;

use crate::{
    routes::Page,
    ui::{LinkButton, PageHeading},
};

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <section class="page page-narrow">
            <PageHeading title="There is nothing here"/>
            <p>"This address leads nowhere in Slipway. It may have been cut off, or what it led to is gone."</p>
            <p><LinkButton href=Page::Home.href()>"Go to the start"</LinkButton></p>
        </section>
    }
}
