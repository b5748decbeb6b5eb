//! The sentences of conflicts. "Your version" is mine, "the other version" theirs.

use super::{
    super::{
        fields,
        outline::{Class, Part, title},
        text::value_words,
    },
    Side,
    three::Three,
};
use crate::document::Key;

const fn version(side: Side) -> &'static str {
    match side {
        Side::Mine => "your version",
        Side::Theirs => "the other version",
    }
}

/// What a person calls it, as mine has it where mine has it.
fn name(three: &Three<'_>, one: usize) -> String {
    let named = |side: Side| {
        let entry = three.entry(one, side)?;
        Some(title(three.outline(side).document, entry.part, entry.key?))
    };
    let old = || {
        let entry = three.base_entry(one)?;
        Some(title(three.base.document, entry.part, entry.key?))
    };
    named(Side::Mine).or_else(|| named(Side::Theirs)).or_else(old).unwrap_or_default()
}

pub(super) fn removal(three: &Three<'_>, remover: Side, removed: usize, reason: usize) -> String {
    let keeper = remover.other();
    let one = &three.all[reason];
    let (name, other) = (name(three, removed), name(three, reason));
    let did = match (reason == removed, one.at.base.is_some(), one.is_moved(keeper)) {
        (true, _, true) => "moved it".to_owned(),
        (true, ..) => "changed it".to_owned(),
        (_, false, _) => format!("added {other} inside it"),
        (_, _, true) => format!("moved {other} into it"),
        _ => format!("changed {other} inside it"),
    };
    let (first, second) = (capital(version(remover)), version(keeper));
    format!("{first} removed {name}; {second} {did}. Until you decide, it stays.")
}

pub(super) fn addition(three: &Three<'_>, mine: usize) -> String {
    let reference = three.keys(mine).mine.and_then(|key| {
        let document = three.mine.document;
        document.str(document.get(key, "ref")?)
    });
    format!(
        "Both versions added something with the ref `{}`, but not the same. Until you decide, both \
         stay, and the other version's gets another ref.",
        reference.unwrap_or_default()
    )
}

pub(super) fn places(three: &Three<'_>, one: usize, mine: usize, theirs: usize) -> String {
    let moved = three.all[one].at.base.is_some();
    let (did, to) = if moved { ("moved", "to") } else { ("added", "in") };
    format!(
        "Your version {did} {} {to} {}, the other version {to} {}.",
        name(three, one),
        name(three, mine),
        name(three, theirs)
    )
}

/// One moved it within its workflow, and `mover` into another.
pub(super) fn away(three: &Three<'_>, one: usize, mover: Side, workflows: [usize; 2]) -> String {
    let [from, to] = workflows.map(|workflow| name(three, workflow));
    format!(
        "{} moved {} within {from}, {} to {to}.",
        capital(version(mover.other())),
        name(three, one),
        version(mover)
    )
}

/// Steps in orders that don't go together.
pub(super) fn orders(three: &Three<'_>, parent: usize) -> String {
    let whose = match three.any(parent).map(|entry| (entry.class, entry.part)) {
        Some((Class::List, Part::Input)) => "the inputs".to_owned(),
        Some((Class::List, _)) => "the triggers".to_owned(),
        _ => format!("the steps of {}", name(three, parent)),
    };
    format!("Both versions put {whose} in another order, and the two don't go together.")
}

/// What things are called, in an order of them.
pub(super) fn names(three: &Three<'_>, order: &[usize]) -> Vec<String> {
    order.iter().map(|one| name(three, *one)).collect()
}

pub(super) fn order(three: &Three<'_>, one: usize) -> String {
    format!("Both versions moved {}, to different places.", name(three, one))
}

pub(super) fn tangle(three: &Three<'_>, mine: usize, theirs: usize) -> String {
    format!(
        "Your version moved {}, the other version {}: together, they would stand inside each other.",
        name(three, mine),
        name(three, theirs)
    )
}

/// A member with different values; `values` are base, mine, theirs.
pub(super) fn field(
    three: &Three<'_>,
    one: usize,
    (label, below, pointer): (Option<&str>, &str, &str),
    values: super::Sides<Option<Key>>,
) -> String {
    let member = fields::name(label, below, pointer);
    let settings = three.any(one).is_none_or(|entry| entry.part == Part::Settings);
    let whose = if settings { String::new() } else { format!("{}: ", name(three, one)) };
    let has = |document, key: Option<Key>| {
        key.map_or_else(|| "absent".to_owned(), |key| value_words(document, key))
    };
    format!(
        "{whose}{member} is {} in your version and {} in the other; it was {}.",
        has(three.mine.document, values.mine),
        has(three.theirs.document, values.theirs),
        has(three.base.document, values.base),
    )
}

/// A node that one made another kind of node, while the other changed it.
pub(super) fn kind(three: &Three<'_>, one: usize, switcher: Side) -> String {
    format!(
        "{} made {} another kind of node; {} changed it as it was.",
        capital(version(switcher)),
        name(three, one),
        version(switcher.other())
    )
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
