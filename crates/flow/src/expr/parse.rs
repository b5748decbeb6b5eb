//! Text to template: where its parts begin and end; `read` says what is in them. Never fails,
//! and takes time in proportion to the text.

use std::ops::Range;

use super::{
    Content, Part, Template, is_line_end,
    read::{self, Slip},
    work::look_at,
};

/// How long a text with expressions may be.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// Takes a string apart.
#[must_use]
pub fn parse(text: &str) -> Template {
    if text.len() > MAX_TEXT_BYTES && text.contains("${") {
        let sentence = "A text with expressions has at most 1 MiB; this is longer.".to_owned();
        let whole = 0..text.len();
        let whole = Part { span: whole.clone(), content: Slip { at: whole, sentence }.into() };
        return Template { text: text.to_owned(), parts: vec![whole] };
    }
    let mut splitter = Splitter { text, open_until: 0, deferred_until: 0, spare: text.len() };
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("${") {
        let dollar = at + found;
        let escaped = text[at..dollar].ends_with('\\');
        let start = if escaped { dollar - 1 } else { dollar };
        push_literal(&mut parts, text, at..start);
        let part = if escaped { splitter.escape(start) } else { splitter.opened(dollar) };
        at = part.span.end;
        parts.push(part);
    }
    push_literal(&mut parts, text, at..text.len());
    Template { text: text.to_owned(), parts }
}

fn push_literal(parts: &mut Vec<Part>, text: &str, span: Range<usize>) {
    if !span.is_empty() {
        parts.push(Part { content: Content::Literal(text[span.clone()].to_owned()), span });
    }
}

/// Finds where the parts that begin with `${` end.
struct Splitter<'t> {
    text: &'t str,
    /// Between here and the last place that was looked at there is no `}`, and no `}}`: what is
    /// never closed is looked for once a line, not once for each `${` in it.
    open_until: usize,
    deferred_until: usize,
    /// How many more bytes may be looked at behind a `${` in an open quote or regular expression:
    /// most of them are read again, as another part.
    spare: usize,
}

/// Where a function that begins with `${` ends.
struct CallEnd {
    /// The `}` after it.
    close: Option<usize>,
    /// The next `${` or `\${` before that; in quotes, it is the function's own.
    inner: Option<usize>,
    /// Up to where it was looked for.
    end: usize,
}

/// What a character in a function belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Call,
    Quotes,
    Regex,
    /// `[…]` in a regular expression, where a slash means itself.
    Class,
}

