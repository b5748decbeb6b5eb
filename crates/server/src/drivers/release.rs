//! `Release`: give a service or job a build, an image, or what another one runs.

use std::time::Duration;

use serde_json::Map;
use slipway_engine::{
    event::{Artifact, Deployment, EventBody},
    rollback::release_data,
};
use tokio::time::Instant;

use super::{
    artifact,
    environment::Handed,
    work::{Done, Failed, Work},
};
use crate::{
    db::{NewEvent, Tx, builds, builds::Build, deployments, now},
    project::{Command, Health, ServiceKind},
};

/// How long a build of somebody else is waited for by a node without a time of its own.
const PATIENCE: Duration = Duration::from_secs(14_400);

pub async fn execute(work: &mut Work<'_>) -> Result<Done, Failed> {
    let target = work.resource("/target/id")?;
    let kind = work.text("/target/type").unwrap_or_else(|| "service".to_owned());
    let deployed = match work.required("/type")?.as_str() {
        "build" => of_build(work).await?,
        "deployment" => of_origin(work).await?,
        "registry" => Artifact::Image {
            image_path: work.required("/origin/imagePath")?,
            credentials: work.text("/origin/credentials"),
        },
        other => {
            return Err(Failed::unusable(format!("Releases of type \"{other}\" can't be run.")));
        }
    };
    if let Artifact::Build { build_id, .. } = &deployed {
        artifact::finished(work.world, &work.project.id, build_id).await?;
    }
    // Two releases to one target would fight over it.
    let _alone = work.alone(format!("release {}/{target}", work.project.id)).await?;
    let mut handed = work.handed(&[("RELEASE_TARGET", &target)]);
    handed.extend(artifact::handed(work.world, &deployed));
    work.note(&format!("Deploying {} to {target}.", described(&deployed))).await?;
    let (deploy, health) = commands(work, &kind, &target)?;
    if let Some(deploy) = deploy {
        work.command(deploy, &handed, &Map::new(), &deploy.folder, None).await?;
    }
    let data = release_data(&target, &kind, &deployed);
    // From here on the target runs something else, healthy or not, and whatever becomes of the
    // run. Written while nobody else may release to it, so that the last word is the last release.
    note_deployed(work, &target, deployed).await?;
    if let (true, Some(health)) = (work.waits, health) {
        wait_until_healthy(work, health, &handed, &target).await?;
    }
    Ok(Done::with(data))
}

async fn note_deployed(work: &Work<'_>, target: &str, artifact: Artifact) -> Result<(), Failed> {
    let (run, resource) = (work.run.clone(), target.to_owned());
    let deployment =
        Deployment { artifact, run: run.id.clone(), node: work.node.to_owned(), at: now() };
    let write = move |tx: &mut Tx<'_>| {
        deployments::set(tx, &run.project, &resource, &deployment)?;
        let event = NewEvent {
            pipeline: Some(run.pipeline),
            stage: Some(run.stage),
            run: Some(run.id),
            body: EventBody::Deployed { resource, deployment },
        };
        tx.append(&run.project, event)
    };
    work.world.db.write(write).await?;
    Ok(())
}

/// The target's commands. A job without one is simply noted to run something else from now on.
fn commands<'a>(
    work: &Work<'a>,
    kind: &str,
    target: &str,
) -> Result<(Option<&'a Command>, Option<&'a Health>), Failed> {
    let project = work.project;
    if kind == "job" {
        let job = project
            .job(target)
            .ok_or_else(|| Failed::unusable(format!("There is no job \"{target}\".")))?;
        return Ok((job.deploy.as_ref(), None));
    }
    match project.service(target).map(|service| &service.kind) {
        Some(ServiceKind::Deployment(service)) => {
            Ok((Some(&service.deploy), service.health.as_ref()))
        }
        _ => Err(Failed::unusable(format!("There is no deployment service \"{target}\"."))),
    }
}

fn described(artifact: &Artifact) -> String {
    match artifact {
        Artifact::Build { build_id, sha, .. } => {
            let sha = sha.as_deref().unwrap_or("an unknown commit");
            format!("build {build_id} ({sha})")
        }
        Artifact::Image { image_path, .. } => format!("image {image_path}"),
    }
}

