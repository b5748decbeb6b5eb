//! What past runs say about a flow and each of its nodes: how often it worked, how long it took,
//! whether that changes.
//!
//! - here: the numbers. - `same`: which node of a past run is which of this flow.
//!
//! What counts: a node that succeeded or failed, and a run that did. Skipped, aborted and
//! unfinished ones say nothing about either, and neither do rollbacks, which run another document;
//! they are left out, and it is said how many.
//!
//! May import: `event`, `fold`, `past`, `pinned`, `plan`, `values`.

mod same;

use std::collections::HashSet;

use crate::{
    event::{Millis, RunOrigin, RunStatus},
    fold::{NodeState, NodeStatus},
    past::Past,
    pinned::is_pinned,
    plan::{Plan, PlanNode, Shape},
    values::{Scope, resolve},
};

pub use same::{Marks, same_nodes};

/// What past runs say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    pub run: Tally,
    /// Per node of the plan.
    pub nodes: Vec<Tally>,
}

/// What past runs say about one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs in which it succeeded or failed. Everything below is from these.
    pub considered: usize,
    pub succeeded: usize,
    /// Runs in which it succeeded, but only after a failed try, or after it had failed in an
    /// earlier run on exactly the same inputs (see [`crate::pinned`]; where a node's inputs are
    /// not known exactly, only tries count).
    pub flaky: usize,
    /// Runs in which it was there and was skipped, aborted, not reached, or is not over.
    pub left_out: usize,
    /// Of those that succeeded, from the first try's start to the end.
    pub durations: Option<Durations>,
    pub drift: Option<Drift>,
    pub last_failure: Option<LastFailure>,
}

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durations {
    /// From so many runs; never 0.
    pub of: usize,
    pub median: Millis,
    /// Nine of ten took at most so long; with fewer than ten runs that is the longest.
    pub p90: Millis,
}

/// The newest runs against those before them. Only from [`Drift::LEAST`] runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drift {
    pub recent: Durations,
    pub earlier: Durations,
}

/// The newest failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastFailure {
    pub run: String,
    pub at: Millis,
    pub message: Option<String>,
}

impl Tally {
    /// From fewer runs than this a rate or a median says little.
    pub const FEW: usize = 5;

    /// Whether there are so few runs that the numbers say little.
    #[must_use]
    pub const fn few(&self) -> bool {
        self.considered < Self::FEW
    }

    /// How often it worked, in words that name the number of runs.
    #[must_use]
    pub fn words(&self) -> String {
        let (good, all) = (self.succeeded, self.considered);
        match all {
            0 => "There is no past run of it that succeeded or failed.".to_owned(),
            1 if good == 1 => "It succeeded in the only past run.".to_owned(),
            1 => "It failed in the only past run.".to_owned(),
            _ if self.few() => format!("It succeeded in {good} of only {all} past runs."),
            _ => format!("It succeeded in {good} of {all} past runs."),
        }
    }
}

impl Drift {
    pub const LEAST: usize = 6;
    /// The newest runs are at most so many.
    const NEWEST: usize = 5;

    /// How much longer the newest ones take, in per cent; below 0 when they are quicker.
    #[must_use]
    pub const fn percent(&self) -> i64 {
        let base = if self.earlier.median < 1 { 1 } else { self.earlier.median };
        self.recent.median.saturating_sub(self.earlier.median).saturating_mul(100) / base
    }

    /// Whether a person should be told: at least a quarter, and at least a second.
    #[must_use]
    pub const fn notable(&self) -> bool {
        let change = self.recent.median.saturating_sub(self.earlier.median).saturating_abs();
        change >= 1_000 && self.percent().saturating_abs() >= 25
    }

    fn of(oldest_first: &[Millis]) -> Option<Self> {
        if oldest_first.len() < Self::LEAST {
            return None;
        }
        let newest = (oldest_first.len() / 2).min(Self::NEWEST);
        let (earlier, recent) = oldest_first.split_at(oldest_first.len() - newest);
        Some(Self { recent: Durations::of(recent)?, earlier: Durations::of(earlier)? })
    }
}

impl Durations {
    /// None of none.
    #[must_use]
    pub fn of(durations: &[Millis]) -> Option<Self> {
        let mut sorted = durations.to_vec();
        sorted.sort_unstable();
        let of = sorted.len();
        let at = |index: usize| sorted.get(index).copied();
        let (low, high) = (at(of.checked_sub(1)? / 2)?, at(of / 2)?);
        // The nearest rank: the smallest one that nine of ten don't exceed.
        let p90 = at((of * 9).div_ceil(10) - 1)?;
        Some(Self { of, median: low + high.saturating_sub(low) / 2, p90 })
    }
}

