//! Everything an editor does to a document: what keyboard, mouse, palette, forms and tests send.

use serde_json::{Map, Value};
use slipway_flow::{
    change::ChangeSet,
    document::{Document, Editing, Key, WorkflowType},
    kinds,
};

use crate::layout::Place;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Gives the field at `pointer` (from the node, `/spec/jobId`) a value, or takes it out.
    SetField { node: Key, pointer: String, value: Option<Value> },
    /// Puts a new node into the flow.
    Insert { place: Place, node: Value },
    /// Moves a node; the place is counted with the node still where it is.
    Move { node: Key, place: Place },
    /// Takes a node out, with everything inside it.
    Delete { node: Key },
    /// Sequential becomes parallel and the other way round.
    SwitchWorkflow { node: Key },
}

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Done {
    pub(crate) label: String,
    pub(crate) changes: ChangeSet,
    /// The node to select now, where that changes.
    pub(crate) select: Option<Option<Key>>,
}

/// A command that can't be carried out: a sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Carries out a command. The document has changed when this returns `Ok`.
pub(crate) fn perform(document: &mut Document, command: &Command) -> Result<Done, Refused> {
    match command {
        Command::SetField { node, pointer, value } => {
            set_field(document, *node, pointer, value.as_ref())
        }
        Command::Insert { place, node } => insert(document, *place, node),
        Command::Move { node, place } => move_node(document, *node, *place),
        Command::Delete { node } => delete(document, *node),
        Command::SwitchWorkflow { node } => switch(document, *node),
    }
}

fn set_field(
    document: &mut Document,
    node: Key,
    pointer: &str,
    value: Option<&Value>,
) -> Result<Done, Refused> {
    let label = format!("Change {}", kinds::title(document, node));
    let names: Vec<String> =
        pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let Some((last, path)) = names.split_last() else {
        return Err(Refused("A field needs a name.".to_owned()));
    };
    let mut edit = document.edit();
    let mut holder = node;
    for name in path {
        let next = match edit.document().get(holder, name) {
            Some(next) => Some(next),
            None if value.is_some() => edit.set(holder, name, &Value::Object(Map::new())),
            None => None,
        };
        match next {
            Some(next) if edit.document().is_object(next) => holder = next,
            Some(_) => {
                edit.cancel();
                return Err(Refused(format!("“{name}” is not a group of fields here.")));
            }
            None => return Ok(Done { label, changes: edit.finish(), select: None }),
        }
    }
    match value {
        Some(value) => {
            // New members of the node itself stand where people write them: behind kind and ref.
            let after: &[&str] = if path.is_empty() && last == "ref" { &["kind"] } else { &[] };
            edit.set_after(holder, last, value, after);
        }
        None => {
            if let Some(member) = edit.document().get(holder, last) {
                edit.remove(member);
            }
        }
    }
    Ok(Done { label, changes: edit.finish(), select: None })
}

fn insert(document: &mut Document, place: Place, node: &Value) -> Result<Done, Refused> {
    let mut edit = document.edit();
    let steps = steps_of(&mut edit, place.workflow)?;
    let Some(key) = edit.insert(steps, place.index, node) else {
        return Err(Refused("Nothing can be put in here.".to_owned()));
    };
    let changes = edit.finish();
    Ok(Done {
        label: format!("Add {}", kinds::title(document, key)),
        changes,
        select: Some(Some(key)),
    })
}

fn move_node(document: &mut Document, node: Key, place: Place) -> Result<Done, Refused> {
    let title = kinds::title(document, node);
    if document.workflow_of(node).is_none() {
        return Err(Refused(format!("{title} is the outermost workflow: it can't be moved.")));
    }
    if document.nodes_under(node).contains(&place.workflow) {
        return Err(Refused(format!("{title} can't be moved into itself.")));
    }
    let same = document.workflow_of(node) == Some(place.workflow);
    let now = document.index_in_parent(node).unwrap_or(0);
    let index = if same && now < place.index { place.index - 1 } else { place.index };
    let mut edit = document.edit();
    if !(same && index == now) {
        let steps = steps_of(&mut edit, place.workflow)?;
        edit.move_to(node, steps, index);
    }
    Ok(Done { label: format!("Move {title}"), changes: edit.finish(), select: Some(Some(node)) })
}

fn delete(document: &mut Document, node: Key) -> Result<Done, Refused> {
    let title = kinds::title(document, node);
    let Some(workflow) = document.workflow_of(node) else {
        return Err(Refused(format!("{title} is the outermost workflow: it can't be deleted.")));
    };
    let siblings: Vec<Key> = document.node(workflow).steps().collect();
    let at = siblings.iter().position(|key| *key == node).unwrap_or(0);
    let next = siblings.get(at + 1).or_else(|| siblings.get(at.checked_sub(1)?)).copied();
    let mut edit = document.edit();
    edit.remove(node);
    Ok(Done {
        label: format!("Delete {title}"),
        changes: edit.finish(),
        select: Some(Some(next.unwrap_or(workflow))),
    })
}

fn switch(document: &mut Document, node: Key) -> Result<Done, Refused> {
    let label = match document.node(node).workflow_type() {
        Some(WorkflowType::Sequential) => "Run the steps in parallel",
        Some(WorkflowType::Parallel) => "Run the steps in order",
        None => return Err(Refused("Only a workflow can be switched.".to_owned())),
    };
    let other = match document.node(node).workflow_type() {
        Some(WorkflowType::Parallel) => WorkflowType::Sequential,
        _ => WorkflowType::Parallel,
    };
    let value = Value::from(other.word());
    let done = set_field(document, node, "/spec/type", Some(&value))?;
    Ok(Done { label: label.to_owned(), ..done })
}

/// A workflow's list of steps, made where the document leaves it out.
fn steps_of(edit: &mut Editing<'_>, workflow: Key) -> Result<Key, Refused> {
    if let Some(steps) = edit.document().node(workflow).steps_array() {
        return Ok(steps);
    }
    let refused = || Refused("Nothing can be put in here.".to_owned());
    if !edit.document().node(workflow).is_container() {
        return Err(refused());
    }
    let spec = edit
        .document()
        .node(workflow)
        .spec()
        .or_else(|| edit.set(workflow, "spec", &Value::Object(Map::new())))
        .ok_or_else(refused)?;
    edit.set(spec, "steps", &Value::Array(Vec::new())).ok_or_else(refused)
}
