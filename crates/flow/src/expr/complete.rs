//! What can be written at a cursor.

use std::ops::Range;

use serde_json::Value;

use super::{
    Content, Names, functions, parse,
    tokens::{TokenKind, lex},
};

/// One thing that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What a person looks for: `args.BRANCH`, `build-web`, `slug`.
    pub label: String,
    pub kind: CompletionKind,
    /// Bytes of the text that `insert` takes the place of; around or beside the cursor.
    pub replace: Range<usize>,
    pub insert: String,
    /// Where the cursor goes, in bytes from the beginning of `insert`.
    pub cursor: usize,
    /// A word or two: the type of a default, a function's signature.
    pub ty: String,
    /// A sentence or a few words; may be empty.
    pub description: String,
}

/// What a completion is, for its sign. In the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompletionKind {
    Argument,
    Trigger,
    /// A node's ref or one of its outputs.
    Node,
    Function,
}

/// What can be written at `cursor` (bytes of the text; between the bytes of a character counts as
/// before it), likeliest first: what begins with what has been typed, then what has it inside.
/// Nothing outside `${…}`, in quotes and in regular expressions.
#[must_use]
pub fn complete(text: &str, cursor: usize, names: &Names) -> Vec<Completion> {
    let cursor = text.floor_char_boundary(cursor);
    let Some(spot) = Spot::at(text, cursor) else { return Vec::new() };
    let mut list = List { spot: &spot, found: Vec::new() };
    match spot.path.as_slice() {
        [] => {
            list.arguments(names, "args.");
            list.references(names, "");
            list.functions(if spot.in_call && !spot.typed.is_empty() { "" } else { "fn." });
        }
        ["args"] => list.arguments(names, ""),
        ["args", name, path @ ..] => list.members(names, name, path),
        ["refs"] => list.refs(names, false),
        ["triggers"] => list.refs(names, true),
        ["refs" | "triggers", name, path @ ..] => list.outputs(names, name, path),
        ["fn"] => list.functions(""),
        _ => {}
    }
    list.sorted()
}

/// What is being written at the cursor.
struct Spot<'t> {
    /// The words before the last dot, without `template`.
    path: Vec<&'t str>,
    /// What is there of the word, up to the cursor.
    typed: &'t str,
    /// The word, also behind the cursor.
    word: Range<usize>,
    in_call: bool,
    /// Whether a parenthesis follows.
    called: bool,
}

impl<'t> Spot<'t> {
    fn at(text: &'t str, cursor: usize) -> Option<Self> {
        let body = body_at(text, cursor)?;
        let mut in_call = 0_usize;
        // Where the path at the cursor begins, if there is one.
        let mut start = None;
        for token in lex(text, body.start..cursor) {
            let written = &text[token.span.clone()];
            let ends_here = token.span.end == cursor;
            match token.kind {
                // Behind a closing quote nothing can be written, inside one nothing named.
                TokenKind::Quoted | TokenKind::Regex if ends_here => return None,
                TokenKind::Punctuation if written != "." => {
                    in_call = match written {
                        "(" => in_call + 1,
                        ")" => in_call.saturating_sub(1),
                        _ => in_call,
                    };
                    start = None;
                    // Behind a call nothing can be written.
                    if written == ")" {
                        start = Some(usize::MAX);
                    }
                }
                _ if start.is_none() => start = Some(token.span.start),
                _ => {}
            }
        }
        let start = start.unwrap_or(cursor);
        let path = text.get(start..cursor)?;
        if path.contains(|c: char| c.is_whitespace() || "'/".contains(c)) {
            return None;
        }
        let mut path: Vec<_> = path.split('.').collect();
        let typed = path.pop().unwrap_or_default();
        let outer = path.iter().take_while(|word| **word == "template").count();
        path.drain(..outer);
        let behind = &text[cursor..];
        let ends = |c: char| c.is_whitespace() || ".,(){}'$\\".contains(c);
        let length = behind.find(ends).unwrap_or(behind.len());
        let word = cursor - typed.len()..cursor + length;
        let called = text[word.end..].starts_with('(');
        Some(Self { path, typed, word, in_call: in_call > 0, called })
    }
}

/// From behind the `${` around the cursor to its part's end.
fn body_at(text: &str, cursor: usize) -> Option<Range<usize>> {
    let parts = parse(text).parts;
    let part = parts.iter().find(|part| part.span.start < cursor && cursor <= part.span.end)?;
    let written = &text[part.span.clone()];
    match part.content {
        Content::Expression(_) => {}
        Content::Malformed { .. } if written.starts_with("${") && !written.starts_with("${{") => {}
        _ => return None,
    }
    let (mut start, mut end) = (part.span.start + 2, part.span.end);
    if written.ends_with('}') {
        end -= 1;
    }
    // What was never closed may reach over the next expression.
    let before = text.get(start..cursor)?;
    if let Some(inner) = before.rfind("${").filter(|_| !before.contains('\'')) {
        start += inner + 2;
    }
    (start <= cursor && cursor <= end.max(start)).then_some(start..end.max(start))
}

struct List<'s, 't> {
    spot: &'s Spot<'t>,
    found: Vec<(u8, Completion)>,
}

