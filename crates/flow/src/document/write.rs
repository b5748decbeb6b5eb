//! Tree to text.

use std::ops::Range;

use super::{Data, Document, Item, Key};

/// What a value is written as, piece by piece.
pub(super) enum Piece<'d> {
    Text(&'d str),
    /// Another value's text.
    Value(Key),
}

impl Document {
    /// The document's text: byte for byte what was parsed, where it was not edited.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.slots.len() * 16);
        out.push_str(&self.lead);
        self.write(self.root, &mut out);
        out.push_str(&self.trail);
        out
    }

    /// The text of one value, with the indentation it has in the document.
    #[must_use]
    pub fn text_of(&self, key: Key) -> String {
        let mut out = String::new();
        self.write(key, &mut out);
        out
    }

    fn write(&self, key: Key, out: &mut String) {
        self.pieces(key, &mut |piece| match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(inner) => self.write(inner, out),
        });
    }

    /// The brackets of an object or an array.
    pub(super) fn brackets(&self, key: Key) -> [&'static str; 2] {
        if self.is_object(key) { ["{", "}"] } else { ["[", "]"] }
    }

    /// A container's text with some of its items only.
    pub(super) fn text_of_items(&self, key: Key, items: Range<usize>) -> String {
        let [open, close] = self.brackets(key);
        let mut out = open.to_owned();
        for (index, item) in self.data(key).items()[items].iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            self.item_pieces(item, &mut |piece| match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(inner) => self.write(inner, &mut out),
            });
        }
        out.push_str(close);
        out
    }

    /// The text of the value at `key`, in order: all that is its own, and which values stand where.
    pub(super) fn pieces<'d>(&'d self, key: Key, give: &mut impl FnMut(Piece<'d>)) {
        let (items, gap, brackets) = match self.data(key) {
            Data::Object(items, gap) => (items, gap, ["{", "}"]),
            Data::Array(items, gap) => (items, gap, ["[", "]"]),
            Data::String(lexeme, _) | Data::Number(lexeme) => return give(Piece::Text(lexeme)),
            Data::Bool(true) => return give(Piece::Text("true")),
            Data::Bool(false) => return give(Piece::Text("false")),
            Data::Null => return give(Piece::Text("null")),
        };
        give(Piece::Text(brackets[0]));
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                give(Piece::Text(","));
            }
            self.item_pieces(item, give);
        }
        give(Piece::Text(self.symbol(*gap)));
        give(Piece::Text(brackets[1]));
    }

    /// The text of one item of a container.
    pub(super) fn item_pieces<'d>(&'d self, item: &Item, give: &mut impl FnMut(Piece<'d>)) {
        give(Piece::Text(self.symbol(item.before)));
        if let Some((name, colon)) = item.name {
            give(Piece::Text(self.symbol(name)));
            give(Piece::Text(self.symbol(colon)));
        }
        give(Piece::Value(item.value));
        give(Piece::Text(self.symbol(item.after)));
    }
}
