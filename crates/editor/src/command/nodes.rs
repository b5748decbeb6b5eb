//! The structure of a flow: nodes come, go, move, and are put into workflows and out of them.

use std::collections::HashSet;

use serde_json::{Map, Value};
use slipway_flow::{
    document::{Document, Editing, Key, WorkflowType},
    kinds,
};

use super::{Done, Refused, called, living, refs, refused, steps};
use crate::layout::Place;

pub(super) fn insert(edit: &mut Editing<'_>, place: Place, node: &Value) -> Result<Done, Refused> {
    let array = steps_of(edit, place.workflow)?;
    let Some(key) = edit.insert(array, place.index, node) else { return refused(NO_PLACE) };
    refs::make_unique(edit, &[key]);
    refs::fill(edit, key);
    Ok(Done::selecting(format!("Add {}", kinds::title(edit.document(), key)), vec![key]))
}

pub(super) fn move_to(
    edit: &mut Editing<'_>,
    nodes: &[Key],
    place: Place,
) -> Result<Done, Refused> {
    let document = edit.document();
    let nodes = steps(document, nodes, "moved")?;
    living(document, place.workflow)?;
    let moved: HashSet<Key> = nodes.iter().copied().collect();
    let around = std::iter::successors(Some(place.workflow), |key| document.parent(*key))
        .find(|key| moved.contains(key));
    if let Some(around) = around {
        let title = kinds::title(document, around);
        return refused(format!("{title} can't be moved into itself."));
    }
    let label = format!("Move {}", called(document, &nodes));
    let array = steps_of(edit, place.workflow)?;
    // They will stand before the first from the place on that stays.
    let document = edit.document();
    let (before, behind): (Vec<_>, Vec<_>) =
        document.elements(array).enumerate().partition(|(at, _)| *at < place.index);
    let staying = |part: Vec<(usize, Key)>| {
        part.into_iter().map(|(_, key)| key).filter(|key| !moved.contains(key)).collect::<Vec<_>>()
    };
    let elements = [staying(before), nodes.clone(), staying(behind)].concat();
    let lists = without(document, &nodes).into_iter().filter(|(from, _)| *from != array);
    let lists: Vec<_> = lists.chain([(array, elements)]).collect();
    edit.arrange(&lists);
    Ok(Done::selecting(label, nodes))
}

/// `verb` begins the label.
pub(super) fn delete(edit: &mut Editing<'_>, nodes: &[Key], verb: &str) -> Result<Done, Refused> {
    let selected = nodes;
    let nodes = steps(edit.document(), nodes, "deleted")?;
    let label = format!("{verb} {}", called(edit.document(), selected));
    let next = neighbour(edit.document(), &nodes);
    let lists = without(edit.document(), &nodes);
    edit.arrange(&lists);
    Ok(Done::selecting(label, next.into_iter().collect()))
}

/// What stays in the lists of steps that the nodes stand in, without them.
fn without(document: &Document, nodes: &[Key]) -> Vec<(Key, Vec<Key>)> {
    let gone: HashSet<Key> = nodes.iter().copied().collect();
    let mut seen = HashSet::new();
    let arrays = nodes.iter().filter_map(|node| document.parent(*node));
    arrays
        .filter(|array| seen.insert(*array))
        .map(|array| (array, document.elements(array).filter(|key| !gone.contains(key)).collect()))
        .collect()
}

/// What is selected when the nodes are gone: what follows the last of them in its workflow, else
/// what stands before, else the workflow.
fn neighbour(document: &Document, nodes: &[Key]) -> Option<Key> {
    let last = *nodes.last()?;
    let gone: HashSet<Key> = nodes.iter().copied().collect();
    let workflow = document.workflow_of(last)?;
    let (mut before, mut passed) = (None, false);
    for step in document.node(workflow).steps() {
        passed |= step == last;
        if gone.contains(&step) {
            continue;
        }
        if passed {
            return Some(step);
        }
        before = Some(step);
    }
    before.or(Some(workflow))
}

