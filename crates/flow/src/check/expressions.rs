//! Rule: what begins like an expression is one.

use super::{Findings, code, texts::Text};
use crate::expr::Content;

pub(super) fn check(texts: &[Text], findings: &mut Findings) {
    for text in texts {
        for part in &text.template.parts {
            let Content::Malformed(sentence) = &part.content else { continue };
            if text.carried {
                findings.warning(text.key, code::MALFORMED_EXPRESSION, sentence.as_str());
            } else {
                findings.error(text.key, code::MALFORMED_EXPRESSION, sentence.as_str());
            }
        }
    }
}
