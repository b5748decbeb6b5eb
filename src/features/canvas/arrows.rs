//! All arrows in view, as one path: every element the browser must lay out costs.

use std::{fmt::Write, sync::Arc};

use leptos::prelude::*;
use slipway_editor::{
    geometry::Rect,
    layout::{ARROW_HEAD, Arrow, Layout},
};

#[component]
pub(super) fn Arrows(layout: Signal<Arc<Layout>>, view: Memo<Rect>) -> impl IntoView {
    let path = Memo::new(move |_| {
        let view = view.get();
        layout.with(|layout| path(&layout.arrows(&view)))
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

fn path(arrows: &[Arrow]) -> String {
    let mut path = String::new();
    for Arrow { start, end, .. } in arrows {
        let (x, top, tip) = (start.x, start.y + 2.0, end.y - 2.0);
        let (left, right, wing) = (x - ARROW_HEAD, x + ARROW_HEAD, tip - ARROW_HEAD * 1.5);
        // Writing to a string can't fail.
        let _ = write!(path, "M{x} {top} V{tip} M{left} {wing} L{x} {tip} L{right} {wing}");
    }
    path
}

#[cfg(test)]
mod tests {
    use slipway_editor::geometry::Point;
    use slipway_flow::document::Document;

    use super::*;

    #[test]
    fn an_arrow_is_a_line_and_a_head() {
        let document = Document::parse("[0, 1]").unwrap();
        let keys: Vec<_> = document.elements(document.root()).collect();
        let arrow = Arrow {
            from: keys[0],
            to: keys[1],
            start: Point::new(50.0, 10.0),
            end: Point::new(50.0, 40.0),
        };
        assert_eq!(path(&[arrow]), "M50 12 V38 M46 32 L50 38 L54 32");
        assert_eq!(path(&[]), "");
    }
}
