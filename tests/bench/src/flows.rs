//! Release flows of any size that read like real ones: workflows in workflows, builds whose images
//! are released, refs that later nodes use.

use serde_json::{Value, json};

/// The text of a flow with about `nodes` nodes: the same for the same number.
#[must_use]
pub fn text(nodes: usize) -> String {
    let mut made =
        Made { numbers: 0x5EED, left: nodes.saturating_sub(1), count: 0, refs: Vec::new() };
    let mut steps = Vec::new();
    while made.left > 0 {
        steps.push(made.group());
    }
    let flow = json!({
        "apiVersion": "v1.2",
        "arguments": { "TAG": "main", "REPLICAS": 2 },
        "options": { "concurrencyPolicy": "queue" },
        "spec": {
            "kind": "Workflow",
            "spec": { "type": "sequential", "context": { "projectId": "shop" }, "steps": steps }
        }
    });
    format!("{flow:#}\n")
}

struct Made {
    numbers: u64,
    /// How many nodes are still to be made.
    left: usize,
    count: usize,
    /// The refs of builds that have finished by now.
    refs: Vec<String>,
}

impl Made {
    /// A number below `below`, by a generator that is the same everywhere.
    fn number(&mut self, below: usize) -> usize {
        self.numbers = self.numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.numbers >> 33).unwrap_or(0) % below
    }

    fn take(&mut self) -> usize {
        self.left = self.left.saturating_sub(1);
        self.count += 1;
        self.count
    }

    /// What a team releases together: builds side by side, a migration, releases side by side.
    fn group(&mut self) -> Value {
        self.take();
        let width = 1 + self.number(5);
        let before = self.refs.len();
        let builds: Vec<Value> = (0..width).map(|_| self.build()).collect();
        let builds = self.workflow("parallel", &builds);
        let migration = self.migration();
        let from = before.max(self.refs.len().saturating_sub(width));
        let releases: Vec<Value> = (0..width).map(|at| self.release(from + at)).collect();
        let releases = self.workflow("parallel", &releases);
        let mut steps = vec![builds, migration, releases];
        if self.left > 20 && self.number(4) == 0 {
            steps.push(self.group());
        }
        json!({"kind": "Workflow", "spec": {"type": "sequential", "steps": steps}})
    }

    fn workflow(&mut self, of: &str, steps: &[Value]) -> Value {
        self.take();
        json!({"kind": "Workflow", "spec": {"type": of, "steps": steps}})
    }

    fn build(&mut self) -> Value {
        let number = self.take();
        let name = format!("build-{number}");
        self.refs.push(name.clone());
        json!({
            "kind": "Build",
            "ref": name,
            "condition": "success",
            "spec": {
                "id": format!("builder-{}", number % 97),
                "type": "service",
                "branch": "${args.TAG}",
                "reuseExistingBuilds": true
            }
        })
    }

    fn migration(&mut self) -> Value {
        let number = self.take();
        json!({
            "kind": "JobRun",
            "ref": format!("migrate-{number}"),
            "condition": "success",
            "skipNodeExecution": "${fn.eq(args.TAG, 'skip')}",
            "spec": {
                "jobId": format!("migrate-{}", number % 31),
                "runtimeEnvironment": { "BUILD": self.reference(self.refs.len().wrapping_sub(1)) }
            }
        })
    }

    fn release(&mut self, of: usize) -> Value {
        let number = self.take();
        json!({
            "kind": "Release",
            "condition": "running",
            "timeoutDuration": 600,
            "spec": {
                "type": "build",
                "origin": { "build": self.reference(of) },
                "target": { "id": format!("web-{number}"), "type": "service" }
            }
        })
    }

    fn reference(&self, index: usize) -> String {
        self.refs
            .get(index)
            .map_or_else(|| "latest".to_owned(), |name| format!("${{refs.{name}.id}}"))
    }
}
