//! All arrows in view, as one path: every element the browser must lay out costs.

use std::{fmt::Write, sync::Arc};

use leptos::prelude::*;
use slipway_editor::{
    geometry::Rect,
    layout::{Arrow, Layout},
};

/// Half the width, and the height, of an arrow's head.
const HEAD: f64 = 4.0;

#[component]
pub(super) fn Arrows(layout: Signal<Arc<Layout>>, view: Memo<Rect>) -> impl IntoView {
    let path = Memo::new(move |_| {
        let view = view.get();
        layout.with(|layout| path(layout.arrows(), &view))
    });
    let size = Memo::new(move |_| layout.with(|layout| layout.size()));
    view! {
        <svg
            class="arrows"
            aria-hidden="true"
            width=move || size.get().width
            height=move || size.get().height
        >
            <path d=move || path.get()></path>
        </svg>
    }
}

fn path(arrows: &[Arrow], view: &Rect) -> String {
    let mut path = String::new();
    for Arrow { start, end, .. } in arrows {
        let stands = Rect::new(start.x - HEAD, start.y, 2.0 * HEAD, end.y - start.y);
        if stands.overlaps(view) {
            let (x, top, tip) = (start.x, start.y + 2.0, end.y - 2.0);
            let (left, right, wing) = (x - HEAD, x + HEAD, tip - HEAD * 1.5);
            // Writing to a string can't fail.
            let _ = write!(path, "M{x} {top} V{tip} M{left} {wing} L{x} {tip} L{right} {wing}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use slipway_editor::geometry::Point;
    use slipway_flow::document::Document;

    use super::*;

    #[test]
    fn only_arrows_in_view_are_drawn() {
        let document = Document::parse("[0, 1]").unwrap();
        let keys: Vec<_> = document.elements(document.root()).collect();
        let arrow = Arrow {
            from: keys[0],
            to: keys[1],
            start: Point::new(50.0, 10.0),
            end: Point::new(50.0, 40.0),
        };
        assert!(path(&[arrow], &Rect::new(0.0, 0.0, 100.0, 100.0)).starts_with("M50 12 V38"));
        assert_eq!(path(&[arrow], &Rect::new(60.0, 0.0, 100.0, 100.0)), "");
    }
}
