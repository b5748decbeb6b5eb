//! The canvas: a flow as a picture, to look at or to edit. It draws what `slipway_editor::layout`
//! computed, turns pointer and keys into `slipway_editor` inputs, and decides nothing itself.
//!
//! Near, nodes are elements of the page; from afar they are painted (`paint`), and what has the
//! focus stays an element all the same, with what is around it.
//!
//! What makes it quick: one transform on one container, nodes placed by `left` and `top`, one path
//! for all arrows in an SVG of the picture's real size, and only what is in view mounted.
//!
//! May import: the pure crates, `state` for how keys are wanted, `ui`. Not other features.

mod arrows;
mod carry;
mod far;
mod folds;
mod glance;
mod ink;
mod input;
mod marks;
mod minimap;
mod node;
mod overlay;
mod paint;
mod references;
mod slots;
mod state;

use std::sync::Arc;

use leptos::{html, prelude::*};
use slipway_editor::{
    geometry::Point,
    keymap::{self, Direction, KeyAction},
    layout::{Layout, Place, Use},
    selection::Selection,
    tools::{Dragging, Drop, Gesture, Input, Source, Tool},
    viewport::Viewport,
};
use slipway_flow::document::Key;

use crate::state::preferences::meaning;
pub use folds::Fold;
pub use glance::{Glance, Glances, count_changes};

pub use input::drag_new;
pub use node::{NodeFace, glyph};
pub use state::{CanvasState, focus_node};

use arrows::Arrows;
use carry::{Carry, CarryNote, Places};
use far::Painted;
use folds::Folds;
use input::Timers;
use marks::Marks;
use minimap::Minimap;
use node::NodeView;
use overlay::{BoxFrame, Ghost, Marker};
use paint::Scene;
use references::References;
use slots::{Hover, Slots};

