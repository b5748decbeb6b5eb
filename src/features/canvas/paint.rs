//! The picture from afar, on a `<canvas>`: nodes too small to be read as elements.
//!
//! Rectangles are put on whole pixels of the screen, and painted colour by colour: that is what
//! keeps ten thousand of them within a frame. When that happens is up to `far`.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use js_sys::{Array, Function, Reflect};
use leptos::{prelude::*, reactive::owner::LocalStorage};
use slipway_editor::{
    geometry::{Point, Rect, Size},
    layout::{HEADER, Layout, NODE, Seen},
    selection::Selection,
    viewport::Viewport,
};
use slipway_flow::document::Key;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    NodeFace,
    glance::{Faces, Glance, Glances},
    ink::{Ink, Inks},
    node::glyph,
};
use crate::ui::Glyph;

/// The least height of a node on the screen, in pixels, at which its title is written.
const LEGIBLE: f64 = 14.0;
/// The least height at which it has an edge, and arrows lead to it.
const EDGED: f64 = 5.0;
/// The size of the letters of a title, in pixels, and how wide one is, in its size: wide enough
/// that hardly a title is wider.
const LETTERS: f64 = 10.0;
const LETTER: f64 = 0.6;
/// The side of an icon at most, in pixels.
const ICON: f64 = 12.0;
/// The side of an icon's own grid.
const GRID: f64 = 16.0;

/// What is to be painted.
#[derive(Clone, Copy)]
pub(super) struct Scene {
    pub(super) layout: Signal<Arc<Layout>>,
    pub(super) face: Callback<(Key,), NodeFace>,
    pub(super) glances: Glances,
    pub(super) inks: RwSignal<Option<Inks>>,
    /// What was asked of the nodes before.
    pub(super) faces: StoredValue<Faces, LocalStorage>,
}

impl Scene {
    pub(super) fn new(
        layout: Signal<Arc<Layout>>,
        face: Callback<(Key,), NodeFace>,
        glances: Glances,
        inks: RwSignal<Option<Inks>>,
    ) -> Self {
        Self { layout, face, glances, inks, faces: StoredValue::new_local(Faces::default()) }
    }

    /// For a reactive scope that has to run again when the picture changes.
    pub(super) fn track(self) {
        self.layout.track();
        self.glances.changes.track();
        self.inks.track();
    }
}

/// What is made once and used in every frame.
#[derive(Default)]
pub(super) struct Tools {
    /// Each a `Path2D`.
    icons: HashMap<Glyph, JsValue>,
    /// What letters the context was told last.
    font: String,
    /// `stroke` of the context, which web-sys has for its own sort of path only.
    stroke: Option<Function>,
    /// Edges of workflows, by their level.
    workflows: Vec<Vec<Rect>>,
    /// Edges of nodes and bands at their left, by ink; and the nodes inside their edges.
    edges: [Vec<Rect>; Ink::COUNT],
    insides: Vec<Rect>,
    bands: [Vec<Rect>; Ink::COUNT],
    /// Those that are large enough to be written on.
    legible: Vec<(Seen, Rect, Glance)>,
}

/// Paints one frame. All that it draws is in pixels of the screen's own.
pub(super) struct Brush<'a> {
    pub(super) context: CanvasRenderingContext2d,
    /// The screen's, in its own pixels.
    pub(super) size: Size,
    /// What of the screen is painted, in its own pixels.
    pub(super) part: Rect,
    /// From the layout's pixels to the screen's own.
    pub(super) view: Viewport,
    /// The screen's own pixels in one of CSS.
    density: f64,
    scene: Scene,
    tools: &'a mut Tools,
    inks: Inks,
}

impl<'a> Brush<'a> {
    /// Fits the element's pixels to its size on the screen, and wipes it.
    pub(super) fn new(
        element: &HtmlCanvasElement,
        size: Size,
        viewport: Viewport,
        scene: Scene,
        tools: &'a mut Tools,
    ) -> Option<Self> {
        let inks = scene.inks.try_get_untracked().flatten()?;
        let density = window().device_pixel_ratio().max(1.0);
        let (width, height) = (pixels(size.width * density), pixels(size.height * density));
        if (element.width(), element.height()) != (width, height) {
            element.set_width(width);
            element.set_height(height);
            // A context forgets all with that.
            tools.font.clear();
        }
        let context = element.get_context("2d").ok().flatten()?;
        let context = context.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let size = Size::new(f64::from(width), f64::from(height));
        let part = Rect::at(Point::default(), size);
        let Viewport { x, y, zoom } = viewport;
        let view = Viewport { x: x * density, y: y * density, zoom: zoom * density };
        Some(Self { context, size, part, view, density, scene, tools, inks })
    }

