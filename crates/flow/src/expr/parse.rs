//! Text to template. Never fails, never goes deeper than [`MAX_CALL_DEPTH`], takes time in
//! proportion to the text.

use std::ops::Range;

use super::{Content, Expr, ExprKind, Part, Root, Template, is_line_end};

/// How deep calls may nest.
pub const MAX_CALL_DEPTH: usize = 32;

/// How long a text with expressions may be.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// Takes a string apart.
#[must_use]
pub fn parse(text: &str) -> Template {
    if text.len() > MAX_TEXT_BYTES && text.contains("${") {
        let sentence = "A text with expressions has at most 1 MiB; this is longer.".to_owned();
        let whole = Part { span: 0..text.len(), content: Content::Malformed(sentence) };
        return Template { text: text.to_owned(), parts: vec![whole] };
    }
    let mut splitter = Splitter { text, open_until: 0, deferred_until: 0 };
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
}

/// Where an expression's body ends.
enum Close {
    At(usize),
    /// A function that isn't closed outside quotes and slashes, up to the end of the line.
    InCall {
        end: usize,
        open: Inside,
    },
    Never,
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
        let end = match self.close(body) {
            Close::At(close) => close + 1,
            Close::InCall { .. } | Close::Never => body,
        };
        Part { span: start..end, content: Content::Escaped(self.text[start + 1..end].to_owned()) }
    }

    /// `${` at `dollar`, up to its end.
    fn opened(&mut self, dollar: usize) -> Part {
        let body = dollar + 2;
        if self.text[body..].starts_with('{') {
            return self.deferred(dollar);
        }
        let close = if starts_call(&self.text[body..]) {
            self.close_of_call(body)
        } else {
            self.close(body)
        };
        match close {
            Close::At(close) => {
                let mut reader = Reader { text: self.text, at: body, end: close, depth: 0 };
                let content = match reader.whole() {
                    Ok(expr) => Content::Expression(expr),
                    Err(sentence) => Content::Malformed(sentence),
                };
                Part { span: dollar..close + 1, content }
            }
            Close::InCall { end, open: Inside::Call } => {
                Part { span: dollar..end, ..self.never_closed(dollar, "${", "}") }
            }
            Close::InCall { end, open } => {
                let sentence = if open == Inside::Quotes { QUOTE_OPEN } else { REGEX_OPEN };
                Part { span: dollar..end, content: Content::Malformed(sentence.to_owned()) }
            }
            Close::Never => self.never_closed(dollar, "${", "}"),
        }
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
            let rest = &self.text[at..];
            if rest.starts_with("${") || rest.starts_with("\\${") {
                break;
            }
            end = at + c.len_utf8();
        }
        let sentence = format!(
            "`{opening}` is never closed: write `{with}` after the expression, on the same line, \
             or `\\${{` if no expression is meant."
        );
        Part { span: dollar..end, content: Content::Malformed(sentence) }
    }

    /// The first `}` on the line.
    fn close(&mut self, body: usize) -> Close {
        if body < self.open_until {
            return Close::Never;
        }
        let mut end = body;
        for (at, c) in line(self.text, body) {
            if c == '}' {
                return Close::At(at);
            }
            end = at + c.len_utf8();
        }
        self.open_until = end;
        Close::Never
    }

    /// The first `}` on the line that isn't in quotes or a regular expression.
    fn close_of_call(&self, body: usize) -> Close {
        if body < self.open_until {
            return Close::Never;
        }
        let (mut inside, mut escaped, mut end) = (Inside::Call, false, body);
        // A slash begins a regular expression where an argument begins.
        let mut before = ' ';
        for (at, c) in line(self.text, body) {
            end = at + c.len_utf8();
            if escaped {
                escaped = false;
                continue;
            }
            inside = match (inside, c) {
                (Inside::Call, '}') => return Close::At(at),
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
        Close::InCall { end, open: inside }
    }
}

const TOO_DEEP: &str = "Functions nest at most 32 deep.";
const QUOTE_OPEN: &str = "A quote is never closed.";
const REGEX_OPEN: &str = "A regular expression is never closed: write `/` at its end.";

/// The characters of the line from `from` on, with their places.
fn line(text: &str, from: usize) -> impl Iterator<Item = (usize, char)> {
    text[from..]
        .char_indices()
        .map(move |(at, c)| (from + at, c))
        .take_while(|(_, c)| !is_line_end(*c))
}

/// Quotes mean something only in functions.
fn starts_call(body: &str) -> bool {
    let mut body = body.trim_start();
    while let Some(rest) = body.strip_prefix(OUTER) {
        body = rest;
    }
    body.starts_with("fn.")
}

/// Before what the template around the flow works out.
const OUTER: &str = "template.";

/// Reads one expression's body.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    /// The whole body is one expression.
    fn whole(&mut self) -> Result<Expr, String> {
        self.skip_spaces();
        let written = self.rest().trim_end();
        if written.is_empty() {
            return Err("Nothing is written between `${` and `}`.".to_owned());
        }
        let expr = self.expression(written)?;
        self.skip_spaces();
        if self.at < self.end {
            return Err(format!("`{}` is left over after the expression.", self.rest().trim_end()));
        }
        Ok(expr)
    }

    /// `template.` goes before any expression, and before what only the template knows.
    fn expression(&mut self, written: &str) -> Result<Expr, String> {
        if written.starts_with("fn.") {
            return self.call(3);
        }
        let Some(rest) = written.strip_prefix(OUTER).filter(|rest| !rest.is_empty()) else {
            return self.path(written);
        };
        if self.depth >= MAX_CALL_DEPTH {
            return Err(TOO_DEEP.to_owned());
        }
        let start = self.at;
        self.at += OUTER.len();
        let from = self.at;
        self.depth += 1;
        let inner = match self.expression(rest) {
            Ok(inner) => inner,
            Err(_) if !rest.starts_with("fn.") => {
                self.at = from + rest.len();
                Expr { span: from..self.at, kind: ExprKind::Other(rest.to_owned()) }
            }
            Err(sentence) => return Err(sentence),
        };
        self.depth -= 1;
        Ok(Expr { span: start..self.at, kind: ExprKind::Outer(Box::new(inner)) })
    }

    /// A path that is the whole body.
    fn path(&mut self, written: &str) -> Result<Expr, String> {
        let start = self.at;
        let kind = path_kind(written)?;
        self.at += written.len();
        Ok(Expr { span: start..self.at, kind })
    }

    /// `name(…)`, after a prefix of `skip` bytes.
    fn call(&mut self, skip: usize) -> Result<Expr, String> {
        let start = self.at;
        self.at += skip;
        if self.depth >= MAX_CALL_DEPTH {
            return Err(TOO_DEEP.to_owned());
        }
        let name = self.take_while(is_name_byte);
        if name.is_empty() {
            return Err("A function's name is missing after `fn.`.".to_owned());
        }
        self.skip_spaces();
        if !self.eat(b'(') {
            return Err(format!("`fn.{name}` needs its arguments in parentheses: fn.{name}(…)."));
        }
        self.depth += 1;
        let mut arguments = Vec::new();
        self.skip_spaces();
        while !self.eat(b')') {
            if self.at >= self.end {
                return Err(format!("The parenthesis of `{name}` is never closed."));
            }
            if !arguments.is_empty() && !self.eat(b',') {
                return Err(format!("A comma is missing between the arguments of `{name}`."));
            }
            arguments.push(self.argument()?);
            self.skip_spaces();
        }
        self.depth -= 1;
        Ok(Expr { span: start..self.at, kind: ExprKind::Call { name: name.to_owned(), arguments } })
    }

    fn argument(&mut self) -> Result<Expr, String> {
        self.skip_spaces();
        let start = self.at;
        if self.peek() == Some(b'\'') {
            let kind = ExprKind::Text(self.quoted()?);
            return Ok(Expr { span: start..self.at, kind });
        }
        if self.peek() == Some(b'/') {
            return self.regex();
        }
        if self.rest().starts_with("fn.") {
            return self.call(3);
        }
        if self.rest().starts_with("template.fn.") {
            return self.expression(self.rest());
        }
        let word = self.take_while(|byte| !matches!(byte, b',' | b'(' | b')' | b'\'')).trim_end();
        if self.peek() == Some(b'(') && !word.is_empty() && word.bytes().all(is_name_byte) {
            self.at = start;
            return self.call(0);
        }
        if matches!(self.peek(), Some(b'(' | b'\'')) {
            self.skip_other();
        }
        let written = self.text[start..self.at].trim_end();
        if written.is_empty() {
            return Err("An argument is missing between two commas or parentheses.".to_owned());
        }
        if written.starts_with(OUTER) {
            let after = self.at;
            self.at = start;
            let outer = self.expression(written);
            self.at = after;
            return outer;
        }
        Ok(Expr { span: start..start + written.len(), kind: word_kind(written)? })
    }

    /// `/source/flags`.
    fn regex(&mut self) -> Result<Expr, String> {
        let start = self.at;
        let (mut in_class, mut escaped) = (false, false);
        let body = &self.text[start + 1..self.end];
        let close = body.bytes().position(|byte| {
            let closes = byte == b'/' && !in_class && !escaped;
            in_class = (in_class || byte == b'[' && !escaped) && (byte != b']' || escaped);
            escaped = byte == b'\\' && !escaped;
            closes
        });
        let close = close.ok_or(REGEX_OPEN)?;
        self.at = start + 1 + close + 1;
        let flags = self.take_while(|byte| byte.is_ascii_alphabetic());
        let (source, flags) = (body[..close].to_owned(), flags.to_owned());
        Ok(Expr { span: start..self.at, kind: ExprKind::Regex { source, flags } })
    }

    /// The rest of an argument in a form that we don't know, up to its comma or parenthesis.
    fn skip_other(&mut self) {
        let mut open = 0_usize;
        let mut quoted = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'\'' => quoted = !quoted,
                _ if quoted => {}
                b'(' => open += 1,
                b')' | b',' if open == 0 => return,
                b')' => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// A text in single quotes; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Result<String, String> {
        let mut value = String::new();
        let mut chars = self.text[self.at + 1..self.end].char_indices();
        while let Some((index, c)) = chars.next() {
            match c {
                '\'' => {
                    self.at += index + 2;
                    return Ok(value);
                }
                '\\' => value.extend(chars.next().map(|(_, next)| next)),
                c => value.push(c),
            }
        }
        Err(QUOTE_OPEN.to_owned())
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    /// Also between the bytes of a character, which an argument that is carried is skipped by.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes()[self.at..self.end].first().copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    /// Stops only at ASCII bytes or the end, so always between characters.
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| !wanted(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_spaces(&mut self) {
        self.take_while(|byte| byte == b' ' || byte == b'\t');
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A path from one of the known roots.
fn path_kind(written: &str) -> Result<ExprKind, String> {
    let (root, rest) = written.split_once('.').unwrap_or((written, ""));
    let root = match root {
        "args" => Root::Args,
        "refs" | "triggers" => Root::Refs,
        "secrets" => Root::Secrets,
        _ => {
            return Err(format!(
                "`{written}` isn't something that can be read here: an expression begins with \
                 args., refs. or fn. If no expression is meant, write `\\${{`."
            ));
        }
    };
    if let Some(c) = rest.chars().find(|c| c.is_whitespace() || "(),'{".contains(*c)) {
        return Err(format!("`{c}` can't be used in `{written}`."));
    }
    let mut names = rest.split('.').map(str::to_owned);
    let name = names.next().unwrap_or_default();
    let path: Vec<_> = names.collect();
    if name.is_empty() || path.iter().any(String::is_empty) {
        return Err(format!("A name is missing after a dot in `{written}`."));
    }
    Ok(ExprKind::Path { root, name, path })
}

/// An argument that is no quoted text and no call.
fn word_kind(written: &str) -> Result<ExprKind, String> {
    let root = written.split('.').next().unwrap_or_default();
    if matches!(root, "args" | "refs" | "triggers" | "secrets") && written.len() > root.len() {
        // White space or parentheses make it something else that is carried.
        if written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-$/:@".contains(&byte)) {
            return path_kind(written);
        }
    }
    Ok(match written {
        "true" => ExprKind::Bool(true),
        "false" => ExprKind::Bool(false),
        "null" => ExprKind::Null,
        _ if serde_json::from_str::<serde_json::Number>(written).is_ok() => {
            ExprKind::Number(written.to_owned())
        }
        _ => ExprKind::Other(written.to_owned()),
    })
}
