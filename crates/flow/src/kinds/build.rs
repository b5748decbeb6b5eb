//! `Build`: start a build of a build service or of a job that builds.

use super::{
    Icon, Kind, Output,
    envelope::{REF, SERVICE_OR_JOB, SKIP, WAIT_FOR_SUCCESS, branch, project},
    field::{Choice, Field, FieldType, Group, Source},
    words::{Phrase, Summary},
};
use crate::pattern;

const CITE: &str = "release flow, node Build";

const FALL_THROUGH: &[Choice] = &[
    Choice { value: "fail", label: "Fail" },
    Choice { value: "skip", label: "Skip the build" },
    Choice { value: "useLastBuild", label: "Use the last build" },
];

pub(super) static BUILD: Kind = Kind {
    kind: "Build",
    when: &[],
    title: "Start build",
    icon: Icon::Build,
    help: "Builds a branch, a pull request or a commit. Later nodes deploy the result.",
    fields: &[
        Field::new("/spec/type", "Type", FieldType::Choice(SERVICE_OR_JOB))
            .help("Build services, or jobs that are built from a repository.")
            .required()
            .cite(CITE),
        Field::new("/spec/id", "Build service", FieldType::of(&pattern::ID))
            .required()
            .references()
            .source(Source::Buildables { type_pointer: "/spec/type" })
            .cite(CITE),
        branch("/spec/branch", CITE).help("Either a branch or a pull request."),
        Field::new(
            "/spec/pullRequestId",
            "Pull request",
            FieldType::Integer { min: 1, max: i64::MAX },
        )
        .help("The pull request's number, instead of a branch.")
        .references()
        .source(Source::Outputs("pullRequestId"))
        .cite(CITE),
        Field::new("/spec/sha", "Commit", FieldType::of(&pattern::SHA))
            .help("All 40 characters. Empty for the newest commit.")
            .references()
            .source(Source::Outputs("sha"))
            .cite(CITE),
        WAIT_FOR_SUCCESS,
        Field::new("/spec/reuseExistingBuilds", "Reuse an existing build", FieldType::Boolean)
            .help("Takes a build of the same commit if there is one. On unless switched off.")
            .group(Group::Options)
            .cite(CITE),
        SKIP,
        REF,
        Field::new(
            "/spec/buildRuleFallThroughHandling",
            "When the build rules say no",
            FieldType::Choice(FALL_THROUGH),
        )
        .group(Group::Advanced)
        .cite(CITE),
        Field::new(
            "/spec/buildRules/pathIgnoreRules",
            "Path rules",
            FieldType::List(&FieldType::up_to(260)),
        )
        .help("One pattern a line, written as in a .gitignore file.")
        .group(Group::Advanced)
        .cite(CITE),
        Field::new("/spec/buildRules/isAllowList", "Paths are an allow list", FieldType::Boolean)
            .help("Build only when one of the paths has changed, instead of ignoring them.")
            .group(Group::Advanced)
            .cite(CITE),
        Field::new(
            "/spec/buildRules/ciIgnoreFlagsEnabled",
            "Commit messages can stop a build",
            FieldType::Boolean,
        )
        .group(Group::Advanced)
        .cite(CITE),
        Field::new(
            "/spec/buildRules/ciIgnoreFlags",
            "Words that stop a build",
            FieldType::List(&FieldType::up_to(72)),
        )
        .group(Group::Advanced)
        .cite(CITE),
        Field::new("/spec/buildOverrides/buildArguments", "Build arguments", FieldType::Map)
            .references()
            .group(Group::Advanced)
            .cite(CITE),
        Field::new("/spec/buildOverrides/buildFiles", "Build files", FieldType::Json)
            .references()
            .group(Group::Advanced)
            .cite(CITE),
        Field::new("/spec/buildOverrides/dockerSecretMounts", "Secret mounts", FieldType::Json)
            .references()
            .group(Group::Advanced)
            .cite(CITE),
        Field::new(
            "/spec/buildOverrides/docker/dockerFilePath",
            "Dockerfile",
            FieldType::of(&pattern::FILE_PATH),
        )
        .references()
        .group(Group::Advanced)
        .cite(CITE),
        Field::new(
            "/spec/buildOverrides/docker/dockerWorkDir",
            "Build folder",
            FieldType::of(&pattern::WORK_DIR),
        )
        .references()
        .group(Group::Advanced)
        .cite(CITE),
        Field::new(
            "/spec/buildOverrides/docker/dockerfileTarget",
            "Dockerfile target",
            FieldType::of(&pattern::DOCKERFILE_TARGET),
        )
        .references()
        .group(Group::Advanced)
        .cite(CITE),
        project(),
    ],
    outputs: &[
        Output { name: "id", help: "The build's ID." },
        Output { name: "branch", help: "The branch that was built." },
        Output { name: "sha", help: "The commit that was built." },
        Output { name: "pullRequestId", help: "The pull request that was built." },
    ],
    container: false,
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: "/spec/id" }],
        details: &[
            &[
                Phrase::Value { before: "branch", pointer: "/spec/branch" },
                Phrase::Value { before: "pull request", pointer: "/spec/pullRequestId" },
                Phrase::Value { before: "commit", pointer: "/spec/sha" },
            ],
            &[Phrase::Present { pointer: "/condition", says: "waits until it succeeded" }],
        ],
        resource: "/spec/id",
    },
    template: r#"{
  "kind": "Build",
  "spec": {
    "id": "",
    "type": "service",
    "branch": "",
    "reuseExistingBuilds": true
  },
  "condition": "success"
}"#,
};
