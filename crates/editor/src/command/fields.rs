//! What a node says: its fields, whether it is skipped, which of the kinds with its name it is.

use serde_json::Value;
use slipway_flow::{
    check::check_field,
    document::{Document, Editing, Key, ValueRef, WorkflowType, pointer_names},
    kinds::{self, Field},
};

use super::{Done, Past, Refused, called, entries, living, outermost, refs, refused};

/// The member of any node that says whether it is skipped: text, `"true"` or an expression.
const SKIP: &str = "skipNodeExecution";

pub(super) fn set(
    edit: &mut Editing<'_>,
    node: Key,
    pointer: &str,
    value: Option<&Value>,
    past: Past,
) -> Result<Done, Refused> {
    let document = edit.document();
    living(document, node)?;
    if pointer.is_empty() {
        return match value {
            Some(value) => entries::replace(edit, node, value),
            None => entries::remove(edit, node, past),
        };
    }
    if let (refs::POINTER, Some(Value::String(name))) = (pointer, value) {
        refs::check(document, node, name)?;
    }
    let resource = kinds::of(document, node).map_or("", |kind| kind.summary.resource);
    let is_resource = pointer == resource && !resource.is_empty();
    let first_choice = is_resource && kinds::subject(document, node).is_none();
    let label = format!("Change {}", entries::called(document, node));
    set_at(edit, node, pointer, value, past)?;
    let typed_ref = past
        .typed_ref
        .filter(|made| is_resource && edit.document().get(node, "ref") == Some(*made));
    // A ref that this typing has made is made again from what is typed now.
    if let Some(made) = typed_ref {
        edit.remove(made);
    }
    let made_ref = (first_choice || typed_ref.is_some()).then(|| refs::fill(edit, node)).flatten();
    Ok(Done { made_ref, ..Done::new(label) })
}

pub(super) fn set_text(edit: &mut Editing<'_>, node: Key, text: &str) -> Result<Done, Refused> {
    let node = living(edit.document(), node)?;
    let label = format!("Change {}", entries::called(edit.document(), node));
    match edit.retype(node, text) {
        Ok(()) => Ok(Done::new(label)),
        Err(error) => refused(error.to_string()),
    }
}

/// Gives the value at a pointer from `object` another value, or takes it out with the objects
/// around it that editing has made and that are empty then.
pub(super) fn set_at(
    edit: &mut Editing<'_>,
    object: Key,
    pointer: &str,
    value: Option<&Value>,
    past: Past,
) -> Result<(), Refused> {
    let names: Vec<_> = pointer_names(pointer).collect();
    let path: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let Some((last, way)) = path.split_last() else { return refused("A field needs a name.") };
    let mut holder = Some(object);
    for (index, name) in std::iter::once("").chain(way.iter().copied()).enumerate() {
        if index > 0 {
            holder = holder.and_then(|holder| edit.document().get(holder, name));
        }
        if let Some(key) = holder
            && !edit.document().is_object(key)
        {
            return refused(match index {
                0 => "This is no object in braces, so it has no fields.".to_owned(),
                _ => format!("“{name}” is not a group of fields here."),
            });
        }
    }
    match value {
        // New members of a node itself stand where people write them: behind kind and ref.
        Some(value) if way.is_empty() && *last == "ref" => {
            edit.set_after(object, last, value, &["kind"]);
        }
        Some(value) => {
            edit.set_at(object, &path, value);
        }
        None => {
            // Of several members with one name each shows the one before it.
            while let Some(key) = edit.document().at(object, &path) {
                remove(edit, key, object, |around| around >= past.first_made);
            }
        }
    }
    Ok(())
}

/// Takes a value out, and the objects around it, below `object` and its `spec`, that are empty
/// then and may go.
pub(super) fn remove(edit: &mut Editing<'_>, key: Key, object: Key, may_go: impl Fn(Key) -> bool) {
    let mut gone = key;
    loop {
        let around = edit.document().parent(gone);
        edit.remove(gone);
        let document = edit.document();
        let emptied = around.filter(|around| {
            let empty =
                document.members(*around).next().is_none() && document.elements(*around).len() == 0;
            let kept = *around == object || document.get(object, "spec") == Some(*around);
            empty && !kept && may_go(*around)
        });
        match emptied {
            Some(around) => gone = around,
            None => return,
        }
    }
}

/// Skips nodes or not; without a word the opposite of what holds for all of them.
pub(super) fn set_skip(
    edit: &mut Editing<'_>,
    nodes: &[Key],
    skip: Option<bool>,
) -> Result<Done, Refused> {
    let document = edit.document();
    let selected = nodes;
    let nodes = outermost(document, nodes)?;
    let called = called(document, selected);
    if let Some(node) = nodes.iter().find(|node| !document.is_object(**node)) {
        let title = kinds::title(document, *node);
        return refused(format!("{title} is no object in braces: it can't be skipped."));
    }
    let skip = skip.unwrap_or_else(|| !nodes.iter().all(|node| is_skipped(document, *node)));
    for node in &nodes {
        if skip {
            edit.set(*node, SKIP, &Value::from("true"));
        } else if let Some(member) = edit.document().get(*node, SKIP) {
            edit.remove(member);
        }
    }
    Ok(Done::new(if skip { format!("Skip {called}") } else { format!("Don't skip {called}") }))
}

