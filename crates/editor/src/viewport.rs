//! Which part of the canvas the screen shows, and how large.

use crate::geometry::{Point, Rect, Size};

/// The smallest and largest zoom.
pub const ZOOM: (f64, f64) = (0.02, 2.0);
/// From this zoom on, nodes are elements of the page; below it they are painted.
const NEAR: f64 = 0.4;
/// The view is culled in tiles of this many canvas pixels, so that small pans change nothing.
const TILE: f64 = 256.0;
/// Space left around a picture that is fitted to the screen.
const MARGIN: f64 = 32.0;
/// Space left below it, where the bar for the view stands.
const BELOW: f64 = 56.0;
/// The smallest zoom at which something is fitted: whoever asks for all of it sees all of it.
const FITTED: f64 = 0.001;

/// How much of the picture stays in view, in screen pixels, however far the canvas is moved.
const KEPT: f64 = 64.0;
/// What a line of a wheel's movement is, in pixels: three lines, a notch, are as much as the 100
/// pixels that other browsers tell for it.
const LINE: f64 = 100.0 / 3.0;
/// How much a pixel of a pinch on a trackpad zooms, and the most pixels of one event that count: a
/// notch of a wheel comes as a hundred at once.
const ZOOM_RATE: f64 = 0.01;
const ZOOM_STEP: f64 = 20.0;

/// What the numbers of a wheel's movement count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Pixel,
    Line,
    Page,
}

/// A movement of a wheel, or of two fingers on a trackpad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wheel {
    pub dx: f64,
    pub dy: f64,
    pub unit: Unit,
    /// With Ctrl or Cmd, which is how a trackpad tells a pinch too.
    pub zoom: bool,
    /// With Shift: up and down mean left and right.
    pub sideways: bool,
}

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
    /// Whether nodes are large enough to be read in full.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.zoom >= NEAR
    }

    /// The part of the canvas that the screen shows.
    #[must_use]
    pub fn shown(&self, screen: Size) -> Rect {
        let corner = self.to_canvas(Point::default());
        Rect::at(corner, Size::new(screen.width / self.zoom, screen.height / self.zoom))
    }

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

    /// As [`Viewport::panned`], but the picture stays in view with a part of it.
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64, picture: &Rect, screen: Size) -> Self {
        let drawn = self.drawn(picture);
        let x = bounded(dx, KEPT - drawn.right(), screen.width - KEPT - drawn.x);
        let y = bounded(dy, KEPT - drawn.bottom(), screen.height - KEPT - drawn.y);
        self.panned(x, y)
    }

    /// As [`Viewport::panned`], as far as there is more of the picture to come into view.
    #[must_use]
    pub fn showing_more(self, dx: f64, dy: f64, picture: &Rect, screen: Size) -> Self {
        let drawn = self.drawn(picture);
        let x = bounded(dx, screen.width - drawn.right(), -drawn.x);
        let y = bounded(dy, screen.height - drawn.bottom(), -drawn.y);
        self.panned(x, y)
    }

    /// Where a part of the canvas is on the screen.
    fn drawn(&self, part: &Rect) -> Rect {
        let corner = self.to_screen(Point::new(part.x, part.y));
        Rect::at(corner, Size::new(part.width * self.zoom, part.height * self.zoom))
    }

    /// After a movement of the wheel with the pointer at `at`.
    #[must_use]
    pub fn wheeled(self, wheel: Wheel, at: Point, picture: &Rect, screen: Size) -> Self {
        let (across, down) = match wheel.unit {
            Unit::Pixel => (1.0, 1.0),
            Unit::Line => (LINE, LINE),
            Unit::Page => (screen.width, screen.height),
        };
        let (dx, dy) = (wheel.dx * across, wheel.dy * down);
        if wheel.zoom {
            return self.zoomed((-dy.clamp(-ZOOM_STEP, ZOOM_STEP) * ZOOM_RATE).exp(), at);
        }
        // Some browsers have turned it already.
        let (dx, dy) = if wheel.sideways && dx == 0.0 { (dy, 0.0) } else { (dx, dy) };
        self.moved(-dx, -dy, picture, screen)
    }

    /// After two fingers have moved: what was under each of them still is, as near as can be.
    #[must_use]
    pub fn pinched(self, before: [Point; 2], now: [Point; 2]) -> Self {
        let middle = |[one, other]: [Point; 2]| {
            Point::new(f64::midpoint(one.x, other.x), f64::midpoint(one.y, other.y))
        };
        let apart = |[one, other]: [Point; 2]| one.distance(other).max(1.0);
        let (from, to) = (middle(before), middle(now));
        self.zoomed(apart(now) / apart(before), from).panned(to.x - from.x, to.y - from.y)
    }

    /// Zoomed by `factor` with the canvas point under `screen` staying where it is.
    #[must_use]
    pub fn zoomed(self, factor: f64, screen: Point) -> Self {
        let zoom = (self.zoom * factor).clamp(ZOOM.0.min(self.zoom), ZOOM.1);
        let fixed = self.to_canvas(screen);
        Self { x: screen.x - fixed.x * zoom, y: screen.y - fixed.y * zoom, zoom }
    }

    /// All of `target` in view, in the middle, at zoom 1 at most.
    #[must_use]
    pub fn fitted(target: &Rect, screen: Size) -> Self {
        let room = Size::new(
            (screen.width - 2.0 * MARGIN).max(1.0),
            (screen.height - MARGIN - BELOW).max(1.0),
        );
        let zoom = (room.width / target.width.max(1.0))
            .min(room.height / target.height.max(1.0))
            .clamp(FITTED, 1.0);
        let middle = target.center();
        Self {
            x: screen.width / 2.0 - middle.x * zoom,
            // A picture taller than the screen begins at the top: that is where a flow starts.
            y: if target.height * zoom > room.height {
                MARGIN - target.y * zoom
            } else {
                let lowest = screen.height - BELOW - target.bottom() * zoom;
                (screen.height / 2.0 - middle.y * zoom).min(lowest)
            },
            zoom,
        }
    }

    /// The smallest pan that brings `target` into view, with some space around it.
    #[must_use]
    pub fn revealing(self, target: &Rect, screen: Size) -> Self {
        let start = self.to_screen(Point::new(target.x, target.y));
        let end = self.to_screen(Point::new(target.right(), target.bottom()));
        let shift = |start: f64, end: f64, room: f64, after: f64| {
            if start < MARGIN || end - start > room - MARGIN - after {
                MARGIN - start
            } else if end > room - after {
                room - after - end
            } else {
                0.0
            }
        };
        let dx = shift(start.x, end.x, screen.width, MARGIN);
        self.panned(dx, shift(start.y, end.y, screen.height, BELOW))
    }

    /// The part of the canvas to draw: what the screen shows, rounded outwards to whole tiles.
    #[must_use]
    pub fn tiles(&self, screen: Size) -> Rect {
        let from = self.to_canvas(Point::new(0.0, 0.0));
        let to = self.to_canvas(Point::new(screen.width, screen.height));
        let (x, y) = ((from.x / TILE).floor() * TILE, (from.y / TILE).floor() * TILE);
        Rect::new(x, y, (to.x / TILE).ceil() * TILE - x, (to.y / TILE).ceil() * TILE - y)
    }

    /// The same while the view is on its way: what was drawn stays, up to as much as a screen shows
    /// that is only just near. Whoever zooms in and out again needs nothing new.
    #[must_use]
    pub fn tiles_with(&self, drawn: &Rect, screen: Size) -> Rect {
        let tiles = self.tiles(screen);
        let both = drawn.joined(&tiles);
        let most = screen.width * screen.height / (NEAR * NEAR);
        if both.width * both.height <= most { both } else { tiles }
    }
}

