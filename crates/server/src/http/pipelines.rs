//! Pipelines.

use axum::extract::State;
use serde::Serialize;
use slipway_api::{
    flow::{Pipeline, PipelineRow, Pipelines},
    stage::Stage,
};

use super::{
    answer::{Answer, Failed, data, page},
    input::{At, Query},
    paging::Paging,
    resources,
};
use crate::{app::Shared, db::flows, time::rfc3339};

/// There is no such pipeline.
pub fn missing(id: &str) -> Failed {
    Failed::not_found(&format!("There is no pipeline \"{id}\" in this project."))
}

/// `GET /v1/projects/{project}/pipelines`.
pub async fn list(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let project = resources::project(&app, &at)?.id.clone();
    let paging = Paging::of(&query)?;
    let (behind, skip, limit) = (paging.behind.clone(), paging.skip, paging.limit());
    let rows = app
        .db
        .read(move |conn| {
            flows::pipelines(conn, &project, behind.as_deref().unwrap_or(""), skip, limit)
        })
        .await?;
    let (rows, pagination) = paging.cut(rows, |row| row.id.clone());
    let pipelines = rows.into_iter().map(|row| PipelineRow {
        id: row.id,
        name: row.name,
        description: row.description,
        created_at: Some(rfc3339(row.created_at)),
        updated_at: Some(rfc3339(row.updated_at)),
    });
    page(Pipelines { pipelines: pipelines.collect() }, pagination)
}

/// `GET /v1/projects/{project}/pipelines/{pipeline}`.
pub async fn get(State(app): State<Shared>, at: At) -> Answer {
    #[derive(Serialize)]
    struct Named {
        name: &'static str,
    }
    #[derive(Serialize)]
    struct WithStages {
        #[serde(flatten)]
        pipeline: Pipeline,
        stages: [Named; 3],
    }
    let (project, id) = (resources::project(&app, &at)?.id.clone(), at.pipeline());
    let found = app
        .db
        .read(move |conn| {
            let Some(pipeline) = flows::pipeline(conn, &project, &id)? else { return Ok(None) };
            Ok(Some((pipeline, flows::resources(conn, &project, &id)?)))
        })
        .await?;
    let (pipeline, nf_objects) = found.ok_or_else(|| missing(&at.pipeline()))?;
    data(WithStages {
        pipeline: Pipeline { name: pipeline.name, description: pipeline.description, nf_objects },
        stages: Stage::ALL.map(|stage| Named { name: stage.name() }),
    })
}
