//! Rule: what begins like an expression is one, of a sort that is worked out in this flow.

use super::{Findings, Severity, View, code, texts::Text};
use crate::expr::{Content, Expr, ExprKind, Fault, Part};

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    // A flow inside a template may read what the template has.
    let nested = view.document.flow() != view.document.root();
    for text in view.texts {
        for part in &text.template.parts {
            match &part.content {
                Content::Malformed { at, sentence } => {
                    let severity = if text.carried { Severity::Warning } else { Severity::Error };
                    findings
                        .add(text.key, severity, code::MALFORMED_EXPRESSION, sentence.clone())
                        .within(at.clone());
                }
                Content::Expression(expr) => {
                    if !nested && !text.carried {
                        template_value(text, expr, findings);
                    }
                    calls(text, part, findings);
                }
                _ => {}
            }
        }
    }
}

/// Calls that fail whatever their values are.
fn calls(text: &Text, part: &Part, findings: &mut Findings) {
    for Fault { span, sentence, only_here } in part.faults() {
        let severity = match (only_here, text.carried) {
            (true, _) => Severity::Hint,
            (false, true) => Severity::Warning,
            (false, false) => Severity::Error,
        };
        findings.add(text.key, severity, code::MALFORMED_EXPRESSION, sentence).within(span);
    }
}

/// `template.…` in a flow without a template around it. As deep as calls nest, which the parser
/// bounds.
fn template_value(text: &Text, expr: &Expr, findings: &mut Findings) {
    match &expr.kind {
        ExprKind::Outer(_) => {
            let sentence = "`template.` reads from the team template around a flow; this flow \
                            isn't in one.";
            findings.error(text.key, code::NO_TEMPLATE, sentence).within(expr.span.clone());
        }
        ExprKind::Call { arguments, .. } => {
            for argument in arguments {
                template_value(text, argument, findings);
            }
        }
        _ => {}
    }
}