    /// What of the picture is painted: with all whose edge reaches into that part.
    fn shown(&self) -> Rect {
        let Point { x, y } = self.view.to_canvas(Point::new(self.part.x, self.part.y));
        let Rect { width, height, .. } = self.part;
        let zoom = self.view.zoom;
        Rect::new(x, y, width / zoom, height / zoom).grown(4.0 * self.density / zoom)
    }

    /// Paints a part of the screen, over whatever was there.
    pub(super) fn paint(&mut self, selected: &Selection) {
        let Rect { x, y, width, height } = self.part;
        self.context.clear_rect(x, y, width, height);
        let layout = self.scene.layout.get_untracked();
        // In pixels of CSS: what can be read depends on the eye, not on the screen.
        let height = NODE.height * self.view.zoom / self.density;
        self.collect(&layout, height);
        self.fill();
        if height >= EDGED {
            self.arrows(&layout, height >= LEGIBLE);
        }
        self.write();
        self.select(&layout, selected);
    }

    /// Looks at what is in view, and sorts it by how it is painted.
    fn collect(&mut self, layout: &Layout, height: f64) {
        let shown = self.shown();
        let (scene, view, edge) = (self.scene, self.view, self.edge());
        let Tools { workflows, edges, insides, bands, legible, .. } = &mut *self.tools;
        workflows.iter_mut().for_each(Vec::clear);
        edges.iter_mut().chain(bands.iter_mut()).for_each(Vec::clear);
        insides.clear();
        legible.clear();
        let changes = scene.glances.changes.get_untracked();
        scene.faces.try_update_value(|faces| {
            faces.refresh(changes);
            layout.look(&shown, |node| {
                let rect = on_pixels(&node.rect, &view);
                let glance = faces.glance(node, scene.glances);
                let hue = hue(glance);
                let problem = problem(glance);
                let band = Rect { width: (4.0 * edge).min(rect.width / 3.0).round(), ..rect };
                if node.arrangement.is_some() {
                    if workflows.len() <= node.level {
                        workflows.resize_with(node.level + 1, Vec::new);
                    }
                    workflows[node.level].push(rect);
                    if let Some(ink) = problem.or_else(|| glance.tone.map(|_| hue)) {
                        bands[ink as usize].push(Rect { width: 2.0 * edge, ..band });
                    }
                } else if height < EDGED {
                    bands[problem.unwrap_or(hue) as usize].push(rect);
                } else {
                    edges[problem.unwrap_or(Ink::NodeEdge) as usize].push(rect);
                    insides.push(rect.grown(-edge));
                    bands[hue as usize].push(band);
                }
                if height >= LEGIBLE {
                    legible.push((*node, rect, glance));
                }
                true
            });
        });
    }

    /// A line of one pixel of CSS.
    fn edge(&self) -> f64 {
        self.density.round().max(1.0)
    }

    /// Fills all rectangles, each colour at once.
    fn fill(&self) {
        self.workflows();
        for (ink, rects) in Ink::ALL.into_iter().zip(&self.tools.edges) {
            self.rectangles(ink, rects.iter().copied());
        }
        self.rectangles(Ink::Node, self.tools.insides.iter().copied());
        for (ink, rects) in Ink::ALL.into_iter().zip(&self.tools.bands) {
            self.rectangles(ink, rects.iter().copied());
        }
    }