/// A concrete build, or what this run built, or the newest successful one of a branch.
async fn of_build(work: &mut Work<'_>) -> Result<Artifact, Failed> {
    let wanted = work.text("/origin/build").filter(|build| build != "latest");
    if let Some(id) = wanted {
        return Ok(artifact::of_build(&concluded(work, &id).await?));
    }
    let service = work.resource("/origin/id")?;
    let branch = work.text("/origin/branch");
    if let Some(id) = own_build(work, &service, branch.clone()).await? {
        return Ok(artifact::of_build(&concluded(work, &id).await?));
    }
    let (project, id, of) = (work.project.id.clone(), service.clone(), branch.clone());
    let found =
        work.world.db.read(move |conn| builds::latest(conn, &project, &id, of.as_deref())).await?;
    found.as_ref().map(artifact::of_build).ok_or_else(|| {
        let of = branch.map(|branch| format!(" of the branch \"{branch}\"")).unwrap_or_default();
        Failed::unusable(format!(
            "The service \"{service}\" has no successful build{of} yet: build it first."
        ))
    })
}

/// What this run itself built last, or used again: a build of an older commit is what "latest"
/// means after a node that asked for that commit.
async fn own_build(
    work: &Work<'_>,
    service: &str,
    branch: Option<String>,
) -> Result<Option<String>, Failed> {
    let (project, run) = (work.project.id.clone(), work.run.id.clone());
    let service = service.to_owned();
    let found = work
        .world
        .db
        .read(move |conn| builds::of_run(conn, &project, &run, &service, branch.as_deref()))
        .await?;
    Ok(found.map(|build| build.id))
}

/// The build, once it is over: a build that nobody waited for may still be going on.
async fn concluded(work: &mut Work<'_>, id: &str) -> Result<Build, Failed> {
    let began = Instant::now();
    loop {
        let (project, wanted) = (work.project.id.clone(), id.to_owned());
        let found = work.world.db.read(move |conn| builds::get(conn, &project, &wanted)).await?;
        match found {
            None => return Err(Failed::unusable(format!("There is no build \"{id}\"."))),
            Some(build) if build.status != "building" => return Ok(build),
            Some(_) if began.elapsed() > PATIENCE => {
                return Err(Failed::timeout(format!(
                    "The build \"{id}\" is not done after {} seconds.",
                    PATIENCE.as_secs()
                )));
            }
            Some(_) => work.pause(Duration::from_millis(500)).await?,
        }
    }
}

/// What the origin runs at this moment.
async fn of_origin(work: &Work<'_>) -> Result<Artifact, Failed> {
    let origin = work.resource("/origin/id")?;
    let (project, id) = (work.project.id.clone(), origin.clone());
    let current = work.world.db.read(move |conn| deployments::current(conn, &project, &id)).await?;
    current.map(|deployment| deployment.artifact).ok_or_else(|| {
        Failed::unusable(format!(
            "Nothing is deployed to \"{origin}\" yet, so there is nothing to promote."
        ))
    })
}

/// Asks until the answer is good or the time is up. Each answer is in the node's output.
async fn wait_until_healthy(
    work: &mut Work<'_>,
    health: &Health,
    handed: &Handed,
    target: &str,
) -> Result<(), Failed> {
    // A node with a time of its own has what is left of that: `stop` minds it.
    let within = work.timeout.unwrap_or(health.within);
    let late = || {
        Failed::timeout(format!(
            "{target} did not come up within {} seconds: the output has its answers.",
            within.as_secs()
        ))
    };
    let began = Instant::now();
    loop {
        let left = within.saturating_sub(began.elapsed());
        let folder = &health.command.folder;
        let asked = work.command(&health.command, handed, &Map::new(), folder, Some(left)).await;
        match asked {
            Ok(()) => return work.note(&format!("{target} is up.")).await,
            Err(failed) if failed.stopped || failed.code == 422 => return Err(failed),
            Err(_) => {}
        }
        if began.elapsed() + health.interval >= within {
            return Err(late());
        }
        work.pause(health.interval)
            .await
            .map_err(|failed| if failed.stopped { failed } else { late() })?;
    }
}