fn is_skipped(document: &Document, node: Key) -> bool {
    document.get(node, SKIP).is_some_and(|key| match document.value(key) {
        ValueRef::String(text) => text == "true",
        ValueRef::Bool(skips) => skips,
        _ => false,
    })
}

pub(super) fn switch_workflow(edit: &mut Editing<'_>, node: Key) -> Result<Done, Refused> {
    living(edit.document(), node)?;
    let (label, other) = match edit.document().node(node).workflow_type() {
        Some(WorkflowType::Sequential) => ("Run the steps in parallel", WorkflowType::Parallel),
        Some(WorkflowType::Parallel) => ("Run the steps in order", WorkflowType::Sequential),
        None => return refused("Only a workflow can be switched."),
    };
    match edit.set_at(node, &["spec", "type"], &Value::from(other.word())) {
        Some(_) => Ok(Done::new(label.to_owned())),
        None => refused("“spec” is not a group of fields here."),
    }
}

pub(super) fn switch_kind(edit: &mut Editing<'_>, node: Key, kind: usize) -> Result<Done, Refused> {
    let document = edit.document();
    living(document, node)?;
    let title = kinds::title(document, node);
    let Some(to) = kinds::all().get(kind).copied() else {
        return refused("There is no such kind of node.");
    };
    if document.node(node).kind() != to.kind {
        return refused(format!("{title} can't become “{}”: add a new node instead.", to.title));
    }
    let label = format!("Change {title} to {}", to.title);
    let from = kinds::of(document, node);
    if from.is_some_and(|from| std::ptr::eq(from, to)) {
        return Ok(Done::new(label));
    }
    let old = from.map_or(&[][..], |from| from.fields);
    let dropped: Vec<&str> =
        lost_by_switch(document, node, kind).iter().map(|field| field.pointer).collect();
    for pointer in &dropped {
        if let Some(key) = edit.document().resolve_from(node, pointer) {
            remove(edit, key, node, |_| true);
        }
    }
    for selector in to.when {
        set_in(edit, node, selector.pointer, &Value::from(selector.value))?;
    }
    // What only the new kind has begins as in a new node.
    let template = serde_json::from_str::<Value>(to.template).unwrap_or_default();
    let mut open = vec![(String::new(), template)];
    while let Some((pointer, value)) = open.pop() {
        if let Value::Object(members) = value {
            let inner = members.into_iter().rev();
            open.extend(inner.map(|(name, value)| (format!("{pointer}/{name}"), value)));
            continue;
        }
        let missing = edit.document().resolve_from(node, &pointer).is_none();
        let was_absent = old.iter().any(|field| field.pointer == pointer)
            && !dropped.contains(&pointer.as_str());
        if missing && !was_absent {
            set_in(edit, node, &pointer, &value)?;
        }
    }
    Ok(Done::new(label))
}

/// The fields whose values go when the node becomes another of the kinds that share its name: an
/// index into `slipway_flow::kinds::all()`.
#[must_use]
pub fn lost_by_switch(document: &Document, node: Key, kind: usize) -> Vec<&'static Field> {
    let from = kinds::of(document, node);
    let (Some(from), Some(to)) = (from, kinds::all().get(kind).copied()) else { return Vec::new() };
    let goes = |field: &&Field| {
        let key = document.resolve_from(node, field.pointer);
        !to.is_selected_by(field.pointer)
            && key.is_some_and(|key| !keeps(document, key, field, to.fields))
    };
    if std::ptr::eq(from, to) { Vec::new() } else { from.fields.iter().filter(goes).collect() }
}

/// Whether the value of a field can stay when the node has the fields `new`.
fn keeps(document: &Document, key: Key, old: &Field, new: &[Field]) -> bool {
    let Some(field) = new.iter().find(|field| field.pointer == old.pointer) else { return false };
    let value = document.to_json(key);
    // What was wrong before is for the person to put right.
    check_field(field, &value).is_none() || check_field(old, &value).is_some()
}

/// As tables write pointers: without escapes.
fn set_in(edit: &mut Editing<'_>, node: Key, pointer: &str, value: &Value) -> Result<(), Refused> {
    let path: Vec<&str> = pointer.split('/').skip(1).collect();
    match edit.set_at(node, &path, value) {
        Some(_) => Ok(()),
        None => refused("Something in this node is no group of fields, where the kind has one."),
    }
}
