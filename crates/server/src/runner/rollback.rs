//! Going back to what an earlier run released.

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_api::{
    run::{Restore, RollbackPlan, RollbackRequest, RunRequest},
    stage::Stage,
};
use slipway_engine::{
    event::{Artifact, RunOrigin},
    fold::RunState,
    plan::Plan,
    rollback::{self, Rollback, released},
};

use super::{NewRun, Runner, RunnerError, StartError, request};
use crate::{
    db::{DbError, deployments, flows, flows::Place, runs, runs::RunRecord},
    drivers,
};

/// A reason has at most so many characters.
const REASON: usize = 500;

impl Runner {
    /// What going back to this run would do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rollback_plan(&self, run: &RunRecord) -> Result<RollbackPlan, RunnerError> {
        let found = self.find_rollback(run).await?;
        let restores = found.restores.into_iter().map(|restore| Restore {
            resource: restore.resource,
            now: restore.now,
            then: restore.then,
        });
        Ok(RollbackPlan {
            restores: restores.collect(),
            untouched: found.untouched,
            refused: found.refused,
        })
    }

    /// Starts a run that puts back what this run released.
    ///
    /// # Errors
    /// When there is nothing to put back, the request is not right, or the flow's policy forbids
    /// a run now.
    pub async fn rollback(
        &self,
        run: &RunRecord,
        ask: RollbackRequest,
        by: &str,
    ) -> Result<RunRecord, StartError> {
        let found = self.find_rollback(run).await.map_err(|error| match error {
            RunnerError::Db(error) => StartError::Db(error),
            other => StartError::Forbidden(other.to_string()),
        })?;
        if let Some(sentence) = found.refused {
            return Err(StartError::Forbidden(sentence));
        }
        if ask.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON) {
            let sentence = format!("A reason can be at most {REASON} characters long.");
            let details = BTreeMap::from([("reason".to_owned(), vec![sentence])]);
            return Err(StartError::Invalid { details });
        }
        let stage = Stage::parse(&run.stage).ok_or(StartError::NoFlow)?;
        let policy = self.policy_now(run, stage).await?;
        let document = rollback::document(&found.restores, policy.as_deref());
        let new = NewRun {
            project: run.project.clone(),
            pipeline: run.pipeline.clone(),
            stage,
            request: RunRequest {
                name: ask.name,
                description: ask.description,
                ..RunRequest::default()
            },
            origin: RunOrigin::Rollback { of: run.id.clone(), reason: ask.reason },
            by: by.to_owned(),
        };
        request::begin(&self.inner, new, format!("{document:#}\n")).await
    }

    /// The concurrency policy of the stage's flow; the run's own when there is no flow any more.
    async fn policy_now(&self, run: &RunRecord, stage: Stage) -> Result<Option<String>, DbError> {
        let (project, pipeline) = (run.project.clone(), run.pipeline.clone());
        let place = Place { project, pipeline, stage };
        let flow = self.inner.db.read(move |conn| flows::flow(conn, &place)).await?;
        let text = flow.as_ref().map_or(&run.document, |flow| &flow.text);
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        let policy = document.pointer("/options/concurrencyPolicy").and_then(Value::as_str);
        Ok(policy.map(str::to_owned))
    }

    async fn find_rollback(&self, run: &RunRecord) -> Result<Rollback, RunnerError> {
        let Ok(plan) = Plan::parse(&run.document) else {
            let refused = Some("The document of this run can't be read any more.".to_owned());
            return Ok(Rollback { refused, ..Rollback::default() });
        };
        let (id, project) = (run.id.clone(), run.project.clone());
        let (state, current) = self
            .inner
            .db
            .read(move |conn| {
                let state = RunState::of(&runs::events(conn, &id)?);
                let targets = state.nodes.values().filter_map(|node| released(node.data.as_ref()?));
                let mut current: BTreeMap<String, Artifact> = BTreeMap::new();
                for (target, ..) in targets {
                    if let Some(deployment) = deployments::current(conn, &project, &target)? {
                        current.insert(target, deployment.artifact);
                    }
                }
                Ok((state, current))
            })
            .await?;
        let mut found = rollback::rollback(&plan, &state, &current);
        self.leave_out_what_is_gone(run, &mut found).await;
        Ok(found)
    }

    /// What can't be deployed any more is left as it is, and said.
    async fn leave_out_what_is_gone(&self, run: &RunRecord, found: &mut Rollback) {
        let mut kept = Vec::with_capacity(found.restores.len());
        for restore in found.restores.drain(..) {
            match drivers::available(&self.inner.world, &run.project, &restore.then).await {
                Ok(()) => kept.push(restore),
                Err(why) => {
                    let resource = &restore.resource;
                    found.untouched.push(format!("\"{resource}\" stays as it is. {why}"));
                }
            }
        }
        found.restores = kept;
        if found.restores.is_empty() && found.refused.is_none() {
            found.refused = Some("Nothing that this run released is there any more.".to_owned());
        }
    }
}
