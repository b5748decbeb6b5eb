//! What a node can be built from: the branches, commits, pull requests and builds of a service.
//! The vendor lists them by the same paths, but for commits, which have none: that route is ours.

use axum::{extract::State, http::StatusCode};
use slipway_api::resource::{
    Author, BranchRow, Branches, BuildRow, Builds, CommitRow, Commits, PullRequestRow, PullRequests,
};

use super::{
    answer::{Answer, Failed, page},
    input::{At, Query},
    paging::{Paging, unknown_cursor},
    resources,
};
use crate::{
    app::{App, Shared},
    db::builds,
    drivers::repository::{Commit, Reader, Unread},
    project::{Project, Repository, Service, ServiceKind},
    time::rfc3339,
};

/// `GET /v1/projects/{project}/services/{service}/branches`.
pub async fn branches(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let project = resources::project(&app, &at)?;
    let (repository, url) = repository(&project, &at)?;
    let paging = Paging::of(&query)?;
    let branches = reader(&app, repository, url).branches().await.map_err(|why| unread(&why))?;
    let rows = branches.into_iter().map(|branch| BranchRow {
        id: branch.name.clone(),
        name: branch.name,
        commit: row(branch.commit),
    });
    let (branches, pagination) = paging.of_all(rows.collect(), |row: &BranchRow| row.name.clone());
    page(Branches { branches }, pagination)
}

/// `GET /slipway/v1/projects/{project}/services/{service}/commits?branch=…`, the newest first.
pub async fn commits(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let project = resources::project(&app, &at)?;
    let (repository, url) = repository(&project, &at)?;
    let paging = Paging::of(&query)?;
    let branch = query.get("branch").filter(|branch| !branch.is_empty());
    let branch = branch.ok_or_else(|| Failed::field("branch", "\"branch\" is required"))?;
    // A page follows on from the commit that the first one began with, whatever is pushed since.
    let (tip, skip) = match paging.behind.as_deref().map(|behind| behind.split_once(' ')) {
        None => (None, paging.skip),
        Some(None) => return Err(unknown_cursor()),
        Some(Some((tip, skip))) => {
            let is_sha = tip.len() == 40 && tip.bytes().all(|byte| byte.is_ascii_hexdigit());
            let skip = skip.parse().ok().filter(|_| is_sha).ok_or_else(unknown_cursor)?;
            (Some(tip), skip)
        }
    };
    let reader = reader(&app, repository, url);
    let (tip, commits) =
        reader.commits(branch, tip, skip, paging.limit()).await.map_err(|why| unread(&why))?;
    let behind = format!("{tip} {}", skip.saturating_add(paging.per_page));
    let rows: Vec<CommitRow> = commits.into_iter().map(row).collect();
    let (commits, pagination) = paging.cut(rows, |_| behind.clone());
    page(Commits { commits }, pagination)
}

/// `GET /v1/projects/{project}/services/{service}/pull-requests`. Git knows a pull request's number
/// and commit; the rest, which the vendor's types require, is said to be unknown.
pub async fn pull_requests(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let project = resources::project(&app, &at)?;
    let (repository, url) = repository(&project, &at)?;
    let paging = Paging::of(&query)?;
    let requests =
        reader(&app, repository, url).pull_requests().await.map_err(|why| unread(&why))?;
    let rows = requests.into_iter().map(|request| PullRequestRow {
        id: request.number,
        state: "UNKNOWN".to_owned(),
        title: format!("Pull request {}", request.number),
        sha: request.sha,
        ..PullRequestRow::default()
    });
    // The newest first: the key counts down.
    let key = |row: &PullRequestRow| format!("{:020}", u64::MAX - row.id);
    let (pull_requests, pagination) = paging.of_all(rows.collect(), key);
    page(PullRequests { pull_requests }, pagination)
}

/// `GET /v1/projects/{project}/services/{service}/build`, the newest first.
pub async fn builds(State(app): State<Shared>, at: At, query: Query) -> Answer {
    let project = resources::project(&app, &at)?;
    let service = service(&project, &at)?.id.clone();
    let paging = Paging::of(&query)?;
    let (behind, skip, limit) = (paging.behind.clone(), paging.skip, paging.limit());
    let id = project.id.clone();
    let rows = app
        .db
        .read(move |conn| builds::of_service(conn, &id, &service, behind.as_deref(), skip, limit))
        .await?;
    let (rows, pagination) = paging.cut(rows, |build| build.id.clone());
    let builds = rows.into_iter().map(|build| BuildRow {
        status: Some(status(&build.status).to_owned()),
        success: Some(build.status == "success"),
        concluded: Some(build.concluded_at.is_some()),
        created_at: Some(rfc3339(build.created_at)),
        build_concluded_at: build.concluded_at.map(|at| at / 1000),
        id: build.id,
        branch: build.branch,
        sha: build.sha,
    });
    page(Builds { builds: builds.collect() }, pagination)
}

/// The vendor's word for how a build is.
fn status(ours: &str) -> &'static str {
    match ours {
        "building" => "BUILDING",
        "success" => "SUCCESS",
        "aborted" => "ABORTED",
        _ => "FAILURE",
    }
}

fn row(commit: Commit) -> CommitRow {
    CommitRow {
        sha: commit.sha,
        author: Author { login: commit.author },
        message: Some(commit.subject),
        date: Some(commit.date),
    }
}

fn service<'p>(project: &'p Project, at: &At) -> Result<&'p Service, Failed> {
    let id = at.service();
    project
        .service(&id)
        .ok_or_else(|| Failed::not_found(&format!("There is no service \"{id}\" in this project.")))
}

/// What a service is built from, and what documents call it.
fn repository<'p>(project: &'p Project, at: &At) -> Result<(&'p Repository, &'p str), Failed> {
    let service = service(project, at)?;
    let ServiceKind::Build(build) = &service.kind else {
        let sentence = format!("The service \"{}\" isn't built from a repository.", service.id);
        return Err(Failed::new(StatusCode::CONFLICT, sentence).id("slipway-no-repository"));
    };
    let url = build.repository.as_str();
    let repository = project.repositories.get(url).ok_or_else(|| {
        let sentence = format!("The project file doesn't say where {url} is fetched from.");
        Failed::new(StatusCode::CONFLICT, sentence).id("slipway-no-repository")
    })?;
    Ok((repository, url))
}

fn reader<'r>(app: &'r App, repository: &'r Repository, url: &'r str) -> Reader<'r> {
    Reader::new(app.runner.world(), repository, url)
}

fn unread(why: &Unread) -> Failed {
    let (status, id) = match why {
        Unread::Failed(_) => (StatusCode::BAD_GATEWAY, "slipway-repository"),
        Unread::Late(_) => (StatusCode::SERVICE_UNAVAILABLE, "slipway-repository-late"),
        Unread::NoBranch { .. } => return Failed::not_found(&why.to_string()),
    };
    Failed::new(status, why.to_string()).id(id)
}
