//! The layer that shows the nodes while they are far away. It is painted again only when something
//! changed; when the view is panned, what was painted moves along, and only what comes into view is
//! painted.

use leptos::{html, prelude::*};
use slipway_editor::{
    geometry::{Rect, Size},
    selection::Selection,
    viewport::Viewport,
};
use web_sys::HtmlCanvasElement;

use super::paint::{Brush, Scene, Tools};

/// How little numbers may differ that were meant to be the same.
const ALMOST: f64 = 1e-6;

/// The layer that shows the nodes while they are far away.
#[component]
pub(super) fn Painted(
    scene: Scene,
    viewport: RwSignal<Viewport>,
    screen: RwSignal<Size>,
    selection: Signal<Selection>,
) -> impl IntoView {
    let element = NodeRef::<html::Canvas>::new();
    let near = Memo::new(move |_| viewport.with(Viewport::is_near));
    let tools = StoredValue::new_local(Tools::default());
    // The view that the canvas shows, as long as nothing else changes, in the screen's own pixels.
    let painted = StoredValue::new_local(None::<(Viewport, Size)>);
    let paint = in_next_frame(move || {
        let Some(element) = element.try_get_untracked().flatten() else { return };
        let (Some(viewport), Some(size)) =
            (viewport.try_get_untracked(), screen.try_get_untracked())
        else {
            return;
        };
        let Some(chosen) = selection.try_get_untracked() else { return };
        let before = painted.try_update_value(Option::take).flatten();
        tools.try_update_value(|tools| {
            if let Some(mut brush) = Brush::new(&element, size, viewport, scene, tools) {
                match before.and_then(|before| brush.shift(before)) {
                    Some((right, down)) => brush.pan(&element, right, down, &chosen),
                    None => brush.paint(&chosen),
                }
                painted.try_set_value(Some((brush.view, brush.size)));
            }
        });
    });
    Effect::new(move |_| {
        if near.get() {
            return;
        }
        scene.track();
        screen.track();
        selection.track();
        painted.set_value(None);
        paint();
    });
    Effect::new(move |_| {
        viewport.track();
        if !near.get() {
            paint();
        }
    });
    view! { <canvas node_ref=element class="painted" aria-hidden="true" hidden=move || near.get()></canvas> }
}

/// Does something in the next frame, once however often it is asked for until then.
pub(super) fn in_next_frame(work: impl Fn() + 'static) -> impl Fn() + Copy {
    let work = StoredValue::new_local(work);
    let asked = StoredValue::new_local(false);
    move || {
        if asked.try_get_value() == Some(false) {
            asked.set_value(true);
            request_animation_frame(move || {
                if asked.try_set_value(false).is_none() {
                    work.try_with_value(|work| work());
                }
            });
        }
    }
}

impl Brush<'_> {
    /// How far what was painted in another view has to move to be right in this one, in whole
    /// pixels; none where that is not enough.
    fn shift(&self, (before, size): (Viewport, Size)) -> Option<(f64, f64)> {
        let Viewport { x, y, zoom } = self.view;
        let same = (before.zoom - zoom).abs() < ALMOST * zoom && size == self.size;
        let (across, along) = (x - before.x, y - before.y);
        let (right, down) = (across.round(), along.round());
        let whole = (across - right).abs() < ALMOST && (along - down).abs() < ALMOST;
        let near = right.abs() < self.size.width && down.abs() < self.size.height;
        (same && whole && near).then_some((right, down))
    }

    /// Moves what is painted, and paints what comes into view.
    fn pan(&mut self, element: &HtmlCanvasElement, right: f64, down: f64, selected: &Selection) {
        // Nothing of what was there stays where it was.
        let moved = self
            .context
            .set_global_composite_operation("copy")
            .and_then(|()| self.context.draw_image_with_html_canvas_element(element, right, down))
            .and_then(|()| self.context.set_global_composite_operation("source-over"));
        if moved.is_err() {
            return self.paint(selected);
        }
        // What is said from here on is forgotten again.
        self.letter();
        for part in strips(self.size, right, down) {
            self.part = part;
            self.context.save();
            self.context.begin_path();
            self.context.rect(part.x, part.y, part.width, part.height);
            self.context.clip();
            self.paint(selected);
            self.context.restore();
        }
    }
}

/// What of a screen is not covered any more when its picture moves to the right and down.
fn strips(screen: Size, right: f64, down: f64) -> impl Iterator<Item = Rect> {
    let Size { width, height } = screen;
    let x = if right > 0.0 { 0.0 } else { width + right };
    let y = if down > 0.0 { 0.0 } else { height + down };
    let upright = Rect::new(x, 0.0, right.abs(), height);
    let flat = Rect::new(0.0, y, width, down.abs());
    [upright, flat].into_iter().filter(|strip| strip.width > 0.0 && strip.height > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_into_view_is_painted_wherever_the_picture_moves() {
        let of = |right, down| strips(Size::new(100.0, 80.0), right, down).collect::<Vec<_>>();
        assert_eq!(of(0.0, 0.0), []);
        assert_eq!(of(5.0, 0.0), [Rect::new(0.0, 0.0, 5.0, 80.0)]);
        let [right, below] = of(-5.0, -3.0)[..] else { panic!("two strips") };
        assert_eq!(right, Rect::new(95.0, 0.0, 5.0, 80.0));
        assert_eq!(below, Rect::new(0.0, 77.0, 100.0, 3.0));
    }
}
