//! Changes that read as if made by hand: new text takes the spacing of what stands around it, and
//! not one byte elsewhere changes.
//!
//! - `layout`: the spacing of new text. - `strings`: parts of a string. - `rewrite`: text that is
//!   typed. - `pairing`: what is still there in it. - `bounds`: how deep it all nests.

mod bounds;
mod layout;
mod pairing;
mod rewrite;
mod strings;
#[cfg(test)]
mod tests;

use serde_json::Value;

use self::layout::{pretty, reindent};
pub use self::rewrite::Misread;
use super::{Data, Document, Item, Key, ParseError, Symbol};
use crate::change::{ChangeSet, Edit, Stale};

/// Edits in the making: each takes effect at once, and [`Editing::finish`] gives them as one set.
#[derive(Debug)]
pub struct Editing<'d> {
    pub(super) document: &'d mut Document,
    changes: ChangeSet,
}

impl Document {
    /// Begins a set of edits.
    pub fn edit(&mut self) -> Editing<'_> {
        Editing { document: self, changes: ChangeSet::default() }
    }

    pub(crate) fn apply_edit(&mut self, edit: &Edit) -> Result<(), Stale> {
        match edit {
            Edit::Replace { key, old, new } => {
                if self.data(*key) != old {
                    return Err(Stale);
                }
                self.adopt(old.items(), None);
                self.adopt(new.items(), Some(*key));
                self.slots[key.index()].data = new.clone();
                self.log.push(*key);
            }
            Edit::Splice { container, at, removed, inserted, gap } => {
                let (Data::Object(items, space) | Data::Array(items, space)) =
                    &mut self.slots[container.index()].data
                else {
                    return Err(Stale);
                };
                let range = *at..*at + removed.len();
                if items.get(range.clone()) != Some(removed.as_slice()) || *space != gap.0 {
                    return Err(Stale);
                }
                items.splice(range, inserted.iter().copied());
                *space = gap.1;
                self.adopt(removed, None);
                self.adopt(inserted, Some(*container));
                self.log.push(*container);
            }
            Edit::Around { old, new } => {
                if (&self.lead, &self.trail) != (&old.0, &old.1) {
                    return Err(Stale);
                }
                (self.lead, self.trail) = new.clone();
                self.log.push(self.root);
            }
        }
        Ok(())
    }

    fn adopt(&mut self, items: &[Item], parent: Option<Key>) {
        for item in items {
            self.slots[item.value.index()].parent = parent;
        }
    }
}

