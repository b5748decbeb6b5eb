//! The canvas: a flow as a picture, to look at or to edit. It draws what `slipway_editor::layout`
//! computed, turns pointer and keys into `slipway_editor` inputs, and decides nothing itself.
//!
//! What makes it quick: one transform on one container, nodes placed by `left` and `top`, one path
//! for all arrows in an SVG of the picture's real size, and only what is in view mounted.
//!
//! May import: the pure crates, `ui`. Not other features.

mod arrows;
mod input;
mod marks;
mod node;
mod state;

use std::sync::Arc;

use leptos::{html, prelude::*};
use slipway_editor::{
    geometry::Point,
    keymap::{self, KeyAction},
    layout::{Layout, Place},
    selection::Selection,
    tools::{Source, Tool},
};
use slipway_flow::document::Key;

pub use input::drag_new;
pub use node::{NodeFace, glyph};
pub use state::{CanvasState, focus_node};

use arrows::Arrows;
use marks::Marks;
use node::NodeView;

/// Something was dropped: a node of the flow or an entry of the palette.
pub type Drop = (Source, Place);

/// A flow as a picture.
///
/// `face` says what a node shows; it is called in a reactive scope of the node's own, so that it
/// may read signals. Keys that the canvas does not handle itself (walking, zooming, fitting) go to
/// `on_action`, which says whether it did something: else they stay the browser's. Without
/// `editable` nothing can be dragged.
///
/// `on_select` is told what is selected from now on. `on_menu` is asked for the menu of a node, or
/// of the canvas, `on_add` to offer what can be added at a place; both with the point in the window
/// where that was asked for.
#[component]
pub fn Canvas(
    layout: Signal<Arc<Layout>>,
    face: Callback<(Key,), NodeFace>,
    canvas: CanvasState,
    selection: Signal<Selection>,
    on_select: Callback<(Selection,)>,
    #[prop(optional)] editable: bool,
    #[prop(optional, into)] on_drop: Option<Callback<(Drop,)>>,
    #[prop(optional, into)] on_action: Option<Callback<(KeyAction,), bool>>,
    #[prop(optional, into)] on_menu: Option<Callback<(Option<Key>, Point)>>,
    #[prop(optional, into)] on_add: Option<Callback<(Place, Point)>>,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    state::connect(canvas, element, layout);
    let hands = input::Hands {
        canvas,
        element,
        layout,
        editable,
        selection,
        on_select,
        on_drop,
        on_action,
        on_menu,
        on_add,
    };
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
    let tiles = Memo::new(move |_| canvas.viewport.get().tiles(canvas.screen.get()));
    let visible =
        Memo::new(move |_| layout.with(|layout| layout.visible(&tiles.get(), focus.get())));
    // In the editor the selection follows the keyboard, whoever moved it: keys act on what has it.
    let on_focus = Callback::new(move |(key,): (Key,)| {
        last.set(Some(key));
        let now = selection.get_untracked();
        if editable && now.focus() != Some(key) {
            on_select.run((now.focused_on(key),));
        }
    });
    let selected = Marks::of(selection);
    let dragged = Marks::of(Signal::derive(move || {
        Selection::only(canvas.tool.with(|tool| match tool {
            Tool::Dragging { source: Source::Node(node), .. } => Some(*node),
            _ => None,
        }))
    }));
    let tab_stop = Marks::of(Signal::derive(move || Selection::only(focus.get())));
    let marker = Memo::new(move |_| match canvas.tool.get() {
        Tool::Dragging { place: Some(place), .. } => layout.with(|layout| layout.marker(place)),
        _ => None,
    });

    let on_keydown = move |event: web_sys::KeyboardEvent| {
        let key = event.key();
        let Some(action) = keymap::action(input::chord(&event, &key)) else { return };
        let handled = match action {
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
            KeyAction::Fit => canvas.fit(layout),
            KeyAction::ActualSize => canvas.zoom_to(1.0),
            KeyAction::ZoomIn => canvas.zoom_by(1.25),
            KeyAction::ZoomOut => canvas.zoom_by(0.8),
            KeyAction::Leave if canvas.tool.get_untracked() != Tool::Idle => {
                canvas.tool.set(Tool::Idle);
                true
            }
            _ => on_action.is_some_and(|on_action| on_action.run((action,))),
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
            class:is-dragging=move || matches!(canvas.tool.get(), Tool::Dragging { .. })
            class:is-panning=move || matches!(canvas.tool.get(), Tool::Panning { .. })
            node_ref=element
            on:contextmenu=move |event| input::menu(hands, &event)
            on:dblclick=move |event| input::double_click(hands, &event)
            on:pointerdown=move |event| input::pointer_down(hands, &event)
            on:wheel=move |event| input::wheel(canvas, &event)
            on:keydown=on_keydown
        >
            <div class="canvas-layer" style:transform=move || canvas.transform()>
                <Arrows layout=layout view=tiles />
                <div role="tree" aria-label="Release flow" aria-multiselectable=editable.to_string()>
                    <For each=move || visible.get() key=|key| *key let:key>
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
                {move || {
                    marker
                        .get()
                        .map(|bar| {
                            view! {
                                <div
                                    class="drop-marker"
                                    style:left=format!("{}px", bar.x)
                                    style:top=format!("{}px", bar.y)
                                    style:width=format!("{}px", bar.width)
                                    style:height=format!("{}px", bar.height)
                                ></div>
                            }
                        })
                }}
            </div>
            <CanvasControls canvas=canvas layout=layout />
        </div>
    }
}

/// Zoom and fit, for the mouse and for the eye.
#[component]
fn CanvasControls(canvas: CanvasState, layout: Signal<Arc<Layout>>) -> impl IntoView {
    view! {
        <div class="canvas-controls" role="group" aria-label="View">
            <button type="button" class="tool" aria-label="Zoom out" title="Zoom out (−)" on:click=move |_| {
                canvas.zoom_by(0.8);
            }>"−"</button>
            <output class="canvas-zoom" aria-label="Zoom">
                {move || format!("{:.0} %", canvas.viewport.get().zoom * 100.0)}
            </output>
            <button type="button" class="tool" aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| {
                canvas.zoom_by(1.25);
            }>"+"</button>
            <button type="button" class="tool" title="Fit to view (F)" on:click=move |_| {
                canvas.fit(layout);
            }>"Fit to view"</button>
        </div>
    }
}
