//! `JobRun`: run a job's command.

use serde_json::{Map, Value, json};

use super::{
    artifact,
    work::{Done, Failed, Work},
    world::fresh,
};
use crate::db::deployments;

pub async fn execute(work: &mut Work<'_>) -> Result<Done, Failed> {
    let id = work.resource("/jobId")?;
    let project = work.project;
    let job =
        project.job(&id).ok_or_else(|| Failed::unusable(format!("There is no job \"{id}\".")))?;
    let wanted = match work.spec.get("runtimeEnvironment") {
        Some(Value::Object(wanted)) => wanted.clone(),
        _ => Map::new(),
    };
    let mut handed = work.handed(&[]);
    let (of, resource) = (project.id.clone(), id.clone());
    let current =
        work.world.db.read(move |conn| deployments::current(conn, &of, &resource)).await?;
    if let Some(deployment) = current {
        handed.extend(artifact::handed(work.world, &deployment.artifact));
    }
    let number = fresh();
    let data = json!({ "id": format!("{id}-run-{number}"), "runName": format!("{id}-{number}") });
    (work.accepted)(data.clone());
    work.command(&job.run, &handed, &wanted, &job.run.folder, None).await?;
    Ok(Done::with(data))
}
