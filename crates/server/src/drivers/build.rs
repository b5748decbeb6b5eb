//! `Build`: fetch, check out, run the service's build command, keep what it made.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Map, Value, json};

use super::{
    artifact,
    git::{self, Revision},
    work::{Done, Failed, Work},
    world::{digest, fresh},
};
use crate::{
    db::{builds, builds::Build, now},
    project::{BuildService, ServiceKind},
    time::rfc3339,
};

pub async fn execute(work: &mut Work<'_>) -> Result<Done, Failed> {
    let id = work.resource("/id")?;
    let project = work.project;
    let Some(ServiceKind::Build(service)) = project.service(&id).map(|service| &service.kind)
    else {
        return Err(Failed::unusable(format!("There is no build service \"{id}\".")));
    };
    let repository = project.repositories.get(&service.repository).ok_or_else(|| {
        let url = &service.repository;
        Failed::unusable(format!("The project file doesn't say where {url} is fetched from."))
    })?;
    let branch = work.text("/branch");
    let revision = match (work.text("/sha"), &branch) {
        (Some(sha), _) => Revision::Commit(sha.to_ascii_lowercase()),
        (None, Some(branch)) => Revision::Branch(branch.clone()),
        (None, None) => {
            let sentence = "A build needs a branch or a commit: the node has neither.";
            return Err(Failed::unusable(sentence.to_owned()));
        }
    };
    let sha = git::fetch(work, repository, &service.repository, &revision).await?;
    let arguments = arguments(&work.spec);
    let digested = digested(&arguments);
    if reuses(&work.spec)
        && let Some(build) = existing(work, &id, branch.as_deref(), &sha, &digested).await?
    {
        let (used, run) = (build.id.clone(), work.run.id.clone());
        work.world.db.write(move |tx| builds::used(tx, &used, &run)).await?;
        work.note(&format!("The build {} of commit {sha} is used again.", build.id)).await?;
        return Ok(Done::with(data(&build)));
    }
    let mut build = Build {
        id: format!("{}-{}", &sha[..8], fresh()),
        project: project.id.clone(),
        service: id,
        branch,
        sha: Some(sha.clone()),
        arguments: Some(digested),
        status: "building".to_owned(),
        artifact: None,
        created_at: now(),
        concluded_at: None,
    };
    let (row, run) = (build.clone(), work.run.id.clone());
    work.world.db.write(move |tx| builds::insert(tx, &row, &run)).await?;
    (work.accepted)(data(&build));
    let checkout = work.world.checkout_folder(&build.id);
    let made = make(work, service, repository, &build, &arguments, &checkout).await;
    // Nothing of the checkout is needed any more; what can't be removed only takes space.
    let _ = tokio::fs::remove_dir_all(&checkout).await;
    let _ = tokio::fs::remove_file(git::index_of(&checkout)).await;
    build.concluded_at = Some(now());
    build.status = match &made {
        Ok(()) => "success",
        Err(failed) if failed.stopped => "aborted",
        Err(_) => "failure",
    }
    .to_owned();
    if made.is_ok() {
        build.artifact = Some(work.world.build_folder(&build.id).display().to_string());
    }
    let row = build.clone();
    work.world.db.write(move |tx| builds::update(tx, &row)).await?;
    made.map(|()| Done::with(data(&build)))
}

async fn make(
    work: &mut Work<'_>,
    service: &BuildService,
    repository: &crate::project::Repository,
    build: &Build,
    arguments: &Map<String, Value>,
    checkout: &Path,
) -> Result<(), Failed> {
    let sha = build.sha.as_deref().unwrap_or_default();
    git::checkout(work, repository, sha, checkout).await?;
    work.note(&format!("Building commit {sha} as {}.", build.id)).await?;
    let branch = build.branch.as_deref().unwrap_or_default();
    let handed =
        work.handed(&[("BUILD_ID", build.id.as_str()), ("COMMIT_SHA", sha), ("BRANCH", branch)]);
    work.command(&service.command, &handed, arguments, checkout, None).await?;
    let (from, artifact) = (checkout.to_owned(), service.artifact.clone());
    let folder = work.world.build_folder(&build.id);
    let limit = service.command.size_limit;
    tokio::task::spawn_blocking(move || artifact::keep(&from, &artifact, &folder, limit))
        .await
        .map_err(std::io::Error::other)?
        .map_err(Failed::command)
}

/// On unless the node switches it off.
fn reuses(spec: &Value) -> bool {
    !matches!(spec.get("reuseExistingBuilds"), Some(Value::Bool(false)))
}

/// `buildOverrides.buildArguments`.
fn arguments(spec: &Value) -> Map<String, Value> {
    spec.pointer("/buildOverrides/buildArguments")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// The same for the same arguments in whatever order. Only a digest is kept: there may be secrets
/// among them.
fn digested(arguments: &Map<String, Value>) -> String {
    let sorted: BTreeMap<&String, &Value> = arguments.iter().collect();
    digest(&json!(sorted).to_string())
}

/// A successful build of the same commit with the same arguments whose files are still there.
async fn existing(
    work: &Work<'_>,
    service: &str,
    branch: Option<&str>,
    sha: &str,
    arguments: &str,
) -> Result<Option<Build>, Failed> {
    let (project, service) = (work.project.id.clone(), service.to_owned());
    let (branch, sha) = (branch.map(str::to_owned), sha.to_owned());
    let arguments = arguments.to_owned();
    let found = work
        .world
        .db
        .read(move |conn| {
            builds::of_commit(conn, &project, &service, branch.as_deref(), &sha, &arguments)
        })
        .await?;
    let Some(build) = found else { return Ok(None) };
    let there = tokio::fs::try_exists(work.world.build_folder(&build.id)).await?;
    Ok(there.then_some(build))
}

fn data(build: &Build) -> Value {
    let mut data = json!({
        "id": build.id,
        "service": build.service,
        "branch": build.branch,
        "sha": build.sha,
        "createdAt": rfc3339(build.created_at),
        "status": build.status,
        "concluded": build.concluded_at.is_some(),
    });
    if let Some(at) = build.concluded_at {
        data["concludedAt"] = Value::from(rfc3339(at));
    }
    data
}