/// A step of at least `low` and at most `high`, but never one in the other direction.
fn bounded(step: f64, low: f64, high: f64) -> f64 {
    if step < 0.0 { step.max(low.min(0.0)) } else { step.min(high.max(0.0)) }
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
        fn no_movement_loses_the_picture(
            w in 100.0..9000.0f64, h in 100.0..9000.0f64,
            moves in proptest::collection::vec((-4000.0..4000.0f64, -4000.0..4000.0f64), 1..20),
        ) {
            let screen = Size::new(1000.0, 700.0);
            let picture = Rect::new(0.0, 0.0, w, h);
            let mut view = Viewport::fitted(&picture, screen);
            for (dx, dy) in moves {
                view = view.moved(dx, dy, &picture, screen);
                let shown = view.drawn(&picture);
                prop_assert!(shown.overlaps(&Rect::at(Point::default(), screen)));
                let more = view.showing_more(dx, dy, &picture, screen);
                let came = Point::new(more.x - view.x, more.y - view.y);
                prop_assert!(came.x * dx >= 0.0 && came.x.abs() <= dx.abs() + 1e-6);
                prop_assert!(came.y * dy >= 0.0 && came.y.abs() <= dy.abs() + 1e-6);
            }
        }

        #[test]
        fn two_fingers_hold_what_is_under_them(
            view in viewport(), ax in 0.0..500.0f64, ay in 0.0..500.0f64, turn in 20.0..400.0f64,
            by in 0.5..2.0f64, dx in -200.0..200.0f64,
        ) {
            let before = [Point::new(ax, ay), Point::new(ax + turn, ay + turn)];
            let now = [
                Point::new(ax + dx, ay),
                Point::new(ax + dx + turn * by, ay + turn * by),
            ];
            let after = view.pinched(before, now);
            if after.zoom > ZOOM.0 && after.zoom < ZOOM.1 {
                for (before, now) in before.iter().zip(now) {
                    prop_assert!(view.to_canvas(*before).distance(after.to_canvas(now)) < 1e-3);
                }
            }
        }

        #[test]
        fn a_fitted_picture_is_in_view(w in 10.0..40_000.0f64, h in 10.0..30_000.0f64) {
            let screen = Size::new(1000.0, 700.0);
            let target = Rect::new(0.0, 0.0, w, h);
            let view = Viewport::fitted(&target, screen);
            let shown = view.tiles(screen);
            prop_assert!(shown.encloses(&target));
            prop_assert!(view.zoom <= 1.0);
            // The bar for the view stands below it.
            prop_assert!(view.drawn(&target).bottom() <= screen.height - BELOW + 1e-6);
        }

        #[test]
        fn what_is_drawn_covers_the_screen_and_has_an_end(
            view in viewport(), moves in proptest::collection::vec(viewport(), 1..20),
        ) {
            let screen = Size::new(1000.0, 700.0);
            let most = |view: &Viewport| {
                let tiles = view.tiles(screen);
                (tiles.width * tiles.height).max(1000.0 * 700.0 / (NEAR * NEAR))
            };
            let mut drawn = view.tiles(screen);
            for to in moves {
                drawn = to.tiles_with(&drawn, screen);
                prop_assert!(drawn.encloses(&to.tiles(screen)));
                prop_assert!(drawn.width * drawn.height <= most(&to));
            }
        }

        #[test]
        fn zooming_out_of_what_was_zoomed_into_draws_nothing_new(
            x in -5000.0..5000.0f64, y in -5000.0..5000.0f64, px in 0.0..1000.0f64, py in 0.0..700.0f64,
        ) {
            let screen = Size::new(1000.0, 700.0);
            let from = Viewport { x, y, zoom: 0.6 };
            let mut drawn = from.tiles(screen);
            let first = drawn;
            for factor in [1.2, 1.2, 1.2, 1.2, 1.2, 1.2] {
                let near = from.zoomed(factor, Point::new(px, py));
                drawn = near.tiles_with(&drawn, screen);
                prop_assert_eq!(drawn, first);
            }
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

    const SCREEN: Size = Size::new(1000.0, 700.0);

    fn wheeled(dy: f64, unit: Unit, zoom: bool) -> Viewport {
        let wheel = Wheel { dx: 0.0, dy, unit, zoom, sideways: false };
        let picture = Rect::new(0.0, 0.0, 900.0, 9000.0);
        Viewport::default().wheeled(wheel, Point::new(500.0, 300.0), &picture, SCREEN)
    }

    #[test]
    fn a_notch_is_the_same_however_it_is_told() {
        assert_eq!(wheeled(3.0, Unit::Line, false), wheeled(100.0, Unit::Pixel, false));
        assert_eq!(wheeled(3.0, Unit::Line, true), wheeled(120.0, Unit::Pixel, true));
        let step = wheeled(-100.0, Unit::Pixel, true).zoom;
        assert!(step > 1.15 && step < 1.25, "{step}");
    }

    #[test]
    fn a_pinch_zooms_as_much_in_many_events_as_in_one() {
        let picture = Rect::new(0.0, 0.0, 900.0, 900.0);
        let by = |dy| Wheel { dx: 0.0, dy, unit: Unit::Pixel, zoom: true, sideways: false };
        let at = Point::new(10.0, 10.0);
        let small = (0..16)
            .fold(Viewport::default(), |view, _| view.wheeled(by(1.0), at, &picture, SCREEN));
        let large = Viewport::default().wheeled(by(16.0), at, &picture, SCREEN);
        assert!((small.zoom - large.zoom).abs() < 1e-9);
    }

    #[test]
    fn with_shift_the_wheel_goes_sideways() {
        let picture = Rect::new(0.0, 0.0, 9000.0, 900.0);
        let turned = |dx, dy| {
            let wheel = Wheel { dx, dy, unit: Unit::Pixel, zoom: false, sideways: true };
            Viewport::default().wheeled(wheel, Point::default(), &picture, SCREEN)
        };
        assert_eq!(turned(0.0, 50.0), turned(50.0, 0.0));
    }
}
