//! A kind that only tests know, with a field of every type: what reads the tables must take it
//! without a line of its own.

use super::{
    Icon, Kind, Section,
    envelope::COMMON,
    field::{ANY_TEXT, Choice, Field, FieldType, Table, fields},
    rule::Rule,
};
use crate::pattern;

static PART: Table = Table::new(
    "a part of the probe",
    "nowhere",
    &[Field::new("/name", "Name", FieldType::of(&pattern::SLUG)).required()],
);
static PART_OBJECT: FieldType = FieldType::Object(&PART);
static REFERENCED: FieldType = FieldType::OrReference(&FieldType::of(&pattern::ID));

const WORDS: &[Choice] =
    &[Choice { value: "one", label: "One" }, Choice { value: "two", label: "Two" }];

static FIELDS: [Field; 15] = [
    Field::new("/spec/needed", "Needed", ANY_TEXT).required(),
    Field::new("/spec/text", "Text", FieldType::of(&pattern::SLUG)),
    Field::new("/spec/short", "Short text", FieldType::up_to(3)),
    Field::new("/spec/number", "Number", FieldType::Integer { min: 1, max: 3 }).references(),
    Field::new("/spec/switch", "Switch", FieldType::Boolean),
    Field::new("/spec/choice", "Choice", FieldType::Choice(WORDS)),
    Field::new("/condition", "Wait", FieldType::Condition("success")),
    Field::new("/spec/json", "Anything", FieldType::Json),
    Field::new("/spec/node", "Node", FieldType::Node),
    Field::new("/spec/nodes", "Nodes", FieldType::Nodes),
    Field::new("/spec/list", "List", FieldType::List(&REFERENCED)),
    Field::new("/spec/parts", "Parts", FieldType::List(&PART_OBJECT)),
    Field::new("/spec/part", "Part", FieldType::Nullable(&PART_OBJECT)),
    Field::new("/spec/map", "Map", FieldType::Map),
    Field::new("/spec/deep/inside", "Inside", ANY_TEXT),
];

pub(super) static PROBE: Kind = Kind {
    kind: "Probe",
    title: "Probe",
    icon: Icon::Unknown,
    section: Section::Other,
    help: "Has a field of every type, for tests.",
    cite: "nowhere",
    fields: fields![FIELDS, COMMON],
    rules: &[Rule::AtMostOne {
        of: &["/spec/text", "/spec/short"],
        several: "Not both texts: clear one of them.",
    }],
    template: r#"{
  "kind": "Probe",
  "spec": {
    "needed": ""
  }
}"#,
    ..Kind::NEW
};
