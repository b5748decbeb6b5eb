//! One node of a run: how it went, what it is, what it answered, what it tried.

use leptos::prelude::*;
use slipway_engine::{
    event::NodeError,
    fold::{NodeState, NodeStatus},
};
use slipway_flow::{document::Key, kinds};

use super::{
    attempts::Attempts,
    code::{Json, node_text},
};
use crate::{
    state::run::{Attempt, RunGraph, RunHandle},
    ui::{
        Button, Elapsed, Empty, Glyph, Icon, IconButton, NodeStatusMark, Tab, Tabs, Time,
        status::node_look, time, use_clock,
    },
};

/// What is shown of a node. The word is in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NodeTab {
    #[default]
    Overview,
    Code,
    Response,
    Retries,
    Output,
}

impl NodeTab {
    const ALL: [Self; 5] =
        [Self::Overview, Self::Code, Self::Response, Self::Retries, Self::Output];

    /// The word in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Code => "code",
            Self::Response => "response",
            Self::Retries => "retries",
            Self::Output => "output",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Code => "Code",
            Self::Response => "Response",
            Self::Retries => "Retries",
            Self::Output => "Output",
        }
    }

    /// Reads the word in the address; anything else is the overview.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.word() == word).unwrap_or_default()
    }
}

/// What is known of the node at `pointer`. `output` makes the view of its output.
#[component]
pub fn NodePanel(
    run: RunHandle,
    graph: std::sync::Arc<RunGraph>,
    key: Key,
    pointer: String,
    #[prop(into)] tab: Signal<NodeTab>,
    on_tab: Callback<NodeTab>,
    on_close: Callback<()>,
    output: ViewFn,
) -> impl IntoView {
    let title = kinds::title(&graph.document, key);
    let label = format!("Node {title}");
    let text = StoredValue::new(node_text(&graph.document, key));
    let about = StoredValue::new(About::of(&graph, key));
    let state: Signal<NodeState> = run.node(&pointer).into();
    let attempts: Signal<Vec<Attempt>> = run.attempts(&pointer).into();
    let status = Memo::new(move |_| state.with(|state| state.status));
    let over = run.over();
    let tabs = NodeTab::ALL.map(|tab| Tab::new(tab.word(), tab.label())).to_vec();
    let panel = move || match tab.get() {
        NodeTab::Overview => {
            view! { <Overview about=about.get_value() state=state over=over on_tab=on_tab/> }
                .into_any()
        }
        NodeTab::Code => {
            view! { <Json label="Code of the node" text=text.get_value()/> }.into_any()
        }
        NodeTab::Response => view! { <Response state=state/> }.into_any(),
        NodeTab::Retries => view! { <Attempts state=state attempts=attempts/> }.into_any(),
        NodeTab::Output => output.run(),
    };
    view! {
        <aside class="node-panel" aria-label=label>
            <div class="node-panel-head">
                <h2>{title}</h2>
                {move || status_view(status, over.get())}
                <IconButton label="Close" icon=Glyph::Cross on_click=move |_| on_close.run(())/>
            </div>
            <Tabs
                label="About this node"
                tabs=tabs
                chosen=Signal::derive(move || tab.get().word().to_owned())
                on_choose=move |word: String| on_tab.run(NodeTab::parse(&word))
            >
                {panel}
            </Tabs>
        </aside>
    }
}

/// Why a node that waits for its turn in a run that is over will not get it.
const NOT_REACHED: &str = "Not reached";

fn status_word(status: NodeStatus, over: bool) -> &'static str {
    if over && status == NodeStatus::Pending { NOT_REACHED } else { node_look(status).word }
}

fn status_view(status: Memo<NodeStatus>, over: bool) -> AnyView {
    if over && status.get() == NodeStatus::Pending {
        view! { <span class="quiet">{NOT_REACHED}</span> }.into_any()
    } else {
        view! { <NodeStatusMark status=status/> }.into_any()
    }
}

/// What the document says of the node, beside its title.
#[derive(Clone)]
struct About {
    reference: Option<String>,
    details: Vec<String>,
}

