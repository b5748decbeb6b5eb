//! A project's pipelines.

use leptos::prelude::*;
use slipway_api::flow::PipelineRow;

use crate::{
    client::{load, use_client},
    routes::Page,
    state::names::use_names,
    ui::{Empty, Glyph, Icon, Loading, PageHeading, Time, time::parse},
};

#[component]
pub fn PipelinesPage(project: String) -> impl IntoView {
    let client = use_client();
    let names = use_names();
    let id = project.clone();
    let pipelines = load(move || {
        let id = id.clone();
        async move { client.pipelines(&id).await }
    });
    let learn_for = project.clone();
    Effect::new(move |_| {
        pipelines.value.with(|all| {
            for row in all.iter().flatten() {
                names.learn_pipeline(&learn_for, &row.id, &row.name);
            }
        });
    });
    let subject = project.clone();
    let title = Signal::derive(move || format!("Pipelines · {}", names.project(&subject)));
    let list = move || {
        if let Some(error) = pipelines.error.get() {
            return super::failed(
                &error,
                "There is no such project. It may have been taken out of the server's project files.",
                move || pipelines.again(),
            );
        }
        match pipelines.value.get() {
            None => view! { <Loading label="Loading pipelines…"/> }.into_any(),
            Some(all) if all.is_empty() => view! {
                <Empty title="There are no pipelines yet">
                    <p>"A pipeline takes a release through development, staging and production. Pipelines are declared for the project at the server."</p>
                </Empty>
            }
            .into_any(),
            Some(all) => {
                let cards = all.into_iter().map(|row| card(&project, row)).collect_view();
                view! { <ul class="cards">{cards}</ul> }.into_any()
            }
        }
    };
    view! {
        <section class="page">
            <PageHeading title="Pipelines" window_title=Signal::derive(move || Some(title.get()))/>
            {list}
        </section>
    }
}

fn card(project: &str, row: PipelineRow) -> impl IntoView + use<> {
    let href = Page::Board { project: project.to_owned(), pipeline: row.id.clone() }.href();
    let changed = row.updated_at.as_deref().and_then(parse);
    view! {
        <li class="card">
            <a class="card-link" href=href>{row.name}</a>
            {row.description.map(|text| view! { <p class="quiet">{text}</p> })}
            <p class="card-foot quiet">
                <span class="mono">{row.id}</span>
                {changed.map(|at| view! { <span>"changed " <Time at=at/></span> })}
            </p>
            <Icon of=Glyph::ChevronRight class="card-arrow"/>
        </li>
    }
}
