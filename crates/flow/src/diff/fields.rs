//! Which members of an entry differ, with the words of the kinds' field tables.

use std::collections::HashSet;

use super::{outline::Outline, values::STRUCTURE};
use crate::{
    document::{Document, Key, pointer_names, pointer_part},
    kinds::{Field, FieldType},
};

/// One member that differs between two versions of a node or another part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// JSON pointer from the node, trigger or input; of settings, from the release flow's object.
    pub pointer: String,
    /// What a form calls the member, or the nearest one around it that a form has.
    pub label: Option<&'static str>,
    /// Of a member inside the labelled one, the names down to it, parted by dots.
    pub below: String,
    /// The value in the old document; None where it wasn't there.
    pub old: Option<Key>,
    /// The value in the new document; None where it isn't there.
    pub new: Option<Key>,
}

impl FieldChange {
    /// What a person calls the member: "Job", "Environment variables LOG_LEVEL", else its pointer.
    #[must_use]
    pub fn name(&self) -> String {
        name(self.label, &self.below, &self.pointer)
    }
}

/// See [`FieldChange::name`].
pub(super) fn name(label: Option<&str>, below: &str, pointer: &str) -> String {
    match label {
        Some(label) if below.is_empty() => label.to_owned(),
        Some(label) => format!("{label} {below}"),
        None if pointer.is_empty() => "Value".to_owned(),
        None => dotted(pointer),
    }
}

/// The members that differ between an old and a new entry.
pub(super) fn changes(old: (&Outline<'_>, usize), new: (&Outline<'_>, usize)) -> Vec<FieldChange> {
    let (before, after) = (&old.0.entries[old.1], &new.0.entries[new.1]);
    let mut walk = Walk {
        old: old.0,
        new: new.0,
        tables: [new.0.fields(new.1), old.0.fields(old.1)],
        pointer: String::new(),
        found: Vec::new(),
    };
    if before.own != after.own {
        walk.compare_inside(before.key, after.key);
    }
    walk.found
}

struct Walk<'a> {
    old: &'a Outline<'a>,
    new: &'a Outline<'a>,
    tables: [&'static [Field]; 2],
    /// Of the values that are compared.
    pointer: String,
    found: Vec<FieldChange>,
}

impl Walk<'_> {
    /// As deep as documents nest, which the parser bounds.
    fn compare(&mut self, old: Option<Key>, new: Option<Key>) {
        let meanings = (self.old.meaning(old), self.new.meaning(new));
        if meanings.0 != meanings.1 && !self.told_by_entries(old, new, meanings) {
            self.compare_inside(old, new);
        }
    }

    fn compare_inside(&mut self, old: Option<Key>, new: Option<Key>) {
        if self.has_parts(old, new) {
            for name in names(self.old.document, old, self.new.document, new) {
                let length = self.pointer.len();
                self.pointer.push('/');
                self.pointer.push_str(&pointer_part(&name));
                let inside = |outline: &Outline<'_>, key: Option<Key>| {
                    key.and_then(|key| outline.document.get(key, &name))
                };
                self.compare(inside(self.old, old), inside(self.new, new));
                self.pointer.truncate(length);
            }
            return;
        }
        let (label, below) = label(self.tables, &self.pointer);
        let pointer = self.pointer.clone();
        self.found.push(FieldChange { pointer, label, below, old, new });
    }

    /// A list that came or went says so by its entries, unless it is empty.
    fn told_by_entries(
        &self,
        old: Option<Key>,
        new: Option<Key>,
        meanings: (Option<u32>, Option<u32>),
    ) -> bool {
        let (outline, key) = match (old, new, meanings) {
            (Some(key), None, (Some(STRUCTURE), _)) => (self.old, key),
            (None, Some(key), (_, Some(STRUCTURE))) => (self.new, key),
            _ => return false,
        };
        !outline.document.is_array(key) || outline.document.elements(key).len() > 0
    }

    /// Whether the difference is told member by member: of two objects, and of an object that came
    /// or went where forms have fields for what is inside it.
    fn has_parts(&self, old: Option<Key>, new: Option<Key>) -> bool {
        let is_object = |outline: &Outline<'_>, key| outline.document.is_object(key);
        match (old, new) {
            (Some(old), Some(new)) => is_object(self.old, old) && is_object(self.new, new),
            (Some(key), None) => is_object(self.old, key) && self.tells_inside(self.old, key),
            (None, Some(key)) => is_object(self.new, key) && self.tells_inside(self.new, key),
            (None, None) => false,
        }
    }

    fn tells_inside(&self, outline: &Outline<'_>, object: Key) -> bool {
        let mut inside = outline.document.members(object).map(|(_, key)| key).peekable();
        inside.peek().is_some()
            && (self.holds_fields() || inside.any(|key| outline.meanings.get(key) == STRUCTURE))
    }

    fn holds_fields(&self) -> bool {
        let inside = format!("{}/", self.pointer);
        self.tables.iter().any(|fields| {
            fields.iter().any(|field| {
                field.pointer.starts_with(&inside)
                    || field.pointer == self.pointer && matches!(field.ty, FieldType::Object(_))
            })
        })
    }
}

/// The names of members on either side: the new one's first, each once.
pub(super) fn names(
    old_document: &Document,
    old: Option<Key>,
    new_document: &Document,
    new: Option<Key>,
) -> Vec<String> {
    let of = |document: &Document, key: Option<Key>| -> Vec<String> {
        key.into_iter()
            .flat_map(|key| document.members(key))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    let mut seen = HashSet::new();
    let mut names = of(new_document, new);
    names.extend(of(old_document, old));
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// The label of the member at a pointer, or of the nearest around it, and the names below that.
pub(super) fn label(
    tables: [&'static [Field]; 2],
    pointer: &str,
) -> (Option<&'static str>, String) {
    let found = tables.iter().find_map(|fields| label_in(fields, pointer));
    found.map_or((None, String::new()), |(label, below)| (Some(label), dotted(below)))
}

fn label_in<'p>(fields: &'static [Field], pointer: &'p str) -> Option<(&'static str, &'p str)> {
    let around = fields.iter().filter_map(|field| {
        let rest = pointer.strip_prefix(field.pointer)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((field, rest))
    });
    let (field, rest) = around.max_by_key(|(field, _)| field.pointer.len())?;
    let inner = match field.ty.bare() {
        FieldType::Object(inner) if !rest.is_empty() => label_in(inner.fields, rest),
        _ => None,
    };
    inner.or(Some((field.label, rest)))
}

/// A pointer as people write a way to a member: `spec.jobId`.
fn dotted(pointer: &str) -> String {
    pointer_names(pointer).collect::<Vec<_>>().join(".")
}
