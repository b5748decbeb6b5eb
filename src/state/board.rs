//! A pipeline's board as the page shows it: the server's snapshot, and what the events since then
//! have changed.

use slipway_api::{
    board::{Board, BoardResource},
    run::RunRow,
    stage::Stage,
};
use slipway_engine::{
    event::{Event, EventBody, Millis},
    fold::RunState,
};

/// A pipeline with its stages.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardView {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub stages: Vec<StageView>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq)]
pub struct StageView {
    pub stage: Stage,
    pub resources: Vec<BoardResource>,
    /// None when the stage has no release flow yet.
    pub flow: Option<FlowView>,
    pub latest: Option<LatestRun>,
}

/// What the board needs to know of a release flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowView {
    /// Whether its triggers are paused.
    pub paused: bool,
    /// When it was saved last; none when the server's word for it can't be read.
    pub saved_at: Option<Millis>,
}

/// The run that was created last. Its state is folded from run events alone: what its nodes do
/// does not show here.
#[derive(Debug, Clone, PartialEq)]
pub struct LatestRun {
    pub id: String,
    pub state: RunState,
}

impl BoardView {
    /// Reads a snapshot; `parse` reads an RFC 3339 time.
    #[must_use]
    pub fn of(board: Board, parse: impl Fn(&str) -> Option<Millis>) -> Self {
        let stages = board
            .stages
            .into_iter()
            .map(|stage| StageView {
                stage: stage.stage,
                resources: stage.resources,
                flow: stage.flow.map(|flow| FlowView {
                    paused: flow.paused,
                    saved_at: parse(&flow.updated_at),
                }),
                latest: stage.latest_run.map(|row| latest_of(row, &parse)),
            })
            .collect();
        Self { id: board.id, name: board.name, description: board.description, stages }
    }

    #[must_use]
    pub fn stage(&self, stage: Stage) -> Option<&StageView> {
        self.stages.iter().find(|view| view.stage == stage)
    }

    /// Whether the event changes anything here.
    #[must_use]
    pub fn concerned_by(&self, event: &Event) -> bool {
        match &event.body {
            // A resource may be in stages, and pipelines, other than the one that was released.
            EventBody::Deployed { resource, .. } => {
                self.stages.iter().flat_map(|stage| &stage.resources).any(|it| it.id == *resource)
            }
            EventBody::RunCreated { .. }
            | EventBody::RunQueued
            | EventBody::RunStarted
            | EventBody::RunAborting { .. }
            | EventBody::RunConcluded { .. }
            | EventBody::FlowSaved { .. } => event.pipeline.as_deref() == Some(self.id.as_str()),
            _ => false,
        }
    }

    /// Takes in an event that concerns this board.
    pub fn apply(&mut self, event: &Event) {
        if !self.concerned_by(event) {
            return;
        }
        if let EventBody::Deployed { resource, deployment } = &event.body {
            let resources = self.stages.iter_mut().flat_map(|stage| &mut stage.resources);
            for known in resources.filter(|known| known.id == *resource) {
                known.deployment = Some(deployment.clone());
            }
            return;
        }
        let stage = event.stage.as_deref().and_then(Stage::parse);
        let Some(view) = self.stages.iter_mut().find(|view| Some(view.stage) == stage) else {
            return;
        };
        view.apply(event);
    }
}

impl StageView {
    fn apply(&mut self, event: &Event) {
        match (&event.body, &event.run) {
            (EventBody::FlowSaved { .. }, _) => {
                let paused = self.flow.as_ref().is_some_and(|flow| flow.paused);
                self.flow = Some(FlowView { paused, saved_at: Some(event.at) });
            }
            (EventBody::RunCreated { .. }, Some(run)) => {
                let mut state = RunState::default();
                state.apply(event);
                self.latest = Some(LatestRun { id: run.clone(), state });
            }
            (_, Some(run)) => {
                if let Some(latest) = self.latest.as_mut().filter(|latest| latest.id == *run) {
                    latest.state.apply(event);
                }
            }
            _ => {}
        }
    }
}