impl List<'_, '_> {
    /// Adds what fits what has been typed.
    fn add(&mut self, kind: CompletionKind, label: String, ty: String, description: String) {
        let insert = label.clone();
        self.add_as(kind, label, insert, ty, description);
    }

    fn add_as(
        &mut self,
        kind: CompletionKind,
        label: String,
        insert: String,
        ty: String,
        description: String,
    ) {
        let typed = self.spot.typed.to_lowercase();
        let lower = label.to_lowercase();
        let last = lower.rsplit('.').next().unwrap_or_default();
        let rank = if lower.starts_with(&typed) {
            0
        } else if last.starts_with(&typed) {
            1
        } else if lower.contains(&typed) {
            2
        } else {
            return;
        };
        let cursor = insert.len() - usize::from(insert.ends_with("()") && !ty.ends_with("()"));
        let replace = self.spot.word.clone();
        self.found
            .push((rank, Completion { label, kind, replace, insert, cursor, ty, description }));
    }

    fn sorted(mut self) -> Vec<Completion> {
        self.found.sort_by_key(|(rank, completion)| (*rank, completion.kind));
        self.found.into_iter().map(|(_, completion)| completion).collect()
    }

    fn arguments(&mut self, names: &Names, prefix: &str) {
        for argument in &names.arguments {
            let (ty, mut description) = match &argument.default {
                Some(default) => (type_word(default), format!("Default: {}", short(default))),
                None => ("text", "No default".to_owned()),
            };
            if let Some(input) = argument.input {
                description = format!("{description}; {input}");
            }
            let label = format!("{prefix}{}", argument.name);
            self.add(CompletionKind::Argument, label, ty.to_owned(), description);
        }
    }

    /// The members of an argument's default.
    fn members(&mut self, names: &Names, name: &str, path: &[&str]) {
        let default = names.argument(name).and_then(|argument| argument.default.as_ref());
        let value = path
            .iter()
            .try_fold(default, |value, name| super::evaluate::step(value?, name).map(Some));
        let mut add = |name: String, value: &Value| {
            let (ty, description) = (type_word(value).to_owned(), short(value));
            self.add(CompletionKind::Argument, name, ty, description);
        };
        match value.flatten() {
            Some(Value::Object(members)) => {
                for (name, value) in members {
                    add(name.clone(), value);
                }
            }
            Some(Value::Array(items)) => {
                for (at, item) in items.iter().enumerate().take(100) {
                    add(at.to_string(), item);
                }
            }
            _ => {}
        }
    }

    /// Every output of every ref, in one go.
    fn references(&mut self, names: &Names, prefix: &str) {
        for known in &names.refs {
            let kind = if known.trigger { CompletionKind::Trigger } else { CompletionKind::Node };
            if known.outputs.is_empty() {
                let label = format!("{prefix}refs.{}", known.name);
                self.add(kind, label, String::new(), known.title.clone());
            }
            for output in known.outputs {
                let label = format!("{prefix}refs.{}.{}", known.name, output.name);
                self.add(kind, label, String::new(), format!("{} {}", known.title, output.help));
            }
        }
    }

    fn refs(&mut self, names: &Names, only_triggers: bool) {
        for known in names.refs.iter().filter(|known| known.trigger || !only_triggers) {
            let kind = if known.trigger { CompletionKind::Trigger } else { CompletionKind::Node };
            let ty = if known.trigger { "trigger" } else { "node" };
            self.add(kind, known.name.clone(), ty.to_owned(), known.title.clone());
        }
    }

    /// The outputs of a ref below a path: `registry.uri` is `uri` behind `registry.`.
    fn outputs(&mut self, names: &Names, name: &str, path: &[&str]) {
        let Some(known) = names.reference(name) else { return };
        let kind = if known.trigger { CompletionKind::Trigger } else { CompletionKind::Node };
        for output in known.outputs {
            let rest = path.iter().try_fold(output.name, |rest, step| {
                rest.strip_prefix(*step).and_then(|rest| rest.strip_prefix('.'))
            });
            if let Some(rest) = rest {
                self.add(kind, rest.to_owned(), String::new(), output.help.to_owned());
            }
        }
    }

    fn functions(&mut self, prefix: &str) {
        for function in functions::all() {
            // Without the prefix being typed, a nested call is written as the samples have it.
            let insert_prefix = if self.spot.path.is_empty() { "fn." } else { "" };
            let parentheses = if self.spot.called { "" } else { "()" };
            self.add_as(
                CompletionKind::Function,
                format!("{prefix}{}", function.name),
                format!("{insert_prefix}{}{parentheses}", function.name),
                function.signature(),
                function.help.to_owned(),
            );
        }
    }
}

fn type_word(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// The beginning of a value as JSON.
pub(super) fn short(value: &Value) -> String {
    const MOST: usize = 60;
    let text = match value {
        Value::String(text) => {
            let cut: String = text.chars().take(MOST + 1).collect();
            Value::String(cut).to_string()
        }
        Value::Array(items) if items.len() > MOST => format!("a list of {}", items.len()),
        Value::Object(members) if members.len() > MOST => {
            format!("an object of {}", members.len())
        }
        value => value.to_string(),
    };
    if text.chars().count() <= MOST + 2 {
        return text;
    }
    text.chars().take(MOST).chain(['…']).collect()
}
