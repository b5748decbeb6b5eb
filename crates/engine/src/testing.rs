//! Flows and whole runs of them for the laws of this crate: any shape, any durations, tries that
//! fail, and virtual time.

use std::{cmp::Reverse, collections::BinaryHeap};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    event::{Event, EventBody, Millis, NodeError, NodePointer, Outcome, RunOrigin, RunStatus},
    fold::{NodeStatus, RunState},
    plan::Plan,
    schedule::{Effect, next},
    values::Scope,
};

/// A random flow, three workflows deep at most; some nodes are skipped, some by what others leave
/// behind. Node 3 of the plan has the ref `n3`.
pub fn flow() -> impl Strategy<Value = Value> {
    flow_with(skip().boxed())
}

/// As [`flow`], and some skips can't be worked out at all, or only if another node has run.
pub fn flow_that_may_fail() -> impl Strategy<Value = Value> {
    let fails = (1..10_u8, 0..4_usize).prop_map(|(at, form)| {
        ["${args.none}", "${fn.nope()}", "${refs.nowhere.id}", "${refs.N.id}"][form]
            .replace('N', &format!("n{at}"))
    });
    flow_with(prop_oneof![12 => skip(), 1 => fails].boxed())
}

fn skip() -> impl Strategy<Value = String> {
    let reads = (1..10_u8, 0..4_usize).prop_map(|(at, form)| {
        let forms =
            ["fn.not(refs.N.id)", "fn.eq(refs.N.id, 3)", "fn.if(refs.N.id,true,false)", "args.via"];
        format!("${{{}}}", forms[form].replace('N', &format!("n{at}")))
    });
    let plain = |text: &str| Just(text.to_owned());
    prop_oneof![4 => plain("false"), 1 => plain("true"), 1 => plain("${args.SKIP}"), 1 => reads]
}

fn flow_with(skip: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
    let leaf = skip
        .clone()
        .prop_map(|skip| json!({ "kind": "JobRun", "skipNodeExecution": skip, "spec": {} }));
    let node = leaf.prop_recursive(3, 40, 5, move |inner| {
        let kind = prop_oneof![Just("sequential"), Just("parallel")];
        (kind, prop::collection::vec(inner, 0..5), skip.clone()).prop_map(|(kind, steps, skip)| {
            json!({ "kind": "Workflow", "skipNodeExecution": skip,
                "spec": { "type": kind, "steps": steps } })
        })
    });
    node.prop_map(|mut root| {
        name(&mut root, &mut 0);
        json!({ "spec": root })
    })
}

/// Gives every node its place in the plan as a ref.
fn name(node: &mut Value, index: &mut usize) {
    node["ref"] = format!("n{index}").into();
    *index += 1;
    for step in node.pointer_mut("/spec/steps").and_then(Value::as_array_mut).into_iter().flatten()
    {
        name(step, index);
    }
}

/// Flows as large as anybody's: 10,000 steps in a row, as many side by side, and 12 groups of 12
/// side by side, one after another, nested ten deep.
pub fn large() -> [Value; 3] {
    let leaf = |at: usize| {
        json!({ "kind": "JobRun", "ref": format!("job-{at}"),
        "spec": { "jobId": format!("j{at}") } })
    };
    let workflow = |kind: &str, steps: Vec<Value>| json!({ "kind": "Workflow", "spec": { "type": kind, "steps": steps } });
    let many: Vec<_> = (0..10_000).map(leaf).collect();
    let groups = |inner: Option<Value>| {
        let group = |at: usize| workflow("parallel", (at * 12..at * 12 + 12).map(leaf).collect());
        workflow("sequential", (0..12).map(group).chain(inner).collect())
    };
    let deep = (0..10).fold(None, |inner, _| Some(groups(inner)));
    [workflow("sequential", many.clone()), workflow("parallel", many), deep.unwrap_or_default()]
        .map(|root| json!({ "spec": root }))
}

/// Longer than a second of computing in a debug build, and something is not linear.
pub fn in_time<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let (clock, begin) = (std::time::Instant::now(), computed());
    let result = act();
    let took = match (begin, computed()) {
        (Some(begin), Some(end)) => end - begin,
        _ => clock.elapsed(),
    };
    assert!(took < std::time::Duration::from_secs(1), "{what} took {took:?}");
    result
}

/// How long this thread has computed, where the system says it: a machine that is busy with other
/// things as well must not fail a test.
fn computed() -> Option<std::time::Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(std::time::Duration::from_nanos)
}

/// How the leaves of a run behave, by their index in the plan.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Length of an attempt; taken round and round.
    pub durations: Vec<Millis>,
    /// 0: fails for good; 1: fails once and then succeeds; 2: succeeds without waiting; else
    /// succeeds, telling in the middle that it was accepted.
    pub luck: Vec<u8>,
    /// When the run is aborted, if it goes on for so long.
    pub abort_at: Option<Millis>,
}

/// Pause before the second attempt.
pub const DELAY: Millis = 1_000;
/// When the first event happens.
pub const BEGIN: Millis = 1_000_000;

impl Recipe {
    pub fn duration(&self, leaf: usize) -> Millis {
        self.durations[leaf % self.durations.len()]
    }

    fn luck(&self, leaf: usize) -> u8 {
        self.luck[leaf % self.luck.len()]
    }
}

