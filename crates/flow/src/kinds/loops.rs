//! `LoopWorkflow` and `LoopData`: the same steps for each entry of a list. How a step reads its
//! entry is documented nowhere.

use super::{
    Icon, Kind, Scope, Section, Since,
    envelope::COMMON,
    field::{Field, FieldType, Group, fields},
};

static ITERATION: FieldType = FieldType::OrReference(&FieldType::Map);

static LOOP: [Field; 2] = [
    Field::new("/spec/iterations", "Entries", FieldType::List(&ITERATION))
        .help("A list of objects or references, or one reference to a list.")
        .required()
        .references(),
    Field::new("/spec/steps", "Steps", FieldType::Nodes).required().group(Group::Advanced),
];

pub(super) static LOOP_WORKFLOW: Kind = Kind {
    kind: "LoopWorkflow",
    title: "Loop",
    icon: Icon::Loop,
    section: Section::Structure,
    since: Since::Y2026,
    scope: Scope::Both,
    help: "Runs its steps once for each entry of a list.",
    cite: "release flow, node LoopWorkflow",
    fields: fields![LOOP, COMMON],
    container: true,
    template: r#"{
  "kind": "LoopWorkflow",
  "spec": {
    "iterations": [],
    "steps": []
  }
}"#,
    ..Kind::NEW
};

static DATA: [Field; 1] = [Field::new("/spec", "Data", FieldType::Map)
    .help("Any members; what they mean is documented nowhere.")
    .required()];

pub(super) static LOOP_DATA: Kind = Kind {
    kind: "LoopData",
    title: "Loop data",
    icon: Icon::LoopData,
    section: Section::Structure,
    since: Since::Y2026,
    scope: Scope::Both,
    help: "Data for a loop. The vendor describes no members of it, so all are kept as they are.",
    cite: "release flow, node LoopData",
    fields: fields![DATA, COMMON],
    template: r#"{
  "kind": "LoopData",
  "spec": {}
}"#,
    ..Kind::NEW
};
