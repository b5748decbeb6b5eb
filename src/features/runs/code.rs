//! JSON to read: a node as it stands in the run's document, a response.

use leptos::prelude::*;
use slipway_flow::document::{Document, Key};

/// The node's text as in the document, moved to the left by as much as it was indented there.
#[must_use]
pub fn node_text(document: &Document, node: Key) -> String {
    let text = document.text();
    dedent(text.get(document.span(node)).unwrap_or_default())
}

/// Takes the indentation that all lines but the first share off them: the first begins where the
/// value does, in the middle of its line.
fn dedent(text: &str) -> String {
    let margin = text
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let cut = if number == 0 { 0 } else { margin };
        out.push_str(line.get(cut..).unwrap_or_default());
    }
    out
}

/// What a piece of JSON is, as far as its colour goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Name,
    Text,
    Number,
    Word,
    Other,
}

impl Piece {
    const fn class(self) -> &'static str {
        match self {
            Self::Name => "json-name",
            Self::Text => "json-text",
            Self::Number => "json-number",
            Self::Word => "json-word",
            Self::Other => "json-other",
        }
    }
}

/// Cuts a text into pieces of one colour each; together they are the text again.
fn pieces(text: &str) -> Vec<(Piece, &str)> {
    let mut found: Vec<(Piece, &str)> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (piece, length) = match first {
            '"' => {
                let length = string_length(rest);
                let is_name = rest[length..].trim_start().starts_with(':');
                (if is_name { Piece::Name } else { Piece::Text }, length)
            }
            '-' | '0'..='9' => {
                let in_number = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
                (Piece::Number, run_length(rest, in_number))
            }
            'a'..='z' => (Piece::Word, run_length(rest, |c| c.is_ascii_lowercase())),
            _ => {
                let other = |c: char| {
                    !(c == '"' || c == '-' || c.is_ascii_digit() || c.is_ascii_lowercase())
                };
                (Piece::Other, run_length(rest, other))
            }
        };
        let (taken, left) = rest.split_at(length);
        found.push((piece, taken));
        rest = left;
    }
    found
}

/// Bytes of the string at the beginning, with its quotes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn run_length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// JSON in colour. `label` says whose it is.
#[component]
pub fn Json(#[prop(into)] label: String, #[prop(into)] text: String) -> impl IntoView {
    let colored = pieces(&text)
        .into_iter()
        .map(|(piece, text)| view! { <span class=piece.class()>{text.to_owned()}</span> })
        .collect_view();
    view! {
        <pre class="json" role="region" aria-label=label tabindex="0"><code>{colored}</code></pre>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_shown_as_if_it_stood_alone() {
        let text = "{\n  \"spec\": {\n    \"kind\": \"Workflow\",\n    \"spec\": {}\n  }\n}\n";
        let document = Document::parse(text).unwrap();
        let root = document.root_node().unwrap();
        assert_eq!(node_text(&document, root), "{\n  \"kind\": \"Workflow\",\n  \"spec\": {}\n}");
    }

    #[test]
    fn a_node_on_one_line_stays_on_it() {
        assert_eq!(dedent(r#"{"a": 1}"#), r#"{"a": 1}"#);
    }

    #[test]
    fn pieces_are_the_whole_text_in_its_colours() {
        let text = r#"{"a\"b": [1.5e-3, true, "x: y", null], "ü": -2}"#;
        let found = pieces(text);
        let whole: String = found.iter().map(|(_, text)| *text).collect();
        assert_eq!(whole, text);
        let of = |piece| -> Vec<&str> {
            found.iter().filter(|(p, _)| *p == piece).map(|(_, text)| *text).collect()
        };
        assert_eq!(of(Piece::Name), [r#""a\"b""#, r#""ü""#]);
        assert_eq!(of(Piece::Text), [r#""x: y""#]);
        assert_eq!(of(Piece::Number), ["1.5e-3", "-2"]);
        assert_eq!(of(Piece::Word), ["true", "null"]);
    }

    #[test]
    fn a_string_without_an_end_is_no_trouble() {
        assert_eq!(pieces("\"abc"), [(Piece::Text, "\"abc")]);
        assert_eq!(pieces("\"abc\\"), [(Piece::Text, "\"abc\\")]);
    }
}
