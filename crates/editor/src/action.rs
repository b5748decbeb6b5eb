//! What the actions of keys, menus and the command palette are on what is selected: the commands to
//! carry out, or the sentence that says why there are none.
//!
//! May import: `command`, `keymap`, `layout`, `session`.

use slipway_flow::document::Key;

use crate::{
    command::{Command, Refused},
    keymap::{KeyAction, destination_of},
    layout::Layout,
    session::Session,
};

impl KeyAction {
    /// Whether it changes the document, or is only there to: a viewer can't.
    #[must_use]
    pub const fn changes(self) -> bool {
        use KeyAction as A;
        matches!(
            self,
            A::Move(_)
                | A::Rename
                | A::Add
                | A::Delete
                | A::Duplicate
                | A::Cut
                | A::Paste
                | A::Wrap(_)
                | A::Unwrap
                | A::SwitchWorkflow
                | A::ToggleSkip
                | A::Undo
                | A::Redo
                | A::Save
        )
    }

    /// Whether it is about the selected nodes, so that without any it is nothing.
    #[must_use]
    pub const fn needs_selection(self) -> bool {
        use KeyAction as A;
        matches!(
            self,
            A::Move(_)
                | A::SelectUpstream
                | A::SelectDownstream
                | A::Edit
                | A::Rename
                | A::Delete
                | A::Duplicate
                | A::Copy
                | A::Cut
                | A::Wrap(_)
                | A::Unwrap
                | A::SwitchWorkflow
                | A::ToggleSkip
                | A::FitSelection
        )
    }

    /// Whether the node that has the keyboard is selected for it where nothing is: a way to look
    /// leaves the selection as it is.
    #[must_use]
    pub const fn selects_first(self) -> bool {
        use KeyAction as A;
        matches!(self, A::SelectAll | A::Carry | A::Menu)
            || (self.needs_selection() && !matches!(self, A::FitSelection))
    }
}

impl Session {
    /// The selected nodes; the one with the focus first.
    #[must_use]
    pub fn chosen(&self) -> Vec<Key> {
        let focus = self.selection().focus();
        let others = self.selection().nodes().filter(|node| Some(*node) != focus);
        focus.into_iter().chain(others).collect()
    }

    /// The commands that an action is on the selected nodes; none for an action that is no command.
    ///
    /// # Errors
    /// When it means nothing here.
    pub fn commands_of(&self, layout: &Layout, action: KeyAction) -> Result<Vec<Command>, Refused> {
        let nodes = self.chosen();
        if nodes.is_empty() && action.needs_selection() {
            return Err(Refused("Nothing is selected.".to_owned()));
        }
        let command = match action {
            KeyAction::Delete => Command::Delete { nodes },
            KeyAction::Cut => Command::Cut { nodes },
            KeyAction::Duplicate => Command::Duplicate { nodes },
            KeyAction::Wrap(workflow) => Command::Wrap { nodes, workflow },
            KeyAction::Unwrap => Command::Unwrap { nodes },
            KeyAction::ToggleSkip => Command::ToggleSkip { nodes },
            KeyAction::Move(direction) => {
                let place = destination_of(layout, &nodes, direction)
                    .map_err(|why| Refused(why.to_owned()))?;
                Command::Move { nodes, place }
            }
            KeyAction::SwitchWorkflow => return Ok(self.switches(&nodes)),
            _ => return Ok(Vec::new()),
        };
        Ok(vec![command])
    }

    /// Switches the workflows among the nodes; without any the first is asked, and refuses.
    fn switches(&self, nodes: &[Key]) -> Vec<Command> {
        let is_workflow = |node: &&Key| self.document().node(**node).workflow_type().is_some();
        let workflows: Vec<Key> = nodes.iter().filter(is_workflow).copied().collect();
        let asked =
            if workflows.is_empty() { nodes.get(..1).unwrap_or_default() } else { &workflows };
        asked.iter().map(|node| Command::SwitchWorkflow { node: *node }).collect()
    }

