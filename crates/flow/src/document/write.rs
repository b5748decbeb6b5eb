//! Tree to text, and where each value stands in it.

use std::{collections::HashMap, ops::Range};

use super::{Data, Document, Key};

impl Document {
    /// The document's text: byte for byte what was parsed, where it was not edited.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.slots.len() * 16);
        out.push_str(&self.lead);
        self.write(self.root, &mut out, &mut |_, _| {});
        out.push_str(&self.trail);
        out
    }

    /// The text of one value, with the indentation it has in the document.
    #[must_use]
    pub fn text_of(&self, key: Key) -> String {
        let mut out = String::new();
        self.write(key, &mut out, &mut |_, _| {});
        out
    }

    /// Where the value stands in [`Document::text`], in bytes; an empty range at the start for a
    /// value that is not in the document now. Walks the document: for many, see [`Document::spans`].
    #[must_use]
    pub fn span(&self, key: Key) -> Range<usize> {
        self.spans().remove(&key).unwrap_or_default()
    }

    /// Where every value stands in [`Document::text`], in bytes.
    #[must_use]
    pub fn spans(&self) -> HashMap<Key, Range<usize>> {
        let mut spans = HashMap::with_capacity(self.slots.len());
        let mut out = self.lead.to_string();
        self.write(self.root, &mut out, &mut |key, span| {
            spans.insert(key, span);
        });
        spans
    }

    fn write(&self, key: Key, out: &mut String, seen: &mut impl FnMut(Key, Range<usize>)) {
        let from = out.len();
        match self.data(key) {
            Data::Object(items, gap) | Data::Array(items, gap) => {
                let object = matches!(self.data(key), Data::Object(..));
                out.push(if object { '{' } else { '[' });
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(self.symbol(item.before));
                    if let Some((name, colon)) = item.name {
                        out.push_str(self.symbol(name));
                        out.push_str(self.symbol(colon));
                    }
                    self.write(item.value, out, seen);
                    out.push_str(self.symbol(item.after));
                }
                out.push_str(self.symbol(*gap));
                out.push(if object { '}' } else { ']' });
            }
            Data::String(lexeme, _) | Data::Number(lexeme) => out.push_str(lexeme),
            Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Data::Null => out.push_str("null"),
        }
        seen(key, from..out.len());
    }
}
