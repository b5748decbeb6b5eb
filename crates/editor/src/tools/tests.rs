use proptest::prelude::*;
use slipway_flow::document::Document;

use super::*;
use crate::{command::Command, session::Session};

const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
    {"kind": "JobRun", "spec": {}},
    {"kind": "Workflow", "spec": {"type": "parallel", "steps": []}},
    {"kind": "Workflow", "spec": {"type": "parallel", "steps": [
        {"kind": "JobRun", "spec": {}}, {"kind": "JobRun", "spec": {}}]}},
    {"kind": "JobRun", "spec": {}}]}}}"#;

const SCREEN: Size = Size::new(1000.0, 700.0);
const MOUSE: Pointer = Pointer { id: 1, touch: false };
const FINGER: Pointer = Pointer { id: 2, touch: true };
const OTHER: Pointer = Pointer { id: 3, touch: true };
const PLAIN: Held = Held { ctrl: false, shift: false, alt: false };
const SHIFT: Held = Held { shift: true, ..PLAIN };
const CTRL: Held = Held { ctrl: true, ..PLAIN };
const ALT: Held = Held { alt: true, ..PLAIN };

/// A flow on the screen, and a pointer over it.
struct Bench {
    document: Document,
    nodes: Vec<Key>,
    layout: Layout,
    viewport: Viewport,
    selection: Selection,
    tool: Tool,
    editable: bool,
}

impl Bench {
    fn new() -> Self {
        let document = Document::parse(FLOW).unwrap();
        Self {
            nodes: document.nodes(),
            layout: Layout::of(&document, document.root_node()),
            document,
            viewport: Viewport { x: 40.0, y: 20.0, zoom: 1.0 },
            selection: Selection::default(),
            tool: Tool::default(),
            editable: true,
        }
    }

    fn in_view_mode() -> Self {
        Self { editable: false, ..Self::new() }
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            layout: &self.layout,
            viewport: self.viewport,
            screen: SCREEN,
            selection: &self.selection,
            editable: self.editable,
            several: true,
        }
    }

    /// Carries out what concerns the screen and the selection, as the app does.
    fn send(&mut self, input: Input) -> Option<Action> {
        let (tool, action) = self.tool.clone().step(input, self.scene());
        self.tool = tool;
        match &action {
            Some(Action::Select(selection)) => self.selection = selection.clone(),
            Some(Action::View(view)) => self.viewport = *view,
            _ => {}
        }
        action
    }

    fn middle(&self, node: usize) -> Point {
        let rect = self.layout.get(self.nodes[node]).unwrap().rect;
        self.viewport.to_screen(rect.center())
    }

    /// A point in a node's title, where nothing else stands.
    fn title(&self, node: usize) -> Point {
        let rect = self.layout.get(self.nodes[node]).unwrap().rect;
        self.viewport.to_screen(Point::new(rect.x + 8.0, rect.y + 8.0))
    }

    fn slot(&self, workflow: usize, index: usize) -> Point {
        let place = self.place(workflow, index);
        self.viewport.to_screen(self.layout.marker(place).unwrap().center())
    }

    fn place(&self, workflow: usize, index: usize) -> Place {
        Place { workflow: self.nodes[workflow], index }
    }

    fn down(&mut self, pointer: Pointer, at: Point, held: Held) {
        assert_eq!(self.send(Input::Down { pointer, at, held, pan: false }), None);
    }

    fn go(&mut self, pointer: Pointer, at: Point, held: Held) -> Option<Action> {
        self.send(Input::Move { id: pointer.id, at, held })
    }

    fn up(&mut self, pointer: Pointer, at: Point, held: Held) -> Option<Action> {
        self.send(Input::Up { id: pointer.id, at, held })
    }

    fn click(&mut self, at: Point, held: Held) -> Option<Action> {
        self.down(MOUSE, at, held);
        self.up(MOUSE, at, held)
    }

    fn drag(&mut self, from: Point, to: Point, held: Held) -> Option<Action> {
        self.down(MOUSE, from, held);
        self.go(MOUSE, to, held);
        self.up(MOUSE, to, held)
    }

    fn selected(&self) -> Vec<usize> {
        let selected = |node: &Key| self.selection.contains(*node);
        (0..self.nodes.len()).filter(|node| selected(&self.nodes[*node])).collect()
    }

    fn nodes_of(&self, nodes: &[usize]) -> Source {
        let mut nodes: Vec<Key> = nodes.iter().map(|node| self.nodes[*node]).collect();
        nodes.sort_unstable();
        Source::Nodes(nodes.into())
    }
}

