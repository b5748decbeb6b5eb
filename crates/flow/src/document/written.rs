//! Changes as data that can be kept: what a journal writes after each step, and reads after a crash.
//!
//! Changes name values by their keys, so they can be read only into a document that has gone the
//! same way: the same text parsed, the same changes read and applied in the same order.

use serde::{Deserialize, Serialize};

use super::{Data, Document, Item, Key, Slot};
use crate::change::{ChangeSet, Edit, Stale};

/// One set of changes, with the values that were made for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// How many values there were before.
    from: usize,
    /// Values made since, as they were before the changes.
    made: Vec<Content>,
    edits: Vec<WrittenEdit>,
}

/// A value, those inside it by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Content {
    #[serde(rename = "o")]
    Object(Vec<Row>, String),
    #[serde(rename = "a")]
    Array(Vec<Row>, String),
    /// As it is written.
    #[serde(rename = "v")]
    Scalar(String),
}

/// White space before, name and colon, value, white space after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row(String, Option<(String, String)>, u32, String);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum WrittenEdit {
    #[serde(rename = "r")]
    Replace { key: u32, old: Content, new: Content },
    #[serde(rename = "s")]
    Splice { key: u32, at: usize, removed: Vec<Row>, inserted: Vec<Row>, gap: (String, String) },
    #[serde(rename = "w")]
    Around { old: (String, String), new: (String, String) },
}

impl Document {
    /// How many values there are, also such as are no longer part of the text: what
    /// [`Document::write_changes`] wants to know of the moment before.
    #[must_use]
    pub fn made(&self) -> usize {
        self.slots.len()
    }

    /// The value with that number (see [`Key::number`]), if there ever was one.
    #[must_use]
    pub fn key(&self, number: u32) -> Option<Key> {
        let index = (number as usize).checked_sub(1)?;
        (index < self.slots.len()).then(|| Key::of(index))
    }

    /// Changes that were just made, for keeping. `from` is [`Document::made`] of when the last ones
    /// were written, or of when the document was opened.
    #[must_use]
    pub fn write_changes(&self, from: usize, changes: &ChangeSet) -> Written {
        let mut made: Vec<Data> =
            self.slots[from.min(self.slots.len())..].iter().map(|slot| slot.data.clone()).collect();
        for edit in changes.edits.iter().rev() {
            let (Edit::Replace { key, .. } | Edit::Splice { container: key, .. }) = edit else {
                continue;
            };
            let Some(data) = key.index().checked_sub(from).and_then(|at| made.get_mut(at)) else {
                continue;
            };
            take_back(data, edit);
        }
        Written {
            from,
            made: made.iter().map(|data| self.content(data)).collect(),
            edits: changes.edits.iter().map(|edit| self.written_edit(edit)).collect(),
        }
    }

    fn written_edit(&self, edit: &Edit) -> WrittenEdit {
        match edit {
            Edit::Replace { key, old, new } => WrittenEdit::Replace {
                key: key.number(),
                old: self.content(old),
                new: self.content(new),
            },
            Edit::Splice { container, at, removed, inserted, gap } => WrittenEdit::Splice {
                key: container.number(),
                at: *at,
                removed: self.rows(removed),
                inserted: self.rows(inserted),
                gap: (self.symbol(gap.0).to_owned(), self.symbol(gap.1).to_owned()),
            },
            Edit::Around { old, new } => {
                let both = |(before, after): &(Box<str>, Box<str>)| {
                    (before.to_string(), after.to_string())
                };
                WrittenEdit::Around { old: both(old), new: both(new) }
            }
        }
    }

    fn content(&self, data: &Data) -> Content {
        let word = match data {
            Data::Object(items, gap) => {
                return Content::Object(self.rows(items), self.symbol(*gap).to_owned());
            }
            Data::Array(items, gap) => {
                return Content::Array(self.rows(items), self.symbol(*gap).to_owned());
            }
            Data::String(lexeme, _) | Data::Number(lexeme) => lexeme,
            Data::Bool(true) => "true",
            Data::Bool(false) => "false",
            Data::Null => "null",
        };
        Content::Scalar(word.to_owned())
    }

