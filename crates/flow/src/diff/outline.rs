//! A document as what is compared: the settings around the flow, its triggers and inputs, and its
//! nodes with their steps, as one tree of entries. The entries' own members are without the lists
//! that hold other entries.

use super::values::{Meanings, Values};
use crate::{
    document::{Document, Key},
    kinds::{self, Field, settings},
};

/// A part of a release-flow document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The release flow's object with all members but those below: arguments, options, GitOps.
    Settings,
    /// An entry of `triggers`.
    Trigger,
    /// An entry of `richInputs`.
    Input,
    /// A node of the flow.
    Flow,
    /// A node of the teardown.
    Teardown,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Settings,
    /// The list of this part, there or not.
    List,
    /// The root node of this part.
    Root,
    /// An element of a list, or a step.
    Item,
}

/// One thing that is compared.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) class: Class,
    pub(super) part: Part,
    /// None for a list that the document doesn't have.
    pub(super) key: Option<Key>,
    /// The entry around it; of the settings, themselves.
    pub(super) parent: usize,
    pub(super) children: Vec<usize>,
    /// The array that the children are in.
    pub(super) array: Option<Key>,
    pub(super) container: bool,
    /// The number of its own members, and with everything inside it.
    pub(super) own: u32,
    pub(super) deep: u32,
    /// Equal for entries of one sort: both nodes of one kind, both triggers.
    pub(super) kind: u32,
    /// What it is called by: a ref, a trigger's repository, an input's source.
    pub(super) name: Option<u32>,
    /// What it acts on.
    pub(super) subject: Option<u32>,
}

/// A document's entries, each before what is inside it.
#[derive(Debug)]
pub(super) struct Outline<'d> {
    pub(super) document: &'d Document,
    pub(super) entries: Vec<Entry>,
    pub(super) meanings: Meanings,
}

/// Where the settings and the two lists always stand.
pub(super) const SETTINGS: usize = 0;
pub(super) const LISTS: [(usize, Part, &str); 2] =
    [(1, Part::Trigger, "triggers"), (2, Part::Input, "richInputs")];

impl<'d> Outline<'d> {
    pub(super) fn new(document: &'d Document, values: &mut Values) -> Self {
        let mut outline = Self { document, entries: Vec::new(), meanings: Meanings::default() };
        let flow = document.flow();
        outline.add(Class::Settings, Part::Settings, Some(flow), SETTINGS);
        for (_, part, name) in LISTS {
            let list = document.get(flow, name).filter(|list| document.is_array(*list));
            let at = outline.add(Class::List, part, list, SETTINGS);
            outline.entries[at].array = list;
        }
        for (at, part, _) in LISTS {
            for item in
                outline.entries[at].array.into_iter().flat_map(|list| document.elements(list))
            {
                outline.add(Class::Item, part, Some(item), at);
            }
        }
        outline.add_nodes(document.root_node(), Part::Flow);
        outline.add_nodes(document.teardown_node(), Part::Teardown);
        outline.understand(values);
        outline
    }

    fn add(&mut self, class: Class, part: Part, key: Option<Key>, parent: usize) -> usize {
        let at = self.entries.len();
        if at > 0 {
            self.entries[parent].children.push(at);
        }
        self.entries.push(Entry {
            class,
            part,
            key,
            parent,
            children: Vec::new(),
            array: None,
            container: class == Class::List,
            own: 0,
            deep: 0,
            kind: 0,
            name: None,
            subject: None,
        });
        at
    }

    fn add_nodes(&mut self, root: Option<Key>, part: Part) {
        let Some(root) = root else { return };
        let mut open = vec![(Class::Root, root, SETTINGS)];
        while let Some((class, key, parent)) = open.pop() {
            let at = self.add(class, part, Some(key), parent);
            let node = self.document.node(key);
            self.entries[at].array = node.steps_array();
            self.entries[at].container = node.is_container();
            let from = open.len();
            open.extend(node.steps().map(|step| (Class::Item, step, at)));
            open[from..].reverse();
        }
    }

