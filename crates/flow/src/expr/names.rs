//! What can be named at one node of a document.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    document::{Document, Key},
    kinds::{self, Output, settings::TRIGGER_OUTPUTS},
};

/// What the expressions of one node can name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    /// In the order of the document.
    pub arguments: Vec<NamedArgument>,
    /// Triggers, and the nodes that have finished when this one starts, in the order in which they
    /// run.
    pub refs: Vec<NamedRef>,
}

/// One argument.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedArgument {
    pub name: String,
    /// The document's default.
    pub default: Option<Value>,
    /// What an input of the run dialog puts into it, in words.
    pub input: Option<&'static str>,
}

/// One ref.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedRef {
    pub name: String,
    /// What a person calls the node; for a trigger its repository.
    pub title: String,
    pub trigger: bool,
    /// Empty where the node's kind isn't known.
    pub outputs: &'static [Output],
}

/// What inputs of the run dialog give, by the names of their outputs.
const INPUTS: [(&str, &str); 3] = [
    ("branch", "the branch chosen in the run dialog"),
    ("buildSha", "the commit chosen in the run dialog"),
    ("buildId", "the build chosen in the run dialog"),
];

impl Names {
    /// What the node at `node` can name.
    #[must_use]
    pub fn of(document: &Document, node: Key) -> Self {
        let mut refs: Vec<_> = elements(document, "triggers")
            .filter_map(|trigger| named(document, trigger, true))
            .collect();
        let finished = document.finished_before(node);
        refs.extend(finished.into_iter().filter_map(|node| named(document, node, false)));
        Self { arguments: arguments(document), refs }
    }

    /// The argument with this name.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&NamedArgument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// The node or trigger with this ref.
    #[must_use]
    pub fn reference(&self, name: &str) -> Option<&NamedRef> {
        self.refs.iter().find(|known| known.name == name)
    }
}

fn elements<'d>(document: &'d Document, list: &str) -> impl Iterator<Item = Key> + 'd {
    document.get(document.flow(), list).into_iter().flat_map(|list| document.elements(list))
}

fn arguments(document: &Document) -> Vec<NamedArgument> {
    let defaults = document.get(document.flow(), "arguments").into_iter();
    let mut arguments: Vec<_> = defaults
        .flat_map(|defaults| document.members(defaults))
        .map(|(name, value)| NamedArgument {
            name: Cow::from(name).into_owned(),
            default: Some(document.to_json(value)),
            input: None,
        })
        .collect();
    for input in elements(document, "richInputs") {
        for (output, words) in INPUTS {
            let name = document.at(input, &["spec", "outputs", output]);
            let Some(name) = name.and_then(|name| document.str(name)) else { continue };
            match arguments.iter_mut().find(|argument| argument.name == name) {
                Some(argument) => argument.input = Some(words),
                None => arguments.push(NamedArgument {
                    name: name.to_owned(),
                    default: None,
                    input: Some(words),
                }),
            }
        }
    }
    arguments
}

/// None for what has no ref, and for workflows, which leave nothing to read.
fn named(document: &Document, holder: Key, trigger: bool) -> Option<NamedRef> {
    let name = document.node(holder).reference().filter(|name| !name.is_empty())?.to_owned();
    if trigger {
        let repository = document.get(holder, "repoUrl").and_then(|url| document.str(url));
        let title = repository.unwrap_or("a Git repository").to_owned();
        return Some(NamedRef { name, title, trigger, outputs: TRIGGER_OUTPUTS });
    }
    if document.node(holder).is_container() {
        return None;
    }
    let outputs = kinds::of(document, holder).map_or(&[][..], |kind| kind.outputs);
    Some(NamedRef { name, title: kinds::title(document, holder), trigger, outputs })
}
