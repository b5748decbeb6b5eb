//! Members: what both versions say of a node, put together member by member.

use super::{
    super::{
        fields::{escape, label, names},
        outline::{Entry, Outline, Part},
        values::STRUCTURE,
    },
    About, Choice, Conflict, Side, Sides,
    three::Three,
    words,
};
use crate::document::{Document, Key};

/// One edit of mine, with values of theirs.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    Set {
        object: Key,
        name: String,
        value: Key,
    },
    Replace {
        at: Key,
        value: Key,
    },
    Remove {
        object: Key,
        name: String,
    },
    Append {
        array: Key,
        values: Vec<Key>,
    },
    /// Takes out elements of an array.
    Take {
        elements: Vec<Key>,
    },
}

/// What to do with members.
pub(super) struct Members {
    /// Only theirs changed it.
    pub(super) agreed: Vec<Edit>,
    /// By the conflict: how mine becomes theirs.
    pub(super) disputed: Vec<(usize, Vec<Edit>)>,
}

pub(super) fn find(three: &Three<'_>, conflicts: &mut Vec<Conflict>) -> Members {
    let mut members = Members { agreed: Vec::new(), disputed: Vec::new() };
    for one in 0..three.all.len() {
        let (Some(mine), Some(theirs)) =
            (three.entry(one, Side::Mine), three.entry(one, Side::Theirs))
        else {
            continue;
        };
        let base = three.base_entry(one);
        // What nobody but mine changed, or both alike, stays as it is.
        if mine.own == theirs.own || base.is_some_and(|base| base.own == theirs.own) {
            continue;
        }
        let keys = three.keys(one);
        let mut walk =
            Walk { three, one, pointer: String::new(), conflicts, members: &mut members };
        match base.and_then(|base| switcher(base, mine, theirs)) {
            Some(side) => walk.dispute(keys, Some(words::kind(three, one, side))),
            None => walk.inside(keys),
        }
    }
    members
}

/// Who made it another kind of node, of which the other one's members are no use. Workflows are
/// much alike.
fn switcher(base: &Entry, mine: &Entry, theirs: &Entry) -> Option<Side> {
    let workflows = base.container && mine.container && theirs.container;
    if workflows || base.own == mine.own || mine.kind == theirs.kind {
        return None;
    }
    Some(if base.kind == mine.kind { Side::Theirs } else { Side::Mine })
}

struct Walk<'a, 'd> {
    three: &'a Three<'d>,
    one: usize,
    /// From the node.
    pointer: String,
    conflicts: &'a mut Vec<Conflict>,
    members: &'a mut Members,
}

impl Walk<'_, '_> {
    fn meanings(&self, at: Sides<Option<Key>>) -> Sides<Option<u32>> {
        Sides {
            base: self.three.base.meaning(at.base),
            mine: self.three.mine.meaning(at.mine),
            theirs: self.three.theirs.meaning(at.theirs),
        }
    }

    /// As deep as documents nest, which the parser bounds.
    fn member(&mut self, object: Key, name: &str, at: Sides<Option<Key>>) {
        let meanings = self.meanings(at);
        if meanings.mine == meanings.theirs || meanings.base == meanings.theirs {
            return;
        }
        let objects =
            |document: &Document, key: Option<Key>| key.is_some_and(|key| document.is_object(key));
        let structure = meanings.mine == Some(STRUCTURE) || meanings.theirs == Some(STRUCTURE);
        if !structure
            && objects(self.three.mine.document, at.mine)
            && objects(self.three.theirs.document, at.theirs)
        {
            self.inside(at);
        } else if meanings.base == meanings.mine {
            let edits = self.edits(object, name, at);
            self.members.agreed.extend(edits);
        } else if let Some(edits) = self.grown(at) {
            self.members.agreed.extend(edits);
        } else {
            let edits = self.edits(object, name, at);
            self.say(at, None, edits);
        }
    }

    /// Two objects, or two values of which one at least is none.
    fn inside(&mut self, at: Sides<Option<Key>>) {
        let (Some(mine), Some(theirs)) = (at.mine, at.theirs) else { return };
        let (document, other) = (self.three.mine.document, self.three.theirs.document);
        if !document.is_object(mine) || !other.is_object(theirs) {
            let meanings = self.three.base.meaning(at.base);
            if meanings.is_some() && meanings == self.three.mine.meaning(at.mine) {
                self.members.agreed.push(Edit::Replace { at: mine, value: theirs });
            } else {
                self.dispute(at, None);
            }
            return;
        }
        for name in names(document, Some(mine), other, Some(theirs)) {
            let length = self.pointer.len();
            self.pointer.push('/');
            self.pointer.push_str(&escape(&name));
            let base = at.base.and_then(|key| self.three.base.document.get(key, &name));
            let at =
                Sides { base, mine: document.get(mine, &name), theirs: other.get(theirs, &name) };
            self.member(mine, &name, at);
            self.pointer.truncate(length);
        }
    }

    /// The whole of a node.
    fn dispute(&mut self, at: Sides<Option<Key>>, sentence: Option<String>) {
        let (Some(mine), Some(theirs)) = (at.mine, at.theirs) else { return };
        let mut edits = Vec::new();
        self.become_theirs(mine, theirs, &mut edits);
        self.say(at, sentence, edits);
    }

