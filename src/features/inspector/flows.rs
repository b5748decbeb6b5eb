//! The release flows that a node holds: a `Pipeline` node of a team template has one in each stage.

use leptos::prelude::*;
use slipway_flow::document::Key;

use crate::{
    state::document::EditorHandle,
    ui::{Button, Glyph},
};

/// Lists them, each with the way into it.
#[component]
pub(super) fn FlowsInside(
    editor: EditorHandle,
    node: Key,
    on_flow: Callback<(Key,)>,
) -> impl IntoView {
    let flows = editor.flows();
    let own = Memo::new(move |_| {
        editor.read_untracked(|document| {
            let is_inside = |flow: Key| {
                std::iter::successors(Some(flow), |key| document.parent(*key))
                    .any(|key| key == node)
            };
            flows.get().into_iter().filter(|(flow, _)| is_inside(*flow)).collect::<Vec<_>>()
        })
    });
    let way = move |(flow, title): (Key, String)| {
        view! {
            <li>
                <Button icon=Glyph::ArrowRight on_click=move |_| on_flow.run((flow,))>
                    {format!("Open {title}")}
                </Button>
            </li>
        }
    };
    move || {
        let own = own.get();
        (!own.is_empty()).then(|| {
            view! {
                <section class="flows-inside" aria-label="Release flows in this node">
                    <p class="uses-title">"Release flows in this node"</p>
                    <ul class="uses-list">{own.into_iter().map(way).collect_view()}</ul>
                </section>
            }
        })
    }
}
