//! Pointer, wheel and keys: the one place where browser events become the editor's inputs.

use std::sync::Arc;

use leptos::{
    ev, html, leptos_dom::helpers::WindowListenerHandle, prelude::*, reactive::owner::LocalStorage,
};
use slipway_editor::{
    geometry::Point,
    keymap::KeyAction,
    layout::{Layout, Place},
    selection::Selection,
    tools::{Action, Drop, Gesture, Held, Input, LONG_PRESS, Opened, Pointer, Scene, Tool, opened},
    viewport::{Unit, Wheel},
};
use slipway_flow::document::Key;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::state::{CanvasState, focus_element, focus_node, focus_now};

/// Everything a pointer needs.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    pub(super) canvas: CanvasState,
    pub(super) element: NodeRef<html::Div>,
    pub(super) layout: Signal<Arc<Layout>>,
    pub(super) editable: bool,
    pub(super) several: bool,
    pub(super) selection: Signal<Selection>,
    pub(super) on_select: Callback<(Selection,)>,
    pub(super) on_drop: Option<Callback<(Drop,)>>,
    pub(super) on_action: Option<Callback<(KeyAction,), bool>>,
    pub(super) on_menu: Option<Callback<(Option<Key>, Point)>>,
    pub(super) on_add: Option<Callback<(Place, Point)>>,
    pub(super) timers: StoredValue<Timers, LocalStorage>,
}

/// What comes by itself while a pointer is down.
#[derive(Default)]
pub(super) struct Timers {
    /// The finger has rested for long.
    rest: Option<TimeoutHandle>,
    /// When the view was last moved along near an edge, in milliseconds; none while it stands.
    frame: Option<f64>,
}

/// Moves and releases count wherever they happen: a drag may begin in the palette and end outside.
pub(super) fn listen(hands: Hands) {
    let busy = move || !hands.tool().is_idle();
    let moved = window_event_listener(ev::pointermove, move |event| {
        if busy() {
            let (id, at, held) = (event.pointer_id(), hands.point(&event), held(&event));
            hands.send(Input::Move { id, at, held });
        }
    });
    let released = window_event_listener(ev::pointerup, move |event| {
        if busy() {
            let (id, at, held) = (event.pointer_id(), hands.point(&event), held(&event));
            hands.send(Input::Up { id, at, held });
        }
    });
    let cancelled = window_event_listener(ev::pointercancel, move |event| {
        hands.send(Input::Lost(Some(event.pointer_id())));
    });
    let blurred = window_event_listener(ev::blur, move |_| {
        hands.canvas.space.set(false);
        hands.send(Input::Lost(None));
    });
    let let_go = window_event_listener(ev::keyup, move |event| {
        if event.key() == " " {
            hands.canvas.space.set(false);
        }
        hands.key_held(&event, false);
    });
    let remove = [moved, released, cancelled, blurred, let_go];
    on_cleanup(move || remove.into_iter().for_each(WindowListenerHandle::remove));
    // Before anybody else: while something is dragged, Escape ends that and nothing else.
    capture_keys(move |event| match event.key().as_str() {
        "Escape" if busy() => {
            event.prevent_default();
            event.stop_propagation();
            hands.send(Input::Cancel);
        }
        " " if !typing(event) => hands.canvas.space.set(true),
        _ => hands.key_held(event, true),
    });
}

/// Calls `pressed` for every key that goes down, before the elements that it is for.
fn capture_keys(pressed: impl Fn(&KeyboardEvent) + 'static) {
    const CAPTURE: bool = true;
    let closure = Closure::<dyn Fn(KeyboardEvent)>::new(move |event| pressed(&event));
    let listener: &js_sys::Function = closure.as_ref().unchecked_ref();
    // A browser that can't listen leaves the keys to the elements.
    let _ = window().add_event_listener_with_callback_and_bool("keydown", listener, CAPTURE);
    let closure = StoredValue::new_local(Some(closure));
    on_cleanup(move || {
        if let Some(Some(closure)) = closure.try_update_value(Option::take) {
            let listener: &js_sys::Function = closure.as_ref().unchecked_ref();
            let _ =
                window().remove_event_listener_with_callback_and_bool("keydown", listener, CAPTURE);
        }
    });
}

impl Hands {
    fn tool(self) -> Tool {
        self.canvas.tool.get_untracked()
    }

    fn point(self, event: &MouseEvent) -> Point {
        let origin = self.origin();
        Point::new(f64::from(event.client_x()) - origin.x, f64::from(event.client_y()) - origin.y)
    }

    /// The corner of the canvas in the window.
    pub(super) fn origin(self) -> Point {
        self.element.get_untracked().map_or_else(Point::default, |element| {
            let rect = element.get_bounding_client_rect();
            Point::new(rect.x(), rect.y())
        })
    }