#[test]
fn a_slight_move_is_a_click() {
    let mut bench = Bench::new();
    let at = bench.middle(1);
    bench.down(MOUSE, at, PLAIN);
    bench.go(MOUSE, Point::new(at.x + 3.0, at.y), PLAIN);
    bench.up(MOUSE, at, PLAIN);
    assert_eq!(bench.selected(), [1]);
}

#[test]
fn clicks_choose_one_more_and_none() {
    let mut bench = Bench::new();
    bench.click(bench.middle(1), PLAIN);
    bench.click(bench.middle(4), CTRL);
    bench.click(bench.middle(5), SHIFT);
    assert_eq!(bench.selected(), [1, 4, 5]);
    bench.click(bench.middle(4), CTRL);
    assert_eq!(bench.selected(), [1, 5]);
    assert_eq!(bench.click(Point::new(990.0, 690.0), CTRL), None);
    bench.click(bench.middle(6), PLAIN);
    assert_eq!(bench.selected(), [6]);
    bench.click(Point::new(990.0, 690.0), PLAIN);
    assert!(bench.selection.is_empty());
}

#[test]
fn a_node_goes_where_it_is_dropped() {
    let mut bench = Bench::new();
    let at = bench.slot(2, 0);
    let dropped = bench.drag(bench.middle(1), at, PLAIN);
    let drop = Drop { source: bench.nodes_of(&[1]), place: bench.place(2, 0), copy: false };
    assert_eq!(dropped, Some(Action::Drop(drop)));
    assert!(bench.tool.is_idle());
}

#[test]
fn an_arrow_takes_a_node_between_its_ends() {
    let mut bench = Bench::new();
    let at = bench.slot(0, 2);
    let arrow = bench.layout.arrows(&Rect::new(0.0, 0.0, 5000.0, 5000.0))[1];
    let on_arrow = bench.viewport.to_screen(arrow.start + Point::new(0.0, 10.0));
    for at in [at, on_arrow] {
        let Some(Action::Drop(drop)) = bench.drag(bench.middle(6), at, PLAIN) else {
            panic!("nothing was dropped")
        };
        assert_eq!(drop.place, bench.place(0, 2));
    }
}

#[test]
fn where_nothing_would_change_nothing_is_dropped() {
    let mut bench = Bench::new();
    for (workflow, index, node) in [(0, 0, 1), (0, 1, 1), (3, 1, 4), (3, 2, 5), (0, 4, 6)] {
        let at = bench.slot(workflow, index);
        assert_eq!(bench.drag(bench.middle(node), at, PLAIN), None);
    }
}

#[test]
fn what_is_selected_moves_together_without_what_is_inside_of_it() {
    let mut bench = Bench::new();
    bench.selection =
        Selection::of(&[bench.nodes[0], bench.nodes[3], bench.nodes[4], bench.nodes[1]]);
    let Some(Action::Drop(drop)) = bench.drag(bench.middle(1), bench.slot(0, 4), PLAIN) else {
        panic!("nothing was dropped")
    };
    assert_eq!(drop.source, bench.nodes_of(&[1, 3]));
    assert_eq!(drop.place, bench.place(0, 4));
    // What is not selected goes alone.
    let Some(Action::Drop(drop)) = bench.drag(bench.middle(6), bench.slot(2, 0), PLAIN) else {
        panic!("nothing was dropped")
    };
    assert_eq!(drop.source, bench.nodes_of(&[6]));
}

