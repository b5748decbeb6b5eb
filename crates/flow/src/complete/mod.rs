//! What can be written at a place of a release flow's text: names of members, words, whole nodes,
//! out of the tables of `kinds`. For the code view; a form reads the tables itself.
//!
//! - `scan`: text that is being typed, as a tree. - `hint`: what stands there.
//!
//! May import: `kinds`, `expr`.

mod hint;
mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use hint::{Hint, hint};
use scan::{Form, Spot, Tree};
use serde_json::Value as Json;

use crate::{
    expr::{self, Completion, Names},
    kinds::{
        self, FieldType, Kind, describe, settings,
        shape::{self, Shape},
    },
};

/// One thing that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What a person looks for: the member's name, the word, the node's title.
    pub label: String,
    /// A few words beside it: the type of a member, what a word means.
    pub detail: String,
    /// A sentence or two; may be empty.
    pub help: String,
    /// The bytes that `insert` takes the place of.
    pub replace: Range<usize>,
    pub insert: String,
}

/// How long a text may be to be completed; above, there are no proposals.
pub const MAX_TEXT_BYTES: usize = 8 << 20;

/// What can be written at `cursor` (in bytes), in the order of the tables: required members first.
/// Narrowing it down by what has been typed is left to the caller; what has been typed of it is in
/// `replace`. Inside `${…}` it is what an expression can name: `names` are those of the node at
/// hand, as far as they are known. Nothing where nothing is known, also for a cursor that is not in
/// the text. Never fails, whatever the text.
#[must_use]
pub fn complete(text: &str, cursor: usize, names: &Names) -> Vec<Proposal> {
    if text.len() > MAX_TEXT_BYTES || !text.is_char_boundary(cursor) {
        return Vec::new();
    }
    let tree = scan::scan(text);
    let place = Places { text, tree: &tree };
    match tree.spot(text, cursor) {
        Spot::Name { object, span } => place.names(object, span),
        Spot::Value { holder, at, span } => in_expression(text, cursor, &span, names)
            .unwrap_or_else(|| place.values(holder, at, span)),
        Spot::Elsewhere => Vec::new(),
    }
}

/// What may stand somewhere.
#[derive(Clone, Copy)]
enum Wanted {
    /// What a table says.
    Shape(&'static Shape),
    /// An entry of a list field.
    Entry(&'static FieldType, Option<&'static Shape>),
    /// A node of the flow or of the teardown.
    Node,
    Nodes,
}

struct Places<'t> {
    text: &'t str,
    tree: &'t Tree,
}

