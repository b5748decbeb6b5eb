//! The pointer on the canvas as explicit states: what a press, a move and a release mean.

use slipway_flow::document::Key;

use crate::{
    geometry::Point,
    layout::{Layout, Place},
    viewport::Viewport,
};

/// A press that moves less than this many screen pixels is a click.
pub const CLICK_SLOP: f64 = 5.0;

/// What is being dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A node of the flow.
    Node(Key),
    /// An entry of the palette: an index into `slipway_flow::kinds::all()`.
    New(usize),
}

/// What the pointer went down on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Canvas,
    Source(Source),
}

/// What the pointer does. Points are on the screen, relative to the canvas element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    /// `pan`: the middle button or the space bar is held, so that the canvas moves whatever lies
    /// under the pointer.
    Down {
        at: Point,
        target: Target,
        pan: bool,
    },
    Move {
        at: Point,
    },
    Up {
        at: Point,
    },
    /// Escape, or the browser took the pointer away.
    Cancel,
}

/// The pointer's state.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Tool {
    #[default]
    Idle,
    /// Down, and not yet moved far enough to be a drag.
    Pressed {
        from: Point,
        target: Target,
    },
    Panning {
        last: Point,
    },
    Dragging {
        source: Source,
        at: Point,
        place: Option<Place>,
    },
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// A click: on a node, or on nothing.
    Select(Option<Key>),
    Pan {
        dx: f64,
        dy: f64,
    },
    Drop {
        source: Source,
        place: Place,
    },
}

/// What the pointer acts upon.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub layout: &'a Layout,
    pub viewport: Viewport,
    /// False in a view: nothing can be dragged then.
    pub editable: bool,
}

impl Tool {
    /// The next state, and what is to be done.
    #[must_use]
    pub fn step(self, input: Input, scene: Scene<'_>) -> (Self, Option<Action>) {
        match (self, input) {
            (_, Input::Cancel) => (Self::Idle, None),
            (_, Input::Down { at, pan: true, .. }) => (Self::Panning { last: at }, None),
            (_, Input::Down { at, target, .. }) => (Self::Pressed { from: at, target }, None),
            (Self::Pressed { from, target }, Input::Move { at }) => {
                if from.distance(at) < CLICK_SLOP {
                    return (self, None);
                }
                match target {
                    Target::Source(source) if scene.editable && can_move(source, scene.layout) => {
                        (drag(source, at, scene), None)
                    }
                    _ => pan(from, at),
                }
            }
            (Self::Pressed { target, .. }, Input::Up { .. }) => (
                Self::Idle,
                match target {
                    Target::Canvas => Some(Action::Select(None)),
                    Target::Source(Source::Node(key)) => Some(Action::Select(Some(key))),
                    Target::Source(Source::New(_)) => None,
                },
            ),
            (Self::Panning { last }, Input::Move { at }) => pan(last, at),
            (Self::Dragging { source, .. }, Input::Move { at }) => (drag(source, at, scene), None),
            (Self::Dragging { source, .. }, Input::Up { at }) => {
                let place = place_of(source, at, scene);
                (Self::Idle, place.map(|place| Action::Drop { source, place }))
            }
            (_, Input::Up { .. }) => (Self::Idle, None),
            (Self::Idle, Input::Move { .. }) => (self, None),
        }
    }
}

/// The outermost workflow stays where it is.
fn can_move(source: Source, layout: &Layout) -> bool {
    match source {
        Source::Node(key) => layout.get(key).is_some_and(|node| node.parent.is_some()),
        Source::New(_) => true,
    }
}

fn pan(from: Point, to: Point) -> (Tool, Option<Action>) {
    (Tool::Panning { last: to }, Some(Action::Pan { dx: to.x - from.x, dy: to.y - from.y }))
}

fn drag(source: Source, at: Point, scene: Scene<'_>) -> Tool {
    Tool::Dragging { source, at, place: place_of(source, at, scene) }
}

