//! The projects. With only one there is nothing to choose: it opens by itself.

use leptos::prelude::*;

use crate::{
    routes::Page,
    state::{names::use_names, place::use_place},
    ui::{Empty, Loading, PageHeading},
};

#[component]
pub fn HomePage() -> impl IntoView {
    let place = use_place();
    let projects = use_names().projects;
    Effect::new(move |_| {
        let only = projects.value.with(|all| match all.as_deref() {
            Some([only]) => Some(Page::Pipelines { project: only.id.clone() }),
            _ => None,
        });
        if let Some(page) = only {
            place.replace(page.href());
        }
    });
    let list = move || {
        if let Some(error) = projects.error.get() {
            return super::failed(&error, "This server has no projects.", move || projects.again());
        }
        match projects.value.get() {
            Some(all) if all.is_empty() && !projects.busy.get() => view! {
                <Empty title="There are no projects">
                    <p>"A project is made of a project file that the server is started with: slipway serve --project FILE."</p>
                </Empty>
            }
            .into_any(),
            Some(all) if all.len() > 1 => view! {
                <ul class="cards">
                    {all
                        .into_iter()
                        .map(|row| {
                            let href = Page::Pipelines { project: row.id }.href();
                            view! {
                                <li class="card">
                                    <a class="card-link" href=href>{row.name}</a>
                                    {row.description.map(|text| view! { <p class="quiet">{text}</p> })}
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }
            .into_any(),
            _ => view! { <Loading label="Loading projects…"/> }.into_any(),
        }
    };
    view! {
        <section class="page">
            <PageHeading title="Projects"/>
            {list}
        </section>
    }
}