#[test]
fn with_alt_copies_are_dropped_also_where_the_nodes_are() {
    let mut bench = Bench::new();
    let at = bench.slot(0, 1);
    bench.down(MOUSE, bench.middle(1), PLAIN);
    bench.go(MOUSE, at, PLAIN);
    let Gesture::Dragging(dragging) = &bench.tool.gesture else { panic!("no drag") };
    assert_eq!(dragging.place, None);
    // The key counts when it is let go, not when it began.
    bench.go(MOUSE, at, ALT);
    let drop = Drop { source: bench.nodes_of(&[1]), place: bench.place(0, 1), copy: true };
    assert_eq!(bench.up(MOUSE, at, ALT), Some(Action::Drop(drop)));
}

#[test]
fn a_workflow_is_not_dropped_into_itself() {
    let mut bench = Bench::new();
    let inside = bench.slot(3, 1);
    assert_eq!(bench.drag(bench.title(3), inside, PLAIN), None);
}

#[test]
fn beside_the_picture_is_the_nearest_place_and_beside_the_canvas_none() {
    let mut bench = Bench::new();
    let below = Point::new(500.0, SCREEN.height - 1.0);
    let Some(Action::Drop(drop)) = bench.drag(bench.middle(1), below, PLAIN) else {
        panic!("nothing was dropped")
    };
    assert_eq!(drop.place, bench.place(0, 4));
    let outside = Point::new(-50.0, 300.0);
    assert_eq!(bench.drag(bench.middle(1), outside, PLAIN), None);
}

#[test]
fn the_palette_is_dragged_likewise() {
    let mut bench = Bench::new();
    let from = Point::new(-200.0, 300.0);
    for editable in [true, false] {
        bench.editable = editable;
        bench.send(Input::Grab { pointer: MOUSE, at: from, kind: 3 });
        let at = bench.slot(0, 1);
        bench.go(MOUSE, at, ALT);
        let drop = Drop { source: Source::New(3), place: bench.place(0, 1), copy: false };
        let expected = editable.then_some(Action::Drop(drop));
        assert_eq!(bench.up(MOUSE, at, PLAIN), expected);
    }
    bench.editable = true;
    bench.send(Input::Grab { pointer: MOUSE, at: from, kind: 3 });
    assert_eq!(bench.up(MOUSE, from, PLAIN), None);
}

#[test]
fn escape_and_a_lost_pointer_end_a_drag_without_a_drop() {
    for end in [Input::Cancel, Input::Lost(Some(MOUSE.id)), Input::Lost(None)] {
        let mut bench = Bench::new();
        let at = bench.slot(2, 0);
        bench.down(MOUSE, bench.middle(1), PLAIN);
        bench.go(MOUSE, at, PLAIN);
        assert_eq!(bench.send(Input::Lost(Some(FINGER.id))), None);
        assert!(matches!(bench.tool.gesture, Gesture::Dragging(_)));
        assert_eq!(bench.send(end), None);
        assert_eq!(bench.up(MOUSE, at, PLAIN), None);
        assert!(bench.tool.is_idle());
    }
}

#[test]
fn a_box_chooses_what_it_touches_and_workflows_that_it_holds() {
    let mut bench = Bench::new();
    let (first, last) = (bench.middle(1), bench.middle(4));
    bench.drag(Point::new(2.0, first.y), Point::new(999.0, last.y), PLAIN);
    assert_eq!(bench.selected(), [1, 2, 4, 5]);
    let corner = Point::new(999.0, 699.0);
    bench.drag(Point::new(2.0, bench.slot(0, 2).y), corner, SHIFT);
    assert_eq!(bench.selected(), [1, 2, 3, 4, 5, 6]);
    // With Shift one begins over a node too.
    bench.selection = Selection::default();
    bench.drag(bench.middle(6), corner, SHIFT);
    assert_eq!(bench.selected(), [6]);
}