fn place_of(source: Source, at: Point, scene: Scene<'_>) -> Option<Place> {
    let dragged = match source {
        Source::Node(key) => Some(key),
        Source::New(_) => None,
    };
    scene.layout.place_at(scene.viewport.to_canvas(at), dragged)
}

#[cfg(test)]
mod tests {
    use slipway_flow::document::Document;

    use super::*;

    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "spec": {}}, {"kind": "Workflow", "spec": {"type": "parallel", "steps": []}}]}}}"#;

    /// A flow on the screen at zoom 1, and a pointer over it.
    struct Bench {
        nodes: Vec<Key>,
        layout: Layout,
        tool: Tool,
        editable: bool,
    }

    impl Bench {
        fn new() -> Self {
            let document = Document::parse(FLOW).unwrap();
            let layout = Layout::of(&document, document.root_node());
            Self { nodes: document.nodes(), layout, tool: Tool::Idle, editable: true }
        }

        fn send(&mut self, input: Input) -> Option<Action> {
            let viewport = Viewport { x: 0.0, y: 0.0, zoom: 1.0 };
            let scene = Scene { layout: &self.layout, viewport, editable: self.editable };
            let (tool, action) = self.tool.step(input, scene);
            self.tool = tool;
            action
        }

        fn middle(&self, node: usize) -> Point {
            self.layout.get(self.nodes[node]).unwrap().rect.center()
        }

        fn press(&mut self, node: usize) -> Option<Action> {
            let target = Target::Source(Source::Node(self.nodes[node]));
            self.send(Input::Down { at: self.middle(node), target, pan: false })
        }
    }

    #[test]
    fn a_slight_move_is_a_click() {
        let mut bench = Bench::new();
        let at = bench.middle(1);
        bench.press(1);
        bench.send(Input::Move { at: Point::new(at.x + 3.0, at.y) });
        let node = bench.nodes[1];
        assert_eq!(bench.send(Input::Up { at }), Some(Action::Select(Some(node))));
    }

    #[test]
    fn a_node_dropped_on_a_workflow_goes_into_it() {
        let mut bench = Bench::new();
        bench.press(1);
        let at = bench.middle(2);
        bench.send(Input::Move { at });
        let place = Place { workflow: bench.nodes[2], index: 0 };
        let source = Source::Node(bench.nodes[1]);
        assert_eq!(bench.tool, Tool::Dragging { source, at, place: Some(place) });
        assert_eq!(bench.send(Input::Up { at }), Some(Action::Drop { source, place }));
        assert_eq!(bench.tool, Tool::Idle);
    }

    #[test]
    fn escape_ends_a_drag_without_a_drop() {
        let mut bench = Bench::new();
        bench.press(1);
        let at = bench.middle(2);
        bench.send(Input::Move { at });
        assert_eq!(bench.send(Input::Cancel), None);
        assert_eq!(bench.send(Input::Up { at }), None);
    }

    #[test]
    fn in_a_view_dragging_a_node_pans() {
        let mut bench = Bench::new();
        bench.editable = false;
        bench.press(1);
        let at = bench.middle(1);
        let action = bench.send(Input::Move { at: Point::new(at.x + 20.0, at.y) });
        assert_eq!(action, Some(Action::Pan { dx: 20.0, dy: 0.0 }));
    }

    #[test]
    fn the_outermost_workflow_pans_and_nothing_drops_outside() {
        let mut bench = Bench::new();
        bench.press(0);
        let at = bench.middle(0);
        assert!(matches!(
            bench.send(Input::Move { at: Point::new(at.x, at.y + 9.0) }),
            Some(Action::Pan { .. })
        ));
        bench.send(Input::Cancel);
        bench.press(1);
        let outside = Point::new(-50.0, -50.0);
        bench.send(Input::Move { at: outside });
        assert_eq!(bench.send(Input::Up { at: outside }), None);
    }
}
