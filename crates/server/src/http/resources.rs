//! What the project files declare, as the vendor's list routes answer it. Members that the
//! vendor's types require and we have no use for hold what is true of us.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use slipway_api::resource::{NamedRow, ProjectRow, Projects, ServiceRow};

use super::{
    answer::{Answer, Failed, page},
    input::{At, Query},
    paging::Paging,
};
use crate::{
    app::{App, Shared},
    project::Project,
};

/// The project of a path.
pub fn project(app: &App, at: &At) -> Result<Arc<Project>, Failed> {
    let id = at.project();
    app.projects
        .get(&id)
        .ok_or_else(|| Failed::not_found(&format!("There is no project \"{id}\".")))
}

/// `GET /v1/projects`.
pub async fn projects(State(app): State<Shared>, query: Query) -> Answer {
    let list = app.projects.list();
    let rows = list.iter().map(|project| ProjectRow {
        id: project.id.clone(),
        name: project.name.clone(),
        description: project.description.clone(),
    });
    let (projects, pagination) =
        Paging::of(&query)?.of_all(rows.collect(), |row: &ProjectRow| row.id.clone());
    page(Projects { projects }, pagination)
}

/// What the vendor says of every resource.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Common {
    app_id: String,
    project_id: String,
    tags: [String; 0],
}

impl Common {
    fn of(project: &Project, id: &str) -> Self {
        let app_id = format!("/slipway/{}/{id}", project.id);
        Self { app_id, project_id: project.id.clone(), tags: [] }
    }
}

/// Nothing is built or deployed but by a release flow.
#[derive(Serialize)]
struct Switches {
    #[serde(rename = "disabledCI")]
    ci: bool,
    #[serde(rename = "disabledCD")]
    cd: bool,
}

const OFF: Switches = Switches { ci: true, cd: true };

/// `GET /v1/projects/{project}/services`.
pub async fn services(State(app): State<Shared>, at: At, query: Query) -> Answer {
    #[derive(Serialize)]
    struct Row {
        #[serde(flatten)]
        row: ServiceRow,
        #[serde(flatten)]
        common: Common,
        #[serde(flatten)]
        switches: Switches,
        status: Value,
    }
    let project = project(&app, &at)?;
    let rows = project.services.iter().map(|service| Row {
        row: ServiceRow {
            id: service.id.clone(),
            name: service.name.clone(),
            service_type: service.kind_word().to_owned(),
            description: service.description.clone(),
        },
        common: Common::of(&project, &service.id),
        switches: OFF,
        status: json!({}),
    });
    let (services, pagination) =
        Paging::of(&query)?.of_all(rows.collect(), |row: &Row| row.row.id.clone());
    page(json!({ "services": services }), pagination)
}

/// `GET /v1/projects/{project}/jobs`.
pub async fn jobs(State(app): State<Shared>, at: At, query: Query) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Row {
        #[serde(flatten)]
        row: NamedRow,
        #[serde(flatten)]
        common: Common,
        #[serde(flatten)]
        switches: Switches,
        job_type: &'static str,
    }
    let project = project(&app, &at)?;
    let rows = project.jobs.iter().map(|job| Row {
        row: named(&job.id, &job.name, job.description.as_ref()),
        common: Common::of(&project, &job.id),
        switches: OFF,
        job_type: "manual",
    });
    let (jobs, pagination) =
        Paging::of(&query)?.of_all(rows.collect(), |row: &Row| row.row.id.clone());
    page(json!({ "jobs": jobs }), pagination)
}

/// `GET /v1/projects/{project}/addons`.
pub async fn addons(State(app): State<Shared>, at: At, query: Query) -> Answer {
    #[derive(Serialize)]
    struct Row {
        #[serde(flatten)]
        row: NamedRow,
        #[serde(flatten)]
        common: Common,
        spec: Value,
        status: &'static str,
    }
    let project = project(&app, &at)?;
    let rows = project.addons.iter().map(|addon| Row {
        row: named(&addon.id, &addon.name, addon.description.as_ref()),
        common: Common::of(&project, &addon.id),
        spec: json!({ "type": addon.kind }),
        status: "running",
    });
    let (addons, pagination) =
        Paging::of(&query)?.of_all(rows.collect(), |row: &Row| row.row.id.clone());
    page(json!({ "addons": addons }), pagination)
}

fn named(id: &str, name: &str, description: Option<&String>) -> NamedRow {
    NamedRow { id: id.to_owned(), name: name.to_owned(), description: description.cloned() }
}
