//! Field tables as trees, for whoever walks over a document and its members: checks, completion,
//! the JSON Schema.

use std::sync::LazyLock;

use super::{Field, FieldType, Kind, Rule, Table, pipeline, settings};

/// What may stand in one place.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// What the object is called in a sentence: "a trigger". The same within a table.
    pub(crate) owner: &'static str,
    /// How many names lead here from the top of the table.
    pub(crate) depth: usize,
    /// The field that ends here; None for an object on the way to fields.
    pub(crate) field: Option<&'static Field>,
    /// Where the field is an object with members of its own, or a list of such.
    pub(crate) inside: Option<Box<Shape>>,
    pub(crate) members: Vec<(&'static str, Shape)>,
    /// Whether a required field stands here or below.
    pub(crate) is_needed: bool,
    /// At the top of a kind's table: the kind.
    pub(crate) kind: Option<&'static Kind>,
    /// At the top of a table: what holds between its members.
    pub(crate) rules: &'static [Rule],
    /// At the top of a table: members of other documents, each with a sentence about it.
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

/// Members of a node that are no fields: how it is told apart, and what runs add.
const BESIDE_FIELDS: [&str; 3] = ["kind", "settings", "response"];

/// What only the nodes of a run have, as the API answers it.
const OF_RUNS: &[(&str, &str)] = &[
    (
        "settings",
        "Only the answer about a run has `settings`, which say how often a node was tried; they \
         have no effect here.",
    ),
    ("response", "Only the answer about a run has a `response`; it has no effect here."),
];

static DOCUMENT: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(&settings::DOCUMENT));
static DOCUMENT_IN_TEMPLATE: LazyLock<Shape> =
    LazyLock::new(|| Shape::of_table(&settings::DOCUMENT_IN_TEMPLATE));

static KINDS: LazyLock<Vec<(&'static Kind, Shape)>> = LazyLock::new(|| {
    super::all()
        .iter()
        .map(|kind| {
            let mut shape = Shape::of(kind.fields, kind_owner(kind));
            shape.kind = Some(*kind);
            shape.rules = kind.rules;
            shape.elsewhere = OF_RUNS;
            shape.add_beside_fields();
            (*kind, shape)
        })
        .collect()
});

static PIPELINE: LazyLock<Shape> = LazyLock::new(|| {
    let mut shape = Shape::of_table(&pipeline::PIPELINE);
    shape.elsewhere = OF_RUNS;
    shape.add_beside_fields();
    shape
});

/// The top level of a document that is a release flow.
pub(crate) fn document() -> &'static Shape {
    &DOCUMENT
}

/// The top level of a release flow inside a team template.
pub(crate) fn document_in_template() -> &'static Shape {
    &DOCUMENT_IN_TEMPLATE
}

/// A `Pipeline` node of a team template.
pub(crate) fn pipeline() -> &'static Shape {
    &PIPELINE
}

/// A node of the kind.
pub(crate) fn of_kind(kind: &'static Kind) -> Option<&'static Shape> {
    KINDS.iter().find(|(known, _)| std::ptr::eq(*known, kind)).map(|(_, shape)| shape)
}

fn kind_owner(kind: &Kind) -> &'static str {
    if kind.container { "a workflow" } else { "this kind of node" }
}

impl Shape {
    fn of_table(table: &'static Table) -> Self {
        let mut shape = Self::of(table.fields, table.noun);
        shape.rules = table.rules;
        shape.elsewhere = table.elsewhere;
        shape
    }

    /// The members that nodes have and tables of nodes don't list.
    fn add_beside_fields(&mut self) {
        for name in BESIDE_FIELDS {
            self.members.push((name, Self { owner: self.owner, ..Self::default() }));
        }
    }

    fn of(fields: &'static [Field], owner: &'static str) -> Self {
        let mut root = Self { owner, ..Self::default() };
        for field in fields {
            let mut at = &mut root;
            for name in field.pointer.split('/').skip(1) {
                at = at.member_or_new(name);
            }
            at.field = Some(field);
            at.inside = inside(&field.ty);
        }
        root.settle();
        root
    }

    /// The way here from the top of the table: `/spec/origin`.
    pub(crate) fn way(&self) -> &'static str {
        let mut at = self;
        let pointer = loop {
            match (at.field, at.members.first()) {
                (Some(field), _) => break field.pointer,
                (None, Some((_, member))) => at = member,
                (None, None) => return "",
            }
        };
        let end = pointer.match_indices('/').nth(self.depth).map_or(pointer.len(), |(at, _)| at);
        &pointer[..end]
    }

    /// The member with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.index_of(name).map(|index| &self.members[index].1)
    }

    pub(crate) fn index_of(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|(known, _)| *known == name)
    }

    /// Works out `is_needed` from below.
    fn settle(&mut self) -> bool {
        self.is_needed = self.field.is_some_and(|field| field.required);
        for (_, member) in &mut self.members {
            self.is_needed |= member.settle();
        }
        self.is_needed
    }

    fn member_or_new(&mut self, name: &'static str) -> &mut Self {
        let index = self.index_of(name).unwrap_or_else(|| {
            let (owner, depth) = (self.owner, self.depth + 1);
            self.members.push((name, Self { owner, depth, ..Self::default() }));
            self.members.len() - 1
        });
        &mut self.members[index].1
    }

    /// Neither a field nor a way to one: anything may stand here.
    pub(crate) fn is_free(&self) -> bool {
        self.field.is_none() && self.members.is_empty()
    }
}

fn inside(ty: &FieldType) -> Option<Box<Shape>> {
    match ty {
        FieldType::Object(table) => Some(Box::new(Shape::of_table(table))),
        FieldType::List(inner) | FieldType::Nullable(inner) | FieldType::OrReference(inner) => {
            inside(inner)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widest(shape: &Shape) -> usize {
        let below = shape.members.iter().map(|(_, member)| widest(member));
        let inside = shape.inside.iter().map(|inside| widest(inside));
        below.chain(inside).max().unwrap_or(0).max(shape.members.len())
    }

    #[test]
    fn no_place_has_more_members_than_the_field_rule_can_note() {
        assert!(widest(document()) <= 64);
        for kind in crate::kinds::all() {
            let shape = of_kind(kind).expect("every kind has a shape");
            assert!(widest(shape) <= 64, "{}", kind.title);
        }
    }
}
