//! Runs.

use axum::extract::State;
use serde_json::Value;
use slipway_api::run::{RunLog, RunRequest, RunRow, Runs};
use slipway_engine::{
    event::{RunOrigin, RunStatus},
    fold::RunState,
};
use slipway_flow::pattern::{DESCRIPTION, Pattern, RUN_NAME};

use super::{
    answer::{Answer, Failed, data, json, page},
    flows,
    input::{At, Fields, Query, Who},
    paging::{Paging, unknown_cursor},
    pipelines, run_view,
};
use crate::{
    app::{App, Shared},
    db::{
        self,
        flows::Place,
        runs::{self as store, Filter, RunRecord},
    },
    runner::{AbortError, NewRun, StartError},
};

/// `GET /v1/…/runs`, newest first.
pub async fn list(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let place = flows::place(&app, &at)?;
    let paging = Paging::of(&query)?;
    let filter = Filter { status: status(&query)?, concluded: query.boolean("concluded")? };
    let number = |key: &String| key.parse::<i64>().map_err(|_| unknown_cursor());
    let before = paging.behind.as_ref().map(number).transpose()?;
    let (skip, limit, of) = (paging.skip, paging.limit(), place.clone());
    let rows = app.db.read(move |conn| {
        if db::flows::pipeline(conn, &of.project, &of.pipeline)?.is_none() {
            return Ok(None);
        }
        let at = (&*of.project, &*of.pipeline, of.stage.name());
        store::rows(conn, at, filter, before, skip, limit).map(Some)
    });
    let rows = rows.await?.ok_or_else(|| pipelines::missing(&place.pipeline))?;
    let (rows, pagination) = paging.cut(rows, |(number, _)| number.to_string());
    page(Runs { runs: rows.into_iter().map(|(_, row)| row).collect() }, pagination)
}

fn status(query: &Query) -> Result<Option<RunStatus>, Failed> {
    let Some(word) = query.get("status") else { return Ok(None) };
    let status = store::status(word);
    if status.word() == word {
        return Ok(Some(status));
    }
    Err(Failed::field("status", "\"status\" must be the status of a run, such as success"))
}

/// `POST /v1/…/runs`. The body, and every member of it, may be absent.
pub async fn start(State(app): State<Shared>, at: At, Who(who): Who, mut fields: Fields) -> Answer {
    let place = flows::place(&app, &at)?;
    let request = RunRequest {
        name: text(&mut fields, "name", &RUN_NAME),
        description: text(&mut fields, "description", &DESCRIPTION),
        arguments: fields.object("arguments").unwrap_or_default(),
        overrides: fields.objects("overrides"),
        release_node_overrides: fields
            .objects("releaseNodeOverrides")
            .into_iter()
            .map(|(target, spec)| (target, Value::Object(spec)))
            .collect(),
    };
    fields.finish()?;
    let ask = NewRun {
        project: place.project.clone(),
        pipeline: place.pipeline.clone(),
        stage: place.stage,
        request,
        origin: RunOrigin::Release,
        by: who.name,
    };
    let run = match app.runner.start_run(ask).await {
        Ok(run) => run,
        Err(error) => return Err(not_started(&app, error, &place).await),
    };
    view(&app, &place, &run.id).await
}

/// A text by one of the API's patterns.
pub fn text(fields: &mut Fields, name: &str, pattern: &Pattern) -> Option<String> {
    let text = fields.string(name)?;
    match pattern.check(&text) {
        Ok(()) => Some(text),
        Err(sentence) => fields.fault(name, sentence),
    }
}

pub async fn not_started(app: &App, error: StartError, place: &Place) -> Failed {
    match error {
        StartError::Invalid { details } => Failed::invalid(details),
        StartError::NoFlow => flows::missing(app, place).await,
        StartError::Forbidden(sentence) => conflict(sentence),
        StartError::Db(error) => error.into(),
    }
}

fn conflict(sentence: impl Into<String>) -> Failed {
    Failed::new(axum::http::StatusCode::CONFLICT, sentence).id("nf-conflict")
}

/// `GET /v1/…/runs/{run}`.
pub async fn get(State(app): State<Shared>, at: At) -> Answer {
    let place = flows::place(&app, &at)?;
    view(&app, &place, &at.run()).await
}

/// `POST /v1/…/runs/{run}/abort`. Whatever body comes with it is not looked at.
pub async fn abort(State(app): State<Shared>, at: At, Who(who): Who) -> Answer {
    let place = flows::place(&app, &at)?;
    let run = record(&app, &place, &at.run()).await?;
    app.runner.abort(&run.id, &who.name).await.map_err(|error| match error {
        AbortError::Concluded => conflict("This run has ended already."),
        AbortError::NotFound => missing(&run.id),
        AbortError::Db(error) => error.into(),
    })?;
    view(&app, &place, &run.id).await
}

/// `GET /slipway/v1/…/runs/{run}/log`: what a page needs to fold the run itself.
pub async fn log(State(app): State<Shared>, at: At) -> Answer {
    let place = flows::place(&app, &at)?;
    let record = record(&app, &place, &at.run()).await?;
    let (id, project, document) = (record.id, record.project, record.document);
    let log = app.db.read(move |conn| {
        let Some(run) = store::row_of(conn, &id)? else { return Ok(None) };
        let events = store::events(conn, &id)?;
        let seq = db::events::newest(conn, &project)?;
        Ok(Some(RunLog { run, document, events, seq }))
    });
    data(log.await?.ok_or_else(|| missing(&at.run()))?)
}

/// `GET /slipway/v1/…/runs/{run}/output?node=…&from=…`.
pub async fn output(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let place = flows::place(&app, &at)?;
    let node = query.get("node").ok_or_else(|| {
        Failed::field("node", "\"node\" is required: the JSON pointer of a node of the run")
    })?;
    let from = query.number("from", 0, u64::MAX)?.unwrap_or(0);
    let run = record(&app, &place, &at.run()).await?;
    let output = app.runner.output(&run.id, node, from).await;
    let output = output.map_err(|error| Failed::internal(&error))?;
    data(output.ok_or_else(|| Failed::not_found("This run has no such node with output."))?)
}

/// The run of a path.
pub async fn record(app: &App, place: &Place, id: &str) -> Result<RunRecord, Failed> {
    let (place, run) = (place.clone(), id.to_owned());
    let found = app.db.read(move |conn| {
        store::get(conn, &place.project, &place.pipeline, place.stage.name(), &run)
    });
    found.await?.ok_or_else(|| missing(id))
}

/// The run's row in a list, when it was just made.
pub async fn row(app: &App, id: &str) -> Result<RunRow, Failed> {
    let run = id.to_owned();
    let found = app.db.read(move |conn| store::row_of(conn, &run)).await?;
    found.ok_or_else(|| missing(id))
}

/// The run with its document and what became of each node, as of one moment.
async fn view(app: &App, place: &Place, id: &str) -> Answer {
    let (at, run) = (place.clone(), id.to_owned());
    let found = app.db.read(move |conn| {
        let stage = at.stage.name();
        let Some(record) = store::get(conn, &at.project, &at.pipeline, stage, &run)? else {
            return Ok(None);
        };
        let Some(row) = store::row_of(conn, &run)? else { return Ok(None) };
        Ok(Some((record, row, RunState::of(&store::events(conn, &run)?))))
    });
    let (record, row, state) = found.await?.ok_or_else(|| missing(id))?;
    Ok(json(run_view::text(&record, &row, &state)?))
}

fn missing(id: &str) -> Failed {
    Failed::not_found(&format!("This stage has no run \"{id}\"."))
}
