//! `Build`: start a build of a build service or of a job that builds.

use super::{
    Icon, Kind, Output, Section,
    envelope::{COMMON, SERVICE_OR_JOB, WAIT_FOR_SUCCESS, branch, project, resource},
    field::{Choice, Field, FieldType, Group, Source, fields},
    rule::{Rule, When},
    words::{Phrase, Summary},
};
use crate::pattern;

const FALL_THROUGH: &[Choice] = &[
    Choice { value: "fail", label: "Fail" },
    Choice { value: "skip", label: "Skip the build" },
    Choice { value: "useLastBuild", label: "Use the last build" },
];

const OF_SERVICE: When = When::is("/spec/type", &["service"]);

static FIELDS: [Field; 6] = [
    Field::new("/spec/type", "Type", FieldType::Choice(SERVICE_OR_JOB))
        .help("Build services, or jobs that are built from a repository.")
        .required(),
    resource(
        "/spec/id",
        "Build service",
        FieldType::of(&pattern::ID),
        Source::Buildables { type_pointer: "/spec/type" },
    ),
    branch("/spec/branch").help("Either a branch or a pull request."),
    Field::new("/spec/pullRequestId", "Pull request", FieldType::Integer { min: 1, max: i64::MAX })
        .help("The pull request's number, instead of a branch.")
        .references()
        .source(Source::Outputs("pullRequestId")),
    Field::new("/spec/sha", "Commit", FieldType::of(&pattern::SHA))
        .help("All 40 characters. Empty for the newest commit.")
        .references()
        .source(Source::Outputs("sha")),
    Field::new("/spec/reuseExistingBuilds", "Reuse an existing build", FieldType::Boolean)
        .help("Takes a build of the same commit if there is one. On unless switched off.")
        .absent("true")
        .group(Group::Options),
];

const fn more(pointer: &'static str, label: &'static str, ty: FieldType) -> Field {
    Field::new(pointer, label, ty).group(Group::Advanced)
}

static RULES_AND_OVERRIDES: [Field; 12] = [
    more(
        "/spec/buildRuleFallThroughHandling",
        "When the build rules say no",
        FieldType::Choice(FALL_THROUGH),
    ),
    more("/spec/buildRules/pathIgnoreRules", "Path rules", FieldType::List(&FieldType::up_to(260)))
        .help("Patterns as in a .gitignore file, in their order."),
    more("/spec/buildRules/isAllowList", "Paths are an allow list", FieldType::Boolean)
        .help("Build only when one of the paths has changed, instead of ignoring them.")
        .absent("false"),
    more(
        "/spec/buildRules/ciIgnoreFlagsEnabled",
        "Commit messages can stop a build",
        FieldType::Boolean,
    )
    .help("A commit whose message has one of the words below is not built."),
    more(
        "/spec/buildRules/ciIgnoreFlags",
        "Words that stop a build",
        FieldType::List(&FieldType::up_to(72)),
    )
    .help("A commit whose message has one of these words is not built."),
    more("/spec/buildOverrides/buildArguments", "Build arguments", FieldType::Map)
        .help("For this build only, on top of the service's own.")
        .references(),
    more("/spec/buildOverrides/buildFiles", "Build files", FieldType::Map)
        .help("For this build only: each path with its content."),
    more("/spec/buildOverrides/dockerSecretMounts", "Secret mounts", FieldType::Map)
        .help("Files that only single steps of a Dockerfile can read."),
    more(
        "/spec/buildOverrides/docker/dockerFilePath",
        "Dockerfile",
        FieldType::of(&pattern::FILE_PATH),
    )
    .help("From the top of the repository: /Dockerfile."),
    more(
        "/spec/buildOverrides/docker/dockerWorkDir",
        "Build folder",
        FieldType::of(&pattern::WORK_DIR),
    )
    .help("From the top of the repository: / for all of it."),
    more(
        "/spec/buildOverrides/docker/dockerfileTarget",
        "Dockerfile target",
        FieldType::of(&pattern::DOCKERFILE_TARGET),
    )
    .help("The stage of the Dockerfile to build. The last one when this is empty."),
    project("/spec/projectId"),
];

pub(super) static BUILD: Kind = Kind {
    kind: "Build",
    title: "Start build",
    icon: Icon::Build,
    section: Section::Release,
    help: "Builds a branch, a pull request or a commit. Later nodes deploy the result.",
    cite: "release flow, node Build",
    fields: fields![FIELDS, [WAIT_FOR_SUCCESS], COMMON, RULES_AND_OVERRIDES],
    rules: &[
        Rule::ExactlyOne {
            when: Some(OF_SERVICE),
            of: &["/spec/branch", "/spec/pullRequestId"],
            none: "Choose what to build: a branch or a pull request.",
            several: "Build a branch or a pull request, not both: clear one of them.",
        },
        Rule::OnlyWith {
            pointer: "/spec/branch",
            when: OF_SERVICE,
            says: "Only builds of a build service take a branch; a job builds the one that it is set to.",
        },
        Rule::OnlyWith {
            pointer: "/spec/pullRequestId",
            when: OF_SERVICE,
            says: "Only builds of a build service take a pull request; a job builds the branch that it is set to.",
        },
    ],
    outputs: &[
        Output { name: "id", help: "The build's ID." },
        Output { name: "branch", help: "The branch that was built." },
        Output { name: "sha", help: "The commit that was built." },
        Output { name: "pullRequestId", help: "The pull request that was built." },
        Output { name: "registry.uri", help: "Where the image is." },
        Output { name: "createdAt", help: "When the build began." },
        Output { name: "status", help: "The build's state." },
        Output { name: "concluded", help: "Whether the build is over." },
    ],
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
    ..Kind::NEW
};
