//! What the canvas keeps for as long as its page is open: what the screen shows, and the pointer.

use std::{sync::Arc, time::Duration};

use leptos::{html, prelude::*, reactive::owner::LocalStorage};
use slipway_editor::{
    geometry::{Point, Rect, Size},
    keymap::{KeyAction, KeyChoices},
    layout::{Layout, NODE},
    selection::Selection,
    tools::{Input, Tool},
    viewport::Viewport,
};
use slipway_flow::document::Key;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use super::input::Hands;
use crate::state::rest::Rest;

/// How long the view rests before what has left it is no element any more.
const REST: Duration = Duration::from_millis(300);

/// Made by the page, shared by the canvas and what stands beside it (the palette starts drags).
#[derive(Clone, Copy)]
pub struct CanvasState {
    pub viewport: RwSignal<Viewport>,
    pub tool: RwSignal<Tool>,
    /// The canvas element's size on the screen; zero until it is known.
    pub screen: RwSignal<Size>,
    /// How much of the screen something lies over, from below.
    pub covered: RwSignal<f64>,
    /// How keys are wanted.
    pub keys: RwSignal<KeyChoices>,
    /// Whether the space bar is held: then any drag pans.
    pub(super) space: RwSignal<bool>,
    /// Whether the picture has been fitted to the screen once.
    fitted: RwSignal<bool>,
    /// What inputs go to, while a canvas is mounted.
    hands: StoredValue<Option<Hands>, LocalStorage>,
}

impl CanvasState {
    #[must_use]
    pub fn new() -> Self {
        Self {
            viewport: RwSignal::new(Viewport::default()),
            tool: RwSignal::new(Tool::default()),
            screen: RwSignal::new(Size::default()),
            covered: RwSignal::new(0.0),
            keys: RwSignal::new(KeyChoices::default()),
            space: RwSignal::new(false),
            fitted: RwSignal::new(false),
            hands: StoredValue::new_local(None),
        }
    }

    pub(super) fn transform(self) -> String {
        let Viewport { x, y, zoom } = self.viewport.get();
        format!("translate3d({x}px, {y}px, 0) scale({zoom})")
    }

    /// Shows the whole picture.
    pub fn fit(self, layout: Signal<Arc<Layout>>) {
        let size = layout.with_untracked(|layout| layout.size());
        self.fit_to(&Rect::at(Point::default(), size));
    }

    /// Shows some nodes, as large as they fit; without any, the whole picture.
    fn fit_nodes(self, nodes: &[Key], layout: Signal<Arc<Layout>>) {
        let rect = layout.with_untracked(|layout| {
            let rects = nodes.iter().filter_map(|node| layout.get(*node)).map(|node| node.rect);
            rects.reduce(|one, other| one.joined(&other))
        });
        match rect {
            Some(rect) => self.fit_to(&rect),
            None => self.fit(layout),
        }
    }

    fn fit_to(self, target: &Rect) {
        self.viewport.set(Viewport::fitted(target, self.free()));
    }

    /// What of the screen nothing lies over.
    fn free(self) -> Size {
        let Size { width, height } = self.screen.get_untracked();
        Size::new(width, (height - self.covered.get_untracked()).max(0.0))
    }

    /// From now on inputs go to these hands, for as long as the canvas is mounted.
    pub(super) fn connect_hands(self, hands: Hands) {
        self.hands.set_value(Some(hands));
        on_cleanup(move || {
            // The page may be gone with all that it kept.
            self.hands.try_set_value(None);
            self.tool.try_set(Tool::default());
        });
    }

    pub(super) fn send(self, input: impl FnOnce(Hands) -> Input) {
        if let Some(hands) = self.hands.get_value() {
            hands.send(input(hands));
        }
    }

    /// Lights up every place that nodes can be moved to: the next tap or click on one, or Enter,
    /// moves them there.
    pub fn begin_move(self, nodes: &[Key]) {
        self.send(|_| Input::Carry(nodes.into()));
    }

    /// What an action does that only changes where one looks; false for any other.
    pub fn look(
        self,
        action: KeyAction,
        layout: Signal<Arc<Layout>>,
        selection: &Selection,
    ) -> bool {
        match action {
            KeyAction::Fit => self.fit(layout),
            KeyAction::FitSelection => {
                self.fit_nodes(&selection.nodes().collect::<Vec<_>>(), layout);
            }
            KeyAction::ActualSize => self.actual_size(selection.focus(), layout),
            KeyAction::ZoomIn => self.zoom_by(1.25),
            KeyAction::ZoomOut => self.zoom_by(0.8),
            _ => return false,
        }
        true
    }

    fn zoom_by(self, factor: f64) {
        let screen = self.screen.get_untracked();
        let middle = Point::new(screen.width / 2.0, screen.height / 2.0);
        self.viewport.update(|viewport| *viewport = viewport.zoomed(factor, middle));
    }

    /// As large as nodes are made to be read. What is chosen stays in view, or comes into it.
    fn actual_size(self, chosen: Option<Key>, layout: Signal<Arc<Layout>>) {
        self.zoom_by(1.0 / self.viewport.get_untracked().zoom);
        if let Some(chosen) = chosen {
            self.reveal(chosen, layout);
        }
    }

    /// Brings a node into view with the smallest pan.
    pub fn reveal(self, node: Key, layout: Signal<Arc<Layout>>) {
        let rect = layout.with_untracked(|layout| layout.get(node).map(|node| node.rect));
        let screen = self.free();
        if let Some(rect) = rect
            && screen.width > 0.0
        {
            self.viewport.update(|viewport| *viewport = viewport.revealing(&rect, screen));
        }
    }

