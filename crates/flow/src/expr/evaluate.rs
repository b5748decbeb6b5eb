//! Template and scope to value.

use std::{borrow::Cow, cell::Cell, ops::Range};

use serde_json::Value;

use super::{
    Content, Expr, ExprKind, Part, Root, Template,
    functions::{self, Argument, Arguments, Function, Type, Work, Wrong, fit, weight},
    js, parse,
    regex::Regex,
    scope::Scope,
};
use crate::arguments::Source;

/// How long a text made of several parts may become.
pub const MAX_VALUE_BYTES: usize = 1 << 20;

/// How many arguments may lie between an expression and a value: an argument's value may have
/// functions in it that read other arguments.
pub const MAX_ARGUMENT_DEPTH: usize = 8;

/// How many bytes all functions of one text may look at together.
const MAX_WORK: usize = 1 << 26;

/// A template's value.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    pub value: Value,
    /// The parts that stand in the value as they are written, in their order.
    pub carried: Vec<Carried>,
}

/// A part that is left as it is written, for others to work out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub why: Why,
}

/// Who works out what is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// `${secrets.…}`: whoever keeps the global secrets.
    Secret,
    /// `${{…}}`: a container, when it starts.
    Container,
    /// `${template.…}`: a template around the flow.
    Outer,
}

impl Why {
    /// What to say where nobody will work it out.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Secret => "Global secrets can't be read by expressions here.",
            Self::Container => {
                "Values that are only known inside a container are not supported here."
            }
            Self::Outer => {
                "`template.…` is worked out by a template around the flow, and there is none."
            }
        }
    }
}

impl Why {
    /// What to say where an argument's value would have to be carried: whoever works it out knows
    /// no arguments.
    const fn through_argument(self) -> &'static str {
        match self {
            Self::Secret => {
                "A global secret can't be read through an argument: write the expression where the \
                 value is needed."
            }
            Self::Container => self.sentence(),
            Self::Outer => {
                "`template.…` can't be read through an argument here: there is no template around \
                 the flow."
            }
        }
    }
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
/// Secrets, `${{…}}`, and `template.…` without a template around are left as they are written.
///
/// An argument's value may have `${fn…}` in it, which is worked out; nothing else in a value is
/// ever read as an expression.
///
/// # Errors
/// At the first part that has no value: a name that isn't there outside a function, a malformed
/// part, a function that is given what it can't take, and a text that grows above
/// [`MAX_VALUE_BYTES`].
pub fn evaluate(template: &Template, scope: &Scope<'_>) -> Result<Evaluated, EvalError> {
    let work = Cell::new(MAX_WORK);
    let at = At { scope, work: &work, around: None };
    let mut carried = Vec::new();
    let mut text = String::new();
    for part in &template.parts {
        match part_value(part, &at)? {
            PartValue::Value(value) if template.parts.len() == 1 => {
                return Ok(Evaluated { value: value.into_owned(), carried });
            }
            PartValue::Value(value) => js::push_text(&mut text, &value),
            PartValue::Carried(why) => {
                text.push_str(template.written(part));
                carried.push(Carried { span: part.span.clone(), why });
            }
        }
        if text.len() > MAX_VALUE_BYTES {
            let sentence = "The text becomes longer than 1 MiB.".to_owned();
            return Err(EvalError { span: part.span.clone(), sentence });
        }
    }
    Ok(Evaluated { value: Value::String(text), carried })
}

/// What one part stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum PartValue<'a> {
    Value(Cow<'a, Value>),
    /// It is left as it is written.
    Carried(Why),
}

/// The value of one part alone.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_part(part: &Part, scope: &Scope<'_>) -> Result<PartValue<'static>, EvalError> {
    let work = Cell::new(MAX_WORK);
    Ok(match part_value(part, &At { scope, work: &work, around: None })? {
        PartValue::Value(value) => PartValue::Value(Cow::Owned(value.into_owned())),
        PartValue::Carried(why) => PartValue::Carried(why),
    })
}

