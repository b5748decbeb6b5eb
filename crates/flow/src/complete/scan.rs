//! Text that is being typed, as a tree: never fails, takes time in proportion to the text. Commas
//! may be missing, strings and brackets may be open, what can't be understood is passed over.

use std::ops::Range;

/// The values of a text; the root is the first, where there is any.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) values: Vec<Value>,
}

#[derive(Debug)]
pub(super) struct Value {
    /// Bytes of the text, brackets and quotes included; up to the end of the text where a bracket
    /// is not closed.
    pub(super) span: Range<usize>,
    pub(super) parent: Option<usize>,
    pub(super) form: Form,
    /// Whether the closing bracket is there.
    closed: bool,
}

#[derive(Debug)]
pub(super) enum Form {
    Object(Vec<Member>),
    Array(Vec<usize>),
    /// A string, with its quotes as far as they are there.
    Text,
    /// A number, `true`, or anything else without quotes.
    Word,
}

#[derive(Debug)]
pub(super) struct Member {
    /// The name, with its quotes as far as they are there.
    pub(super) name: Range<usize>,
    /// Just behind the colon.
    pub(super) colon: Option<usize>,
    pub(super) value: Option<usize>,
}

/// What stands at a place of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A member's name in this object; the span of what is there of it.
    Name { object: usize, span: Range<usize> },
    /// A value in this container, of the member or at the index; the span of what is there of it.
    Value { holder: usize, at: usize, span: Range<usize> },
    /// Neither.
    Elsewhere,
}

pub(super) fn scan(text: &str) -> Tree {
    let mut scanner = Scanner { text, at: 0, tree: Tree::default(), open: Vec::new() };
    while let Some(byte) = text.as_bytes().get(scanner.at).copied() {
        scanner.token(byte);
    }
    let end = text.len();
    for index in scanner.open {
        scanner.tree.values[index].span.end = end;
    }
    scanner.tree
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tree: Tree,
    /// The containers around the place, from the outside in.
    open: Vec<usize>,
}

impl Scanner<'_> {
    fn token(&mut self, byte: u8) {
        match byte {
            b'{' => self.begin(Form::Object(Vec::new())),
            b'[' => self.begin(Form::Array(Vec::new())),
            b'}' | b']' => self.close(byte == b'}'),
            b':' => {
                self.at += 1;
                if let Some(member) = self.last_member().filter(|member| member.value.is_none()) {
                    let colon = member.colon;
                    let at = self.at;
                    if let Some(member) = self.last_member_mut() {
                        member.colon = colon.or(Some(at));
                    }
                }
            }
            b'"' => {
                let end = self.string_end();
                self.scalar(end, Form::Text);
            }
            b',' | b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
            _ => {
                let rest = &self.text[self.at..];
                let ends = |c: char| {
                    matches!(c, '{' | '}' | '[' | ']' | ':' | ',' | '"') || c.is_whitespace()
                };
                // White space that JSON doesn't know ends a word and is passed over by itself.
                let length = rest.find(ends).unwrap_or(rest.len());
                if length == 0 {
                    self.at += rest.chars().next().map_or(1, char::len_utf8);
                } else {
                    self.scalar(self.at + length, Form::Word);
                }
            }
        }
    }

    /// Behind the closing quote, or the end of the line where there is none.
    fn string_end(&self) -> usize {
        let mut escaped = false;
        for (index, byte) in self.text.as_bytes()[self.at + 1..].iter().enumerate() {
            match byte {
                b'\n' | b'\r' => return self.at + 1 + index,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return self.at + 2 + index,
                _ => {}
            }
        }
        self.text.len()
    }

    fn last_member(&self) -> Option<&Member> {
        match &self.tree.values[*self.open.last()?].form {
            Form::Object(members) => members.last(),
            _ => None,
        }
    }

    fn last_member_mut(&mut self) -> Option<&mut Member> {
        match &mut self.tree.values[*self.open.last()?].form {
            Form::Object(members) => members.last_mut(),
            _ => None,
        }
    }

    /// Puts a value where one is due. False where none is: in an object without a name before it,
    /// and behind the root.
    fn attach(&mut self, index: usize) -> bool {
        let Some(holder) = self.open.last().copied() else { return index == 0 };
        match &mut self.tree.values[holder].form {
            Form::Array(elements) => {
                elements.push(index);
                true
            }
            Form::Object(members) => match members.last_mut() {
                Some(member) if member.colon.is_some() && member.value.is_none() => {
                    member.value = Some(index);
                    true
                }
                _ => false,
            },
            Form::Text | Form::Word => false,
        }
    }

    fn begin(&mut self, form: Form) {
        let index = self.tree.values.len();
        let value = Value {
            span: self.at..self.at + 1,
            parent: self.open.last().copied(),
            form,
            closed: false,
        };
        self.at += 1;
        // Also one that no place is due for is entered, so that its brackets pair up.
        self.attach(index);
        self.tree.values.push(value);
        self.open.push(index);
    }

    /// Closes the innermost container of this sort, and what was left open in it.
    fn close(&mut self, object: bool) {
        self.at += 1;
        let is = |index: &usize| matches!(self.tree.values[*index].form, Form::Object(_)) == object;
        let Some(depth) = self.open.iter().rposition(is) else { return };
        for index in self.open.drain(depth..) {
            let value = &mut self.tree.values[index];
            (value.span.end, value.closed) = (self.at, true);
        }
    }

    fn scalar(&mut self, end: usize, form: Form) {
        let span = self.at..end;
        self.at = end;
        let index = self.tree.values.len();
        if self.attach(index) {
            let parent = self.open.last().copied();
            self.tree.values.push(Value { span, parent, form, closed: true });
        } else if let Some(holder) = self.open.last().copied()
            && let Form::Object(members) = &mut self.tree.values[holder].form
        {
            members.push(Member { name: span, colon: None, value: None });
        }
    }
}

