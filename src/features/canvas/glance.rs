//! What a node shows from afar, kept from frame to frame.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use slipway_editor::layout::Seen;
use slipway_flow::{
    document::{Document, Key},
    kinds::{self, Icon, Section},
};

use super::node::NodeFace;
use crate::ui::Tone;

/// As many titles are kept at most: far more than fit on a screen.
const TITLES: usize = 5_000;

/// What a node shows from afar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glance {
    pub icon: Icon,
    /// None of a kind that we don't know.
    pub section: Option<Section>,
    /// How it goes in a run; none outside of one.
    pub tone: Option<Tone>,
    pub errors: bool,
    pub warnings: bool,
    pub skipped: bool,
}

impl Glance {
    /// What a document says of a node, outside of a run and before any checks.
    #[must_use]
    pub fn of(document: &Document, key: Key) -> Self {
        let kind = kinds::of(document, key);
        Self {
            icon: kind.map_or(Icon::Unknown, |kind| kind.icon),
            section: kind.map(|kind| kind.section),
            tone: None,
            errors: false,
            warnings: false,
            skipped: is_skipped(document, key),
        }
    }
}

/// Whether a node is skipped whatever happens: one whose condition decides it in the run is not.
pub(super) fn is_skipped(document: &Document, node: Key) -> bool {
    document.get(node, "skipNodeExecution").and_then(|skip| document.str(skip)) == Some("true")
}

/// How the canvas asks what a node shows from afar.
#[derive(Clone, Copy)]
pub struct Glances {
    pub of: Callback<(Key,), Glance>,
    /// Another number whenever a node may show something else without the document having changed.
    pub changes: Signal<u64>,
}

/// What was asked before, by the numbers of the layout's nodes. An answer holds as long as the
/// node's stamp and the number of changes are the same.
#[derive(Default)]
pub(super) struct Faces {
    changes: u64,
    known: Vec<Option<(Key, usize, Glance)>>,
    titles: HashMap<Key, (usize, Arc<str>)>,
}

impl Faces {
    /// Forgets what `changes` may have made wrong.
    pub(super) fn refresh(&mut self, changes: u64) {
        if self.changes != changes {
            self.changes = changes;
            self.known.clear();
        }
    }

    pub(super) fn glance(&mut self, node: &Seen, glances: Glances) -> Glance {
        if self.known.len() <= node.number {
            self.known.resize(node.number + 1, None);
        }
        let known = &mut self.known[node.number];
        match known {
            Some((key, stamp, glance)) if *key == node.key && *stamp == node.stamp => *glance,
            _ => {
                let glance = untrack(|| glances.of.run((node.key,)));
                *known = Some((node.key, node.stamp, glance));
                glance
            }
        }
    }

    /// The shortest name that tells it from others: what it acts on, else what it is.
    pub(super) fn title(&mut self, node: &Seen, face: Callback<(Key,), NodeFace>) -> Arc<str> {
        if let Some((stamp, title)) = self.titles.get(&node.key)
            && *stamp == node.stamp
        {
            return Arc::clone(title);
        }
        if self.titles.len() >= TITLES {
            self.titles.clear();
        }
        let face = untrack(|| face.run((node.key,)));
        let names = [face.resource, face.subject, face.title];
        let title: Arc<str> =
            names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().into();
        self.titles.insert(node.key, (node.stamp, Arc::clone(&title)));
        title
    }
}

/// A number for [`Glances::changes`] that counts how often `of` changes.
#[must_use]
pub fn count_changes(of: impl Fn() + Send + Sync + 'static) -> Signal<u64> {
    Memo::new(move |before: Option<&u64>| {
        of();
        before.map_or(0, |before| before + 1)
    })
    .into()
}

#[cfg(test)]
mod tests {
    use slipway_editor::{
        geometry::{Point, Rect},
        layout::Layout,
    };

    use super::*;

    #[test]
    fn a_glance_holds_until_its_node_or_its_surroundings_change() {
        let owner = Owner::new();
        owner.set();
        let text = r#"{"spec": {"kind": "JobRun", "spec": {"jobId": "migrate"}}}"#;
        let document = Arc::new(Document::parse(text).unwrap());
        let layout = Layout::of(&document, document.root_node());
        let asked = RwSignal::new(0);
        let glances = Glances {
            of: Callback::new(move |(key,)| {
                asked.update(|asked| *asked += 1);
                Glance::of(&document, key)
            }),
            changes: Signal::stored(0),
        };
        let mut nodes = Vec::new();
        layout.look(&Rect::at(Point::default(), layout.size()), |node| {
            nodes.push(*node);
            true
        });
        let mut faces = Faces::default();
        let glance = faces.glance(&nodes[0], glances);
        assert_eq!(glance.section, Some(Section::Data));
        faces.glance(&nodes[0], glances);
        assert_eq!(asked.get_untracked(), 1);
        faces.glance(&Seen { stamp: nodes[0].stamp + 1, ..nodes[0] }, glances);
        assert_eq!(asked.get_untracked(), 2);
        faces.refresh(1);
        faces.glance(&nodes[0], glances);
        assert_eq!(asked.get_untracked(), 3);
    }
}
