//! Which part of the canvas the screen shows, and how large.

use crate::geometry::{Point, Rect, Size};

/// The smallest and largest zoom.
pub const ZOOM: (f64, f64) = (0.02, 2.0);
/// The view is culled in tiles of this many canvas pixels, so that small pans change nothing.
const TILE: f64 = 256.0;
/// Space left around a picture that is fitted to the screen.
const MARGIN: f64 = 32.0;

/// `screen = canvas * zoom + (x, y)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    pub x: f64,
    pub y: f64,
    pub zoom: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { x: MARGIN, y: MARGIN, zoom: 1.0 }
    }
}

impl Viewport {
    #[must_use]
    pub fn to_canvas(&self, screen: Point) -> Point {
        Point::new((screen.x - self.x) / self.zoom, (screen.y - self.y) / self.zoom)
    }

    #[must_use]
    pub fn to_screen(&self, canvas: Point) -> Point {
        Point::new(canvas.x * self.zoom + self.x, canvas.y * self.zoom + self.y)
    }

    #[must_use]
    pub fn panned(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// Zoomed by `factor` with the canvas point under `screen` staying where it is.
    #[must_use]
    pub fn zoomed(self, factor: f64, screen: Point) -> Self {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        let fixed = self.to_canvas(screen);
        Self { x: screen.x - fixed.x * zoom, y: screen.y - fixed.y * zoom, zoom }
    }

    /// All of `target` in view, in the middle, at zoom 1 at most.
    #[must_use]
    pub fn fitted(target: &Rect, screen: Size) -> Self {
        let room = Size::new(
            (screen.width - 2.0 * MARGIN).max(1.0),
            (screen.height - 2.0 * MARGIN).max(1.0),
        );
        let zoom = (room.width / target.width.max(1.0))
            .min(room.height / target.height.max(1.0))
            .clamp(ZOOM.0, 1.0);
        let middle = target.center();
        Self {
            x: screen.width / 2.0 - middle.x * zoom,
            // A picture taller than the screen begins at the top: that is where a flow starts.
            y: if target.height * zoom > room.height {
                MARGIN - target.y * zoom
            } else {
                screen.height / 2.0 - middle.y * zoom
            },
            zoom,
        }
    }

    /// The smallest pan that brings `target` into view, with some space around it.
    #[must_use]
    pub fn revealing(self, target: &Rect, screen: Size) -> Self {
        let start = self.to_screen(Point::new(target.x, target.y));
        let end = self.to_screen(Point::new(target.right(), target.bottom()));
        let shift = |start: f64, end: f64, room: f64| {
            if start < MARGIN || end - start > room - 2.0 * MARGIN {
                MARGIN - start
            } else if end > room - MARGIN {
                room - MARGIN - end
            } else {
                0.0
            }
        };
        self.panned(shift(start.x, end.x, screen.width), shift(start.y, end.y, screen.height))
    }

    /// The part of the canvas to draw: what the screen shows, rounded outwards to whole tiles.
    #[must_use]
    pub fn tiles(&self, screen: Size) -> Rect {
        let from = self.to_canvas(Point::new(0.0, 0.0));
        let to = self.to_canvas(Point::new(screen.width, screen.height));
        let (x, y) = ((from.x / TILE).floor() * TILE, (from.y / TILE).floor() * TILE);
        Rect::new(x, y, (to.x / TILE).ceil() * TILE - x, (to.y / TILE).ceil() * TILE - y)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn viewport() -> impl Strategy<Value = Viewport> {
        (-5000.0..5000.0f64, -5000.0..5000.0f64, ZOOM.0..ZOOM.1).prop_map(|(x, y, zoom)| Viewport {
            x,
            y,
            zoom,
        })
    }

    proptest! {
        #[test]
        fn zoom_keeps_the_point_under_the_pointer(
            view in viewport(), x in 0.0..2000.0f64, y in 0.0..2000.0f64, factor in 0.2..5.0f64,
        ) {
            let pointer = Point::new(x, y);
            let before = view.to_canvas(pointer);
            let after = view.zoomed(factor, pointer).to_canvas(pointer);
            prop_assert!(before.distance(after) < 1e-6);
        }

        #[test]
        fn a_fitted_picture_is_in_view(w in 10.0..40_000.0f64, h in 10.0..30_000.0f64) {
            let screen = Size::new(1000.0, 700.0);
            let target = Rect::new(0.0, 0.0, w, h);
            let view = Viewport::fitted(&target, screen);
            let shown = view.tiles(screen);
            prop_assert!(shown.encloses(&target));
            prop_assert!(view.zoom <= 1.0);
        }

        #[test]
        fn a_revealed_node_is_in_view(view in viewport(), x in -3000.0..3000.0f64, y in -3000.0..3000.0f64) {
            let screen = Size::new(1000.0, 700.0);
            let target = Rect::new(x, y, 256.0, 72.0);
            let view = view.revealing(&target, screen);
            let start = view.to_screen(Point::new(x, y));
            prop_assert!(start.x >= 0.0 && start.y >= 0.0 && start.x < screen.width && start.y < screen.height);
        }
    }
}
