//! The document around the flow: arguments, triggers, options, GitOps, inputs of the run dialog.

use serde_json::Value;
use slipway_flow::{
    document::{Document, Editing, Key},
    expr::{self, Root},
    kinds::{
        self, Field, FieldType,
        settings::{DOCUMENT, RICH_INPUT, RICH_INPUT_TEMPLATE, TRIGGER_TEMPLATE},
    },
};

use super::{Done, Past, Refused, entries, fields, living, refs, refused};

const ARGUMENTS: &str = "arguments";

/// A list of the document around the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    Triggers,
    RichInputs,
}

impl List {
    /// The member that holds it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Triggers => "triggers",
            Self::RichInputs => "richInputs",
        }
    }

    /// What a new entry begins with. A trigger watches the repository that the flow speaks of
    /// already, where it does.
    #[must_use]
    pub fn fresh(self, document: &Document) -> Value {
        let template = match self {
            Self::Triggers => TRIGGER_TEMPLATE,
            Self::RichInputs => RICH_INPUT_TEMPLATE,
        };
        // The templates are JSON: a test says so.
        let mut entry = serde_json::from_str::<Value>(template).unwrap_or_default();
        let known = match self {
            Self::Triggers => spoken_of(document),
            Self::RichInputs => None,
        };
        for (name, text) in known.into_iter().flatten() {
            entry[name] = Value::from(text);
        }
        entry
    }

    /// What a label calls the entry: "Git trigger push".
    #[must_use]
    pub fn title(self, document: &Document, entry: Key) -> String {
        entry_title(document, self, entry)
    }

    /// What a label calls one of its entries.
    const fn entry(self) -> &'static str {
        match self {
            Self::Triggers => "Git trigger",
            Self::RichInputs => "input",
        }
    }

    /// The list that the value is an entry of.
    fn of(document: &Document, entry: Key) -> Option<Self> {
        let array = document.parent(entry).filter(|array| document.is_array(*array))?;
        [Self::Triggers, Self::RichInputs]
            .into_iter()
            .find(|list| document.get(document.flow(), list.name()) == Some(array))
    }
}

/// Whether the value is an entry of one of the lists.
pub(super) fn is_entry(document: &Document, key: Key) -> bool {
    List::of(document, key).is_some()
}

