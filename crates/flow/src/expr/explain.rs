//! What each part of a text stands for and where its value comes from, in words.

use std::ops::Range;

use serde_json::Value;

use super::{
    Content, EvalError, Expr, ExprKind, Names, Part, Root, Scope, Template, Why,
    complete::short,
    evaluate::{PartValue, evaluate_part},
    functions, parse,
};
use crate::arguments::Source;

/// One expression of a text, explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Bytes of the text, with `${` and `}`.
    pub span: Range<usize>,
    /// As it is written.
    pub written: String,
    pub origin: Origin,
    /// None where there is an error, and where the value is only known later.
    pub value: Option<Value>,
    pub error: Option<EvalError>,
    /// For a form to show: the value and where it comes from, or why there is none.
    pub words: String,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Argument(Source),
    /// An output of the node with this ref.
    Node(String),
    /// A value of the trigger with this ref.
    Trigger(String),
    Function(String),
    /// It is left as it is written.
    Carried(Why),
    /// `\${…}`: the text without the backslash.
    Escaped,
    /// `template.…`, which a template around the flow gives.
    Outer,
    /// It names nothing that is known here.
    Unknown,
}

/// Every part of a text but its plain words, in their order. `names` says what can be named where
/// the text stands, so that a node that hasn't run yet isn't an error.
#[must_use]
pub fn explain(text: &str, scope: &Scope<'_>, names: &Names) -> Vec<Explanation> {
    let template = parse(text);
    let explained = |part| explain_part(&template, part, scope, names);
    template.parts.iter().filter_map(explained).collect()
}

fn explain_part(
    template: &Template,
    part: &Part,
    scope: &Scope<'_>,
    names: &Names,
) -> Option<Explanation> {
    let origin = match &part.content {
        Content::Literal(_) => return None,
        Content::Escaped(_) => Origin::Escaped,
        Content::Deferred(_) => Origin::Carried(Why::Container),
        Content::Malformed { .. } => Origin::Unknown,
        Content::Expression(expr) => origin(expr, scope, names),
    };
    let mut explanation = Explanation {
        span: part.span.clone(),
        written: template.written(part).to_owned(),
        origin,
        value: None,
        error: None,
        words: String::new(),
    };
    if let Some(node) = not_yet(part, scope, names) {
        explanation.words = format!("Known once {node}.");
        return Some(explanation);
    }
    match evaluate_part(part, scope) {
        Ok(PartValue::Value(value)) => {
            let value = value.into_owned();
            let from = from_where(&explanation.origin, part, names);
            explanation.words = format!("{}: {from}.", short(&value));
            explanation.value = Some(value);
        }
        Ok(PartValue::Carried(why)) => {
            explanation.origin = Origin::Carried(why);
            explanation.words = match why {
                Why::Secret => "A global secret: left as it is written, and read in the run.",
                Why::Container => "Left as it is written: worked out when the container starts.",
                Why::Outer => "Left as it is written: for the template around the flow.",
            }
            .to_owned();
        }
        Err(error) => {
            explanation.words.clone_from(&error.sentence);
            explanation.error = Some(error);
        }
    }
    Some(explanation)
}

fn origin(expr: &Expr, scope: &Scope<'_>, names: &Names) -> Origin {
    match &expr.kind {
        ExprKind::Path { root: Root::Args, name, .. } if scope.args.contains_key(name) => {
            let source = scope.sources.and_then(|sources| sources.get(name));
            Origin::Argument(source.copied().unwrap_or(Source::Given))
        }
        ExprKind::Path { root: Root::Refs, name, .. } => match names.reference(name) {
            Some(known) if known.trigger => Origin::Trigger(name.clone()),
            Some(_) => Origin::Node(name.clone()),
            None if scope.refs.contains_key(name) => Origin::Node(name.clone()),
            None => Origin::Unknown,
        },
        ExprKind::Call { name, .. } if functions::find(name).is_some() => {
            Origin::Function(name.clone())
        }
        ExprKind::Path { root: Root::Secrets, .. } => Origin::Carried(Why::Secret),
        ExprKind::Outer(_) => Origin::Outer,
        _ => Origin::Unknown,
    }
}

/// The node or trigger that a part waits for, where it isn't in the scope but will be.
fn not_yet(part: &Part, scope: &Scope<'_>, names: &Names) -> Option<String> {
    let Content::Expression(expr) = &part.content else { return None };
    let mut used = Vec::new();
    super::collect(expr, false, &mut used);
    let waits = used.iter().filter(|used| used.root == Root::Refs);
    let known = waits
        .filter(|used| !scope.refs.contains_key(&used.name))
        .find_map(|used| names.reference(&used.name))?;
    Some(if known.trigger {
        format!("the trigger `{}` has started a run", known.name)
    } else {
        format!("`{}` ({}) has finished", known.name, known.title)
    })
}

fn from_where(origin: &Origin, part: &Part, names: &Names) -> String {
    match origin {
        Origin::Argument(source) => {
            let name = match &part.content {
                Content::Expression(Expr { kind: ExprKind::Path { name, .. }, .. }) => name,
                _ => "",
            };
            let input = names.argument(name).and_then(|argument| argument.input);
            match (source, input) {
                (Source::Input, Some(input)) => input.to_owned(),
                _ => source.words().to_owned(),
            }
        }
        Origin::Node(name) => match names.reference(name) {
            Some(known) => format!("an output of `{name}` ({})", known.title),
            None => format!("an output of `{name}`"),
        },
        Origin::Trigger(name) => format!("what the trigger `{name}` gave"),
        Origin::Function(name) => format!("worked out by the function `{name}`"),
        Origin::Escaped => "as it is written, without the backslash".to_owned(),
        Origin::Outer => "from the template around the flow".to_owned(),
        Origin::Carried(_) | Origin::Unknown => "as it is written".to_owned(),
    }
}
