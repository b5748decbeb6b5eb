//! `Release`: put a version on a deployment service or a job. Three types: a build, what runs in
//! the stage before, or an image of a registry.

use super::{
    Icon, Kind, by_type,
    envelope::{REF, SERVICE_OR_JOB, SKIP, WAIT_FOR_RUNNING, branch},
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Place, Source},
    words::{Phrase, Summary},
};
use crate::pattern;

const CITE: &str = "release flow, node Release";

const TYPES: &[Choice] = &[
    Choice { value: "build", label: "Deploy build" },
    Choice { value: "deployment", label: "Promote deployment" },
    Choice { value: "registry", label: "Deploy image" },
];

const TYPE: Field = Field::new("/spec/type", "What is released", FieldType::Choice(TYPES))
    .required()
    .group(Group::Advanced)
    .cite(CITE);

const TIMEOUT: Field =
    Field::new("/timeoutDuration", "Timeout", FieldType::Integer { min: 30, max: 14_400 })
        .help("Seconds until waiting for completion fails, from 30 to 14400 (four hours).")
        .references()
        .group(Group::Options)
        .cite(CITE);

const TARGET_TYPE: Field =
    Field::new("/spec/target/type", "Target type", FieldType::Choice(SERVICE_OR_JOB))
        .required()
        .references()
        .cite(CITE);

const WAITS: &[Phrase] = &[Phrase::Present { pointer: "/condition", says: "waits until it runs" }];

const fn target() -> Field {
    Field::new("/spec/target/id", "Target", FieldType::of(&pattern::ID))
        .help("The service or job of this stage that gets the new version.")
        .required()
        .references()
        .source(Source::Deployables { stage: Place::This, type_pointer: "/spec/target/type" })
        .cite(CITE)
}

pub(super) static BUILD: Kind = Kind {
    kind: "Release",
    when: &[by_type("build")],
    title: "Deploy build",
    icon: Icon::DeployBuild,
    help: "Deploys a build of a build service to a service or job of this stage.",
    fields: &[
        TYPE,
        Field::new("/spec/origin/id", "Build service", FieldType::of(&pattern::QUALIFIED_ID))
            .help("May stay empty where the build is named by its own ID.")
            .references()
            .source(Source::BuildServices)
            .cite(CITE),
        branch("/spec/origin/branch", CITE)
            .help("Which branch's builds to look at. May stay empty where the build is named by its own ID."),
        Field::new("/spec/origin/build", "Build", ANY_TEXT)
            .help("A build's ID, or latest for the newest one of the branch, as when it is empty.")
            .references()
            .source(Source::Outputs("id"))
            .cite(CITE),
        TARGET_TYPE,
        target(),
        WAIT_FOR_RUNNING,
        TIMEOUT,
        SKIP,
        REF,
    ],
    outputs: &[],
    container: false,
    summary: Summary {
        title: &[
            Phrase::Value { before: "", pointer: "/spec/origin/id" },
            Phrase::Value { before: "to", pointer: "/spec/target/id" },
        ],
        details: &[
            &[
                Phrase::Value { before: "branch", pointer: "/spec/origin/branch" },
                Phrase::Value { before: "build", pointer: "/spec/origin/build" },
            ],
            WAITS,
        ],
        resource: "/spec/target/id",
    },
    template: r#"{
  "kind": "Release",
  "spec": {
    "type": "build",
    "origin": {
      "id": "",
      "branch": "",
      "build": "latest"
    },
    "target": {
      "id": "",
      "type": "service"
    }
  },
  "condition": "running"
}"#,
};

pub(super) static DEPLOYMENT: Kind = Kind {
    kind: "Release",
    when: &[by_type("deployment")],
    title: "Promote deployment",
    icon: Icon::Promote,
    help: "Deploys what now runs in the stage before this one. The first stage has nothing to promote from.",
    fields: &[
        TYPE,
        Field::new("/spec/origin/type", "Origin type", FieldType::Choice(SERVICE_OR_JOB))
            .required()
            .cite(CITE),
        Field::new("/spec/origin/id", "Origin", FieldType::of(&pattern::ID))
            .help("The service or job of the stage before whose version is taken.")
            .required()
            .references()
            .source(Source::Deployables {
                stage: Place::Preceding,
                type_pointer: "/spec/origin/type",
            })
            .cite(CITE),
        TARGET_TYPE,
        target(),
        WAIT_FOR_RUNNING,
        TIMEOUT,
        SKIP,
        REF,
    ],
    outputs: &[],
    container: false,
    summary: Summary {
        title: &[
            Phrase::Value { before: "from", pointer: "/spec/origin/id" },
            Phrase::Value { before: "to", pointer: "/spec/target/id" },
        ],
        details: &[WAITS],
        resource: "/spec/target/id",
    },
    template: r#"{
  "kind": "Release",
  "spec": {
    "type": "deployment",
    "origin": {
      "id": "",
      "type": "service"
    },
    "target": {
      "id": "",
      "type": "service"
    }
  },
  "condition": "running"
}"#,
};

pub(super) static REGISTRY: Kind = Kind {
    kind: "Release",
    when: &[by_type("registry")],
    title: "Deploy image",
    icon: Icon::DeployImage,
    help: "Deploys an image of a container registry to a service or job of this stage.",
    fields: &[
        TYPE,
        Field::new("/spec/origin/imagePath", "Image", FieldType::of(&pattern::IMAGE_PATH))
            .help("With its tag or digest: ghcr.io/acme/web:1.4.0.")
            .required()
            .references()
            .cite(CITE),
        Field::new("/spec/origin/credentials", "Credentials", FieldType::of(&pattern::ID))
            .help("The ID of saved registry credentials. Empty for a public image.")
            .references()
            .cite(CITE),
        TARGET_TYPE,
        target(),
        WAIT_FOR_RUNNING,
        TIMEOUT,
        SKIP,
        REF,
    ],
    outputs: &[],
    container: false,
    summary: Summary {
        title: &[
            Phrase::Value { before: "", pointer: "/spec/origin/imagePath" },
            Phrase::Value { before: "to", pointer: "/spec/target/id" },
        ],
        details: &[
            &[Phrase::Value { before: "credentials", pointer: "/spec/origin/credentials" }],
            WAITS,
        ],
        resource: "/spec/target/id",
    },
    template: r#"{
  "kind": "Release",
  "spec": {
    "type": "registry",
    "origin": {
      "imagePath": ""
    },
    "target": {
      "id": "",
      "type": "service"
    }
  },
  "condition": "running"
}"#,
};
