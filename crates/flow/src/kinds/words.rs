//! A node in a few words: its title, what it is about, its key settings.

use super::{Kind, of};
use crate::document::{Document, Key, ValueRef};

/// Which members say what a node of a kind does.
#[derive(Debug, Clone, Copy)]
pub struct Summary {
    /// Follow the kind's title, parted by spaces.
    pub title: &'static [Phrase],
    /// At most two lines, each parted by commas.
    pub details: &'static [&'static [Phrase]],
    /// Pointer to the name of the resource that the node acts on; empty where there is none.
    pub resource: &'static str,
}

impl Summary {
    pub(super) const EMPTY: Self = Self { title: &[], details: &[], resource: "" };
}

/// A few words about one member; nothing where the member is absent or empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase {
    /// The member's value, after `before`.
    Value { before: &'static str, pointer: &'static str },
    /// Words that hold when the member is there.
    Present { pointer: &'static str, says: &'static str },
}

impl Phrase {
    fn say(self, document: &Document, node: Key) -> Option<String> {
        match self {
            Self::Value { before: "", pointer } => value_text(document, node, pointer),
            Self::Value { before, pointer } => {
                value_text(document, node, pointer).map(|value| format!("{before} {value}"))
            }
            Self::Present { pointer, says } => {
                document.resolve_from(node, pointer).map(|_| says.to_owned())
            }
        }
    }
}

/// What a person calls the node: "Run job migrate-dev", "Parallel workflow". A kind that we don't
/// know is called by its own name and ref.
#[must_use]
pub fn title(document: &Document, node: Key) -> String {
    let Some(kind) = of(document, node) else { return unknown_title(document, node) };
    if kind.container {
        return kind.title.to_owned();
    }
    let said = kind.summary.title.iter().filter_map(|phrase| phrase.say(document, node));
    std::iter::once(kind.title.to_owned()).chain(said).collect::<Vec<_>>().join(" ")
}

fn unknown_title(document: &Document, node: Key) -> String {
    let view = document.node(node);
    let kind = if view.kind().is_empty() { "Node without a kind" } else { view.kind() };
    match view.reference() {
        Some(reference) if !reference.is_empty() => format!("{kind} {reference}"),
        _ => kind.to_owned(),
    }
}

/// The name of the resource that the node acts on, where it says one.
#[must_use]
pub fn subject(document: &Document, node: Key) -> Option<String> {
    let resource = of(document, node)?.summary.resource;
    if resource.is_empty() { None } else { value_text(document, node, resource) }
}

/// The node's key settings: at most two short lines.
#[must_use]
pub fn details(document: &Document, node: Key) -> Vec<String> {
    of(document, node).map(|kind| lines(kind, document, node)).unwrap_or_default()
}

fn lines(kind: &Kind, document: &Document, node: Key) -> Vec<String> {
    let line = |phrases: &&[Phrase]| {
        let said: Vec<_> = phrases.iter().filter_map(|phrase| phrase.say(document, node)).collect();
        (!said.is_empty()).then(|| capitalised(&said.join(", ")))
    };
    kind.summary.details.iter().filter_map(line).collect()
}

fn value_text(document: &Document, node: Key, pointer: &str) -> Option<String> {
    match document.value(document.resolve_from(node, pointer)?) {
        ValueRef::String(text) if !text.is_empty() => Some(text.into_owned()),
        ValueRef::Number(lexeme) => Some(lexeme.to_owned()),
        _ => None,
    }
}

/// The tables' phrases begin with ASCII letters, so the first byte is the first character.
fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
