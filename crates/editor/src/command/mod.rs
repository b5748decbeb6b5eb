//! Everything an editor does to a document: what keyboard, mouse, palette, forms and tests send.
//!
//! - `nodes`: the structure of a flow. - `fields`: what a node says. - `entries`: lists and maps in
//!   it. - `refs`: names and what reads them. - `settings`: the document around the flow.
//! - `clipboard`: nodes as text. - `incoming`: what a text from outside is. - `breaks`: what a command
//!   takes from others.
//!
//! May import: `layout`, `uses`, the document.

mod begin;
mod breaks;
mod clipboard;
mod entries;
mod fields;
mod incoming;
mod nodes;
mod refs;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::Value;
use slipway_flow::{
    check::Fix,
    document::{Document, Editing, Key, WorkflowType},
    kinds,
};

pub use breaks::broken_by;
pub use clipboard::{MAX_PASTE_BYTES, copy};
pub use fields::lost_by_switch;
pub use incoming::{Incoming, incoming};
pub use settings::{List, argument_name_problem};

use crate::layout::Place;

/// One thing to do. Commands about several nodes take them in any order; of nodes inside one
/// another the outermost count.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Gives a flow without an outermost node one: this workflow, or a sequential one with this node
    /// in it.
    Begin {
        node: Option<Value>,
    },
    /// Puts a new node into the flow. A node that says its resource gets a ref.
    Insert {
        place: Place,
        node: Value,
    },
    /// Puts the nodes of a text into the flow: a node, a list of nodes or a whole flow's steps.
    /// Refs that are taken get a number, and what reads them inside the text follows.
    Paste {
        place: Place,
        text: String,
    },
    /// Moves nodes; the place is counted with the nodes still where they are.
    Move {
        nodes: Vec<Key>,
        place: Place,
    },
    /// Takes nodes out, with everything inside them.
    Delete {
        nodes: Vec<Key>,
    },
    /// As `Delete`, of nodes that [`copy`] has put aside.
    Cut {
        nodes: Vec<Key>,
    },
    /// Puts copies behind the nodes, as `Paste` would.
    Duplicate {
        nodes: Vec<Key>,
    },
    /// Puts copies of the nodes to a place, as `Paste` would.
    DuplicateTo {
        nodes: Vec<Key>,
        place: Place,
    },
    /// Puts nodes of one workflow into a new one in their place.
    Wrap {
        nodes: Vec<Key>,
        workflow: WorkflowType,
    },
    /// Puts the steps of workflows in the workflows' place.
    Unwrap {
        nodes: Vec<Key>,
    },
    /// Gives the field at `pointer` (from the node, `/spec/jobId`) a value, or takes it out. The
    /// node may also be an entry of the triggers or inputs, or any value inside a node: with an
    /// empty pointer the field is that value itself. Choosing a node's resource gives it a ref
    /// where it has none.
    SetField {
        node: Key,
        pointer: String,
        value: Option<Value>,
    },
    /// Gives a node, a trigger or an input the text that `Document::text_at` gave without
    /// indentation, edited. What is still there keeps its key.
    SetText {
        node: Key,
        text: String,
    },
    SetSkip {
        nodes: Vec<Key>,
        skip: bool,
    },
    /// Skips the nodes; where all are skipped already, none any more.
    ToggleSkip {
        nodes: Vec<Key>,
    },
    /// Sequential becomes parallel and the other way round.
    SwitchWorkflow {
        node: Key,
    },
    /// Makes a node another of the kinds that share its name: an index into
    /// `slipway_flow::kinds::all()`. Fields that both have stay.
    SwitchKind {
        node: Key,
        kind: usize,
    },
    /// Gives a node or trigger another ref, and everything that reads the old one.
    RenameRef {
        holder: Key,
        name: String,
    },
    /// Lets what read a node or trigger by the ref `from`, which it had, read it by the one that it
    /// has now.
    FollowRef {
        holder: Key,
        from: String,
    },
    /// Gives a setting of the document another value, or takes it out: `/options/paused`,
    /// `/gitops`. The pointer is from the flow.
    SetSetting {
        pointer: String,
        value: Option<Value>,
    },
    /// Gives an argument a default, or takes it out.
    SetArgument {
        name: String,
        value: Option<Value>,
    },
    /// Gives an argument another name, and every input and text that uses it.
    RenameArgument {
        name: String,
        to: String,
    },
    /// Puts an argument before the one at `index`, as counted without it.
    MoveArgument {
        name: String,
        index: usize,
    },
    /// Puts a trigger or an input before the one at `index`, or at the end.
    AddEntry {
        list: List,
        index: usize,
        entry: Value,
    },
    /// Puts a value into a list inside a node or a setting, before the one at `index`.
    AddElement {
        list: Key,
        index: usize,
        value: Value,
    },
    /// Takes a trigger, an input, or an entry of a list or map inside a node out.
    RemoveEntry {
        entry: Key,
    },
    /// Puts such an entry before the one at `index`, as counted without it.
    MoveEntry {
        entry: Key,
        index: usize,
    },
    /// Gives an entry of a map another name.
    RenameEntry {
        entry: Key,
        name: String,
    },
    /// Carries out the correction of a problem.
    Fix(Fix),
}