    fn rows(&self, items: &[Item]) -> Vec<Row> {
        let text = |symbol| self.symbol(symbol).to_owned();
        let row = |item: &Item| {
            let name = item.name.map(|(name, colon)| (text(name), text(colon)));
            Row(text(item.before), name, item.value.number(), text(item.after))
        };
        items.iter().map(row).collect()
    }

    /// Reads changes that were kept, to be applied next. The values that they need are there then.
    ///
    /// # Errors
    /// [`Stale`] when they belong to another document or another moment of it; nothing has changed
    /// then.
    pub fn read_changes(&mut self, written: &Written) -> Result<ChangeSet, Stale> {
        let from = self.slots.len();
        if written.from != from {
            return Err(Stale);
        }
        let nothing = Slot { parent: None, near: 0, data: Data::Null };
        self.slots.resize(from + written.made.len(), nothing);
        self.read_made(written, from).inspect_err(|_| self.slots.truncate(from))
    }

    fn read_made(&mut self, written: &Written, from: usize) -> Result<ChangeSet, Stale> {
        let made: Result<Vec<Data>, Stale> =
            written.made.iter().map(|content| self.data_of(content)).collect();
        let made = made?;
        let edits: Result<Vec<Edit>, Stale> =
            written.edits.iter().map(|edit| self.edit_of(edit)).collect();
        let edits = edits?;
        for (at, data) in made.into_iter().enumerate() {
            let key = Key::of(from + at);
            for (near, item) in data.items().iter().enumerate() {
                let slot = &mut self.slots[item.value.index()];
                // Only what was made with it can be inside it already.
                if item.value.index() >= from {
                    slot.parent = Some(key);
                    slot.near = u32::try_from(near).unwrap_or_default();
                }
            }
            self.slots[key.index()].data = data;
        }
        Ok(ChangeSet { edits })
    }

    fn edit_of(&mut self, written: &WrittenEdit) -> Result<Edit, Stale> {
        Ok(match written {
            WrittenEdit::Replace { key, old, new } => Edit::Replace {
                key: self.key(*key).ok_or(Stale)?,
                old: self.data_of(old)?,
                new: self.data_of(new)?,
            },
            WrittenEdit::Splice { key, at, removed, inserted, gap } => Edit::Splice {
                container: self.key(*key).ok_or(Stale)?,
                at: *at,
                removed: self.items_of(removed)?,
                inserted: self.items_of(inserted)?,
                gap: (self.intern(&gap.0), self.intern(&gap.1)),
            },
            WrittenEdit::Around { old, new } => {
                let both = |(before, after): &(String, String)| {
                    (before.as_str().into(), after.as_str().into())
                };
                Edit::Around { old: both(old), new: both(new) }
            }
        })
    }

    fn data_of(&mut self, content: &Content) -> Result<Data, Stale> {
        Ok(match content {
            Content::Object(rows, gap) => Data::Object(self.items_of(rows)?, self.intern(gap)),
            Content::Array(rows, gap) => Data::Array(self.items_of(rows)?, self.intern(gap)),
            Content::Scalar(text) => {
                let read = Self::parse(text).map_err(|_| Stale)?;
                match read.data(read.root) {
                    Data::Object(..) | Data::Array(..) => return Err(Stale),
                    scalar => scalar.clone(),
                }
            }
        })
    }

    fn items_of(&mut self, rows: &[Row]) -> Result<Vec<Item>, Stale> {
        let mut items = Vec::with_capacity(rows.len());
        for Row(before, name, value, after) in rows {
            items.push(Item {
                before: self.intern(before),
                name: name.as_ref().map(|(name, colon)| (self.intern(name), self.intern(colon))),
                value: self.key(*value).ok_or(Stale)?,
                after: self.intern(after),
            });
        }
        Ok(items)
    }
}

/// Makes the value what it was before the edit.
fn take_back(data: &mut Data, edit: &Edit) {
    match edit {
        Edit::Replace { old, .. } => *data = old.clone(),
        Edit::Splice { at, removed, inserted, gap, .. } => {
            if let Data::Object(items, space) | Data::Array(items, space) = data {
                let end = (at + inserted.len()).min(items.len());
                items.splice((*at).min(end)..end, removed.iter().copied());
                *space = gap.0;
            }
        }
        Edit::Around { .. } => {}
    }
}
