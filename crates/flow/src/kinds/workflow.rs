//! `Workflow`: the node that holds other nodes, in order or side by side.

use super::{
    Icon, Kind, Scope, Section, by_type,
    envelope::{COMMON, project},
    field::{Choice, Field, FieldType, Group, fields},
};

const TYPES: &[Choice] = &[
    Choice { value: "sequential", label: "Sequential: one step after the other" },
    Choice { value: "parallel", label: "Parallel: all steps at once" },
];

static FIELDS: [Field; 3] = [
    Field::new("/spec/type", "Order", FieldType::Choice(TYPES)).required(),
    Field::new("/spec/steps", "Steps", FieldType::Nodes).required().group(Group::Advanced),
    project("/spec/context/projectId")
        .help("Only where the steps act on another project than the pipeline's."),
];

const WORKFLOW: Kind = Kind {
    kind: "Workflow",
    section: Section::Structure,
    cite: "release flow, node Workflow",
    scope: Scope::Both,
    container: true,
    ..Kind::NEW
};

pub(super) static SEQUENTIAL: Kind = Kind {
    when: &[by_type("sequential")],
    title: "Sequential workflow",
    icon: Icon::Sequential,
    help: "Runs its steps one after the other. When a step fails, the steps after it don't run.",
    fields: fields![FIELDS, COMMON],
    template: r#"{
  "kind": "Workflow",
  "spec": {
    "type": "sequential",
    "steps": []
  }
}"#,
    ..WORKFLOW
};

pub(super) static PARALLEL: Kind = Kind {
    when: &[by_type("parallel")],
    title: "Parallel workflow",
    icon: Icon::Parallel,
    help: "Starts all its steps at once, and is done when all of them are.",
    fields: SEQUENTIAL.fields,
    template: r#"{
  "kind": "Workflow",
  "spec": {
    "type": "parallel",
    "steps": []
  }
}"#,
    ..WORKFLOW
};
