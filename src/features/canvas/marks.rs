//! What holds for some of the nodes only: selected, dragged, in the tab order.

use std::collections::HashMap;

use leptos::{prelude::*, reactive::owner::LocalStorage};
use slipway_editor::selection::Selection;
use slipway_flow::document::Key;

/// A signal for each mounted node. A change sets those of the nodes that it is about, however many
/// others there are.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    signals: StoredValue<HashMap<Key, RwSignal<bool>>, LocalStorage>,
    marked: StoredValue<Selection, LocalStorage>,
}

impl Marks {
    /// Marks the nodes of a selection for as long as the canvas is there.
    pub(super) fn of(nodes: Signal<Selection>) -> Self {
        let marks = Self {
            signals: StoredValue::new_local(HashMap::new()),
            marked: StoredValue::new_local(nodes.get_untracked()),
        };
        Effect::new(move |_| marks.renew(nodes.get()));
        marks
    }

    /// Whether a node is marked. To be asked once, by the component of the node.
    pub(super) fn at(self, node: Key) -> RwSignal<bool> {
        let signal = RwSignal::new(self.marked.with_value(|marked| marked.contains(node)));
        self.signals.update_value(|signals| {
            signals.insert(node, signal);
        });
        on_cleanup(move || {
            // With the whole canvas the map goes too.
            self.signals.try_update_value(|signals| {
                if signals.get(&node) == Some(&signal) {
                    signals.remove(&node);
                }
            });
        });
        signal
    }

    fn renew(self, nodes: Selection) {
        let before = self.marked.get_value();
        let changed: Vec<(RwSignal<bool>, bool)> = self.signals.with_value(|signals| {
            let differing = nodes.differing(&before);
            differing
                .filter_map(|node| Some((*signals.get(&node)?, nodes.contains(node))))
                .collect()
        });
        self.marked.set_value(nodes);
        for (signal, marked) in changed {
            signal.set(marked);
        }
    }
}
