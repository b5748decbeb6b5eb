//! The rows of a run list, kept true by the project's events.

use slipway_engine::event::{Event, EventBody, Millis, RunOrigin, RunStatus};

/// A run in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub status: RunStatus,
    pub origin: RunOrigin,
    pub by: String,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub concluded_at: Option<Millis>,
}

impl Row {
    /// What people call the run: its name, else its id.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// The row of a run that an event has just announced; none for any other event.
    #[must_use]
    pub fn created(event: &Event) -> Option<Self> {
        let EventBody::RunCreated { name, description, origin, by } = &event.body else {
            return None;
        };
        Some(Self {
            id: event.run.clone()?,
            name: name.clone(),
            description: description.clone(),
            status: RunStatus::Pending,
            origin: origin.clone(),
            by: by.clone(),
            created_at: event.at,
            started_at: None,
            concluded_at: None,
        })
    }

    /// Takes in an event of this run and says whether anything changed. The row may already know:
    /// a list is read a little after the number from which its events are followed, so what an
    /// event says counts only where it is further along.
    pub fn apply(&mut self, event: &Event) -> bool {
        let next = match &event.body {
            EventBody::RunQueued => RunStatus::Queued,
            EventBody::RunStarted => RunStatus::Running,
            EventBody::RunAborting { .. } => RunStatus::Aborting,
            EventBody::RunConcluded { status, .. } => *status,
            _ => return false,
        };
        let before = self.clone();
        match event.body {
            EventBody::RunStarted => {
                self.started_at.get_or_insert(event.at);
            }
            EventBody::RunConcluded { .. } => {
                self.concluded_at.get_or_insert(event.at);
            }
            _ => {}
        }
        if progress(next) > progress(self.status) {
            self.status = next;
        }
        *self != before
    }
}

/// How far along a run with this status is.
const fn progress(status: RunStatus) -> u8 {
    match status {
        RunStatus::Unknown => 0,
        RunStatus::Pending => 1,
        RunStatus::Queued => 2,
        RunStatus::Running
        | RunStatus::Waiting
        | RunStatus::Retrying
        | RunStatus::AsyncWait
        | RunStatus::ApprovalWait => 3,
        RunStatus::Aborting => 4,
        RunStatus::Success | RunStatus::Failure | RunStatus::Aborted | RunStatus::Skipped => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: Millis, body: EventBody) -> Event {
        Event { seq: 1, at, pipeline: None, stage: None, run: Some("r".into()), body }
    }

    fn row() -> Row {
        let created = EventBody::RunCreated {
            name: None,
            description: None,
            origin: RunOrigin::Release,
            by: "ada".into(),
        };
        Row::created(&event(5, created)).unwrap()
    }

    #[test]
    fn a_row_goes_through_its_run() {
        let mut row = row();
        assert_eq!((row.label(), row.status), ("r", RunStatus::Pending));
        assert!(row.apply(&event(6, EventBody::RunStarted)));
        assert!(row.apply(&event(7, EventBody::RunAborting { by: "ben".into() })));
        let end = EventBody::RunConcluded { status: RunStatus::Aborted, reason: None };
        assert!(row.apply(&event(8, end)));
        assert_eq!((row.started_at, row.concluded_at), (Some(6), Some(8)));
        assert_eq!(row.status, RunStatus::Aborted);
    }

    #[test]
    fn an_event_that_the_list_already_knew_takes_nothing_back() {
        let mut row = Row { status: RunStatus::Success, started_at: Some(6), ..row() };
        row.concluded_at = Some(9);
        let before = row.clone();
        assert!(!row.apply(&event(6, EventBody::RunStarted)));
        assert!(!row.apply(&event(7, EventBody::RunQueued)));
        assert_eq!(row, before);
    }

    #[test]
    fn a_status_of_a_later_version_gives_way() {
        let mut row = Row { status: RunStatus::Unknown, ..row() };
        assert!(row.apply(&event(6, EventBody::RunStarted)));
        assert_eq!(row.status, RunStatus::Running);
    }
}
