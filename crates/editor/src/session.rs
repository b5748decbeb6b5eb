//! One document being edited: commands in; text, selection and labels out.
//!
//! - `code`: its text, typed in by hand.

mod code;

pub use code::Broken;
use code::Code;
use slipway_flow::document::{Document, Key, Lengths, ParseError};

use crate::{
    command::{self, Command, Past, Refused},
    history::{Entry, History, TextStep},
    selection::Selection,
};

const TOO_DEEP: &str =
    "This would nest the document more than 200 levels deep, which can't be read again.";

/// An editing session.
#[derive(Debug, Clone)]
pub struct Session {
    document: Document,
    history: History,
    selection: Selection,
    /// The first value that the author did not write.
    first_made: Key,
    /// The text, while it is shown or can't be read.
    code: Option<Code>,
    /// The lengths of the document's values as of the revision `measured`.
    lengths: Lengths,
    measured: usize,
}

/// A moment of a session, for [`Session::mark_saved`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(usize);

impl Session {
    /// Opens a text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn open(text: &str) -> Result<Self, ParseError> {
        let mut document = Document::parse(text)?;
        let first_made = document.graft("null")?;
        Ok(Self {
            document,
            history: History::new(),
            selection: Selection::default(),
            first_made,
            code: None,
            lengths: Lengths::default(),
            measured: 0,
        })
    }

    /// Opens a text that is stored nowhere: [`Session::is_saved`] is false until it is.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn open_draft(text: &str) -> Result<Self, ParseError> {
        Ok(Self { history: History::default(), ..Self::open(text)? })
    }

    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// From now on edits one of the flows inside the document ([`Document::flows`]), or again the
    /// whole document: its root. Text, history and saving stay those of the whole. False for
    /// anything else.
    pub fn open_flow(&mut self, flow: Key) -> bool {
        let known = flow == self.document.root()
            || self.document.flows().into_iter().any(|(inside, _)| inside == flow);
        if known && flow != self.document.flow() {
            self.document.open_flow(flow);
            self.select(None);
        }
        known
    }

    /// Selects one node, or nothing. The next typing is a step of its own.
    pub fn select(&mut self, node: Option<Key>) {
        self.choose(&Selection::only(node));
    }

    /// Selects several nodes; the first gets the focus. The next typing is a step of its own.
    pub fn select_all(&mut self, nodes: &[Key]) {
        self.choose(&Selection::of(nodes));
    }

    /// Adds a node to the selection, or takes it out. The next typing is a step of its own.
    pub fn toggle(&mut self, node: Key) {
        self.choose(&self.selection.clone().toggled(node));
    }

    /// Selects what is selected in `selection`, as far as it is there. The next typing is a step of
    /// its own.
    pub fn choose(&mut self, selection: &Selection) {
        self.history.close_step();
        self.selection = selection.kept_in(&self.document);
    }

    /// The selected nodes as text for the clipboard: see [`command::copy`].
    ///
    /// # Errors
    /// When nothing is selected.
    pub fn copy(&self) -> Result<String, Refused> {
        command::copy(&self.document, &self.selection.nodes().collect::<Vec<_>>())
    }

    /// As [`Session::copy`], and takes the nodes out of the flow.
    ///
    /// # Errors
    /// When nothing is selected, or the outermost workflow is.
    pub fn cut(&mut self) -> Result<String, Refused> {
        let text = self.copy()?;
        self.dispatch(&Command::Cut { nodes: self.selection.nodes().collect() })?;
        Ok(text)
    }

    /// Carries out a command. Returns its label when something changed.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub fn dispatch(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let field = command.field(&self.document);
        self.carry_out(None, std::slice::from_ref(command), field)
    }

    /// Carries out several commands, one after the other, as one step with one label. Returns the
    /// label when something changed.
    ///
    /// # Errors
    /// When one of them can't be done; nothing has changed then, by none of them.
    pub fn group(&mut self, label: &str, commands: &[Command]) -> Result<Option<String>, Refused> {
        self.carry_out(Some(label), commands, None)
    }

    fn carry_out(
        &mut self,
        label: Option<&str>,
        commands: &[Command],
        field: Option<(Key, String)>,
    ) -> Result<Option<String>, Refused> {
        self.refuse_while_broken()?;
        let before = self.selection.clone();
        let typed_ref = self.history.joins(field.as_ref()).and_then(|last| last.made_ref);
        let past = Past { first_made: self.first_made, typed_ref };
        let mut edit = self.document.edit();
        let mut select = None;
        let mut last = None;
        for command in commands {
            match command::perform(&mut edit, command, past) {
                Ok(done) => {
                    select = done.select.clone().or(select);
                    last = Some(done);
                }
                Err(refused) => {
                    edit.cancel();
                    return Err(refused);
                }
            }
        }
        if !edit.fits() {
            edit.cancel();
            return Err(Refused(TOO_DEEP.to_owned()));
        }
        let changes = edit.finish();
        let selection = select.map_or_else(|| before.clone(), |nodes| Selection::of(&nodes));
        self.restored(&selection);
        let Some(done) = last.filter(|_| !changes.is_empty()) else { return Ok(None) };
        let label = label.map_or(done.label, str::to_owned);
        let (made_ref, after) = (done.made_ref, self.selection.clone());
        let label_too = label.clone();
        let entry = Entry { label: label_too, changes, field, made_ref, before, after, text: None };
        self.history.push(entry);
        Ok(Some(label))
    }

    /// Takes the last step back. Returns its label.
    pub fn undo(&mut self) -> Option<String> {
        let entry = self.history.undo()?;
        let (changes, selection, label) =
            (entry.changes.inverse(), entry.before.clone(), entry.label.clone());
        let text = entry.text.as_ref().map(TextStep::inverse);
        self.step(&changes, text);
        self.restored(&selection);
        Some(label)
    }

    /// Does the step again that was undone last. Returns its label.
    pub fn redo(&mut self) -> Option<String> {
        let entry = self.history.redo()?;
        let (changes, selection, label) =
            (entry.changes.clone(), entry.after.clone(), entry.label.clone());
        let text = entry.text.clone();
        self.step(&changes, text);
        self.restored(&selection);
        Some(label)
    }

    /// After a step, also one back or forth: what is selected is there, and so is the flow that is
    /// open.
    fn restored(&mut self, selection: &Selection) {
        if !self.document.contains(self.document.flow()) {
            self.document.open_flow(self.document.root());
        }
        self.selection = selection.kept_in(&self.document);
    }

    #[must_use]
    pub fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }

    #[must_use]
    pub fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }

    /// Ends the current step: typing that follows is a step of its own.
    pub fn close_step(&mut self) {
        self.history.close_step();
    }

    /// The text to save, and the moment to name when it has been saved.
    pub fn to_save(&mut self) -> (String, Moment) {
        (self.document.text(), Moment(self.history.position()))
    }

    /// The text of that moment is stored: what was edited since is not.
    pub fn mark_saved(&mut self, moment: Moment) {
        self.history.mark_saved(moment.0);
    }

    /// Whether the stored text is the current one.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.history.is_saved()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::layout::Place;

    const FLOW: &str = r#"{
  "apiVersion": "v1.2",
  "spec": {
    "kind": "Workflow",
    "spec": {
      "type": "sequential",
      "steps": [
        { "kind": "JobRun", "ref": "migrate", "spec": { "jobId": "migrate" }, "x": 1.50 },
        {
          "kind": "Workflow",
          "spec": { "type": "parallel", "steps": [
            { "kind": "Oddity", "spec": {} },
            { "kind": "Workflow" } ] }
        }
      ]
    }
  }
}"#;

    fn session() -> Session {
        Session::open(FLOW).unwrap()
    }

    fn command(session: &Session, what: u8, a: usize, b: usize, index: usize) -> Command {
        let nodes = session.document().nodes();
        let containers: Vec<Key> = nodes
            .iter()
            .copied()
            .filter(|key| session.document().node(*key).is_container())
            .collect();
        let node = nodes[a % nodes.len()];
        let place = Place { workflow: containers[b % containers.len()], index };
        match what % 6 {
            0 => Command::Delete { nodes: vec![node] },
            1 => Command::Insert { place, node: json!({"kind": "JobRun", "spec": {"jobId": "x"}}) },
            2 => Command::SwitchWorkflow { node },
            3 => Command::SetField {
                node,
                pointer: "/spec/a/b".to_owned(),
                value: Some(json!(index)),
            },
            4 => Command::SetField { node, pointer: "/ref".to_owned(), value: None },
            _ => Command::Move { nodes: vec![node], place },
        }
    }

    proptest! {
        #[test]
        fn undoing_everything_leads_back_and_redoing_forth(
            acts in proptest::collection::vec((any::<u8>(), 0usize..20, 0usize..20, 0usize..5), 1..30)
        ) {
            let mut session = session();
            for (what, a, b, index) in acts {
                let before = session.document().text();
                let command = command(&session, what, a, b, index);
                if session.dispatch(&command).is_err() {
                    prop_assert_eq!(session.document().text(), before);
                }
                let document = session.document();
                prop_assert!(Document::parse(&document.text()).is_ok());
                prop_assert!(document.root_node().is_some());
                prop_assert!(session.selection().nodes().all(|key| document.contains(key)));
            }
            let end = session.document().text();
            while session.undo().is_some() {}
            prop_assert_eq!(session.document().text(), FLOW);
            prop_assert!(session.is_saved());
            while session.redo().is_some() {}
            prop_assert_eq!(session.document().text(), end);
        }
    }

    #[test]
    fn typing_in_a_field_is_one_step() {
        let mut session = session();
        let node = session.document().nodes()[1];
        let type_in = |session: &mut Session, text: &str| {
            let command = Command::SetField {
                node,
                pointer: "/spec/jobId".to_owned(),
                value: Some(json!(text)),
            };
            session.dispatch(&command).unwrap();
        };
        for text in ["migrate-", "migrate-d", "migrate-dev"] {
            type_in(&mut session, text);
        }
        assert!(session.document().text().contains("\"migrate-dev\""));
        session.close_step();
        type_in(&mut session, "other");
        session.undo();
        assert!(session.document().text().contains("\"migrate-dev\""));
        session.undo();
        assert_eq!(session.document().text(), FLOW);
        assert!(session.undo().is_none());
    }

    #[test]
    fn what_was_typed_while_a_save_was_under_way_is_unsaved() {
        let mut session = session();
        let node = session.document().nodes()[1];
        let set = |value: &str| Command::SetField {
            node,
            pointer: "/spec/jobId".to_owned(),
            value: Some(json!(value)),
        };
        session.dispatch(&set("one")).unwrap();
        let (text, moment) = session.to_save();
        session.dispatch(&set("two")).unwrap();
        session.mark_saved(moment);
        assert!(text.contains("\"one\"") && !session.is_saved());
        session.undo();
        assert!(session.is_saved());
    }

    #[test]
    fn the_outermost_workflow_stays() {
        let mut session = session();
        let root = session.document().root_node().unwrap();
        let refused = session.dispatch(&Command::Delete { nodes: vec![root] }).unwrap_err();
        assert!(
            refused.0.ends_with("is the outermost workflow: it can't be deleted."),
            "{refused}"
        );
    }

    #[test]
    fn a_moved_node_keeps_its_key_its_selection_and_its_bytes() {
        let mut session = session();
        let nodes = session.document().nodes();
        let text = session.document().text_of(nodes[1]);
        let place = Place { workflow: nodes[2], index: 1 };
        session.dispatch(&Command::Move { nodes: vec![nodes[1]], place }).unwrap();
        let document = session.document();
        assert_eq!(document.workflow_of(nodes[1]), Some(nodes[2]));
        assert_eq!(document.index_in_parent(nodes[1]), Some(1));
        assert_eq!(document.text_of(nodes[1]), text);
        assert_eq!(session.selection().focus(), Some(nodes[1]));
    }
}
