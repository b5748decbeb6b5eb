//! `Workflow`: the node that holds other nodes, in order or side by side.

use super::{
    Icon, Kind, by_type,
    envelope::{REF, SKIP},
    field::{Choice, Field, FieldType, Group},
    words::Summary,
};
use crate::pattern;

const CITE: &str = "release flow, node Workflow";

const TYPES: &[Choice] = &[
    Choice { value: "sequential", label: "Sequential: one step after the other" },
    Choice { value: "parallel", label: "Parallel: all steps at once" },
];

static FIELDS: &[Field] = &[
    Field::new("/spec/type", "Order", FieldType::Choice(TYPES)).required().cite(CITE),
    // The steps are nodes: the canvas edits them, the checks walk them.
    Field::new("/spec/steps", "Steps", FieldType::List(&FieldType::Json))
        .required()
        .group(Group::Advanced)
        .cite(CITE),
    Field::new("/spec/context/projectId", "Project", FieldType::of(&pattern::ID))
        .help("Only where the steps act on another project than the pipeline's.")
        .references()
        .group(Group::Advanced)
        .cite(CITE),
    REF,
    SKIP,
];

pub(super) static SEQUENTIAL: Kind = Kind {
    kind: "Workflow",
    when: &[by_type("sequential")],
    title: "Sequential workflow",
    icon: Icon::Sequential,
    help: "Runs its steps one after the other. When a step fails, the steps after it don't run.",
    fields: FIELDS,
    outputs: &[],
    container: true,
    summary: Summary::EMPTY,
    template: r#"{
  "kind": "Workflow",
  "spec": {
    "type": "sequential",
    "steps": []
  }
}"#,
};

pub(super) static PARALLEL: Kind = Kind {
    kind: "Workflow",
    when: &[by_type("parallel")],
    title: "Parallel workflow",
    icon: Icon::Parallel,
    help: "Starts all its steps at once, and is done when all of them are.",
    fields: FIELDS,
    outputs: &[],
    container: true,
    summary: Summary::EMPTY,
    template: r#"{
  "kind": "Workflow",
  "spec": {
    "type": "parallel",
    "steps": []
  }
}"#,
};
