//! Going back, for a person to read before it is done: per resource what it runs and what it would
//! run and why, what can't be undone, and what is not known and why.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Lasting, Restore, lasting, leaves_in_order, released};
use crate::{
    event::{Artifact, NodePointer},
    fold::{NodeState, NodeStatus},
    past::Past,
    pinned::{Moving, released_by},
    plan::PlanNode,
    values::{Scope, resolve},
};

/// What is known of how things are now.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// What each resource runs now.
    pub current: &'a BTreeMap<String, Artifact>,
    /// Whether a resource that is not in `current` runs nothing. Otherwise what the runs since
    /// released is taken for what it runs.
    pub complete: bool,
    /// All runs of the stage since the target, rollbacks too, oldest first.
    pub since: &'a [Past<'a>],
    /// The stage's flow as it is now and the target's document, where both are known.
    pub documents: Option<(&'a Value, &'a Value)>,
}

/// What going back would do and not do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// Resources that would run something else, in the order in which they were released.
    pub changes: Vec<Change>,
    /// Resources that run already what they would get.
    pub unchanged: Vec<Change>,
    /// What is not undone.
    pub stays: Vec<Stays>,
    /// What nobody can say.
    pub unknown: Vec<Unknown>,
    /// Why nothing can be put back, where that is so.
    pub refused: Option<String>,
    /// What becomes of the flow itself, if that is wanted too.
    pub configuration: Configuration,
}

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub now: Now,
    /// What it gets.
    pub restore: Restore,
    /// The node of the chosen run that released it.
    pub node: NodePointer,
    /// A sentence: why it gets that.
    pub why: String,
}

/// What a resource runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    Runs(Artifact),
    /// Nothing was ever deployed.
    Nothing,
    /// Nobody told us.
    Unknown,
}

/// Something that is not undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    pub what: Lasting,
    pub node: NodePointer,
    /// Whether a run since did it. Otherwise the chosen run did, and it is not done again.
    pub since: bool,
    pub sentence: String,
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The resource that stays as it is for that; none where it is not known which.
    pub resource: Option<String>,
    pub sentence: String,
}

/// The stage's flow against the one of the chosen run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Configuration {
    #[default]
    Unknown,
    Same,
    Differs,
}

impl Preview {
    /// Everything that would be deployed, in order; what runs already is deployed once more.
    #[must_use]
    pub fn restores(&self) -> Vec<Restore> {
        self.changes.iter().chain(&self.unchanged).map(|change| change.restore.clone()).collect()
    }

    /// Leaves a resource as it is, for a reason that only whoever deploys it knows: its build or
    /// image is no longer there, say.
    pub fn give_up(&mut self, resource: &str, why: &str) {
        self.changes.retain(|change| change.restore.resource != resource);
        self.unchanged.retain(|change| change.restore.resource != resource);
        self.unknown.push(stays_because(resource, why));
        self.settle();
    }

    fn settle(&mut self) {
        if self.changes.is_empty() && self.unchanged.is_empty() && self.refused.is_none() {
            let why = if self.unknown.is_empty() {
                "This run released nothing that could be put back: no release in it succeeded."
            } else {
                "Of nothing that this run released is known, or still there, what it was."
            };
            self.refused = Some(why.to_owned());
        }
    }
}

/// What going back to the run would do, as things are now.
#[must_use]
pub fn preview(target: &Past<'_>, world: &World<'_>) -> Preview {
    let mut out = Preview { configuration: configuration(world), ..Preview::default() };
    if !target.state.concluded() {
        let sentence = "This run is still going on: wait until it has ended.";
        out.refused = Some(sentence.to_owned());
        return out;
    }
    let mut found = Releases::of(target);
    out.unknown.append(&mut found.unknown);
    let lately = lately(world.since);
    for (restore, node) in found.known {
        let now = now(&restore.resource, world, &lately);
        let same = matches!(&now, Now::Runs(artifact) if is_same(artifact, &restore.then));
        let why = format!("The release \"{}\" of that run deployed it.", node.name());
        let shown = if let Now::Runs(artifact) = &now { Some(artifact.clone()) } else { None };
        let restore = Restore { now: shown, ..restore };
        let change = Change { now, restore, node: node.pointer.clone(), why };
        if same { out.unchanged.push(change) } else { out.changes.push(change) }
    }
    side_effects(&mut out, target, world);
    out.settle();
    out
}

/// What the releases of one run left behind.
struct Releases<'a> {
    /// In the order of the releases, one per resource.
    known: Vec<(Restore, &'a PlanNode)>,
    unknown: Vec<Unknown>,
}

impl<'a> Releases<'a> {
    fn of(run: &Past<'a>) -> Self {
        let leaves = leaves_in_order(run.plan, run.state);
        let releases = leaves
            .into_iter()
            .filter(|(node, known)| node.kind == "Release" && known.status != NodeStatus::Skipped);
        // By resource, so that the last word on each counts; the order is kept beside it.
        let mut last: BTreeMap<String, (usize, Result<Restore, Unknown>, &PlanNode)> =
            BTreeMap::new();
        let mut unknown = Vec::new();
        for (at, (node, known)) in releases.enumerate() {
            match release(node, known, run.scope) {
                Ok(restore) => {
                    last.insert(restore.resource.clone(), (at, Ok(restore), node));
                }
                Err(why) => match why.resource.clone() {
                    Some(resource) => {
                        last.insert(resource, (at, Err(why), node));
                    }
                    None => unknown.push(why),
                },
            }
        }
        let mut last: Vec<_> = last.into_values().collect();
        last.sort_by_key(|(at, ..)| *at);
        let mut known = Vec::new();
        for (_, result, node) in last {
            match result {
                Ok(restore) => known.push((restore, node)),
                Err(why) => unknown.push(why),
            }
        }
        Self { known, unknown }
    }
}