fn part_value<'a>(part: &'a Part, at: &At<'a>) -> Result<PartValue<'a>, EvalError> {
    let expr = match &part.content {
        Content::Literal(literal) | Content::Escaped(literal) => {
            return Ok(PartValue::Value(Cow::Owned(Value::from(literal.as_str()))));
        }
        Content::Deferred(_) => return Ok(PartValue::Carried(Why::Container)),
        Content::Malformed { at, sentence } => {
            return Err(EvalError { span: at.clone(), sentence: sentence.clone() });
        }
        Content::Expression(expr) => expr,
    };
    match value_of(expr, at, false) {
        Ok(value) => Ok(PartValue::Value(value.unwrap_or(Cow::Owned(Value::Null)))),
        Err(Stop::Carried { why: Why::Secret, at }) if !part.references().is_empty() => {
            let sentence = "A function that reads a global secret can't read arguments or outputs \
                            as well: what keeps the secrets doesn't know them."
                .to_owned();
            Err(EvalError { span: at, sentence })
        }
        Err(Stop::Carried { why, .. }) => Ok(PartValue::Carried(why)),
        Err(Stop::Wrong(error)) => Err(error),
    }
}

/// Where an expression is worked out.
struct At<'a> {
    scope: &'a Scope<'a>,
    /// What is left of [`MAX_WORK`].
    work: &'a Cell<usize>,
    /// The argument whose value is being worked out.
    around: Option<&'a Around<'a>>,
}

struct Around<'a> {
    argument: &'a str,
    outer: Option<&'a Around<'a>>,
}

/// Why an expression gives no value.
enum Stop {
    Wrong(EvalError),
    /// The whole part is left as it is written, because of what is at these bytes.
    Carried {
        why: Why,
        at: Range<usize>,
    },
}

fn carried(expr: &Expr, why: Why) -> Stop {
    Stop::Carried { why, at: expr.span.clone() }
}

fn wrong(expr: &Expr, sentence: impl Into<String>) -> Stop {
    Stop::Wrong(EvalError { span: expr.span.clone(), sentence: sentence.into() })
}

/// None for something absent, which only functions allow. As deep as calls nest.
fn value_of<'a>(
    expr: &'a Expr,
    at: &At<'a>,
    in_function: bool,
) -> Result<Option<Cow<'a, Value>>, Stop> {
    match &expr.kind {
        ExprKind::Path { root: Root::Args, name, path } => {
            let missing = || {
                format!(
                    "There is no argument `{name}`: give it a default in the document or a value \
                     when starting the run."
                )
            };
            match at.scope.args.get(name) {
                Some(value) => {
                    let value = argument_value(expr, name, value, at)?;
                    followed(expr, "argument", (name, path), value, in_function)
                }
                None if in_function => Ok(None),
                None => Err(wrong(expr, missing())),
            }
        }
        ExprKind::Path { root: Root::Refs, name, path } => match at.scope.refs.get(name) {
            Some(value) => followed(expr, "ref", (name, path), Cow::Borrowed(value), in_function),
            None if in_function => Ok(None),
            None => {
                Err(wrong(expr, format!("Nothing that has finished by now has the ref `{name}`.")))
            }
        },
        ExprKind::Path { root: Root::Secrets, .. } => Err(carried(expr, Why::Secret)),
        ExprKind::Outer(inner) => match at.scope.outer {
            Some(scope) => value_of(inner, &At { scope, work: at.work, around: None }, in_function),
            None => Err(carried(expr, Why::Outer)),
        },
        ExprKind::Call { name, arguments } => call(expr, name, arguments, at),
        ExprKind::Text(text) => Ok(Some(Cow::Owned(Value::from(text.as_str())))),
        ExprKind::Number(number) => {
            Ok(Some(Cow::Owned(serde_json::from_str(number).unwrap_or(Value::Null))))
        }
        ExprKind::Bool(truth) => Ok(Some(Cow::Owned(Value::Bool(*truth)))),
        ExprKind::Null => Ok(None),
        ExprKind::Regex { .. } => {
            Err(wrong(expr, "Only a function can be given a regular expression."))
        }
        ExprKind::Other(written) => Err(wrong(expr, other(written))),
    }
}

