//! Something small that lies above the page at a place: a native popover. It closes on Escape and
//! on a press elsewhere, and the keyboard goes back to where it was.

use leptos::{ev, html, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use web_sys::{Element, HtmlElement};

/// Where in the window something small belongs: below this, or above it where there is more room.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Anchor {
    pub left: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Anchor {
    /// At a point.
    #[must_use]
    pub const fn point(x: f64, y: f64) -> Self {
        Self { left: x, top: y, bottom: y }
    }

    /// At an element.
    #[must_use]
    pub fn of(element: &Element) -> Self {
        let rect = element.get_bounding_client_rect();
        Self { left: rect.left(), top: rect.top(), bottom: rect.bottom() }
    }
}

/// Open while there is an anchor; closing it by any way takes the anchor away. What is inside is
/// made anew at every opening.
#[component]
pub fn Popover(
    anchor: RwSignal<Option<Anchor>>,
    #[prop(into)] label: String,
    #[prop(optional, into)] class: String,
    children: ChildrenFn,
) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    // What is inside goes once the browser has given the keyboard back.
    let filled = RwSignal::new(false);
    let is_open = move || {
        panel.get_untracked().is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false))
    };
    let finger = Finger::new();
    Effect::new(move |_| {
        let (Some(panel), at) = (panel.get(), anchor.get()) else { return };
        match at {
            Some(at) => {
                filled.set(true);
                finger.opens();
                // It fails only for a popover that is open already.
                let _ = panel.show_popover();
                let panel: HtmlElement = (*panel).clone();
                request_animation_frame(move || place(&panel, at));
            }
            None if is_open() => drop(panel.hide_popover()),
            None => {}
        }
    });
    let toggled = move |_| {
        if !is_open() {
            filled.set(false);
            anchor.set(None);
        }
    };
    view! {
        <div
            node_ref=panel
            class=super::classes(&["popover", &class])
            popover="auto"
            role="group"
            aria-label=label
            on:toggle=toggled
        >
            {move || filled.get().then(|| children())}
        </div>
    }
}

/// A finger that rests opens something, and is lifted after that: browsers would take this for a tap
/// on what is there now, which closes it or chooses from it.
#[derive(Clone, Copy)]
struct Finger {
    down: StoredValue<bool>,
    /// Whether it was down when something opened, and still is.
    opened: StoredValue<bool>,
}

impl Finger {
    fn new() -> Self {
        let finger = Self { down: StoredValue::new(false), opened: StoredValue::new(false) };
        let pressed = window_event_listener(ev::touchstart, move |_| {
            finger.down.set_value(true);
            finger.opened.set_value(false);
        });
        let lifted = window_event_listener(ev::touchend, move |event| {
            finger.down.set_value(false);
            if finger.opened.get_value() {
                event.prevent_default();
            }
        });
        let lost = window_event_listener(ev::touchcancel, move |_| finger.down.set_value(false));
        on_cleanup(move || {
            [pressed, lifted, lost].into_iter().for_each(WindowListenerHandle::remove);
        });
        finger
    }

    /// Something opens now.
    fn opens(self) {
        self.opened.set_value(self.down.get_value());
    }
}

/// Puts it below its anchor, above where there is no room, and always inside the window.
fn place(panel: &HtmlElement, at: Anchor) {
    const GAP: f64 = 4.0;
    const EDGE: f64 = 8.0;
    let size = |length: Result<wasm_bindgen::JsValue, _>| {
        length.ok().and_then(|length: wasm_bindgen::JsValue| length.as_f64()).unwrap_or_default()
    };
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let rect = panel.get_bounding_client_rect();
    let below = at.bottom + GAP;
    let top = if below + rect.height() <= height - EDGE {
        below
    } else if at.top - GAP - rect.height() >= EDGE {
        at.top - GAP - rect.height()
    } else {
        height - EDGE - rect.height()
    };
    let left = at.left.min(width - EDGE - rect.width());
    let style = HtmlElement::style(panel);
    // A style that is refused leaves it in its corner.
    let _ = style.set_property("left", &format!("{}px", left.max(EDGE)));
    let _ = style.set_property("top", &format!("{}px", top.max(EDGE)));
}
