//! Pointer, wheel and keys: the one place where browser events become the editor's inputs.

use std::sync::Arc;

use leptos::{ev, html, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use slipway_editor::{
    geometry::Point,
    keymap::{Chord, KeyAction},
    layout::{HEADER, Layout, Place},
    selection::Selection,
    tools::{Action, Input, Scene, Source, Target, Tool},
};
use slipway_flow::document::Key;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::{Drop, state::CanvasState};

/// Everything a pointer needs.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    pub(super) canvas: CanvasState,
    pub(super) element: NodeRef<html::Div>,
    pub(super) layout: Signal<Arc<Layout>>,
    pub(super) editable: bool,
    pub(super) selection: Signal<Selection>,
    pub(super) on_select: Callback<(Selection,)>,
    pub(super) on_drop: Option<Callback<(Drop,)>>,
    pub(super) on_action: Option<Callback<(KeyAction,), bool>>,
    pub(super) on_menu: Option<Callback<(Option<Key>, Point)>>,
    pub(super) on_add: Option<Callback<(Place, Point)>>,
}

/// The attribute by which a node's element says which node it is.
pub(super) const NODE_ATTRIBUTE: &str = "data-node";

/// Moves and releases count wherever they happen: a drag may begin in the palette and end outside.
pub(super) fn listen(hands: Hands) {
    let moved = window_event_listener(ev::pointermove, move |event| {
        if hands.canvas.tool.get_untracked() != Tool::Idle {
            hands.send(Input::Move { at: hands.point(&event) });
        }
    });
    let released = window_event_listener(ev::pointerup, move |event| {
        if hands.canvas.tool.get_untracked() != Tool::Idle {
            hands.send(Input::Up { at: hands.point(&event) });
        }
    });
    let cancelled = window_event_listener(ev::pointercancel, move |_| hands.send(Input::Cancel));
    let escaped = window_event_listener(ev::keydown, move |event| match event.key().as_str() {
        "Escape" if hands.canvas.tool.get_untracked() != Tool::Idle => hands.send(Input::Cancel),
        " " if !typing(&event) => hands.canvas.space.set(true),
        _ => {}
    });
    let let_go = window_event_listener(ev::keyup, move |event| {
        if event.key() == " " {
            hands.canvas.space.set(false);
        }
    });
    let remove = [moved, released, cancelled, escaped, let_go];
    on_cleanup(move || remove.into_iter().for_each(WindowListenerHandle::remove));
}

impl Hands {
    fn point(&self, event: &MouseEvent) -> Point {
        let at = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
        let Some(element) = self.element.get_untracked() else { return at };
        let rect = element.get_bounding_client_rect();
        Point::new(at.x - rect.x(), at.y - rect.y())
    }

    fn send(&self, input: Input) {
        let tool = self.canvas.tool.get_untracked();
        let (next, action) = self.layout.with_untracked(|layout| {
            let viewport = self.canvas.viewport.get_untracked();
            tool.step(input, Scene { layout, viewport, editable: self.editable })
        });
        if next != tool {
            self.canvas.tool.set(next);
        }
        match action {
            Some(Action::Select(node)) => self.on_select.run((Selection::only(node),)),
            Some(Action::Pan { dx, dy }) => {
                self.canvas.viewport.update(|viewport| *viewport = viewport.panned(dx, dy));
            }
            Some(Action::Drop { source, place }) => {
                if let Some(on_drop) = self.on_drop {
                    on_drop.run(((source, place),));
                }
            }
            None => {}
        }
    }
}

