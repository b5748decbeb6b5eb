//! Rule: what a flow inside a team template reads of the template's arguments is there.

use std::collections::HashSet;

use super::{Findings, Whole, code, expressions::change, near, texts::values_outside};
use crate::{
    document::{Document, Key},
    expr::{self, Content, Expr, ExprKind, Root, Template},
};

/// Uses for which a near name is looked for: more say nothing new, and looking costs.
const MOST_LOOKED_UP: usize = 50;

pub(super) fn across(whole: &mut Whole<'_>, findings: &mut Findings) {
    let document = whole.document;
    if document.flow() == document.root() {
        return;
    }
    let arguments = document.get(document.root(), "arguments");
    if arguments.is_some_and(|arguments| !document.is_object(arguments)) {
        return;
    }
    let given = arguments.into_iter().flat_map(|key| document.members(key));
    let given = given.map(|(name, _)| name).collect();
    let mut rule = Rule { document, given, said: HashSet::new(), looked_up: 0, findings };
    for (_, key) in values_outside(document) {
        let text = document.str(key).filter(|text| text.contains("${"));
        if let Some(text) = text.filter(|text| text.contains("template.")) {
            rule.text(key, &expr::parse(text));
        }
    }
    for text in whole.nodes.all.iter().flat_map(|node| &node.facts.texts) {
        rule.text(text.key, &text.template);
    }
}

struct Rule<'d, 'f> {
    document: &'d Document,
    /// The arguments that the template has.
    given: HashSet<&'d str>,
    /// Those without a value that have been told of.
    said: HashSet<String>,
    looked_up: usize,
    findings: &'f mut Findings,
}

impl Rule<'_, '_> {
    fn text(&mut self, key: Key, template: &Template) {
        for part in &template.parts {
            if let Content::Expression(expr) = &part.content {
                self.expression(key, expr, false);
            }
        }
    }

    /// As deep as calls nest, which the parser bounds.
    fn expression(&mut self, key: Key, expr: &Expr, outer: bool) {
        match &expr.kind {
            ExprKind::Outer(inner) => self.expression(key, inner, true),
            ExprKind::Call { arguments, .. } => {
                for argument in arguments {
                    self.expression(key, argument, outer);
                }
            }
            ExprKind::Path { root: Root::Args, name, .. } if outer => {
                self.argument(key, expr, name);
            }
            _ => {}
        }
    }

    fn argument(&mut self, key: Key, expr: &Expr, name: &str) {
        if self.given.contains(name) || self.said.contains(name) {
            return;
        }
        self.looked_up += 1;
        let meant = (self.looked_up <= MOST_LOOKED_UP)
            .then(|| near::nearest(name, self.given.iter().copied()))
            .flatten();
        if let Some(meant) = meant {
            let sentence = format!("The template has no argument `{name}`; is `{meant}` meant?");
            let at = expr.span.start + "args.".len();
            let fix = change(self.document, key, at..at + name.len(), meant);
            let finding = self.findings.warning(key, code::MISSPELT_ARGUMENT, sentence);
            finding.within(expr.span.clone()).fix(fix);
        } else {
            self.said.insert(name.to_owned());
            let sentence = format!(
                "The template around this flow has no argument `{name}`: every run of it must \
                 bring a value, by its arguments or an override."
            );
            self.findings
                .hint(key, code::ARGUMENT_WITHOUT_DEFAULT, sentence)
                .within(expr.span.clone());
        }
    }
}
