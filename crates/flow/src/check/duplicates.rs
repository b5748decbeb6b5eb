//! Rule: no member is written twice in one object. Only the last one counts, as in `JSON.parse`.

use std::collections::HashMap;

use super::{Findings, Fix, View, code, texts::values_outside};
use crate::document::{Document, Key};

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    view.values.iter().for_each(|(_, key)| members(view.document, *key, findings));
}

pub(super) fn outside(document: &Document, findings: &mut Findings) {
    let values = values_outside(document);
    values.into_iter().for_each(|(_, key)| members(document, key, findings));
}

/// Up to so many members are held against each other; of more, those seen are looked up.
const FEW: usize = 8;

fn members(document: &Document, object: Key, findings: &mut Findings) {
    if !document.is_object(object) {
        return;
    }
    let members: Vec<(&str, Key)> = document.members(object).collect();
    let mut last: HashMap<&str, Key> = HashMap::new();
    for (index, (name, member)) in members.iter().enumerate() {
        let before = if members.len() <= FEW {
            let before = members[..index].iter().rfind(|(other, _)| other == name);
            before.map(|(_, member)| *member)
        } else {
            last.insert(name, *member)
        };
        let Some(before) = before else { continue };
        let sentence = format!("`{name}` is written twice here; only the last one counts.");
        findings
            .warning(*member, code::DUPLICATE_MEMBER, sentence)
            .at_name()
            .fix(Fix::remove(format!("Remove the earlier `{name}`"), before));
    }
}
