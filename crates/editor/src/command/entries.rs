//! Entries of lists and maps inside a node or a setting.

use serde_json::Value;
use slipway_flow::document::{Document, Editing, Key};

use super::{Done, Past, Refused, fields, living, refused, settings};

pub(super) fn add(
    edit: &mut Editing<'_>,
    list: Key,
    index: usize,
    value: &Value,
) -> Result<Done, Refused> {
    inside(edit.document(), list)?;
    if edit.insert(list, index, value).is_none() {
        return refused("This is no list in square brackets.");
    }
    Ok(Done::new(format!("Add an entry to {}", called(edit.document(), list))))
}

pub(super) fn remove(edit: &mut Editing<'_>, entry: Key, past: Past) -> Result<Done, Refused> {
    let owner = inside(edit.document(), entry)?;
    let label = format!("Remove an entry of {}", called(edit.document(), entry));
    fields::remove(edit, entry, owner, |around| around >= past.first_made);
    Ok(Done::new(label))
}

pub(super) fn move_to(edit: &mut Editing<'_>, entry: Key, index: usize) -> Result<Done, Refused> {
    inside(edit.document(), entry)?;
    edit.reorder(entry, index);
    Ok(Done::new(format!("Move an entry of {}", called(edit.document(), entry))))
}

pub(super) fn rename(edit: &mut Editing<'_>, entry: Key, name: &str) -> Result<Done, Refused> {
    let document = edit.document();
    inside(document, entry)?;
    let map = document.parent(entry).filter(|map| document.is_object(*map));
    let Some(map) = map else { return refused("Only an entry with a name can be renamed.") };
    if document.get(map, name).is_some_and(|other| other != entry) {
        return refused(format!("There is an entry `{name}` already."));
    }
    edit.rename_member(entry, name);
    Ok(Done::new(format!("Rename an entry of {}", called(edit.document(), entry))))
}

/// Puts another value in the place of one inside a node.
pub(super) fn replace(edit: &mut Editing<'_>, entry: Key, value: &Value) -> Result<Done, Refused> {
    inside(edit.document(), entry)?;
    edit.replace(entry, value);
    Ok(Done::new(format!("Change {}", called(edit.document(), entry))))
}

/// What a label calls the node, the entry of a list of settings, or the document that a value
/// belongs to.
pub(super) fn called(document: &Document, key: Key) -> String {
    settings::title(document, owner(document, key))
}

/// The node, or entry of a list of settings, that a value belongs to; else the document.
fn owner(document: &Document, key: Key) -> Key {
    let roots = [document.root_node(), document.teardown_node()];
    let is_owner = |key: &Key| {
        document.workflow_of(*key).is_some()
            || roots.contains(&Some(*key))
            || settings::is_entry(document, *key)
    };
    let way = std::iter::successors(Some(key), |key| document.parent(*key));
    way.into_iter().find(is_owner).unwrap_or_else(|| document.flow())
}

/// What the value belongs to, where it is inside and not the whole.
fn inside(document: &Document, key: Key) -> Result<Key, Refused> {
    living(document, key)?;
    let owner = owner(document, key);
    if owner == key {
        return refused("This is a whole node or setting, and no entry of one.");
    }
    Ok(owner)
}
