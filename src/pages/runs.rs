//! A stage's runs. `?run=new` in the address opens the dialog that starts one.

use leptos::prelude::*;
use slipway_api::stage::Stage;

use crate::{
    features::runs::{RunDialog, RunList},
    routes::Page,
    state::place::use_place,
    ui::PageHeading,
};

#[component]
pub fn RunsPage(project: String, pipeline: String, stage: Stage) -> impl IntoView {
    let place = use_place();
    let asked = place.query("run");
    let open = RwSignal::new(false);
    let here = Page::Runs { project: project.clone(), pipeline: pipeline.clone(), stage }.href();
    let with_dialog = format!("{here}?run=new");
    Effect::new(move |_| open.set(asked.with(|asked| asked.as_deref() == Some("new"))));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            place.replace(here.clone());
        }
        now
    });
    view! {
        <section class="page page-wide">
            <RunList
                project=project.clone()
                pipeline=pipeline.clone()
                stage=stage
                on_run=move |()| place.replace(with_dialog.clone())
            >
                <PageHeading title=format!("{} runs", stage.name())/>
            </RunList>
            <RunDialog project=project pipeline=pipeline stage=stage open=open/>
        </section>
    }
}
