//! `SecretInheritance`: secrets of the project for the nodes that follow.

use super::{
    Icon, Kind, Output, Section, Since,
    envelope::COMMON,
    field::{ANY_TEXT, Field, FieldType, Group, Source, fields},
};
use crate::pattern;

static ID: FieldType = FieldType::OrReference(&FieldType::of(&pattern::ID));
static NAME: FieldType = FieldType::OrReference(&ANY_TEXT);

static FIELDS: [Field; 4] = [
    Field::new("/spec/secrets", "Secret groups", FieldType::List(&ID))
        .references()
        .help("Their IDs. Where two say the same name, the later one counts.")
        .source(Source::Secrets),
    Field::new("/spec/configs", "Configurations", FieldType::List(&ID))
        .references()
        .help("Their IDs. Where two say the same name, the later one counts.")
        .source(Source::Secrets),
    Field::new("/spec/requiredKeys", "Names that must be there", FieldType::List(&NAME))
        .references()
        .help("The run fails when one of them is in none of the groups.")
        .group(Group::Options),
    Field::new("/spec/requiredFiles", "Files that must be there", FieldType::List(&NAME))
        .references()
        .help("The run fails when one of them is in none of the groups.")
        .group(Group::Options),
];

pub(super) static SECRET_INHERITANCE: Kind = Kind {
    kind: "SecretInheritance",
    title: "Inherit secrets",
    icon: Icon::Secrets,
    section: Section::Other,
    since: Since::Y2026,
    help: "Gives the values of secret groups to later nodes, merged in the order in which they stand.",
    cite: "release flow, node SecretInheritance",
    fields: fields![FIELDS, COMMON],
    outputs: &[Output {
        name: "values",
        help: "The values, each by its name: ${refs.<ref>.values.<name>}, or with two braces, ${{refs.<ref>.values.<name>}}, once a container starts.",
    }],
    template: r#"{
  "kind": "SecretInheritance",
  "spec": {
    "secrets": []
  }
}"#,
    ..Kind::NEW
};
