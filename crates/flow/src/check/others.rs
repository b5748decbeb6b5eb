//! Members that a node's kind doesn't have, and others do.

use super::strays::{Place, fields, free_way};
use crate::{
    document::Document,
    kinds::{self, Field, Kind, shape::Shape},
};

/// The member that is missing here, where one of another kind stands for it: both name a resource,
/// `serviceId` where `jobId` belongs.
pub(super) fn twin<'s>(place: &Place<'s>, name: &str) -> Option<(&'static str, &'s Shape)> {
    place.top.1.kind?;
    let names_resource = |field: &Field| field.source.is_some() && last_name(field) == name;
    if !kinds::all().iter().any(|kind| kind.fields.iter().any(names_resource)) {
        return None;
    }
    let is_resource = |field: &&Field| field.required && field.source.is_some();
    let resource = |(_, shape): &&(_, &Shape)| shape.field.as_ref().is_some_and(is_resource);
    let mut absent = place.absent.iter().filter(resource);
    let found = absent.next()?;
    absent.next().is_none().then_some(*found)
}

/// A sentence about where a member belongs that has no effect here: at one of several places of
/// this kind, or in other kinds.
pub(super) fn whose(document: &Document, place: &Place<'_>, name: &str) -> Option<String> {
    let kind = place.top.1.kind?;
    let here = format!("{}/{name}", place.here.1.way());
    // A field, or an object on the way to one.
    let at = |field: &Field| {
        field
            .pointer
            .strip_prefix(&*here)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let anywhere = |field: &Field| field.pointer.split('/').any(|part| part == name);
    let same_word = others(kind, |other, field| other.kind == kind.kind && at(field));
    let same_place = || others(kind, |_, field| at(field));
    let own_places = || own(document, place, name);
    let in_others = || others(kind, |_, field| anywhere(field));
    same_word.or_else(same_place).map_or_else(
        || own_places().or_else(|| in_others().map(|others| had(name, kind, &others))),
        |others| Some(had(name, kind, &others)),
    )
}

fn had(name: &str, kind: &Kind, others: &[&str]) -> String {
    let others = match others {
        [one] => format!("“{one}” has it"),
        [one, two] => format!("“{one}” and “{two}” have it"),
        [one, two, ..] => format!("“{one}”, “{two}” and others have it"),
        [] => "others have it".to_owned(),
    };
    format!("`{name}` has no effect in “{}”: {others}.", kind.title)
}

/// The titles of other kinds that have such a field; None where none has.
fn others(kind: &Kind, wanted: impl Fn(&Kind, &Field) -> bool) -> Option<Vec<&'static str>> {
    let has = |other: &&&'static Kind| other.fields.iter().any(|field| wanted(other, field));
    let not_this = |other: &&&'static Kind| !std::ptr::eq(**other, kind);
    let titles: Vec<_> =
        kinds::all().iter().filter(not_this).filter(has).map(|other| other.title).collect();
    (!titles.is_empty()).then_some(titles)
}

/// The places of this kind where such a member may be added.
fn own(document: &Document, place: &Place<'_>, name: &str) -> Option<String> {
    let fields = fields(place.top.1).into_iter().filter_map(|shape| shape.field);
    let free = |field: &&Field| {
        last_name(field) == name && free_way(document, place.top.0, field.pointer).is_some()
    };
    let places: Vec<_> = fields
        .filter(free)
        .filter_map(|field| field.pointer.rsplit_once('/')?.0.strip_prefix('/'))
        .map(|way| format!("`{}`", way.replace('/', ".")))
        .collect();
    (!places.is_empty())
        .then(|| format!("`{name}` has no effect here; it belongs in {}.", places.join(" or ")))
}

fn last_name(field: &Field) -> &'static str {
    field.pointer.rsplit('/').next().unwrap_or_default()
}
