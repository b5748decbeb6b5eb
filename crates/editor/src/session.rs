//! One document being edited: commands in; text, selection and labels out.
//!
//! - `code`: its text, typed in by hand.

mod code;

use std::collections::BTreeMap;

pub use code::Broken;
use code::Code;
use slipway_flow::{
    change::ChangeSet,
    diff::merge::{self, Choice},
    document::{Document, Editing, Key, Lengths, ParseError, Written},
};

use crate::{
    command::{self, Command, Done, Past, Refused},
    history::{Entry, History, TextStep},
    journal::{Record, Step},
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
    /// What happened since somebody last asked: see [`Session::take_records`].
    records: Vec<Record>,
    /// How many values of the document the records know, also those that were taken.
    recorded: usize,
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
        let recorded = document.made();
        Ok(Self {
            document,
            history: History::new(),
            selection: Selection::default(),
            first_made,
            code: None,
            lengths: Lengths::default(),
            measured: 0,
            records: Vec::new(),
            recorded,
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

    /// Whether a value was made in this session; the others were there when it began.
    #[must_use]
    pub fn is_made(&self, key: Key) -> bool {
        key >= self.first_made
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
        let (last, select) = match perform_all(&mut edit, commands, past) {
            Ok(done) => done,
            Err(refused) => {
                edit.cancel();
                return Err(refused);
            }
        };
        let changes = edit.finish();
        let selection = select.map_or_else(|| before.clone(), |nodes| Selection::of(&nodes));
        self.restored(&selection);
        let Some(done) = last.filter(|_| !changes.is_empty()) else { return Ok(None) };
        let label = label.map_or(done.label, str::to_owned);
        let (made_ref, after) = (done.made_ref, self.selection.clone());
        let label_of = label.clone();
        self.push(Entry {
            label: label_of,
            changes,
            field,
            made_ref,
            before,
            after,
            text: None,
            foreign: false,
        });
        Ok(Some(label))
    }

    /// Notes a step that was just made.
    fn push(&mut self, entry: Entry) {
        let step = Step::new(&self.document, self.recorded, &entry);
        self.recorded = self.document.made();
        let joins = self.history.push(entry);
        self.records.push(Record::Step(Box::new(step.joining(joins))));
    }

    /// Makes the changes that lead from `base` to `theirs`, as far as they go together with what
    /// was done here; `choices` decides the rest, as in [`merge::merge`]. Undo never takes them
    /// back: it leads past them to the own steps before. Nothing is stored then, until
    /// [`Session::mark_saved`]. False where the text can't be read: nothing was done then.
    pub fn merge(
        &mut self,
        base: &Document,
        theirs: &Document,
        label: &str,
        choices: &BTreeMap<usize, Choice>,
    ) -> bool {
        if self.broken().is_some() {
            return false;
        }
        let before = self.selection.clone();
        let changes = merge::merge(base, &mut self.document, theirs, choices).changes;
        self.restored(&before);
        self.push(Entry {
            label: label.to_owned(),
            changes,
            field: None,
            made_ref: None,
            before,
            after: self.selection.clone(),
            text: None,
            foreign: true,
        });
        true
    }

    /// What happened since this was last asked: to be kept, for [`Session::restore`].
    pub fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// Lets happen again what a record says. False when it belongs to another session; nothing has
    /// happened then.
    pub(crate) fn happen_again(&mut self, record: &Record) -> bool {
        let happened = match record {
            Record::Step(step) => match step.read(&mut self.document) {
                Some((entry, joins)) if self.step(&entry.changes, entry.text.clone()) => {
                    let after = entry.after.clone();
                    self.history.push_again(entry, joins);
                    self.restored(&after);
                    self.recorded = self.document.made();
                    true
                }
                _ => false,
            },
            Record::Undo => self.undo_step().is_some(),
            Record::Below(back) => self.undo_below_again(back),
            Record::Redo => self.redo_step().is_some(),
            Record::Saved(position) => {
                self.history.mark_saved(*position);
                true
            }
        };
        // Typing that goes on after a restoration is a step of its own.
        self.history.close_step();
        happened
    }

    /// Whether several commands, one after the other, can be carried out. Nothing has changed when
    /// this returns.
    ///
    /// # Errors
    /// When they can't.
    pub fn try_out(&mut self, commands: &[Command]) -> Result<(), Refused> {
        let past = Past { first_made: self.first_made, typed_ref: None };
        let mut edit = self.document.edit();
        let done = perform_all(&mut edit, commands, past);
        edit.cancel();
        done.map(|_| ())
    }

    /// Takes the last step back. Returns its label.
    pub fn undo(&mut self) -> Option<String> {
        if self.history.ends_foreign() {
            return self.undo_below();
        }
        let label = self.undo_step()?;
        self.records.push(Record::Undo);
        Some(label)
    }

    fn undo_step(&mut self) -> Option<String> {
        let entry = self.history.undo()?;
        let (changes, selection, label) =
            (entry.changes.inverse(), entry.before.clone(), entry.label.clone());
        let text = entry.text.as_ref().map(TextStep::inverse);
        // The document is in the state that the step left, or began with.
        self.step(&changes, text);
        self.restored(&selection);
        Some(label)
    }

    /// Takes back the last own step from below somebody else's changes, which stay: what they did
    /// to the same thing since is not taken back with it.
    fn undo_below(&mut self) -> Option<String> {
        loop {
            let (step, foreign) = self.history.take_below()?;
            // What the step made of what: the changes before and after it, without the others.
            let mut after = self.document.clone();
            let _ = after.apply(&foreign.changes.inverse());
            let mut before = after.clone();
            let _ = before.apply(&step.changes.inverse());
            let back = merge::merge(&after, &mut self.document, &before, &BTreeMap::new()).changes;
            let written = self.document.write_changes(self.recorded, &back);
            self.recorded = self.document.made();
            self.records.push(Record::Below(written));
            if let Some(label) = self.taken_back(step, foreign, &back) {
                return Some(label);
            }
        }
    }

    /// Brings the history up to `back` having been done: it took back the step below the foreign
    /// changes. Returns its label, unless nothing was left of it.
    fn taken_back(&mut self, step: Entry, foreign: Entry, back: &ChangeSet) -> Option<String> {
        let changes = step.changes.squash(foreign.changes).squash(back.clone());
        let foreign = Entry { changes, ..foreign };
        if back.is_empty() {
            self.history.put_back(foreign, None);
            return None;
        }
        let (label, selection) = (step.label.clone(), step.before.clone());
        let (changes, field, made_ref) = (back.inverse(), None, None);
        let undone = Entry { changes, field, made_ref, text: None, ..step };
        self.history.put_back(foreign, Some(undone));
        self.restored(&selection);
        Some(label)
    }

    /// As [`Session::undo_below`] did it once.
    fn undo_below_again(&mut self, written: &Written) -> bool {
        let Ok(back) = self.document.read_changes(written) else { return false };
        self.recorded = self.document.made();
        if self.document.apply(&back).is_err() {
            return false;
        }
        let Some((step, foreign)) = self.history.take_below() else { return false };
        self.taken_back(step, foreign, &back);
        true
    }

    /// Does the step again that was undone last. Returns its label.
    pub fn redo(&mut self) -> Option<String> {
        let label = self.redo_step()?;
        self.records.push(Record::Redo);
        Some(label)
    }

    fn redo_step(&mut self) -> Option<String> {
        let entry = self.history.redo()?;
        let (changes, selection, label) =
            (entry.changes.clone(), entry.after.clone(), entry.label.clone());
        let text = entry.text.clone();
        // The document is in the state that the step left, or began with.
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
        self.records.push(Record::Saved(moment.0));
    }

    /// How many own steps lie between what is stored and what is here.
    #[must_use]
    pub fn unsaved_steps(&self) -> usize {
        self.history.unsaved()
    }

    /// Whether the stored text is the current one.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.history.is_saved()
    }
}

/// Carries commands out one after the other. Returns what the last of them did, and what is to be
/// selected then.
fn perform_all(
    edit: &mut Editing<'_>,
    commands: &[Command],
    past: Past,
) -> Result<(Option<Done>, Option<Vec<Key>>), Refused> {
    let (mut last, mut select) = (None, None);
    for command in commands {
        let done = command::perform(edit, command, past)?;
        select = done.select.clone().or(select);
        last = Some(done);
    }
    if edit.fits() { Ok((last, select)) } else { Err(Refused(TOO_DEEP.to_owned())) }
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