/// The sentence about an argument in a form that isn't documented.
pub(super) fn other(written: &str) -> String {
    if written.contains("=>") || written.starts_with("function") {
        "How a function of your own is written isn't documented: Slipway keeps it and can't work \
         it out."
            .to_owned()
    } else {
        format!(
            "`{written}` is no value: write a text in single quotes, a number, args. or refs., or \
             a function."
        )
    }
}

/// The value at a path; None in a function where there is none.
fn followed<'a>(
    expr: &Expr,
    what: &str,
    (name, path): (&str, &[String]),
    value: Cow<'a, Value>,
    in_function: bool,
) -> Result<Option<Cow<'a, Value>>, Stop> {
    let found = match value {
        Cow::Borrowed(value) => follow(value, path).map(Cow::Borrowed),
        Cow::Owned(value) => follow(&value, path).map(|value| Cow::Owned(value.clone())),
    };
    match found {
        Ok(value) => Ok(Some(value)),
        Err(_) if in_function => Ok(None),
        Err(at) => {
            let path = path[..=at].join(".");
            Err(wrong(expr, format!("The {what} `{name}` has no `{path}`.")))
        }
    }
}

/// Follows member names and array indices; fails with the index of the first that isn't there.
fn follow<'a>(value: &'a Value, path: &[String]) -> Result<&'a Value, usize> {
    path.iter().enumerate().try_fold(value, |value, (at, name)| step(value, name).ok_or(at))
}

/// A member of an object, or the element of a list at an index.
pub(super) fn step<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(name),
        // An index has one spelling: `01` and `+1` are names.
        Value::Array(_) if name.starts_with('+') || name.len() > 1 && name.starts_with('0') => None,
        Value::Array(elements) => name.parse::<usize>().ok().and_then(|at| elements.get(at)),
        _ => None,
    }
}

/// An argument's value, with the functions in it worked out.
fn argument_value<'a>(
    expr: &Expr,
    name: &'a str,
    value: &'a Value,
    at: &At<'a>,
) -> Result<Cow<'a, Value>, Stop> {
    let source = at.scope.sources.and_then(|sources| sources.get(name));
    let trusted = source.is_none_or(|source: &Source| source.may_hold_expressions());
    let text = match value {
        Value::String(text) if trusted && text.contains("${") && text.contains("fn.") => text,
        _ => return Ok(Cow::Borrowed(value)),
    };
    let mut depth = 0;
    let mut around = at.around;
    while let Some(outer) = around {
        if outer.argument == name {
            let sentence = format!("The value of the argument `{name}` leads back to itself.");
            return Err(wrong(expr, sentence));
        }
        depth += 1;
        around = outer.outer;
    }
    if depth >= MAX_ARGUMENT_DEPTH {
        let sentence = format!(
            "The values of arguments lead to other arguments more than {MAX_ARGUMENT_DEPTH} times \
             in a row."
        );
        return Err(wrong(expr, sentence));
    }
    spend(expr, at, text.len())?;
    let around = Around { argument: name, outer: at.around };
    let template = parse(text);
    functions_only(&template, &At { around: Some(&around), ..*at }).map(Cow::Owned).map_err(
        |stop| match stop {
            Stop::Wrong(error) => {
                let why = error.sentence;
                wrong(
                    expr,
                    format!("The value of the argument `{name}` can't be worked out: {why}"),
                )
            }
            Stop::Carried { why, .. } => wrong(expr, why.through_argument()),
        },
    )
}

