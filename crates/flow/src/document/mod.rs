//! The release-flow document: a lossless JSON tree.
//!
//! The author's text is the truth. Every byte of it lives in the tree (order, unknown members,
//! number lexemes, spacing), so [`Document::text`] of an unedited document is the text that was
//! parsed, and an edit changes only the bytes it is about. Values are addressed by [`Key`]s that
//! stay the same for the life of the document, however it is edited.
//!
//! - `parse`: text to tree. - `write`: tree to text. - `place`: spans, lines and columns, pointers.
//! - `lengths`: spans of a few values, from lengths that are kept between edits.
//! - `edit`: changes that read as if made by hand. - `arrange`: whole lists at once,
//!   and text of another document. - `node`: the typed view of release-flow nodes.
//! - `order`: what has finished when a node starts. - `written`: changes as data that can be kept.
//!
//! May import: `change`. Values nest at most [`MAX_DEPTH`] deep, so a walk may call itself.

mod arrange;
mod edit;
mod lengths;
mod node;
mod order;
mod parse;
mod place;
mod symbols;
#[cfg(test)]
mod tests;
mod write;
mod written;

use std::{borrow::Cow, num::NonZeroU32};

pub use edit::{Editing, Misread};
pub use lengths::Lengths;
pub use node::{NodeRef, WorkflowType};
pub use parse::{MAX_DEPTH, MAX_SIZE, ParseError};
pub use place::{LineColumn, Lines, Spans, pointer_names, pointer_part};
pub(crate) use symbols::Symbol;
use symbols::Symbols;
pub use written::Written;

/// A JSON value of a document: stable from the parse on, across edits, undo and redo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(NonZeroU32);

impl Key {
    /// The key of the slot `index`.
    fn of(index: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a text has at most `MAX_SIZE` values")]
        let number = index as u32;
        Self(NonZeroU32::MIN.saturating_add(number))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// The key as a number, for a DOM id or an attribute.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.get()
    }
}

/// A member of an object or an element of an array, with the white space around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// White space before the name or value.
    pub(crate) before: Symbol,
    /// The name's lexeme with its quotes, and everything up to the value (`": "` without quotes).
    pub(crate) name: Option<(Symbol, Symbol)>,
    pub(crate) value: Key,
    /// White space after the value, before the comma or the closing bracket.
    pub(crate) after: Symbol,
}

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Data {
    Object(Vec<Item>, Symbol),
    Array(Vec<Item>, Symbol),
    /// The lexeme with its quotes, and the decoded text where it differs from what is between them.
    String(Box<str>, Option<Box<str>>),
    Number(Box<str>),
    Bool(bool),
    Null,
}

impl Data {
    fn items(&self) -> &[Item] {
        match self {
            Self::Object(items, _) | Self::Array(items, _) => items,
            _ => &[],
        }
    }
}

#[derive(Debug, Clone)]
struct Slot {
    /// None for the root and for values that are not in the document now (undo may bring them back).
    parent: Option<Key>,
    /// Where among its parent's items the value stood when it was read: where to begin to look.
    near: u32,
    data: Data,
}

