//! A stage's runs, newest first, live.

use std::collections::HashMap;

use leptos::prelude::*;
use slipway_api::{board::Board, run::RunRow, session::Role, stage::Stage};
use slipway_engine::event::{Event, RunOrigin};

use super::rows::Row;
use crate::{
    client::{ClientError, Following, RunPage, follow, use_client, use_tasks},
    routes::Page,
    state::{names::use_names, session::use_session},
    ui::{
        Badge, Button, ButtonKind, Elapsed, Empty, ErrorNote, Glyph, Icon, Loading, RunStatusMark,
        Time, Tone, time,
    },
};

/// Rows fetched at a time.
const PAGE: usize = 50;

/// The list as it is read at first. The board is read before the runs, so that no event is missed
/// between its number and them.
struct Snapshot {
    board: Board,
    page: RunPage,
}

/// The rows that are known: an order, and a signal per row.
#[derive(Clone, Copy)]
struct Rows {
    order: RwSignal<Vec<String>>,
    rows: StoredValue<HashMap<String, ArcRwSignal<Row>>>,
    next: RwSignal<Option<String>>,
    /// Whether the stage has a release flow that can be run.
    has_flow: RwSignal<bool>,
}

impl Rows {
    fn new() -> Self {
        Self {
            order: RwSignal::new(Vec::new()),
            rows: StoredValue::new(HashMap::new()),
            next: RwSignal::new(None),
            has_flow: RwSignal::new(true),
        }
    }

    fn get(self, id: &str) -> Option<ArcRwSignal<Row>> {
        self.rows.with_value(|rows| rows.get(id).cloned())
    }

    /// Adds rows at the end; one that is known already is brought up to date.
    fn append(self, page: RunPage) {
        let mut order = self.order.get_untracked();
        for row in page.runs.into_iter().map(row) {
            if let Some(known) = self.get(&row.id) {
                if !known.with_untracked(|known| known.status.concluded()) {
                    known.set(row);
                }
                continue;
            }
            order.push(row.id.clone());
            self.rows.update_value(|rows| {
                rows.insert(row.id.clone(), ArcRwSignal::new(row));
            });
        }
        self.order.set(order);
        self.next.set(page.next);
    }

    fn happened(self, event: &Event) {
        let Some(id) = event.run.as_deref() else { return };
        if let Some(known) = self.get(id) {
            let mut row = known.get_untracked();
            if row.apply(event) {
                known.set(row);
            }
        } else if let Some(row) = Row::created(event) {
            self.rows.update_value(|rows| {
                rows.insert(row.id.clone(), ArcRwSignal::new(row.clone()));
            });
            self.order.update(|order| order.insert(0, row.id));
        }
    }
}

fn row(row: RunRow) -> Row {
    let time = |text: Option<&str>| text.and_then(time::parse);
    Row {
        created_at: time(Some(&row.created_at)).unwrap_or_default(),
        started_at: time(row.started_at.as_deref()),
        concluded_at: time(row.concluded_at.as_deref()),
        id: row.id,
        name: row.name,
        description: row.description,
        status: row.status,
        origin: row.origin,
        by: row.by,
    }
}

/// A stage's runs. `on_run` is called when somebody asks for a new one; `children` are the heading
/// beside that button.
#[component]
pub fn RunList(
    project: String,
    pipeline: String,
    stage: Stage,
    #[prop(into)] on_run: Callback<()>,
    children: Children,
) -> impl IntoView {
    let rows = Rows::new();
    let following = follow_list(rows, &project, &pipeline, stage);
    let refusal = use_session().refusal(Role::Releaser, "start runs");
    let reason = Memo::new(move |_| {
        refusal.get().or_else(|| {
            (!rows.has_flow.get()).then(|| "This stage has no release flow yet.".to_owned())
        })
    });
    let empty = Memo::new(move |_| rows.order.with(Vec::is_empty));
    let place = StoredValue::new((project, pipeline));
    let body = move || {
        if !following.ready.get() {
            return first_view(following);
        }
        let stale = following.error.get().map(|error| {
            view! { <ErrorNote message=error.to_string() on_retry=move |()| following.again()/> }
        });
        if empty.get() {
            let nothing = view! {
                <Empty title="No runs yet">
                    <p>"Runs of this stage's release flow appear here as soon as they are started."</p>
                </Empty>
            };
            return view! { {stale} {nothing} }.into_any();
        }
        let (project, pipeline) = place.get_value();
        view! {
            {stale}
            <Table rows=rows project=project.clone() pipeline=pipeline.clone() stage=stage/>
            <More rows=rows project=project pipeline=pipeline stage=stage/>
        }
        .into_any()
    };
    view! {
        <section class="runs" aria-label="Runs">
            <div class="runs-head">
                {children()}
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Play
                    reason=reason
                    on_click=move |_| on_run.run(())
                >
                    "Run"
                </Button>
            </div>
            {body}
        </section>
    }
}

