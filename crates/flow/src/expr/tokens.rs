//! A text in pieces for a code view to colour, also where it is unfinished.

use std::ops::Range;

use super::{Content, parse, work::look_at};

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub kind: TokenKind,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Outside expressions.
    Text,
    /// `\${…}`.
    Escaped,
    /// `${{…}}`.
    Deferred,
    /// `${` and `}`.
    Brace,
    /// `args`, `refs`, `triggers`, `secrets`, `template`, `fn`.
    Root,
    /// A function's name.
    Function,
    /// What a path names.
    Name,
    /// In single quotes.
    Quoted,
    Number,
    Regex,
    /// `true`, `false`, `null`.
    Keyword,
    /// Dots, commas, parentheses.
    Punctuation,
    /// Anything else between `${` and `}`.
    Other,
}

/// The pieces of a text, in its order. White space inside expressions belongs to none.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for part in parse(text).parts {
        let span = part.span;
        match part.content {
            Content::Literal(_) => found.push(Token { span, kind: TokenKind::Text }),
            Content::Escaped(_) => found.push(Token { span, kind: TokenKind::Escaped }),
            Content::Deferred(_) => found.push(Token { span, kind: TokenKind::Deferred }),
            Content::Malformed { .. } if !text[span.clone()].starts_with("${") => {
                found.push(Token { span, kind: TokenKind::Other });
            }
            Content::Expression(_) | Content::Malformed { .. } => {
                let closed = text[span.clone()].ends_with('}');
                let body = span.start + 2..span.end - usize::from(closed);
                found.push(Token { span: span.start..body.start, kind: TokenKind::Brace });
                found.extend(Lexer { text, at: body.start, end: body.end, fresh: true });
                if closed {
                    found.push(Token { span: body.end..span.end, kind: TokenKind::Brace });
                }
            }
        }
    }
    found
}

/// The pieces of an expression, without its braces.
pub(super) fn lex(text: &str, body: Range<usize>) -> impl Iterator<Item = Token> {
    Lexer { text, at: body.start, end: body.end, fresh: true }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Whether an expression or argument begins here.
    fresh: bool,
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = &self.text[self.at..self.end];
        let start = self.at + (rest.len() - rest.trim_start().len());
        let rest = rest.trim_start();
        let first = rest.chars().next()?;
        let fresh = std::mem::take(&mut self.fresh);
        let (length, kind) = match first {
            '(' | ')' | ',' | '.' => {
                self.fresh = matches!(first, '(' | ',');
                (1, TokenKind::Punctuation)
            }
            '\'' => (closed_by(rest, '\''), TokenKind::Quoted),
            '/' if fresh => {
                let body = closed_by(rest, '/');
                let flags = rest[body..].bytes().take_while(u8::is_ascii_alphabetic).count();
                (body + flags, TokenKind::Regex)
            }
            _ => {
                let is_number = fresh && (first == '-' || first.is_ascii_digit());
                let ends =
                    |c: char| c.is_whitespace() || "(),'".contains(c) || (c == '.' && !is_number);
                let length = rest.find(ends).unwrap_or(rest.len()).max(first.len_utf8());
                let word = &rest[..length];
                let next = rest[length..].chars().next();
                let before = self.text[..start].chars().next_back();
                let kind = match word {
                    "args" | "refs" | "triggers" | "secrets" | "template" | "fn"
                        if next == Some('.') && before != Some('.')
                            || before == Some('.')
                                && next == Some('.')
                                && self.text[..start].ends_with("template.") =>
                    {
                        TokenKind::Root
                    }
                    _ if is_number && word.parse::<f64>().is_ok() => TokenKind::Number,
                    "true" | "false" | "null" if fresh => TokenKind::Keyword,
                    _ if next == Some('(') || self.text[..start].ends_with("fn.") => {
                        TokenKind::Function
                    }
                    _ if before == Some('.') => TokenKind::Name,
                    _ => TokenKind::Other,
                };
                (length, kind)
            }
        };
        look_at(length);
        self.at = start + length;
        Some(Token { span: start..self.at, kind })
    }
}

/// How much of a text that begins with a quote or slash belongs to it, up to its end or that of
/// the text. A backslash takes the next character along; slashes mean themselves in `[…]`.
fn closed_by(rest: &str, close: char) -> usize {
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if close == '/' => in_class = true,
            ']' => in_class = false,
            c if c == close && !in_class => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}
