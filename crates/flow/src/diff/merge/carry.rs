//! The edits of mine that make the merged document.

use std::collections::{HashMap, HashSet};

use super::{
    super::outline::{Class, LISTS, Part},
    Plan, Side,
    settle::{Placed, Tree},
    values::Edit,
};
use crate::{
    change::ChangeSet,
    document::{Document, Editing, Key},
};

pub(super) fn out(plan: &Plan, mine: &mut Document, theirs: &Document) -> ChangeSet {
    let flow = mine.flow();
    let guarded = guarded(&plan.tree, mine);
    let carrying = Carrying { tree: &plan.tree, theirs, flow, edit: mine.edit() };
    carrying.run(&plan.edits, &guarded)
}

/// Values of mine that hold what stays, and so stay themselves.
fn guarded(tree: &Tree, mine: &Document) -> HashSet<Key> {
    let mut guarded = HashSet::new();
    for one in &tree.order {
        let placed = &tree.all[*one];
        let holds = !placed.children.is_empty() && placed.class != Class::Settings;
        match placed.class {
            Class::Settings => {}
            Class::List if holds => guarded.extend(placed.mine),
            Class::Root | Class::Item if holds => {
                let steps = placed.mine.and_then(|node| mine.node(node).steps_array());
                if steps.is_some() {
                    let spec = placed.mine.and_then(|node| mine.node(node).spec());
                    guarded.extend([placed.mine, spec, steps].into_iter().flatten());
                }
            }
            _ => {}
        }
        if placed.class == Class::Root && placed.mine.is_some() {
            guarded.extend(placed.mine);
            guarded.insert(mine.flow());
            if placed.part == Part::Teardown {
                guarded.extend(mine.get(mine.flow(), "teardownSpec"));
            }
        }
    }
    guarded
}

struct Carrying<'a, 'd> {
    tree: &'a Tree,
    theirs: &'a Document,
    /// Of mine.
    flow: Key,
    edit: Editing<'d>,
}

impl Carrying<'_, '_> {
    fn run(mut self, edits: &[Edit], guarded: &HashSet<Key>) -> ChangeSet {
        for edit in edits {
            self.member(edit, guarded);
        }
        let lists = self.lists();
        self.edit.arrange(&lists);
        self.edit.finish()
    }

    fn member(&mut self, edit: &Edit, guarded: &HashSet<Key>) {
        match edit {
            Edit::Set { object, name, value } => {
                let text = self.text(*value, *object);
                self.edit.set_text(*object, name, &text);
            }
            Edit::Replace { at, value } if !guarded.contains(at) => {
                let text = match self.edit.document().parent(*at) {
                    Some(container) => self.text(*value, container),
                    None => self.theirs.text_of(*value),
                };
                // It is part of a document, so it is JSON.
                let _ = self.edit.replace_text(*at, &text);
            }
            Edit::Remove { object, name } => {
                // Of several members with one name each shows the one before it.
                while let Some(key) = self.edit.document().get(*object, name) {
                    if guarded.contains(&key) {
                        break;
                    }
                    self.edit.remove(key);
                }
            }
            Edit::Arrange { array, elements } => {
                let mut arranged = Vec::with_capacity(elements.len());
                for (side, value) in elements {
                    match side {
                        Side::Mine => arranged.push(*value),
                        Side::Theirs => {
                            let text = self.text(*value, *array);
                            arranged.extend(self.edit.graft(&text));
                        }
                    }
                }
                self.edit.arrange(&[(*array, arranged)]);
            }
            Edit::Replace { .. } => {}
        }
    }

    /// The text of a value of theirs, without what comes as nodes.
    fn text(&self, value: Key, container: Key) -> String {
        let blank = |key: Key| self.tree.structure.contains(&key);
        let mine = self.edit.document();
        let holds = self.holds_structure(value);
        self.theirs.text_for(value, holds.then_some(&blank), mine, container)
    }