/// A flow as a picture.
///
/// `face` says what a node shows; it is called in a reactive scope of the node's own, so that it
/// may read signals; `glances` says the little that is seen of it from afar. Keys that the canvas
/// does not handle itself (walking, zooming, fitting) go to `on_action`, which says whether it did
/// something: else they stay the browser's. Without `editable` nothing can be dragged; with `single`
/// one node at most is selected.
///
/// `on_select` is told what is selected from now on. `on_menu` is asked for the menu of a node, or
/// of the canvas, `on_add` to offer what can be added at a place; both with the point in the window
/// where that was asked for. `on_fold` shows or hides the steps of a workflow. `uses` says who gives
/// a ref to the nodes or takes one of theirs.
#[component]
pub fn Canvas(
    layout: Signal<Arc<Layout>>,
    face: Callback<(Key,), NodeFace>,
    glances: Glances,
    canvas: CanvasState,
    selection: Signal<Selection>,
    on_select: Callback<(Selection,)>,
    #[prop(optional)] editable: bool,
    #[prop(optional)] single: bool,
    #[prop(optional, into)] on_drop: Option<Callback<(Drop,)>>,
    #[prop(optional, into)] on_action: Option<Callback<(KeyAction,), bool>>,
    #[prop(optional, into)] on_menu: Option<Callback<(Option<Key>, Point)>>,
    #[prop(optional, into)] on_add: Option<Callback<(Place, Point)>>,
    #[prop(optional, into)] on_fold: Option<Callback<(Fold,)>>,
    #[prop(optional, into)] uses: Option<Callback<(Vec<Key>,), Vec<Use>>>,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    state::connect(canvas, element, layout);
    let hands = input::Hands {
        canvas,
        element,
        layout,
        editable,
        several: !single,
        selection,
        on_select,
        on_drop,
        on_action,
        on_menu,
        on_add,
        timers: StoredValue::new_local(Timers::default()),
    };
    canvas.connect_hands(hands);
    input::listen(hands);

    // The node that takes part in the tab order: the selected one, else the one that had the
    // keyboard last, else the outermost.
    let last = RwSignal::new(None::<Key>);
    let focus = Memo::new(move |_| {
        let chosen = selection.with(Selection::focus).or(last.get());
        layout.with(|layout| {
            chosen.filter(|key| layout.get(*key).is_some()).or_else(|| layout.root())
        })
    });
    let near = Memo::new(move |_| canvas.viewport.with(Viewport::is_near));
    let tiles = state::tiles(canvas, near);
    let scene = Scene::new(layout, face, glances, ink::use_inks(element));
    let visible =
        Memo::new(move |_| layout.with(|layout| layout.visible(&tiles.get(), focus.get())));
    // In the editor the selection follows the keyboard, whoever moved it, also for those who may only
    // look: keys and menus are about what has it.
    let on_focus = Callback::new(move |(key,): (Key,)| {
        last.set(Some(key));
        let now = selection.get_untracked();
        if !single && now.focus() != Some(key) {
            on_select.run((now.focused_on(key),));
        }
    });
    // A box that is being drawn shows what it chooses.
    let chosen = Memo::new(move |_| canvas.tool.with(|tool| tool.chosen().cloned()));
    let selected = Marks::of(Signal::derive(move || match chosen.get() {
        Some(chosen) => (*chosen).clone(),
        None => selection.get(),
    }));
    let moving = Memo::new(move |_| canvas.tool.with(moving));
    let dragged = Marks::of(Signal::derive(move || {
        moving.with(|nodes| Selection::of(nodes.as_deref().unwrap_or_default()))
    }));
    let doing = Memo::new(move |_| canvas.tool.with(doing));
    let carry = Carry::new(hands, face);
    let tab_stop = Marks::of(Signal::derive(move || Selection::only(focus.get())));

    let hover = Hover::new();
    let fold = move |workflow: Option<Key>| {
        let fold = layout.with_untracked(|layout| folds::toggled(layout, workflow?));
        if let (Some(fold), Some(on_fold)) = (fold, on_fold) {
            on_fold.run((fold,));
        }
        fold.is_some()
    };
    let collapsed = move |node: Option<Key>| {
        layout.with_untracked(|layout| Some(layout.get(node?)?.collapsed)) == Some(true)
    };

    let on_keydown = move |event: web_sys::KeyboardEvent| {
        if input::for_control(&event) {
            return;
        }
        let choices = canvas.keys.get_untracked();
        let Some(action) = meaning(&event, |chord| keymap::action(chord, choices)) else { return };
        let at = focus.get_untracked();
        // After Escape a node has the keyboard, and nothing is selected.
        let none = !single && selection.with_untracked(Selection::is_empty);
        if none && action.selects_first() && input::on_node(&event) {
            on_select.run((Selection::only(at),));
        }
        let handled = match action {
            KeyAction::Walk(Direction::In) if collapsed(at) => fold(at),
            KeyAction::ToggleCollapse => fold(at),
            KeyAction::Walk(direction) => {
                let to = focus.get_untracked().and_then(|from| {
                    layout.with_untracked(|layout| keymap::walk(layout, from, direction))
                });
                canvas.go_to(to.or(focus.get_untracked()), layout, on_select);
                true
            }
            KeyAction::First | KeyAction::Last => {
                let to = layout.with_untracked(|layout| match action {
                    KeyAction::First => layout.root(),
                    _ => layout.last(),
                });
                canvas.go_to(to, layout, on_select);
                true
            }
            KeyAction::Leave if canvas.tool.get_untracked() != Tool::default() => {
                hands.send(Input::Cancel);
                true
            }
            _ => {
                selection.with_untracked(|now| canvas.look(action, layout, now))
                    || on_action.is_some_and(|on_action| on_action.run((action,)))
            }
        };
        if handled {
            event.prevent_default();
            event.stop_propagation();
        }
    };

    view! {
        <div
            class="canvas"
            class:is-editable=editable
            class:is-far=move || !near.get()
            class:is-held=move || canvas.space.get()
            data-doing=move || doing.get()
            node_ref=element
            on:contextmenu=move |event| input::menu(hands, &event)
            on:dblclick=move |event| input::double_click(hands, &event)
            on:pointerdown=move |event| input::pointer_down(hands, &event)
            on:mousedown=move |event| input::mouse_down(hands, &event)
            on:lostpointercapture=move |event| input::lost_capture(hands, &event)
            on:pointermove=move |event| hover.moved(canvas, element, &event)
            on:pointerleave=move |_| hover.left()
            on:wheel=move |event| input::wheel(hands, &event)
            on:keydown=on_keydown
        >
            <Painted
                scene=scene
                viewport=canvas.viewport
                screen=canvas.screen
                selection=selection
            />
            <div
                class="canvas-layer"
                style:transform=move || canvas.transform()
                style:--zoom=move || if near.get() { 1.0 } else { canvas.viewport.get().zoom }.to_string()
            >
                <Arrows layout=layout view=tiles />
                <div role="tree" aria-label="Release flow" aria-multiselectable=(!single).to_string() tabindex="-1">
                    <For
                        each=move || {
                            state::keep_keyboard();
                            visible.get()
                        }
                        key=|key| *key
                        let:key
                    >
                        <NodeView
                            key=key
                            layout=layout
                            face=face
                            selected=selected
                            dragged=dragged
                            focus=tab_stop
                            on_focus=on_focus
                        />
                    </For>
                </div>
                {uses.map(|uses| view! { <References layout=layout selection=selection uses=uses /> })}
                {on_fold
                    .map(|on_fold| {
                        view! {
                            <Folds
                                layout=layout
                                face=face
                                visible=visible
                                focus=focus
                                near=near
                                on_fold=on_fold
                            />
                        }
                    })}
                {on_add
                    .filter(|_| editable)
                    .map(|on_add| {
                        view! {
                            <Slots
                                canvas=canvas
                                layout=layout
                                face=face
                                focus=focus
                                near=near
                                hover=hover
                                on_add=on_add
                            />
                        }
                    })}
                <Marker canvas=canvas layout=layout/>
                <Places carry=carry tiles=tiles/>
            </div>
            <BoxFrame canvas=canvas/>
            <Ghost hands=hands face=face/>
            <CarryNote carry=carry/>
            <Minimap scene=scene canvas=canvas layout=layout focus=focus />
            <CanvasControls canvas=canvas layout=layout focus=focus />
        </div>
    }
}

