//! A run that never was: who would begin when, wait for whom and take how long, as far as that is
//! known. The scheduler of real runs says whose turn it is; only time is made up, and where nobody
//! knows how long something takes, nothing is.
//!
//! - here: what is asked and answered. - `play`: virtual time.
//!
//! May import: `event`, `plan`, `schedule`, `stats`, `critical`, `timeline`, `values`.

mod play;

use serde_json::Value;

use crate::{
    critical::{Critical, critical},
    event::Millis,
    plan::{Plan, PlanNode, Shape},
    stats::{Durations, Stats},
    timeline::Span,
    values::{Scope, resolve},
};

/// How long a leaf would take, and how we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The median of past runs.
    Median(Durations),
    /// Nobody knows, but it fails after so many milliseconds.
    Timeout(Millis),
    Unknown,
}

impl Basis {
    /// What to count with: at least, and at most where that is bounded.
    const fn bounds(self) -> When {
        match self {
            Self::Median(known) => {
                let median = if known.median < 0 { 0 } else { known.median };
                When { at_least: median, at_most: Some(median) }
            }
            Self::Timeout(most) => When { at_least: 0, at_most: Some(most) },
            Self::Unknown => When { at_least: 0, at_most: None },
        }
    }

    /// In words, for beside the number.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Median(Durations { of: 1, .. }) => "as long as in the only past run".to_owned(),
            Self::Median(Durations { of, .. }) => format!("the median of {of} past runs"),
            Self::Timeout(_) => "not known; its timeout bounds it".to_owned(),
            Self::Unknown => "not known".to_owned(),
        }
    }
}

/// A moment, in milliseconds from the run's start: an estimate where both are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct When {
    pub at_least: Millis,
    /// None where nothing bounds it.
    pub at_most: Option<Millis>,
}

impl When {
    const START: Self = Self { at_least: 0, at_most: Some(0) };

    /// Whether there is one number, not only bounds.
    #[must_use]
    pub fn is_estimate(self) -> bool {
        self.at_most == Some(self.at_least)
    }

    const fn plus(self, other: Self) -> Self {
        let at_most = match (self.at_most, other.at_most) {
            (Some(one), Some(more)) => Some(one.saturating_add(more)),
            _ => None,
        };
        Self { at_least: self.at_least.saturating_add(other.at_least), at_most }
    }

    fn latest(self, other: Self) -> Self {
        Self {
            at_least: self.at_least.max(other.at_least),
            at_most: self.at_most.zip(other.at_most).map(|(one, more)| one.max(more)),
        }
    }
}

/// What would become of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fate {
    /// Its turn never comes.
    #[default]
    NotReached,
    Runs(Step),
    Skipped,
    /// It fails for sure as soon as its turn comes, before it has done anything; the sentence says
    /// why. What comes after it is not reached, and the workflows around it fail.
    Fails(String),
}

/// A node that would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub start: When,
    pub end: When,
    /// The step that has to end before this one begins; none for what begins with the run. When it
    /// is a workflow, everything in it.
    pub after: Option<usize>,
    /// How long a leaf takes, and how we know; a workflow takes what is in it.
    pub basis: Option<Basis>,
    /// A sentence, where nobody can say yet whether it would be skipped: here it runs. What is
    /// said of later nodes is as uncertain.
    pub may_be_skipped: Option<String>,
}

/// A run that never was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Simulation {
    /// Per node of the plan.
    pub nodes: Vec<Fate>,
    /// The leaves that run, in the order in which they begin as far as is known.
    pub order: Vec<usize>,
    /// How many leaves are at work at once at most, as far as is known.
    pub at_once: usize,
    /// When the run would be over.
    pub total: When,
    /// What the end hangs on, by the times at least. Certain only where `total` is an estimate.
    pub critical: Critical,
}

impl Simulation {
    #[must_use]
    pub fn step(&self, index: usize) -> Option<&Step> {
        match self.nodes.get(index)? {
            Fate::Runs(step) => Some(step),
            Fate::NotReached | Fate::Skipped | Fate::Fails(_) => None,
        }
    }

    /// Leaves that run although nobody knows how long they take: what makes `total` vague.
    #[must_use]
    pub fn unknown(&self) -> Vec<usize> {
        let vague = |index: &usize| {
            let basis = self.step(*index).and_then(|step| step.basis);
            !matches!(basis, Some(Basis::Median(_)))
        };
        self.order.iter().copied().filter(vague).collect()
    }
}

/// What is known of how long each node of a plan takes: what past runs say, or else its timeout.
#[must_use]
pub fn bases(plan: &Plan, stats: &Stats, scope: &Scope) -> Vec<Basis> {
    plan.nodes()
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let known = stats.nodes.get(index).and_then(|tally| tally.durations);
            known.map_or_else(|| timeout(node, scope), Basis::Median)
        })
        .collect()
}

/// A node that nobody waits for is not bounded by it in a way that delays others, but it is
/// bounded all the same.
fn timeout(node: &PlanNode, scope: &Scope) -> Basis {
    let written = node.timeout.as_ref().and_then(|written| resolve(written, scope).ok());
    let seconds = written.as_ref().and_then(|value| match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_i64(),
    });
    match seconds {
        Some(seconds) if seconds > 0 => Basis::Timeout(Millis::saturating_mul(seconds, 1_000)),
        _ => Basis::Unknown,
    }
}

/// Plays a run of the plan in which every action succeeds at the first try. `bases` has one entry
/// per node of the plan; what is missing is unknown. A skip that reads what a node of the plan
/// leaves behind is undecided unless `scope` has that ref; any other is decided here as in a run,
/// and where it can't be worked out the run fails. The same question has always the same answer.
#[must_use]
pub fn simulate(plan: &Plan, scope: &Scope, bases: &[Basis]) -> Simulation {
    let played = play::play(plan, scope, bases);
    let span = |fate: &Fate| match fate {
        Fate::Runs(step) => Some(Span::new(step.start.at_least, step.end.at_least)),
        Fate::NotReached | Fate::Skipped | Fate::Fails(_) => None,
    };
    let spans: Vec<_> = played.nodes.iter().map(span).collect();
    let root = played.nodes.first();
    Simulation {
        total: match root {
            Some(Fate::Runs(step)) => step.end,
            _ => When::START,
        },
        critical: critical(plan, &spans),
        at_once: at_once(plan, &spans),
        nodes: played.nodes,
        order: played.order,
    }
}

/// The most leaves that overlap. What takes no time overlaps nothing.
fn at_once(plan: &Plan, spans: &[Option<Span>]) -> usize {
    let leaves = plan.nodes().iter().zip(spans).filter(|(node, _)| node.shape == Shape::Leaf);
    let mut changes = Vec::new();
    for span in leaves.filter_map(|(_, span)| *span) {
        // Ends sort before starts, and a moment counts as one at work.
        changes.push((span.start, 1_isize));
        changes.push((span.end.max(span.start.saturating_add(1)), -1));
    }
    changes.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, change) in changes {
        now += change;
        most = most.max(now);
    }
    most.unsigned_abs()
}

#[cfg(test)]
mod tests;
