//! What is wrong with the calls of a template, without any values: names, numbers and types of
//! arguments, regular expressions.

use std::ops::Range;

use super::{
    Content, Expr, ExprKind, Part, Template,
    evaluate::other,
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
        }
        faults
    }
}

/// As deep as calls nest.
fn look_at(expr: &Expr, faults: &mut Vec<Fault>) {
    let ExprKind::Call { name, arguments } = &expr.kind else { return };
    let function = functions::find(name);
    let only_here = function.is_some_and(|function| matches!(function.work, Work::Refused(_)));
    let mut say = |expr: &Expr, sentence| {
        faults.push(Fault { span: expr.span.clone(), sentence, only_here });
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
            parameter.ty.word()
        )),
        ExprKind::Other(written) => Some(other(written)),
        _ => {
            let given = static_type(argument)?;
            (!passes(given, argument, parameter.ty)).then(|| {
                format!(
                    "`{}` of `{}` is for {}, and this is {}.",
                    parameter.name,
                    function.name,
                    parameter.ty.word(),
                    given.word()
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