    /// Carries an action out, as one step. Returns its label when something changed.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub fn act(&mut self, layout: &Layout, action: KeyAction) -> Result<Option<String>, Refused> {
        let commands = self.commands_of(layout, action)?;
        match commands.as_slice() {
            [] => Ok(None),
            [command] => self.dispatch(command),
            several => self.group(&format!("Switch {} workflows", several.len()), several),
        }
    }

    /// Why an action can't be carried out on the selected nodes: a sentence.
    pub fn refusal(&mut self, layout: &Layout, action: KeyAction) -> Option<String> {
        let nothing = |what| format!("There is nothing to {what}.");
        match action {
            KeyAction::Undo => return self.undo_label().is_none().then(|| nothing("undo")),
            KeyAction::Redo => return self.redo_label().is_none().then(|| nothing("redo")),
            KeyAction::Save => return self.is_saved().then(|| "Everything is saved.".to_owned()),
            _ => {}
        }
        let tried = self.commands_of(layout, action).and_then(|mut commands| {
            for command in &mut commands {
                // Only the outermost workflow can't be: there is no need to copy the others.
                if let Command::Duplicate { nodes } = command {
                    nodes.retain(|node| self.document().workflow_of(*node).is_none());
                }
            }
            let is_nothing =
                |command: &Command| matches!(command, Command::Duplicate { nodes } if nodes.is_empty());
            commands.retain(|command| !is_nothing(command));
            self.try_out(&commands)
        });
        tried.err().map(|refused| refused.0)
    }
}

#[cfg(test)]
mod tests {
    use slipway_flow::document::WorkflowType;

    use super::*;
    use crate::keymap::Direction;

    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "ref": "migrate", "spec": {"jobId": "migrate"}},
        {"kind": "Workflow", "spec": {"type": "parallel", "steps": [{"kind": "Build", "spec": {}}]}},
        {"kind": "JobRun", "spec": {"jobId": "last"}}]}}}"#;

    struct Bench {
        session: Session,
        layout: Layout,
        nodes: Vec<Key>,
    }

    impl Bench {
        fn new() -> Self {
            let session = Session::open(FLOW).unwrap();
            let document = session.document();
            let layout = Layout::of(document, document.root_node());
            Self { nodes: document.nodes(), session, layout }
        }

        fn select(&mut self, nodes: &[usize]) {
            let nodes: Vec<Key> = nodes.iter().map(|node| self.nodes[*node]).collect();
            self.session.select_all(&nodes);
        }

        fn refusal(&mut self, action: KeyAction) -> Option<String> {
            self.session.refusal(&self.layout, action)
        }
    }

    #[test]
    fn an_action_is_about_everything_that_is_selected() {
        let mut bench = Bench::new();
        bench.select(&[4, 1]);
        bench.session.act(&bench.layout, KeyAction::Delete).unwrap();
        assert_eq!(bench.session.document().nodes().len(), 3);
        bench.session.undo();
        bench.select(&[2, 0]);
        let label = bench.session.act(&bench.layout, KeyAction::SwitchWorkflow).unwrap();
        assert_eq!(label.as_deref(), Some("Switch 2 workflows"));
        bench.session.undo();
        assert_eq!(bench.session.document().text(), FLOW, "one step");
    }

    #[test]
    fn what_cant_be_done_says_why_and_changes_nothing() {
        let mut bench = Bench::new();
        assert_eq!(bench.refusal(KeyAction::Delete).as_deref(), Some("Nothing is selected."));
        assert_eq!(bench.refusal(KeyAction::SelectAll), None);
        assert_eq!(bench.refusal(KeyAction::Undo).as_deref(), Some("There is nothing to undo."));
        bench.select(&[0]);
        for action in [KeyAction::Delete, KeyAction::Wrap(WorkflowType::Parallel)] {
            let why = bench.refusal(action).unwrap();
            assert!(why.starts_with("Sequential workflow is the outermost workflow"), "{why}");
        }
        assert_eq!(bench.refusal(KeyAction::SwitchWorkflow), None);
        bench.select(&[1]);
        assert_eq!(bench.refusal(KeyAction::Delete), None);
        assert!(bench.refusal(KeyAction::Unwrap).is_some());
        assert!(bench.refusal(KeyAction::SwitchWorkflow).is_some());
        assert!(bench.refusal(KeyAction::Move(Direction::Up)).is_some());
        assert_eq!(bench.refusal(KeyAction::Move(Direction::Down)), None);
        assert_eq!(bench.session.document().text(), FLOW);
        assert!(bench.session.undo_label().is_none() && bench.session.is_saved());
    }
}
