//! What is wrong with the calls of a template, without any values: names, numbers and types of
//! arguments, regular expressions.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{
    Content, EvalError, Expr, ExprKind, Part, Scope, SecretRequest, Secrets, Template,
    evaluate::{evaluate_part, other},
    functions::{self, Function, Type, Work},
    js,
    regex::Regex,
};

/// Something that makes an expression fail whatever its values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub sentence: String,
    /// Whether it fails only here: the vendor documents it, but not so that it could be worked out.
    pub only_here: bool,
    /// The name that no function has, where that is the fault.
    pub unknown: Option<String>,
}

impl Template {
    /// What is wrong with calls of functions, in the order of the text. Malformed parts say so
    /// themselves; what `template.…` works out isn't looked at.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.parts.iter().flat_map(Part::faults).collect()
    }
}

impl Part {
    /// As [`Template::faults`], of this part alone.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Content::Expression(expr) = &self.content {
            look_at(expr, &mut faults);
            if faults.is_empty() {
                try_out(expr, &mut faults);
            }
        }
        faults
    }
}

/// As deep as calls nest.
fn look_at(expr: &Expr, faults: &mut Vec<Fault>) {
    let ExprKind::Call { name, arguments } = &expr.kind else { return };
    let function = functions::find(name);
    let only_here = function.is_some_and(|function| matches!(function.work, Work::Refused(_)));
    let unknown = function.is_none().then(|| name.clone());
    let mut say = |expr: &Expr, sentence| {
        let unknown = unknown.clone();
        faults.push(Fault { span: expr.span.clone(), sentence, only_here, unknown });
    };
    match function.map(|function| (function, &function.work)) {
        None => say(expr, functions::unknown(name)),
        Some((_, Work::Refused(why))) => say(expr, format!("`{name}` can't be run. {why}")),
        Some((function, _)) => {
            if let Err(sentence) = function.check_count(arguments.len()) {
                say(expr, sentence);
            }
            for (index, argument) in arguments.iter().enumerate() {
                if let Some(sentence) = argument_fault(function, index, argument) {
                    say(argument, sentence);
                }
            }
        }
    }
    for argument in arguments {
        look_at(argument, faults);
    }
}

/// Calls that read nothing are worked out: what fails here fails in every run. As deep as calls
/// nest.
fn try_out(expr: &Expr, faults: &mut Vec<Fault>) {
    let ExprKind::Call { name, arguments } = &expr.kind else { return };
    if is_literal(expr) {
        let part = Part { span: expr.span.clone(), content: Content::Expression(expr.clone()) };
        let none = Map::new();
        let scope = Scope { now: Some(0), secrets: Some(&Anything), ..Scope::new(&none, &none) };
        if let Err(EvalError { span, sentence }) = evaluate_part(&part, &scope) {
            faults.push(Fault { span, sentence, only_here: false, unknown: None });
        }
    } else if name != "if" {
        // Of the branches of an `if`, a run may take the other one.
        for argument in arguments {
            try_out(argument, faults);
        }
    }
}

/// Whether nothing is read. As deep as calls nest.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Path { .. } | ExprKind::Outer(_) | ExprKind::Other(_) => false,
        // What it gives is kept elsewhere.
        ExprKind::Call { name, .. } if name == "fetchSecret" => false,
        ExprKind::Call { arguments, .. } => arguments.iter().all(is_literal),
        _ => true,
    }
}

/// Stands for secrets where only it matters that there are some.
#[derive(Debug)]
struct Anything;

impl Secrets for Anything {
    fn random(&self, _: &SecretRequest) -> Option<String> {
        Some("x".to_owned())
    }

    fn global(&self, _: &str) -> Option<Value> {
        None
    }
}

fn argument_fault(function: &Function, index: usize, argument: &Expr) -> Option<String> {
    let parameter = function.parameter(index)?;
    match &argument.kind {
        ExprKind::Regex { source, flags } if parameter.ty == Type::TextOrRegex => {
            Regex::new(source, flags).err()
        }
        ExprKind::Regex { .. } => Some(format!(
            "A regular expression can't stand here: `{}` of `{}` is for {}.",
            parameter.name,
            function.name,
            parameter.ty.with_article()
        )),
        ExprKind::Other(written) => Some(other(written)),
        _ => {
            let given = static_type(argument)?;
            (!passes(given, argument, parameter.ty)).then(|| {
                format!(
                    "`{}` of `{}` is for {}, and this is {}.",
                    parameter.name,
                    function.name,
                    parameter.ty.with_article(),
                    given.with_article()
                )
            })
        }
    }
}

/// What an argument is, where that is known without values.
fn static_type(argument: &Expr) -> Option<Type> {
    match &argument.kind {
        ExprKind::Text(_) => Some(Type::Text),
        ExprKind::Number(_) => Some(Type::Number),
        ExprKind::Bool(_) => Some(Type::Boolean),
        ExprKind::Call { name, .. } => {
            functions::find(name).map(|function| function.result).filter(|ty| *ty != Type::Any)
        }
        _ => None,
    }
}

/// Whether a value of this type can stand where that one is wanted, converted if need be.
fn passes(given: Type, argument: &Expr, wanted: Type) -> bool {
    match (wanted, given) {
        (Type::Text | Type::TextOrRegex, Type::List | Type::Object)
        | (Type::Number, Type::List | Type::Object)
        | (Type::List | Type::Object, Type::Text | Type::Number | Type::Boolean) => false,
        (Type::Number, Type::Text) => match &argument.kind {
            ExprKind::Text(text) => js::parse_number(text).is_some(),
            _ => true,
        },
        _ => true,
    }
}