    /// Those inside others stand on the colour that they would be filled with: large areas are
    /// filled once, not level by level.
    fn workflows(&self) {
        let edge = self.edge();
        let mut levels = self.tools.workflows.iter().filter(|level| !level.is_empty());
        if let Some(outermost) = levels.next() {
            self.rectangles(Ink::WorkflowEdge, outermost.iter().copied());
            self.rectangles(Ink::Workflow, outermost.iter().map(|rect| rect.grown(-edge)));
        }
        let (narrow, wide): (Vec<Rect>, Vec<Rect>) =
            levels.flatten().partition(|rect| rect.width.min(rect.height) <= 2.0 * edge);
        self.rectangles(Ink::WorkflowEdge, narrow.into_iter());
        if wide.is_empty() {
            return;
        }
        self.context.set_stroke_style_str(self.inks.css(Ink::WorkflowEdge));
        self.context.set_line_width(edge);
        for Rect { x, y, width, height } in wide.iter().map(|rect| rect.grown(-edge / 2.0)) {
            self.context.stroke_rect(x, y, width, height);
        }
    }

    fn rectangles(&self, ink: Ink, rects: impl Iterator<Item = Rect>) {
        let mut rects = rects.peekable();
        if rects.peek().is_some() {
            self.context.set_fill_style_str(self.inks.css(ink));
        }
        for rect in rects {
            self.context.fill_rect(rect.x, rect.y, rect.width.max(1.0), rect.height.max(1.0));
        }
    }

    fn arrows(&self, layout: &Layout, heads: bool) {
        let shown = self.shown();
        let arrows = layout.arrows(&shown);
        let lines = arrows.iter().map(|arrow| {
            let (start, end) = (self.view.to_screen(arrow.start), self.view.to_screen(arrow.end));
            let x = (start.x - self.edge() / 2.0).round();
            Rect::new(x, start.y.round(), self.edge(), (end.y - start.y).round())
        });
        self.rectangles(Ink::NodeEdge, lines);
        if !heads {
            return;
        }
        let wing = 3.0 * self.density;
        self.context.begin_path();
        for arrow in &arrows {
            let tip = self.view.to_screen(arrow.end);
            self.context.move_to(tip.x - wing, tip.y - wing);
            self.context.line_to(tip.x, tip.y);
            self.context.line_to(tip.x + wing, tip.y - wing);
        }
        self.context.set_stroke_style_str(self.inks.css(Ink::NodeEdge));
        self.context.set_line_width(self.edge());
        self.context.stroke();
    }

    /// Titles and icons of those that are large enough.
    fn write(&mut self) {
        if self.tools.legible.is_empty() {
            return;
        }
        let letters = LETTERS * self.density;
        self.letter();
        let legible = std::mem::take(&mut self.tools.legible);
        for (node, rect, glance) in &legible {
            let Some(Some(title)) =
                self.scene.faces.try_update_value(|faces| Some(faces.title(node, self.scene.face)))
            else {
                continue;
            };
            let workflow = node.arrangement.is_some();
            let bar = if workflow { HEADER * self.view.zoom } else { rect.height };
            let middle = rect.y + bar / 2.0;
            let side = (0.6 * bar).min(ICON * self.density);
            let left = rect.x + 6.0 * self.density + if workflow { 0.0 } else { self.edge() };
            let ink = if glance.tone.is_some() { hue(*glance) } else { Ink::Quiet };
            self.icon(glyph(glance.icon), ink, Point::new(left, middle - side / 2.0), side);
            let from = left + side + 4.0 * self.density;
            let room = rect.right() - from - 4.0 * self.density;
            let ink = if glance.skipped || workflow { Ink::Quiet } else { Ink::Text };
            self.context.set_fill_style_str(self.inks.css(ink));
            let title = cut(&title, room / (LETTER * letters));
            // A text that can't be drawn is left out; so is one in no room.
            let _ = self.context.fill_text(&title, from, middle);
        }
        self.tools.legible = legible;
    }

    /// Says how letters look, where the context does not know it yet: reading a font takes time.
    pub(super) fn letter(&mut self) {
        let font = format!("{}px {}", LETTERS * self.density, self.inks.font());
        if self.tools.font != font {
            self.context.set_font(&font);
            self.context.set_text_baseline("middle");
            self.tools.font = font;
        }
    }

