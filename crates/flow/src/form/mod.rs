//! How a form asks for what the field tables say: which fields in which order, with what control,
//! and what an entry of a list begins with. A form draws this, and knows no field by name.
//!
//! - `run`: what the dialog that starts a run asks for. - `listed`: lists that must be asked for. -
//!   `told`: at which fields a problem is told. - `preview`: what a text with expressions becomes.
//!
//! May import: `kinds`, `expr`, `arguments`.

mod listed;
mod preview;
mod run;
#[cfg(test)]
mod tests;
mod told;

use serde_json::{Map, Value};

pub use listed::{ListOf, Listed, listed};
pub use preview::{PartPreview, Preview, preview};
pub use run::{Asked, Pick, asked};
pub use told::told_at;

use crate::kinds::{Field, FieldType, Group, Kind, Table};

/// The fields of one group.
#[derive(Debug, Clone)]
pub struct Section {
    pub group: Group,
    /// The heading; empty for what a form begins with.
    pub title: &'static str,
    pub fields: Vec<&'static Field>,
}

/// The fields of a kind as a form shows them: without the members that make it this kind, which
/// are switched. Sections without fields are left out.
#[must_use]
pub fn sections(kind: &'static Kind) -> Vec<Section> {
    grouped(kind.fields.iter().filter(|field| !kind.is_selected_by(field.pointer)))
}

/// Fields in their groups. Groups without fields are left out.
#[must_use]
pub fn grouped(fields: impl Iterator<Item = &'static Field>) -> Vec<Section> {
    let fields: Vec<_> = fields.collect();
    let groups =
        [(Group::Main, ""), (Group::Options, "Options"), (Group::Advanced, "More settings")];
    let of =
        |group| fields.iter().copied().filter(|field| field.group == group).collect::<Vec<_>>();
    let sections = groups.map(|(group, title)| Section { group, title, fields: of(group) });
    sections.into_iter().filter(|section| !section.fields.is_empty()).collect()
}

/// What a person fills a field in with.
#[derive(Debug, Clone)]
pub enum Control {
    Text {
        lines: bool,
    },
    Number,
    Switch(Switch),
    /// Values with their labels; an empty value leaves the member out.
    Choice(Vec<(String, String)>),
    /// Entries of one type.
    List(&'static FieldType),
    /// The members of a table; with `nullable`, `null` may stand instead.
    Object {
        table: &'static Table,
        nullable: bool,
    },
    /// Names with values.
    Map,
    /// Nodes, which have forms of their own.
    Nodes,
    /// Anything, as code.
    Json,
}

/// A check box: what it writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    /// What is written when it is on; None leaves the member out.
    pub on: Option<Value>,
    pub off: Option<Value>,
    /// Whether it is on where the member isn't there.
    absent: bool,
}

impl Switch {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self, value: Option<&Value>) -> bool {
        match value {
            None | Some(Value::Null) => self.absent,
            Some(Value::Bool(on)) => *on,
            // A word that isn't "false" is there: what is wrong with it is said beside it.
            Some(Value::String(word)) => word != "false",
            Some(_) => !self.absent,
        }
    }
}

/// How a form asks for the field.
#[must_use]
pub fn control(field: &Field) -> Control {
    match *field.ty.bare() {
        FieldType::Text { .. } => Control::Text { lines: field.lines },
        FieldType::Integer { .. } => Control::Number,
        FieldType::Boolean => boolean(field),
        FieldType::Choice(choices) => {
            let label = |word: &str| {
                let choice = choices.iter().find(|choice| choice.value == word);
                choice.map_or("", |choice| choice.label)
            };
            let absent = match field.absent {
                Some(word) => format!("Not set: {}", lower_first(label(word))),
                None => "Not set".to_owned(),
            };
            let none = (!field.required).then(|| (String::new(), absent));
            let all = choices.iter().map(|it| (it.value.to_owned(), it.label.to_owned()));
            Control::Choice(none.into_iter().chain(all).collect())
        }
        FieldType::Condition(word) => {
            Control::Switch(Switch { on: Some(Value::from(word)), off: None, absent: false })
        }
        FieldType::SkipFlag => {
            Control::Switch(Switch { on: Some(Value::from("true")), off: None, absent: false })
        }
        FieldType::List(item) => Control::List(item),
        FieldType::Object(table) => {
            Control::Object { table, nullable: matches!(field.ty, FieldType::Nullable(_)) }
        }
        FieldType::Map => Control::Map,
        FieldType::Node | FieldType::Nodes => Control::Nodes,
        // Bare types are neither of the last two.
        FieldType::Json | FieldType::Nullable(_) | FieldType::OrReference(_) => Control::Json,
    }
}

