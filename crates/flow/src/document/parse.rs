//! Text to tree: JSON by RFC 8259, with every byte kept.

use std::fmt;

use super::{Data, Document, Item, Key, LineColumn, Lines, Slot, Symbol, Symbols};

/// Deeper nesting than this is refused: no release flow comes near, and it bounds the stack. What
/// walks a document calls itself at most so often, with far less than 1 KiB each time; a browser's
/// stack for WebAssembly has 1 MiB.
pub const MAX_DEPTH: usize = 200;
/// A longer text than this, in bytes, is refused: a flow of 10,000 nodes has some 3 MB.
pub const MAX_SIZE: usize = 32 << 20;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Bytes from the start.
    pub offset: usize,
    /// From 1; `column` counts characters.
    pub line: usize,
    pub column: usize,
    /// A sentence.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    /// The error of a text, for a person.
    #[must_use]
    pub fn at(text: &str, offset: usize, message: String) -> Self {
        let LineColumn { line, column } = Lines::of(text).place(offset);
        Self { offset, line, column, message }
    }
}

/// What a part of a document's text, between brackets, says about the whole.
#[derive(Debug)]
pub(super) enum Part {
    /// Wrong as it stands, but what is around it may change that.
    Undecided,
    /// Wrong, whatever is around it.
    Wrong(ParseError),
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// When the text is not one JSON value, is longer than [`MAX_SIZE`] or nested deeper than
    /// [`MAX_DEPTH`].
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut document = Self {
            slots: Vec::with_capacity(text.len() / 16),
            root: Key::of(0),
            flow: Key::of(0),
            lead: Box::default(),
            trail: Box::default(),
            symbols: Symbols::default(),
            log: Vec::new(),
        };
        let (root, lead, trail) = document.read(text)?;
        document.root = root;
        document.flow = root;
        document.lead = lead.into();
        document.trail = trail.into();
        Ok(document)
    }

    /// Reads a value into the document without putting it anywhere yet: edits do that. White space
    /// around it is dropped.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn graft(&mut self, text: &str) -> Result<Key, ParseError> {
        let before = self.slots.len();
        self.read(text).map(|(key, _, _)| key).inspect_err(|_| self.slots.truncate(before))
    }

    /// Reads an object or an array that is a part of a document's text, or some items of one between
    /// brackets of our own, without putting it anywhere yet.
    pub(super) fn read_part(&mut self, text: &str) -> Result<Key, Part> {
        let before = self.slots.len();
        let mut reader = Reader { text, at: 0, seen: 0, document: self };
        let read = reader.value(None, 0, 0);
        // An error that nothing behind the last item contributed to is one of the whole as well.
        let seen = reader.seen.max(reader.at + LONGEST_WORD);
        let whole = reader.at == text.len();
        read.map_err(
            |error| {
                if seen + 1 < text.len() { Part::Wrong(error) } else { Part::Undecided }
            },
        )
        .and_then(|key| if whole { Ok(key) } else { Err(Part::Undecided) })
        .inspect_err(|_| self.slots.truncate(before))
    }

    pub(super) fn read<'t>(
        &mut self,
        text: &'t str,
    ) -> Result<(Key, &'t str, &'t str), ParseError> {
        let mut reader = Reader { text, at: 0, seen: 0, document: self };
        if text.len() > MAX_SIZE {
            let most = MAX_SIZE >> 20;
            return Err(reader.error(&format!(
                "This text is longer than {most} MiB. No release flow needs as much."
            )));
        }
        if text.starts_with('\u{feff}') {
            return Err(reader.error(
                "An invisible byte order mark stands before the text: save the file without one.",
            ));
        }
        let lead = reader.space();
        let root = reader.value(None, 0, 0)?;
        let trail = reader.space();
        if reader.at < text.len() {
            return Err(reader.error("There is more text after the end of the document."));
        }
        Ok((root, lead, trail))
    }
}

/// How far the reader looks ahead of where it is: an escape is the longest.
const LONGEST_WORD: usize = 6;

struct Reader<'t, 'd> {
    text: &'t str,
    at: usize,
    /// How far it had come before it went back to tell where an error began.
    seen: usize,
    document: &'d mut Document,
}

