//! Which node of another version of a flow is which: by its ref; else by its kind and resource,
//! where no other node has both; else by its place, if what stands there is of the same kind and
//! acts on the same resource.

use std::collections::HashMap;

use crate::plan::{Plan, PlanNode};

/// What the nodes of a plan are recognised by. Made once per plan.
#[derive(Debug)]
pub struct Marks<'a> {
    plan: &'a Plan,
    resources: Vec<Option<&'a str>>,
    by_ref: HashMap<&'a str, Only>,
    by_resource: HashMap<(&'a str, &'a str), Only>,
}

/// The node with a mark; none where several have it.
type Only = Option<usize>;

impl<'a> Marks<'a> {
    #[must_use]
    pub fn of(plan: &'a Plan) -> Self {
        let resources: Vec<_> = plan.nodes().iter().map(PlanNode::resource).collect();
        let (mut by_ref, mut by_resource) = (HashMap::new(), HashMap::new());
        for (index, node) in plan.nodes().iter().enumerate() {
            if let Some(reference) = node.reference.as_deref() {
                by_ref.entry(reference).and_modify(|only| *only = None).or_insert(Some(index));
            }
            if let Some(resource) = resources[index] {
                let mark = (node.kind.as_str(), resource);
                by_resource.entry(mark).and_modify(|only| *only = None).or_insert(Some(index));
            }
        }
        Self { plan, resources, by_ref, by_resource }
    }

    fn only_ref(&self, index: usize) -> Option<&'a str> {
        let reference = self.plan.nodes()[index].reference.as_deref()?;
        self.by_ref.get(reference).copied().flatten().map(|_| reference)
    }

    fn only_resource(&self, index: usize) -> Option<(&'a str, &'a str)> {
        let mark = (self.plan.nodes()[index].kind.as_str(), self.resources[index]?);
        self.by_resource.get(&mark).copied().flatten().map(|_| mark)
    }
}

/// For each of our nodes the one of theirs that is the same. None of theirs is given twice.
#[must_use]
pub fn same_nodes(ours: &Marks<'_>, theirs: &Marks<'_>) -> Vec<Option<usize>> {
    let mut same = vec![None; ours.plan.nodes().len()];
    let mut taken = vec![false; theirs.plan.nodes().len()];
    let by_ref = |at: usize| theirs.by_ref.get(ours.only_ref(at)?).copied().flatten();
    let by_resource =
        |at: usize| theirs.by_resource.get(&ours.only_resource(at)?).copied().flatten();
    let by_place = |at: usize| {
        let found = theirs.plan.index(&ours.plan.nodes()[at].pointer)?;
        (theirs.resources[found] == ours.resources[at]).then_some(found)
    };
    let ways: [&dyn Fn(usize) -> Option<usize>; 3] = [&by_ref, &by_resource, &by_place];
    for way in ways {
        for (index, node) in ours.plan.nodes().iter().enumerate() {
            if same[index].is_some() {
                continue;
            }
            let found = way(index).filter(|found| {
                let other = &theirs.plan.nodes()[*found];
                !taken[*found] && other.kind == node.kind && other.shape == node.shape
            });
            if let Some(found) = found {
                (same[index], taken[found]) = (Some(found), true);
            }
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn plan(steps: &Value) -> Plan {
        let document = json!({ "spec": { "kind": "Workflow",
            "spec": { "type": "sequential", "steps": steps } } });
        Plan::of(&document).expect("a plan")
    }

    fn job(reference: Option<&str>, id: &str) -> Value {
        let mut node = json!({ "kind": "JobRun", "spec": { "jobId": id } });
        if let Some(reference) = reference {
            node["ref"] = json!(reference);
        }
        node
    }

    fn same(ours: &Value, theirs: &Value) -> Vec<Option<usize>> {
        let (ours, theirs) = (plan(ours), plan(theirs));
        same_nodes(&Marks::of(&ours), &Marks::of(&theirs))[1..].to_vec()
    }

    #[test]
    fn a_ref_counts_more_than_a_resource_and_a_resource_more_than_a_place() {
        let ours = json!([job(Some("a"), "x"), job(None, "y"), job(None, "z")]);
        let theirs = json!([job(None, "z"), job(Some("a"), "w"), job(Some("b"), "y")]);
        assert_eq!(same(&ours, &theirs), [Some(2), Some(3), Some(1)]);
    }

    #[test]
    fn a_place_counts_only_for_the_same_kind_and_resource() {
        let twice = json!([job(None, "x"), job(None, "x")]);
        assert_eq!(same(&twice, &twice), [Some(1), Some(2)]);
        assert_eq!(same(&twice, &json!([job(None, "x"), job(None, "q")])), [Some(1), None]);
        let approvals = json!([{ "kind": "Approval", "spec": { "amount": 1 } }]);
        assert_eq!(same(&approvals, &approvals), [Some(1)]);
        let release = json!([{ "kind": "Release", "ref": "a", "spec": {} }]);
        assert_eq!(same(&json!([job(Some("a"), "x")]), &release), [None], "another kind");
    }

    #[test]
    fn no_node_is_two_nodes() {
        let one = json!([job(Some("a"), "x")]);
        let two = json!([job(None, "x"), job(Some("a"), "y")]);
        assert_eq!(same(&two, &one), [None, Some(1)]);
    }
}
