//! The pointer on the canvas as explicit states: what a press, a move and a release mean, by mouse,
//! by pen and by fingers, and what moving by taps means.
//!
//! - `drag`: what is dragged, where it would go, when the view follows. - `choose`: clicks, double
//!   clicks and boxes.
//!
//! May import: `layout`, `selection`, `viewport`.

mod choose;
mod drag;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use slipway_flow::document::Key;

use crate::{
    geometry::{Point, Rect, Size},
    layout::{Layout, Place},
    selection::Selection,
    viewport::Viewport,
};

pub use choose::{Opened, opened};
pub use drag::{movable, places};

/// A press that moves less than this many screen pixels is a click.
pub const CLICK_SLOP: f64 = 5.0;
/// How long a finger rests on something to ask for its menu.
pub const LONG_PRESS: Duration = Duration::from_millis(500);

/// What is being dragged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nodes of the flow, none inside another, in order of their keys.
    Nodes(Arc<[Key]>),
    /// An entry of the palette: an index into `slipway_flow::kinds::all()`.
    New(usize),
}

/// Something let go at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    pub source: Source,
    pub place: Place,
    /// Copies go there, and the nodes stay where they are.
    pub copy: bool,
}

/// What the pointer went down on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Canvas,
    Node(Key),
    /// An entry of the palette.
    New(usize),
}

/// The keys that are held beside the pointer. Ctrl stands for Cmd on a Mac.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

/// One of the pointers: a mouse, a pen or one finger, as the browser counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    pub id: i32,
    /// A finger, not a mouse or a pen.
    pub touch: bool,
}

/// What the pointer does. Points are on the screen, relative to the canvas element.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// `pan`: the middle button or the space bar is held, so that the canvas moves whatever lies
    /// under the pointer.
    Down {
        pointer: Pointer,
        at: Point,
        held: Held,
        pan: bool,
    },
    /// A press on an entry of the palette.
    Grab {
        pointer: Pointer,
        at: Point,
        kind: usize,
    },
    Move {
        id: i32,
        at: Point,
        held: Held,
    },
    Up {
        id: i32,
        at: Point,
        held: Held,
    },
    /// The press has lasted for [`LONG_PRESS`].
    Rest,
    /// A frame, while [`Tool::follows`]: so many milliseconds since the one before. With none, a
    /// look at what is under the pointer now that the view is another.
    Frame {
        ms: f64,
    },
    /// Begins to move nodes by taps: the next click says where to.
    Carry(Arc<[Key]>),
    /// Escape: ends what the pointer does, else the moving by taps.
    Cancel,
    /// The browser took a pointer away; or all of them, when its window lost the focus.
    Lost(Option<i32>),
}

/// What the pointer is at.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Gesture {
    #[default]
    Idle,
    /// Down, and not yet moved far enough to be anything but a click.
    Pressed {
        pointer: Pointer,
        from: Point,
        target: Target,
        held: Held,
    },
    Panning {
        pointer: Pointer,
        last: Point,
    },
    /// Two fingers: they pan and zoom.
    Pinching([(i32, Point); 2]),
    Boxing(Boxing),
    Dragging(Dragging),
}

/// A box being drawn around what is to be selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxing {
    pub pointer: Pointer,
    /// The corner where it began, on the canvas; where the pointer is, on the screen.
    pub from: Point,
    pub at: Point,
    /// What stays selected beside what is in the box.
    kept: Arc<Selection>,
    /// What is selected when the box is let go now.
    pub chosen: Arc<Selection>,
    /// Whether the pointer has been away from the edges, so that they pull.
    armed: bool,
}

/// Something on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Dragging {
    pub pointer: Pointer,
    pub source: Source,
    /// Where the pointer is, on the screen.
    pub at: Point,
    pub copy: bool,
    /// Where it would go; none where letting go changes nothing.
    pub place: Option<Place>,
    /// As [`Boxing`]'s.
    armed: bool,
}

/// The pointer's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tool {
    pub gesture: Gesture,
    /// The nodes that are moved by taps.
    pub carried: Option<Arc<[Key]>>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// This is selected from now on.
    Select(Selection),
    /// The screen shows this part of the canvas.
    View(Viewport),
    Drop(Drop),
    /// The menu of a node, or of the canvas, where the finger is.
    Menu(Option<Key>, Point),
}

/// What the pointer acts upon.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub layout: &'a Layout,
    pub viewport: Viewport,
    /// The size of the canvas element.
    pub screen: Size,
    pub selection: &'a Selection,
    /// False in a view: nothing can be dragged then.
    pub editable: bool,
    /// Whether several nodes can be selected.
    pub several: bool,
}

impl Scene<'_> {
    fn node_at(&self, screen: Point) -> Option<Key> {
        self.layout.hit(self.viewport.to_canvas(screen)).map(|node| node.key)
    }

    /// The whole picture, on the canvas.
    #[must_use]
    pub fn picture(&self) -> Rect {
        Rect::at(Point::default(), self.layout.size())
    }
}