    /// Brings a node into view, and from afar so near that it can be read.
    pub fn show_readably(self, node: Key, layout: Signal<Arc<Layout>>) {
        if !self.viewport.with_untracked(Viewport::is_near)
            && let Some(place) = layout.with_untracked(|layout| layout.get(node))
        {
            self.zoom_by(1.0 / self.viewport.get_untracked().zoom);
            let at = Point::new(place.rect.center().x, place.rect.y + NODE.height / 2.0);
            self.look_at(at);
        }
        self.reveal(node, layout);
    }

    /// Puts a point of the picture into the middle of the screen.
    pub(super) fn look_at(self, at: Point) {
        let screen = self.screen.get_untracked();
        self.viewport.update(|viewport| {
            let there = viewport.to_screen(at);
            *viewport =
                viewport.panned(screen.width / 2.0 - there.x, screen.height / 2.0 - there.y);
        });
    }

    /// Selects a node, shows it and gives it the keyboard.
    pub fn go_to(
        self,
        node: Option<Key>,
        layout: Signal<Arc<Layout>>,
        on_select: Callback<(Selection,)>,
    ) {
        let Some(node) = node else { return };
        on_select.run((Selection::only(Some(node)),));
        self.show(node, layout);
    }

    /// Shows a node and gives it the keyboard. One that is selected with others stays so.
    pub fn show(self, node: Key, layout: Signal<Arc<Layout>>) {
        self.reveal(node, layout);
        focus_node(node);
    }
}

impl Default for CanvasState {
    fn default() -> Self {
        Self::new()
    }
}

/// The DOM id of a node's element.
#[must_use]
pub(super) fn element_id(node: Key) -> String {
    format!("node-{}", node.number())
}

/// Gives a node's element the keyboard, once it is there.
pub fn focus_node(node: Key) {
    request_animation_frame(move || focus_now(node));
}

/// Gives a node that is on the page the keyboard.
pub(super) fn focus_now(node: Key) {
    let element = document().get_element_by_id(&element_id(node));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        focus_element(&element);
    }
}

/// Called before other nodes become elements: one that is put in another place among them loses the
/// keyboard, and gets it back.
pub(super) fn keep_keyboard() {
    let active = document().active_element();
    let node = active.filter(|it| it.matches(".canvas [role=treeitem]").unwrap_or(false));
    let Some(node) = node.and_then(|node| node.dyn_into::<HtmlElement>().ok()) else { return };
    request_animation_frame(move || {
        let nowhere = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
        if nowhere && node.is_connected() {
            focus_element(&node);
        }
    });
}

/// Gives an element the keyboard, and leaves the page where it is.
pub(super) fn focus_element(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // What can't take the keyboard leaves it where it is.
    let _ = element.focus_with_options(&options);
}

/// What of the picture is elements: from afar it is painted, but for the focused node and what is
/// around it. While the view is on its way what was there stays, as far as that is not too much:
/// making elements is what takes time.
pub(super) fn tiles(canvas: CanvasState, near: Memo<bool>) -> Memo<Rect> {
    let rested = RwSignal::new(None::<Viewport>);
    let rest = Rest::new(REST);
    Effect::new(move |_| {
        let view = canvas.viewport.get();
        if near.get() {
            rest.then(move || {
                rested.try_set(Some(view));
            });
        }
    });
    Memo::new(move |drawn: Option<&Rect>| {
        if !near.get() {
            return Rect::default();
        }
        let (view, screen) = (canvas.viewport.get(), canvas.screen.get());
        match drawn {
            Some(drawn) if *drawn != Rect::default() && rested.get() != Some(view) => {
                view.tiles_with(drawn, screen)
            }
            _ => view.tiles(screen),
        }
    })
}

/// Keeps `screen` at the element's size, and fits the picture when both are known for the first
/// time.
pub(super) fn connect(
    canvas: CanvasState,
    element: NodeRef<html::Div>,
    layout: Signal<Arc<Layout>>,
) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    element.on_load(move |element| {
        let html: HtmlElement = (*element).clone().unchecked_into();
        let measure = {
            let html = html.clone();
            move || {
                let size =
                    Size::new(f64::from(html.client_width()), f64::from(html.client_height()));
                if size != canvas.screen.get_untracked() {
                    canvas.screen.set(size);
                }
            }
        };
        measure();
        let callback = Closure::<dyn FnMut()>::new(measure);
        if let Ok(made) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            made.observe(&html);
            observer.set_value(Some((made, callback)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = observer.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
    Effect::new(move |_| {
        let known = canvas.screen.get().width > 0.0 && layout.with(|l| !l.is_empty());
        if known && !canvas.fitted.get_untracked() {
            canvas.fitted.set(true);
            canvas.fit(layout);
        }
    });
    // Another flow may be where nobody looks: after an import, a merge, or an undo.
    Effect::new(move |_| {
        let picture = Rect::at(Point::default(), layout.with(|layout| layout.size()));
        let screen = canvas.screen.get_untracked();
        let viewport = canvas.viewport.get_untracked();
        let shown = Rect::spanning(
            viewport.to_canvas(Point::default()),
            viewport.to_canvas(Point::new(screen.width, screen.height)),
        );
        if canvas.fitted.get_untracked() && screen.width > 0.0 && !shown.overlaps(&picture) {
            canvas.fit(layout);
        }
    });
}
