//! Rule: what begins like an expression is one.

use super::{Findings, Severity, code, texts::Text};
use crate::expr::Content;

pub(super) fn check(texts: &[Text], findings: &mut Findings) {
    for text in texts {
        for part in &text.template.parts {
            let Content::Malformed(sentence) = &part.content else { continue };
            let severity = if text.carried { Severity::Warning } else { Severity::Error };
            findings
                .add(text.key, severity, code::MALFORMED_EXPRESSION, sentence.clone())
                .within(part.span.clone());
        }
    }
}
