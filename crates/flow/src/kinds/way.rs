//! The way to a value in the labels that forms show.

use super::{Field, FieldType};
use crate::document::pointer_names;

/// The labels that lead from an object to a value in it, outermost first; entries of lists are
/// counted from one: "Further destinations 2", "Days kept". What tables don't name has the name that
/// is written. Nothing where the object has no such field. Nodes have a way of their own.
#[must_use]
pub fn way(fields: &'static [Field], pointer: &str) -> Vec<String> {
    let mut way = Vec::new();
    let Some((field, rest)) = nearest(fields, pointer) else { return way };
    way.push(field.label.to_owned());
    below(&field.ty, rest, &mut way);
    way
}

/// The field that a value is, or the innermost one around it, and the pointer from there.
fn nearest<'p>(fields: &'static [Field], pointer: &'p str) -> Option<(&'static Field, &'p str)> {
    let around = fields.iter().filter_map(|field| {
        let rest = pointer.strip_prefix(field.pointer)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((field, rest))
    });
    around.max_by_key(|(field, _)| field.pointer.len())
}

fn below(ty: &FieldType, pointer: &str, found: &mut Vec<String>) {
    let Some(name) = pointer_names(pointer).next() else { return };
    let slash = pointer.get(1..).and_then(|rest| rest.find('/'));
    let rest = slash.and_then(|at| pointer.get(at + 1..)).unwrap_or_default();
    match *ty.bare() {
        FieldType::Object(table) => match nearest(table.fields, pointer) {
            Some((field, rest)) => {
                found.push(field.label.to_owned());
                below(&field.ty, rest, found);
            }
            None => found.extend(pointer_names(pointer).map(Into::into)),
        },
        FieldType::List(item) => {
            if let (Some(list), Ok(at)) = (found.last_mut(), name.parse::<usize>()) {
                *list = format!("{list} {}", at.saturating_add(1));
            }
            below(item, rest, found);
        }
        FieldType::Node | FieldType::Nodes => {}
        _ => found.extend(pointer_names(pointer).map(Into::into)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{find, settings};

    #[test]
    fn values_are_called_as_forms_call_them() {
        let backup = find("AddonBackup", &[]).unwrap().fields;
        let job = find("JobRun", &[]).unwrap().fields;
        let document = settings::DOCUMENT.fields;
        let cases: [(_, _, &[&str]); 9] = [
            (job, "/spec/jobId", &["Job"]),
            (job, "/spec/runtimeEnvironment/a~1b", &["Environment variables", "a/b"]),
            (
                backup,
                "/spec/additionalDestinations/1/retentionTime",
                &["Further destinations 2", "Days kept"],
            ),
            (
                backup,
                "/spec/additionalDestinations/0/place/x",
                &["Further destinations 1", "place", "x"],
            ),
            (document, "/triggers/0/branchRestrictions/2", &["Git triggers 1", "Branches 3"]),
            (document, "/options/paused", &["Options", "Triggers are paused"]),
            (job, "/spec/jobID", &[]),
            (job, "/odd", &[]),
            (job, "", &[]),
        ];
        for (fields, pointer, labels) in cases {
            assert_eq!(way(fields, pointer), labels, "{pointer}");
        }
    }
}