/// Where it is known what absence means, on or off is all there is to say; else there are three
/// answers.
fn boolean(field: &Field) -> Control {
    let switch = |on, off, absent| Control::Switch(Switch { on, off, absent });
    match (field.absent, field.required) {
        (_, true) => switch(Some(Value::Bool(true)), Some(Value::Bool(false)), false),
        (Some("true"), _) => switch(None, Some(Value::Bool(false)), true),
        (Some(_), _) => switch(Some(Value::Bool(true)), None, false),
        (None, _) => {
            let all = [("", "Not set: the server decides"), ("true", "Yes"), ("false", "No")];
            Control::Choice(all.map(|(word, says)| (word.to_owned(), says.to_owned())).into())
        }
    }
}

/// The field that an entry of a list is, to be asked for and checked like any other.
#[must_use]
pub fn entry_of(list: &Field, item: FieldType) -> Field {
    Field {
        pointer: "",
        help: "",
        ty: item,
        required: false,
        references: item.takes_references(),
        ..*list
    }
}

/// The field that a value of a map is: text, where it is no other JSON.
#[must_use]
pub fn value_of(map: &Field, value: &Value) -> Field {
    const TEXT: FieldType = FieldType::Text { min: 0, max: usize::MAX, pattern: None };
    let ty = if value.is_string() { TEXT } else { FieldType::Json };
    Field {
        pointer: "",
        label: "Value",
        help: "",
        ty,
        required: false,
        references: value.is_string(),
        ..*map
    }
}

/// What a new entry of a list begins with.
#[must_use]
pub fn first_value(ty: &FieldType) -> Value {
    match ty.bare() {
        FieldType::Text { .. } | FieldType::SkipFlag => Value::from(""),
        FieldType::Integer { min, .. } => Value::from(*min),
        FieldType::Boolean => Value::Bool(false),
        FieldType::Choice(choices) => Value::from(choices.first().map_or("", |it| it.value)),
        FieldType::Condition(word) => Value::from(*word),
        FieldType::List(_) | FieldType::Nodes => Value::Array(Vec::new()),
        FieldType::Object(table) => first_members(table),
        FieldType::Map | FieldType::Node | FieldType::Json => Value::Object(Map::new()),
        // Bare types are neither.
        FieldType::Nullable(_) | FieldType::OrReference(_) => Value::Null,
    }
}

/// What is required, with values to begin with.
fn first_members(table: &Table) -> Value {
    let mut members = Map::new();
    for field in table.fields.iter().filter(|field| field.required) {
        let names: Vec<&str> = field.pointer.split('/').skip(1).collect();
        put(&mut members, &names, first_value(&field.ty));
    }
    Value::Object(members)
}

/// Puts a value where the names lead, making the objects on the way.
fn put(members: &mut Map<String, Value>, names: &[&str], value: Value) {
    match names {
        [] => {}
        [name] => {
            members.insert((*name).to_owned(), value);
        }
        [name, rest @ ..] => {
            let inner = members.entry((*name).to_owned()).or_insert_with(|| Map::new().into());
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn lower_first(label: &str) -> String {
    let mut label = label.to_owned();
    let keeps = label.chars().nth(1).is_some_and(char::is_uppercase);
    if !keeps && let Some(first) = label.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    label
}