    fn icon(&mut self, glyph: Glyph, ink: Ink, corner: Point, side: f64) {
        let edge = self.edge();
        let Some(stroke) = self.stroke() else { return };
        let path = match self.tools.icons.entry(glyph) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let Some(path) = path(glyph.path()) else { return };
                new.insert(path)
            }
        };
        let scale = side / GRID;
        self.context.set_stroke_style_str(self.inks.css(ink));
        self.context.set_line_width(edge / scale);
        // Finite numbers: nothing that could fail.
        let _ = self.context.set_transform(scale, 0.0, 0.0, scale, corner.x, corner.y);
        // An icon that can't be drawn is left out.
        let _ = stroke.call1(&self.context, path);
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    }

    fn stroke(&mut self) -> Option<Function> {
        if self.tools.stroke.is_none() {
            self.tools.stroke = Reflect::get(&self.context, &"stroke".into())
                .ok()
                .and_then(|it| it.dyn_into().ok());
        }
        self.tools.stroke.clone()
    }

    /// A frame around what is selected.
    fn select(&self, layout: &Layout, selected: &Selection) {
        let shown = self.shown();
        self.context.set_stroke_style_str(self.inks.css(Ink::Accent));
        self.context.set_line_width(2.0 * self.edge());
        for key in selected.nodes() {
            let Some(node) = layout.get(key).filter(|node| node.rect.overlaps(&shown)) else {
                continue;
            };
            let Rect { x, y, width, height } = on_pixels(&node.rect, &self.view);
            self.context.stroke_rect(x, y, width.max(1.0), height.max(1.0));
        }
    }
}

/// A `Path2D` of an SVG path.
fn path(lines: &str) -> Option<JsValue> {
    let make: Function = Reflect::get(&window(), &"Path2D".into()).ok()?.dyn_into().ok()?;
    Reflect::construct(&make, &Array::of1(&lines.into())).ok()
}

/// The colour that a node is told by: how it goes in a run, else what sort of thing it does.
const fn hue(glance: Glance) -> Ink {
    match glance.tone {
        Some(tone) => Ink::of_tone(tone),
        None if glance.skipped => Ink::WorkflowEdge,
        None => Ink::of_section(glance.section),
    }
}

const fn problem(glance: Glance) -> Option<Ink> {
    if glance.errors {
        Some(Ink::Bad)
    } else if glance.warnings {
        Some(Ink::Careful)
    } else {
        None
    }
}

/// A rectangle of the layout on whole pixels of the screen.
fn on_pixels(rect: &Rect, view: &Viewport) -> Rect {
    let start = view.to_screen(Point::new(rect.x, rect.y));
    let end = view.to_screen(Point::new(rect.right(), rect.bottom()));
    let (x, y) = (start.x.round(), start.y.round());
    Rect::new(x, y, end.x.round() - x, end.y.round() - y)
}

/// As much of a title as fits, with a sign where it goes on.
fn cut(title: &str, letters: f64) -> Cow<'_, str> {
    let room = whole(letters);
    if title.chars().count() <= room {
        return Cow::Borrowed(title);
    }
    if room < 2 {
        return Cow::Borrowed("");
    }
    let mut short: String = title.chars().take(room - 1).collect();
    short.push('…');
    Cow::Owned(short)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast cuts off at the bounds, which is what is wanted"
)]
const fn whole(number: f64) -> usize {
    number as usize
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast cuts off at the bounds, which is what is wanted"
)]
fn pixels(length: f64) -> u32 {
    length.round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut_where_the_room_ends() {
        assert_eq!(cut("migrate-dev", 11.4), "migrate-dev");
        assert_eq!(cut("migrate-dev", 8.9), "migrate…");
        assert_eq!(cut("Ünïted", 5.0), "Ünït…");
        assert_eq!(cut("migrate-dev", 1.0), "");
        assert_eq!(cut("migrate-dev", -3.0), "");
    }

    #[test]
    fn neighbours_that_touch_still_touch_on_whole_pixels() {
        let view = Viewport { x: 0.3, y: 7.7, zoom: 0.137 };
        let left = on_pixels(&Rect::new(10.0, 10.0, 288.0, 72.0), &view);
        let right = on_pixels(&Rect::new(298.0, 10.0, 288.0, 72.0), &view);
        assert!((left.right() - right.x).abs() < f64::EPSILON);
        assert!((left.y.fract()).abs() < f64::EPSILON);
    }
}
