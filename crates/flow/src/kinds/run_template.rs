//! `RunTemplate`: run a template, a workflow or another release flow as one step.

use super::{
    Icon, Kind, Section, Since,
    envelope::{COMMON, WAIT_FOR_SUCCESS, resource},
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Source, Table, fields},
    words::{Phrase, Summary},
};
use crate::pattern;

const TYPES: &[Choice] = &[
    Choice { value: "template", label: "Template" },
    Choice { value: "release-flow-template", label: "Release flow" },
    Choice { value: "preview-env-template", label: "Preview environment" },
    Choice { value: "workflow", label: "Workflow" },
    Choice { value: "preview-blueprint", label: "Preview blueprint" },
    Choice { value: "template-teardown", label: "Teardown of a template" },
    Choice { value: "workflow-teardown", label: "Teardown of a workflow" },
    Choice { value: "preview-blueprint-teardown", label: "Teardown of a preview blueprint" },
];

static VARIABLE: Table = Table::new(
    "an argument",
    "release flow, node RunTemplate",
    &[
        Field::new("/key", "Name", FieldType::at_least(1)).required(),
        Field::new("/value", "Value", ANY_TEXT),
    ],
);

static VARIABLE_OBJECT: FieldType = FieldType::Object(&VARIABLE);

static FIELDS: [Field; 3] = [
    Field::new("/spec/templateType", "What is run", FieldType::Choice(TYPES)).required(),
    resource(
        "/spec/templateId",
        "Template",
        FieldType::of(&pattern::TEMPLATE_ID),
        Source::Templates,
    )
    .help(
        "Its ID, where it belongs to a project with the project's ID before it: shop/smoke-tests.",
    ),
    Field::new("/spec/arguments/variables", "Arguments", FieldType::List(&VARIABLE_OBJECT))
        .help("A list of objects with a key and a value.")
        .group(Group::Options),
];

pub(super) static RUN_TEMPLATE: Kind = Kind {
    kind: "RunTemplate",
    title: "Run template",
    icon: Icon::Template,
    section: Section::Other,
    since: Since::Y2026,
    help: "Runs a template, a workflow or another release flow, with arguments of its own.",
    cite: "release flow, node RunTemplate",
    fields: fields![FIELDS, [WAIT_FOR_SUCCESS], COMMON],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: "/spec/templateId" }],
        details: &[
            &[Phrase::Value { before: "type", pointer: "/spec/templateType" }],
            &[Phrase::Present { pointer: "/condition", says: "waits until it succeeded" }],
        ],
        resource: "/spec/templateId",
    },
    template: r#"{
  "kind": "RunTemplate",
  "spec": {
    "templateType": "template",
    "templateId": ""
  },
  "condition": "success"
}"#,
    ..Kind::NEW
};