#[test]
fn escape_leaves_what_was_selected_before_the_box() {
    let mut bench = Bench::new();
    bench.click(bench.middle(5), PLAIN);
    bench.down(MOUSE, Point::new(2.0, 2.0), PLAIN);
    bench.go(MOUSE, bench.middle(1), PLAIN);
    assert!(bench.tool.chosen().unwrap().contains(bench.nodes[1]));
    bench.send(Input::Cancel);
    assert_eq!(bench.selected(), [5]);
    assert_eq!(bench.tool.chosen(), None);
}

#[test]
fn in_a_view_everything_pans_but_shift() {
    let mut bench = Bench::in_view_mode();
    for from in [bench.middle(1), Point::new(900.0, 600.0)] {
        let before = bench.viewport;
        bench.drag(from, Point::new(from.x + 20.0, from.y), PLAIN);
        assert_eq!(bench.viewport, before.panned(20.0, 0.0));
    }
    bench.drag(Point::new(2.0, 2.0), bench.middle(1), SHIFT);
    assert_eq!(bench.selected(), [1]);
}

#[test]
fn the_space_bar_and_the_middle_button_pan_over_nodes() {
    let mut bench = Bench::new();
    let from = bench.middle(1);
    bench.send(Input::Down { pointer: MOUSE, at: from, held: PLAIN, pan: true });
    bench.go(MOUSE, Point::new(from.x, from.y + 7.0), PLAIN);
    assert_eq!(bench.viewport, Viewport { x: 40.0, y: 27.0, zoom: 1.0 });
    assert_eq!(bench.up(MOUSE, from, PLAIN), None);
}

#[test]
fn the_ground_draws_a_box() {
    let mut bench = Bench::new();
    bench.down(MOUSE, bench.title(0), PLAIN);
    bench.go(MOUSE, bench.middle(1), PLAIN);
    assert!(matches!(bench.tool.gesture, Gesture::Boxing(_)));
}

#[test]
fn near_an_edge_the_view_follows_the_deeper_the_faster() {
    let mut bench = Bench::new();
    bench.viewport.zoom = 2.0;
    bench.down(MOUSE, bench.middle(1), PLAIN);
    let mut came = |y: f64| {
        bench.go(MOUSE, Point::new(300.0, y), PLAIN);
        let before = bench.viewport.y;
        assert_eq!(bench.tool.follows(SCREEN), y > 660.0);
        bench.send(Input::Frame { ms: 16.0 });
        before - bench.viewport.y
    };
    assert!(came(400.0).abs() < 1e-9);
    let (shallow, deep, beyond) = (came(670.0), came(690.0), came(900.0));
    assert!(shallow > 0.0 && deep > shallow && beyond > deep, "{shallow} {deep} {beyond}");
    // No further than the picture goes.
    for _ in 0..1000 {
        bench.send(Input::Frame { ms: 16.0 });
    }
    let end = bench.viewport.to_screen(Point::new(0.0, bench.layout.size().height));
    assert!(end.y > SCREEN.height - 100.0 && end.y < SCREEN.height, "{end:?}");
}

#[test]
fn a_drag_that_begins_at_the_edge_does_not_pull_at_once() {
    let mut bench = Bench::new();
    let at = bench.middle(1);
    bench.viewport.y -= at.y - 20.0;
    bench.down(MOUSE, bench.middle(1), PLAIN);
    bench.go(MOUSE, Point::new(at.x + 30.0, 20.0), PLAIN);
    assert!(!bench.tool.follows(SCREEN));
    bench.go(MOUSE, Point::new(at.x + 30.0, 200.0), PLAIN);
    bench.go(MOUSE, Point::new(at.x + 30.0, 20.0), PLAIN);
    assert!(bench.tool.follows(SCREEN));
}

