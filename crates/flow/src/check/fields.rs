//! Rule: every field is as its table says, every required one is there, and there is no member
//! that the API doesn't know.

use super::{
    Findings, Fix, View, alternatives, code,
    corrections::correction,
    strays::{self, Place},
    triggers,
    value::{self, Given},
};
use crate::{
    document::{Document, Key, ValueRef},
    expr,
    kinds::{
        Field, FieldType, settings,
        shape::{self, Shape},
    },
};

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    let node = view.node;
    let shape = if node.word == "Pipeline" && node.inherited.in_template {
        Some(shape::pipeline())
    } else {
        node.kind.and_then(shape::of_kind)
    };
    // A node whose spec isn't an object has been reported as such.
    if node.spec.is_some()
        && let Some(shape) = shape
    {
        described(view.document, view.node.key, shape, findings);
    }
}

pub(super) fn outside(document: &Document, findings: &mut Findings) {
    let is_whole = document.flow() == document.root();
    let shape = if is_whole { shape::document() } else { shape::document_in_template() };
    described(document, document.flow(), shape, findings);
}

/// The object at `top`, by the table that describes it.
fn described(document: &Document, top: Key, shape: &Shape, findings: &mut Findings) {
    let mut rule = Rule { document, findings, absent: Vec::new() };
    rule.table(top, shape);
    let absent = std::mem::take(&mut rule.absent);
    for Absent { object, below, field } in absent {
        if !findings.has_strayed(object, below) {
            let sentence = value::required_member(field);
            let fix = value::only_word(field)
                .map(|word| Fix::set(format!("Write `{word}`"), object, below, word));
            findings.missing(object, below, code::REQUIRED, sentence).fix(fix);
        }
    }
}

/// A required field that isn't there.
struct Absent {
    object: Key,
    /// Pointer from the object.
    below: &'static str,
    field: &'static Field,
}

struct Rule<'r> {
    document: &'r Document,
    findings: &'r mut Findings,
    absent: Vec<Absent>,
}

