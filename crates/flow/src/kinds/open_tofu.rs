//! `OpenTofuDestroy`: take down what a template's `OpenTofu` node made. Only in a teardown.

use super::{
    Icon, Kind, Scope, Section, Since,
    envelope::{COMMON, WAIT_FOR_SUCCESS},
    field::{Field, FieldType, Source, fields},
    words::{Phrase, Summary},
};

static NODE: [Field; 1] = [Field::new("/spec/nodeRef", "OpenTofu node", FieldType::at_least(1))
    .help("The ref of the template's OpenTofu node whose resources are taken down.")
    .required()
    .source(Source::OpenTofuRefs)];

pub(super) static OPEN_TOFU_DESTROY: Kind = Kind {
    kind: "OpenTofuDestroy",
    title: "Destroy OpenTofu resources",
    icon: Icon::Destroy,
    section: Section::Other,
    since: Since::Y2026,
    scope: Scope::Teardown,
    help: "Takes down what an OpenTofu node of the template made. Only for a teardown.",
    cite: "release flow, node OpenTofuDestroy",
    fields: fields![NODE, [WAIT_FOR_SUCCESS], COMMON],
    summary: Summary {
        title: &[Phrase::Value { before: "of", pointer: "/spec/nodeRef" }],
        details: &[&[Phrase::Present { pointer: "/condition", says: "waits until it succeeded" }]],
        resource: "/spec/nodeRef",
    },
    template: r#"{
  "kind": "OpenTofuDestroy",
  "spec": {
    "nodeRef": ""
  },
  "condition": "success"
}"#,
    ..Kind::NEW
};
