//! A run that has been, with everything that can be asked about it.
//!
//! May import: `fold`, `plan`, `values`.

use crate::{fold::RunState, plan::Plan, values::Scope};

/// One past run.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub id: &'a str,
    pub plan: &'a Plan,
    pub state: &'a RunState,
    /// What the run's expressions stood for, where that is known.
    pub scope: Option<&'a Scope>,
}

impl<'a> Past<'a> {
    /// What a person calls it: its name, or else its id.
    #[must_use]
    pub fn called(&self) -> &'a str {
        self.state.name.as_deref().unwrap_or(self.id)
    }
}