    /// Gives every entry its numbers, the innermost first.
    fn understand(&mut self, values: &mut Values) {
        for entry in &self.entries {
            if matches!(entry.class, Class::Root | Class::List) {
                entry.key.into_iter().for_each(|key| self.meanings.set_structure(key));
            }
            entry.array.into_iter().for_each(|array| self.meanings.set_structure(array));
        }
        for at in (0..self.entries.len()).rev() {
            let entry = &self.entries[at];
            let (class, part, key) = (entry.class, entry.part, entry.key);
            let own = match (class, key) {
                (Class::List, _) | (_, None) => 0,
                (_, Some(key)) => values.look(self.document, key, &mut self.meanings),
            };
            let inside = entry.children.iter().map(|child| self.entries[*child].deep);
            let deep = values.combine(b'#', std::iter::once(own).chain(inside));
            let (kind, name, subject) = match key {
                Some(key) if class != Class::List => self.identity(part, key, values),
                _ => (0, None, None),
            };
            let entry = &mut self.entries[at];
            (entry.own, entry.deep) = (own, deep);
            (entry.kind, entry.name, entry.subject) = (kind, name, subject);
        }
    }

    fn identity(
        &self,
        part: Part,
        key: Key,
        values: &mut Values,
    ) -> (u32, Option<u32>, Option<u32>) {
        let document = self.document;
        let said = |path: &[&str]| {
            document
                .at(key, path)
                .and_then(|value| document.str(value))
                .filter(|text| !text.is_empty())
        };
        match part {
            Part::Settings => (0, None, None),
            Part::Trigger => {
                let by_ref = said(&["ref"]).map(|text| values.number(b'r', text.as_bytes()));
                let url = said(&["repoUrl"]).map(|text| values.number(b'u', text.as_bytes()));
                (values.number(b't', &[]), by_ref.or(url), url)
            }
            Part::Input => {
                let source = said(&["spec", "inputs", "source"]);
                let source = source.map(|text| values.number(b's', text.as_bytes()));
                let kind = said(&["kind"]).unwrap_or_default();
                (values.number(b'i', kind.as_bytes()), source, None)
            }
            Part::Flow | Part::Teardown => {
                let title = kinds::of(document, key).map_or("", |kind| kind.title);
                let object = if document.is_object(key) { "" } else { "no object" };
                let word = format!("{}\n{title}{object}", document.node(key).kind());
                let name = said(&["ref"]).map(|text| values.number(b'r', text.as_bytes()));
                let subject = kinds::subject(document, key);
                let subject = subject.map(|text| values.number(b's', text.as_bytes()));
                (values.number(b'k', word.as_bytes()), name, subject)
            }
        }
    }

    /// The number of a value as it looks from around; None where there is none.
    pub(super) fn meaning(&self, key: Option<Key>) -> Option<u32> {
        key.map(|key| self.meanings.get(key))
    }

    /// Where an entry stands among its siblings.
    pub(super) fn index(&self, at: usize) -> usize {
        let parent = self.entries[at].parent;
        self.entries[parent].children.binary_search(&at).unwrap_or_default()
    }

    /// The table of an entry's members, as far as we know them.
    pub(super) fn fields(&self, at: usize) -> &'static [Field] {
        let entry = &self.entries[at];
        match (entry.part, entry.key) {
            (Part::Settings, _) => settings::DOCUMENT.fields,
            (Part::Trigger, _) => settings::TRIGGER.fields,
            (Part::Input, _) => settings::RICH_INPUT.fields,
            (Part::Flow | Part::Teardown, Some(key)) => {
                kinds::of(self.document, key).map_or(&[], |kind| kind.fields)
            }
            _ => &[],
        }
    }
}

/// What a person calls a part of a document: "Run job migrate-dev", "Trigger app".
#[must_use]
pub fn title(document: &Document, part: Part, key: Key) -> String {
    let named = |title: &str, paths: &[&[&str]]| {
        let name = paths
            .iter()
            .find_map(|path| document.str(document.at(key, path)?).filter(|text| !text.is_empty()));
        name.map_or_else(|| title.to_owned(), |name| format!("{title} {name}"))
    };
    match part {
        Part::Settings => "Settings".to_owned(),
        Part::Trigger => named("Trigger", &[&["ref"], &["repoUrl"]]),
        Part::Input => named("Input", &[&["spec", "title"], &["spec", "inputs", "source"]]),
        Part::Flow | Part::Teardown => match document.node(key).reference() {
            Some(name) if document.node(key).is_container() && !name.is_empty() => {
                format!("{} {name}", kinds::title(document, key))
            }
            _ => kinds::title(document, key),
        },
    }
}