impl Tool {
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.gesture == Gesture::Idle
    }

    /// What is selected as far as the eye is concerned: a box that is being drawn counts already.
    #[must_use]
    pub fn chosen(&self) -> Option<&Arc<Selection>> {
        match &self.gesture {
            Gesture::Boxing(boxing) => Some(&boxing.chosen),
            _ => None,
        }
    }

    /// Whether the view follows the pointer, because it is near an edge: then it wants frames.
    #[must_use]
    pub fn follows(&self, screen: Size) -> bool {
        match &self.gesture {
            Gesture::Boxing(Boxing { armed: true, at, .. })
            | Gesture::Dragging(Dragging { armed: true, at, .. }) => !drag::inside(*at, screen),
            _ => false,
        }
    }

    /// The next state, and what is to be done.
    #[must_use]
    pub fn step(self, input: Input, scene: Scene<'_>) -> (Self, Option<Action>) {
        let Self { gesture, carried } = self;
        let idle = |action| (Self { gesture: Gesture::Idle, carried: carried.clone() }, action);
        match (gesture, input) {
            (Gesture::Idle, Input::Cancel) => (Self::default(), None),
            (_, Input::Cancel | Input::Lost(None)) => idle(None),
            (gesture, Input::Lost(Some(id))) if gesture.has(id) => idle(None),
            (_, Input::Carry(nodes)) => {
                let nodes = movable(scene.layout, nodes.iter().copied());
                let carried = Some(nodes).filter(|nodes| scene.editable && !nodes.is_empty());
                (Self { gesture: Gesture::Idle, carried }, None)
            }
            (Gesture::Pressed { target, pointer, from, .. }, Input::Rest)
                if pointer.touch && carried.is_none() =>
            {
                match target {
                    Target::Canvas => idle(Some(Action::Menu(None, from))),
                    Target::Node(node) => idle(Some(Action::Menu(Some(node), from))),
                    Target::New(_) => idle(None),
                }
            }
            (Gesture::Pressed { pointer, target, .. }, Input::Up { id, at, held })
                if pointer.id == id =>
            {
                match (carried, target) {
                    (Some(nodes), Target::Canvas | Target::Node(_)) => put(nodes, at, scene),
                    (carried, target) => {
                        let selection = choose::clicked(target, held, scene);
                        (Self { gesture: Gesture::Idle, carried }, selection.map(Action::Select))
                    }
                }
            }
            (gesture, input) => {
                let (gesture, action) = gesture.step(input, carried.is_some(), scene);
                (Self { gesture, carried }, action)
            }
        }
    }
}

/// The tap that says where the carried nodes go. One on no place waits for another.
fn put(nodes: Arc<[Key]>, at: Point, scene: Scene<'_>) -> (Tool, Option<Action>) {
    let source = Source::Nodes(nodes);
    let place = drag::place_of(&source, false, at, scene);
    match (place.filter(|_| scene.editable), source) {
        (Some(place), source) => {
            (Tool::default(), Some(Action::Drop(Drop { source, place, copy: false })))
        }
        (None, Source::Nodes(nodes)) => {
            (Tool { gesture: Gesture::Idle, carried: Some(nodes) }, None)
        }
        (None, Source::New(_)) => (Tool::default(), None),
    }
}

impl Gesture {
    /// Whether this pointer takes part.
    fn has(&self, id: i32) -> bool {
        match self {
            Self::Idle => false,
            Self::Pinching(fingers) => fingers.iter().any(|(finger, _)| *finger == id),
            Self::Pressed { pointer, .. }
            | Self::Panning { pointer, .. }
            | Self::Boxing(Boxing { pointer, .. })
            | Self::Dragging(Dragging { pointer, .. }) => pointer.id == id,
        }
    }

    /// The one finger that is down, and where.
    fn finger(&self) -> Option<(i32, Point)> {
        let (pointer, at) = match self {
            Self::Idle | Self::Pinching(_) => return None,
            Self::Pressed { pointer, from, .. } => (pointer, from),
            Self::Panning { pointer, last } => (pointer, last),
            Self::Boxing(boxing) => (&boxing.pointer, &boxing.at),
            Self::Dragging(dragging) => (&dragging.pointer, &dragging.at),
        };
        pointer.touch.then_some((pointer.id, *at))
    }