impl Splitter<'_> {
    /// `\${…}`, or only `\${` where it is never closed.
    fn escape(&mut self, start: usize) -> Part {
        let body = start + 3;
        let end = self.close(body).map_or(body, |close| close + 1);
        Part { span: start..end, content: Content::Escaped(self.text[start + 1..end].to_owned()) }
    }

    /// `${` at `dollar`, up to its end.
    fn opened(&mut self, dollar: usize) -> Part {
        let body = dollar + 2;
        if self.text[body..].starts_with('{') {
            return self.deferred(dollar);
        }
        if starts_call(&self.text[body..]) {
            return self.call(dollar);
        }
        let next = line(self.text, body)
            .find(|(at, c)| *c == '}' || matches!(c, '$' | '\\') && self.opens(*at));
        match next {
            Some((close, '}')) => Part {
                span: dollar..close + 1,
                content: read::expression(self.text, body..close)
                    .map_or_else(Content::from, Content::Expression),
            },
            _ => self.never_closed(dollar, "${", "}"),
        }
    }

    fn call(&mut self, dollar: usize) -> Part {
        let body = dollar + 2;
        let CallEnd { close, inner, end } = self.end_of_call(body);
        if let Some(close) = close {
            let span = dollar..close + 1;
            match read::expression(self.text, body..close) {
                Ok(expr) => return Part { span, content: Content::Expression(expr) },
                Err(slip) if !inner.is_some_and(|inner| self.reaches_over(inner, &slip)) => {
                    return Part { span, content: slip.into() };
                }
                Err(_) => {}
            }
        }
        let end = inner.unwrap_or(end);
        match read::expression(self.text, body..end) {
            Err(slip) => Part { span: dollar..end, content: slip.into() },
            Ok(_) => self.never_closed(dollar, "${", "}"),
        }
    }

    /// Whether a quote that somebody forgot to close took in the `${` of another expression, and
    /// not only a text that has `${` in it.
    fn reaches_over(&self, inner: usize, slip: &Slip) -> bool {
        let (before, at) = self.text.split_at(slip.at.start);
        slip.at.start < inner || before.trim_end().ends_with('\'') && !at.starts_with('\\')
    }

    /// Whether an expression or an escaped one begins here.
    fn opens(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        rest.starts_with("${") || rest.starts_with("\\${")
    }

    fn deferred(&mut self, dollar: usize) -> Part {
        let body = dollar + 3;
        let mut before = None;
        if body >= self.deferred_until {
            for (at, c) in line(self.text, body) {
                if c == '}' && before == Some('}') {
                    let span = dollar..at + 1;
                    let content = Content::Deferred(self.text[span.clone()].to_owned());
                    return Part { span, content };
                }
                before = Some(c);
                self.deferred_until = at + c.len_utf8();
            }
        }
        self.never_closed(dollar, "${{", "}}")
    }

    /// Up to the next `${` on the line, so that one slip doesn't hide what follows it.
    fn never_closed(&self, dollar: usize, opening: &str, with: &str) -> Part {
        let mut end = dollar + 2;
        for (at, c) in line(self.text, dollar + 2) {
            if matches!(c, '$' | '\\') && self.opens(at) {
                break;
            }
            end = at + c.len_utf8();
        }
        let sentence = format!(
            "`{opening}` is never closed: write `{with}` after the expression, on the same line, \
             or `\\${{` if no expression is meant."
        );
        let at = dollar..dollar + opening.len();
        Part { span: dollar..end, content: Slip { at, sentence }.into() }
    }

    /// The first `}` on the line.
    fn close(&mut self, body: usize) -> Option<usize> {
        if body < self.open_until {
            return None;
        }
        let mut end = body;
        for (at, c) in line(self.text, body) {
            if c == '}' {
                return Some(at);
            }
            end = at + c.len_utf8();
        }
        self.open_until = end;
        None
    }

    /// The first `}` on the line that isn't in quotes or a regular expression, if no other
    /// expression begins before it.
    fn end_of_call(&mut self, body: usize) -> CallEnd {
        let (mut inside, mut escaped, mut end) = (Inside::Call, false, body);
        let mut inner = None;
        // A slash begins a regular expression where an argument begins.
        let mut before = ' ';
        for (at, c) in line(self.text, body) {
            let opens = matches!(c, '$' | '\\') && self.opens(at);
            if opens && inner.is_none() {
                inner = Some(at);
            }
            if inner.is_some() {
                self.spare = self.spare.saturating_sub(c.len_utf8());
            }
            if opens && (inside == Inside::Call || self.spare == 0) {
                return CallEnd { close: None, inner, end: at };
            }
            end = at + c.len_utf8();
            if escaped {
                escaped = false;
                continue;
            }
            inside = match (inside, c) {
                (Inside::Call, '}') => return CallEnd { close: Some(at), inner, end },
                (Inside::Call, '\'') => Inside::Quotes,
                (Inside::Call, '/') if matches!(before, '(' | ',') => Inside::Regex,
                (Inside::Quotes, '\'') | (Inside::Regex, '/') => Inside::Call,
                (Inside::Regex, '[') => Inside::Class,
                (Inside::Class, ']') => Inside::Regex,
                (inside, c) => {
                    escaped = c == '\\' && inside != Inside::Call;
                    inside
                }
            };
            if !c.is_whitespace() {
                before = c;
            }
        }
        CallEnd { close: None, inner, end }
    }
}

/// The characters of the line from `from` on, with their places.
fn line(text: &str, from: usize) -> impl Iterator<Item = (usize, char)> {
    text[from..]
        .char_indices()
        .map(move |(at, c)| (from + at, c))
        .take_while(|(_, c)| !is_line_end(*c))
        .inspect(|(_, c)| look_at(c.len_utf8()))
}

/// Quotes mean something only in functions.
fn starts_call(body: &str) -> bool {
    let mut body = body.trim_start();
    while let Some(rest) = body.strip_prefix(read::OUTER) {
        body = rest;
    }
    body.starts_with("fn.")
}
