//! The typed view of release-flow nodes: what is a node, what is inside it.

use super::{Document, Key};

/// How a workflow runs its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkflowType {
    Sequential,
    Parallel,
}

impl WorkflowType {
    /// The word in the document.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Parallel => "parallel",
        }
    }
}

/// One node, borrowed from its document. Whatever stands in a list of steps counts as a node,
/// also a kind we do not know and a value that is no object: nothing is left out of the picture.
#[derive(Debug, Clone, Copy)]
pub struct NodeRef<'d> {
    document: &'d Document,
    key: Key,
}

impl Document {
    /// The root node of the release flow: its `spec`.
    #[must_use]
    pub fn root_node(&self) -> Option<Key> {
        self.get(self.flow, "spec").filter(|spec| self.is_object(*spec))
    }

    /// The root node of the teardown: `spec` of the flow's `teardownSpec`.
    #[must_use]
    pub fn teardown_node(&self) -> Option<Key> {
        self.at(self.flow, &["teardownSpec", "spec"]).filter(|spec| self.is_object(*spec))
    }

    /// The innermost flow that a value of the document stands in: one of [`Document::flows`], or else
    /// the whole document.
    #[must_use]
    pub fn flow_of(&self, key: Key) -> Key {
        let lineage = std::iter::successors(Some(key), |key| self.parent(*key));
        lineage.into_iter().find(|key| self.is_flow_of_stage(*key)).unwrap_or(self.root())
    }

    /// Whether a value is one of [`Document::flows`].
    fn is_flow_of_stage(&self, key: Key) -> bool {
        let around = |key: Key, name: &str| {
            self.parent(key).filter(|parent| self.get(*parent, name) == Some(key))
        };
        let stages = self
            .is_object(key)
            .then(|| around(key, "spec"))
            .flatten()
            .and_then(|release_flow| around(release_flow, "releaseFlow"))
            .and_then(|stage| self.parent(stage))
            .filter(|stages| self.is_array(*stages));
        let node = stages
            .and_then(|stages| around(stages, "stages"))
            .and_then(|spec| around(spec, "spec"));
        node.is_some_and(|node| self.node(node).kind() == "Pipeline")
    }

    /// Everything in the open flow that may have a ref: triggers, nodes, nodes of the teardown. Of
    /// several with one ref what reads it means the first.
    #[must_use]
    pub fn ref_holders(&self) -> Vec<Key> {
        let triggers = self.get(self.flow, "triggers");
        let mut all: Vec<Key> =
            triggers.into_iter().flat_map(|triggers| self.elements(triggers)).collect();
        all.extend(self.nodes());
        all.extend(self.teardown_node().into_iter().flat_map(|node| self.nodes_under(node)));
        all
    }

    /// The release flows that a larger document carries in the stages of its `Pipeline` nodes, each
    /// with the name of its stage, in the order of the text. A flow within a flow is found as well.
    #[must_use]
    pub fn flows(&self) -> Vec<(Key, &str)> {
        let mut found = Vec::new();
        let mut open = vec![self.root];
        while let Some(key) = open.pop() {
            if self.node(key).kind() == "Pipeline" {
                let stages = self.at(key, &["spec", "stages"]);
                for stage in stages.into_iter().flat_map(|stages| self.elements(stages)) {
                    let flow = self.at(stage, &["releaseFlow", "spec"]);
                    if let Some(flow) = flow.filter(|flow| self.is_object(*flow)) {
                        let name = self.get(stage, "name").and_then(|name| self.str(name));
                        found.push((flow, name.unwrap_or_default()));
                    }
                }
            }
            let from = open.len();
            open.extend(self.members(key).map(|(_, member)| member));
            open.extend(self.elements(key));
            open[from..].reverse();
        }
        found
    }

    /// Whether one of the open flow's nodes may hold others of [`Document::flows`]: much sooner told
    /// than which.
    #[must_use]
    pub fn may_hold_flows(&self) -> bool {
        self.nodes().into_iter().any(|node| self.node(node).kind() == "Pipeline")
    }

    /// The stage of a pipeline that one of [`Document::flows`] belongs to: an object with its name.
    #[must_use]
    pub fn stage_around(&self, flow: Key) -> Option<Key> {
        let release_flow = self.parent(flow).filter(|_| self.is_flow_of_stage(flow))?;
        self.parent(release_flow)
    }

    /// A view of the node at `key`.
    #[must_use]
    pub fn node(&self, key: Key) -> NodeRef<'_> {
        NodeRef { document: self, key }
    }

    /// All nodes of the flow, each before its steps.
    #[must_use]
    pub fn nodes(&self) -> Vec<Key> {
        self.root_node().map(|root| self.nodes_under(root)).unwrap_or_default()
    }

    /// `root` and all nodes inside it, each before its steps.
    #[must_use]
    pub fn nodes_under(&self, root: Key) -> Vec<Key> {
        let mut found = Vec::new();
        let mut open = vec![root];
        while let Some(key) = open.pop() {
            found.push(key);
            let from = open.len();
            open.extend(self.node(key).steps());
            open[from..].reverse();
        }
        found
    }

    /// The node whose list of steps holds `key`: its workflow.
    #[must_use]
    pub fn workflow_of(&self, key: Key) -> Option<Key> {
        let steps = self.parent(key)?;
        let spec = self.parent(steps)?;
        if self.get(spec, "steps") != Some(steps) {
            return None;
        }
        let node = self.parent(spec)?;
        (self.get(node, "spec") == Some(spec)).then_some(node)
    }
}

impl<'d> NodeRef<'d> {
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// The `kind`; empty where there is none.
    #[must_use]
    pub fn kind(&self) -> &'d str {
        self.text("kind").unwrap_or("")
    }

    /// The `ref`, by which expressions name the node.
    #[must_use]
    pub fn reference(&self) -> Option<&'d str> {
        self.text("ref")
    }

    /// The `condition` ("wait for completion").
    #[must_use]
    pub fn condition(&self) -> Option<&'d str> {
        self.text("condition")
    }

    #[must_use]
    pub fn spec(&self) -> Option<Key> {
        self.document.get(self.key, "spec")
    }

    /// A string inside `spec`, by member names.
    #[must_use]
    pub fn spec_text(&self, path: &[&str]) -> Option<&'d str> {
        self.document.str(self.document.at(self.spec()?, path)?)
    }

    /// `sequential` or `parallel`, where the node is a workflow and says so.
    #[must_use]
    pub fn workflow_type(&self) -> Option<WorkflowType> {
        if self.kind() != "Workflow" {
            return None;
        }
        match self.spec_text(&["type"]) {
            Some("parallel") => Some(WorkflowType::Parallel),
            // A workflow that does not say runs in order (API reference, node "Workflow").
            _ => Some(WorkflowType::Sequential),
        }
    }

    /// The array of steps, for nodes that have one.
    #[must_use]
    pub fn steps_array(&self) -> Option<Key> {
        let steps = self.document.get(self.spec()?, "steps")?;
        self.document.is_array(steps).then_some(steps)
    }

    /// The nodes inside this one, in order.
    pub fn steps(&self) -> impl Iterator<Item = Key> + 'd {
        let document = self.document;
        self.steps_array().into_iter().flat_map(move |steps| document.elements(steps))
    }

    /// Whether other nodes can be put inside.
    #[must_use]
    pub fn is_container(&self) -> bool {
        self.kind() == "Workflow" || self.steps_array().is_some()
    }

    fn text(&self, name: &str) -> Option<&'d str> {
        self.document.str(self.document.get(self.key, name)?)
    }
}