impl Tree {
    /// What is being written at the cursor.
    pub(super) fn spot(&self, text: &str, cursor: usize) -> Spot {
        // Containers stand before what is inside them: the last one around the cursor is the
        // innermost.
        let around = |value: &Value| {
            matches!(value.form, Form::Object(_) | Form::Array(_))
                && value.span.start < cursor
                && (cursor < value.span.end || !value.closed)
        };
        let Some(holder) = self.values.iter().rposition(around) else { return Spot::Elsewhere };
        match &self.values[holder].form {
            Form::Object(members) => self.in_object(text, cursor, holder, members),
            Form::Array(elements) => self.in_array(text, cursor, holder, elements),
            Form::Text | Form::Word => Spot::Elsewhere,
        }
    }

    fn in_object(&self, text: &str, cursor: usize, object: usize, members: &[Member]) -> Spot {
        let before = members.iter().rposition(|member| member.name.start <= cursor);
        let Some(at) = before else {
            return Spot::Name { object, span: cursor..cursor };
        };
        let member = &members[at];
        if touches(text, &member.name, cursor) {
            return Spot::Name { object, span: member.name.clone() };
        }
        match (member.colon, member.value.map(|value| &self.values[value])) {
            (Some(colon), None) if cursor >= colon => {
                Spot::Value { holder: object, at, span: cursor..cursor }
            }
            (Some(_), Some(value)) if touches(text, &value.span, cursor) => {
                Spot::Value { holder: object, at, span: value.span.clone() }
            }
            (Some(colon), Some(value)) if (colon..=value.span.start).contains(&cursor) => {
                Spot::Elsewhere
            }
            (Some(_), Some(value)) if has_comma(text, value.span.end, cursor) => {
                Spot::Name { object, span: cursor..cursor }
            }
            _ => Spot::Elsewhere,
        }
    }

    fn in_array(&self, text: &str, cursor: usize, holder: usize, elements: &[usize]) -> Spot {
        let before =
            elements.iter().rposition(|element| self.values[*element].span.start <= cursor);
        let Some(at) = before else {
            return Spot::Value { holder, at: 0, span: cursor..cursor };
        };
        let value = &self.values[elements[at]];
        if touches(text, &value.span, cursor) {
            return Spot::Value { holder, at, span: value.span.clone() };
        }
        if has_comma(text, value.span.end, cursor) {
            return Spot::Value { holder, at: at + 1, span: cursor..cursor };
        }
        Spot::Elsewhere
    }

    /// The value of a member, by name; the last one counts.
    pub(super) fn get(&self, text: &str, object: usize, name: &str) -> Option<usize> {
        let Form::Object(members) = &self.values[object].form else { return None };
        members.iter().rev().find(|member| unquoted(text, &member.name) == name)?.value
    }

    /// The value at a JSON pointer without escapes and indices.
    pub(super) fn resolve(&self, text: &str, from: usize, pointer: &str) -> Option<usize> {
        pointer.split('/').skip(1).try_fold(from, |at, name| self.get(text, at, name))
    }

    /// The text of a string without escapes.
    pub(super) fn text_of<'t>(&self, text: &'t str, value: usize) -> Option<&'t str> {
        let value = &self.values[value];
        matches!(value.form, Form::Text).then(|| unquoted(text, &value.span))
    }
}

/// What is between the quotes, as far as they are there.
pub(super) fn unquoted<'t>(text: &'t str, span: &Range<usize>) -> &'t str {
    let written = &text[span.clone()];
    let inner = written.strip_prefix('"').unwrap_or(written);
    if written.len() > 1 { inner.strip_suffix('"').unwrap_or(inner) } else { inner }
}

/// Whether typing at the cursor would change this token: inside it or at the end of a word, but
/// not behind a closing quote.
fn touches(text: &str, span: &Range<usize>, cursor: usize) -> bool {
    let written = &text[span.clone()];
    let closed = written.len() > 1 && written.starts_with('"') && written.ends_with('"');
    let starts = if written.starts_with('"') { span.start < cursor } else { span.start <= cursor };
    starts && (cursor < span.end || (cursor == span.end && !closed))
}

fn has_comma(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|between| between.contains(','))
}
