//! `JobRun`: run a job once, for instance a migration.

use super::{
    Icon, Kind, Output, Scope, Section,
    envelope::{COMMON, WAIT_FOR_SUCCESS, branch, project, resource},
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Source, fields},
    rule::{Rule, When},
    words::{Phrase, Summary},
};
use crate::pattern;

const DOCKER_CONFIGS: &[Choice] = &[
    Choice { value: "default", label: "As the image says" },
    Choice { value: "customEntrypoint", label: "Another entry point" },
    Choice { value: "customCommand", label: "Another command" },
    Choice { value: "customEntrypointCustomCommand", label: "Another entry point and command" },
];

const BUILDPACK_CONFIGS: &[Choice] = &[
    Choice { value: "default", label: "As the image says" },
    Choice { value: "customProcess", label: "Another process" },
    Choice { value: "customCommand", label: "Another command" },
    Choice { value: "customEntrypointCustomCommand", label: "Another entry point and command" },
    Choice {
        value: "originalEntrypointCustomCommand",
        label: "The same entry point, another command",
    },
];

/// A field for one run only, instead of what the job itself says.
const fn this_run(pointer: &'static str, label: &'static str, ty: FieldType) -> Field {
    Field::new(pointer, label, ty).group(Group::Advanced)
}

const fn job() -> Field {
    resource("/spec/jobId", "Job", FieldType::within(3, 52, &pattern::INTERNAL_ID), Source::Jobs)
}

static RUNTIME: [Field; 4] = [
    this_run("/spec/runtimeEnvironment", "Environment variables", FieldType::Map)
        .help("For this run only, on top of the job's own.")
        .references(),
    this_run("/spec/runtimeFiles", "Files", FieldType::Map)
        .help("For this run only: each path with its content."),
    this_run("/spec/dockerSecretMounts", "Secret mounts", FieldType::Map)
        .help("For this run only, on top of the job's own."),
    this_run("/spec/billing/deploymentPlan", "Plan", FieldType::of(&pattern::SLUG))
        .help("The ID of a plan, for other resources than the job has.")
        .references(),
];

static INTERNAL: [Field; 4] = [
    this_run(
        "/spec/deployment/internal/id",
        "Build service",
        FieldType::within(3, 54, &pattern::ID),
    )
    .help("Runs the job with a build instead of what it has now.")
    .references()
    .source(Source::BuildServices),
    branch("/spec/deployment/internal/branch")
        .help("The branch whose build is run.")
        .group(Group::Advanced),
    this_run("/spec/deployment/internal/buildSHA", "Commit", FieldType::of(&pattern::BUILD_SHA))
        .help("All 40 characters, or latest.")
        .references()
        .source(Source::Outputs("sha")),
    this_run("/spec/deployment/internal/buildId", "Build", ANY_TEXT)
        .help("A build's ID, instead of a commit.")
        .references()
        .source(Source::OutputsOf { kind: "Build", output: "id" }),
];

static EXTERNAL: [Field; 2] = [
    this_run("/spec/deployment/external/imagePath", "Image", FieldType::of(&pattern::IMAGE_PATH))
        .help("Runs the job with an image instead of what it has now.")
        .references(),
    this_run("/spec/deployment/external/credentials", "Credentials", FieldType::of(&pattern::ID))
        .help("The ID of saved registry credentials. Empty for a public image.")
        .references(),
];

static START: [Field; 7] = [
    this_run(
        "/spec/deployment/docker/configType",
        "How the image starts",
        FieldType::Choice(DOCKER_CONFIGS),
    ),
    this_run("/spec/deployment/docker/customEntrypoint", "Entry point", ANY_TEXT),
    this_run("/spec/deployment/docker/customCommand", "Command", ANY_TEXT),
    this_run(
        "/spec/deployment/buildpack/configType",
        "How the buildpack image starts",
        FieldType::Choice(BUILDPACK_CONFIGS),
    ),
    this_run("/spec/deployment/buildpack/customProcess", "Buildpack process", ANY_TEXT),
    this_run("/spec/deployment/buildpack/customEntrypoint", "Buildpack entry point", ANY_TEXT),
    this_run("/spec/deployment/buildpack/customCommand", "Buildpack command", ANY_TEXT),
];

const MEGABYTES: FieldType = FieldType::Integer { min: 0, max: i64::MAX };