pub fn recipe() -> impl Strategy<Value = Recipe> {
    let durations = prop::collection::vec(0..50_000_i64, 1..20);
    let luck = prop::collection::vec(0_u8..12, 1..20);
    let abort_at = prop::option::weighted(0.2, 0..100_000_i64);
    (durations, luck, abort_at).prop_map(|(durations, luck, abort_at)| Recipe {
        durations,
        luck,
        abort_at: abort_at.map(|after| BEGIN + after),
    })
}

pub fn scope() -> Scope {
    let mut scope = Scope::default();
    scope.arguments.insert("SKIP".into(), json!("true"));
    scope.arguments.insert("via".into(), json!("${fn.not(refs.n2.id)}"));
    scope
}

/// What a run knows so far.
pub fn known(plan: &Plan, state: &RunState) -> Scope {
    Scope::of(plan, state, &scope().arguments, &std::collections::BTreeMap::new())
}

/// One run from its creation to its end.
#[derive(Debug)]
pub struct Ran {
    pub plan: Plan,
    pub log: Vec<Event>,
    pub state: RunState,
}

/// Plays a run by the scheduler itself, in virtual time.
pub fn ran(document: &Value, recipe: &Recipe) -> Ran {
    let plan = Plan::of(document).expect("a flow");
    let mut playing = Playing {
        ran: Ran { plan, log: Vec::new(), state: RunState::default() },
        recipe,
        now: BEGIN,
        due: BinaryHeap::new(),
        number: 0,
    };
    playing.play();
    playing.ran
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Accepted,
    Again,
    Done,
}

struct Playing<'a> {
    ran: Ran,
    recipe: &'a Recipe,
    now: Millis,
    due: BinaryHeap<Reverse<(Millis, u64, usize, Step)>>,
    number: u64,
}

impl Playing<'_> {
    fn play(&mut self) {
        let origin = RunOrigin::Release;
        self.append(EventBody::RunCreated {
            name: None,
            description: None,
            origin,
            by: "t".into(),
        });
        self.append(EventBody::RunStarted);
        self.settle();
        while let Some(Reverse((at, _, leaf, step))) = self.due.pop() {
            self.now = at;
            let aborted = self.recipe.abort_at.is_some_and(|limit| at >= limit);
            if aborted && self.ran.state.status == RunStatus::Running {
                self.append(EventBody::RunAborting { by: "t".into() });
            }
            self.go_on(leaf, step);
            self.settle();
        }
        assert!(self.ran.state.concluded(), "every run ends");
    }

    fn append(&mut self, body: EventBody) {
        let seq = self.ran.log.len() as u64 * 3 + 1;
        let run = Some("r".to_owned());
        let event = Event { seq, at: self.now, pipeline: None, stage: None, run, body };
        self.ran.state.apply(&event);
        self.ran.log.push(event);
    }

    fn later(&mut self, after: Millis, leaf: usize, step: Step) {
        self.number += 1;
        self.due.push(Reverse((self.now + after, self.number, leaf, step)));
    }

    fn start(&mut self, leaf: usize, attempt: u32) {
        let node = self.pointer(leaf);
        self.append(EventBody::NodeStarted { node, attempt, max_attempts: 3 });
        let duration = self.recipe.duration(leaf);
        if self.recipe.luck(leaf) > 2 {
            self.later(duration / 2, leaf, Step::Accepted);
        }
        self.later(duration, leaf, Step::Done);
    }

    fn pointer(&self, leaf: usize) -> NodePointer {
        self.ran.plan.nodes()[leaf].pointer.clone()
    }

    fn go_on(&mut self, leaf: usize, step: Step) {
        let node = self.pointer(leaf);
        let known = &self.ran.state.nodes[&node];
        let (attempt, aborting) = (known.attempt, known.status == NodeStatus::Aborting);
        let error = NodeError { code: 500, message: "It broke.".into() };
        let end = |outcome, error, data| EventBody::NodeFinished {
            node: node.clone(),
            outcome,
            error,
            data,
        };
        if known.status.ended() {
            return;
        }
        if aborting {
            return self.append(end(Outcome::Aborted, None, None));
        }
        match (step, self.recipe.luck(leaf)) {
            (Step::Accepted, _) => {
                self.append(EventBody::NodeProgress { node, data: json!({ "id": leaf }) });
            }
            (Step::Again, _) => self.start(leaf, attempt + 1),
            (Step::Done, 0) => self.append(end(Outcome::Failure, Some(error), None)),
            (Step::Done, 1) if attempt == 1 => {
                let next_at = self.now + DELAY;
                self.append(EventBody::NodeRetrying {
                    node,
                    attempt,
                    max_attempts: 3,
                    next_at,
                    error,
                });
                self.later(DELAY, leaf, Step::Again);
            }
            (Step::Done, _) => {
                self.append(end(Outcome::Success, None, Some(json!({ "id": leaf }))));
            }
        }
    }

    fn settle(&mut self) {
        loop {
            let effects =
                next(&self.ran.plan, &self.ran.state, &known(&self.ran.plan, &self.ran.state));
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Begin { node } => {
                        self.append(EventBody::NodeStarted { node, attempt: 1, max_attempts: 1 });
                    }
                    Effect::Run { node } => {
                        let leaf = self.ran.plan.index(&node).expect("of the plan");
                        self.start(leaf, 1);
                    }
                    Effect::Finish { node, outcome, error } => {
                        self.append(EventBody::NodeFinished { node, outcome, error, data: None });
                    }
                    Effect::Conclude { status, reason } => {
                        self.append(EventBody::RunConcluded { status, reason });
                    }
                }
            }
        }
    }
}
