//! The whole picture in a corner, with a frame around what the screen shows. For the mouse: by
//! keyboard the same is done by walking the tree and by the keys of the view.

use std::{sync::Arc, time::Duration};

use leptos::{html, prelude::*};
use slipway_editor::{
    geometry::{Point, Rect, Size},
    layout::Layout,
    selection::Selection,
    viewport::Viewport,
};
use slipway_flow::document::Key;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent, Storage};

use super::{
    CanvasState,
    paint::{Brush, Scene, Tools},
    slots::keys,
};
use crate::{
    state::rest::Rest,
    ui::{Glyph, Icon},
};

/// A picture of fewer nodes needs no map.
const NODES: usize = 30;
/// The largest map, in pixels.
const ROOM: Size = Size::new(184.0, 128.0);
/// The least length of a side.
const LEAST: f64 = 12.0;
/// How long the picture rests before it is painted again: it is only for orientation.
const REST: Duration = Duration::from_millis(80);
/// Where the browser remembers that the map is hidden.
const KEY: &str = "slipway-map-hidden";

#[component]
pub(super) fn Minimap(
    scene: Scene,
    canvas: CanvasState,
    layout: Signal<Arc<Layout>>,
    focus: Memo<Option<Key>>,
) -> impl IntoView {
    let wanted = Memo::new(move |_| layout.with(|layout| layout.len() >= NODES));
    let open = RwSignal::new(!is_hidden());
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        remember(!open.get_untracked());
    };
    view! {
        <Show when=move || wanted.get()>
            <div class="minimap" class:is-open=move || open.get() on:pointerdown=|event| event.stop_propagation()>
                <Show when=move || open.get()>
                    <Map scene=scene canvas=canvas layout=layout />
                </Show>
                <button
                    type="button"
                    class="minimap-toggle"
                    aria-expanded=move || open.get().to_string()
                    aria-label="Map of the whole flow"
                    title=move || if open.get() { "Hide the map" } else { "Show the map" }
                    on:click=toggle
                    on:keydown=move |event| keys(&event, focus)
                >
                    <Icon of=Signal::derive(move || {
                        if open.get() { Glyph::ChevronDown } else { Glyph::ChevronRight }
                    }) />
                    "Map"
                </button>
            </div>
        </Show>
    }
}

#[component]
fn Map(scene: Scene, canvas: CanvasState, layout: Signal<Arc<Layout>>) -> impl IntoView {
    let element = NodeRef::<html::Canvas>::new();
    let scale = Memo::new(move |_| scale(layout.with(|layout| layout.size())));
    let size = Memo::new(move |_| {
        let Size { width, height } = layout.with(|layout| layout.size());
        Size::new((width * scale.get()).max(LEAST), (height * scale.get()).max(LEAST))
    });
    let tools = StoredValue::new_local(Tools::default());
    let paint = move || {
        let Some(element) = element.try_get_untracked().flatten() else { return };
        let view = Viewport { x: 0.0, y: 0.0, zoom: scale.get_untracked() };
        tools.try_update_value(|tools| {
            let size = size.get_untracked();
            if let Some(mut brush) = Brush::new(&element, size, view, scene, tools) {
                brush.paint(&Selection::default());
            }
        });
    };
    let rest = Rest::new(REST);
    Effect::new(move |_| {
        scene.track();
        rest.then(paint);
    });
    let frame = Memo::new(move |_| {
        let (size, scale) = (size.get(), scale.get());
        let shown = canvas.viewport.get().shown(canvas.screen.get());
        let (left, top) = ((shown.x * scale).max(0.0), (shown.y * scale).max(0.0));
        let right = (shown.right() * scale).min(size.width);
        let bottom = (shown.bottom() * scale).min(size.height);
        Rect::new(left, top, (right - left).max(2.0), (bottom - top).max(2.0))
    });
    let go = move |event: &PointerEvent| {
        let Some(map) = element.get_untracked() else { return };
        let rect = map.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let scale = scale.get_untracked();
        let at = Point::new((x - rect.x()) / scale, (y - rect.y()) / scale);
        canvas.look_at(at);
    };
    let pressed = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let map = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        // Without the capture a drag ends at the map's border.
        let _ = map.map(|map| map.set_pointer_capture(event.pointer_id()));
        go(&event);
    };
    view! {
        <div
            class="minimap-map"
            aria-hidden="true"
            style:width=move || format!("{}px", size.get().width)
            style:height=move || format!("{}px", size.get().height)
            on:pointerdown=pressed
            on:pointermove=move |event| {
                if event.buttons() & 1 == 1 {
                    go(&event);
                }
            }
        >
            <canvas node_ref=element></canvas>
            <div
                class="minimap-frame"
                style:left=move || format!("{}px", frame.get().x)
                style:top=move || format!("{}px", frame.get().y)
                style:width=move || format!("{}px", frame.get().width)
                style:height=move || format!("{}px", frame.get().height)
            ></div>
        </div>
    }
}

/// How large the map of a picture is against it.
fn scale(picture: Size) -> f64 {
    let fits = (ROOM.width / picture.width.max(1.0)).min(ROOM.height / picture.height.max(1.0));
    fits.min(0.1)
}

fn is_hidden() -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(KEY), Ok(Some(_))))
}

fn remember(hidden: bool) {
    // A browser that forbids storage forgets the choice; that is all.
    let _ =
        storage().map(
            |storage| {
                if hidden { storage.set_item(KEY, "yes") } else { storage.remove_item(KEY) }
            },
        );
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_fits_its_corner() {
        for (width, height) in [(400.0, 300.0), (40_000.0, 800.0), (900.0, 600_000.0)] {
            let scale = scale(Size::new(width, height));
            assert!(width * scale <= ROOM.width + 0.01 && height * scale <= ROOM.height + 0.01);
        }
    }
}
