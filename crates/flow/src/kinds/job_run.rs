//! `JobRun`: run a job once, for instance a migration.

use super::{
    Icon, Kind, Output,
    envelope::{REF, SKIP, WAIT_FOR_SUCCESS, branch, project},
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Source},
    words::{Phrase, Summary},
};
use crate::pattern;

const CITE: &str = "release flow, node JobRun";

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
    Field::new(pointer, label, ty).references().group(Group::Advanced).cite(CITE)
}

pub(super) static JOB_RUN: Kind = Kind {
    kind: "JobRun",
    when: &[],
    title: "Run job",
    icon: Icon::Job,
    help: "Runs a job of this stage once, as it is or with other settings for this run.",
    fields: &[
        Field::new("/spec/jobId", "Job", FieldType::within(3, 52, &pattern::INTERNAL_ID))
            .required()
            .references()
            .source(Source::Jobs)
            .cite(CITE),
        WAIT_FOR_SUCCESS,
        SKIP,
        REF,
        this_run("/spec/runtimeEnvironment", "Environment variables", FieldType::Map)
            .help("For this run only, on top of the job's own."),
        this_run("/spec/runtimeFiles", "Files", FieldType::Json),
        this_run("/spec/dockerSecretMounts", "Secret mounts", FieldType::Json),
        this_run("/spec/billing/deploymentPlan", "Plan", FieldType::of(&pattern::SLUG)),
        this_run(
            "/spec/deployment/internal/id",
            "Build service",
            FieldType::within(3, 54, &pattern::ID),
        )
        .help("Runs the job with a build instead of what it has now.")
        .source(Source::BuildServices),
        branch("/spec/deployment/internal/branch", CITE).group(Group::Advanced),
        this_run(
            "/spec/deployment/internal/buildSHA",
            "Commit",
            FieldType::of(&pattern::BUILD_SHA),
        )
        .help("All 40 characters, or latest.")
        .source(Source::Outputs("sha")),
        this_run("/spec/deployment/internal/buildId", "Build", ANY_TEXT)
            .source(Source::Outputs("id")),
        this_run(
            "/spec/deployment/external/imagePath",
            "Image",
            FieldType::of(&pattern::IMAGE_PATH),
        )
        .help("Runs the job with an image instead of what it has now."),
        this_run(
            "/spec/deployment/external/credentials",
            "Credentials",
            FieldType::of(&pattern::ID),
        ),
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
        this_run("/spec/deployment/storage", "Storage", FieldType::Json),
        project(),
    ],
    outputs: &[
        Output { name: "id", help: "The job run's ID." },
        Output { name: "runName", help: "The job run's name." },
    ],
    container: false,
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
};
