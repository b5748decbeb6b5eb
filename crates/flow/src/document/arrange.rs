//! Many edits of lists at once, in linear time, and text that comes from another document.

use std::collections::HashMap;

use super::{Data, Document, Editing, Item, Key};

/// How a value is laid out.
struct Layout<'a> {
    /// None: in one line.
    unit: Option<&'a str>,
    /// Values that are left out; a list is left empty.
    blank: &'a dyn Fn(Key) -> bool,
}

impl Document {
    /// The document's text laid out anew, each value on a line of its own. Numbers and strings keep
    /// their lexemes, members their order.
    #[must_use]
    pub fn formatted(&self) -> String {
        let layout = Layout { unit: Some("  "), blank: &|_| false };
        let mut out = String::new();
        self.lay_out(self.root, &layout, "\n", &mut out);
        out.push('\n');
        out
    }

    /// The text of a value of this document as it goes into `container` of another: as it is
    /// written, with that place's indentation, where both are laid out alike; else laid out anew.
    /// Numbers and strings keep their lexemes. Members and elements that `blank` names are left
    /// out, and of a list that it names all elements.
    pub(crate) fn text_for(
        &self,
        key: Key,
        blank: Option<&dyn Fn(Key) -> bool>,
        target: &Self,
        container: Key,
    ) -> String {
        let unit = target.indent_unit();
        let lines = target.in_lines(container);
        let base = format!("\n{}", target.child_indent(container));
        if blank.is_none() {
            let text = self.text_of(key);
            let in_lines = self.parent(key).is_some_and(|parent| self.in_lines(parent));
            if !text.contains('\n') && (in_lines || !lines) {
                return text;
            }
            if in_lines && lines && self.indent_unit() == unit {
                return text.replace(&format!("\n{}", self.line_indent(key)), &base);
            }
        }
        let layout =
            Layout { unit: lines.then_some(unit.as_str()), blank: blank.unwrap_or(&|_| false) };
        let mut out = String::new();
        self.lay_out(key, &layout, &base, &mut out);
        out
    }

    /// As deep as documents nest, which the parser bounds.
    fn lay_out(&self, key: Key, layout: &Layout<'_>, base: &str, out: &mut String) {
        let object = match self.data(key) {
            Data::Object(..) => true,
            Data::Array(..) => false,
            _ => return out.push_str(&self.text_of(key)),
        };
        let empty = !object && (layout.blank)(key);
        let mut items = self.data(key).items().iter().filter(|item| {
            let is_list = self.is_array(item.value);
            !empty && (is_list || !(layout.blank)(item.value))
        });
        let inner = layout.unit.map(|unit| format!("{base}{unit}"));
        out.push(if object { '{' } else { '[' });
        let mut first = true;
        for item in items.by_ref() {
            if !first {
                out.push(',');
            }
            first = false;
            out.push_str(inner.as_deref().unwrap_or_default());
            if let Some((name, _)) = item.name {
                out.push_str(self.symbol(name));
                out.push_str(if layout.unit.is_some() { ": " } else { ":" });
            }
            self.lay_out(item.value, layout, inner.as_deref().unwrap_or_default(), out);
        }
        if !first && layout.unit.is_some() {
            out.push_str(base);
        }
        out.push(if object { '}' } else { ']' });
    }
}

