//! Moving by taps and by keys: every place that what is carried can go to is a button.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};
use slipway_editor::{
    geometry::Rect,
    layout::{Layout, Place},
    tools::{Drop, Input, Source, places},
};
use slipway_flow::document::Key;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    NodeFace,
    input::Hands,
    overlay::called,
    state::{focus_element, focus_node},
};

/// How far a place reaches around its bar, so that a finger hits it.
const REACH: f64 = 10.0;

/// The nodes that are carried and where they can go.
#[derive(Clone, Copy)]
pub(super) struct Carry {
    hands: Hands,
    face: Callback<(Key,), NodeFace>,
    nodes: Memo<Option<Arc<[Key]>>>,
    places: Memo<Vec<Place>>,
    /// Which of the places has the keyboard.
    at: RwSignal<usize>,
}

impl Carry {
    pub(super) fn new(hands: Hands, face: Callback<(Key,), NodeFace>) -> Self {
        let nodes = Memo::new(move |_| hands.canvas.tool.with(|tool| tool.carried.clone()));
        let places = Memo::new(move |_| {
            let layout = hands.layout.get();
            nodes.get().map(|nodes| places(&layout, &nodes)).unwrap_or_default()
        });
        let carry = Self { hands, face, nodes, places, at: RwSignal::new(0) };
        // The keyboard begins beside where the nodes are, and comes back to them.
        Effect::new(move |before: Option<Option<Arc<[Key]>>>| {
            let now = nodes.get();
            match (&now, before.flatten()) {
                (Some(nodes), None) => carry.begin(nodes),
                (None, Some(nodes)) => {
                    if let Some(node) = nodes.first() {
                        focus_node(*node);
                    }
                }
                _ => {}
            }
            now
        });
        carry
    }

    fn begin(self, nodes: &[Key]) {
        let home = self.hands.layout.with_untracked(|layout| {
            let node = layout.get(*nodes.first()?)?;
            Some(Place { workflow: node.parent?, index: node.position + 1 })
        });
        let behind = |place: &Place| {
            home.is_some_and(|home| place.workflow == home.workflow && place.index > home.index)
        };
        let first = self.places.with_untracked(|places| places.iter().position(behind));
        self.go_to(first.unwrap_or_default());
    }

    fn go_to(self, at: usize) {
        let place = self.places.with_untracked(|places| places.get(at).copied());
        let Some(place) = place else { return };
        self.at.set(at);
        let rect = self.hands.layout.with_untracked(|layout| layout.marker(place));
        let canvas = self.hands.canvas;
        if let Some(rect) = rect {
            let screen = canvas.screen.get_untracked();
            canvas.viewport.update(|view| *view = view.revealing(&rect, screen));
        }
        request_animation_frame(move || {
            let element = document().get_element_by_id(&element_id(place));
            if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                focus_element(&element);
            }
        });
    }

    fn press(self, event: &KeyboardEvent) {
        let (at, last) = (self.at.get_untracked(), self.places.with_untracked(Vec::len).max(1) - 1);
        let to = match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => (at + 1).min(last),
            "ArrowUp" | "ArrowLeft" => at.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Escape" => {
                self.hands.send(Input::Cancel);
                at
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if to != at {
            self.go_to(to);
        }
    }

    fn put(self, place: Place) {
        let Some(nodes) = self.nodes.get_untracked() else { return };
        self.hands.send(Input::Cancel);
        self.hands.drop(Drop { source: Source::Nodes(nodes), place, copy: false });
    }

    /// Where a place is, for somebody who can't see it.
    fn words(self, place: Place) -> String {
        let title = |node: Key| untrack(|| self.face.run((node,)).title);
        self.hands.layout.with_untracked(|layout| {
            let around = title(place.workflow);
            match layout.step(place.workflow, place.index) {
                Some(next) => format!("Move before {}, in {around}", title(next.key)),
                None if place.index == 0 => format!("Move into {around}"),
                None => format!("Move to the end of {around}"),
            }
        })
    }
}

fn element_id(place: Place) -> String {
    format!("place-{}-{}", place.workflow.number(), place.index)
}

/// The places in view, as buttons. Part of the picture.
#[component]
pub(super) fn Places(carry: Carry, tiles: Memo<Rect>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        if carry.nodes.with(Option::is_none) {
            return Vec::new();
        }
        let (places, at) = (carry.places.get(), carry.at.get());
        let view = tiles.get();
        carry.hands.layout.with(|layout| in_view(layout, &places, at, &view))
    });
    view! {
        <Show when=move || carry.nodes.with(Option::is_some)>
            <div
                class="places"
                role="group"
                aria-label="Places to move to"
                on:keydown=move |event| carry.press(&event)
            >
                <For each=move || shown.get() key=|place| *place let:place>
                    <PlaceButton carry=carry place=place/>
                </For>
            </div>
        </Show>
    }
}

/// The places in view, and the one that has the keyboard.
fn in_view(layout: &Layout, places: &[Place], at: usize, view: &Rect) -> Vec<Place> {
    let touches = |place: &Place| layout.marker(*place).is_some_and(|bar| bar.overlaps(view));
    let here = places.get(at).copied();
    places.iter().copied().filter(|place| Some(*place) == here || touches(place)).collect()
}

#[component]
fn PlaceButton(carry: Carry, place: Place) -> impl IntoView {
    let rect = Memo::new(move |_| {
        let bar = carry.hands.layout.with(|layout| layout.marker(place)).unwrap_or_default();
        if bar.width > bar.height {
            Rect::new(bar.x, bar.y - REACH, bar.width, bar.height + 2.0 * REACH)
        } else {
            Rect::new(bar.x - REACH, bar.y, bar.width + 2.0 * REACH, bar.height)
        }
    });
    let has_keyboard =
        move || carry.places.with(|places| places.get(carry.at.get()) == Some(&place));
    view! {
        <button
            id=element_id(place)
            type="button"
            class="place"
            class:is-upright=move || rect.with(|rect| rect.height > rect.width)
            aria-label=carry.words(place)
            tabindex=move || if has_keyboard() { "0" } else { "-1" }
            style:left=move || format!("{}px", rect.get().x)
            style:top=move || format!("{}px", rect.get().y)
            style:width=move || format!("{}px", rect.get().width)
            style:height=move || format!("{}px", rect.get().height)
            on:click=move |_| carry.put(place)
        ></button>
    }
}

/// Says what is carried and how to stop, over the canvas.
#[component]
pub(super) fn CarryNote(carry: Carry) -> impl IntoView {
    move || {
        carry.nodes.get().map(|nodes| {
            let what = called(&nodes, carry.face);
            view! {
                <div class="carry-note">
                    <p role="status">{format!("Choose where to move {what}.")}</p>
                    <button type="button" class="tool" on:click=move |_| carry.hands.send(Input::Cancel)>
                        "Cancel"
                    </button>
                </div>
            }
        })
    }
}