pub(super) fn wrap(
    edit: &mut Editing<'_>,
    nodes: &[Key],
    workflow: WorkflowType,
) -> Result<Done, Refused> {
    let document = edit.document();
    let selected = nodes;
    let nodes = steps(document, nodes, "put into another")?;
    let called = called(document, selected);
    let array = document.parent(nodes[0]);
    let (Some(array), true) = (array, nodes.iter().all(|node| document.parent(*node) == array))
    else {
        return refused("Only steps of the same workflow can be wrapped together.");
    };
    let label = format!("Wrap {called} in a {} workflow", workflow.word());
    let at = document.index_in_parent(nodes[0]).unwrap_or_default();
    let kind = kinds::find("Workflow", &[workflow.word()]);
    // A kind's template is JSON: a test of the tables says so.
    let template = kind.and_then(|kind| serde_json::from_str::<Value>(kind.template).ok());
    let wrapper = edit.insert(array, at, &template.unwrap_or_default());
    let Some(wrapper) = wrapper else { return refused(NO_PLACE) };
    let inner = steps_of(edit, wrapper)?;
    let mut lists = without(edit.document(), &nodes);
    lists.push((inner, nodes));
    edit.arrange(&lists);
    Ok(Done::selecting(label, vec![wrapper]))
}

pub(super) fn unwrap(edit: &mut Editing<'_>, nodes: &[Key]) -> Result<Done, Refused> {
    let document = edit.document();
    let nodes = steps(document, nodes, "unwrapped")?;
    if let Some(node) = nodes.iter().find(|node| !document.node(**node).is_container()) {
        let title = kinds::title(document, *node);
        return refused(format!("{title} is no workflow: there is nothing to unwrap."));
    }
    let label = format!("Unwrap {}", called(document, &nodes));
    let next = neighbour(document, &nodes);
    let gone: HashSet<Key> = nodes.iter().copied().collect();
    let mut out = Vec::new();
    let emptied = nodes.iter().filter_map(|node| document.node(*node).steps_array());
    let mut lists: Vec<(Key, Vec<Key>)> = emptied.map(|array| (array, Vec::new())).collect();
    let filled: Vec<(Key, Vec<Key>)> = without(document, &nodes)
        .into_iter()
        .map(|(array, _)| {
            let mut left = Vec::new();
            for step in document.elements(array) {
                if gone.contains(&step) {
                    let inside: Vec<Key> = document.node(step).steps().collect();
                    left.extend(&inside);
                    out.extend(inside);
                } else {
                    left.push(step);
                }
            }
            (array, left)
        })
        .collect();
    lists.extend(filled);
    edit.arrange(&lists);
    let select = if out.is_empty() { next.into_iter().collect() } else { out };
    Ok(Done::selecting(label, select))
}

const NO_PLACE: &str = "Nothing can be put in here.";

/// A workflow's list of steps, made where the document leaves it out.
pub(super) fn steps_of(edit: &mut Editing<'_>, workflow: Key) -> Result<Key, Refused> {
    living(edit.document(), workflow)?;
    let node = edit.document().node(workflow);
    if let Some(array) = node.steps_array() {
        return Ok(array);
    }
    // What stands there instead of a list is the author's: it isn't written over.
    let taken = node.spec().is_some_and(|spec| edit.document().get(spec, "steps").is_some());
    if !node.is_container() || taken {
        return refused(NO_PLACE);
    }
    let made = match node.spec() {
        Some(spec) => edit.set(spec, "steps", &Value::Array(Vec::new())),
        None => {
            let steps = Map::from_iter([("steps".to_owned(), Value::Array(Vec::new()))]);
            let spec = edit.set(workflow, "spec", &Value::Object(steps));
            spec.and_then(|spec| edit.document().get(spec, "steps"))
        }
    };
    made.ok_or_else(|| Refused(NO_PLACE.to_owned()))
}
