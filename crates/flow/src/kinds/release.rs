//! `Release`: put a version on a deployment service or a job. Three types: a build, what runs in
//! the stage before, or an image of a registry.

use super::{
    Icon, Kind, Section, by_type,
    envelope::{COMMON, SERVICE_OR_JOB, branch, resource, selector, timeout, wait_for_running},
    field::{ANY_TEXT, Choice, Field, FieldType, Place, Source, fields},
    rule::{Rule, When},
    words::{Phrase, Summary},
};
use crate::pattern;

const TYPES: &[Choice] = &[
    Choice { value: "build", label: "Deploy build" },
    Choice { value: "deployment", label: "Promote deployment" },
    Choice { value: "registry", label: "Deploy image" },
];

const TYPE: [Field; 1] = [selector("/spec/type", "What is released", TYPES)];

/// What gets the version, and how the node waits for it.
static TARGET: [Field; 4] = [
    Field::new("/spec/target/type", "Target type", FieldType::Choice(SERVICE_OR_JOB))
        .required()
        .references(),
    resource(
        "/spec/target/id",
        "Target",
        FieldType::of(&pattern::ID),
        Source::Deployables { stage: Place::This, type_pointer: "/spec/target/type" },
    )
    .help("The service or job of this stage that gets the new version."),
    wait_for_running(
        "/condition",
        "The next step starts only after the new version is running. Without it, the next step starts as soon as the release was accepted.",
    ),
    timeout("/timeoutDuration"),
];

const WAITS: &[Phrase] = &[Phrase::Present { pointer: "/condition", says: "waits until it runs" }];

const RELEASE: Kind = Kind {
    kind: "Release",
    section: Section::Release,
    cite: "release flow, node Release",
    ..Kind::NEW
};

static OF_BUILD: [Field; 3] = [
    Field::new("/spec/origin/id", "Build service", FieldType::of(&pattern::QUALIFIED_ID))
        .help("May stay empty where the build is named by its own ID.")
        .references()
        .source(Source::BuildServices),
    branch("/spec/origin/branch").help(
        "Which branch's builds to look at. May stay empty where the build is named by its own ID.",
    ),
    Field::new("/spec/origin/build", "Build", ANY_TEXT)
        .help("A build's ID, or latest for the newest one of the branch, as when it is empty.")
        .references()
        .source(Source::OutputsOf { kind: "Build", output: "id" }),
];

/// Without a build of its own ID, the newest one is meant.
const LATEST: When = When::is_unless_given("/spec/origin/build", &["latest"]);

pub(super) static BUILD: Kind = Kind {
    when: &[by_type("build")],
    title: "Deploy build",
    icon: Icon::DeployBuild,
    help: "Deploys a build of a build service to a service or job of this stage.",
    fields: fields![TYPE, OF_BUILD, TARGET, COMMON],
    rules: &[
        Rule::Needed {
            pointer: "/spec/origin/id",
            when: LATEST,
            says: "The latest build of what? Choose a build service.",
        },
        Rule::Needed {
            pointer: "/spec/origin/branch",
            when: LATEST,
            says: "The latest build of which branch? Choose one.",
        },
    ],
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
    ..RELEASE
};

static OF_STAGE: [Field; 2] = [
    Field::new("/spec/origin/type", "Origin type", FieldType::Choice(SERVICE_OR_JOB)).required(),
    resource(
        "/spec/origin/id",
        "Origin",
        FieldType::of(&pattern::ID),
        Source::Deployables { stage: Place::Preceding, type_pointer: "/spec/origin/type" },
    )
    .help("The service or job of the stage before whose version is taken."),
];

pub(super) static DEPLOYMENT: Kind = Kind {
    when: &[by_type("deployment")],
    title: "Promote deployment",
    icon: Icon::Promote,
    help: "Deploys what now runs in the stage before this one. The first stage has nothing to promote from.",
    fields: fields![TYPE, OF_STAGE, TARGET, COMMON],
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
    ..RELEASE
};

static OF_REGISTRY: [Field; 2] = [
    Field::new("/spec/origin/imagePath", "Image", FieldType::of(&pattern::IMAGE_PATH))
        .help("With its tag or digest: ghcr.io/acme/web:1.4.0.")
        .required()
        .references(),
    Field::new("/spec/origin/credentials", "Credentials", FieldType::of(&pattern::ID))
        .help("The ID of saved registry credentials. Empty for a public image.")
        .references(),
];

pub(super) static REGISTRY: Kind = Kind {
    when: &[by_type("registry")],
    title: "Deploy image",
    icon: Icon::DeployImage,
    help: "Deploys an image of a container registry to a service or job of this stage.",
    fields: fields![TYPE, OF_REGISTRY, TARGET, COMMON],
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
    ..RELEASE
};
