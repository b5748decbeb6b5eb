//! `${…}`: the expressions in a document's strings.
//!
//! ```text
//! template   = { text | "\${…}" | "${" expression "}" | "${{" … "}}" }
//! expression = path | call | "template." expression
//! path       = ("args" | "refs" | "triggers" | "secrets") "." name { "." name }
//! call       = "fn." name "(" [ argument { "," argument } ] ")"
//! argument   = expression | call without "fn." | 'text' | number | true | false | null | /regex/flags
//! ```
//!
//! [`parse`] can't fail: what is no expression is a malformed part with a sentence, and the spans
//! of the parts cover the text from end to end. `${triggers.…}` is another spelling of
//! `${refs.…}`. Secrets and `${{…}}` are recognised and carried as they are written, and
//! [`evaluate`] says which parts those were. Nothing here is written with more than one reading: a
//! value that an expression gives is never read as an expression again, but for functions in the
//! values of arguments whose author may write the document as well.
//!
//! - `parse`: text to template. - `read`: what is between `${` and `}`. - `quoted`: texts in
//!   quotes. - `evaluate`: template and `scope` to value. - `functions`: the
//!   table of functions. - `regex`: regular expressions. - `js`: what values mean in JavaScript.
//! - `faults`: what is wrong with calls, without values. - `explain`: part by part, in words.
//! - `names`: what can be named at a node. - `complete`: what can be written at a cursor.
//!   `tokens`: colours for a code view. - `work`: what reading costs, for tests.
//!
//! May import: `arguments`, `document`, `kinds` (for `names` alone).

mod complete;
mod evaluate;
mod explain;
mod faults;
mod functions;
mod js;
mod names;
mod parse;
mod quoted;
mod read;
mod regex;
mod scope;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_editor;
#[cfg(test)]
mod tests_javascript;
mod tokens;
mod work;

use std::ops::Range;

pub use complete::{Completion, CompletionKind, complete};
pub use evaluate::{
    Carried, EvalError, Evaluated, MAX_ARGUMENT_DEPTH, MAX_VALUE_BYTES, PartValue, Why, evaluate,
    evaluate_part,
};
pub use explain::{Explanation, Origin, explain};
pub use faults::Fault;
pub use functions::{
    Example, Function, Group, MAX_LIST_ELEMENTS, Need, Parameter, Type, all as functions,
    find as function,
};
pub use js::truthy;
pub use names::{NamedArgument, NamedRef, Names};
pub use parse::{MAX_TEXT_BYTES, parse};
pub use read::MAX_CALL_DEPTH;
pub use regex::MAX_REGEX_BYTES;
pub use scope::{Encoding, Scope, SecretRequest, Secrets};
pub use tokens::{Token, TokenKind, tokens};

/// A string, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// What was taken apart.
    pub text: String,
    /// In the order of the text; their spans follow one another without gaps.
    pub parts: Vec<Part>,
}

/// A piece of a string.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub content: Content,
}

/// What a piece of a string is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Literal(String),
    /// `\${…}`, which stands for this text.
    Escaped(String),
    Expression(Expr),
    /// `${{…}}`, as written: worked out when a container starts, carried until then.
    Deferred(String),
    /// No expression: what is wrong where, in bytes of the text; inside the part as a rule, or at
    /// the character behind it.
    Malformed {
        at: Range<usize>,
        sentence: String,
    },
}

/// An expression or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub kind: ExprKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `args.NAME.path`, `refs.REF.path.0.to`.
    Path {
        root: Root,
        name: String,
        path: Vec<String>,
    },
    /// `fn.name(…)`.
    Call {
        name: String,
        arguments: Vec<Expr>,
    },
    /// A quoted text, decoded.
    Text(String),
    /// A number as written.
    Number(String),
    Bool(bool),
    Null,
    /// `/source/flags`, as written: only arguments are.
    Regex {
        source: String,
        flags: String,
    },
    /// `template.…`: worked out by the template around the flow.
    Outer(Box<Expr>),
    /// An argument in a form that isn't documented (a function of one's own): carried.
    Other(String),
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    Args,
    /// Also written `triggers`.
    Refs,
    Secrets,
}

impl Root {
    /// The word in the expression.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Args => "args",
            Self::Refs => "refs",
            Self::Secrets => "secrets",
        }
    }
}

/// One use of an argument or a ref in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    pub root: Root,
    pub name: String,
    pub path: Vec<String>,
    /// Bytes of the text, without `${` and `}`.
    pub span: Range<usize>,
    /// Inside a function a name that isn't there counts as false instead of failing the run.
    pub in_function: bool,
}

/// Whether the text may stand where the API takes references: `${` and later `}` on one line.
#[must_use]
pub fn is_reference(text: &str) -> bool {
    // A character is found far quicker than a text, and few texts have it.
    text.contains('$')
        && text
            .split(is_line_end)
            .any(|line| line.find("${").is_some_and(|start| line[start..].contains('}')))
}

/// Whether any expression can name this, in a path and in a function: letters, digits, hyphens and
/// underscores.
#[must_use]
pub fn is_addressable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Every argument and ref that the text uses, in order, also inside functions.
#[must_use]
pub fn references(text: &str) -> Vec<Reference> {
    if text.contains("${") { parse(text).references() } else { Vec::new() }
}

impl Template {
    /// A part as it is written.
    #[must_use]
    pub fn written(&self, part: &Part) -> &str {
        self.text.get(part.span.clone()).unwrap_or_default()
    }

    /// Every argument and ref that the template uses, in order, also inside functions. What
    /// `template.…` reads isn't among them.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        self.parts.iter().flat_map(Part::references).collect()
    }
}

impl Part {
    /// As [`Template::references`], of this part alone.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        if let Content::Expression(expr) = &self.content {
            collect(expr, false, &mut found);
        }
        found
    }
}

/// As deep as calls nest, which `parse` bounds.
fn collect(expr: &Expr, in_function: bool, found: &mut Vec<Reference>) {
    match &expr.kind {
        ExprKind::Path { root: root @ (Root::Args | Root::Refs), name, path } => {
            let (name, path, span) = (name.clone(), path.clone(), expr.span.clone());
            found.push(Reference { root: *root, name, path, span, in_function });
        }
        ExprKind::Call { arguments, .. } => {
            for argument in arguments {
                collect(argument, true, found);
            }
        }
        _ => {}
    }
}

/// What ends a line in ECMAScript, and so in the API's reference pattern.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}