impl About {
    fn of(graph: &RunGraph, key: Key) -> Self {
        let node = graph.document.node(key);
        Self {
            reference: node.reference().filter(|text| !text.is_empty()).map(str::to_owned),
            details: kinds::details(&graph.document, key),
        }
    }
}

#[component]
fn Overview(
    about: About,
    state: Signal<NodeState>,
    over: Signal<bool>,
    on_tab: Callback<NodeTab>,
) -> impl IntoView {
    let error = Memo::new(move |_| state.with(|state| state.error.clone()));
    let attempts = Memo::new(move |_| {
        state.with(|state| (state.attempt > 0).then_some((state.attempt, state.max_attempts)))
    });
    let times = Memo::new(move |_| state.with(|state| (state.started_at, state.ended_at)));
    let status = Memo::new(move |_| state.with(|state| state.status));
    let started =
        move || times.get().0.map(|at| fact("Started", view! { <Time at=at/> }.into_any()));
    let ended = move || times.get().1.map(|at| fact("Ended", view! { <Time at=at/> }.into_any()));
    let took = move || {
        let (from, to) = times.get();
        from.map(|from| fact("Duration", view! { <Elapsed from=from to=to/> }.into_any()))
    };
    let next = move || {
        state
            .with(|state| state.next_at)
            .map(|at| fact("Next attempt", view! { <Until at=at/> }.into_any()))
    };
    view! {
        {move || error.get().map(|error| error_view(&error, on_tab))}
        <dl class="node-facts">
            {move || {
                let word = status_word(status.get(), over.get());
                fact("Status", view! { <span>{word}</span> }.into_any())
            }}
            {move || attempts.get().map(|(now, most)| {
                fact("Attempt", view! { <span>{format!("{now} of {}", most.max(now))}</span> }.into_any())
            })}
            {started} {ended} {took} {next}
            {about.reference.map(|text| fact("Ref", view! { <code>{text}</code> }.into_any()))}
            {(!about.details.is_empty())
                .then(|| {
                    let lines = about.details.into_iter().map(|line| view! { <p>{line}</p> });
                    fact("Settings", lines.collect_view().into_any())
                })}
        </dl>
    }
}

fn fact(name: &'static str, value: AnyView) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
}

/// Why the node failed, and the way to what it printed.
fn error_view(error: &NodeError, on_tab: Callback<NodeTab>) -> impl IntoView + use<> {
    let message = error.message.clone();
    view! {
        <div class="notice node-error" data-tone="bad" role="alert">
            <Icon of=Glyph::Warning/>
            <div>
                <p>{message}</p>
                <Button on_click=move |_| on_tab.run(NodeTab::Output)>"Show output"</Button>
            </div>
        </div>
    }
}

/// How long until something happens.
#[component]
fn Until(at: i64) -> impl IntoView {
    let clock = use_clock();
    let words = Memo::new(move |_| match (at - clock.now()).max(0) / 1000 {
        0 => "now".to_owned(),
        seconds @ ..60 => format!("in {seconds} s"),
        seconds => format!("in {}", time::duration_words(seconds * 1000)),
    });
    view! { <span title=time::absolute(at)>{move || words.get()}</span> }
}

#[component]
fn Response(state: Signal<NodeState>) -> impl IntoView {
    let data = Memo::new(move |_| state.with(|state| state.data.clone()));
    move || {
        match data.get() {
        Some(data) => {
            // A value made of JSON can be written as JSON.
            let text = serde_json::to_string_pretty(&data).unwrap_or_default();
            view! { <Json label="Response of the node" text=text/> }.into_any()
        }
        None => view! {
            <Empty title="No response yet">
                <p>"What a node leaves behind for later nodes, such as a build's id, appears here."</p>
            </Empty>
        }
        .into_any(),
    }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tab_is_found_by_its_word() {
        for tab in NodeTab::ALL {
            assert_eq!(NodeTab::parse(tab.word()), tab);
        }
        assert_eq!(NodeTab::parse("nonsense"), NodeTab::Overview);
    }
}