fn latest_of(row: RunRow, parse: impl Fn(&str) -> Option<Millis>) -> LatestRun {
    let time = |text: &Option<String>| text.as_deref().and_then(&parse);
    let state = RunState {
        status: row.status,
        started_at: time(&row.started_at),
        concluded_at: time(&row.concluded_at),
        created_at: parse(&row.created_at).unwrap_or_default(),
        updated_at: parse(&row.updated_at).unwrap_or_default(),
        name: row.name,
        description: row.description,
        origin: row.origin,
        by: row.by,
        ..RunState::default()
    };
    LatestRun { id: row.id, state }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_engine::event::RunStatus;

    use super::*;

    fn board() -> BoardView {
        let resource = json!({"id": "web", "name": "web", "type": "service"});
        let stage = |name: &str| json!({"stage": name, "resources": [resource]});
        let board = serde_json::from_value(json!({
            "seq": 4, "id": "shop", "name": "Shop",
            "stages": [stage("Development"), stage("Staging"), stage("Production")],
        }));
        BoardView::of(board.unwrap(), |_| Some(7))
    }

    fn event(seq: u64, body: serde_json::Value) -> Event {
        let mut event = json!({"seq": seq, "at": seq * 10, "pipeline": "shop", "stage": "Staging",
            "run": "r1"});
        event.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn a_run_appears_goes_and_ends_in_its_own_stage() {
        let mut board = board();
        board.apply(&event(5, json!({"type": "run_created", "name": "One", "by": "ada"})));
        board.apply(&event(6, json!({"type": "run_started"})));
        let latest = board.stage(Stage::Staging).unwrap().latest.clone().unwrap();
        assert_eq!((latest.id.as_str(), latest.state.status), ("r1", RunStatus::Running));
        assert_eq!(latest.state.created_at, 50);
        board.apply(&event(7, json!({"type": "run_concluded", "status": "failure"})));
        let latest = board.stage(Stage::Staging).unwrap().latest.clone().unwrap();
        assert_eq!(latest.state.status, RunStatus::Failure);
        assert!(board.stage(Stage::Production).unwrap().latest.is_none());
    }

    #[test]
    fn an_older_runs_end_does_not_touch_the_latest() {
        let mut board = board();
        board.apply(&event(5, json!({"type": "run_created", "by": "ada"})));
        board.apply(&event(6, json!({"type": "run_created", "by": "ada", "run": "r2"})));
        board.apply(&event(7, json!({"type": "run_concluded", "status": "success"})));
        let latest = board.stage(Stage::Staging).unwrap().latest.clone().unwrap();
        assert_eq!((latest.id.as_str(), latest.state.status), ("r2", RunStatus::Pending));
    }

    #[test]
    fn a_deployment_shows_wherever_its_resource_is() {
        let mut board = board();
        let deployed = event(
            5,
            json!({"type": "deployed", "resource": "web", "pipeline": "another", "deployment": {
                "artifact": "image", "imagePath": "nginx:1", "run": "r1", "node": "/spec", "at": 50}}),
        );
        board.apply(&deployed);
        let shown = board.stages.iter().filter(|stage| stage.resources[0].deployment.is_some());
        assert_eq!(shown.count(), 3);
    }

    #[test]
    fn a_saved_flow_shows_and_other_pipelines_do_not() {
        let mut board = board();
        let before = board.clone();
        board.apply(&event(
            5,
            json!({"type": "flow_saved", "etag": "a", "by": "ada",
            "pipeline": "another"}),
        ));
        assert_eq!(board, before);
        board.apply(&event(6, json!({"type": "flow_saved", "etag": "a", "by": "ada"})));
        let flow = board.stage(Stage::Staging).unwrap().flow.clone().unwrap();
        assert_eq!(flow, FlowView { paused: false, saved_at: Some(60) });
    }
}
