//! Going back to what an earlier run released.

use axum::extract::State;
use slipway_api::run::RollbackRequest;
use slipway_flow::pattern::{DESCRIPTION, RUN_NAME};

use super::{
    answer::{Answer, Failed, data},
    flows,
    input::{At, Fields, Who},
    runs,
};
use crate::app::Shared;

/// Characters that a reason may have.
const REASON: usize = 500;

/// `GET /slipway/v1/…/runs/{run}/rollback-plan`.
pub async fn plan(State(app): State<Shared>, at: At) -> Answer {
    let place = flows::place(&app, &at)?;
    let run = runs::record(&app, &place, &at.run()).await?;
    data(app.runner.rollback_plan(&run).await.map_err(|error| Failed::internal(&error))?)
}

/// `POST /slipway/v1/…/runs/{run}/rollback`: answers the new run's row.
pub async fn start(State(app): State<Shared>, at: At, Who(who): Who, mut fields: Fields) -> Answer {
    let place = flows::place(&app, &at)?;
    let ask = RollbackRequest {
        name: runs::text(&mut fields, "name", &RUN_NAME),
        description: runs::text(&mut fields, "description", &DESCRIPTION),
        reason: fields.string("reason"),
    };
    if ask.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON) {
        let sentence = format!("\"reason\" must be at most {REASON} characters long");
        fields.fault::<()>("reason", sentence);
    }
    fields.finish()?;
    let run = runs::record(&app, &place, &at.run()).await?;
    let new = app.runner.rollback(&run, ask, &who.name).await;
    let new = match new {
        Ok(new) => new,
        Err(error) => return Err(runs::not_started(&app, error, &place).await),
    };
    data(runs::row(&app, &new.id).await?)
}