    /// As deep as documents nest, which the parser bounds.
    fn holds_structure(&self, value: Key) -> bool {
        self.tree.structure.contains(&value)
            || self.theirs.members(value).any(|(_, member)| self.holds_structure(member))
    }

    /// What stands in each list; what comes from theirs is grafted into mine on the way.
    fn lists(&mut self) -> Vec<(Key, Vec<Key>)> {
        let tree = self.tree;
        let mut lists = tree.left.clone();
        let mut keys: HashMap<usize, Key> =
            tree.order.iter().filter_map(|one| Some((*one, tree.all[*one].mine?))).collect();
        let mut skipped = HashSet::new();
        for one in tree.order.iter().copied() {
            let placed = &tree.all[one];
            if skipped.contains(&one) {
                skipped.extend(placed.children.iter().copied());
                continue;
            }
            if placed.class == Class::Root && placed.mine.is_none() {
                keys.extend(self.add_root(placed).map(|key| (one, key)));
            }
            if placed.whole && placed.class != Class::List {
                skipped.extend(placed.children.iter().copied());
                continue;
            }
            if placed.class == Class::Settings {
                continue;
            }
            let Some(array) = self.array(placed, keys.get(&one).copied()) else { continue };
            let mut elements = Vec::with_capacity(placed.children.len());
            for child in placed.children.iter().copied() {
                let key = keys.get(&child).copied().or_else(|| self.graft(&tree.all[child], array));
                if let Some(key) = key {
                    keys.insert(child, key);
                    elements.push(key);
                }
            }
            lists.push((array, elements));
        }
        lists
    }

    /// The array of a node or list, made where something has to go into it.
    fn array(&mut self, placed: &Placed, key: Option<Key>) -> Option<Key> {
        let wanted = !placed.children.is_empty();
        if placed.class == Class::List {
            let (_, _, name) = LISTS.into_iter().find(|list| list.1 == placed.part)?;
            return self.list(self.flow, name, "[]", wanted);
        }
        let spec = self.list(key?, "spec", "{}", wanted)?;
        self.list(spec, "steps", "[]", wanted)
    }

    /// The member of an object that is of the same sort as `empty`.
    fn list(&mut self, object: Key, name: &str, empty: &str, wanted: bool) -> Option<Key> {
        let document = self.edit.document();
        let found = document.get(object, name).filter(|key| {
            if empty == "[]" { document.is_array(*key) } else { document.is_object(*key) }
        });
        match found {
            None if wanted => self.edit.set_text(object, name, empty),
            found => found,
        }
    }

    fn add_root(&mut self, placed: &Placed) -> Option<Key> {
        let root = placed.theirs?;
        let mut holder = self.flow;
        if placed.part == Part::Teardown {
            let around = self.theirs.parent(root)?;
            let document = self.edit.document();
            let found = document.get(holder, "teardownSpec");
            holder = match found.filter(|key| document.is_object(*key)) {
                Some(found) => found,
                None => {
                    let text = self.text(around, holder);
                    self.edit.set_text(holder, "teardownSpec", &text)?
                }
            };
        }
        let text = self.node_text(placed, holder)?;
        self.edit.set_text(holder, "spec", &text)
    }

    fn graft(&mut self, placed: &Placed, array: Key) -> Option<Key> {
        let text = self.node_text(placed, array)?;
        let key = self.edit.graft(&text)?;
        if let Some(name) = &placed.new_ref {
            self.edit.set(key, "ref", &serde_json::Value::from(name.as_str()));
        }
        Some(key)
    }

    fn node_text(&self, placed: &Placed, container: Key) -> Option<String> {
        let node = placed.theirs?;
        // A root itself is structure, but not to be left out here.
        let blank = |key: Key| key != node && self.tree.structure.contains(&key);
        let inside = (!placed.whole).then_some(&blank as &dyn Fn(Key) -> bool);
        let steps = self.theirs.node(node).steps_array().is_some();
        Some(self.theirs.text_for(node, inside.filter(|_| steps), self.edit.document(), container))
    }
}
