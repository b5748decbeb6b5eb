//! Rule: every field is as its table says, every required one is there, and there is no member
//! that the API doesn't know.

use super::{
    Findings, Node, code,
    value::{self, Given},
};
use crate::{
    document::{Document, Key, ValueRef},
    expr,
    kinds::{
        Field, FieldType,
        shape::{self, Shape},
    },
};

pub(super) fn check(document: &Document, nodes: &[Node<'_>], findings: &mut Findings) {
    let mut rule = Rule { document, findings };
    rule.object(document.flow(), shape::document());
    for node in nodes {
        // A node whose spec isn't an object has been reported as such.
        if node.spec.is_some()
            && let Some(shape) = node.kind.and_then(shape::of_kind)
        {
            rule.object(node.key, shape);
        }
    }
}

struct Rule<'r> {
    document: &'r Document,
    findings: &'r mut Findings,
}

impl Rule<'_> {
    /// As deep as field tables nest.
    fn object(&mut self, key: Key, shape: &Shape) {
        let document = self.document;
        let mut seen = Seen::default();
        for (name, member) in document.members(key) {
            let Some(index) = shape.index_of(&name) else {
                self.unknown(member, &name, shape.owner);
                continue;
            };
            if seen.again(index) {
                let sentence = format!("`{name}` is written twice here; only the last one counts.");
                self.findings.warning(member, code::DUPLICATE_MEMBER, sentence);
            }
            self.member(member, &shape.members[index].1);
        }
        for (index, (_, inner)) in shape.members.iter().enumerate() {
            if inner.is_needed && !seen.has(index) {
                self.absent(key, shape.depth, inner);
            }
        }
    }

    fn member(&mut self, key: Key, shape: &Shape) {
        if let Some(field) = shape.field {
            self.field(key, field, shape);
        } else if self.document.is_object(key) {
            // A free place has no members of its own to look at.
            if !shape.is_free() {
                self.object(key, shape);
            }
        } else if !shape.is_free() && !self.document.str(key).is_some_and(expr::is_reference) {
            self.findings.error(key, code::TYPE, "This must be an object, in braces.");
        }
    }

    fn field(&mut self, key: Key, field: &'static Field, shape: &Shape) {
        if field.required && self.document.str(key) == Some("") {
            self.findings.error(key, code::REQUIRED, value::required(field));
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
            self.findings.error(key, code, sentence);
            return;
        }
        match ty {
            // Steps are nodes; their walk is another.
            FieldType::List(FieldType::Json) => {}
            FieldType::List(item) => {
                for element in document.elements(key) {
                    self.value(element, field, item, true, shape);
                }
            }
            FieldType::Object(_) => {
                if let Some(inside) = &shape.inside
                    && document.is_object(key)
                {
                    self.object(key, inside);
                }
            }
            _ => {}
        }
    }

    /// Required fields at and below a member that isn't there. `key` is the object that lacks it,
    /// `depth` how many names its pointer within the table has.
    fn absent(&mut self, key: Key, depth: usize, shape: &Shape) {
        if let Some(field) = shape.field.filter(|field| field.required) {
            let below = after_names(field.pointer, depth);
            self.findings.missing(key, below, code::REQUIRED, value::required(field));
        }
        for (_, inner) in &shape.members {
            self.absent(key, depth, inner);
        }
    }

    fn unknown(&mut self, key: Key, name: &str, owner: &str) {
        let sentence = match now_called(name) {
            Some(now) => format!(
                "`{name}` isn't a member of {owner} and has no effect; it is called `{now}` here."
            ),
            None => format!("`{name}` isn't a member of {owner} and has no effect."),
        };
        self.findings.warning(key, code::UNKNOWN_MEMBER, sentence);
    }
}

/// A table's pointer without its first names.
fn after_names(pointer: &'static str, names: usize) -> &'static str {
    let start = pointer.match_indices('/').nth(names).map_or(pointer.len(), |(index, _)| index);
    &pointer[start..]
}

/// Members that newer sorts of flows have, and what a release flow calls them.
fn now_called(name: &str) -> Option<&'static str> {
    match name {
        "branchNamePatterns" => Some("branchRestrictions"),
        _ => None,
    }
}

/// Which members of a shape an object has had so far, by index: no table has more than 64 members
/// in one place.
#[derive(Default)]
struct Seen(u64);

impl Seen {
    /// Notes the member; true when it was there before.
    fn again(&mut self, index: usize) -> bool {
        let before = self.has(index);
        self.0 |= 1 << index;
        before
    }

    fn has(&self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }
}
