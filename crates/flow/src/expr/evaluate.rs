//! Template and scope to value.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{Content, Expr, ExprKind, Root, Template};

/// How long a text made of several parts may become.
pub const MAX_VALUE_BYTES: usize = 1 << 20;

/// What the names in an expression stand for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    pub args: &'a Map<String, Value>,
    /// Outputs of finished nodes and values of triggers, by ref.
    pub refs: &'a Map<String, Value>,
}

/// Why a template has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct EvalError {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub sentence: String,
}

/// The template's value. A template that is one expression and nothing else keeps the type of its
/// value; any other gives a text, in which objects and arrays stand as JSON and `null` as nothing.
///
/// # Errors
/// At the first part that has no value: a name that isn't there, a malformed part, a function or
/// secret, and a text that grows above [`MAX_VALUE_BYTES`].
pub fn evaluate(template: &Template, scope: &Scope<'_>) -> Result<Value, EvalError> {
    if let [part] = template.parts.as_slice()
        && let Content::Expression(expr) = &part.content
    {
        return look_up(expr, scope).cloned();
    }
    let mut text = String::new();
    for part in &template.parts {
        match &part.content {
            Content::Literal(literal) | Content::Escaped(literal) | Content::Deferred(literal) => {
                text.push_str(literal);
            }
            Content::Expression(expr) => push_value(&mut text, look_up(expr, scope)?),
            Content::Malformed(sentence) => {
                return Err(EvalError { span: part.span.clone(), sentence: sentence.clone() });
            }
        }
        if text.len() > MAX_VALUE_BYTES {
            let sentence = "The text becomes longer than 1 MiB.".to_owned();
            return Err(EvalError { span: part.span.clone(), sentence });
        }
    }
    Ok(Value::String(text))
}

fn push_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(value) => text.push_str(value),
        value => text.push_str(&value.to_string()),
    }
}

fn look_up<'a>(expr: &Expr, scope: &Scope<'a>) -> Result<&'a Value, EvalError> {
    let fail = |sentence| EvalError { span: expr.span.clone(), sentence };
    match &expr.kind {
        ExprKind::Path { root: Root::Args, name, path } => {
            let value = scope.args.get(name).ok_or_else(|| {
                fail(format!(
                    "There is no argument `{name}`: give it a default in the document or a value \
                     when starting the run."
                ))
            })?;
            follow(value, path).map_err(|at| fail(missing("argument", name, path, at)))
        }
        ExprKind::Path { root: Root::Refs, name, path } => {
            let value = scope.refs.get(name).ok_or_else(|| {
                fail(format!("Nothing that has finished by now has the ref `{name}`."))
            })?;
            follow(value, path).map_err(|at| fail(missing("ref", name, path, at)))
        }
        ExprKind::Path { root: Root::Secrets, .. } => {
            Err(fail("Secrets can't be read by expressions here.".to_owned()))
        }
        ExprKind::Path { root: Root::Outer, .. } => Err(fail(
            "`template.…` is worked out by a template around the flow, and there is none."
                .to_owned(),
        )),
        ExprKind::Call { name, .. } => {
            Err(fail(format!("The function `{name}` can't be run yet.")))
        }
        ExprKind::Text(_)
        | ExprKind::Number(_)
        | ExprKind::Bool(_)
        | ExprKind::Null
        | ExprKind::Other(_) => {
            // Only arguments of functions are any of these.
            Err(fail("Only a function can be given this.".to_owned()))
        }
    }
}

/// Follows member names and array indices; fails with the index of the first that isn't there.
fn follow<'a>(value: &'a Value, path: &[String]) -> Result<&'a Value, usize> {
    path.iter().enumerate().try_fold(value, |value, (at, step)| {
        match value {
            Value::Object(members) => members.get(step),
            Value::Array(elements) => step.parse::<usize>().ok().and_then(|at| elements.get(at)),
            _ => None,
        }
        .ok_or(at)
    })
}

fn missing(what: &str, name: &str, path: &[String], at: usize) -> String {
    format!("The {what} `{name}` has no `{}`.", path[..=at].join("."))
}
