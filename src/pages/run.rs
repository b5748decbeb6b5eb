//! One run: how it goes, on the graph that it runs. The chosen node and what is shown of it are in
//! the address.

use std::{iter, sync::Arc};

use leptos::prelude::*;
use slipway_api::{path::segment, stage::Stage};
use slipway_editor::{
    geometry::{Rect, Size},
    keymap::KeyAction,
    layout::Layout,
    selection::Selection,
    viewport::Viewport,
};
use slipway_engine::fold::NodeStatus;
use slipway_flow::document::Key;
use wasm_bindgen::JsCast;

use crate::{
    features::{
        canvas::{Canvas, CanvasState, Fold, Glance, Glances, NodeFace, count_changes, focus_node},
        output::Output,
        rollback::RollbackButton,
        runs::{AbortButton, Failures, NodePanel, NodeTab, RunHeader},
    },
    routes::Page,
    state::{
        place::{Place, use_place},
        run::{RunAddress, RunGraph, RunHandle, follow_run},
    },
    ui::{Empty, ErrorNote, LinkButton, Loading, status::node_look},
};

#[component]
pub fn RunPage(project: String, pipeline: String, stage: Stage, run: String) -> impl IntoView {
    let address = RunAddress { project, pipeline, stage, run };
    let run = follow_run(address);
    let ready = Memo::new(move |_| run.ready());
    let body = move || if ready.get() { graph_view(run) } else { waiting(run) };
    view! {
        <section class="run-page">
            <RunHeader run=run>
                <AbortButton run=run/>
                <RollbackButton run=run/>
            </RunHeader>
            {body}
        </section>
    }
}

/// What there is to see before the first answer.
fn waiting(run: RunHandle) -> AnyView {
    let RunAddress { project, pipeline, stage, .. } = run.address();
    let runs = Page::Runs { project, pipeline, stage }.href();
    match run.error() {
        None => view! { <Loading label="Loading the run…"/> }.into_any(),
        Some(error) if error.is_not_found() => view! {
            <Empty title="There is no such run">
                <p>"It may belong to another stage, or its address was cut short."</p>
                <LinkButton href=runs>{format!("All {} runs", stage.name())}</LinkButton>
            </Empty>
        }
        .into_any(),
        Some(error) => {
            view! { <ErrorNote message=error.to_string() on_retry=move |()| run.again()/> }
                .into_any()
        }
    }
}

fn graph_view(run: RunHandle) -> AnyView {
    match run.graph().get() {
        None => ().into_any(),
        Some(Err(sentence)) => view! { <ErrorNote message=sentence/> }.into_any(),
        Some(Ok(graph)) if graph.layout.is_empty() => {
            view! { <Empty title="This run's release flow has no nodes"/> }.into_any()
        }
        Some(Ok(graph)) => view! { <Graph run=run graph=graph/> }.into_any(),
    }
}

/// The node that is open and what is shown of it, as they stand in the address.
#[derive(Clone, Copy)]
struct Chosen {
    place: Place,
    page: StoredValue<String>,
    pointer: Memo<Option<String>>,
    tab: Memo<NodeTab>,
}

impl Chosen {
    fn new(run: RunHandle) -> Self {
        let place = use_place();
        let RunAddress { project, pipeline, stage, run } = run.address();
        let word = place.query("tab");
        Self {
            place,
            page: StoredValue::new(Page::Run { project, pipeline, stage, run }.href()),
            pointer: place.query("node"),
            tab: Memo::new(move |_| {
                word.with(|word| NodeTab::parse(word.as_deref().unwrap_or("")))
            }),
        }
    }

    /// Opens a node, or closes the one that is open. Opening is a step that "back" takes back;
    /// going from node to node is none.
    fn choose(self, pointer: Option<&str>) {
        let before = self.pointer.get_untracked();
        if before.as_deref() == pointer {
            return;
        }
        let address = self.address(pointer, self.tab.get_untracked());
        if before.is_none() { self.place.go_to(address) } else { self.place.replace(address) }
    }

    fn show(self, tab: NodeTab) {
        let pointer = self.pointer.get_untracked();
        self.place.replace(self.address(pointer.as_deref(), tab));
    }

    fn address(self, pointer: Option<&str>, tab: NodeTab) -> String {
        let page = self.page.get_value();
        let Some(pointer) = pointer else { return page };
        let node = segment(pointer);
        match tab {
            NodeTab::Overview => format!("{page}?node={node}"),
            tab => format!("{page}?node={node}&tab={}", tab.word()),
        }
    }
}

