//! A run over time: one lane per node in the tree's order, with its tries, pauses and gaps.
//!
//! May import: `event`, `fold`, `plan`.

use crate::{
    event::Millis,
    fold::{Attempt, NodeState, NodeStatus, RunState},
    plan::{Plan, Shape},
};

/// A stretch of time; `end` is never before `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: Millis,
    pub end: Millis,
}

impl Span {
    /// A clock that was set back makes a stretch empty, not negative.
    #[must_use]
    pub const fn new(start: Millis, end: Millis) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    #[must_use]
    pub const fn length(self) -> Millis {
        self.end.saturating_sub(self.start)
    }
}

/// A run as a picture over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// From creation until it began, or until now while it waits.
    pub before: Option<Span>,
    /// From start to end, or to now; none when it did not begin.
    pub whole: Option<Span>,
    /// Whether the run is over: nothing grows any more.
    pub over: bool,
    /// One per node of the plan, in its order.
    pub lanes: Vec<Lane>,
    /// Where no leaf was at work, waited or paused before another try.
    pub idle: Vec<Span>,
}

/// One node over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Workflows around the node; 0 for the root.
    pub depth: usize,
    pub status: NodeStatus,
    /// From the first try's start to the end, or to now. None for what did not begin.
    pub span: Option<Span>,
    /// Whether it goes on: `span` and the last part end now, not for good.
    pub open: bool,
    /// What a leaf did in `span`, without a hole. Empty where the server tells of no single tries.
    pub parts: Vec<Part>,
    /// How long it had to wait although nothing stood before it any more.
    pub gap: Millis,
}

/// A part of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub what: What,
    /// The try that it belongs to, from 1; a pause belongs to the try that failed.
    pub attempt: u32,
    pub span: Span,
}

/// What a node does in a part of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is being executed.
    Works,
    /// It was accepted, and has to succeed.
    Waits,
    /// It failed, and is tried again later.
    Pauses,
}

/// The run as it looks at the time `now`.
#[must_use]
pub fn timeline(plan: &Plan, state: &RunState, now: Millis) -> Timeline {
    let until = state.concluded_at.unwrap_or(now);
    let mut lanes: Vec<Lane> = Vec::with_capacity(plan.nodes().len());
    for node in plan.nodes() {
        let depth = node.parent.map_or(0, |parent| lanes[parent].depth + 1);
        let known = state.nodes.get(&node.pointer);
        let mut lane = known.map(|known| lane(known, until)).unwrap_or_default();
        lane.depth = depth;
        lane.open &= !state.concluded();
        lanes.push(lane);
    }
    fill_gaps(plan, state, &mut lanes);
    let whole = state.started_at.map(|start| Span::new(start, until));
    let before = state.started_at.unwrap_or(until);
    Timeline {
        before: (state.created_at < before).then(|| Span::new(state.created_at, before)),
        idle: whole.map(|whole| idle(plan, &lanes, whole)).unwrap_or_default(),
        whole,
        over: state.concluded(),
        lanes,
    }
}

impl Timeline {
    /// When each node of the plan ran.
    #[must_use]
    pub fn spans(&self) -> Vec<Option<Span>> {
        self.lanes.iter().map(|lane| lane.span).collect()
    }
}

fn lane(known: &NodeState, until: Millis) -> Lane {
    let span = known.started_at.map(|start| Span::new(start, known.ended_at.unwrap_or(until)));
    Lane {
        status: known.status,
        open: span.is_some() && known.status.active(),
        parts: span.map(|span| parts(&known.attempts, span.end)).unwrap_or_default(),
        span,
        ..Lane::default()
    }
}

fn parts(attempts: &[Attempt], end: Millis) -> Vec<Part> {
    let mut parts = Vec::with_capacity(attempts.len());
    for (at, attempt) in attempts.iter().enumerate() {
        let mut push = |what, start, end| {
            let span = Span::new(start, end);
            if span.length() > 0 || what == What::Works {
                parts.push(Part { what, attempt: attempt.number, span });
            }
        };
        let next = attempts.get(at + 1).map_or(end, |next| next.started_at);
        let ended = attempt.ended_at.unwrap_or(next);
        let accepted = attempt.accepted_at.unwrap_or(ended);
        push(What::Works, attempt.started_at, accepted);
        push(What::Waits, accepted, ended);
        push(What::Pauses, ended, next);
    }
    parts
}

/// From when a node could have begun until it did.
fn fill_gaps(plan: &Plan, state: &RunState, lanes: &mut [Lane]) {
    if let (Some(start), Some(root)) = (state.started_at, lanes.first_mut()) {
        root.gap = root.span.map_or(0, |span| Span::new(start, span.start).length());
    }
    for (index, node) in plan.nodes().iter().enumerate() {
        let Some(mut free) = lanes[index].span.map(|span| span.start) else { continue };
        for child in &node.children {
            let Some(span) = lanes[*child].span else { continue };
            lanes[*child].gap = Span::new(free, span.start).length();
            if node.shape == Shape::Sequential {
                free = span.end;
            }
        }
    }
}