/// The nodes that are on their way: copies leave them where they are.
fn moving(tool: &Tool) -> Option<Arc<[Key]>> {
    match &tool.gesture {
        Gesture::Dragging(Dragging { source: Source::Nodes(nodes), copy: false, .. }) => {
            Some(Arc::clone(nodes))
        }
        _ => tool.carried.clone(),
    }
}

/// What the pointer does, in a word: it looks accordingly.
fn doing(tool: &Tool) -> Option<&'static str> {
    match &tool.gesture {
        Gesture::Panning { .. } | Gesture::Pinching(_) => Some("pan"),
        Gesture::Boxing(_) => Some("box"),
        Gesture::Dragging(Dragging { place: None, .. }) => Some("nowhere"),
        Gesture::Dragging(
            Dragging { copy: true, .. } | Dragging { source: Source::New(_), .. },
        ) => Some("copy"),
        Gesture::Dragging(_) => Some("move"),
        Gesture::Idle | Gesture::Pressed { .. } => tool.carried.as_ref().map(|_| "carry"),
    }
}

/// Zoom and fit, for the mouse and for the eye.
#[component]
fn CanvasControls(
    canvas: CanvasState,
    layout: Signal<Arc<Layout>>,
    focus: Memo<Option<Key>>,
) -> impl IntoView {
    let look = move |action| canvas.look(action, layout, &Selection::default());
    view! {
        <div
            class="canvas-controls"
            role="group"
            aria-label="View"
            on:keydown=move |event| slots::keys(&event, focus)
        >
            <button type="button" class="tool" aria-label="Zoom out" title="Zoom out (−)" on:click=move |_| {
                look(KeyAction::ZoomOut);
            }>"−"</button>
            <output class="canvas-zoom" aria-label="Zoom">
                {move || format!("{:.0} %", canvas.viewport.get().zoom * 100.0)}
            </output>
            <button type="button" class="tool" aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| {
                look(KeyAction::ZoomIn);
            }>"+"</button>
            <button type="button" class="tool" title="Fit to view (1)" on:click=move |_| {
                look(KeyAction::Fit);
            }>"Fit to view"</button>
        </div>
    }
}