    fn say(&mut self, value: Sides<Option<Key>>, sentence: Option<String>, edits: Vec<Edit>) {
        let tables = {
            let entry = &self.three.all[self.one].at;
            let of = |outline: &Outline<'_>, at: Option<usize>| {
                at.map_or(&[][..], |at| outline.fields(at))
            };
            [of(&self.three.mine, entry.mine), of(&self.three.theirs, entry.theirs)]
        };
        let (label, below) = label(tables, &self.pointer);
        let sentence = sentence.unwrap_or_else(|| {
            words::field(self.three, self.one, (label, &below, &self.pointer), value)
        });
        self.members.disputed.push((self.conflicts.len(), edits));
        self.conflicts.push(Conflict {
            about: About::Field,
            part: self.three.any(self.one).map_or(Part::Settings, |entry| entry.part),
            node: self.three.keys(self.one),
            pointer: self.pointer.clone(),
            label,
            value,
            sentence,
            stands: Choice::Mine,
            choices: &[Choice::Mine, Choice::Theirs],
        });
    }

    /// How the member becomes what theirs has.
    fn edits(&self, object: Key, name: &str, at: Sides<Option<Key>>) -> Vec<Edit> {
        let name = name.to_owned();
        let theirs = &self.three.theirs;
        let mut edits = Vec::new();
        match (at.mine, at.theirs) {
            (Some(mine), Some(value)) => self.become_theirs(mine, value, &mut edits),
            // A root node comes with the nodes.
            (None, Some(value))
                if theirs.meanings.get(value) == STRUCTURE && !theirs.document.is_array(value) => {}
            (None, Some(value)) => edits.push(Edit::Set { object, name, value }),
            (Some(_), None) => edits.push(Edit::Remove { object, name }),
            (None, None) => {}
        }
        edits
    }

    /// How a value of mine becomes one of theirs, with as few changes as members allow.
    fn become_theirs(&self, mine: Key, theirs: Key, edits: &mut Vec<Edit>) {
        let (here, there) = (&self.three.mine, &self.three.theirs);
        let structure = |outline: &Outline<'_>, key| outline.meanings.get(key) == STRUCTURE;
        if self.pointer.is_empty() || !structure(here, mine) || !structure(there, theirs) {
            if !here.document.is_object(mine) || !there.document.is_object(theirs) {
                if here.meanings.get(mine) != there.meanings.get(theirs) {
                    edits.push(Edit::Replace { at: mine, value: theirs });
                }
                return;
            }
            for name in names(here.document, Some(mine), there.document, Some(theirs)) {
                let (old, new) =
                    (here.document.get(mine, &name), there.document.get(theirs, &name));
                match (old, new) {
                    (Some(old), Some(new)) if structure(here, old) && structure(there, new) => {}
                    (Some(old), Some(new)) => self.become_theirs(old, new, edits),
                    _ => edits.extend(self.edits(
                        mine,
                        &name,
                        Sides { base: None, mine: old, theirs: new },
                    )),
                }
            }
        }
    }

    /// Lists that both only made longer, or one made longer and the other shorter.
    fn grown(&self, at: Sides<Option<Key>>) -> Option<Vec<Edit>> {
        let elements = |outline: &Outline<'_>, key: Option<Key>| {
            let key = key.filter(|key| outline.document.is_array(*key))?;
            let inside = outline.document.elements(key);
            let plain = outline.meanings.get(key) != STRUCTURE;
            plain.then(|| inside.map(|key| (key, outline.meanings.get(key))).collect::<Vec<_>>())
        };
        let base = elements(&self.three.base, at.base)?;
        let mine = elements(&self.three.mine, at.mine)?;
        let theirs = elements(&self.three.theirs, at.theirs)?;
        let new_mine = appended(&base, &mine);
        let new_theirs = appended(&base, &theirs);
        match (new_mine, new_theirs) {
            (new_mine, Some(new)) if new_mine.is_some() || is_part(&mine, &base) => {
                let known = new_mine.unwrap_or_default();
                let is_new = |value: &&(Key, u32)| known.iter().all(|other| other.1 != value.1);
                let values = new.iter().filter(is_new).map(|value| value.0).collect();
                Some(vec![Edit::Append { array: at.mine?, values }])
            }
            (Some(_), None) if is_part(&theirs, &base) => {
                let mut left = theirs.iter().peekable();
                let elements = mine
                    .iter()
                    .take(base.len())
                    .filter(|value| left.next_if(|kept| kept.1 == value.1).is_none())
                    .map(|value| value.0)
                    .collect();
                Some(vec![Edit::Take { elements }])
            }
            _ => None,
        }
    }
}

/// What follows the base's elements, where those come first.
fn appended<'v>(base: &[(Key, u32)], values: &'v [(Key, u32)]) -> Option<&'v [(Key, u32)]> {
    let (first, rest) = values.split_at_checked(base.len())?;
    first.iter().map(|value| value.1).eq(base.iter().map(|value| value.1)).then_some(rest)
}

/// Whether elements were only taken out.
fn is_part(values: &[(Key, u32)], base: &[(Key, u32)]) -> bool {
    let mut base = base.iter();
    values.iter().all(|value| base.any(|other| other.1 == value.1))
}
