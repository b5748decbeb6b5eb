//! What stands between `${` and `}`: a body to an expression. Never goes deeper than
//! [`MAX_CALL_DEPTH`]; what is no expression says why, and at which characters.

use std::ops::Range;

use super::{Content, Expr, ExprKind, Root, is_addressable, quoted, work::look_at};

/// How deep calls may nest.
pub const MAX_CALL_DEPTH: usize = 32;

/// Before what the template around the flow works out.
pub(super) const OUTER: &str = "template.";

/// Why a text is no expression.
#[derive(Debug)]
pub(super) struct Slip {
    /// Bytes of the text.
    pub at: Range<usize>,
    pub sentence: String,
}

impl From<Slip> for Content {
    fn from(Slip { at, sentence }: Slip) -> Self {
        Self::Malformed { at, sentence }
    }
}

fn slip<T>(at: Range<usize>, sentence: impl Into<String>) -> Result<T, Slip> {
    Err(Slip { at, sentence: sentence.into() })
}

/// Reads what is in `body`, all of which is one expression.
pub(super) fn expression(text: &str, body: Range<usize>) -> Result<Expr, Slip> {
    look_at(body.len());
    Reader { text, at: body.start, end: body.end, depth: 0 }.whole()
}

/// Reads one expression's body.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    /// The whole body is one expression.
    fn whole(&mut self) -> Result<Expr, Slip> {
        let body = self.at;
        self.skip_spaces();
        let written = self.rest().trim_end();
        if written.is_empty() {
            let whole = body.saturating_sub("${".len())..self.text.len().min(self.end + 1);
            return slip(whole, "Nothing is written between `${` and `}`.");
        }
        // What the template knows may have any form.
        let path = written.split(char::is_whitespace).next().unwrap_or_default();
        let written = if written.starts_with(OUTER) { written } else { path };
        let expr = self.expression(written)?;
        self.skip_spaces();
        let left = self.rest().trim_end();
        if left.is_empty() {
            return Ok(expr);
        }
        let at = self.at..self.at + left.len();
        if left.split_whitespace().next().is_some_and(|word| OPERATORS.contains(&word)) {
            let sentence = format!(
                "Expressions have no operators like `{left}`: functions do that, as in \
                 fn.eq(args.a, 'b') or fn.if(args.a, 'yes', 'no')."
            );
            return slip(at, sentence);
        }
        slip(at, format!("`{left}` is left over after the expression."))
    }

    /// `template.` goes before any expression, and before what only the template knows.
    fn expression(&mut self, written: &str) -> Result<Expr, Slip> {
        if written.starts_with("fn.") {
            return self.call(3);
        }
        let Some(rest) = written.strip_prefix(OUTER).filter(|rest| !rest.is_empty()) else {
            return self.path(written);
        };
        if self.depth >= MAX_CALL_DEPTH {
            return self.too_deep();
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
            Err(slip) => return Err(slip),
        };
        self.depth -= 1;
        Ok(Expr { span: start..self.at, kind: ExprKind::Outer(Box::new(inner)) })
    }

    /// A path that is the whole body.
    fn path(&mut self, written: &str) -> Result<Expr, Slip> {
        let start = self.at;
        let kind = path_kind(start, written)?;
        self.at += written.len();
        Ok(Expr { span: start..self.at, kind })
    }

    /// `name(…)`, after a prefix of `skip` bytes.
    fn call(&mut self, skip: usize) -> Result<Expr, Slip> {
        let start = self.at;
        if self.depth >= MAX_CALL_DEPTH {
            return self.too_deep();
        }
        self.at += skip;
        let name = self.take_while(is_name_byte);
        if name.is_empty() {
            return slip(self.here(), "A function's name is missing after `fn.`.");
        }
        let called = start..self.at;
        self.skip_spaces();
        let parenthesis = self.here();
        if !self.eat(b'(') {
            let sentence = format!("`fn.{name}` needs its arguments in parentheses: fn.{name}(…).");
            return slip(called, sentence);
        }
        self.depth += 1;
        let mut arguments = Vec::new();
        self.skip_spaces();
        while !self.eat(b')') {
            if self.at >= self.end && !(arguments.is_empty() && self.is_nested()) {
                return slip(parenthesis, format!("The parenthesis of `{name}` is never closed."));
            }
            if !arguments.is_empty() && !self.eat(b',') {
                let sentence = format!("A comma is missing between the arguments of `{name}`.");
                return slip(self.here(), sentence);
            }
            arguments.push(self.argument()?);
            self.skip_spaces();
        }
        self.depth -= 1;
        Ok(Expr { span: start..self.at, kind: ExprKind::Call { name: name.to_owned(), arguments } })
    }

    fn argument(&mut self) -> Result<Expr, Slip> {
        self.skip_spaces();
        let start = self.at;
        if self.peek() == Some(b'\'') {
            let (value, length) = quoted::decode(self.rest()).map_err(|(at, sentence)| Slip {
                at: start + at.start..start + at.end,
                sentence,
            })?;
            self.at += length;
            return Ok(Expr { span: start..self.at, kind: ExprKind::Text(value) });
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
        if let Some(value) = self.value_before_another(word) {
            self.at = start + value.len();
            return Ok(Expr { span: start..self.at, kind: word_kind(start, value)? });
        }
        if self.peek() == Some(b'(') && !word.is_empty() && word.bytes().all(is_name_byte) {
            self.at = start;
            return self.call(0);
        }
        if matches!(self.peek(), Some(b'(' | b'\'')) {
            self.skip_other();
        }
        let written = self.text[start..self.at].trim_end();
        if written.is_empty() {
            let sentence = if self.is_nested() {
                "Inside a function, names stand without `${` and `}`."
            } else {
                "An argument is missing between two commas or parentheses."
            };
            return slip(self.here(), sentence);
        }
        if written.starts_with(OUTER) {
            let after = self.at;
            self.at = start;
            let outer = self.expression(written);
            self.at = after;
            return outer;
        }
        let span = start..start + written.len();
        Ok(Expr { span, kind: word_kind(start, written)? })
    }

    /// The value at the beginning of `word`, if another one follows it without a comma.
    fn value_before_another<'w>(&self, word: &'w str) -> Option<&'w str> {
        let (value, rest) = match word.split_once([' ', '\t']) {
            Some((value, rest)) => (value, rest.trim_start()),
            None => (word, ""),
        };
        let another = match rest.bytes().next() {
            Some(byte) => byte.is_ascii_alphanumeric(),
            None => self.peek() == Some(b'\''),
        };
        (another && matches!(word_kind(0, value), Ok(kind) if !matches!(kind, ExprKind::Other(_))))
            .then_some(value)
    }

    /// `/source/flags`.
    fn regex(&mut self) -> Result<Expr, Slip> {
        let start = self.at;
        let (mut in_class, mut escaped) = (false, false);
        let body = &self.text[start + 1..self.end];
        let close = body.bytes().position(|byte| {
            let closes = byte == b'/' && !in_class && !escaped;
            in_class = (in_class || byte == b'[' && !escaped) && (byte != b']' || escaped);
            escaped = byte == b'\\' && !escaped;
            closes
        });
        look_at(close.unwrap_or(body.len()));
        let Some(close) = close else {
            let sentence = "A regular expression is never closed: write `/` at its end.";
            return slip(start..start + 1, sentence);
        };
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
            look_at(1);
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

    fn too_deep<T>(&self) -> Result<T, Slip> {
        slip(self.here(), "Functions nest at most 32 deep.")
    }

    /// The character that is read next, or what stands behind the body.
    fn here(&self) -> Range<usize> {
        let length = match self.text[self.at..].chars().next() {
            Some(_) if self.is_nested() => "${".len(),
            next => next.map_or(0, char::len_utf8),
        };
        self.at..self.at + length
    }

    /// Whether the body was cut because another expression begins here.
    fn is_nested(&self) -> bool {
        self.text[self.at..].starts_with("${")
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
        look_at(length);
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

/// The root that a path's first word names.
fn root(word: &str) -> Option<Root> {
    match word {
        "args" => Some(Root::Args),
        "refs" | "triggers" => Some(Root::Refs),
        "secrets" => Some(Root::Secrets),
        _ => None,
    }
}

/// The characters of a member's name in a path, which are a few more than those of what the
/// document names.
fn is_member(name: &str) -> bool {
    name.split(['$', '/', ':', '@']).all(|piece| piece.is_empty() || is_addressable(piece))
}

/// A path from one of the known roots, which begins at `start`.
fn path_kind(start: usize, written: &str) -> Result<ExprKind, Slip> {
    let word = written.bytes().take_while(|byte| is_name_byte(*byte)).count();
    let Some(root) = root(&written[..word]) else {
        let sentence = format!(
            "`{written}` isn't something that can be read here: an expression begins with args., \
             refs., triggers., secrets., template. or fn. If no expression is meant, write \
             `\\${{`."
        );
        return slip(start..start + written.len(), sentence);
    };
    let mut at = word;
    let mut names = Vec::new();
    while at < written.len() {
        let rest = &written[at..];
        // Behind the root comes a dot; elsewhere, the name before was read up to one.
        let Some(rest) = rest.strip_prefix('.') else { return unfit(start, written, at) };
        let name = rest.split('.').next().unwrap_or_default();
        let fits = if names.is_empty() { is_addressable } else { is_member };
        if name.is_empty() {
            break;
        }
        if !fits(name) {
            let ends = name
                .char_indices()
                .find(|(_, c)| !fits(c.encode_utf8(&mut [0; 4])))
                .map_or(0, |(index, _)| index);
            return unfit(start, written, at + 1 + ends);
        }
        names.push(name.to_owned());
        at += 1 + name.len();
    }
    if at < written.len() || names.is_empty() {
        let dot = start + at.min(written.len() - 1);
        return slip(dot..dot + 1, format!("A name is missing after a dot in `{written}`."));
    }
    let name = names.remove(0);
    Ok(ExprKind::Path { root, name, path: names })
}

/// The character at `at` in a path can't stand there.
fn unfit<T>(start: usize, written: &str, at: usize) -> Result<T, Slip> {
    let c = written[at..].chars().next().unwrap_or(' ');
    let at = start + at;
    let mark = at..at + c.len_utf8();
    if c == '[' {
        let sentence = format!(
            "`[` can't be used in `{written}`: members and indices are written with a dot, \
             `refs.a.list.0`."
        );
        return slip(mark, sentence);
    }
    slip(mark, format!("`{c}` can't be used in `{written}`."))
}

/// What other languages write between values.
const OPERATORS: [&str; 18] = [
    "==", "===", "!=", "!==", "&&", "||", "??", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "?",
    "|",
];

/// An argument that is no quoted text and no call, which begins at `start`.
fn word_kind(start: usize, written: &str) -> Result<ExprKind, Slip> {
    // What has more in it than a path is something else that is carried.
    let is_path = written.split_once('.').is_some_and(|(word, _)| root(word).is_some());
    if is_path && !written.contains(|c: char| c.is_whitespace() || "()'=<>!?&|*+".contains(c)) {
        return path_kind(start, written);
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