impl Command {
    /// The field that is being typed in: commands in a row on the same one are one step of undo.
    pub(crate) fn field(&self, document: &Document) -> Option<(Key, String)> {
        match self {
            Self::SetField { node, pointer, .. } => Some((*node, pointer.clone())),
            Self::SetText { node, .. } => Some((*node, String::new())),
            Self::SetSetting { pointer, .. } => Some((document.flow(), pointer.clone())),
            Self::SetArgument { name, value: Some(_) } => {
                Some((document.flow(), format!("/arguments/{name}")))
            }
            _ => None,
        }
    }
}

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Done {
    pub(crate) label: String,
    /// The nodes to select now, where that changes; the first has the focus.
    pub(crate) select: Option<Vec<Key>>,
    /// The ref that was made for a node because its resource was chosen.
    pub(crate) made_ref: Option<Key>,
}

impl Done {
    fn new(label: String) -> Self {
        Self { label, select: None, made_ref: None }
    }

    fn selecting(label: String, nodes: Vec<Key>) -> Self {
        Self { label, select: Some(nodes), made_ref: None }
    }
}

/// What a command may know of what was done before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past {
    /// Values from this key on were made by editing; those before it the author wrote.
    pub(crate) first_made: Key,
    /// The ref that the typing which this command goes on with has made.
    pub(crate) typed_ref: Option<Key>,
}

/// A command that can't be carried out: a sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn refused<T>(sentence: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(sentence.into()))
}