/// The canvas, and the panel of the node that is open.
#[component]
fn Graph(run: RunHandle, graph: Arc<RunGraph>) -> impl IntoView {
    let chosen = Chosen::new(run);
    let canvas = CanvasState::new();
    let picture = RwSignal::new(Arc::clone(&graph.layout));
    let layout = Signal::from(picture);
    let selected = {
        let graph = Arc::clone(&graph);
        Memo::new(move |_| chosen.pointer.with(|pointer| graph.key(pointer.as_deref()?)))
    };
    let on_select = {
        let graph = Arc::clone(&graph);
        Callback::new(move |(selection,): (Selection,)| {
            chosen.choose(selection.focus().and_then(|key| graph.pointer(key)));
        })
    };
    let face = {
        let graph = Arc::clone(&graph);
        Callback::new(move |(key,): (Key,)| face(run, &graph, key))
    };
    let glances = {
        let graph = Arc::clone(&graph);
        Glances {
            of: Callback::new(move |(key,): (Key,)| glance(run, &graph, key)),
            changes: count_changes(move || run.track_happenings()),
        }
    };
    let fold = {
        let graph = Arc::clone(&graph);
        Callback::new(move |((workflow, hide),): (Fold,)| {
            picture.update(|layout| {
                Arc::make_mut(layout).collapse(&graph.document, workflow, hide);
            });
        })
    };
    let uses = {
        let graph = Arc::clone(&graph);
        Callback::new(move |(nodes,): (Vec<Key>,)| {
            layout.with_untracked(|layout: &Arc<Layout>| layout.uses(&graph.document, &nodes))
        })
    };
    let unfold_graph = Arc::clone(&graph);
    Effect::new(move |_| {
        if let Some(key) = selected.get() {
            unfold(&unfold_graph, layout, fold, key);
        }
    });
    make_room(canvas, layout, selected.into());
    let failed_graph = Arc::clone(&graph);
    let on_action = keyboard(selected.into(), layout, on_select);
    let panel = move || {
        let key = selected.get()?;
        let graph = Arc::clone(&graph);
        Some(view! { <Panel run=run graph=graph node=key chosen=chosen/> })
    };
    view! {
        <Failures run=run graph=failed_graph/>
        <div class="run-body" class:has-panel=move || selected.get().is_some()>
            <Canvas
                layout=layout
                face=face
                glances=glances
                canvas=canvas
                single=true
                selection=Signal::derive(move || Selection::only(selected.get()))
                on_select=on_select
                on_action=on_action
                on_fold=fold
                uses=uses
            />
            {panel}
        </div>
    }
}

/// Opens the collapsed workflows around a node.
fn unfold(graph: &RunGraph, layout: Signal<Arc<Layout>>, fold: Callback<(Fold,)>, node: Key) {
    if layout.with_untracked(|layout| layout.get(node).is_some()) {
        return;
    }
    let workflow = |node: &Key| graph.document.workflow_of(*node);
    for around in iter::successors(workflow(&node), workflow) {
        fold.run(((around, false),));
    }
}

/// The panel takes room from the canvas: a picture that was wholly in view stays so, and what is
/// open stays in view in any case.
fn make_room(canvas: CanvasState, layout: Signal<Arc<Layout>>, selected: Signal<Option<Key>>) {
    Effect::new(move |before: Option<Size>| {
        let screen = canvas.screen.get();
        let size = layout.with_untracked(|layout| layout.size());
        let picture = Rect::new(0.0, 0.0, size.width, size.height);
        let untouched = before.is_some_and(|before| {
            before.width > 0.0
                && canvas.viewport.get_untracked() == Viewport::fitted(&picture, before)
        });
        if untouched && before != Some(screen) {
            canvas.fit(layout);
        }
        if let Some(key) = selected.get() {
            canvas.reveal(key, layout);
        }
        screen
    });
}

/// What a node of the run shows on the canvas. Reads that node's signal alone.
fn face(run: RunHandle, graph: &RunGraph, key: Key) -> NodeFace {
    let mark = run.mark(graph.pointer(key).unwrap_or_default());
    let mut face = NodeFace { status: Some(mark.status), ..NodeFace::of(&graph.document, key) };
    if mark.attempt > 1 {
        face.details.insert(0, format!("Attempt {} of {}", mark.attempt, mark.max_attempts));
    }
    if mark.status == NodeStatus::Pending && run.over().get() {
        // It waits for nothing any more.
        face.status = None;
        // A workflow has room for its title alone.
        if !graph.document.node(key).is_container() {
            face.details.insert(0, "Not reached".to_owned());
        }
    }
    face
}

/// What a node of the run shows from afar.
fn glance(run: RunHandle, graph: &RunGraph, key: Key) -> Glance {
    let status = run.status(graph.pointer(key).unwrap_or_default());
    let reached = status != NodeStatus::Pending || !run.over().get();
    let tone = reached.then(|| node_look(status).tone);
    Glance { tone, ..Glance::of(&graph.document, key) }
}

/// Enter goes into the open node's panel, Escape closes it.
fn keyboard(
    selected: Signal<Option<Key>>,
    layout: Signal<Arc<Layout>>,
    on_select: Callback<(Selection,)>,
) -> Callback<(KeyAction,), bool> {
    Callback::new(move |(action,): (KeyAction,)| match action {
        KeyAction::Edit => {
            if selected.get_untracked().is_none() {
                let root = layout.with_untracked(|layout| layout.root());
                on_select.run((Selection::only(root),));
            }
            focus_panel();
            true
        }
        KeyAction::Leave => {
            on_select.run((Selection::default(),));
            true
        }
        _ => false,
    })
}

/// Gives the panel's chosen tab the keyboard, once the panel is there.
fn focus_panel() {
    const CHOSEN_TAB: &str = ".node-panel [role=tab][aria-selected=true]";
    set_timeout(
        || {
            let tab = document().query_selector(CHOSEN_TAB).ok().flatten();
            if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
                // A tab that is gone meanwhile simply isn't focused.
                let _ = tab.focus();
            }
        },
        std::time::Duration::from_millis(50),
    );
}

#[component]
fn Panel(run: RunHandle, graph: Arc<RunGraph>, node: Key, chosen: Chosen) -> impl IntoView {
    let pointer = graph.pointer(node).unwrap_or_default().to_owned();
    let output = {
        let pointer = pointer.clone();
        ViewFn::from(move || view! { <Output run=run pointer=pointer.clone()/> })
    };
    let close = Callback::new(move |()| {
        chosen.choose(None);
        focus_node(node);
    });
    view! {
        <div
            class="run-panel"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close.run(());
                }
            }
        >
            <NodePanel
                run=run
                graph=graph
                key=node
                pointer=pointer
                tab=chosen.tab
                on_tab=Callback::new(move |tab| chosen.show(tab))
                on_close=close
                output=output
            />
        </div>
    }
}
