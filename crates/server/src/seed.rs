//! Pipelines, stage members and release flows that a project file declares and the database
//! doesn't have yet. What the database has is left alone.

use slipway_flow::document::Document;

use crate::{
    app::StartFailure,
    db::{
        Db, DbError, Tx,
        flows::{self, Pipeline, Place},
        now,
    },
    project::{Project, Projects, SeedPipeline},
};

/// Who saved a flow that came from a project file.
const BY: &str = "project file";

/// Adds what is missing, for all projects.
///
/// # Errors
/// A flow that is not JSON, or a database that can't be written.
pub async fn missing(db: &Db, projects: &Projects) -> Result<(), StartFailure> {
    for project in projects.list().iter() {
        check(project)?;
        let project = std::sync::Arc::clone(project);
        db.write(move |tx| {
            for pipeline in &project.pipelines {
                add(tx, &project.id, pipeline)?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

fn check(project: &Project) -> Result<(), StartFailure> {
    for pipeline in &project.pipelines {
        for stage in &pipeline.stages {
            let Some(Err(error)) = stage.flow.as_deref().map(Document::parse) else { continue };
            return Err(StartFailure::Seed(format!(
                "The release flow of the stage {} of the pipeline \"{}\" is not JSON. {error}",
                stage.stage.name(),
                pipeline.id
            )));
        }
    }
    Ok(())
}

fn add(tx: &mut Tx<'_>, project: &str, seed: &SeedPipeline) -> Result<(), DbError> {
    if flows::pipeline(tx, project, &seed.id)?.is_none() {
        let at = now();
        let pipeline = Pipeline {
            id: seed.id.clone(),
            name: seed.name.clone(),
            description: seed.description.clone(),
            created_at: at,
            updated_at: at,
        };
        flows::insert_pipeline(tx, project, &pipeline)?;
    }
    for stage in &seed.stages {
        let place =
            Place { project: project.to_owned(), pipeline: seed.id.clone(), stage: stage.stage };
        for (kind, id) in &stage.resources {
            // One that sits in a stage already stays there.
            flows::insert_resource(tx, &place, *kind, id)?;
        }
        if let Some(text) = &stage.flow
            && flows::flow(tx, &place)?.is_none()
        {
            let paused = Document::parse(text).is_ok_and(|flow| flows::says_paused(&flow));
            flows::save_flow(tx, &place, text, paused, BY)?;
        }
    }
    Ok(())
}
