//! What a pipeline's page shows, in one answer of one moment.

use axum::extract::State;
use rusqlite::Connection;
use slipway_api::{
    board::{Board, BoardResource, FlowHead, StageBoard},
    resource::ResourceType,
    stage::Stage,
};

use super::{
    answer::{Answer, data},
    input::At,
    pipelines, resources,
};
use crate::{
    app::Shared,
    db::{
        DbError, deployments, events,
        flows::{self, Place},
        runs,
    },
    project::Project,
    time::rfc3339,
};

/// `GET /slipway/v1/projects/{project}/pipelines/{pipeline}/board`.
pub async fn get(State(app): State<Shared>, at: At) -> Answer {
    let (project, id) = (resources::project(&app, &at)?, at.pipeline());
    let board = app.db.read(move |conn| board(conn, &project, &id)).await?;
    data(board.ok_or_else(|| pipelines::missing(&at.pipeline()))?)
}

fn board(conn: &Connection, project: &Project, id: &str) -> Result<Option<Board>, DbError> {
    let Some(pipeline) = flows::pipeline(conn, &project.id, id)? else { return Ok(None) };
    let members = flows::resources(conn, &project.id, id)?;
    let mut stages = Vec::with_capacity(Stage::ALL.len());
    for stage in Stage::ALL {
        let mut resources = Vec::new();
        for member in members.iter().filter(|member| member.stage == stage) {
            resources.push(BoardResource {
                id: member.id.clone(),
                name: name(project, member.kind, &member.id),
                kind: member.kind,
                deployment: deployments::current(conn, &project.id, &member.id)?,
            });
        }
        let place = Place { project: project.id.clone(), pipeline: id.to_owned(), stage };
        let flow = flows::flow(conn, &place)?.map(|flow| FlowHead {
            etag: flow.etag,
            paused: flow.paused,
            updated_at: rfc3339(flow.updated_at),
        });
        let at = (&*project.id, id, stage.name());
        let latest = runs::rows(conn, at, runs::Filter::default(), None, 0, 1)?;
        let latest_run = latest.into_iter().next().map(|(_, row)| row);
        stages.push(StageBoard { stage, resources, flow, latest_run });
    }
    Ok(Some(Board {
        seq: events::newest(conn, &project.id)?,
        id: pipeline.id,
        name: pipeline.name,
        description: pipeline.description,
        stages,
    }))
}

/// As the project file calls it; by its id when the file no longer declares it.
fn name(project: &Project, kind: ResourceType, id: &str) -> String {
    let name = match kind {
        ResourceType::Service => project.service(id).map(|service| &service.name),
        ResourceType::Job => project.job(id).map(|job| &job.name),
        ResourceType::Addon => project.addon(id).map(|addon| &addon.name),
    };
    name.cloned().unwrap_or_else(|| id.to_owned())
}