/// The Git service and the repository of the last trigger, or of the GitOps settings.
fn spoken_of(document: &Document) -> Option<[(&'static str, String); 2]> {
    let flow = document.flow();
    let triggers = document.get(flow, List::Triggers.name()).into_iter();
    let triggers: Vec<Key> = triggers.flat_map(|list| document.elements(list)).collect();
    let holders = triggers.into_iter().rev().chain(document.get(flow, "gitops"));
    holders.into_iter().find_map(|holder| {
        let text = |name: &str| {
            let text = document.str(document.get(holder, name)?)?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        Some([("vcsService", text("vcsService")?), ("repoUrl", text("repoUrl")?)])
    })
}

/// What a label calls a node, or an entry of a list.
pub(super) fn title(document: &Document, key: Key) -> String {
    match List::of(document, key) {
        Some(list) => entry_title(document, list, key),
        None if key == document.flow() => "the document".to_owned(),
        None => kinds::title(document, key),
    }
}

fn entry_title(document: &Document, list: List, entry: Key) -> String {
    let names: &[&[&str]] = match list {
        List::Triggers => &[&["ref"], &["repoUrl"]],
        List::RichInputs => &[&["spec", "title"], &["spec", "inputs", "source"]],
    };
    let name = names
        .iter()
        .filter_map(|path| document.str(document.at(entry, path)?))
        .find(|name| !name.is_empty());
    match name {
        Some(name) => format!("{} {name}", list.entry()),
        None => list.entry().to_owned(),
    }
}

pub(super) fn set(
    edit: &mut Editing<'_>,
    pointer: &str,
    value: Option<&Value>,
    past: Past,
) -> Result<Done, Refused> {
    let first = pointer.split('/').nth(1).unwrap_or_default();
    if matches!(first, "" | "spec" | "teardownSpec") {
        return refused("This is no setting of the document.");
    }
    let flow = edit.document().flow();
    fields::set_at(edit, flow, pointer, value, past)?;
    let verb = if value.is_some() { "Change" } else { "Remove" };
    Ok(Done::new(match label(pointer, DOCUMENT.fields) {
        Some(name) => format!("{verb} “{name}”"),
        None => format!("{verb} {first}"),
    }))
}

/// What the tables call the value at a pointer.
fn label(pointer: &str, fields: &'static [Field]) -> Option<&'static str> {
    fields.iter().find_map(|field| {
        let rest = pointer.strip_prefix(field.pointer)?;
        match field.ty {
            _ if rest.is_empty() => Some(field.label),
            FieldType::Object(inner) => label(rest, inner.fields),
            _ => None,
        }
    })
}

pub(super) fn set_argument(
    edit: &mut Editing<'_>,
    name: &str,
    value: Option<&Value>,
    past: Past,
) -> Result<Done, Refused> {
    let flow = edit.document().flow();
    let found = edit.document().at(flow, &[ARGUMENTS, name]);
    let Some(value) = value else {
        if let Some(key) = found {
            fields::remove(edit, key, flow, |around| around >= past.first_made);
        }
        return Ok(Done::new(format!("Remove argument {name}")));
    };
    if found.is_none() {
        check_name(name)?;
    }
    if edit.set_at(flow, &[ARGUMENTS, name], value).is_none() {
        return refused("The document's arguments are no object in braces.");
    }
    let verb = if found.is_some() { "Change" } else { "Add" };
    Ok(Done::new(format!("{verb} argument {name}")))
}

/// Why an argument can't have this name: a sentence. For a new one, and for one that gets another.
#[must_use]
pub fn argument_name_problem(document: &Document, name: &str) -> Option<String> {
    check_new_name(document, name).err().map(|refused| refused.0)
}

fn check_new_name(document: &Document, name: &str) -> Result<(), Refused> {
    check_name(name)?;
    if definitions(document, name) != (Vec::new(), Vec::new()) {
        return refused(format!("There is an argument `{name}` already."));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), Refused> {
    if name.is_empty() {
        return refused("An argument needs a name.");
    }
    if !expr::is_addressable(name) {
        return refused(format!(
            "`{name}` is no good name for an argument: use letters, digits, hyphens and \
             underscores, so that `${{args.…}}` finds it."
        ));
    }
    Ok(())
}

/// The default of the argument, as often as the document gives one, and the inputs that fill it.
fn definitions(document: &Document, name: &str) -> (Vec<Key>, Vec<Key>) {
    let flow = document.flow();
    let defaults = document.get(flow, ARGUMENTS).into_iter().flat_map(|all| document.members(all));
    let defaults = defaults.filter(|(member, _)| *member == name).map(|(_, key)| key);
    let inputs = document.get(flow, List::RichInputs.name());
    let inputs = inputs
        .into_iter()
        .flat_map(|inputs| document.elements(inputs))
        .flat_map(|input| {
            let outputs = RICH_INPUT
                .fields
                .iter()
                .filter(|field| field.pointer.starts_with("/spec/outputs/"));
            outputs.filter_map(move |field| document.resolve_from(input, field.pointer))
        })
        .filter(|output| document.str(*output) == Some(name));
    (defaults.collect(), inputs.collect())
}

pub(super) fn rename_argument(
    edit: &mut Editing<'_>,
    name: &str,
    to: &str,
) -> Result<Done, Refused> {
    let label = format!("Rename argument {name} to {to}");
    if name == to {
        return Ok(Done::new(label));
    }
    check_new_name(edit.document(), to)?;
    let (defaults, inputs) = definitions(edit.document(), name);
    for key in defaults {
        edit.rename_member(key, to);
    }
    for key in inputs {
        edit.replace(key, &Value::from(to));
    }
    let flow = edit.document().flow();
    refs::rewrite(edit, &[flow], |root, read| (root == Root::Args && read == name).then_some(to));
    Ok(Done::new(label))
}

pub(super) fn move_argument(
    edit: &mut Editing<'_>,
    name: &str,
    index: usize,
) -> Result<Done, Refused> {
    let document = edit.document();
    let Some(key) = document.at(document.flow(), &[ARGUMENTS, name]) else {
        return refused(format!("There is no argument `{name}` any more."));
    };
    edit.reorder(key, index);
    Ok(Done::new(format!("Move argument {name}")))
}

pub(super) fn add_entry(
    edit: &mut Editing<'_>,
    list: List,
    index: usize,
    entry: &Value,
) -> Result<Done, Refused> {
    let flow = edit.document().flow();
    let array = match edit.document().get(flow, list.name()) {
        Some(array) => Some(array),
        None => edit.set(flow, list.name(), &Value::Array(Vec::new())),
    };
    let Some(key) = array.and_then(|array| edit.insert(array, index, entry)) else {
        return refused(format!("`{}` is no list in this document.", list.name()));
    };
    if list == List::Triggers {
        refs::make_unique(edit, &[key]);
    }
    Ok(Done::new(format!("Add {}", entry_title(edit.document(), list, key))))
}

pub(super) fn remove_entry(
    edit: &mut Editing<'_>,
    entry: Key,
    past: Past,
) -> Result<Done, Refused> {
    living(edit.document(), entry)?;
    let Some(list) = List::of(edit.document(), entry) else {
        return entries::remove(edit, entry, past);
    };
    let label = format!("Remove {}", entry_title(edit.document(), list, entry));
    let flow = edit.document().flow();
    fields::remove(edit, entry, flow, |around| around >= past.first_made);
    Ok(Done::new(label))
}

pub(super) fn move_entry(
    edit: &mut Editing<'_>,
    entry: Key,
    index: usize,
) -> Result<Done, Refused> {
    living(edit.document(), entry)?;
    let Some(list) = List::of(edit.document(), entry) else {
        return entries::move_to(edit, entry, index);
    };
    edit.reorder(entry, index);
    Ok(Done::new(format!("Move {}", entry_title(edit.document(), list, entry))))
}