/// One JSON value, borrowed.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueRef<'a> {
    Object,
    Array,
    String(Cow<'a, str>),
    /// The number as it is written.
    Number(&'a str),
    Bool(bool),
    Null,
}

/// A release-flow document; see the module's words.
#[derive(Debug, Clone)]
pub struct Document {
    slots: Vec<Slot>,
    root: Key,
    flow: Key,
    /// White space before and after the root value.
    lead: Box<str>,
    trail: Box<str>,
    symbols: Symbols,
    /// Which values were changed, in the order in which it happened.
    log: Vec<Key>,
}

impl Document {
    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Key {
        self.root
    }

    /// The object that is the release flow: `apiVersion`, `spec`, `triggers` … are its members. The
    /// outermost value, or the flow inside it that [`Document::open_flow`] chose.
    #[must_use]
    pub fn flow(&self) -> Key {
        self.flow
    }

    /// From now on the flow is the one at `key` (see [`Document::flows`]): everything that asks for
    /// the flow, its nodes or what is wrong with it looks there. Text and pointers remain those of
    /// the whole document.
    pub fn open_flow(&mut self, key: Key) {
        self.flow = key;
    }

    /// A number that grows with every change, for [`Document::changed_since`].
    #[must_use]
    pub fn revision(&self) -> usize {
        self.log.len()
    }

    /// The values that were given another content since a revision of this very document: another
    /// scalar, or other members or elements. Some more than once, and some that are no longer part
    /// of it; all that is inside a value is named itself, or came or went with it. Whoever keeps
    /// something about a document learns here what to look at again, whatever changed it.
    #[must_use]
    pub fn changed_since(&self, revision: usize) -> &[Key] {
        self.log.get(revision..).unwrap_or_default()
    }

    /// The value at `key`.
    #[must_use]
    pub fn value(&self, key: Key) -> ValueRef<'_> {
        match self.data(key) {
            Data::Object(..) => ValueRef::Object,
            Data::Array(..) => ValueRef::Array,
            Data::String(lexeme, decoded) => {
                ValueRef::String(Cow::Borrowed(string_text(lexeme, decoded.as_deref())))
            }
            Data::Number(lexeme) => ValueRef::Number(lexeme),
            Data::Bool(value) => ValueRef::Bool(*value),
            Data::Null => ValueRef::Null,
        }
    }

    /// The decoded text of a string; None for any other value.
    #[must_use]
    pub fn str(&self, key: Key) -> Option<&str> {
        match self.data(key) {
            Data::String(lexeme, decoded) => Some(string_text(lexeme, decoded.as_deref())),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_object(&self, key: Key) -> bool {
        matches!(self.data(key), Data::Object(..))
    }

    #[must_use]
    pub fn is_array(&self, key: Key) -> bool {
        matches!(self.data(key), Data::Array(..))
    }

    /// The member `name` of an object. Of several with the same name the last one counts, as in
    /// `JSON.parse`.
    #[must_use]
    pub fn get(&self, object: Key, name: &str) -> Option<Key> {
        self.member_index(object, name).map(|index| self.data(object).items()[index].value)
    }

    fn member_index(&self, object: Key, name: &str) -> Option<usize> {
        let Data::Object(items, _) = self.data(object) else { return None };
        items.iter().rposition(|item| {
            item.name.is_some_and(|(lexeme, _)| self.symbols.name(lexeme) == name)
        })
    }

    /// Follows member names down from `from`.
    #[must_use]
    pub fn at(&self, from: Key, path: &[&str]) -> Option<Key> {
        path.iter().try_fold(from, |key, name| self.get(key, name))
    }

    /// The members of an object, in order; nothing for any other value.
    pub fn members(&self, key: Key) -> impl Iterator<Item = (&str, Key)> {
        self.data(key)
            .items()
            .iter()
            .filter_map(|item| item.name.map(|(lexeme, _)| (self.symbols.name(lexeme), item.value)))
    }

    /// The elements of an array, in order; nothing for any other value.
    pub fn elements(&self, key: Key) -> impl ExactSizeIterator<Item = Key> + '_ {
        let items = match self.data(key) {
            Data::Array(items, _) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(|item| item.value)
    }

    /// The object or array that holds `key`; None for the root and for values that are not in the
    /// document now.
    #[must_use]
    pub fn parent(&self, key: Key) -> Option<Key> {
        self.slots[key.index()].parent
    }

    /// Whether `key` is part of the document as it is now.
    #[must_use]
    pub fn contains(&self, key: Key) -> bool {
        let mut at = key;
        loop {
            if at == self.root {
                return true;
            }
            match self.slots.get(at.index()).and_then(|slot| slot.parent) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
    }

    /// The value as `serde_json` has it. Numbers become the nearest double; one beyond the range of
    /// doubles becomes the text that it is written as, which is no number to whoever checks it.
    #[must_use]
    pub fn to_json(&self, key: Key) -> serde_json::Value {
        use serde_json::Value;
        match self.data(key) {
            Data::Object(items, _) => Value::Object(
                items
                    .iter()
                    .filter_map(|item| {
                        let (lexeme, _) = item.name?;
                        Some((self.symbols.name(lexeme).to_owned(), self.to_json(item.value)))
                    })
                    .collect(),
            ),
            Data::Array(items, _) => {
                Value::Array(items.iter().map(|item| self.to_json(item.value)).collect())
            }
            Data::String(lexeme, decoded) => {
                Value::String(string_text(lexeme, decoded.as_deref()).to_owned())
            }
            Data::Number(lexeme) => {
                serde_json::from_str(lexeme).unwrap_or_else(|_| Value::String(lexeme.to_string()))
            }
            Data::Bool(value) => Value::Bool(*value),
            Data::Null => Value::Null,
        }
    }

    pub(crate) fn data(&self, key: Key) -> &Data {
        &self.slots[key.index()].data
    }

    fn symbol(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }

    fn intern(&mut self, text: &str) -> Symbol {
        self.symbols.intern(text)
    }
}

fn string_text<'a>(lexeme: &'a str, decoded: Option<&'a str>) -> &'a str {
    decoded.unwrap_or_else(|| &lexeme[1..lexeme.len() - 1])
}
