//! Rule: arguments that are read have values, and those with values are read.
//!
//! An argument without a default and an input is one that every run must bring. That is how
//! webhooks and overrides are meant to work, so it is said once, as a hint.

use std::collections::{HashMap, HashSet};

use super::{Findings, Fix, code, near, nodes::Nodes, refs::change_name, texts::Text};
use crate::{
    document::{Document, Key},
    expr::{self, Content, ExprKind, Root, Template, is_addressable},
};

/// Names for which a near one is looked for: more say nothing new, and looking costs.
const MOST_LOOKED_UP: usize = 50;

pub(super) fn check(
    document: &Document,
    nodes: &Nodes<'_>,
    texts: &[Text],
    findings: &mut Findings,
) {
    let defaults = document.get(document.flow(), "arguments");
    let defaults: Vec<(&str, Key)> =
        defaults.into_iter().flat_map(|key| document.members(key)).collect();
    let inputs = inputs(document);
    if !are_hidden(document, findings) {
        without_value(document, texts, &defaults, &inputs, findings);
    }
    without_use(document, nodes, texts, &defaults, &inputs, findings);
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

fn without_value(
    document: &Document,
    texts: &[Text],
    defaults: &[(&str, Key)],
    inputs: &HashSet<&str>,
    findings: &mut Findings,
) {
    let given: HashSet<&str> =
        defaults.iter().map(|(name, _)| *name).chain(inputs.iter().copied()).collect();
    let mut said = HashSet::new();
    let mut slips = HashMap::new();
    for text in texts {
        for used in text.references.iter().filter(|used| used.root == Root::Args) {
            let name = used.name.as_str();
            if given.contains(name) || name.is_empty() || said.contains(name) {
                continue;
            }
            let looked_up = slips.len();
            let meant = *slips.entry(name).or_insert_with(|| {
                (looked_up < MOST_LOOKED_UP).then(|| near::nearest(name, given.iter().copied()))?
            });
            if let Some(meant) = meant {
                let sentence = format!("There is no argument `{name}`; is `{meant}` meant?");
                findings
                    .warning(text.key, code::MISSPELT_ARGUMENT, sentence)
                    .within(used.span.clone())
                    .fix(change_name(document, text, used, meant));
            } else if !used.in_function {
                said.insert(name);
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
}

fn without_use(
    document: &Document,
    nodes: &Nodes<'_>,
    texts: &[Text],
    defaults: &[(&str, Key)],
    inputs: &HashSet<&str>,
    findings: &mut Findings,
) {
    let uses = Uses::of(document, texts, defaults);
    // What the flows inside a pipeline read of the template isn't looked at here.
    let is_template = nodes.all.iter().any(|node| node.word == "Pipeline");
    for (name, value) in defaults {
        if !is_addressable(name) {
            let sentence = format!(
                "`${{args.{name}}}` may not find this: use letters, digits, hyphens and \
                 underscores in an argument's name."
            );
            findings.warning(*value, code::AWKWARD_ARGUMENT, sentence).at_name();
        } else if !is_template && !inputs.contains(*name) && !uses.0.contains(*name) {
            let sentence = format!("Nothing in this flow reads the argument `{name}`.");
            findings
                .hint(*value, code::UNUSED_ARGUMENT, sentence)
                .at_name()
                .fix(Fix::remove(format!("Remove `{name}`"), *value));
        }
    }
}

/// Which arguments are read.
#[derive(Default)]
struct Uses(HashSet<String>);

impl Uses {
    fn of(document: &Document, texts: &[Text], defaults: &[(&str, Key)]) -> Self {
        let mut uses = Self::default();
        for text in texts {
            uses.note(&text.template, document.str(text.key).unwrap_or_default());
        }
        // Arguments may be made of each other, and triggers of arguments.
        let around = super::triggers(document).chain(defaults.iter().map(|(_, value)| *value));
        for key in around {
            let mut open = vec![key];
            while let Some(key) = open.pop() {
                if let Some(text) = document.str(key).filter(|text| text.contains("${")) {
                    uses.note(&expr::parse(text), text);
                }
                open.extend(document.members(key).map(|(_, member)| member));
                open.extend(document.elements(key));
            }
        }
        uses
    }

    fn note(&mut self, template: &Template, text: &str) {
        for used in template.references() {
            if used.root == Root::Args {
                self.0.insert(used.name);
            }
        }
        // Of expressions that are only carried, every word may be an argument's name.
        let carried = template.parts.iter().any(|part| match &part.content {
            Content::Deferred(_) | Content::Malformed(_) => true,
            Content::Expression(expr) => matches!(expr.kind, ExprKind::Call { .. }),
            Content::Literal(_) | Content::Escaped(_) => false,
        });
        if carried {
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
            self.0.extend(words.map(str::to_owned));
        }
    }
}
