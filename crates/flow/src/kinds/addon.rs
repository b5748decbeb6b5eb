//! `AddonBackup` and `AddonImport`: take a backup of a database or another addon, and put one
//! into it.

use super::{
    Icon, Kind, Output, Scope, Section, Since,
    envelope::{COMMON, WAIT_FOR_SUCCESS, project, resource},
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Source, Table, fields},
    rule::{Rule, When},
    words::{Phrase, Summary},
};
use crate::pattern;

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

static DESTINATION: Table = Table::new(
    "a backup destination",
    "release flow, node AddonBackup",
    &[
        Field::new("/type", "Type", FieldType::Choice(DESTINATION_TYPES)).required(),
        Field::new("/destinationId", "Destination", FieldType::of(&pattern::SLUG)).references(),
        Field::new("/retentionTime", "Days kept", FieldType::Integer { min: 1, max: 36_500 })
            .references(),
    ],
);

static DESTINATION_OBJECT: FieldType = FieldType::Object(&DESTINATION);

const fn addon(label: &'static str) -> Field {
    resource("/spec/addonId", label, FieldType::of(&pattern::ID), Source::Addons)
}

/// What backups and imports have in common.
static STORED: [Field; 3] = [
    Field::new("/spec/compressionType", "Compression", FieldType::Choice(COMPRESSION_TYPES))
        .references()
        .group(Group::Advanced),
    Field::new("/spec/customDestinationId", "Destination", FieldType::of(&pattern::SLUG))
        .help("The ID of a backup destination of your own.")
        .references()
        .group(Group::Advanced),
    project("/spec/projectId"),
];

static BACKUP: [Field; 3] = [
    addon("Addon"),
    Field::new("/spec/backupType", "Type of backup", FieldType::Choice(BACKUP_TYPES))
        .help("A snapshot unless chosen otherwise.")
        .absent("snapshot"),
    Field::new(
        "/spec/additionalDestinations",
        "Further destinations",
        FieldType::List(&DESTINATION_OBJECT),
    )
    .group(Group::Advanced),
];

pub(super) static ADDON_BACKUP: Kind = Kind {
    kind: "AddonBackup",
    title: "Run backup",
    icon: Icon::Backup,
    section: Section::Data,
    help: "Takes a backup of an addon, for instance before a migration.",
    cite: "release flow, node AddonBackup",
    fields: fields![BACKUP, [WAIT_FOR_SUCCESS], COMMON, STORED],
    outputs: &[
        Output { name: "id", help: "The backup's ID." },
        Output { name: "name", help: "The backup's name." },
        Output { name: "uid", help: "Another ID of the backup, unique everywhere." },
        Output { name: "status", help: "The backup's state." },
        Output { name: "createdAt", help: "When the backup began." },
        Output { name: "completedAt", help: "When the backup was done." },
        Output { name: "config", help: "How the backup was taken: an object." },
    ],
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
    ..Kind::NEW
};

static IMPORT: [Field; 4] = [
    addon("Addon"),
    Field::new("/spec/importUrl", "Address of the backup", ANY_TEXT)
        .help("Where the backup's file can be downloaded. Either this or a connection.")
        .references(),
    Field::new("/spec/connectionString", "Connection to a database", ANY_TEXT)
        .help("The connection string of a running database, which is dumped and imported.")
        .references(),
    Field::new("/spec/importAllDatabases", "Import all databases", FieldType::Boolean)
        .help("Only for PostgreSQL, and with a connection to a database.")
        .absent("false")
        .group(Group::Options),
];

pub(super) static ADDON_IMPORT: Kind = Kind {
    kind: "AddonImport",
    title: "Import backup",
    icon: Icon::Import,
    section: Section::Data,
    since: Since::Y2026,
    scope: Scope::Flow,
    help: "Puts a backup from elsewhere, or the data of a running database, into an addon.",
    cite: "release flow, node AddonImport",
    fields: fields![IMPORT, [WAIT_FOR_SUCCESS], COMMON, STORED],
    rules: &[
        Rule::ExactlyOne {
            when: None,
            of: &["/spec/importUrl", "/spec/connectionString"],
            none: "Choose what to import: the address of a backup, or a connection to a database.",
            several: "Import from an address or from a database, not both: clear one of them.",
        },
        Rule::OnlyWith {
            pointer: "/spec/importAllDatabases",
            when: When::given("/spec/connectionString"),
            says: "Importing all databases needs a connection to a database; it has no effect with an address.",
        },
    ],
    outputs: &[Output { name: "id", help: "The import's ID." }],
    summary: Summary {
        title: &[Phrase::Value { before: "into", pointer: "/spec/addonId" }],
        details: &[
            &[
                Phrase::Value { before: "from", pointer: "/spec/importUrl" },
                Phrase::Present { pointer: "/spec/connectionString", says: "from a database" },
            ],
            &[Phrase::Present { pointer: "/condition", says: "waits until it succeeded" }],
        ],
        resource: "/spec/addonId",
    },
    template: r#"{
  "kind": "AddonImport",
  "spec": {
    "addonId": "",
    "importUrl": ""
  },
  "condition": "success"
}"#,
    ..Kind::NEW
};