/// Carries out a command. Its edits are in force when this returns `Ok`; after a refusal the caller
/// takes back what there is.
pub(crate) fn perform(
    edit: &mut Editing<'_>,
    command: &Command,
    past: Past,
) -> Result<Done, Refused> {
    match command {
        Command::Begin { node } => begin::begin(edit, node.as_ref()),
        Command::Insert { place, node } => nodes::insert(edit, *place, node),
        Command::Paste { place, text } => clipboard::paste(edit, *place, text),
        Command::Move { nodes, place } => nodes::move_to(edit, nodes, *place),
        Command::Delete { nodes } => nodes::delete(edit, nodes, "Delete"),
        Command::Cut { nodes } => nodes::delete(edit, nodes, "Cut"),
        Command::Duplicate { nodes } => clipboard::duplicate(edit, nodes),
        Command::DuplicateTo { nodes, place } => clipboard::duplicate_to(edit, nodes, *place),
        Command::Wrap { nodes, workflow } => nodes::wrap(edit, nodes, *workflow),
        Command::Unwrap { nodes } => nodes::unwrap(edit, nodes),
        Command::SetField { node, pointer, value } => {
            fields::set(edit, *node, pointer, value.as_ref(), past)
        }
        Command::SetText { node, text } => fields::set_text(edit, *node, text),
        Command::SetSkip { nodes, skip } => fields::set_skip(edit, nodes, Some(*skip)),
        Command::ToggleSkip { nodes } => fields::set_skip(edit, nodes, None),
        Command::SwitchWorkflow { node } => fields::switch_workflow(edit, *node),
        Command::SwitchKind { node, kind } => fields::switch_kind(edit, *node, *kind),
        Command::RenameRef { holder, name } => refs::rename(edit, *holder, name),
        Command::FollowRef { holder, from } => refs::follow(edit, *holder, from),
        Command::SetSetting { pointer, value } => {
            settings::set(edit, pointer, value.as_ref(), past)
        }
        Command::SetArgument { name, value } => {
            settings::set_argument(edit, name, value.as_ref(), past)
        }
        Command::RenameArgument { name, to } => settings::rename_argument(edit, name, to),
        Command::MoveArgument { name, index } => settings::move_argument(edit, name, *index),
        Command::AddEntry { list, index, entry } => settings::add_entry(edit, *list, *index, entry),
        Command::AddElement { list, index, value } => entries::add(edit, *list, *index, value),
        Command::RenameEntry { entry, name } => entries::rename(edit, *entry, name),
        Command::RemoveEntry { entry } => settings::remove_entry(edit, *entry, past),
        Command::MoveEntry { entry, index } => settings::move_entry(edit, *entry, *index),
        Command::Fix(fix) => {
            fix.perform(edit);
            Ok(Done::new(fix.label.clone()))
        }
    }
}

/// The key, where it is still part of the flow that is open. What stands in a flow around that one
/// may hold it, and in one inside it other refs count.
fn living(document: &Document, key: Key) -> Result<Key, Refused> {
    if !document.contains(key) {
        return refused("This isn't in the document any more.");
    }
    if document.flow_of(key) != document.flow() {
        return refused("This belongs to another flow: open that one to change it.");
    }
    Ok(key)
}

/// The nodes without those inside others, in the order of the text; at least one.
fn outermost(document: &Document, nodes: &[Key]) -> Result<Vec<Key>, Refused> {
    if let [node] = nodes {
        return Ok(vec![living(document, *node)?]);
    }
    for node in nodes {
        living(document, *node)?;
    }
    let mut wanted: HashSet<Key> = nodes.iter().copied().collect();
    let mut found = Vec::new();
    let mut open = vec![document.root()];
    while let Some(key) = open.pop() {
        if wanted.is_empty() {
            break;
        }
        if wanted.remove(&key) {
            found.push(key);
            continue;
        }
        let from = open.len();
        open.extend(document.members(key).map(|(_, member)| member));
        open.extend(document.elements(key));
        open[from..].reverse();
    }
    if found.is_empty() { refused("Nothing is selected.") } else { Ok(found) }
}

/// As [`outermost`], of nodes that stand in a workflow, for a sentence that says what `can't` be
/// done to the one that doesn't.
fn steps(document: &Document, nodes: &[Key], cant: &str) -> Result<Vec<Key>, Refused> {
    let found = outermost(document, nodes)?;
    match found.iter().find(|node| document.workflow_of(**node).is_none()) {
        Some(node) => {
            let title = kinds::title(document, *node);
            refused(format!("{title} is the outermost workflow: it can't be {cant}."))
        }
        None => Ok(found),
    }
}

/// What a label calls the nodes: one by its title, several by their number. What was selected with
/// what is around it counts too: given as it was selected, there are as many as a person sees.
fn called(document: &Document, nodes: &[Key]) -> String {
    match nodes {
        [node] => kinds::title(document, *node),
        _ => format!("{} nodes", nodes.len()),
    }
}
