//! A run as a whole: what it is called, how it goes, who wanted it and when.

use leptos::prelude::*;
use slipway_engine::event::{Millis, RunOrigin};

use crate::{
    client::{live::Freshness, load, use_client, use_live},
    routes::Page,
    state::run::{RunAddress, RunHandle},
    ui::{
        Badge, Elapsed, Glyph, Icon, Notice, PageHeading, RunStatusMark, Time, Tone,
        status::run_look, time::wall_clock,
    },
};

/// The top of a run's page: its heading at once, the rest when the run is there. `children` are
/// its buttons.
#[component]
pub fn RunHeader(run: RunHandle, children: Children) -> impl IntoView {
    let head = run.head();
    let id = run.address().run;
    let status = Memo::new(move |_| head.with(|head| head.status));
    let title = {
        let id = id.clone();
        Memo::new(move |_| head.with(|head| head.name.clone()).unwrap_or_else(|| id.clone()))
    };
    let named = Memo::new(move |_| head.with(|head| head.name.is_some()));
    let origin = Memo::new(move |_| head.with(|head| head.origin.clone()));
    let description = Memo::new(move |_| head.with(|head| head.description.clone()));
    let reason = Memo::new(move |_| head.with(|head| head.reason.clone()));
    let ready = Memo::new(move |_| run.ready());
    let unknown = unknown_since(run);
    let about = move || {
        ready.get().then(|| {
            let id = id.clone();
            view! {
                {move || description.get().map(|text| view! { <p class="run-description">{text}</p> })}
                {move || match origin.get() {
                    RunOrigin::Release => None,
                    RunOrigin::Rollback { of, reason } => {
                        Some(view! { <RollbackOf address=run.address() of=of reason=reason/> })
                    }
                }}
                <Facts run=run id=id named=named/>
                {move || reason.get().map(|reason| {
                    let tone = run_look(status.get()).tone;
                    view! { <Notice class="run-reason" tone=tone>{reason}</Notice> }
                })}
            }
        })
    };
    view! {
        <header class="run-header">
            <div class="run-title">
                <PageHeading title=title class="run-heading"/>
                {move || ready.get().then(|| view! { <RunStatusMark class="run-status" status=status/> })}
                {move || unknown.get().map(|at| view! {
                    <span class="quiet">{format!("as of {}", wall_clock(at))}</span>
                })}
                {move || (origin.get() != RunOrigin::Release).then(rollback_badge)}
                <div class="run-actions">{children()}</div>
            </div>
            {about}
        </header>
    }
}

/// Since when nothing is known of a run that still goes on: while the connection is gone.
fn unknown_since(run: RunHandle) -> Memo<Option<Millis>> {
    let freshness = use_live().freshness();
    Memo::new(move |_| match freshness.get() {
        Freshness::Stale { since } if run.ready() && !run.over().get() => Some(since),
        _ => None,
    })
}

fn rollback_badge() -> impl IntoView {
    view! { <Badge tone=Tone::Careful><Icon of=Glyph::Rollback/>"Rollback"</Badge> }
}

/// Who, when, how long.
#[component]
fn Facts(run: RunHandle, id: String, named: Memo<bool>) -> impl IntoView {
    let head = run.head();
    let by = Memo::new(move |_| head.with(|head| head.by.clone()));
    let times =
        Memo::new(move |_| head.with(|head| (head.created_at, head.started_at, head.concluded_at)));
    let when = move || match times.get() {
        (_, Some(started), _) => view! {
            <div><dt>"Started"</dt><dd><Time at=started/></dd></div>
        }
        .into_any(),
        (created, None, _) => view! {
            <div><dt>"Asked for"</dt><dd><Time at=created/></dd></div>
        }
        .into_any(),
    };
    let unknown = unknown_since(run);
    let duration = move || {
        let (_, started, ended) = times.get();
        // What is not known to go on is not counted on.
        let ended = ended.or(unknown.get());
        started.map(
            |from| view! { <div><dt>"Duration"</dt><dd><Elapsed from=from to=ended/></dd></div> },
        )
    };
    view! {
        <dl class="run-facts">
            {move || {
                let by = by.get();
                (!by.is_empty()).then(|| view! { <div><dt>"By"</dt><dd>{by}</dd></div> })
            }}
            {move || {
                let kind = head.with(|head| match head.origin {
                    RunOrigin::Release => "Release",
                    RunOrigin::Rollback { .. } => "Rollback",
                });
                view! { <div><dt>"Kind"</dt><dd>{kind}</dd></div> }
            }}
            {when}
            {duration}
            {move || named.get().then(|| view! { <div><dt>"Run"</dt><dd class="mono">{id.clone()}</dd></div> })}
        </dl>
    }
}

/// What a rollback goes back to, and why.
#[component]
fn RollbackOf(address: RunAddress, of: String, reason: Option<String>) -> impl IntoView {
    let client = use_client();
    let RunAddress { project, pipeline, stage, .. } = address;
    let href =
        Page::Run { project: project.clone(), pipeline: pipeline.clone(), stage, run: of.clone() }
            .href();
    let asked = of.clone();
    let target = load(move || {
        let (project, pipeline, of) = (project.clone(), pipeline.clone(), asked.clone());
        async move { client.run_row(&project, &pipeline, stage, &of).await }
    });
    // Until the name is there, and where there is none, the id says which run it is.
    let label =
        move || target.value.with(|row| row.as_ref()?.name.clone()).unwrap_or_else(|| of.clone());
    view! {
        <p class="run-rollback">
            <Icon of=Glyph::Rollback/>
            <span>"Rollback to " <a href=href>{label}</a></span>
            {reason.map(|reason| view! { <span class="run-rollback-reason">{reason}</span> })}
        </p>
    }
}