    fn in_scene<T>(self, look: impl FnOnce(Scene<'_>) -> T) -> T {
        self.layout.with_untracked(|layout| {
            self.selection.with_untracked(|selection| {
                look(Scene {
                    layout,
                    viewport: self.canvas.viewport.get_untracked(),
                    screen: self.canvas.screen.get_untracked(),
                    selection,
                    editable: self.editable,
                    several: self.several,
                })
            })
        })
    }

    pub(super) fn send(self, input: Input) {
        let tool = self.tool();
        let (next, action) = self.in_scene(|scene| tool.clone().step(input, scene));
        if next != tool {
            self.capture(&tool.gesture, &next.gesture);
            self.canvas.tool.set(next);
        }
        match action {
            Some(Action::Select(selection)) => self.select(selection),
            Some(Action::View(view)) => self.canvas.viewport.set(view),
            Some(Action::Drop(drop)) => self.drop(drop),
            Some(Action::Menu(node, at)) => self.menu(node, at + self.origin()),
            None => {}
        }
        self.follow();
    }

    /// Selects, and gives what is selected the keyboard; the tree, where that is nothing.
    fn select(self, selection: Selection) {
        let focus = selection.focus();
        self.on_select.run((selection,));
        match focus {
            Some(node) => focus_node(node),
            None => self.focus_tree(),
        }
    }

    fn focus_tree(self) {
        let tree = self.element.get_untracked().and_then(|canvas| {
            canvas.query_selector("[role=tree]").ok().flatten()?.dyn_into::<HtmlElement>().ok()
        });
        if let Some(tree) = tree {
            focus_element(&tree);
        }
    }

    pub(super) fn drop(self, drop: Drop) {
        if let Some(on_drop) = self.on_drop {
            on_drop.run((drop,));
        }
    }

    /// Asks for the menu of a node, which is selected then, or of the canvas.
    fn menu(self, node: Option<Key>, at: Point) {
        let Some(on_menu) = self.on_menu else { return };
        let selected =
            self.selection.with_untracked(|now| node.is_some_and(|node| now.contains(node)));
        if !selected {
            self.select(Selection::only(node));
        }
        // What closes gives the keyboard back to where it was, and the selection follows that.
        if let Some(node) = node {
            focus_now(node);
        }
        on_menu.run((node, at));
    }

    /// What began to move stays with the canvas, over whatever the pointer comes.
    fn capture(self, before: &Gesture, now: &Gesture) {
        let pointer = match now {
            Gesture::Pressed { pointer, .. } if pointer.touch => pointer,
            Gesture::Panning { pointer, .. } => pointer,
            Gesture::Boxing(boxing) => &boxing.pointer,
            Gesture::Dragging(dragging) => &dragging.pointer,
            Gesture::Idle | Gesture::Pinching(_) | Gesture::Pressed { .. } => return,
        };
        let begins = matches!(before, Gesture::Idle | Gesture::Pressed { .. });
        if let (true, Some(element)) = (begins, self.element.get_untracked()) {
            // A pointer that is up again already can't be captured, and needn't.
            let _ = element.set_pointer_capture(pointer.id);
        }
    }

    /// Near an edge the view moves along, frame by frame.
    fn follow(self) {
        let follows = self.tool().follows(self.canvas.screen.get_untracked());
        let waits = self.timers.try_with_value(|timers| timers.frame.is_some());
        match waits {
            Some(true) if !follows => self.timers.update_value(|timers| timers.frame = None),
            Some(false) if follows => {
                self.timers.update_value(|timers| timers.frame = Some(js_sys::Date::now()));
                request_animation_frame(move || self.frame());
            }
            _ => {}
        }
    }

    fn frame(self) {
        let now = js_sys::Date::now();
        let last = self.timers.try_update_value(|timers| timers.frame.take());
        if let Some(Some(last)) = last {
            self.send(Input::Frame { ms: now - last });
        }
    }

    /// A key that changes what a drag does was pressed or let go, and the pointer stands still.
    fn key_held(self, event: &KeyboardEvent, down: bool) {
        let Gesture::Dragging(dragging) = self.tool().gesture else { return };
        if event.key() == "Alt" {
            // Else the browser's menu takes the keyboard.
            event.prevent_default();
            let held = Held { alt: down, ..Held::default() };
            self.send(Input::Move { id: dragging.pointer.id, at: dragging.at, held });
        }
    }
}

/// A press on the canvas or on one of its nodes.
pub(super) fn pointer_down(hands: Hands, event: &PointerEvent) {
    let middle = event.button() == 1;
    if event.button() > 1 || on_control(event) {
        return;
    }
    let pointer = Pointer { id: event.pointer_id(), touch: event.pointer_type() == "touch" };
    let pan = middle || hands.canvas.space.get_untracked();
    hands.send(Input::Down { pointer, at: hands.point(event), held: held(event), pan });
    if pointer.touch {
        let rest = move || {
            // Unless the canvas is gone meanwhile.
            if hands.timers.try_with_value(|_| ()).is_some() {
                hands.send(Input::Rest);
            }
        };
        let rest = set_timeout_with_handle(rest, LONG_PRESS).ok();
        hands.timers.update_value(|timers| {
            if let Some(earlier) = std::mem::replace(&mut timers.rest, rest) {
                earlier.clear();
            }
        });
    }
}

/// The browser's own answer to a press would move the keyboard and select text. The keyboard comes
/// to the canvas when it is elsewhere, so that what is typed is done and keys act here.
pub(super) fn mouse_down(hands: Hands, event: &MouseEvent) {
    if on_control(event) {
        return;
    }
    event.prevent_default();
    let active = document().active_element();
    let here = active.is_some_and(|element| matches!(element.closest(".canvas"), Ok(Some(_))));
    if !here {
        hands.focus_tree();
    }
}

/// The browser gave a captured pointer to somebody else.
pub(super) fn lost_capture(hands: Hands, event: &PointerEvent) {
    if event.target() == event.current_target() {
        hands.send(Input::Lost(Some(event.pointer_id())));
    }
}

/// A right click asks for the menu of what is there.
pub(super) fn menu(hands: Hands, event: &MouseEvent) {
    if hands.on_menu.is_none() || on_control(event) {
        return;
    }
    event.prevent_default();
    let touch =
        event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
    if touch {
        // Some browsers tell of a resting finger by this.
        hands.send(Input::Rest);
        return;
    }
    hands.send(Input::Lost(None));
    let at = hands.canvas.viewport.get_untracked().to_canvas(hands.point(event));
    let node = hands.layout.with_untracked(|layout| layout.hit(at)).map(|node| node.key);
    hands.menu(node, window_point(event));
}

/// A double click opens a node, or asks for one where none is.
pub(super) fn double_click(hands: Hands, event: &MouseEvent) {
    if on_control(event) {
        return;
    }
    let at = hands.point(event);
    match hands.in_scene(|scene| opened(at, scene)) {
        Some(Opened::Node(_)) => {
            if let Some(on_action) = hands.on_action {
                on_action.run((KeyAction::Edit,));
            }
        }
        Some(Opened::Place(place)) => {
            if let Some(on_add) = hands.on_add {
                on_add.run((place, window_point(event)));
            }
        }
        None => {}
    }
}

/// A press that begins to drag something new out of the palette.
pub fn drag_new(canvas: CanvasState, kind: usize, event: &PointerEvent) {
    if event.button() == 0 {
        let pointer = Pointer { id: event.pointer_id(), touch: event.pointer_type() == "touch" };
        canvas.send(|hands| Input::Grab { pointer, at: hands.point(event), kind });
    }
}

/// Wheel and trackpad: pans; with Ctrl or Cmd, and for a pinch, zooms about the pointer.
pub(super) fn wheel(hands: Hands, event: &WheelEvent) {
    event.prevent_default();
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => Unit::Line,
        WheelEvent::DOM_DELTA_PAGE => Unit::Page,
        _ => Unit::Pixel,
    };
    let wheel = Wheel {
        dx: event.delta_x(),
        dy: event.delta_y(),
        unit,
        zoom: event.ctrl_key() || event.meta_key(),
        sideways: event.shift_key(),
    };
    let at = hands.point(event);
    let view =
        hands.in_scene(|scene| scene.viewport.wheeled(wheel, at, &scene.picture(), scene.screen));
    hands.canvas.viewport.set(view);
    // What is dragged is over something else now.
    hands.send(Input::Frame { ms: 0.0 });
}

fn held(event: &MouseEvent) -> Held {
    Held {
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    }
}

fn window_point(event: &MouseEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

fn element_of(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into::<Element>().ok())
}

fn typing(event: &KeyboardEvent) -> bool {
    const TYPED_IN: &str = "input, textarea, select, button, summary, a, [contenteditable]";
    element_of(event).is_some_and(|element| element.matches(TYPED_IN).unwrap_or(false))
}

/// Buttons inside the canvas keep the keys that press them.
pub(super) fn for_control(event: &KeyboardEvent) -> bool {
    matches!(event.key().as_str(), "Enter" | " ") && on_control(event)
}

/// Whether a node has the keyboard.
pub(super) fn on_node(event: &KeyboardEvent) -> bool {
    element_of(event).is_some_and(|element| element.matches("[role=treeitem]").unwrap_or(false))
}

/// Buttons inside the canvas keep their own presses.
fn on_control(event: &Event) -> bool {
    element_of(event)
        .is_some_and(|element| element.closest("button, output, a").ok().flatten().is_some())
}
