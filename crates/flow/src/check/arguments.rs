//! Rule: arguments that are read have values, and those with values are read.
//!
//! An argument without a default and an input is one that every run must bring. That is how
//! webhooks and overrides are meant to work, so it is said once, as a hint.

use std::collections::{HashMap, HashSet};

use super::{
    Findings, Fix, Whole, code,
    names::Table,
    near,
    refs::change_name,
    texts::{self, Text},
};
use crate::{
    document::{Document, Key},
    expr::{Root, is_addressable},
};

/// Names for which a near one is looked for, and texts that are offered with another name: more say
/// nothing new, and looking costs.
const MOST_LOOKED_UP: usize = 50;
/// Arguments that are held against such names in all.
const MOST_COMPARED: usize = 200_000;

pub(super) fn across(whole: &mut Whole<'_>, findings: &mut Findings) {
    let document = whole.document;
    let defaults = document.get(document.flow(), "arguments");
    let defaults: Vec<(&str, Key)> =
        defaults.into_iter().flat_map(|key| document.members(key)).collect();
    let inputs = inputs(document);
    let meant = match are_hidden(document, findings) {
        true => HashSet::new(),
        false => without_value(whole, &defaults, &inputs, findings),
    };
    without_use(whole, &defaults, (&inputs, &meant), findings);
}

/// The texts of all nodes.
fn texts<'w>(whole: &'w Whole<'_>) -> impl Iterator<Item = &'w Text> {
    whole.nodes.all.iter().flat_map(|node| &node.facts.texts)
}

/// Whether something that gives arguments values isn't as it should be: more may be meant than can
/// be read.
fn are_hidden(document: &Document, findings: &Findings) -> bool {
    let member = |name| document.get(document.flow(), name);
    let mut open: Vec<Key> = member("richInputs").into_iter().collect();
    let mut hidden = member("arguments").is_some_and(|key| findings.is_wrong(key));
    while let Some(key) = open.pop() {
        hidden |= findings.is_wrong(key);
        open.extend(document.members(key).map(|(_, member)| member));
        open.extend(document.elements(key));
    }
    hidden
}

/// Names that the run dialog's inputs fill.
fn inputs(document: &Document) -> HashSet<&str> {
    super::input_outputs(document)
        .flat_map(|outputs| document.members(outputs))
        .filter_map(|(_, output)| document.str(output))
        .collect()
}

/// Gives the names that are meant by slips of the pen.
fn without_value<'n>(
    whole: &Whole<'_>,
    defaults: &[(&'n str, Key)],
    inputs: &HashSet<&'n str>,
    findings: &mut Findings,
) -> HashSet<&'n str> {
    let given: HashSet<&'n str> =
        defaults.iter().map(|(name, _)| *name).chain(inputs.iter().copied()).collect();
    // Those that have a value, and those that were said to have none.
    let mut settled = Table::of(whole.names);
    for name in given.iter().filter_map(|name| whole.names.get(name)) {
        settled.set(name, ());
    }
    let most = MOST_LOOKED_UP.min(1 + MOST_COMPARED / given.len().max(1));
    let (mut slips, mut offered) = (HashMap::new(), 0);
    for text in texts(whole) {
        for (used, number) in text.references.iter().filter(|(used, _)| used.root == Root::Args) {
            let name = used.name.as_str();
            if settled.has(*number) || name.is_empty() {
                continue;
            }
            let looked_up = slips.len();
            let meant = *slips.entry(name).or_insert_with(|| {
                (looked_up < most).then(|| near::nearest(name, given.iter().copied()))?
            });
            if let Some(meant) = meant {
                let sentence = format!("There is no argument `{name}`; is `{meant}` meant?");
                let finding = findings.warning(text.key, code::MISSPELT_ARGUMENT, sentence);
                finding.within(used.span.clone());
                if offered < MOST_LOOKED_UP {
                    offered += 1;
                    finding.fix(change_name(whole.document, text, used, meant));
                }
            } else if !used.in_function {
                settled.set(*number, ());
                let sentence = format!(
                    "`{name}` has no default: every run must bring a value for it, by its \
                     arguments, its webhook or an override."
                );
                findings
                    .hint(text.key, code::ARGUMENT_WITHOUT_DEFAULT, sentence)
                    .within(used.span.clone());
            }
        }
    }
    slips.into_values().flatten().collect()
}

fn without_use(
    whole: &mut Whole<'_>,
    defaults: &[(&str, Key)],
    (inputs, meant): (&HashSet<&str>, &HashSet<&str>),
    findings: &mut Findings,
) {
    let uses = uses(whole, defaults);
    // What the flows inside a pipeline read of the template isn't looked at here.
    let is_template = whole.nodes.all.iter().any(|node| node.inherited.in_template);
    for (name, value) in defaults {
        let is_used = || whole.names.get(name).is_some_and(|name| uses.has(name));
        if !is_addressable(name) {
            let sentence = format!(
                "`${{args.{name}}}` may not find this: use letters, digits, hyphens and \
                 underscores in an argument's name."
            );
            findings.warning(*value, code::AWKWARD_ARGUMENT, sentence).at_name();
        } else if !is_template && !inputs.contains(*name) && !meant.contains(*name) && !is_used() {
            let sentence = format!("Nothing in this flow reads the argument `{name}`.");
            findings
                .hint(*value, code::UNUSED_ARGUMENT, sentence)
                .at_name()
                .fix(Fix::remove(format!("Remove `{name}`"), *value));
        }
    }
}

/// Which arguments are read.
fn uses(whole: &mut Whole<'_>, defaults: &[(&str, Key)]) -> Table<()> {
    let Whole { document, nodes, names } = whole;
    let mut uses = Table::of(names);
    let of_nodes = nodes.all.iter().flat_map(|node| &node.facts.texts);
    for name in of_nodes.flat_map(|text| &text.arguments) {
        uses.set(*name, ());
    }
    // Arguments may be made of each other, and triggers of arguments.
    let around = super::triggers(document).chain(defaults.iter().map(|(_, value)| *value));
    for key in around {
        let mut open = vec![key];
        while let Some(key) = open.pop() {
            if let Some(text) = document.str(key).filter(|text| text.contains("${")) {
                for name in texts::arguments_of(text, names) {
                    uses.set(name, ());
                }
            }
            open.extend(document.members(key).map(|(_, member)| member));
            open.extend(document.elements(key));
        }
    }
    uses
}