#[test]
fn one_finger_pans_two_zoom_and_a_tapped_node_is_dragged() {
    let mut bench = Bench::new();
    let from = bench.middle(1);
    bench.down(FINGER, from, PLAIN);
    bench.go(FINGER, Point::new(from.x, from.y + 30.0), PLAIN);
    assert!(matches!(bench.tool.gesture, Gesture::Panning { .. }));
    let second = Point::new(from.x, from.y + 130.0);
    bench.down(OTHER, second, PLAIN);
    bench.go(OTHER, Point::new(from.x, from.y + 230.0), PLAIN);
    assert!((bench.viewport.zoom - 2.0).abs() < 1e-9);
    bench.up(FINGER, from, PLAIN);
    assert!(bench.tool.gesture.has(OTHER.id));
    bench.up(OTHER, second, PLAIN);
    assert!(bench.tool.is_idle() && bench.selection.is_empty());

    bench.viewport.zoom = 1.0;
    let at = bench.middle(1);
    bench.down(FINGER, at, PLAIN);
    bench.up(FINGER, at, PLAIN);
    assert_eq!(bench.selected(), [1]);
    bench.down(FINGER, at, PLAIN);
    bench.go(FINGER, bench.slot(2, 0), PLAIN);
    assert!(matches!(bench.tool.gesture, Gesture::Dragging(_)));
}

#[test]
fn a_resting_finger_asks_for_the_menu_and_a_mouse_does_not() {
    let mut bench = Bench::new();
    let (at, node) = (bench.middle(1), bench.nodes[1]);
    bench.down(FINGER, at, PLAIN);
    assert_eq!(bench.send(Input::Rest), Some(Action::Menu(Some(node), at)));
    assert_eq!(bench.up(FINGER, at, PLAIN), None);
    bench.down(MOUSE, at, PLAIN);
    assert_eq!(bench.send(Input::Rest), None);
    bench.send(Input::Cancel);
    bench.down(FINGER, at, PLAIN);
    bench.go(FINGER, Point::new(at.x + 40.0, at.y), PLAIN);
    assert_eq!(bench.send(Input::Rest), None);
}

#[test]
fn a_tap_says_where_what_is_carried_goes() {
    let mut bench = Bench::new();
    bench.send(Input::Carry([bench.nodes[1]].into()));
    // Looking around, and a tap where it stands already, change nothing.
    bench.drag(bench.middle(4), bench.middle(5), PLAIN);
    assert_eq!(bench.click(bench.slot(0, 1), PLAIN), None);
    assert!(bench.tool.carried.is_some());
    let drop = Drop { source: bench.nodes_of(&[1]), place: bench.place(2, 0), copy: false };
    assert_eq!(bench.click(bench.slot(2, 0), PLAIN), Some(Action::Drop(drop)));
    assert_eq!(bench.tool, Tool::default());

    bench.send(Input::Carry([bench.nodes[1]].into()));
    bench.send(Input::Cancel);
    assert_eq!(bench.tool, Tool::default());
    bench.send(Input::Carry([bench.nodes[0]].into()));
    assert_eq!(bench.tool, Tool::default(), "the outermost workflow stays");
}

#[test]
fn every_place_that_changes_something_is_offered_in_reading_order() {
    let bench = Bench::new();
    let of = |nodes: &[usize]| {
        let Source::Nodes(nodes) = bench.nodes_of(nodes) else { panic!("no nodes") };
        places(&bench.layout, &nodes)
    };
    let expect = |places: &[(usize, usize)]| {
        places.iter().map(|(workflow, index)| bench.place(*workflow, *index)).collect::<Vec<_>>()
    };
    let around = expect(&[(2, 0), (0, 2), (3, 0), (3, 1), (3, 2), (0, 3), (0, 4)]);
    assert_eq!(of(&[1]), around);
    assert_eq!(of(&[3]), expect(&[(0, 0), (0, 1), (2, 0), (0, 4)]));
    assert_eq!(
        of(&[1, 6]),
        expect(&[(0, 0), (0, 1), (2, 0), (0, 2), (3, 0), (3, 1), (3, 2), (0, 3), (0, 4)])
    );
}

