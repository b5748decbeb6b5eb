//! What lies over the picture while the pointer is at work: where something would go, what is on
//! its way, the box that is drawn.

use std::sync::Arc;

use leptos::prelude::*;
use slipway_editor::{
    geometry::{Point, Rect},
    layout::Layout,
    tools::{Dragging, Gesture, Source},
    viewport::Viewport,
};
use slipway_flow::{document::Key, kinds};

use super::{CanvasState, NodeFace, input::Hands};

/// Names nodes: one by its title, several by their number.
pub(super) fn called(nodes: &[Key], face: Callback<(Key,), NodeFace>) -> String {
    match nodes {
        [node] => untrack(|| face.run((*node,)).title),
        nodes => format!("{} nodes", nodes.len()),
    }
}

/// A bar at the place where what is dragged would go. Part of the picture.
#[component]
pub(super) fn Marker(canvas: CanvasState, layout: Signal<Arc<Layout>>) -> impl IntoView {
    let marker = Memo::new(move |_| {
        canvas.tool.with(|tool| match &tool.gesture {
            Gesture::Dragging(Dragging { place: Some(place), .. }) => {
                layout.with(|layout| layout.marker(*place))
            }
            _ => None,
        })
    });
    move || marker.get().map(|bar| view! { <Bar rect=bar/> })
}

#[component]
fn Bar(rect: Rect) -> impl IntoView {
    view! {
        <div
            class="drop-marker"
            style:left=format!("{}px", rect.x)
            style:top=format!("{}px", rect.y)
            style:width=format!("{}px", rect.width)
            style:height=format!("{}px", rect.height)
        ></div>
    }
}

/// The box that is drawn, on the screen: its border is as thin at every zoom.
#[component]
pub(super) fn BoxFrame(canvas: CanvasState) -> impl IntoView {
    let rect = Memo::new(move |_| {
        let Viewport { zoom, .. } = canvas.viewport.get();
        canvas.tool.with(|tool| match &tool.gesture {
            Gesture::Boxing(boxing) => {
                let view = canvas.viewport.get_untracked();
                let rect = boxing.rect(|at| view.to_canvas(at));
                let corner = view.to_screen(Point::new(rect.x, rect.y));
                Some(Rect::new(corner.x, corner.y, rect.width * zoom, rect.height * zoom))
            }
            _ => None,
        })
    });
    let drawn = Memo::new(move |_| rect.with(Option::is_some));
    let part =
        move |of: fn(Rect) -> f64| move || format!("{}px", of(rect.get().unwrap_or_default()));
    view! {
        <Show when=move || drawn.get()>
            <div
                class="canvas-box"
                style:left=part(|rect| rect.x)
                style:top=part(|rect| rect.y)
                style:width=part(|rect| rect.width)
                style:height=part(|rect| rect.height)
            ></div>
        </Show>
    }
}

/// What is on its way, beside the pointer, wherever in the window that is.
#[component]
pub(super) fn Ghost(hands: Hands, face: Callback<(Key,), NodeFace>) -> impl IntoView {
    let tool = hands.canvas.tool;
    let dragging = move |look: fn(&Dragging) -> bool| {
        tool.with(|tool| match &tool.gesture {
            Gesture::Dragging(dragging) => look(dragging),
            _ => false,
        })
    };
    let source = Memo::new(move |_| {
        tool.with(|tool| match &tool.gesture {
            Gesture::Dragging(dragging) => Some(dragging.source.clone()),
            _ => None,
        })
    });
    let copies = Memo::new(move |_| dragging(|dragging| dragging.copy));
    let lands = Memo::new(move |_| dragging(|dragging| dragging.place.is_some()));
    move || {
        source.get().map(|source| {
            let title = match &source {
                Source::Nodes(nodes) => called(nodes, face),
                Source::New(kind) => {
                    kinds::all().get(*kind).map_or("", |kind| kind.title).to_owned()
                }
            };
            let origin = hands.origin();
            let transform = move || {
                let at = tool.with(|tool| match &tool.gesture {
                    Gesture::Dragging(dragging) => dragging.at + origin,
                    _ => Point::default(),
                });
                format!("translate3d({}px, {}px, 0)", at.x, at.y)
            };
            view! {
                <div class="drag-ghost" class:is-nowhere=move || !lands.get() style:transform=transform>
                    {move || copies.get().then_some(view! { <span class="drag-sign">"+"</span> })}
                    {title}
                </div>
            }
        })
    }
}
