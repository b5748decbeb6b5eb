//! "+" where a node can be added: near the mouse, and around the node that has the focus, where
//! Tab reaches them behind the tree. Others are not there at all.

use std::sync::Arc;

use leptos::{html, prelude::*};
use slipway_editor::{
    geometry::{Point, Rect, Size},
    layout::{Layout, Place},
};
use slipway_flow::document::Key;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::{CanvasState, NodeFace, state::focus_node};
use slipway_editor::tools::Tool;

/// How far from the mouse they are shown, in the layout's pixels.
const REACH: f64 = 56.0;
/// The mouse counts by squares of this side, so that small moves change nothing.
const STEP: f64 = 28.0;

/// Where the mouse is over the picture, in steps; none while it does something else.
#[derive(Clone, Copy)]
pub(super) struct Hover(RwSignal<Option<Point>>);

impl Hover {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub(super) fn moved(
        self,
        canvas: CanvasState,
        element: NodeRef<html::Div>,
        event: &PointerEvent,
    ) {
        let idle = canvas.tool.with_untracked(Tool::is_idle) && event.pointer_type() == "mouse";
        let at = element.get_untracked().filter(|_| idle).map(|element| {
            let rect = element.get_bounding_client_rect();
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            let at = Point::new(x - rect.x(), y - rect.y());
            let at = canvas.viewport.get_untracked().to_canvas(at);
            Point::new((at.x / STEP).round() * STEP, (at.y / STEP).round() * STEP)
        });
        if self.0.get_untracked() != at {
            self.0.set(at);
        }
    }

    pub(super) fn left(self) {
        if self.0.get_untracked().is_some() {
            self.0.set(None);
        }
    }
}

#[component]
pub(super) fn Slots(
    layout: Signal<Arc<Layout>>,
    face: Callback<(Key,), NodeFace>,
    focus: Memo<Option<Key>>,
    near: Memo<bool>,
    hover: Hover,
    on_add: Callback<(Place, Point)>,
) -> impl IntoView {
    let around = Memo::new(move |_| {
        let focus = focus.get().filter(|_| near.get());
        focus.map(|node| layout.with(|layout| layout.places_around(node))).unwrap_or_default()
    });
    let shown = Memo::new(move |_| {
        let mut shown = around.get();
        if let Some(at) = hover.0.get().filter(|_| near.get()) {
            let corner = Point::new(at.x - REACH, at.y - REACH);
            let reach = Rect::at(corner, Size::new(2.0 * REACH, 2.0 * REACH));
            let there = layout.with(|layout| layout.slots(&reach));
            for slot in there {
                if !shown.contains(&slot.place) {
                    shown.push(slot.place);
                }
            }
        }
        shown
    });
    let one = move |place: Place| {
        let corner = move || {
            let slot = layout.with(|layout| layout.slot(place));
            slot.map(|slot| slot.rect).unwrap_or_default()
        };
        let name = move || {
            let title = |node| face.run((node,)).title;
            layout.with(|layout| match layout.step(place.workflow, place.index) {
                Some(step) => format!("Add a node before {}", title(step.key)),
                None => format!("Add a node at the end of {}", title(place.workflow)),
            })
        };
        let reached = move || around.with(|around| around.contains(&place));
        view! {
            <button
                type="button"
                class="slot"
                aria-label=name
                title="Add a node here"
                tabindex=move || if reached() { "0" } else { "-1" }
                style:left=move || format!("{}px", corner().x)
                style:top=move || format!("{}px", corner().y)
                on:click=move |event| on_add.run((place, below(&event)))
                on:keydown=move |event| keys(&event, focus)
            >
                "+"
            </button>
        }
    };
    view! {
        <div class="slots" role="group" aria-label="Places to add a node">
            <For each=move || shown.get() key=|place| *place children=one />
        </div>
    }
}

/// The middle of a button's lower edge, in the window: a list that it opens stands below it.
fn below(event: &MouseEvent) -> Point {
    let button = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    button.map_or_else(Point::default, |button| {
        let rect = button.get_bounding_client_rect();
        Point::new(rect.x() + rect.width() / 2.0, rect.bottom())
    })
}

/// What presses a button is not the canvas's; Escape leads back to the tree.
pub(super) fn keys(event: &KeyboardEvent, focus: Memo<Option<Key>>) {
    match event.key().as_str() {
        "Enter" | " " => event.stop_propagation(),
        "Escape" => {
            if let Some(node) = focus.get_untracked() {
                focus_node(node);
            }
            event.prevent_default();
            event.stop_propagation();
        }
        _ => {}
    }
}
