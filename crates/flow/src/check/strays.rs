//! Members that a table doesn't have: slips of the pen, members in the wrong object, names that
//! other sorts of documents use, and what is left. What belongs to other kinds is for `others`.

use super::{Findings, Fix, Severity, code, near, others};
use crate::{
    document::{Document, Key, ValueRef},
    kinds::{Field, FieldType, shape::Shape},
};

/// A place in a document, with the table that says what may stand there.
pub(super) struct Place<'s> {
    /// Where the table begins: the document, a node, a trigger.
    pub(super) top: (Key, &'s Shape),
    /// The object that has the member, and its part of the table.
    pub(super) here: (Key, &'s Shape),
    /// What the object lacks of its part of the table.
    pub(super) absent: &'s [(&'static str, &'s Shape)],
}

impl Place<'_> {
    /// So many members of one object that don't belong there are each held against all tables. Of
    /// more it is only said that they don't: a look at each takes long in an object of thousands.
    pub(super) const MOST_LOOKED_AT: usize = 100;
}

/// What others call a member that has another name here: in other documents of the same vendor, in
/// its prose and in older files.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("branchNamePatterns", "branchRestrictions"),
    ("branches", "branchRestrictions"),
    ("url", "importUrl"),
    ("dockerfilePath", "dockerFilePath"),
];

/// How waiting is called where someone remembers it from other tools.
const WAITS: [&str; 2] = ["waitForCompletion", "wait"];

/// Reports a member that `place` doesn't have. Where it is clear which one it should be, that
/// one's part of the table is given back: its value can be checked as what it is meant to be.
pub(super) fn report<'s>(
    document: &Document,
    place: &Place<'s>,
    name: &str,
    member: Key,
    findings: &mut Findings,
) -> Option<&'s Shape> {
    if WAITS.contains(&name)
        && let Some(field) = fields(place.top.1).into_iter().find_map(waiting)
    {
        wait(document, place, field, name, member, findings);
        return None;
    }
    let elsewhere = place.here.1.elsewhere.iter().find(|(known, _)| *known == name);
    if let Some((_, sentence)) = elsewhere {
        findings
            .warning(member, code::UNKNOWN_MEMBER, *sentence)
            .at_name()
            .fix(Fix::remove(format!("Remove `{name}`"), member));
        return None;
    }
    if let Some((known, shape)) = meant_here(place, name) {
        misspelt(place, name, member, (known, shape), findings);
        return Some(shape);
    }
    if let Some((field, shape)) = belongs(place, name) {
        return misplaced(document, place, name, member, field, findings).then_some(shape);
    }
    if let Some((known, shape)) = others::twin(place, name) {
        let sentence =
            format!("`{name}` isn't a member of {}, which needs `{known}`.", place.here.1.owner);
        findings
            .error(member, code::MISPLACED_MEMBER, sentence)
            .at_name()
            .fix(Fix::rename(member, known));
        findings.strayed(place.here.0, format!("/{known}"));
        return Some(shape);
    }
    match others::whose(document, place, name) {
        Some(sentence) => {
            let remove = Fix::remove(format!("Remove `{name}`"), member);
            let finding = findings.warning(member, code::MISPLACED_MEMBER, sentence);
            finding.at_name().fix(remove);
        }
        None => unknown(place.here.1, name, member, findings),
    }
    None
}

/// Reports a member of which nothing is known.
pub(super) fn unknown(shape: &Shape, name: &str, member: Key, findings: &mut Findings) {
    let sentence = format!("`{name}` isn't a member of {} and has no effect.", shape.owner);
    findings
        .warning(member, code::UNKNOWN_MEMBER, sentence)
        .at_name()
        .fix(Fix::remove(format!("Remove `{name}`"), member));
}

/// The member of this object that was meant.
fn meant_here<'s>(place: &Place<'s>, name: &str) -> Option<(&'static str, &'s Shape)> {
    let absent = place.absent;
    let renamed = OTHER_NAMES.iter().filter(|(other, _)| *other == name).map(|(_, now)| *now);
    let known = renamed
        .into_iter()
        .find(|now| absent.iter().any(|(known, _)| known == now))
        // The same letters in another place say more than similar ones here.
        .or_else(|| {
            let near = near::nearest(name, absent.iter().map(|(known, _)| *known))?;
            (belongs(place, name).is_none()).then_some(near)
        })?;
    absent.iter().copied().find(|(name, _)| *name == known)
}

