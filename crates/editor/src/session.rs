//! One document being edited: commands in; text, selection and labels out.
//!
//! - `code`: its text, typed in by hand. - `undo`: steps back and forth.

mod code;
#[cfg(test)]
pub(crate) mod tests;
mod undo;

use std::collections::BTreeMap;

pub use code::Broken;
use code::Code;
use slipway_flow::{
    diff::merge::{self, Choice},
    document::{Document, Editing, Key, Lengths, ParseError},
};

use crate::{
    command::{self, Command, Done, Past, Refused},
    history::{Entry, History},
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
    /// Text that was typed for nodes and can't be read: it is beside the document, and is kept.
    unread: BTreeMap<Key, String>,
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
            unread: BTreeMap::new(),
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

    /// Selects what is selected in `selection`, as far as it is there; in another flow than the open
    /// one, that one is opened. The next typing is a step of its own.
    pub fn choose(&mut self, selection: &Selection) {
        self.history.close_step();
        self.take(selection);
    }

    fn take(&mut self, selection: &Selection) {
        self.selection = selection.kept_in(&self.document);
        if let Some(focus) = self.selection.focus() {
            self.document.open_flow(self.document.flow_of(focus));
        }
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
            Record::Unread { node, text } => match self.document.key(*node) {
                Some(node) => {
                    self.set_unread(node, text.as_deref());
                    true
                }
                None => false,
            },
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

    /// After a step, also one back or forth: what is selected is there, and so is the flow that is
    /// open.
    fn restored(&mut self, selection: &Selection) {
        if !self.document.contains(self.document.flow()) {
            self.document.open_flow(self.document.root());
        }
        self.take(selection);
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

    /// Keeps what was typed for a node and can't be read, until it can be: then it is a step, and
    /// none here.
    pub fn keep_unread(&mut self, node: Key, text: Option<&str>) {
        if self.unread.get(&node).map(String::as_str) == text {
            return;
        }
        self.set_unread(node, text);
        let record = Record::Unread { node: node.number(), text: text.map(str::to_owned) };
        // While it is typed only the last of it counts.
        if let Some(Record::Unread { node: last, .. }) = self.records.last()
            && *last == node.number()
        {
            self.records.pop();
        }
        self.records.push(record);
    }

    pub(crate) fn set_unread(&mut self, node: Key, text: Option<&str>) {
        match text {
            Some(text) => self.unread.insert(node, text.to_owned()),
            None => self.unread.remove(&node),
        };
    }

    /// Text that can't be read, by the node that it was typed for, of nodes that are there.
    pub fn unread(&self) -> impl Iterator<Item = (Key, &str)> {
        let there = self.unread.iter().filter(|(node, _)| self.document.contains(**node));
        there.map(|(node, text)| (*node, text.as_str()))
    }

    /// How many own steps lie between what is stored and what is here; text that can't be read counts
    /// as one.
    #[must_use]
    pub fn unsaved_steps(&self) -> usize {
        self.history.unsaved() + self.unread().count()
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