/// What one release left behind, or why that is not known.
fn release(node: &PlanNode, known: &NodeState, scope: Option<&Scope>) -> Result<Restore, Unknown> {
    let nothing = Scope::default();
    let recorded = known.data.as_ref().and_then(released);
    // Whole, or else only its target: what a failed release was to deploy doesn't matter.
    let spec = resolve(&node.spec, scope.unwrap_or(&nothing));
    let target = match (&recorded, node.spec.get("target")) {
        (Some((id, kind, _)), _) => Some((id.clone(), kind.clone())),
        (None, Some(target)) => {
            resolve(target, scope.unwrap_or(&nothing)).ok().and_then(|target| {
                let text = |name: &str| target.get(name).and_then(Value::as_str);
                Some((text("id")?.to_owned(), text("type").unwrap_or("service").to_owned()))
            })
        }
        (None, None) => None,
    };
    let Some(target) = target else {
        let name = node.name();
        let sentence = format!("The release \"{name}\" does not say what it deployed to.");
        return Err(Unknown { resource: None, sentence });
    };
    if known.status != NodeStatus::Success {
        let why = format!("The release \"{}\" did not succeed in that run.", node.name());
        return Err(stays_because(&target.0, &why));
    }
    let artifact = match (recorded, &spec) {
        (Some((_, _, artifact)), _) => Ok(artifact),
        (None, Ok(spec)) => released_by(spec),
        (None, Err(_)) => Err(Moving::Unresolved),
    };
    match artifact {
        Ok(then) => Ok(Restore::of(node, target, None, then)),
        Err(moving) => {
            let because = moving.because();
            let why = format!("What it ran after that run is not known: {because}.");
            Err(stays_because(&target.0, &why))
        }
    }
}

fn stays_because(resource: &str, why: &str) -> Unknown {
    let sentence = format!("\"{resource}\" stays as it is. {why}");
    Unknown { resource: Some(resource.to_owned()), sentence }
}

/// What the runs since released last on each resource; none where that is not known.
fn lately(since: &[Past<'_>]) -> BTreeMap<String, Option<Artifact>> {
    let mut lately = BTreeMap::new();
    for run in since {
        let found = Releases::of(run);
        for (restore, _) in found.known {
            lately.insert(restore.resource, Some(restore.then));
        }
        for resource in found.unknown.into_iter().filter_map(|unknown| unknown.resource) {
            lately.insert(resource, None);
        }
    }
    lately
}

fn now(resource: &str, world: &World<'_>, lately: &BTreeMap<String, Option<Artifact>>) -> Now {
    if let Some(artifact) = world.current.get(resource) {
        return Now::Runs(artifact.clone());
    }
    match lately.get(resource) {
        _ if world.complete => Now::Nothing,
        Some(Some(artifact)) => Now::Runs(artifact.clone()),
        Some(None) | None => Now::Unknown,
    }
}

/// The same build or the same image: what else is told of it may differ.
fn is_same(one: &Artifact, other: &Artifact) -> bool {
    match (one, other) {
        (Artifact::Build { build_id: one, .. }, Artifact::Build { build_id: other, .. }) => {
            one == other
        }
        (Artifact::Image { image_path: one, .. }, Artifact::Image { image_path: other, .. }) => {
            one == other
        }
        _ => false,
    }
}

fn side_effects(out: &mut Preview, target: &Past<'_>, world: &World<'_>) {
    note_effects(out, "That run", false, target);
    let theirs: BTreeSet<String> = leaves_in_order(target.plan, target.state)
        .into_iter()
        .filter_map(|(node, _)| Some(node.resource()?.to_owned()))
        .chain(out.restores().into_iter().map(|restore| restore.resource))
        .collect();
    let mut named = theirs;
    for run in world.since {
        let who = format!("\"{}\"", run.called());
        note_effects(out, &who, true, run);
        for (restore, node) in Releases::of(run).known {
            if named.insert(restore.resource) {
                let sentence = Lasting::Release.says(node, &who, true);
                let (what, node) = (Lasting::Release, node.pointer.clone());
                out.stays.push(Stays { what, node, since: true, sentence });
            }
        }
    }
}

fn note_effects(out: &mut Preview, who: &str, since: bool, run: &Past<'_>) {
    for (node, known) in leaves_in_order(run.plan, run.state) {
        let surely = known.status == NodeStatus::Success;
        let began = known.started_at.is_some();
        // What a run took over from an earlier one has only an end in it.
        let elsewhere = !began && known.ended_at.is_some();
        if elsewhere || !(began || surely) {
            continue;
        }
        let Some(what) = lasting(node) else { continue };
        let sentence = what.says(node, who, surely);
        out.stays.push(Stays { what, node: node.pointer.clone(), since, sentence });
    }
}

fn configuration(world: &World<'_>) -> Configuration {
    match world.documents {
        None => Configuration::Unknown,
        Some((now, then)) if now == then => Configuration::Same,
        Some(_) => Configuration::Differs,
    }
}