/// Where the whole is covered by no leaf.
fn idle(plan: &Plan, lanes: &[Lane], whole: Span) -> Vec<Span> {
    let leaves = plan.nodes().iter().zip(lanes).filter(|(node, _)| node.shape == Shape::Leaf);
    let mut spans: Vec<Span> = leaves.filter_map(|(_, lane)| lane.span).collect();
    spans.sort_unstable_by_key(|span| span.start);
    let mut idle = Vec::new();
    let mut covered = whole.start;
    for span in spans {
        if span.start > covered {
            idle.push(Span::new(covered, span.start.min(whole.end)));
        }
        covered = covered.max(span.end);
    }
    if whole.end > covered {
        idle.push(Span::new(covered, whole.end));
    }
    idle
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{
        event::{NodeError, Outcome},
        testing::{flow, in_time, large, ran, recipe},
    };

    fn attempt(number: u32, start: Millis, accepted: Option<Millis>) -> Attempt {
        Attempt {
            number,
            started_at: start,
            accepted_at: accepted,
            ended_at: None,
            outcome: None,
            error: None,
            next_at: None,
        }
    }

    /// One step that failed once and now waits for its second try to succeed.
    fn going_on() -> (Plan, RunState) {
        let document = json!({ "spec": { "kind": "Workflow", "spec": { "type": "sequential",
            "steps": [{ "kind": "JobRun", "spec": {} }, { "kind": "JobRun", "spec": {} }] } } });
        let plan = Plan::of(&document).expect("a plan");
        let mut state = RunState { created_at: 50, started_at: Some(100), ..RunState::default() };
        let running = NodeState {
            status: NodeStatus::Running,
            started_at: Some(110),
            ..NodeState::default()
        };
        state.nodes.insert("/spec".into(), running.clone());
        let first = Attempt {
            ended_at: Some(200),
            outcome: Some(Outcome::Failure),
            error: Some(NodeError { code: 500, message: "No.".into() }),
            next_at: Some(300),
            ..attempt(1, 120, None)
        };
        let attempts = vec![first, attempt(2, 300, Some(310))];
        let step = NodeState { started_at: Some(120), attempts, ..running };
        state.nodes.insert("/spec/spec/steps/0".into(), step);
        (plan, state)
    }

    #[test]
    fn what_goes_on_ends_now_and_says_so() {
        let (plan, state) = going_on();
        let picture = timeline(&plan, &state, 400);
        assert_eq!(picture.before, Some(Span::new(50, 100)));
        assert_eq!(picture.whole, Some(Span::new(100, 400)));
        let [root, first, second] = &picture.lanes[..] else { panic!("three lanes") };
        assert_eq!((root.depth, first.depth), (0, 1));
        assert!(root.open && first.open && !second.open);
        assert_eq!(second.span, None, "what has not begun has no bar");
        assert_eq!((root.gap, first.gap), (10, 10));
        let parts: Vec<_> = first
            .parts
            .iter()
            .map(|part| (part.what, part.attempt, part.span.start, part.span.end))
            .collect();
        assert_eq!(
            parts,
            [
                (What::Works, 1, 120, 200),
                (What::Pauses, 1, 200, 300),
                (What::Works, 2, 300, 310),
                (What::Waits, 2, 310, 400),
            ]
        );
        assert_eq!(picture.idle, [Span::new(100, 120)]);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_negative() {
        let (plan, state) = going_on();
        let picture = timeline(&plan, &state, 5);
        assert!(picture.lanes.iter().filter_map(|lane| lane.span).all(|span| span.length() == 0));
        assert_eq!(timeline(&plan, &RunState::default(), 5).whole, None);
    }

    #[test]
    fn ten_thousand_lanes_are_drawn_in_time() {
        for document in large() {
            let plan = Plan::of(&document).expect("a plan");
            let mut state = RunState { started_at: Some(0), ..RunState::default() };
            for (at, node) in (0..).zip(plan.nodes()) {
                let node_state = NodeState {
                    status: NodeStatus::Success,
                    started_at: Some(at),
                    ended_at: Some(at + 9),
                    ..NodeState::default()
                };
                state.nodes.insert(node.pointer.clone(), node_state);
            }
            let picture = in_time("the timeline", || timeline(&plan, &state, 99));
            assert_eq!(picture.lanes.len(), plan.nodes().len());
        }
    }

    proptest! {
        #[test]
        fn bars_lie_inside_each_other_and_parts_fill_them(
            document in flow(), recipe in recipe(), cut in any::<prop::sample::Index>(),
        ) {
            let ran = ran(&document, &recipe);
            let log = &ran.log[..=cut.index(ran.log.len())];
            let state = RunState::of(log);
            let now = log.last().map_or(0, |last| last.at);
            let picture = timeline(&ran.plan, &state, now);
            for (node, lane) in ran.plan.nodes().iter().zip(&picture.lanes) {
                let Some(span) = lane.span else { continue };
                let around = node.parent.map_or(picture.whole, |parent| picture.lanes[parent].span);
                let around = around.expect("what is around has begun");
                prop_assert!(around.start <= span.start && span.end <= around.end);
                let mut at = span.start;
                for part in &lane.parts {
                    prop_assert_eq!(part.span.start, at, "a hole in {:?}", lane);
                    at = part.span.end;
                }
                prop_assert_eq!(at, span.end);
                prop_assert_eq!(lane.open, lane.status.active());
                prop_assert_eq!(lane.gap, 0, "virtual time has no delays");
            }
            prop_assert_eq!(picture.over, state.concluded());
        }
    }
}