impl<'t> Reader<'t, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) -> &'t str {
        let from = self.at;
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        &self.text[from..self.at]
    }

    fn space_symbol(&mut self) -> Symbol {
        let space = self.space();
        self.document.intern(space)
    }

    /// Reads a value that is the item `near` of `parent`.
    fn value(&mut self, parent: Option<Key>, near: usize, depth: usize) -> Result<Key, ParseError> {
        if depth > MAX_DEPTH {
            return Err(self.error(&format!("This is nested more than {MAX_DEPTH} levels deep.")));
        }
        let key = Key::of(self.document.slots.len());
        #[expect(clippy::cast_possible_truncation, reason = "a text is at most `MAX_SIZE` long")]
        let near = near as u32;
        self.document.slots.push(Slot { parent, near, data: Data::Null });
        let data = match self.peek() {
            Some(b'{') => self.container(key, depth, b'}')?,
            Some(b'[') => self.container(key, depth, b']')?,
            Some(b'"') => {
                let lexeme = self.string()?;
                let inner = &lexeme[1..lexeme.len() - 1];
                let decoded = inner.contains('\\').then(|| decode_string(inner).into());
                Data::String(lexeme.into(), decoded)
            }
            Some(b'-' | b'0'..=b'9') => Data::Number(self.number()?.into()),
            Some(b't') => self.word("true", Data::Bool(true))?,
            Some(b'f') => self.word("false", Data::Bool(false))?,
            Some(b'n') => self.word("null", Data::Null)?,
            Some(_) => return Err(self.error("A value is expected here.")),
            None => return Err(self.error("The text ends where a value is expected.")),
        };
        self.document.slots[key.index()].data = data;
        Ok(key)
    }

    /// An object or an array: they differ in their brackets and in their items' names.
    fn container(&mut self, key: Key, depth: usize, close: u8) -> Result<Data, ParseError> {
        let named = close == b'}';
        self.at += 1;
        let mut items: Vec<Item> = Vec::new();
        let mut before = self.space_symbol();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(if named {
                Data::Object(items, before)
            } else {
                Data::Array(items, before)
            });
        }
        loop {
            let name = if named { Some(self.name()?) } else { None };
            let value = self.value(Some(key), items.len(), depth + 1)?;
            let after = self.space_symbol();
            items.push(Item { before, name, value, after });
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    let gap = self.document.intern("");
                    return Ok(if named {
                        Data::Object(items, gap)
                    } else {
                        Data::Array(items, gap)
                    });
                }
                Some(_) => {
                    return Err(self.error(if named {
                        "A comma or the closing } is missing here."
                    } else {
                        "A comma or the closing ] is missing here."
                    }));
                }
                None => {
                    return Err(self.error(if named {
                        "The text ends before the closing } of an object."
                    } else {
                        "The text ends before the closing ] of a list."
                    }));
                }
            }
            before = self.space_symbol();
            if self.peek() == Some(close) {
                return Err(self.error("There is a comma too many before the closing bracket."));
            }
        }
    }

    fn name(&mut self) -> Result<(Symbol, Symbol), ParseError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("A name in double quotes is expected here."));
        }
        let lexeme = self.string()?;
        let lexeme = self.document.intern(lexeme);
        let from = self.at;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.error("A colon is missing after the name."));
        }
        self.at += 1;
        self.space();
        let colon = self.document.intern(&self.text[from..self.at]);
        Ok((lexeme, colon))
    }

    fn string(&mut self) -> Result<&'t str, ParseError> {
        let from = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(&self.text[from..self.at]);
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                            self.at += 1;
                        }
                        Some(b'u') if self.hex_follows() => self.at += 5,
                        _ => {
                            return Err(self.error("There is no such escape after the backslash."));
                        }
                    }
                }
                Some(0..0x20) => {
                    return Err(
                        self.error("A line break or control character stands inside the quotes.")
                    );
                }
                Some(_) => self.at += 1,
                None => {
                    self.seen = self.at;
                    self.at = from;
                    return Err(self.error("The closing quote of this text is missing."));
                }
            }
        }
    }

    fn hex_follows(&self) -> bool {
        self.text
            .as_bytes()
            .get(self.at + 1..self.at + 5)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }

    fn number(&mut self) -> Result<&'t str, ParseError> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.at;
        let digits = self.digits();
        let mut good = digits > 0 && !(digits > 1 && self.text.as_bytes()[whole] == b'0');
        if self.peek() == Some(b'.') {
            self.at += 1;
            good &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            good &= self.digits() > 0;
        }
        if good {
            return Ok(&self.text[from..self.at]);
        }
        self.seen = self.at;
        self.at = from;
        Err(self.error("This is not a number as JSON writes numbers."))
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }

    fn word(&mut self, word: &str, data: Data) -> Result<Data, ParseError> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(data);
        }
        Err(self.error("A value is expected here: text needs double quotes."))
    }

    fn error(&self, message: &str) -> ParseError {
        ParseError::at(self.text, self.at, message.to_owned())
    }
}

/// Decodes the escapes of a string's inside that the reader found to be well formed. Half of a
/// surrogate pair becomes U+FFFD.
pub(super) fn decode_string(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    let mut high: Option<u32> = None;
    while let Some(c) = chars.next() {
        let unit = if c == '\\' {
            match chars.next() {
                Some('b') => Ok('\u{8}'),
                Some('f') => Ok('\u{c}'),
                Some('n') => Ok('\n'),
                Some('r') => Ok('\r'),
                Some('t') => Ok('\t'),
                Some('u') => {
                    let hex: String = chars.by_ref().take(4).collect();
                    Err(u32::from_str_radix(&hex, 16).unwrap_or(0xFFFD))
                }
                Some(other) => Ok(other),
                None => break,
            }
        } else {
            Ok(c)
        };
        match (high.take(), unit) {
            (Some(first), Err(second @ 0xDC00..0xE000)) => {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
            }
            (lone, unit) => {
                if lone.is_some() {
                    out.push('\u{FFFD}');
                }
                match unit {
                    Ok(c) => out.push(c),
                    Err(first @ 0xD800..0xDC00) => high = Some(first),
                    Err(code) => out.push(char::from_u32(code).unwrap_or('\u{FFFD}')),
                }
            }
        }
    }
    if high.is_some() {
        out.push('\u{FFFD}');
    }
    out
}
