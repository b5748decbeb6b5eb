//! Workflows that show their steps or hide them: a button on each in view. It is a way of looking,
//! no part of the document.

use std::sync::Arc;

use leptos::prelude::*;
use slipway_editor::layout::{HEADER, Layout, NodeBox};
use slipway_flow::document::Key;

use super::{NodeFace, slots::keys};
use crate::ui::{Glyph, Icon};

/// The side of a button.
const SIDE: f64 = 24.0;

/// Hides or shows the steps of a workflow.
pub type Fold = (Key, bool);

/// Whether a node's steps can be shown or hidden; the outermost shows them always.
fn can_fold(node: &NodeBox) -> bool {
    node.parent.is_some() && (node.collapsed || node.steps > 0)
}

/// What is to be done to show the hidden steps of a node, or to hide those it shows.
pub(super) fn toggled(layout: &Layout, node: Key) -> Option<Fold> {
    let node = layout.get(node).filter(can_fold)?;
    Some((node.key, !node.collapsed))
}

#[component]
pub(super) fn Folds(
    layout: Signal<Arc<Layout>>,
    face: Callback<(Key,), NodeFace>,
    visible: Memo<Vec<Key>>,
    focus: Memo<Option<Key>>,
    near: Memo<bool>,
    on_fold: Callback<(Fold,)>,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let keys = if near.get() { visible.get() } else { Vec::new() };
        layout.with(|layout| {
            let can = |key: &Key| layout.get(*key).is_some_and(|node| can_fold(&node));
            keys.into_iter().filter(can).collect::<Vec<_>>()
        })
    });
    let one = move |key: Key| {
        let node = Memo::new(move |_| layout.with(|layout| layout.get(key)));
        let collapsed = move || node.with(|node| node.is_some_and(|node| node.collapsed));
        let corner = move || {
            let rect = node.with(|node| node.map(|node| node.rect)).unwrap_or_default();
            (rect.right() - SIDE - 8.0, rect.y + (HEADER - SIDE) / 2.0)
        };
        let name = move || {
            let verb = if collapsed() { "Expand" } else { "Collapse" };
            format!("{verb} {}", face.run((key,)).title)
        };
        let fold = move || {
            if let Some(fold) = layout.with_untracked(|layout| toggled(layout, key)) {
                on_fold.run((fold,));
            }
        };
        view! {
            <button
                type="button"
                class="fold"
                aria-label=name
                aria-expanded=move || (!collapsed()).to_string()
                tabindex=move || if focus.get() == Some(key) { "0" } else { "-1" }
                style:left=move || format!("{}px", corner().0)
                style:top=move || format!("{}px", corner().1)
                on:click=move |_| fold()
                on:keydown=move |event| keys(&event, focus)
            >
                <Icon of=Signal::derive(move || {
                    if collapsed() { Glyph::ChevronRight } else { Glyph::ChevronDown }
                }) />
            </button>
        }
    };
    view! {
        <div class="folds">
            <For each=move || shown.get() key=|key| *key children=one />
        </div>
    }
}
