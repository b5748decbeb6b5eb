//! One node or workflow on the canvas.

use std::sync::Arc;

use leptos::{attr::custom::custom_attribute, prelude::*};
use slipway_editor::{
    layout::Layout,
    tools::{Source, Tool},
};
use slipway_engine::fold::NodeStatus;
use slipway_flow::{
    document::{Document, Key},
    kinds::{self, Icon as KindIcon},
};

use super::state::element_id;
use crate::ui::{Glyph, Icon, NodeStatusMark, status::node_look};

/// What a node shows.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeFace {
    /// What it is and what it acts on: "Run job migrate-dev".
    pub title: String,
    /// The end of the title that says what it acts on ("migrate-dev"): it stands on a line of its
    /// own. Empty where the title is only what it is.
    pub subject: String,
    /// Key settings, at most two short lines.
    pub details: Vec<String>,
    pub icon: KindIcon,
    /// Its status in a run; none outside of one.
    pub status: Option<NodeStatus>,
    /// How many errors and warnings the checks found in it.
    pub errors: usize,
    pub warnings: usize,
    /// Whether it is skipped.
    pub skipped: bool,
}

impl NodeFace {
    /// What a document says of a node, outside of a run and before any checks.
    #[must_use]
    pub fn of(document: &Document, key: Key) -> Self {
        let title = kinds::title(document, key);
        let kind = kinds::of(document, key);
        let name = kind.map_or_else(|| document.node(key).kind(), |kind| kind.title);
        let skip = document.get(key, "skipNodeExecution").and_then(|skip| document.str(skip));
        Self {
            subject: title.strip_prefix(name).unwrap_or_default().trim().to_owned(),
            title,
            details: kinds::details(document, key),
            icon: kind.map_or(KindIcon::Unknown, |kind| kind.icon),
            status: None,
            errors: 0,
            warnings: 0,
            skipped: skip == Some("true"),
        }
    }

    /// The title without its subject: "Run job".
    fn what(&self) -> String {
        self.title.strip_suffix(&self.subject).unwrap_or(&self.title).trim().to_owned()
    }

    /// The name for assistive technology: the title first, then what the marks say.
    fn name(&self) -> String {
        let mut name = self.title.clone();
        let mut add = |text: &str| {
            name.push_str(", ");
            name.push_str(text);
        };
        if let Some(status) = self.status {
            add(node_look(status).word);
        }
        if self.skipped {
            add("skipped");
        }
        match self.errors {
            0 => {}
            1 => add("1 error"),
            many => add(&format!("{many} errors")),
        }
        match self.warnings {
            0 => {}
            1 => add("1 warning"),
            many => add(&format!("{many} warnings")),
        }
        name
    }
}

#[component]
pub(super) fn NodeView(
    key: Key,
    layout: Signal<Arc<Layout>>,
    face: Callback<(Key,), NodeFace>,
    selected: Signal<Option<Key>>,
    focus: Signal<Option<Key>>,
    tool: RwSignal<Tool>,
) -> impl IntoView {
    let place = Memo::new(move |_| layout.with(|layout| layout.get(key).cloned()));
    let rect = move || place.get().map(|place| place.rect).unwrap_or_default();
    let face = Memo::new(move |_| face.run((key,)));
    let is_selected = Memo::new(move |_| selected.get() == Some(key));
    let is_dragged = Memo::new(
        move |_| matches!(tool.get(), Tool::Dragging { source: Source::Node(node), .. } if node == key),
    );
    let is_workflow = move || place.with(|p| p.as_ref().is_some_and(|p| p.arrangement.is_some()));
    let is_empty = move || place.with(|p| p.as_ref().is_some_and(|p| p.steps.is_empty()));
    let number = move |pick: fn(&slipway_editor::layout::NodeBox) -> usize| {
        place.with(|place| place.as_ref().map(pick))
    };
    view! {
        <div
            id=element_id(key)
            class="node"
            class:is-workflow=is_workflow
            class:is-selected=move || is_selected.get()
            class:is-dragged=move || is_dragged.get()
            class:is-skipped=move || face.with(|face| face.skipped)
            data-node=key.number()
            data-tone=move || face.with(|face| face.status.map(|status| node_look(status).tone.word()))
            role="treeitem"
            aria-label=move || face.with(NodeFace::name)
            {..custom_attribute("aria-level", move || number(|place| place.level))}
            aria-setsize=move || number(|place| place.siblings)
            aria-posinset=move || number(|place| place.position + 1)
            aria-selected=move || is_selected.get().to_string()
            aria-expanded=move || is_workflow().then_some("true")
            tabindex=move || if focus.get() == Some(key) { "0" } else { "-1" }
            style:left=move || format!("{}px", rect().x)
            style:top=move || format!("{}px", rect().y)
            style:width=move || format!("{}px", rect().width)
            style:height=move || format!("{}px", rect().height)
        >
            <div class="node-head">
                <Icon of=Signal::derive(move || glyph(face.with(|face| face.icon))) />
                <span class="node-title">{move || face.with(NodeFace::what)}</span>
                {move || marks(&face.get())}
            </div>
            {move || {
                face.with(|face| (!face.subject.is_empty()).then(|| face.subject.clone()))
                    .map(|subject| view! { <div class="node-subject">{subject}</div> })
            }}
            <div class="node-details">
                {move || face.with(|face| face.details.join(" · "))}
                {move || {
                    (is_workflow() && is_empty())
                        .then(|| view! { <span class="node-empty">"No steps yet"</span> })
                }}
            </div>
        </div>
    }
}

/// Status and marks at the right end of a node's title.
fn marks(face: &NodeFace) -> impl IntoView + use<> {
    let problems = (face.errors + face.warnings > 0).then(|| {
        let class = if face.errors > 0 { "mark is-error" } else { "mark is-warning" };
        let sign = if face.errors > 0 { "!" } else { "?" };
        view! { <span class=class aria-hidden="true">{sign}</span> }
    });
    let skipped = face.skipped.then(|| {
        view! { <span class="mark is-quiet" aria-hidden="true" title="Is skipped">"skip"</span> }
    });
    let status = face.status.map(|status| view! { <NodeStatusMark status=status /> });
    view! {
        <span class="node-marks">
            {problems} {skipped} {status}
        </span>
    }
}

/// The drawing for a kind.
#[must_use]
pub const fn glyph(icon: KindIcon) -> Glyph {
    match icon {
        KindIcon::Sequential => Glyph::List,
        KindIcon::Parallel => Glyph::Branch,
        KindIcon::DeployBuild => Glyph::Service,
        KindIcon::Promote => Glyph::ArrowRight,
        KindIcon::DeployImage => Glyph::Image,
        KindIcon::Build => Glyph::Build,
        KindIcon::Job => Glyph::Job,
        KindIcon::Backup => Glyph::Addon,
        KindIcon::Unknown => Glyph::Question,
    }
}
