//! `${…}`: the expressions in a document's strings.
//!
//! ```text
//! template   = { text | "\${…}" | "${" expression "}" | "${{" … "}}" }
//! expression = path | call
//! path       = ("args" | "refs" | "triggers" | "secrets" | "template.…") "." name { "." name }
//! call       = "fn." name "(" [ argument { "," argument } ] ")"
//! argument   = path | call without "fn." too | 'text' | number | true | false | null
//! ```
//!
//! [`parse`] can't fail: what is no expression is a malformed part with a sentence, and the spans
//! of the parts cover the text from end to end. `${triggers.…}` is another spelling of
//! `${refs.…}`. Secrets, functions and `${{…}}` are recognised and carried; [`evaluate`] says so
//! where it meets one that it can't work out. Nothing here is written with more than one reading:
//! a value that an expression gives is never read as an expression again.
//!
//! - `parse`: text to template. - `evaluate`: template and scope to value.
//!
//! May import: nothing of ours.

mod evaluate;
mod parse;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use evaluate::{EvalError, MAX_VALUE_BYTES, Scope, evaluate};
pub use parse::{MAX_CALL_DEPTH, MAX_TEXT_BYTES, parse};

/// A string, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
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
    /// No expression; the sentence says why.
    Malformed(String),
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
    /// An argument in a form that isn't documented (a regular expression, a function of one's
    /// own): carried.
    Other(String),
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    Args,
    /// Also written `triggers`.
    Refs,
    Secrets,
    /// `template.…`: worked out by the template around the flow.
    Outer,
}

impl Root {
    /// The word in the expression.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Args => "args",
            Self::Refs => "refs",
            Self::Secrets => "secrets",
            Self::Outer => "template",
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
    text.contains("${")
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
    /// Every argument and ref that the template uses, in order, also inside functions.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        for part in &self.parts {
            if let Content::Expression(expr) = &part.content {
                collect(expr, false, &mut found);
            }
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