impl Places<'_> {
    /// What may stand in a container that is there.
    fn wanted(&self, container: usize) -> Option<Wanted> {
        let mut above = Vec::new();
        let mut at = container;
        while let Some(parent) = self.tree.values[at].parent {
            above.push((parent, at));
            at = parent;
        }
        let outermost = Wanted::Shape(shape::document());
        above.iter().rev().try_fold(outermost, |wanted, (parent, child)| {
            match &self.tree.values[*parent].form {
                Form::Object(members) => {
                    let member = members.iter().find(|member| member.value == Some(*child))?;
                    self.member_of(wanted, *parent, scan::unquoted(self.text, &member.name))
                }
                _ => entry_of(wanted),
            }
        })
    }

    /// Whether the container is in the part of the document that says what is cleaned up.
    fn in_teardown(&self, container: usize) -> bool {
        let parent = |at: &usize| self.tree.values[*at].parent;
        let lineage: Vec<_> = std::iter::successors(Some(container), parent).collect();
        let [.., part, root] = lineage.as_slice() else { return false };
        let Form::Object(members) = &self.tree.values[*root].form else { return false };
        members
            .iter()
            .find(|member| member.value == Some(*part))
            .and_then(|member| shape::document().get(scan::unquoted(self.text, &member.name)))
            .and_then(|shape| shape.inside.as_ref())
            .is_some_and(|inside| inside.owner == settings::TEARDOWN.noun)
    }

    /// What may stand in the member of an object.
    fn member_of(&self, wanted: Wanted, object: usize, name: &str) -> Option<Wanted> {
        let member = self.shape_of(wanted, object)?.get(name)?;
        Some(match member.field.map(|field| field.ty.bare()) {
            Some(FieldType::Node) => Wanted::Node,
            Some(FieldType::Nodes) => Wanted::Nodes,
            _ => Wanted::Shape(member),
        })
    }

    /// The table of the object's members.
    fn shape_of(&self, wanted: Wanted, object: usize) -> Option<&'static Shape> {
        match wanted {
            Wanted::Shape(shape) | Wanted::Entry(_, Some(shape)) => {
                Some(shape.inside.as_deref().unwrap_or(shape))
            }
            Wanted::Node => shape::of_kind(self.kind_of(object)?),
            Wanted::Entry(_, None) | Wanted::Nodes => None,
        }
    }

    /// The node's kind; the first of its name where the node doesn't say yet which one.
    fn kind_of(&self, node: usize) -> Option<&'static Kind> {
        let word = |pointer: &str| {
            let value = self.tree.resolve(self.text, node, pointer)?;
            self.tree.text_of(self.text, value)
        };
        let name = word("/kind")?;
        kinds::told_by(name, word).or_else(|| kinds::named(name).next())
    }

    /// The members that the object doesn't have yet.
    fn names(&self, object: usize, replace: Range<usize>) -> Vec<Proposal> {
        let Some(wanted) = self.wanted(object) else { return Vec::new() };
        let Some(shape) = self.shape_of(wanted, object) else {
            return self.kindless(wanted, replace);
        };
        let Form::Object(members) = &self.tree.values[object].form else { return Vec::new() };
        let here = members.iter().find(|member| member.name == replace);
        let has_value = here.is_some_and(|member| member.colon.is_some());
        let there = |name: &str| {
            let other = |member: &&scan::Member| member.name != replace;
            members
                .iter()
                .filter(other)
                .any(|member| scan::unquoted(self.text, &member.name) == name)
        };
        let (needed, rest): (Vec<_>, Vec<_>) = shape
            .members
            .iter()
            // What only answers and runs carry is not for writing.
            .filter(|(name, member)| !member.is_free() || *name == "kind")
            .filter(|(name, _)| !there(name))
            .map(|(name, member)| (member, self.member(name, member, has_value, &replace)))
            .partition(|(member, _)| member.is_needed);
        needed.into_iter().chain(rest).map(|(_, proposal)| proposal).collect()
    }

    /// A node that has no kind yet begins with it.
    fn kindless(&self, wanted: Wanted, replace: Range<usize>) -> Vec<Proposal> {
        if !matches!(wanted, Wanted::Node) {
            return Vec::new();
        }
        vec![Proposal {
            label: "kind".to_owned(),
            detail: "required".to_owned(),
            help: "What the node does.".to_owned(),
            replace,
            insert: "\"kind\": \"\"".to_owned(),
        }]
    }

    fn member(
        &self,
        name: &str,
        member: &Shape,
        has_value: bool,
        replace: &Range<usize>,
    ) -> Proposal {
        let field = member.field;
        let value = field.map_or("{}", |field| first_value(&field.ty));
        let value = if name == "kind" { "\"\"" } else { value };
        let name_text = Json::from(name).to_string();
        Proposal {
            label: name.to_owned(),
            detail: field.map_or_else(
                || "object".to_owned(),
                |field| {
                    let needed = if field.required { ", required" } else { "" };
                    format!("{}{needed}", describe::type_words(&field.ty))
                },
            ),
            help: field.map_or(String::new(), |field| field.help.to_owned()),
            replace: replace.clone(),
            insert: if has_value { name_text } else { format!("{name_text}: {value}") },
        }
    }

    /// What can stand as a value.
    fn values(&self, holder: usize, at: usize, replace: Range<usize>) -> Vec<Proposal> {
        let Some(around) = self.wanted(holder) else { return Vec::new() };
        let wanted = match &self.tree.values[holder].form {
            Form::Object(members) => {
                let name = scan::unquoted(self.text, &members[at].name);
                if matches!(around, Wanted::Node) && name == "kind" {
                    return kind_names(self.in_teardown(holder), &replace);
                }
                self.member_of(around, holder, name)
            }
            _ => entry_of(around),
        };
        match wanted {
            Some(Wanted::Node) => self.nodes(self.in_teardown(holder), &replace),
            Some(Wanted::Nodes) => vec![bare("[]", "a list of nodes", &replace)],
            Some(Wanted::Shape(Shape { field: Some(field), .. })) => words_of(&field.ty, &replace),
            Some(Wanted::Entry(ty, _)) => words_of(ty, &replace),
            _ => Vec::new(),
        }
    }

    /// A whole new node of every kind, indented as the line at hand is.
    fn nodes(&self, teardown: bool, replace: &Range<usize>) -> Vec<Proposal> {
        let line = self.text[..replace.start].rsplit('\n').next().unwrap_or_default();
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let proposal = |kind: &&'static Kind| Proposal {
            label: kind.title.to_owned(),
            detail: kind.kind.to_owned(),
            help: kind.help.to_owned(),
            replace: replace.clone(),
            insert: kind.template.replace('\n', &format!("\n{indent}")),
        };
        kinds::all().iter().filter(|kind| fits(kind, teardown)).map(proposal).collect()
    }
}

