//! At which fields of a form a problem is told: rules between fields at all that they concern.

use crate::kinds::{Field, Rule};

/// The fields, of those that a form shows, at which a problem is told; none where it is about the
/// object as a whole. `at` is the problem's pointer from the object, `is_given` tells whether a
/// pointer has a value.
#[must_use]
pub fn told_at(
    fields: &'static [Field],
    rules: &[Rule],
    at: &str,
    sentence: &str,
    is_given: impl Fn(&str) -> bool,
) -> Vec<&'static Field> {
    let holder = fields.iter().filter(|field| reaches(field.pointer, at));
    let holder = holder.max_by_key(|field| field.pointer.len());
    let mut found: Vec<&'static Field> = holder.into_iter().collect();
    let says =
        |rule: &&Rule| rule.sentences().any(|said| said == sentence) && rule.about().contains(&at);
    for pointer in rules.iter().filter(says).flat_map(Rule::about) {
        let within = || fields.iter().filter(|field| reaches(pointer, field.pointer));
        let given = || within().filter(|field| is_given(field.pointer));
        let told: Vec<_> = match given().next() {
            Some(_) => given().collect(),
            None => within().take(1).collect(),
        };
        found.extend(told);
    }
    if found.is_empty() && !at.is_empty() {
        // An object that should hold fields: at the first one that it needs.
        let inside = || fields.iter().filter(|field| reaches(at, field.pointer));
        found.extend(inside().find(|field| field.required).or_else(|| inside().next()));
    }
    found.sort_by_key(|field| field.pointer);
    found.dedup_by_key(|field| field.pointer);
    found
}

/// Whether the pointer is that of `around` or of something inside it.
fn reaches(around: &str, pointer: &str) -> bool {
    pointer.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