fn misspelt(
    place: &Place<'_>,
    name: &str,
    member: Key,
    (known, shape): (&'static str, &Shape),
    findings: &mut Findings,
) {
    let owner = place.here.1.owner;
    let sentence = format!("`{name}` isn't a member of {owner}; it is written `{known}`.");
    let needed = shape.is_needed || known == "kind";
    let severity = if needed { Severity::Error } else { Severity::Warning };
    findings
        .add(member, severity, code::MISSPELT_MEMBER, sentence)
        .at_name()
        .fix(Fix::rename(member, known));
    findings.strayed(place.here.0, format!("/{known}"));
}

/// The one field with this name elsewhere in the table.
fn belongs<'s>(place: &Place<'s>, name: &str) -> Option<(&'static Field, &'s Shape)> {
    let mut with_name = fields(place.top.1).into_iter().filter(|shape| {
        let pointer = shape.field.map_or("", |field| field.pointer);
        pointer.rsplit('/').next() == Some(name)
    });
    let shape = with_name.next()?;
    let field = shape.field?;
    with_name.next().is_none().then_some((field, shape))
}

/// Says where a member belongs; true when it isn't there already.
fn misplaced(
    document: &Document,
    place: &Place<'_>,
    name: &str,
    member: Key,
    field: &'static Field,
    findings: &mut Findings,
) -> bool {
    let parent = field.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let where_to = match parent.strip_prefix('/') {
        Some(names) => format!("in `{}`", names.replace('/', ".")),
        None if document.get(place.top.0, "spec").is_some() => "beside `spec`".to_owned(),
        None => format!("directly in {}", place.top.1.owner),
    };
    let free = free_way(document, place.top.0, field.pointer);
    let severity =
        if free.is_some() && field.required { Severity::Error } else { Severity::Warning };
    let sentence = format!("`{name}` has no effect here; it belongs {where_to}.");
    let finding = findings.add(member, severity, code::MISPLACED_MEMBER, sentence).at_name();
    let remove = Fix::remove(format!("Remove `{name}`"), member);
    let Some((object, below)) = free else {
        finding.fix(remove);
        return false;
    };
    // "in" is where it belongs, "into" where it goes.
    let label = format!("Move it {}", where_to.replacen("in `", "into `", 1));
    finding.fix(Fix::set(label, object, below, document.to_json(member)).and(remove));
    findings.strayed(object, below);
    true
}

/// The innermost object that is there on the way to a member that isn't, and the way from it;
/// None where the member is there or something else is in the way.
pub(super) fn free_way<'p>(
    document: &Document,
    top: Key,
    pointer: &'p str,
) -> Option<(Key, &'p str)> {
    let mut at = top;
    for (slash, _) in pointer.match_indices('/') {
        if !document.is_object(at) {
            return None;
        }
        let name = pointer[slash + 1..].split('/').next().unwrap_or_default();
        match document.get(at, name) {
            Some(inner) => at = inner,
            None => return Some((at, &pointer[slash..])),
        }
    }
    None
}

fn waiting(shape: &Shape) -> Option<(&'static Field, &'static str)> {
    let field = shape.field?;
    match field.ty {
        FieldType::Condition(word) => Some((field, word)),
        _ => None,
    }
}

/// `waitForCompletion`, which isn't how waiting is written.
fn wait(
    document: &Document,
    place: &Place<'_>,
    (field, word): (&'static Field, &'static str),
    name: &str,
    member: Key,
    findings: &mut Findings,
) {
    let sentence = format!(
        "`{name}` has no effect: waiting for completion is written `\"condition\": \"{word}\"`."
    );
    let remove = Fix::remove(format!("Remove `{name}`"), member);
    let says_no = matches!(document.value(member), ValueRef::Bool(false) | ValueRef::Null);
    let fix = match free_way(document, place.top.0, field.pointer).filter(|_| !says_no) {
        Some((object, below)) => {
            Fix::set(format!("Write `condition`: `{word}`"), object, below, word).and(remove)
        }
        None => remove,
    };
    findings.warning(member, code::MISSPELT_MEMBER, sentence).at_name().fix(fix);
}

/// The fields of a table, from the top down.
pub(super) fn fields(shape: &Shape) -> Vec<&Shape> {
    let mut found = Vec::new();
    let mut open = vec![shape];
    while let Some(shape) = open.pop() {
        if shape.field.is_some() {
            found.push(shape);
        }
        open.extend(shape.members.iter().rev().map(|(_, member)| member));
    }
    found
}
