//! Members: what both versions say of a node, put together member by member.

use super::{
    super::{
        fields::{label, names},
        outline::{Entry, Outline, Part},
        values::STRUCTURE,
    },
    About, Choice, Conflict, Side, Sides, lists,
    three::Three,
    words,
};
use crate::document::{Document, Key, pointer_part};

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
    /// Gives an array of mine these elements, each of mine or of theirs.
    Arrange {
        array: Key,
        elements: Vec<(Side, Key)>,
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
        } else if let Some(edits) = self.list(at) {
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
            self.pointer.push_str(&pointer_part(&name));
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
            order: Sides::default(),
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

    /// Plain lists, put together element by element.
    fn list(&self, at: Sides<Option<Key>>) -> Option<Vec<Edit>> {
        let elements = |outline: &Outline<'_>, key: Option<Key>| {
            let key = key.filter(|key| outline.document.is_array(*key))?;
            let inside = outline.document.elements(key);
            let plain = outline.meanings.get(key) != STRUCTURE;
            plain.then(|| inside.map(|key| (key, outline.meanings.get(key))).unzip())
        };
        let (_, base): (Vec<Key>, Vec<u32>) = elements(&self.three.base, at.base)?;
        let (here, mine): (Vec<Key>, Vec<u32>) = elements(&self.three.mine, at.mine)?;
        let (there, theirs): (Vec<Key>, Vec<u32>) = elements(&self.three.theirs, at.theirs)?;
        let elements = lists::merged(&base, &mine, &theirs)?
            .into_iter()
            .map(|(side, at)| match side {
                Side::Mine => (side, here[at]),
                Side::Theirs => (side, there[at]),
            })
            .collect();
        Some(vec![Edit::Arrange { array: at.mine?, elements }])
    }
}