#[test]
fn a_double_click_opens_what_is_there() {
    let mut bench = Bench::new();
    let open = |bench: &Bench, at| opened(at, bench.scene());
    assert_eq!(open(&bench, bench.middle(1)), Some(Opened::Node(bench.nodes[1])));
    assert_eq!(open(&bench, bench.title(2)), Some(Opened::Node(bench.nodes[2])));
    let empty = bench.slot(2, 0);
    assert_eq!(open(&bench, empty), Some(Opened::Place(bench.place(2, 0))));
    bench.editable = false;
    assert_eq!(open(&bench, empty), Some(Opened::Node(bench.nodes[2])));
    assert_eq!(open(&bench, Point::new(990.0, 690.0)), None);
}

fn point() -> impl Strategy<Value = Point> {
    (-100.0..1100.0f64, -100.0..800.0f64).prop_map(|(x, y)| Point::new(x, y))
}

fn input() -> impl Strategy<Value = Input> {
    let pointer = || prop_oneof![Just(MOUSE), Just(FINGER), Just(OTHER)];
    let held =
        || any::<(bool, bool, bool)>().prop_map(|(ctrl, shift, alt)| Held { ctrl, shift, alt });
    let nth = Bench::new().nodes;
    prop_oneof![
        4 => (pointer(), point(), held(), any::<bool>())
            .prop_map(|(pointer, at, held, pan)| Input::Down { pointer, at, held, pan }),
        1 => (pointer(), point()).prop_map(|(pointer, at)| Input::Grab { pointer, at, kind: 0 }),
        8 => (pointer(), point(), held())
            .prop_map(|(pointer, at, held)| Input::Move { id: pointer.id, at, held }),
        4 => (pointer(), point(), held())
            .prop_map(|(pointer, at, held)| Input::Up { id: pointer.id, at, held }),
        1 => Just(Input::Rest),
        2 => (0.0..100.0f64).prop_map(|ms| Input::Frame { ms }),
        1 => (0..nth.len()).prop_map(move |node| Input::Carry([nth[node]].into())),
        1 => Just(Input::Cancel),
        1 => pointer().prop_map(|pointer| Input::Lost(Some(pointer.id))),
    ]
}

proptest! {
    #[test]
    fn no_inputs_leave_a_stuck_state_or_an_idle_drop(
        inputs in proptest::collection::vec(input(), 1..60), editable: bool,
    ) {
        let mut bench = Bench { editable, ..Bench::new() };
        let mut down = std::collections::HashSet::new();
        for input in inputs {
            match &input {
                Input::Down { pointer, .. } | Input::Grab { pointer, .. } => {
                    down.insert(pointer.id);
                }
                Input::Up { id, .. } | Input::Lost(Some(id)) => {
                    down.remove(id);
                }
                _ => {}
            }
            let action = bench.send(input);
            prop_assert!(!down.is_empty() || bench.tool.is_idle(), "{:?}", bench.tool);
            if !editable {
                prop_assert!(!matches!(bench.tool.gesture, Gesture::Dragging(_)));
                prop_assert!(bench.tool.carried.is_none());
            }
            if let Some(Action::Drop(drop)) = action {
                prop_assert!(editable);
                if let (Source::Nodes(nodes), false) = (drop.source, drop.copy) {
                    let mut session = Session::open(&bench.document.text()).unwrap();
                    let command = Command::Move { nodes: nodes.to_vec(), place: drop.place };
                    prop_assert!(matches!(session.dispatch(&command), Ok(Some(_))));
                }
            }
        }
        bench.send(Input::Cancel);
        bench.send(Input::Cancel);
        prop_assert_eq!(bench.tool, Tool::default());
    }
}
