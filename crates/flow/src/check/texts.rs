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

/// The strings of a node, in order. A `Pipeline` node has flows of its own inside, whose names are
/// worked out when those run: it is left out.
pub(super) fn of_node(document: &Document, node: &Node<'_>, names: &mut Names) -> Vec<Text> {
    let mut texts = Vec::new();
    if node.word == "Pipeline" {
        return texts;
    }
    let carried = node.kind.is_none() || node.inherited.in_loop || node.word == "LoopWorkflow";
    each_value(document, node, &mut |_, key| {
        if let Some(text) =
            document.str(key).filter(|text| text.contains('$') && text.contains("${"))
        {
            let template = expr::parse(text);
            let references = template.references().into_iter().map(|used| {
                let name = names.intern(&used.name);
                (used, name)
            });
            texts.push(Text {
                key,
                references: references.collect(),
                arguments: arguments(&template, text, names),
                template,
                carried,
            });
        }
    });
    texts
}

/// Shows every value of a node but those of its steps, which are nodes of their own, in order and
/// each with the name that it has as a member.
pub(super) fn each_value<'d>(
    document: &'d Document,
    node: &Node<'_>,
    see: &mut dyn FnMut(Option<&'d str>, Key),
) {
    each_value_but(document, node.key, &[node.steps], see);
}

/// As [`each_value`], of the document around the nodes.
pub(super) fn each_value_outside<'d>(
    document: &'d Document,
    see: &mut dyn FnMut(Option<&'d str>, Key),
) {
    let nodes = [document.root_node(), document.teardown_node()];
    each_value_but(document, document.flow(), &nodes, see);
}

/// Shows every value from `top` on, in order, but those at `but` with all that is inside.
fn each_value_but<'d>(
    document: &'d Document,
    top: Key,
    but: &[Option<Key>],
    see: &mut dyn FnMut(Option<&'d str>, Key),
) {
    let mut open = vec![(None, top)];
    while let Some((name, key)) = open.pop() {
        if but.contains(&Some(key)) {
            continue;
        }
        see(name, key);
        let from = open.len();
        open.extend(document.members(key).map(|(name, member)| (Some(name), member)));
        open.extend(document.elements(key).map(|element| (None, element)));
        open[from..].reverse();
    }
}

/// The arguments that a text reads, or may read: of expressions that are only carried, every word
/// may be an argument's name.
pub(super) fn arguments(template: &Template, text: &str, names: &mut Names) -> Vec<Name> {
    let references = template.references().into_iter().filter(|used| used.root == Root::Args);
    let mut found: Vec<Name> = references.map(|used| names.intern(&used.name)).collect();
    let carried = template.parts.iter().any(|part| match &part.content {
        Content::Deferred(_) | Content::Malformed(_) => true,
        Content::Expression(expr) => matches!(expr.kind, ExprKind::Call { .. }),
        Content::Literal(_) | Content::Escaped(_) => false,
    });
    if carried {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        found.extend(words.filter(|word| !word.is_empty()).map(|word| names.intern(word)));
    }
    found
}
