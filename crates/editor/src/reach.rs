//! What runs before nodes, and what runs after them.
//!
//! May import: the document.

use std::collections::HashSet;

use slipway_flow::document::{Document, Key};

/// Which way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// What has finished when a node starts.
    Up,
    /// What starts when a node has finished.
    Down,
}

/// The nodes with everything that runs before or after one of them, in the order of the text: the
/// nodes themselves first, so that they keep the focus. Steps of a parallel workflow run neither
/// before nor after one another. Time in proportion to what is found and the steps beside it.
#[must_use]
pub fn reach(document: &Document, nodes: &[Key], stream: Stream) -> Vec<Key> {
    let mut seen: HashSet<Key> = nodes.iter().copied().collect();
    let mut found = nodes.to_vec();
    // Which siblings of a workflow or node were looked at already: flows are wide.
    let mut passed = HashSet::new();
    for node in nodes {
        let mut at = *node;
        while let Some(workflow) = document.workflow_of(at).filter(|_| passed.insert(at)) {
            if !document.runs_in_parallel(workflow) {
                let steps: Vec<Key> = document.node(workflow).steps().collect();
                let place = steps.iter().position(|step| *step == at).unwrap_or_default();
                let reached = match stream {
                    Stream::Up => &steps[..place],
                    Stream::Down => steps.get(place + 1..).unwrap_or_default(),
                };
                for step in reached {
                    let inside = document.nodes_under(*step).into_iter();
                    found.extend(inside.filter(|key| seen.insert(*key)));
                }
            }
            at = workflow;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 0 in sequence [1, 2 at once [3, 4 in sequence [5, 6]], 7]
    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun"},
        {"kind": "Workflow", "spec": {"type": "parallel", "steps": [
            {"kind": "Build"},
            {"kind": "Workflow", "spec": {"steps": [{"kind": "JobRun"}, {"kind": "JobRun"}]}}]}},
        {"kind": "JobRun"}]}}}"#;

    fn numbers(of: &[usize], stream: Stream) -> Vec<usize> {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let wanted: Vec<Key> = of.iter().map(|index| nodes[*index]).collect();
        let mut found: Vec<usize> = reach(&document, &wanted, stream)
            .into_iter()
            .map(|key| nodes.iter().position(|node| *node == key).unwrap())
            .collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn steps_at_once_run_neither_before_nor_after_one_another() {
        assert_eq!(numbers(&[6], Stream::Up), [1, 5, 6]);
        assert_eq!(numbers(&[3], Stream::Down), [3, 7]);
        assert_eq!(numbers(&[1], Stream::Down), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(numbers(&[7], Stream::Up), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(numbers(&[0], Stream::Up), [0]);
        assert_eq!(numbers(&[3, 6], Stream::Up), [1, 3, 5, 6]);
    }

    proptest! {
        #[test]
        fn before_is_what_has_finished(at in 0usize..8) {
            let document = Document::parse(FLOW).unwrap();
            let nodes = document.nodes();
            let before: HashSet<Key> = document.finished_before(nodes[at]).into_iter().collect();
            let mut up: HashSet<Key> =
                reach(&document, &[nodes[at]], Stream::Up).into_iter().collect();
            up.remove(&nodes[at]);
            prop_assert_eq!(&before, &up);
            for other in &nodes {
                let down = reach(&document, &[*other], Stream::Down).contains(&nodes[at]);
                prop_assert_eq!(down, before.contains(other) || *other == nodes[at]);
            }
        }
    }
}