fn follow_list(rows: Rows, project: &str, pipeline: &str, stage: Stage) -> Following {
    let (client, names) = (use_client(), use_names());
    let (own_project, own_pipeline) = (project.to_owned(), pipeline.to_owned());
    let (name_project, name_pipeline) = (project.to_owned(), pipeline.to_owned());
    let event_pipeline = pipeline.to_owned();
    follow(
        project,
        move || {
            let (project, pipeline) = (own_project.clone(), own_pipeline.clone());
            async move {
                let board = client.board(&project, &pipeline).await?;
                let page = client.runs(&project, &pipeline, stage, PAGE, None).await?;
                Ok::<_, ClientError>(Snapshot { board, page })
            }
        },
        |snapshot| snapshot.board.seq,
        move |snapshot| {
            let Snapshot { board, page } = snapshot;
            names.learn_pipeline(&name_project, &name_pipeline, &board.name);
            let own = board.stages.iter().find(|board| board.stage == stage);
            rows.has_flow.set(own.is_some_and(|board| board.flow.is_some()));
            rows.append(page);
        },
        move |event| {
            let ours = event.pipeline.as_deref() == Some(event_pipeline.as_str())
                && event.stage.as_deref() == Some(stage.name());
            if ours {
                rows.happened(event);
            }
        },
    )
}

/// What there is to see before the first answer.
fn first_view(following: Following) -> AnyView {
    match following.error.get() {
        None => view! { <Loading label="Loading runs…"/> }.into_any(),
        Some(error) if error.is_not_found() => {
            view! { <Empty title="There is no such pipeline"/> }.into_any()
        }
        Some(error) => {
            view! { <ErrorNote message=error.to_string() on_retry=move |()| following.again()/> }
                .into_any()
        }
    }
}

#[component]
fn Table(rows: Rows, project: String, pipeline: String, stage: Stage) -> impl IntoView {
    let one = move |id: String| {
        let signal = rows.get(&id)?;
        let place =
            Page::Run { project: project.clone(), pipeline: pipeline.clone(), stage, run: id };
        Some(view! { <RunLine row=signal rows=rows place=place/> })
    };
    view! {
        <div class="runs-table-frame">
            <table class="runs-table">
                <thead>
                    <tr>
                        <th scope="col">"Run"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Duration"</th>
                        <th scope="col">"By"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.order.get() key=Clone::clone children=one/>
                </tbody>
            </table>
        </div>
    }
}

/// One run. Its name is a link that covers the whole line.
#[component]
fn RunLine(row: ArcRwSignal<Row>, rows: Rows, place: Page) -> impl IntoView {
    let row = RwSignal::from(row);
    let status = Memo::new(move |_| row.with(|row| row.status));
    let times =
        Memo::new(move |_| row.with(|row| (row.created_at, row.started_at, row.concluded_at)));
    let named = move || row.with(|row| row.name.is_some());
    let kind = {
        let place = place.clone();
        move || row.with(|row| kind_view(&row.origin, rows, &place))
    };
    let duration = move || {
        let (_, started, ended) = times.get();
        match (started, ended) {
            (Some(from), to) => view! { <Elapsed from=from to=to/> }.into_any(),
            (None, _) => view! { <span class="quiet">"–"</span> }.into_any(),
        }
    };
    view! {
        <tr class="runs-line">
            <td class="runs-name">
                <a href=place.href() class:mono=move || !named()>{move || row.with(|row| row.label().to_owned())}</a>
                {move || {
                    row.with(|row| row.description.clone())
                        .map(|text| view! { <span class="runs-description">{text}</span> })
                }}
            </td>
            <td data-label="Status"><RunStatusMark status=status/></td>
            <td data-label="Kind">{kind}</td>
            <td data-label="Started">
                <Time at=Signal::derive(move || {
                    let (created, started, _) = times.get();
                    started.unwrap_or(created)
                })/>
            </td>
            <td data-label="Duration">{duration}</td>
            <td data-label="By">{move || row.with(|row| row.by.clone())}</td>
        </tr>
    }
}

/// A release, or a rollback with the run that it goes back to.
fn kind_view(origin: &RunOrigin, rows: Rows, place: &Page) -> AnyView {
    let RunOrigin::Rollback { of, .. } = origin else {
        return view! { <span>"Release"</span> }.into_any();
    };
    let label = rows
        .get(of)
        .and_then(|row| row.with(|row| row.name.clone()))
        .unwrap_or_else(|| crate::ui::short_id(of));
    let target = match place.clone() {
        Page::Run { project, pipeline, stage, .. } => {
            Page::Run { project, pipeline, stage, run: of.clone() }.href()
        }
        other => other.href(),
    };
    view! {
        <span class="runs-kind">
            <Badge tone=Tone::Careful><Icon of=Glyph::Rollback/>"Rollback"</Badge>
            <span>"to " <a class="runs-target" href=target>{label}</a></span>
        </span>
    }
    .into_any()
}

/// Fetches the next page of older runs.
#[component]
fn More(rows: Rows, project: String, pipeline: String, stage: Stage) -> impl IntoView {
    let (client, tasks) = (use_client(), use_tasks());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let fetch = Callback::new(move |()| {
        let Some(cursor) = rows.next.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let (project, pipeline) = (project.clone(), pipeline.clone());
        tasks.spawn(async move {
            match client.runs(&project, &pipeline, stage, PAGE, Some(&cursor)).await {
                Ok(page) => rows.append(page),
                Err(failure) => error.set(Some(failure)),
            }
            busy.set(false);
        });
    });
    move || {
        rows.next.get().is_some().then(|| {
            let failure = error.get().map(|error| view! { <ErrorNote message=error.to_string()/> });
            view! {
                <div class="runs-more">
                    {failure}
                    <Button busy=busy on_click=move |_| fetch.run(())>"Load older runs"</Button>
                </div>
            }
        })
    }
}
