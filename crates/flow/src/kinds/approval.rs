//! `Approval`: a person must agree before the run goes on.

use super::{
    Icon, Kind, Scope, Section, Since,
    envelope::COMMON,
    field::{Field, FieldType, fields},
    words::{Phrase, Summary},
};

static AMOUNT: [Field; 1] =
    // The API says no bound; an approval by nobody is none.
    [Field::new(
        "/spec/amount",
        "Approvals needed",
        FieldType::Integer { min: 1, max: i64::MAX },
    )
    .help("How many people must agree before the next step starts.")
    .required()];

pub(super) static APPROVAL: Kind = Kind {
    kind: "Approval",
    title: "Ask for approval",
    icon: Icon::Approval,
    section: Section::Wait,
    since: Since::Y2026,
    scope: Scope::Both,
    help: "Stops the run here until enough people have agreed.",
    cite: "release flow, node Approval",
    fields: fields![AMOUNT, COMMON],
    summary: Summary {
        title: &[],
        details: &[&[Phrase::Value { before: "people who must agree:", pointer: "/spec/amount" }]],
        resource: "",
    },
    template: r#"{
  "kind": "Approval",
  "spec": {
    "amount": 1
  }
}"#,
    ..Kind::NEW
};