impl Rule<'_> {
    /// What is described by one table, which begins at `top`.
    fn table(&mut self, top: Key, shape: &Shape) {
        self.object((top, shape), top, shape);
        alternatives::check(self.document, top, shape.rules, self.findings);
    }

    /// As deep as field tables nest.
    fn object(&mut self, top: (Key, &Shape), key: Key, shape: &Shape) {
        let document = self.document;
        // A bit for each member: no shape has more than 64, which a test of theirs holds.
        let bit =
            |index: usize| u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index));
        let mut seen = 0;
        let (mut absent, mut strays) = (None, 0);
        for (name, member) in document.members(key) {
            let is_elsewhere = || shape.elsewhere.iter().any(|(other, _)| *other == name);
            if let Some(index) = shape.index_of(name).filter(|_| !is_elsewhere()) {
                seen |= bit(index).unwrap_or_default();
                self.member(top, member, &shape.members[index].1);
                continue;
            }
            strays += 1;
            if strays > Place::MOST_LOOKED_AT {
                strays::unknown(shape, name, member, self.findings);
                continue;
            }
            let absent = absent.get_or_insert_with(|| self.lacking(key, shape));
            let place = Place { top, here: (key, shape), absent };
            if let Some(meant) = strays::report(document, &place, name, member, self.findings) {
                self.member(top, member, meant);
            }
        }
        for (index, (name, inner)) in shape.members.iter().enumerate() {
            let is_seen = bit(index).is_some_and(|bit| seen & bit != 0);
            if inner.is_needed && !is_seen && !self.findings.has_strayed(key, &format!("/{name}")) {
                self.absent(key, shape.depth, inner);
            }
        }
    }

    /// What an object doesn't have of its table.
    fn lacking<'s>(&self, key: Key, shape: &'s Shape) -> Vec<(&'static str, &'s Shape)> {
        let members = shape.members.iter().map(|(name, member)| (*name, member));
        members.filter(|(name, _)| self.document.get(key, name).is_none()).collect()
    }

    fn member(&mut self, top: (Key, &Shape), key: Key, shape: &Shape) {
        if let Some(field) = shape.field {
            self.field(key, field, shape);
        } else if self.document.is_object(key) {
            // A free place has no members of its own to look at.
            if !shape.is_free() {
                self.object(top, key, shape);
            }
        } else if !shape.is_free() && !self.document.str(key).is_some_and(expr::is_reference) {
            self.findings.error(key, code::TYPE, "This must be an object, in braces.");
        }
    }

    fn field(&mut self, key: Key, field: &'static Field, shape: &Shape) {
        if field.required && self.document.str(key) == Some("") {
            let sentence = value::required_member(field);
            let fix = value::only_word(field)
                .map(|word| Fix::replace(format!("Set to `{word}`"), key, word));
            self.findings.error(key, code::REQUIRED, sentence).fix(fix);
            return;
        }
        self.value(key, field, &field.ty, false, shape);
    }

    fn value(&mut self, key: Key, field: &Field, ty: &FieldType, entry: bool, shape: &Shape) {
        let document = self.document;
        let value = document.value(key);
        let given = match &value {
            ValueRef::Object => Given::Object,
            ValueRef::Array => Given::Array,
            ValueRef::String(text) => Given::Text(text),
            ValueRef::Number(lexeme) => Given::Number(lexeme),
            ValueRef::Bool(_) => Given::Bool,
            ValueRef::Null => Given::Null,
        };
        if let Some((code, sentence)) = value::wrong(field, ty, entry, given) {
            let fix = correction(document, key, field, ty, entry);
            self.findings.error(key, code, sentence).fix(fix);
            return;
        }
        match ty.bare() {
            FieldType::List(item) => {
                for element in document.elements(key) {
                    self.value(element, field, item, true, shape);
                }
            }
            // The flow of a stage is a document of its own, and is checked as one.
            FieldType::Object(table) if std::ptr::eq(*table, &settings::DOCUMENT_IN_TEMPLATE) => {}
            FieldType::Object(_) => {
                if let Some((sentence, fix)) = of_another_sort(document, key, ty) {
                    self.findings.error(key, code::STRUCTURE, sentence).at_beginning().fix(fix);
                } else if let Some(inside) = &shape.inside
                    && document.is_object(key)
                {
                    self.table(key, inside);
                }
            }
            _ => {}
        }
    }

    /// Required fields at and below a member that isn't there. `key` is the object that lacks it,
    /// `depth` how many names its pointer within the table has.
    fn absent(&mut self, key: Key, depth: usize, shape: &Shape) {
        if let Some(field) = shape.field.filter(|field| field.required) {
            self.absent.push(Absent {
                object: key,
                below: after_names(field.pointer, depth),
                field,
            });
        }
        for (_, inner) in &shape.members {
            self.absent(key, depth, inner);
        }
    }
}

/// An object that is built as another sort of object is: what it is said to be, and a correction.
fn of_another_sort(document: &Document, key: Key, ty: &FieldType) -> Option<(String, Option<Fix>)> {
    let FieldType::Object(table) = ty.bare() else { return None };
    if std::ptr::eq(*table, &settings::TEARDOWN) && is_bare_teardown(document, key) {
        let sentence = "This is the node itself: it belongs into a `spec` of the teardown.";
        let fix = Fix::replace(
            "Put it into a `spec`",
            key,
            serde_json::json!({ "spec": document.to_json(key) }),
        );
        return Some((sentence.to_owned(), Some(fix)));
    }
    let is_trigger = table.noun == settings::TRIGGER.noun;
    let kind = document.get(key, "kind").and_then(|kind| document.str(kind));
    let kind = kind.filter(|_| is_trigger && triggers::is_of_workflows(document, key))?;
    let sentence = format!(
        "A trigger of kind `{kind}` is one of the vendor's newer workflows. A release flow's \
         triggers have no `kind`: they name a repository (`vcsService`, `repoUrl`) and branches \
         (`branchRestrictions`, `prRestrictions`)."
    );
    Some((sentence, None))
}

/// Whether `teardownSpec` is a node, where its `spec` should be one.
pub(super) fn is_bare_teardown(document: &Document, teardown: Key) -> bool {
    document.get(teardown, "kind").is_some()
        && document.get(teardown, "spec").is_some_and(|spec| {
            document.get(spec, "kind").is_none() || document.get(spec, "spec").is_none()
        })
}

/// A table's pointer without its first names.
fn after_names(pointer: &'static str, names: usize) -> &'static str {
    let start = pointer.match_indices('/').nth(names).map_or(pointer.len(), |(index, _)| index);
    &pointer[start..]
}
