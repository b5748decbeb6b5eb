//! One stage of a pipeline's board: its latest run, what can be done, and what is deployed.

mod resource;

use leptos::prelude::*;
use slipway_api::{session::Role, stage::Stage};
use slipway_engine::event::{Millis, RunOrigin};

use self::resource::ResourceRow;
use crate::{
    routes::Page,
    state::{
        board::{FlowView, LatestRun, StageView},
        session::{SessionState, use_session},
    },
    ui::{
        Badge, Button, ButtonKind, Empty, Glyph, LinkButton, RunStatusMark, Time, Tone, short_id,
    },
};

/// A stage's column. Its parts change one by one, as their memos do.
#[component]
pub fn StageColumn(
    project: String,
    pipeline: String,
    stage: Stage,
    #[prop(into)] view: Signal<Option<StageView>>,
    /// Somebody asks for a run of this stage.
    on_run: Callback<()>,
) -> impl IntoView {
    let heading = format!("stage-{}", stage.slug());
    let labelled_by = heading.clone();
    let latest = Memo::new(move |_| view.with(|view| view.as_ref()?.latest.clone()));
    let flow = Memo::new(move |_| view.with(|view| view.as_ref()?.flow.clone()));
    let place = Whereabouts { project, pipeline, stage };
    let (for_latest, for_actions, for_resources) = (place.clone(), place.clone(), place);
    view! {
        <section class="stage" data-stage=stage.slug() aria-labelledby=labelled_by>
            <header class="stage-head">
                <h2 id=heading>{stage.name()}</h2>
                {move || flow.get().filter(|flow| flow.paused).map(|_| view! {
                    <Badge tone=Tone::Careful>"Triggers paused"</Badge>
                })}
            </header>
            <div class="stage-latest">
                {move || latest_run(&for_latest, latest.get(), flow.get().is_some())}
            </div>
            <Actions place=for_actions flow=flow on_run=on_run/>
            <Resources place=for_resources view=view/>
            {move || flow.get().and_then(|flow| flow.saved_at).map(saved)}
        </section>
    }
}

/// Which stage of which pipeline.
#[derive(Clone)]
pub(crate) struct Whereabouts {
    project: String,
    pipeline: String,
    stage: Stage,
}

impl Whereabouts {
    fn editor(&self) -> Page {
        let Self { project, pipeline, stage } = self.clone();
        Page::Editor { project, pipeline, stage }
    }

    fn runs(&self) -> Page {
        let Self { project, pipeline, stage } = self.clone();
        Page::Runs { project, pipeline, stage }
    }

    fn run(&self, run: &str) -> Page {
        let Self { project, pipeline, stage } = self.clone();
        Page::Run { project, pipeline, stage, run: run.to_owned() }
    }
}

fn saved(at: Millis) -> impl IntoView {
    view! { <p class="stage-foot quiet">"Flow saved " <Time at=at/></p> }
}

/// The run that was created last: how it stands, what it is called, when.
fn latest_run(place: &Whereabouts, latest: Option<LatestRun>, has_flow: bool) -> AnyView {
    let Some(LatestRun { id, state }) = latest else {
        let words = if has_flow { "Not run yet" } else { "No release flow yet" };
        return view! { <p class="quiet">{words}</p> }.into_any();
    };
    let href = place.run(&id).href();
    let name = state.name.clone().unwrap_or_else(|| short_id(&id));
    let rollback = matches!(state.origin, RunOrigin::Rollback { .. })
        .then(|| view! { <Badge>"Rollback"</Badge> });
    let at = state.concluded_at.or(state.started_at).unwrap_or(state.created_at);
    let by = (!state.by.is_empty()).then(|| format!(" by {}", state.by));
    view! {
        <RunStatusMark status=state.status/>
        <a class="stage-run" href=href>{name}</a>
        {rollback}
        <span class="quiet stage-when"><Time at=at/>{by}</span>
    }
    .into_any()
}

#[component]
fn Actions(
    place: Whereabouts,
    flow: Memo<Option<FlowView>>,
    on_run: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let no_run = why_not_run(session, flow);
    let may_edit = session.refusal(Role::Editor, "change release flows");
    let words = move || if may_edit.get().is_none() { "Edit" } else { "View flow" };
    view! {
        <div class="stage-actions">
            <Button
                kind=ButtonKind::Primary
                icon=Glyph::Play
                reason=no_run
                on_click=move |_| on_run.run(())
            >
                "Run"
            </Button>
            <LinkButton icon=Glyph::Pencil href=place.editor().href()>{words}</LinkButton>
            <LinkButton icon=Glyph::List href=place.runs().href()>"Runs"</LinkButton>
        </div>
    }
}

/// Why nothing can be run here: the role, or that there is nothing to run.
fn why_not_run(session: SessionState, flow: Memo<Option<FlowView>>) -> Signal<Option<String>> {
    let role = session.refusal(Role::Releaser, "start runs");
    Signal::derive(move || {
        role.get().or_else(|| {
            flow.with(Option::is_none)
                .then(|| "This stage has no release flow yet. Edit it first.".to_owned())
        })
    })
}

#[component]
fn Resources(place: Whereabouts, #[prop(into)] view: Signal<Option<StageView>>) -> impl IntoView {
    let ids = Memo::new(move |_| {
        view.with(|view| {
            let all = view.iter().flat_map(|view| &view.resources);
            all.map(|resource| resource.id.clone()).collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let ids = ids.get();
        if ids.is_empty() {
            return view! {
                <Empty title="No resources">
                    <p>"Nothing of the project belongs to this stage."</p>
                </Empty>
            }
            .into_any();
        }
        let rows = ids.into_iter().map(|id| {
            let resource = Memo::new(move |_| {
                view.with(|view| view.as_ref()?.resources.iter().find(|it| it.id == id).cloned())
            });
            view! { <ResourceRow place=place.clone() resource=resource/> }
        });
        let label = format!("Resources in {}", place.stage.name());
        view! { <ul class="resources" aria-label=label>{rows.collect_view()}</ul> }.into_any()
    };
    view! { {rows} }
}
