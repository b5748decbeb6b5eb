//! `AddonBackup`: take a backup of a database or another addon.

use super::{
    Icon, Kind, Output,
    envelope::{REF, SKIP, WAIT_FOR_SUCCESS, project},
    field::{Choice, Field, FieldType, Group, Source},
    words::{Phrase, Summary},
};
use crate::pattern;

const CITE: &str = "release flow, node AddonBackup";

const BACKUP_TYPES: &[Choice] = &[
    Choice { value: "snapshot", label: "Snapshot of the disk" },
    Choice { value: "dump", label: "Dump of the data" },
];

const COMPRESSION_TYPES: &[Choice] = &[
    Choice { value: "zstd", label: "zstd" },
    Choice { value: "gz", label: "gzip" },
    Choice { value: "none", label: "None" },
];

const DESTINATION_TYPES: &[Choice] = &[Choice { value: "custom", label: "Custom" }];

static DESTINATION: FieldType = FieldType::Object(&[
    Field::new("/type", "Type", FieldType::Choice(DESTINATION_TYPES)).required().cite(CITE),
    Field::new("/destinationId", "Destination", FieldType::of(&pattern::SLUG))
        .references()
        .cite(CITE),
    Field::new("/retentionTime", "Days kept", FieldType::Integer { min: 1, max: 36_500 })
        .references()
        .cite(CITE),
]);

pub(super) static ADDON_BACKUP: Kind = Kind {
    kind: "AddonBackup",
    when: &[],
    title: "Run backup",
    icon: Icon::Backup,
    help: "Takes a backup of an addon, for instance before a migration.",
    fields: &[
        Field::new("/spec/addonId", "Addon", FieldType::of(&pattern::ID))
            .required()
            .references()
            .source(Source::Addons)
            .cite(CITE),
        Field::new("/spec/backupType", "Type of backup", FieldType::Choice(BACKUP_TYPES))
            .help("A snapshot unless chosen otherwise.")
            .cite(CITE),
        WAIT_FOR_SUCCESS,
        SKIP,
        REF,
        Field::new("/spec/compressionType", "Compression", FieldType::Choice(COMPRESSION_TYPES))
            .group(Group::Advanced)
            .cite(CITE),
        Field::new("/spec/customDestinationId", "Destination", FieldType::of(&pattern::SLUG))
            .help("The ID of a backup destination of your own.")
            .group(Group::Advanced)
            .cite(CITE),
        Field::new(
            "/spec/additionalDestinations",
            "Further destinations",
            FieldType::List(&DESTINATION),
        )
        .group(Group::Advanced)
        .cite(CITE),
        project(),
    ],
    outputs: &[
        Output { name: "id", help: "The backup's ID." },
        Output { name: "name", help: "The backup's name." },
        Output { name: "status", help: "The backup's state." },
    ],
    container: false,
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: "/spec/addonId" }],
        details: &[
            &[Phrase::Value { before: "type", pointer: "/spec/backupType" }],
            &[Phrase::Present { pointer: "/condition", says: "waits until it succeeded" }],
        ],
        resource: "/spec/addonId",
    },
    template: r#"{
  "kind": "AddonBackup",
  "spec": {
    "addonId": "",
    "backupType": "snapshot"
  },
  "condition": "success"
}"#,
};