/// A value's text with its functions worked out and everything else as it is written.
fn functions_only(template: &Template, at: &At<'_>) -> Result<Value, Stop> {
    let mut text = String::new();
    for part in &template.parts {
        match &part.content {
            Content::Expression(expr @ Expr { kind: ExprKind::Call { .. }, .. }) => {
                let value = value_of(expr, at, false)?.unwrap_or(Cow::Owned(Value::Null));
                if template.parts.len() == 1 {
                    return Ok(value.into_owned());
                }
                js::push_text(&mut text, &value);
            }
            Content::Escaped(literal) if literal.starts_with("${fn.") => text.push_str(literal),
            _ => text.push_str(template.written(part)),
        }
        if text.len() > MAX_VALUE_BYTES {
            let sentence = "The text becomes longer than 1 MiB.".to_owned();
            return Err(Stop::Wrong(EvalError { span: part.span.clone(), sentence }));
        }
    }
    Ok(Value::String(text))
}

fn spend(expr: &Expr, at: &At<'_>, bytes: usize) -> Result<(), Stop> {
    match at.work.get().checked_sub(bytes) {
        Some(left) => {
            at.work.set(left);
            Ok(())
        }
        None => Err(wrong(expr, "Working this out would take too long.")),
    }
}

fn call<'a>(
    expr: &'a Expr,
    name: &str,
    given: &'a [Expr],
    at: &At<'a>,
) -> Result<Option<Cow<'a, Value>>, Stop> {
    let function = functions::find(name).ok_or_else(|| wrong(expr, functions::unknown(name)))?;
    if let Work::Refused(why) = function.work {
        return Err(wrong(expr, format!("`{name}` can't be run. {why}")));
    }
    function.check_count(given.len()).map_err(|sentence| wrong(expr, sentence))?;
    if let Work::Choice = function.work {
        let taken = value_of(&given[0], at, true)?.is_some_and(|value| js::truthy(&value));
        let branch = given.get(if taken { 1 } else { 2 });
        return branch.map_or(Ok(None), |branch| value_of(branch, at, true));
    }
    let mut arguments = Vec::with_capacity(given.len());
    for (index, argument) in given.iter().enumerate() {
        let fitted = fitted(function, index, argument, at)?;
        let size = match &fitted {
            Argument::Value(value) => weight(value),
            _ => 8,
        };
        spend(argument, at, size)?;
        arguments.push(fitted);
    }
    let arguments = Arguments(arguments);
    let outcome = match function.work {
        Work::Plain(work) => work(&arguments),
        Work::Given(work) => work(&arguments, at.scope, expr.span.start),
        Work::Choice | Work::Refused(_) => Ok(None),
    };
    let value = outcome.map_err(|why| fault(expr, given, why))?;
    if let Some(value) = &value {
        let size = weight(value);
        if size > 16 * MAX_VALUE_BYTES
            || matches!(value, Value::String(text) if text.len() > MAX_VALUE_BYTES)
        {
            return Err(wrong(expr, "The result is larger than 1 MiB."));
        }
        spend(expr, at, size)?;
    }
    Ok(value.map(Cow::Owned))
}

/// An argument as its parameter wants it.
fn fitted<'a>(
    function: &Function,
    index: usize,
    argument: &'a Expr,
    at: &At<'a>,
) -> Result<Argument<'a>, Stop> {
    let ty = function.parameter(index).map_or(Type::Any, |parameter| parameter.ty);
    let value = match &argument.kind {
        ExprKind::Regex { source, flags } => Argument::Regex(
            Regex::new(source, flags).map_err(|sentence| wrong(argument, sentence))?,
        ),
        _ => value_of(argument, at, true)?.map_or(Argument::Absent, Argument::Value),
    };
    fit(value, ty, index).map_err(|why| wrong(argument, why.sentence))
}

fn fault(expr: &Expr, given: &[Expr], why: Wrong) -> Stop {
    let about = why.argument.and_then(|at| given.get(at)).unwrap_or(expr);
    wrong(about, why.sentence)
}