    fn step(self, input: Input, carrying: bool, scene: Scene<'_>) -> (Self, Option<Action>) {
        match (self, input) {
            (gesture, Input::Down { pointer, at, held, pan }) => {
                (gesture.down(pointer, at, held, pan, scene), None)
            }
            (_, Input::Grab { pointer, at, kind }) => {
                let (target, held) = (Target::New(kind), Held::default());
                (Self::Pressed { pointer, from: at, target, held }, None)
            }
            (
                gesture @ Self::Pressed { pointer, from, target, held },
                Input::Move { id, at, held: now },
            ) if pointer.id == id => {
                if from.distance(at) < CLICK_SLOP {
                    return (gesture, None);
                }
                let begun = if carrying { None } else { begun(pointer, from, target, held, scene) };
                let begun = begun.unwrap_or(Self::Panning { pointer, last: from });
                begun.step(Input::Move { id, at, held: now }, carrying, scene)
            }
            (Self::Panning { pointer, last }, Input::Move { id, at, .. }) if pointer.id == id => {
                let view = scene.viewport.moved(
                    at.x - last.x,
                    at.y - last.y,
                    &scene.picture(),
                    scene.screen,
                );
                (Self::Panning { pointer, last: at }, Some(Action::View(view)))
            }
            (Self::Pinching(before), Input::Move { id, at, .. }) => {
                let now =
                    before.map(|(finger, last)| (finger, if finger == id { at } else { last }));
                let points = |fingers: [(i32, Point); 2]| fingers.map(|(_, at)| at);
                let view = scene.viewport.pinched(points(before), points(now));
                (Self::Pinching(now), Some(Action::View(view)))
            }
            (Self::Pinching([one, other]), Input::Up { id, .. })
                if one.0 == id || other.0 == id =>
            {
                let (id, last) = if one.0 == id { other } else { one };
                (Self::Panning { pointer: Pointer { id, touch: true }, last }, None)
            }
            (Self::Boxing(boxing), Input::Move { id, at, .. }) if boxing.pointer.id == id => {
                (Self::Boxing(boxing.moved(at, scene)), None)
            }
            (Self::Boxing(boxing), Input::Frame { ms }) => {
                let view = drag::followed(boxing.at, boxing.armed, ms, scene);
                let at = boxing.at;
                (
                    Self::Boxing(boxing.moved(at, Scene { viewport: view, ..scene })),
                    seen(view, scene),
                )
            }
            (Self::Boxing(boxing), Input::Up { id, at, .. }) if boxing.pointer.id == id => {
                let chosen = boxing.moved(at, scene).chosen;
                (Self::Idle, Some(Action::Select(Arc::unwrap_or_clone(chosen))))
            }
            (Self::Dragging(dragging), Input::Move { id, at, held })
                if dragging.pointer.id == id =>
            {
                (Self::Dragging(dragging.moved(at, held.alt, scene)), None)
            }
            (Self::Dragging(dragging), Input::Frame { ms }) => {
                let view = drag::followed(dragging.at, dragging.armed, ms, scene);
                let (at, copy) = (dragging.at, dragging.copy);
                let dragging = dragging.moved(at, copy, Scene { viewport: view, ..scene });
                (Self::Dragging(dragging), seen(view, scene))
            }
            (Self::Dragging(dragging), Input::Up { id, at, held }) if dragging.pointer.id == id => {
                (Self::Idle, dragging.moved(at, held.alt, scene).let_go(scene).map(Action::Drop))
            }
            (gesture, Input::Up { id, .. }) if gesture.has(id) => (Self::Idle, None),
            (gesture, _) => (gesture, None),
        }
    }

    /// A press. A second finger beside the first makes a pinch, a third nothing.
    fn down(self, pointer: Pointer, at: Point, held: Held, pan: bool, scene: Scene<'_>) -> Self {
        if pointer.touch && matches!(self, Self::Pinching(_)) {
            return self;
        }
        match self.finger() {
            Some((id, last)) if pointer.touch && id != pointer.id => {
                Self::Pinching([(id, last), (pointer.id, at)])
            }
            _ if pan => Self::Panning { pointer, last: at },
            _ => {
                let target = scene.node_at(at).map_or(Target::Canvas, Target::Node);
                Self::Pressed { pointer, from: at, target, held }
            }
        }
    }
}

/// What a press becomes that has moved; none where it pans.
fn begun(
    pointer: Pointer,
    from: Point,
    target: Target,
    held: Held,
    scene: Scene<'_>,
) -> Option<Gesture> {
    let dragging = |source| Gesture::Dragging(Dragging::new(pointer, source, from));
    let nodes = || match target {
        Target::Node(node) => drag::dragged(node, scene),
        Target::Canvas | Target::New(_) => None,
    };
    match target {
        Target::New(kind) => scene.editable.then(|| dragging(Source::New(kind))),
        // A finger pans, but for what was tapped before: that is what it moves.
        Target::Node(node) if pointer.touch => {
            nodes().filter(|_| scene.selection.contains(node)).map(dragging)
        }
        Target::Canvas if pointer.touch => None,
        _ if held.shift && scene.several => {
            Some(Gesture::Boxing(Boxing::new(pointer, from, held, scene)))
        }
        _ => nodes().map(dragging).or_else(|| {
            let boxing = || Gesture::Boxing(Boxing::new(pointer, from, held, scene));
            (scene.editable && scene.several).then(boxing)
        }),
    }
}

fn seen(view: Viewport, scene: Scene<'_>) -> Option<Action> {
    (view != scene.viewport).then_some(Action::View(view))
}