static STORAGE: [Field; 5] = [
    this_run(
        "/spec/deployment/storage/ephemeralStorage/storageSize",
        "Temporary disk space",
        MEGABYTES,
    )
    .help("Megabytes for each container.")
    .references(),
    this_run("/spec/deployment/storage/shmSize", "Shared memory", MEGABYTES)
        .help("Megabytes at /dev/shm, which are taken from the memory.")
        .references(),
    this_run(
        "/spec/deployment/storage/useHdbStorage",
        "Use the HDB disk class",
        FieldType::Boolean,
    )
    .help("Only on clusters that offer it.")
    .absent("false"),
    this_run(
        "/spec/deployment/storage/usePdSsdStorage",
        "Use the PD SSD disk class",
        FieldType::Boolean,
    )
    .help("Only on clusters that offer it.")
    .absent("false"),
    project("/spec/projectId"),
];

const DOCKER: &str = "/spec/deployment/docker/configType";
const BUILDPACK: &str = "/spec/deployment/buildpack/configType";

/// A way to start that a setting says, and the member that says the rest.
const fn started_with(
    pointer: &'static str,
    config: &'static str,
    words: &'static [&'static str],
) -> [Rule; 2] {
    let when = When::is(config, words);
    [
        Rule::Needed {
            pointer,
            when,
            says: "Say with what the image starts, as `configType` has it, or choose another `configType`.",
        },
        Rule::OnlyWith {
            pointer,
            when,
            says: "This has no effect with the way of starting that `configType` says.",
        },
    ]
}

const ENTRYPOINT: [Rule; 2] = started_with(
    "/spec/deployment/docker/customEntrypoint",
    DOCKER,
    &["customEntrypoint", "customEntrypointCustomCommand"],
);
const COMMAND: [Rule; 2] = started_with(
    "/spec/deployment/docker/customCommand",
    DOCKER,
    &["customCommand", "customEntrypointCustomCommand"],
);
const PROCESS: [Rule; 2] =
    started_with("/spec/deployment/buildpack/customProcess", BUILDPACK, &["customProcess"]);
const PACK_ENTRYPOINT: [Rule; 2] = started_with(
    "/spec/deployment/buildpack/customEntrypoint",
    BUILDPACK,
    &["customEntrypointCustomCommand"],
);
const PACK_COMMAND: [Rule; 2] = started_with(
    "/spec/deployment/buildpack/customCommand",
    BUILDPACK,
    &["customCommand", "customEntrypointCustomCommand", "originalEntrypointCustomCommand"],
);

const RULES: &[Rule] = &[
    Rule::AtMostOne {
        of: &["/spec/deployment/internal", "/spec/deployment/external"],
        several: "Run the job with a build or with an image, not both: clear one of them.",
    },
    Rule::AtMostOne {
        of: &["/spec/deployment/internal/buildSHA", "/spec/deployment/internal/buildId"],
        several: "Choose the build by its commit or by its ID, not both: clear one of them.",
    },
    Rule::Needed {
        pointer: DOCKER,
        when: When::given("/spec/deployment/docker"),
        says: "Say how the image starts, or leave `docker` out.",
    },
    Rule::Needed {
        pointer: BUILDPACK,
        when: When::given("/spec/deployment/buildpack"),
        says: "Say how the buildpack image starts, or leave `buildpack` out.",
    },
    ENTRYPOINT[0],
    ENTRYPOINT[1],
    COMMAND[0],
    COMMAND[1],
    PROCESS[0],
    PROCESS[1],
    PACK_ENTRYPOINT[0],
    PACK_ENTRYPOINT[1],
    PACK_COMMAND[0],
    PACK_COMMAND[1],
];

pub(super) static JOB_RUN: Kind = Kind {
    kind: "JobRun",
    title: "Run job",
    icon: Icon::Job,
    section: Section::Data,
    help: "Runs a job of this stage once, as it is or with other settings for this run.",
    cite: "release flow, node JobRun",
    scope: Scope::Both,
    fields: fields![
        [job()],
        [WAIT_FOR_SUCCESS],
        COMMON,
        RUNTIME,
        INTERNAL,
        EXTERNAL,
        START,
        STORAGE
    ],
    rules: RULES,
    outputs: &[
        Output { name: "id", help: "The job run's ID." },
        Output { name: "runName", help: "The job run's name." },
    ],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: "/spec/jobId" }],
        details: &[
            &[
                Phrase::Value { before: "build", pointer: "/spec/deployment/internal/buildId" },
                Phrase::Value { before: "image", pointer: "/spec/deployment/external/imagePath" },
                Phrase::Present {
                    pointer: "/spec/runtimeEnvironment",
                    says: "variables for this run",
                },
            ],
            &[Phrase::Present { pointer: "/condition", says: "waits until it succeeded" }],
        ],
        resource: "/spec/jobId",
    },
    template: r#"{
  "kind": "JobRun",
  "spec": {
    "jobId": ""
  },
  "condition": "success"
}"#,
    ..Kind::NEW
};