/// What these runs, in any order, say about a flow with this plan.
#[must_use]
pub fn stats(plan: &Plan, past: &[Past<'_>]) -> Stats {
    let mut past: Vec<&Past<'_>> =
        past.iter().filter(|past| matches!(past.state.origin, RunOrigin::Release)).collect();
    past.sort_by_key(|past| (past.state.created_at, past.id));
    let marks = Marks::of(plan);
    let mut run = Counting::default();
    let mut nodes: Vec<Counting> = vec![Counting::default(); plan.nodes().len()];
    for past in past {
        run.note(&run_sample(past));
        let same = same_nodes(&marks, &Marks::of(past.plan));
        for (counting, theirs) in nodes.iter_mut().zip(same) {
            if let Some(theirs) = theirs {
                counting.note(&node_sample(past, &past.plan.nodes()[theirs]));
            }
        }
    }
    Stats { run: run.tally(), nodes: nodes.into_iter().map(Counting::tally).collect() }
}

/// How one thing went in one run.
struct Sample {
    /// None when it says nothing.
    succeeded: Option<bool>,
    duration: Option<Millis>,
    retried: bool,
    inputs: Option<String>,
    failure: Option<LastFailure>,
}

impl Sample {
    const NOTHING: Self =
        Self { succeeded: None, duration: None, retried: false, inputs: None, failure: None };
}

fn run_sample(past: &Past<'_>) -> Sample {
    let state = past.state;
    let succeeded = match state.status {
        RunStatus::Success => true,
        RunStatus::Failure => false,
        _ => return Sample::NOTHING,
    };
    let leaf = |node: &&PlanNode| node.shape == Shape::Leaf;
    let tries = |node: &PlanNode| state.nodes.get(&node.pointer).map_or(0, |known| known.attempt);
    Sample {
        succeeded: Some(succeeded),
        duration: state.duration(),
        retried: past.plan.nodes().iter().filter(leaf).any(|node| tries(node) > 1),
        inputs: None,
        failure: (!succeeded).then(|| LastFailure {
            run: past.id.to_owned(),
            at: state.concluded_at.unwrap_or(state.updated_at),
            message: state.reason.clone(),
        }),
    }
}

fn node_sample(past: &Past<'_>, node: &PlanNode) -> Sample {
    let Some(known) = past.state.nodes.get(&node.pointer) else { return Sample::NOTHING };
    let succeeded = match known.status {
        // What a run took over from an earlier one ended in it without a start.
        NodeStatus::Success if known.started_at.is_none() => return Sample::NOTHING,
        NodeStatus::Success => true,
        status if status.failed() => false,
        _ => return Sample::NOTHING,
    };
    Sample {
        succeeded: Some(succeeded),
        duration: known.duration(),
        retried: known.attempt > 1,
        inputs: inputs(past, node),
        failure: (!succeeded).then(|| failure(past, known)),
    }
}

fn failure(past: &Past<'_>, known: &NodeState) -> LastFailure {
    LastFailure {
        run: past.id.to_owned(),
        at: known.ended_at.unwrap_or(past.state.updated_at),
        message: known.error.as_ref().map(|error| error.message.clone()),
    }
}

/// Everything that the node acted on, where that is known exactly.
fn inputs(past: &Past<'_>, node: &PlanNode) -> Option<String> {
    if node.shape != Shape::Leaf {
        return None;
    }
    let nothing = Scope::default();
    let spec = resolve(&node.spec, past.scope.unwrap_or(&nothing)).ok()?;
    is_pinned(&node.kind, &spec).then(|| spec.to_string())
}

/// A tally as it grows, oldest run first.
#[derive(Debug, Clone, Default)]
struct Counting {
    tally: Tally,
    durations: Vec<Millis>,
    failed_on: HashSet<String>,
}

impl Counting {
    fn note(&mut self, sample: &Sample) {
        let tally = &mut self.tally;
        let Some(succeeded) = sample.succeeded else {
            tally.left_out += 1;
            return;
        };
        tally.considered += 1;
        if succeeded {
            let had_failed =
                sample.inputs.as_ref().is_some_and(|inputs| self.failed_on.contains(inputs));
            tally.succeeded += 1;
            tally.flaky += usize::from(sample.retried || had_failed);
            self.durations.extend(sample.duration);
        } else {
            self.failed_on.extend(sample.inputs.clone());
            tally.last_failure.clone_from(&sample.failure);
        }
    }

    fn tally(mut self) -> Tally {
        self.tally.drift = Drift::of(&self.durations);
        self.tally.durations = Durations::of(&self.durations);
        self.tally
    }
}

#[cfg(test)]
mod tests;
