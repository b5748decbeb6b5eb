//! The strings of nodes that have `${` in them, each parsed once for all rules.

use super::{
    names::{Name, Names},
    nodes::Node,
};
use crate::{
    document::{Document, Key},
    expr::{self, Content, ExprKind, Reference, Root, Template},
};

/// One string of a node.
pub(super) struct Text {
    pub(super) key: Key,
    pub(super) template: Template,
    /// What it reads, with the number of each name.
    pub(super) references: Vec<(Reference, Name)>,
    /// The arguments that it reads, or may read.
    pub(super) arguments: Vec<Name>,
    /// Whether we can't say for sure what its expressions may name: in kinds whose fields we don't
    /// know, and in loops, which give their steps values of their own.
    pub(super) carried: bool,
}

/// A value, and the name that it has as a member.
pub(super) type Named<'d> = (Option<&'d str>, Key);

/// Every value of a node but its list of steps, which are nodes of their own, in order.
pub(super) fn values_of<'d>(document: &'d Document, node: &Node<'_>) -> Vec<Named<'d>> {
    let mut found = Vec::with_capacity(24);
    values(document, (None, node.key), &[node.steps], &mut found);
    found
}

/// Every value of the document around the nodes.
pub(super) fn values_outside(document: &Document) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    let nodes = [document.root_node(), document.teardown_node()];
    values(document, (None, document.flow()), &nodes, &mut found);
    found
}

/// Every value from one on, in order, but those at `but` with all that is inside. As deep as
/// documents nest, which the parser bounds.
fn values<'d>(
    document: &'d Document,
    (name, key): Named<'d>,
    but: &[Option<Key>],
    found: &mut Vec<Named<'d>>,
) {
    if but.contains(&Some(key)) {
        return;
    }
    found.push((name, key));
    if document.str(key).is_some() {
        return;
    }
    for (name, member) in document.members(key) {
        values(document, (Some(name), member), but, found);
    }
    for element in document.elements(key) {
        values(document, (None, element), but, found);
    }
}

/// The strings among the values of a node, in order. A `Pipeline` node has flows of its own inside,
/// whose names are worked out when those run: it is left out.
pub(super) fn among(
    values: &[Named<'_>],
    document: &Document,
    node: &Node<'_>,
    names: &mut Names,
) -> Vec<Text> {
    let mut texts = Vec::new();
    if node.word == "Pipeline" {
        return texts;
    }
    let carried = node.kind.is_none() || node.inherited.in_loop || node.word == "LoopWorkflow";
    for &(_, key) in values {
        let text = document.str(key).filter(|text| text.contains('$') && text.contains("${"));
        let Some(text) = text else { continue };
        let template = expr::parse(text);
        let references = references(&template, names);
        let arguments = arguments(&template, &references, text, names);
        texts.push(Text { key, references, arguments, template, carried });
    }
    texts
}

/// What a text reads, with the number of each name.
fn references(template: &Template, names: &mut Names) -> Vec<(Reference, Name)> {
    let number = |used: Reference| {
        let name = names.intern(&used.name);
        (used, name)
    };
    template.references().into_iter().map(number).collect()
}

/// The arguments that a text of the document around the nodes reads, or may read.
pub(super) fn arguments_of(text: &str, names: &mut Names) -> Vec<Name> {
    let template = expr::parse(text);
    let references = references(&template, names);
    arguments(&template, &references, text, names)
}

/// The arguments that a text reads, or may read: of expressions that are only carried, every word
/// may be an argument's name.
fn arguments(
    template: &Template,
    references: &[(Reference, Name)],
    text: &str,
    names: &mut Names,
) -> Vec<Name> {
    let read = references.iter().filter(|(used, _)| used.root == Root::Args);
    let mut found: Vec<Name> = read.map(|(_, name)| *name).collect();
    let carried = template.parts.iter().any(|part| match &part.content {
        Content::Deferred(_) | Content::Malformed { .. } => true,
        Content::Expression(expr) => matches!(expr.kind, ExprKind::Call { .. }),
        Content::Literal(_) | Content::Escaped(_) => false,
    });
    if carried {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        found.extend(words.filter(|word| !word.is_empty()).map(|word| names.intern(word)));
    }
    found
}
