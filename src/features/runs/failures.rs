//! What went wrong in a run, above its graph: each failed node with its sentence, and the way to
//! what it printed.

use std::sync::Arc;

use leptos::prelude::*;
use slipway_flow::kinds;

use super::node::NodeTab;
use crate::{
    routes::Page,
    state::run::{RunAddress, RunGraph, RunHandle},
    ui::{Glyph, Notice, Tone},
};

/// Nothing while nothing has failed.
#[component]
pub fn Failures(run: RunHandle, graph: Arc<RunGraph>) -> impl IntoView {
    let failed = run.failed();
    move || {
        let lines: Vec<_> =
            failed.get().iter().filter_map(|pointer| line(run, &graph, pointer)).collect();
        (!lines.is_empty()).then(|| {
            view! {
                <Notice class="run-failures" tone=Tone::Bad icon=Glyph::Warning>
                    <ul aria-label="What failed">{lines}</ul>
                </Notice>
            }
        })
    }
}

fn line(run: RunHandle, graph: &RunGraph, pointer: &str) -> Option<impl IntoView + use<>> {
    let title = kinds::title(&graph.document, graph.key(pointer)?);
    let sentence =
        run.node(pointer).with(|state| state.error.as_ref().map(|it| it.message.clone()));
    let RunAddress { project, pipeline, stage, run } = run.address();
    let node = Page::Run { project, pipeline, stage, run }.href_with_node(pointer);
    let output = format!("{node}&tab={}", NodeTab::Output.word());
    Some(view! {
        <li>
            <a href=node>{title}</a>
            " failed. "
            {sentence}
            " "
            <a href=output>"Show output"</a>
        </li>
    })
}
