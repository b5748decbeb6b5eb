//! One node or workflow on the canvas.

use std::sync::Arc;

use leptos::{attr::custom::custom_attribute, prelude::*};
use slipway_editor::layout::Layout;
use slipway_engine::fold::NodeStatus;
use slipway_flow::{
    document::{Document, Key},
    kinds::{self, Icon as KindIcon, Section},
};

use super::{glance::is_skipped, marks::Marks, state::element_id};
use crate::ui::{Glyph, Icon, NodeStatusMark, status::node_look};

/// What a node shows.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeFace {
    /// What it is and what it acts on: "Run job migrate-dev".
    pub title: String,
    /// The end of the title that says what it acts on ("migrate-dev"): it stands on a line of its
    /// own. Empty where the title is only what it is.
    pub subject: String,
    /// The resource that it acts on, for where there is room for nothing else; empty without one.
    pub resource: String,
    /// What sort of thing it does; none of a kind that we don't know.
    pub section: Option<Section>,
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
    /// By what others read what it leaves behind; empty where it has none.
    pub reference: String,
    /// How many steps it holds.
    pub steps: usize,
}

impl NodeFace {
    /// What a document says of a node, outside of a run and before any checks.
    #[must_use]
    pub fn of(document: &Document, key: Key) -> Self {
        let title = kinds::title(document, key);
        let kind = kinds::of(document, key);
        let name = kind.map_or_else(|| document.node(key).kind(), |kind| kind.title);
        Self {
            subject: title.strip_prefix(name).unwrap_or_default().trim().to_owned(),
            title,
            resource: kinds::subject(document, key).unwrap_or_default(),
            section: kind.map(|kind| kind.section),
            details: kinds::details(document, key),
            icon: kind.map_or(KindIcon::Unknown, |kind| kind.icon),
            status: None,
            errors: 0,
            warnings: 0,
            skipped: is_skipped(document, key),
            reference: document.node(key).reference().unwrap_or_default().to_owned(),
            steps: document.node(key).steps().count(),
        }
    }

    /// The title without its subject: "Run job".
    fn what(&self) -> String {
        self.title.strip_suffix(&self.subject).unwrap_or(&self.title).trim().to_owned()
    }

    fn reference_words(&self) -> String {
        if self.reference.is_empty() { String::new() } else { format!("ref {}", self.reference) }
    }

    fn hidden_words(&self) -> String {
        match self.steps {
            1 => "1 step hidden".to_owned(),
            steps => format!("{steps} steps hidden"),
        }
    }
}

#[component]
pub(super) fn NodeView(
    key: Key,
    layout: Signal<Arc<Layout>>,
    face: Callback<(Key,), NodeFace>,
    selected: Marks,
    dragged: Marks,
    focus: Marks,
    on_focus: Callback<(Key,)>,
) -> impl IntoView {
    let place = Memo::new(move |_| layout.with(|layout| layout.get(key)));
    let rect = move || place.get().map(|place| place.rect).unwrap_or_default();
    let face = Memo::new(move |_| face.run((key,)));
    let (is_selected, is_dragged, has_focus) = (selected.at(key), dragged.at(key), focus.at(key));
    let is_workflow = move || place.with(|p| p.as_ref().is_some_and(|p| p.arrangement.is_some()));
    let is_collapsed = move || place.with(|p| p.as_ref().is_some_and(|p| p.collapsed));
    let is_empty = move || place.with(|p| p.as_ref().is_some_and(|p| p.steps == 0));
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
            class:is-collapsed=is_collapsed
            class:is-plain=move || face.with(|face| face.subject.is_empty())
            class:is-skipped=move || face.with(|face| face.skipped)
            data-tone=move || face.with(|face| face.status.map(|status| node_look(status).tone.word()))
            data-section=move || face.with(|face| section_word(face.section))
            role="treeitem"
            {..custom_attribute("aria-level", move || number(|place| place.level))}
            aria-setsize=move || number(|place| place.siblings)
            aria-posinset=move || number(|place| place.position + 1)
            aria-selected=move || is_selected.get().to_string()
            aria-expanded=move || {
                place.with(|p| p.filter(|p| p.collapsed || p.steps > 0).map(|p| (!p.collapsed).to_string()))
            }
            tabindex=move || if has_focus.get() { "0" } else { "-1" }
            on:focus=move |_| on_focus.run((key,))
            style:left=move || format!("{}px", rect().x)
            style:top=move || format!("{}px", rect().y)
            style:width=move || format!("{}px", rect().width)
            style:height=move || format!("{}px", rect().height)
        >
            <Icon of=Signal::derive(move || glyph(face.with(|face| face.icon))) />
            // The name for assistive technology is what stands here, in this order: what it is,
            // what it acts on, its status, its marks, its settings.
            <span class="node-title">{move || face.with(NodeFace::what)}</span>
            " "
            <span class="node-subject">{move || face.with(|face| face.subject.clone())}</span>
            " "
            <span class="node-marks">{move || marks(&face.get())}</span>
            " "
            <span class="node-ref">{move || face.with(NodeFace::reference_words)}</span>
            " "
            <span class="node-details">
                {move || {
                    face.with(|face| {
                        if is_collapsed() {
                            face.hidden_words()
                        } else if is_workflow() && is_empty() {
                            "No steps yet".to_owned()
                        } else {
                            face.details.join(" · ")
                        }
                    })
                }}
            </span>
        </div>
    }
}

/// Status and marks at the right end of a node's title.
fn marks(face: &NodeFace) -> impl IntoView + use<> {
    let problems = [(face.errors, "error", "!"), (face.warnings, "warning", "?")]
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, word, sign)| {
            let words = format!(" {count} {word}{}", if count == 1 { "" } else { "s" });
            view! {
                <span class=format!("mark is-{word}")>
                    <span aria-hidden="true">{sign}</span>
                    <span class="visually-hidden">{words}</span>
                </span>
            }
        })
        .collect_view();
    let skipped = face.skipped.then(|| view! { <span class="mark is-quiet">"skipped"</span> });
    let status = face.status.map(|status| view! { <NodeStatusMark status=status /> });
    view! { {status} {skipped} {problems} }
}

/// The value of `data-section`, which the style sheet reads.
const fn section_word(section: Option<Section>) -> Option<&'static str> {
    match section {
        Some(Section::Structure) | None => None,
        Some(Section::Release) => Some("release"),
        Some(Section::Data) => Some("data"),
        Some(Section::Wait) => Some("wait"),
        Some(Section::Tell) => Some("tell"),
        Some(Section::Other) => Some("other"),
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
        KindIcon::Import => Glyph::Import,
        KindIcon::Loop => Glyph::Loop,
        KindIcon::LoopData => Glyph::Table,
        KindIcon::Restart => Glyph::Retry,
        KindIcon::Restore => Glyph::Restore,
        KindIcon::Command => Glyph::Command,
        KindIcon::Repository => Glyph::Repository,
        KindIcon::Wait => Glyph::Hourglass,
        KindIcon::Approval => Glyph::Approval,
        KindIcon::Comment => Glyph::Comment,
        KindIcon::Chat => Glyph::Chat,
        KindIcon::Webhook => Glyph::Webhook,
        KindIcon::Template => Glyph::Template,
        KindIcon::Secrets => Glyph::Key,
        KindIcon::Rollout => Glyph::Rollout,
        KindIcon::Destroy => Glyph::Trash,
        KindIcon::Unknown => Glyph::Question,
    }
}