impl Editing<'_> {
    /// Reads a value into the document, to be put somewhere by another edit. None when the text is
    /// not JSON.
    pub(crate) fn graft(&mut self, text: &str) -> Option<Key> {
        self.document.graft(text).ok()
    }

    /// Gives each array exactly these elements, in this order. The elements are ones that stand in
    /// some array now, or were grafted with the indentation of their place as it is; each is named
    /// once, and none goes into itself. Linear in the arrays that change, unlike moving elements
    /// one by one.
    pub fn arrange(&mut self, lists: &[(Key, Vec<Key>)]) {
        let lists: Vec<&(Key, Vec<Key>)> = lists
            .iter()
            .filter(|(array, elements)| {
                !self.document.elements(*array).eq(elements.iter().copied())
            })
            .collect();
        let indents_before: Vec<String> =
            lists.iter().map(|(array, _)| self.document.child_indent(*array)).collect();
        let goes: HashMap<Key, Key> = lists
            .iter()
            .flat_map(|(array, elements)| elements.iter().map(|element| (*element, *array)))
            .collect();
        // What goes elsewhere is taken out first, with the indentation that it has.
        let mut indents: HashMap<Key, String> = HashMap::new();
        for (array, _) in &lists {
            let old = self.document.data(*array).items().to_vec();
            let stays = |item: &&Item| goes.get(&item.value).is_none_or(|to| to == array);
            let staying: Vec<Key> = old.iter().filter(stays).map(|item| item.value).collect();
            if staying.len() == old.len() {
                continue;
            }
            let around = self.document.line_indent(*array);
            for item in old.iter().filter(|item| !stays(item)) {
                let before = self.document.symbol(item.before).rsplit_once('\n');
                let indent = before.map_or(around.as_str(), |(_, indent)| indent);
                indents.insert(item.value, indent.to_owned());
            }
            self.put(*array, &staying);
        }
        for ((array, elements), indent_before) in lists.iter().zip(indents_before) {
            for element in elements {
                match self.document.parent(*element) {
                    // Out of an array that is not among these.
                    Some(parent) if parent != *array => {
                        indents.insert(*element, self.document.line_indent(*element));
                        self.remove(*element);
                    }
                    Some(_) => {}
                    None => {
                        indents.entry(*element).or_insert_with(|| indent_before.clone());
                    }
                }
            }
            let to = self.document.child_indent(*array);
            for element in elements {
                if let Some(from) = indents.remove(element).filter(|from| *from != to) {
                    self.indent_again(*element, &from, &to);
                }
            }
            self.put(*array, elements);
        }
    }

    /// Puts elements in the place of those of an array. White space stays where it can.
    fn put(&mut self, array: Key, elements: &[Key]) {
        let old = self.document.data(array).items().to_vec();
        if old.iter().map(|item| item.value).eq(elements.iter().copied()) {
            return;
        }
        let none = self.document.intern("");
        let (open, between, close) = match (old.first(), old.last()) {
            (Some(first), Some(last)) => {
                let between = match old.get(1) {
                    Some(second) => second.before,
                    None if self.document.symbol(first.before).contains('\n') => first.before,
                    None => self.document.intern(" "),
                };
                (first.before, between, last.after)
            }
            _ if self.document.in_lines(array) => {
                let inner = format!("\n{}", self.document.child_indent(array));
                let outer = format!("\n{}", self.document.line_indent(array));
                let inner = self.document.intern(&inner);
                (inner, inner, self.document.intern(&outer))
            }
            _ => (none, self.document.intern(" "), none),
        };
        let was: HashMap<Key, usize> =
            old.iter().enumerate().map(|(at, item)| (item.value, at)).collect();
        let last = elements.len().saturating_sub(1);
        let new: Vec<Item> = elements
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let was = was.get(value).copied();
                let before = match was {
                    _ if at == 0 => open,
                    Some(was) if was > 0 => old[was].before,
                    _ => between,
                };
                let after = match was {
                    _ if at == last => close,
                    Some(was) if was + 1 < old.len() => old[was].after,
                    _ => none,
                };
                Item { before, name: None, value: *value, after }
            })
            .collect();
        let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let rest = (old[same..].iter().rev()).zip(new[same..].iter().rev());
        let tail = rest.take_while(|(old, new)| old == new).count();
        let removed = old[same..old.len() - tail].to_vec();
        let inserted = new[same..new.len() - tail].to_vec();
        self.splice(array, same, removed, inserted);
    }
}