impl Editing<'_> {
    /// The document as it is now.
    #[must_use]
    pub fn document(&self) -> &Document {
        self.document
    }

    /// All edits as one set. They are in force already.
    #[must_use]
    pub fn finish(self) -> ChangeSet {
        ChangeSet::default().squash(self.changes)
    }

    /// Takes all edits back.
    pub fn cancel(self) {
        // They are in force, so the document is in the state that their inverse is made for.
        let _ = self.document.apply(&self.changes.inverse());
    }

    /// Gives the member `name` of an object a value, adding it at the end where it is missing. An
    /// equal value leaves the text alone. Returns the member's key; None when `object` is not one.
    pub fn set(&mut self, object: Key, name: &str, value: &Value) -> Option<Key> {
        self.set_after(object, name, value, &[])
    }

    /// As [`Editing::set`]; a new member goes behind the last of the members `after` that exist.
    pub fn set_after(
        &mut self,
        object: Key,
        name: &str,
        value: &Value,
        after: &[&str],
    ) -> Option<Key> {
        if let Some(key) = self.document.get(object, name) {
            self.replace(key, value);
            return Some(key);
        }
        let text = self.document.layout(object, value);
        self.add_member(object, name, &text, after)
    }

    /// Gives the member `name` of an object the value written in `text`, byte for byte. None when
    /// `object` is not one, or the text is not JSON; nothing changes then.
    pub fn set_text(&mut self, object: Key, name: &str, text: &str) -> Option<Key> {
        match self.document.get(object, name) {
            Some(key) => self.replace_text(key, text).ok().map(|()| key),
            None => self.add_member(object, name, text, &[]),
        }
    }

    fn add_member(&mut self, object: Key, name: &str, text: &str, after: &[&str]) -> Option<Key> {
        if !self.document.is_object(object) {
            return None;
        }
        let key = self.document.graft(text).ok()?;
        let items = self.document.data(object).items();
        let at = after
            .iter()
            .filter_map(|name| self.document.member_index(object, name))
            .max()
            .map_or(items.len(), |index| index + 1);
        let colon = items.first().and_then(|item| item.name).map(|(_, colon)| colon);
        let colon = colon.unwrap_or_else(|| {
            let lines = self.document.in_lines(object);
            self.document.intern(if lines { ": " } else { ":" })
        });
        let name = self.document.intern(&Value::from(name).to_string());
        self.insert_item(object, at, Some((name, colon)), key);
        Some(key)
    }

    /// Gives the value at `path` (member names down from `object`) another value; objects that are
    /// missing on the way are made. Returns the member's key; None where something on the way is no
    /// object.
    pub fn set_at(&mut self, object: Key, path: &[&str], value: &Value) -> Option<Key> {
        let (last, way) = path.split_last()?;
        let mut at = object;
        for (index, name) in way.iter().enumerate() {
            let Some(inner) = self.document.get(at, name) else {
                // All that is missing at once, so that it is laid out as one.
                let missing = path[index + 1..]
                    .iter()
                    .rev()
                    .fold(value.clone(), |inner, name| Value::from_iter([(*name, inner)]));
                let made = self.set(at, name, &missing)?;
                return self.document.at(made, &path[index + 1..]);
            };
            at = inner;
        }
        self.set(at, last, value)
    }

    /// Gives the member that has the value `key` another name; nothing for any other value.
    pub fn rename_member(&mut self, key: Key, name: &str) {
        let Some(container) = self.document.parent(key) else { return };
        let Some(at) = self.document.index_in_parent(key) else { return };
        let item = self.document.data(container).items()[at];
        let Some((_, colon)) = item.name else { return };
        let name = self.document.intern(&Value::from(name).to_string());
        let renamed = Item { name: Some((name, colon)), ..item };
        self.splice(container, at, vec![item], vec![renamed]);
    }

    /// Puts another value in the place of the one at `key`. An equal value leaves the text alone.
    pub fn replace(&mut self, key: Key, value: &Value) {
        if self.document.to_json(key) == *value {
            return;
        }
        let lines = self.document.parent(key).is_none_or(|parent| self.document.in_lines(parent));
        let text = if lines {
            pretty(value, &self.document.indent_unit(), &self.document.line_indent(key))
        } else {
            value.to_string()
        };
        // Text that we laid out ourselves is JSON; were it not, nothing would change.
        let _ = self.replace_text(key, &text);
    }

    /// Puts the value written in `text` in the place of the one at `key`, byte for byte.
    ///
    /// # Errors
    /// When the text is not JSON; nothing changes then.
    pub fn replace_text(&mut self, key: Key, text: &str) -> Result<(), ParseError> {
        let made = self.document.graft(text)?;
        let new = self.document.data(made).clone();
        let old = self.document.data(key).clone();
        self.perform(Edit::Replace { key, old, new });
        Ok(())
    }

    /// Puts a new value into an array, before the element `index` (or at the end). None when
    /// `array` is not one.
    pub fn insert(&mut self, array: Key, index: usize, value: &Value) -> Option<Key> {
        if !self.document.is_array(array) {
            return None;
        }
        let text = self.document.layout(array, value);
        let key = self.document.graft(&text).ok()?;
        self.insert_item(array, index, None, key);
        Some(key)
    }

    /// As [`Editing::insert`], with values written as text, which keep their bytes but for the
    /// indentation of their lines. Linear, also for many.
    ///
    /// # Errors
    /// When a text is not JSON; nothing changes then.
    pub fn insert_texts(
        &mut self,
        array: Key,
        index: usize,
        texts: &[impl AsRef<str>],
    ) -> Result<Option<Vec<Key>>, ParseError> {
        if !self.document.is_array(array) {
            return Ok(None);
        }
        let (base, unit) = (self.document.child_indent(array), self.document.indent_unit());
        let mut keys = Vec::with_capacity(texts.len());
        for text in texts {
            let text = reindent(text.as_ref().trim(), &base, Some(&unit));
            keys.push(self.document.graft(&text)?);
        }
        let mut elements: Vec<Key> = self.document.elements(array).collect();
        let at = index.min(elements.len());
        elements.splice(at..at, keys.iter().copied());
        self.arrange(&[(array, elements)]);
        Ok(Some(keys))
    }

    /// Gives a member or an element another place in the object or array that holds it: before the
    /// item `index` as counted without it.
    pub fn reorder(&mut self, key: Key, index: usize) {
        let Some(container) = self.document.parent(key) else { return };
        let Some(at) = self.document.index_in_parent(key) else { return };
        let items = self.document.data(container).items();
        if at == index.min(items.len() - 1) {
            return;
        }
        let name = items[at].name;
        self.remove(key);
        self.insert_item(container, index, name, key);
    }

    /// Takes a value out of the object or array that holds it. The root stays.
    pub fn remove(&mut self, key: Key) {
        let Some(container) = self.document.parent(key) else { return };
        let Some(at) = self.document.index_in_parent(key) else { return };
        let items = self.document.data(container).items();
        let removed = items[at];
        let edit = match (at.checked_sub(1).map(|index| items[index]), items.get(at + 1).copied()) {
            // The last one: its neighbour takes over the white space before the bracket.
            (Some(before), None) => {
                (at - 1, vec![before, removed], vec![Item { after: removed.after, ..before }])
            }
            (None, Some(next)) => {
                (at, vec![removed, next], vec![Item { before: removed.before, ..next }])
            }
            _ => (at, vec![removed], Vec::new()),
        };
        self.splice(container, edit.0, edit.1, edit.2);
    }

    /// Moves a value out of its array into `array`, before the element `index` as counted without
    /// it. Its text keeps its inner layout and takes the indentation of its new place.
    pub fn move_to(&mut self, key: Key, array: Key, index: usize) {
        if !self.document.is_array(array) || self.is_inside(array, key) {
            return;
        }
        let from = self.document.line_indent(key);
        self.remove(key);
        let to = self.document.child_indent(array);
        if from != to {
            self.indent_again(key, &from, &to);
        }
        self.insert_item(array, index, None, key);
    }

    fn is_inside(&self, key: Key, ancestor: Key) -> bool {
        let mut at = Some(key);
        while let Some(current) = at {
            if current == ancestor {
                return true;
            }
            at = self.document.parent(current);
        }
        false
    }

    /// Gives every line inside a value another indentation.
    pub(super) fn indent_again(&mut self, key: Key, from: &str, to: &str) {
        let old = self.document.data(key).clone();
        let mut new = old.clone();
        if let Data::Object(items, gap) | Data::Array(items, gap) = &mut new {
            for item in items.iter_mut() {
                item.before = self.indent_symbol(item.before, from, to);
                item.after = self.indent_symbol(item.after, from, to);
            }
            *gap = self.indent_symbol(*gap, from, to);
        }
        if new != old {
            self.perform(Edit::Replace { key, old, new });
        }
        let inner: Vec<Key> =
            self.document.data(key).items().iter().map(|item| item.value).collect();
        for value in inner {
            self.indent_again(value, from, to);
        }
    }

    fn indent_symbol(&mut self, symbol: Symbol, from: &str, to: &str) -> Symbol {
        let text = self.document.symbol(symbol);
        if !text.contains('\n') {
            return symbol;
        }
        let text = text.replace(&format!("\n{from}"), &format!("\n{to}"));
        self.document.intern(&text)
    }

    fn insert_item(
        &mut self,
        container: Key,
        index: usize,
        name: Option<(Symbol, Symbol)>,
        value: Key,
    ) {
        let none = self.document.intern("");
        let items = self.document.data(container).items();
        let Some(first) = items.first().copied() else {
            let (before, after) = if self.document.in_lines(container) {
                let inner = format!("\n{}", self.document.child_indent(container));
                let outer = format!("\n{}", self.document.line_indent(container));
                (self.document.intern(&inner), self.document.intern(&outer))
            } else {
                (none, none)
            };
            self.splice(container, 0, Vec::new(), vec![Item { before, name, value, after }]);
            return;
        };
        let (count, last) = (items.len(), items[items.len() - 1]);
        let (second, at) = (items.get(1).copied(), index.min(count));
        if at == count {
            // The new last one takes over the white space before the bracket.
            let before = if count > 1 || self.document.symbol(first.before).contains('\n') {
                last.before
            } else {
                self.document.intern(" ")
            };
            let inserted =
                vec![Item { after: none, ..last }, Item { before, name, value, after: last.after }];
            self.splice(container, at - 1, vec![last], inserted);
        } else if at == 0 {
            let second = match second {
                Some(second) => second.before,
                None if self.document.symbol(first.before).contains('\n') => first.before,
                None => self.document.intern(" "),
            };
            let inserted = vec![
                Item { before: first.before, name, value, after: none },
                Item { before: second, ..first },
            ];
            self.splice(container, 0, vec![first], inserted);
        } else {
            let before = items[at].before;
            self.splice(container, at, Vec::new(), vec![Item { before, name, value, after: none }]);
        }
    }

    pub(super) fn splice(
        &mut self,
        container: Key,
        at: usize,
        removed: Vec<Item>,
        inserted: Vec<Item>,
    ) {
        let (Data::Object(items, gap) | Data::Array(items, gap)) = self.document.data(container)
        else {
            return;
        };
        let gap = *gap;
        // Only an empty container has white space of its own; filled or emptied, it has none.
        let empties = items.len() + inserted.len() == removed.len();
        let after = if items.is_empty() || empties { self.document.intern("") } else { gap };
        self.perform(Edit::Splice { container, at, removed, inserted, gap: (gap, after) });
    }

    fn perform(&mut self, edit: Edit) {
        // The edit was made from the state that it is applied to.
        if self.document.apply_edit(&edit).is_ok() {
            self.changes.edits.push(edit);
        }
    }
}
