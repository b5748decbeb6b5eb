//! Rule: what begins like an expression is one, of a sort that is worked out in this flow.

use super::{Findings, Fix, Severity, View, code, near, texts::Text};
use crate::{
    document::{Document, Key},
    expr::{self, Content, Expr, ExprKind, Fault, Part, Root},
};

/// What others call functions.
const OTHER_FUNCTIONS: &[(&str, &str)] = &[
    ("lowercase", "toLower"),
    ("randomString", "randomSecret"),
    ("substr", "slice"),
    ("substring", "slice"),
    ("toLowerCase", "toLower"),
    ("toUpperCase", "toUpper"),
    ("uppercase", "toUpper"),
];

/// What an expression may begin with.
const BEGINNINGS: [&str; 6] = ["args", "refs", "triggers", "secrets", "template", "fn"];

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    // A flow inside a template may read what the template has.
    let nested = view.document.flow() != view.document.root();
    for text in view.texts {
        for part in &text.template.parts {
            match &part.content {
                Content::Malformed { at, sentence } => {
                    malformed(view.document, text, part, (at, sentence), findings);
                }
                Content::Expression(expr) => {
                    each(expr, &mut |expr| {
                        if !nested && !text.carried {
                            template_value(text, expr, findings);
                        }
                        secret(view.document, text, expr, findings);
                    });
                    calls(view.document, text, part, findings);
                }
                _ => {}
            }
        }
    }
}

fn malformed(
    document: &Document,
    text: &Text,
    part: &Part,
    (at, sentence): (&std::ops::Range<usize>, &str),
    findings: &mut Findings,
) {
    let severity = if text.carried { Severity::Warning } else { Severity::Error };
    let finding = findings.add(text.key, severity, code::MALFORMED_EXPRESSION, sentence.to_owned());
    finding.within(at.clone());
    let written = text.template.written(part);
    let body = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).map(str::trim);
    let Some((root, rest)) = body.and_then(|body| body.split_once('.')) else { return };
    let Some(meant) = near::nearest(root, BEGINNINGS) else { return };
    let expression = format!("${{{meant}.{rest}}}");
    let is_one = |part: &Part| matches!(part.content, Content::Expression(_));
    if meant != root && expr::parse(&expression).parts.iter().all(is_one) {
        finding.sentence =
            format!("`{}` can't be read; is `{meant}.{rest}` meant?", body.unwrap_or_default());
        finding.fix(change(document, text.key, part.span.clone(), &expression));
    }
}

/// Calls that fail whatever their values are.
fn calls(document: &Document, text: &Text, part: &Part, findings: &mut Findings) {
    for Fault { span, mut sentence, only_here, unknown } in part.faults() {
        let (severity, code) = match (only_here, text.carried) {
            (true, _) => (Severity::Hint, code::UNDOCUMENTED_FUNCTION),
            (false, true) => (Severity::Warning, code::MALFORMED_EXPRESSION),
            (false, false) => (Severity::Error, code::MALFORMED_EXPRESSION),
        };
        let mut fix = None;
        if let Some((name, meant)) = unknown.and_then(|name| {
            let meant = function_meant(&name)?;
            Some((name, meant))
        }) {
            sentence = format!("There is no function `{name}`; is `{meant}` meant?");
            let call = text.template.text.get(span.clone()).unwrap_or_default();
            let at = span.start + call.find(&name).unwrap_or_default();
            fix = change(document, text.key, at..at + name.len(), meant);
        } else if let Some((written, meant)) =
            text.template.text.get(span.clone()).and_then(path_meant)
        {
            sentence = format!("`{written}` can't be read; is `{meant}` meant?");
            fix = change(document, text.key, span.clone(), &meant);
        }
        findings.add(text.key, severity, code, sentence).within(span).fix(fix);
    }
}

/// Of an argument that is no value: the path that it probably is, by how it begins.
fn path_meant(written: &str) -> Option<(&str, String)> {
    let (root, rest) = written.split_once('.')?;
    let meant = near::nearest(root, BEGINNINGS).filter(|meant| *meant != root)?;
    let path = format!("{meant}.{rest}");
    let is_path = |part: &Part| matches!(part.content, Content::Expression(_));
    let parsed = expr::parse(&format!("${{{path}}}"));
    parsed.parts.iter().all(is_path).then_some((written, path))
}

fn function_meant(name: &str) -> Option<&'static str> {
    let renamed = OTHER_FUNCTIONS.iter().find(|(other, _)| *other == name).map(|(_, now)| *now);
    renamed.or_else(|| near::nearest(name, expr::functions().iter().map(|function| function.name)))
}

/// Puts something else in the place of a part of a text.
pub(super) fn change(
    document: &Document,
    text: Key,
    span: std::ops::Range<usize>,
    with: &str,
) -> Option<Fix> {
    let whole = document.str(text)?;
    let value = format!("{}{with}{}", whole.get(..span.start)?, whole.get(span.end..)?);
    Some(Fix::replace(format!("Change to `{with}`"), text, value))
}

/// Shows an expression and all that is in it, but not what is inside `template.…`. As deep as calls
/// nest, which the parser bounds.
fn each(expr: &Expr, see: &mut dyn FnMut(&Expr)) {
    see(expr);
    if let ExprKind::Call { arguments, .. } = &expr.kind {
        for argument in arguments {
            each(argument, see);
        }
    }
}

/// `template.…` in a flow without a template around it.
fn template_value(text: &Text, expr: &Expr, findings: &mut Findings) {
    if let ExprKind::Outer(_) = &expr.kind {
        let sentence = "`template.` reads from the team template around a flow; this flow isn't \
                        in one.";
        findings.error(text.key, code::NO_TEMPLATE, sentence).within(expr.span.clone());
    }
}

/// What is read of a global secret is one of its values, or where one of its files is.
fn secret(document: &Document, text: &Text, expr: &Expr, findings: &mut Findings) {
    let ExprKind::Path { root: Root::Secrets, name, path } = &expr.kind else { return };
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    if matches!(words.as_slice(), ["values", _, ..] | ["files", _, .., "path"]) {
        return;
    }
    let sentence = format!(
        "Of a secret there are `secrets.{name}.values.KEY` and `secrets.{name}.files.FILE.path` \
         to be read, and nothing else."
    );
    let meant = words.split_first().and_then(|(first, rest)| {
        let meant = near::nearest(first, ["values", "files"])?;
        (meant != *first && !rest.is_empty()).then(|| format!("{meant}.{}", rest.join(".")))
    });
    let fix = meant.and_then(|meant| {
        let with = format!("secrets.{name}.{meant}");
        let with = if meant.starts_with("files") && !meant.ends_with(".path") {
            format!("{with}.path")
        } else {
            with
        };
        change(document, text.key, expr.span.clone(), &with)
    });
    findings.warning(text.key, code::UNKNOWN_SECRET, sentence).within(expr.span.clone()).fix(fix);
}
