//! The `Pipeline` node of a team template: it makes a whole pipeline, and its stages carry release
//! flows. It is no node of a release flow, so it isn't among the kinds.

use super::{
    envelope::COMMON,
    field::{Choice, Field, FieldType, Table, fields},
    settings,
};
use crate::{pattern, stage::Stage};

const PREVIEWS: &[Choice] = &[Choice { value: "PreviewEnv", label: "Preview environment" }];
const FLOWS: &[Choice] = &[Choice { value: "ReleaseFlow", label: "Release flow" }];

const STAGES: &[Choice] = &[
    Choice { value: Stage::Development.name(), label: "Development" },
    Choice { value: Stage::Staging.name(), label: "Staging" },
    Choice { value: Stage::Production.name(), label: "Production" },
];

const RESOURCES: &[Choice] = &[
    Choice { value: "service", label: "Service" },
    Choice { value: "job", label: "Job" },
    Choice { value: "addon", label: "Addon" },
];

const CITE: &str = "team template, node Pipeline";

/// One entry of a stage's `nfObjects`.
pub static RESOURCE: Table = Table::new(
    "a resource of a stage",
    CITE,
    &[
        Field::new("/id", "Resource", FieldType::within(3, 54, &pattern::ID))
            .required()
            .references(),
        Field::new("/type", "Type", FieldType::Choice(RESOURCES)).required(),
    ],
);

static RESOURCE_OBJECT: FieldType = FieldType::Object(&RESOURCE);

/// One entry of `stages`.
pub static STAGE: Table = Table::new(
    "a stage",
    CITE,
    &[
        Field::new("/name", "Stage", FieldType::Choice(STAGES)).required(),
        Field::new("/releaseFlow", "Release flow", FieldType::Object(&FLOW)),
        Field::new("/nfObjects", "Resources", FieldType::List(&RESOURCE_OBJECT))
            .help("The services, jobs and addons of the stage."),
    ],
);

/// The release flow of a stage.
pub static FLOW: Table = Table::new(
    "a stage's release flow",
    CITE,
    &[
        Field::new("/kind", "Kind", FieldType::Choice(FLOWS)).required(),
        Field::new("/spec", "Document", FieldType::Object(&settings::DOCUMENT_IN_TEMPLATE))
            .required(),
    ],
);

static STAGE_OBJECT: FieldType = FieldType::Object(&STAGE);

/// The preview environments of a pipeline.
pub static PREVIEW: Table = Table::new(
    "the preview environments",
    CITE,
    &[
        Field::new("/kind", "Kind", FieldType::Choice(PREVIEWS)).required(),
        Field::new("/spec", "Template", FieldType::Json).required(),
    ],
);

static FIELDS: [Field; 5] = [
    Field::new("/spec/name", "Name", FieldType::of(&pattern::NAME)).required().references(),
    Field::new("/spec/description", "Description", FieldType::of(&pattern::DESCRIPTION))
        .references(),
    Field::new("/spec/projectId", "Project", FieldType::of(&pattern::ID)).references(),
    Field::new("/spec/preview", "Preview environments", FieldType::Object(&PREVIEW)),
    Field::new("/spec/stages", "Stages", FieldType::List(&STAGE_OBJECT)),
];

/// The node.
pub static PIPELINE: Table = Table::new("a pipeline", CITE, fields![FIELDS, COMMON]);
