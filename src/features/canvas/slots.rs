//! "+" where a node can be added: near the mouse, and around the node that has the focus, where
//! Tab reaches them behind the tree. Others are not there at all.

use std::sync::Arc;

use leptos::{html, prelude::*};
use slipway_editor::{
    geometry::{Point, Rect, Size},
    layout::{Layout, Place, Slot},
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
/// How far apart two are at least, on the screen, so that each can be hit.
const APART: f64 = 18.0;
/// The zoom counts by steps of this size, so that small ones change nothing.
const ZOOM_STEP: f64 = 0.05;

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
    canvas: CanvasState,
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
    // However small the picture is, they are as large as a finger or a hand needs.
    let zoom = Memo::new(move |_| {
        let zoom = canvas.viewport.with(|viewport| viewport.zoom).clamp(ZOOM_STEP, 1.0);
        (zoom / ZOOM_STEP + f64::EPSILON).floor() * ZOOM_STEP
    });
    let crowded = Memo::new(move |_| {
        let slots = layout.with(|layout| {
            shown.get().into_iter().filter_map(|place| layout.slot(place)).collect()
        });
        crowded(slots, hover.0.get(), APART / zoom.get())
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
                class:is-crowded=move || crowded.with(|crowded| crowded.contains(&place))
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
        <div
            class="slots"
            role="group"
            aria-label="Places to add a node"
            style:--near=move || zoom.get().to_string()
        >
            <For each=move || shown.get() key=|place| *place children=one />
        </div>
    }
}

/// The places whose "+" is too near to another: of those the one nearest to the mouse can be hit, or
/// the first.
fn crowded(mut slots: Vec<Slot>, mouse: Option<Point>, apart: f64) -> Vec<Place> {
    if let Some(mouse) = mouse {
        let far = |slot: &Slot| slot.rect.center().distance(mouse);
        slots.sort_by(|one, other| far(one).total_cmp(&far(other)));
    }
    let mut kept: Vec<Point> = Vec::new();
    let mut crowded = Vec::new();
    for slot in slots {
        let at = slot.rect.center();
        let near = |it: &Point| (it.x - at.x).abs() < apart && (it.y - at.y).abs() < apart;
        if kept.iter().any(near) {
            crowded.push(slot.place);
        } else {
            kept.push(at);
        }
    }
    crowded
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

#[cfg(test)]
mod tests {
    use slipway_flow::document::Document;

    use super::*;

    #[test]
    fn of_two_that_are_too_near_one_can_be_hit() {
        let document = Document::parse(
            r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
                {"kind": "Workflow", "spec": {"type": "sequential", "steps": [{"kind": "JobRun"}]}},
                {"kind": "JobRun"}]}}}"#,
        )
        .unwrap();
        let layout = Layout::of(&document, document.root_node());
        let inner = document.nodes()[1];
        let places = layout.places_around(inner);
        let slots = || places.iter().filter_map(|place| layout.slot(*place)).collect::<Vec<_>>();
        assert_eq!(slots().len(), 4);
        assert_eq!(crowded(slots(), None, APART), []);
        // Half as large, its end and what is behind it are too near.
        assert_eq!(crowded(slots(), None, 2.0 * APART), [places[3]]);
        let mouse = slots()[3].rect.center();
        assert_eq!(crowded(slots(), Some(mouse), 2.0 * APART), [places[2]]);
    }
}