/// A press on the canvas or on one of its nodes.
pub(super) fn pointer_down(hands: Hands, event: &PointerEvent) {
    let middle = event.button() == 1;
    if event.button() > 1 || on_control(event) {
        return;
    }
    let pan = middle || hands.canvas.space.get_untracked();
    if pan {
        event.prevent_default();
    }
    let node = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest(&format!("[{NODE_ATTRIBUTE}]")).ok().flatten())
        .and_then(|element| element.get_attribute(NODE_ATTRIBUTE))
        .and_then(|number| number.parse::<u32>().ok());
    let key = node.and_then(|number| hands.layout.with_untracked(|layout| layout.key_of(number)));
    let target = key.map_or(Target::Canvas, |key| Target::Source(Source::Node(key)));
    hands.send(Input::Down { at: hands.point(event), target, pan });
}

/// A right click asks for the menu of what is there, which is selected then.
pub(super) fn menu(hands: Hands, event: &MouseEvent) {
    let Some(on_menu) = hands.on_menu else { return };
    event.prevent_default();
    let at = hands.point(event);
    let there = hands.canvas.viewport.get_untracked().to_canvas(at);
    let node = hands.layout.with_untracked(|layout| layout.hit(there)).map(|node| node.key);
    let now = hands.selection.get_untracked();
    if node.is_none_or(|node| !now.contains(node)) {
        hands.on_select.run((Selection::only(node),));
    }
    on_menu.run((node, window_point(event)));
}

/// A double click opens a node, or adds one where none is: inside a workflow too.
pub(super) fn double_click(hands: Hands, event: &MouseEvent) {
    let there = hands.canvas.viewport.get_untracked().to_canvas(hands.point(event));
    let (node, place) =
        hands.layout.with_untracked(|layout| (layout.hit(there), layout.place_at(there, None)));
    let empty =
        node.is_none_or(|node| node.arrangement.is_some() && there.y > node.rect.y + HEADER);
    if empty && hands.editable {
        if let (Some(on_add), Some(place)) = (hands.on_add, place) {
            on_add.run((place, window_point(event)));
        }
    } else if let (Some(on_action), Some(_)) = (hands.on_action, node) {
        on_action.run((KeyAction::Edit,));
    }
}

fn window_point(event: &MouseEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// A press that begins to drag something new out of the palette.
pub fn drag_new(canvas: CanvasState, kind: usize, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    // Where the press was is measured from the window's corner here: the first move corrects it,
    // and is far enough away to make the press a drag.
    let from = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
    canvas.tool.set(Tool::Pressed { from, target: Target::Source(Source::New(kind)) });
}

/// Wheel and trackpad: pans; with Ctrl or Cmd, and for a pinch, zooms about the pointer.
pub(super) fn wheel(canvas: CanvasState, event: &WheelEvent) {
    /// Pixels in a line of wheel movement.
    const LINE: f64 = 16.0;
    event.prevent_default();
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => LINE,
        WheelEvent::DOM_DELTA_PAGE => canvas.screen.get_untracked().height,
        _ => 1.0,
    };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.ctrl_key() || event.meta_key() {
        let at = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .map(|element| element.get_bounding_client_rect())
            .map_or_else(Point::default, |rect| {
                Point::new(
                    f64::from(event.client_x()) - rect.x(),
                    f64::from(event.client_y()) - rect.y(),
                )
            });
        // A notch of a wheel is some 100 pixels, a pinch comes in single ones: bound the step.
        let factor = (-dy.clamp(-100.0, 100.0) / 300.0).exp();
        canvas.viewport.update(|viewport| *viewport = viewport.zoomed(factor, at));
    } else if event.shift_key() {
        canvas.viewport.update(|viewport| *viewport = viewport.panned(-dx - dy, 0.0));
    } else {
        canvas.viewport.update(|viewport| *viewport = viewport.panned(-dx, -dy));
    }
}

/// The chord of a key event; `key` is the event's own, which the chord borrows.
pub(super) fn chord<'a>(event: &KeyboardEvent, key: &'a str) -> Chord<'a> {
    Chord {
        key,
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    }
}

fn typing(event: &KeyboardEvent) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT" | "BUTTON")
    })
}

/// Buttons inside the canvas keep their own presses.
fn on_control(event: &PointerEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest("button, output, a").ok().flatten().is_some())
}
