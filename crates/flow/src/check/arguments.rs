//! Rule: an argument that has no default and no input is one that every run must bring. That is
//! how webhooks and overrides are meant to work, so it is said once, as a hint.

use std::{borrow::Cow, collections::HashSet};

use super::{Findings, code, texts::Text};
use crate::{document::Document, expr::Root};

pub(super) fn check(document: &Document, texts: &[Text], findings: &mut Findings) {
    if texts.is_empty() {
        return;
    }
    let given = given(document);
    let mut said = HashSet::new();
    for text in texts {
        for used in text.references.iter().filter(|used| used.root == Root::Args) {
            let name = used.name.as_str();
            if used.in_function || given.contains(name) || !said.insert(name) {
                continue;
            }
            let sentence = format!(
                "`{name}` has no default: every run must bring a value for it, by its arguments, \
                 its webhook or an override."
            );
            findings
                .hint(text.key, code::ARGUMENT_WITHOUT_DEFAULT, sentence)
                .within(used.span.clone());
        }
    }
}

/// Names with a default or an input of the run dialog.
fn given(document: &Document) -> HashSet<Cow<'_, str>> {
    let root = document.flow();
    let defaults =
        document.get(root, "arguments").into_iter().flat_map(|key| document.members(key));
    let inputs =
        document.get(root, "richInputs").into_iter().flat_map(|key| document.elements(key));
    let outputs = inputs
        .filter_map(|input| document.at(input, &["spec", "outputs"]))
        .flat_map(|outputs| document.members(outputs))
        .filter_map(|(_, output)| document.str(output).map(Cow::Borrowed));
    defaults.map(|(name, _)| name).chain(outputs).collect()
}
