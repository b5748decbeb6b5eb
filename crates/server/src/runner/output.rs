//! What nodes print.

use slipway_api::run::NodeOutput;
use slipway_engine::{fold::RunState, plan::Plan};

use super::{Runner, RunnerError};
use crate::{db::runs, drivers::process::read_log};

impl Runner {
    /// A piece of a node's kept output from the byte `from` on; none when there is no such run
    /// or node.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub async fn output(
        &self,
        run_id: &str,
        node: &str,
        from: u64,
    ) -> Result<Option<NodeOutput>, RunnerError> {
        let id = run_id.to_owned();
        let found = self
            .inner
            .db
            .read(move |conn| {
                let run = runs::by_id(conn, &id)?;
                let events = runs::events(conn, &id)?;
                Ok(run.map(|run| (run, events)))
            })
            .await?;
        let Some((record, events)) = found else { return Ok(None) };
        let known = Plan::parse(&record.document).is_ok_and(|plan| plan.node(node).is_some());
        if !known {
            return Ok(None);
        }
        let state = RunState::of(&events);
        // Asked before the file is read: what is said to have ended is then read whole.
        let working = self.inner.working().contains(&(run_id.to_owned(), node.to_owned()));
        let ended = !working && (state.status_of(node).ended() || state.concluded());
        let kept = read_log(&self.inner.world.log_path(run_id, node), from).await?;
        Ok(Some(NodeOutput {
            from: kept.from,
            size: kept.size,
            text: kept.text,
            truncated: kept.truncated,
            ended,
        }))
    }
}