/// What can be written in an expression within a string; None outside one.
fn in_expression(
    text: &str,
    cursor: usize,
    string: &Range<usize>,
    names: &Names,
) -> Option<Vec<Proposal>> {
    let inner = scan::unquoted(text, string);
    let start = string.start + 1;
    let written = inner.get(..cursor.checked_sub(start)?)?;
    let open = written.rfind("${")?;
    if written[open..].contains('}') {
        return None;
    }
    let proposal = |completion: Completion| {
        let Completion { label, replace, insert, ty, description, .. } = completion;
        let quoted = Json::from(insert).to_string();
        Proposal {
            label,
            detail: ty,
            help: description,
            replace: replace.start + start..replace.end + start,
            insert: quoted[1..quoted.len() - 1].to_owned(),
        }
    };
    Some(expr::complete(inner, cursor - start, names).into_iter().map(proposal).collect())
}

fn entry_of(wanted: Wanted) -> Option<Wanted> {
    match wanted {
        Wanted::Nodes => Some(Wanted::Node),
        Wanted::Shape(shape) => match shape.field.map(|field| field.ty.bare()) {
            Some(FieldType::List(item)) => Some(Wanted::Entry(item, shape.inside.as_deref())),
            _ => None,
        },
        _ => None,
    }
}

/// What a node can be, where it stands.
fn kind_names(teardown: bool, replace: &Range<usize>) -> Vec<Proposal> {
    let fits = |name: &&str| kinds::named(name).any(|kind| fits(kind, teardown));
    let proposal = |name| {
        let only = kinds::named(name).next().filter(|kind| kind.when.is_empty());
        Proposal {
            label: str::to_owned(name),
            detail: only.map_or_else(String::new, |kind| kind.title.to_owned()),
            help: only.map_or_else(String::new, |kind| kind.help.to_owned()),
            replace: replace.clone(),
            insert: Json::from(name).to_string(),
        }
    };
    kinds::names().into_iter().filter(fits).map(proposal).collect()
}

fn fits(kind: &Kind, teardown: bool) -> bool {
    if teardown { kind.scope.in_teardown() } else { kind.scope.in_flow() }
}

/// The words that a field can hold; an empty value where there is no such list.
fn words_of(ty: &FieldType, replace: &Range<usize>) -> Vec<Proposal> {
    let word = |word: &str, detail: &str| bare(&Json::from(word).to_string(), detail, replace);
    match ty.bare() {
        FieldType::Choice(choices) => {
            choices.iter().map(|choice| word(choice.value, choice.label)).collect()
        }
        FieldType::Condition(only) => vec![word(only, "waits for completion")],
        FieldType::SkipFlag => vec![word("true", "always skipped"), word("false", "never skipped")],
        FieldType::Boolean => ["true", "false"].map(|value| bare(value, "", replace)).into(),
        ty if replace.is_empty() => vec![bare(first_value(ty), describe::type_words(ty), replace)],
        _ => Vec::new(),
    }
}

/// A proposal that is its own label.
fn bare(value: &str, detail: &str, replace: &Range<usize>) -> Proposal {
    Proposal {
        label: if value == "\"\"" { value } else { value.trim_matches('"') }.to_owned(),
        detail: detail.to_owned(),
        help: String::new(),
        replace: replace.clone(),
        insert: value.to_owned(),
    }
}

/// A value to begin with, as JSON.
fn first_value(ty: &FieldType) -> &'static str {
    match ty.bare() {
        FieldType::Integer { .. } => "0",
        FieldType::Boolean => "false",
        FieldType::List(_) | FieldType::Nodes => "[]",
        FieldType::Object(_) | FieldType::Map | FieldType::Node | FieldType::Json => "{}",
        FieldType::Text { .. }
        | FieldType::Choice(_)
        | FieldType::Condition(_)
        | FieldType::SkipFlag => "\"\"",
        // `bare` has taken these off.
        FieldType::Nullable(_) | FieldType::OrReference(_) => "null",
    }
}
