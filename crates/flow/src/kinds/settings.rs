//! Tables of the same sort for the document around the flow: its top level, triggers, options,
//! GitOps, inputs, teardown.

use super::{
    Output,
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Source, Table, fields},
    rule::{Rule, When},
    vcs,
};
use crate::{concurrency, document::Document, pattern};

const API_VERSIONS: &[Choice] =
    &[Choice { value: "v1.2", label: "v1.2" }, Choice { value: "v1", label: "v1 (old)" }];

const INPUT_KINDS: &[Choice] = &[
    Choice { value: "BranchCommitSelector", label: "Branch and commit" },
    Choice { value: "BuildSelector", label: "Build" },
];

const FAILURE_POLICIES: &[Choice] = &[
    Choice { value: "ignore", label: "Delete all the same" },
    Choice { value: "block", label: "Stop, and delete nothing" },
];

/// What nodes can read of a trigger: `${refs.<its ref>.<name>}`.
pub static TRIGGER_OUTPUTS: &[Output] = &[
    Output { name: "branch", help: "The branch that was pushed, or that of the pull request." },
    Output { name: "sha", help: "The commit that was pushed, with all its 40 characters." },
    Output { name: "repoUrl", help: "The address of the repository." },
    Output {
        name: "pullRequestId",
        help: "The pull request's number; only when a pull request fired.",
    },
];

/// The words in a commit message that stop a run, where a trigger doesn't say others.
pub const DEFAULT_CI_IGNORE_FLAGS: [&str; 7] = [
    "[skip ci]",
    "[ci skip]",
    "[no ci]",
    "[skip nf]",
    "[nf skip]",
    "[northflank skip]",
    "[skip northflank]",
];

const PATH_RULES: &str = "Patterns as in a .gitignore file, in their order: * stands for any text but a slash, \
     ** for any folders; a slash at the end means a folder, one in \
     front the top of the repository; ! takes in again.";

/// Names the words of [`DEFAULT_CI_IGNORE_FLAGS`].
const IGNORE_FLAGS: &str = "A commit whose message has one of these words starts nothing. \
     Without a list these count: [skip ci], [ci skip], [no ci], \
     [skip nf], [nf skip], [northflank skip], [skip northflank].";

static BRANCH_RULE: FieldType = FieldType::of(&pattern::BRANCH_RULE);

static TRIGGER_REF: [Field; 1] = [Field::new("/ref", "Ref", ANY_TEXT)
    .help("The name by which nodes read what fired: ${refs.<ref>.branch}, .sha, .repoUrl, .pullRequestId.")];

/// What the lists of a trigger hold.
struct Entries {
    branches: &'static FieldType,
    paths: &'static FieldType,
    flags: &'static FieldType,
}

static PATH_RULE: FieldType = FieldType::up_to(260);
static CI_FLAG: FieldType = FieldType::up_to(72);

/// What a trigger has beside its ref.
static TRIGGER_FIELDS: [Field; 12] =
    trigger_fields(&Entries { branches: &BRANCH_RULE, paths: &PATH_RULE, flags: &CI_FLAG });

const fn trigger_fields(entries: &Entries) -> [Field; 12] {
    [
        vcs::service("/vcsService"),
        vcs::repository("/repoUrl"),
        Field::new("/branchRestrictions", "Branches", FieldType::List(entries.branches))
            .help("A push to one of these branches starts a run. * stands for any text."),
        Field::new("/prRestrictions", "Pull requests from", FieldType::List(entries.branches))
            .help("A pull request from one of these branches starts a run. * stands for any text."),
        Field::new("/pathIgnoreRules", "Path rules", FieldType::List(entries.paths))
            .help(PATH_RULES)
            .group(Group::Options),
        Field::new("/isAllowList", "Paths are an allow list", FieldType::Boolean)
            .help("Run only when one of the paths has changed, instead of ignoring them.")
            .absent("false")
            .group(Group::Options),
        Field::new("/ciIgnoreFlagsEnabled", "Commit messages can stop a run", FieldType::Boolean)
            .help("A commit whose message has one of the words below starts nothing.")
            .group(Group::Options),
        Field::new("/ciIgnoreFlags", "Words that stop a run", FieldType::List(entries.flags))
            .help(IGNORE_FLAGS)
            .group(Group::Options),
        Field::new("/ignoreDrafts", "Ignore draft pull requests", FieldType::Boolean)
            .help("A pull request starts a run only once it is ready for review.")
            .absent("false")
            .group(Group::Options),
        vcs::self_hosted("/selfHostedVcsId"),
        vcs::account("/accountLogin"),
        vcs::link("/vcsLinkId", ANY_TEXT),
    ]
}

const SELF_HOSTED: &[Rule] = &[
    vcs::only_self_hosted("/selfHostedVcsId", "/vcsService"),
    vcs::which_self_hosted(&["/selfHostedVcsId", "/accountLogin", "/vcsLinkId"], "/vcsService"),
];

const TRIGGER_NOUN: &str = "a Git trigger";
const TRIGGER_CITE: &str = "release flow, triggers";

/// The kinds of triggers that the vendor's newer workflows have, written as `kind` and `spec`.
pub(crate) const TRIGGERS_OF_WORKFLOWS: [&str; 7] =
    ["vcs-push", "vcs-pr", "vcs-pr-label", "vcs-release", "vcs-check-suite", "webhook", "cron"];

/// Only a preview environment's template has these.
const OF_PREVIEWS: &[(&str, &str)] = &[
    ("type", "Only triggers of preview environments have a `type`; it has no effect here."),
    (
        "manualOnly",
        "Only triggers of preview environments can be `manualOnly`; it has no effect here.",
    ),
];

/// One entry of `triggers`.
pub static TRIGGER: Table =
    Table::new(TRIGGER_NOUN, TRIGGER_CITE, fields![TRIGGER_REF, TRIGGER_FIELDS])
        .rules(SELF_HOSTED)
        .elsewhere(OF_PREVIEWS);

/// What a new trigger begins with, as JSON, with empty texts where the person must choose.
pub const TRIGGER_TEMPLATE: &str = r#"{
  "ref": "push",
  "vcsService": "github",
  "repoUrl": "",
  "branchRestrictions": ["main"]
}"#;

static REFERENCED_TRIGGER_FIELDS: [Field; TRIGGER_FIELDS.len()] = {
    let mut fields = trigger_fields(&Entries {
        branches: &FieldType::OrReference(&BRANCH_RULE),
        paths: &FieldType::OrReference(&PATH_RULE),
        flags: &FieldType::OrReference(&CI_FLAG),
    });
    let mut index = 0;
    while index < fields.len() {
        fields[index].references = true;
        index += 1;
    }
    fields
};

/// The same in a flow inside a team template, where everything but the ref may be a reference, the
/// entries of lists too.
static TRIGGER_IN_TEMPLATE: Table =
    Table::new(TRIGGER_NOUN, TRIGGER_CITE, fields![TRIGGER_REF, REFERENCED_TRIGGER_FIELDS])
        .rules(SELF_HOSTED)
        .elsewhere(OF_PREVIEWS);

/// `options`.
pub static OPTIONS: Table = Table::new(
    "the options",
    "release flow, document",
    &[
        Field::new(
            "/concurrencyPolicy",
            "When a run is already active",
            FieldType::Choice(concurrency::CHOICES),
        )
        .help("Runs go on side by side unless chosen otherwise.")
        .absent("allow"),
        Field::new("/paused", "Triggers are paused", FieldType::Boolean)
            .help("Git triggers and the webhook start nothing. Runs by hand still work.")
            .absent("false"),
    ],
);

/// `gitops`.
pub static GITOPS: Table = Table::new(
    "the GitOps settings",
    "release flow, gitops",
    &[
        vcs::service("/vcsService"),
        vcs::repository("/repoUrl"),
        Field::new("/branch", "Branch", FieldType::at_least(1))
            .help("The branch that holds the flow's file.")
            .required(),
        Field::new("/filePath", "File", FieldType::of(&pattern::FILE_PATH))
            .help("From the top of the repository: /release-development.json.")
            .required(),
        vcs::self_hosted("/selfHostedVcsId"),
        vcs::account("/accountLogin"),
        vcs::link("/vcsLinkId", ANY_TEXT),
        Field::new("/templateSha", "Commit", ANY_TEXT)
            .help("Only in answers: the commit that the document was read from.")
            .group(Group::Advanced),
    ],
)
.rules(SELF_HOSTED);

/// One entry of `richInputs`.
pub static RICH_INPUT: Table = Table::new(
    "an input",
    "release flow, rich inputs",
    &[
        Field::new("/kind", "What is asked for", FieldType::Choice(INPUT_KINDS)).required(),
        Field::new("/spec/title", "Title", ANY_TEXT).help("The heading in the run dialog."),
        Field::new("/spec/description", "Description", ANY_TEXT)
            .help("A sentence below the heading."),
        Field::new("/spec/required", "A value must be chosen", FieldType::Boolean)
            .help("A run can't be started without.")
            .absent("false"),
        Field::new("/spec/inputs/source", "Build service", ANY_TEXT)
            .help("Whose branches, commits and builds are offered.")
            .required()
            .source(Source::BuildServices),
        Field::new("/spec/outputs/branch", "Argument for the branch", ANY_TEXT)
            .help("The name of the argument that gets the branch."),
        Field::new("/spec/outputs/buildSha", "Argument for the commit", ANY_TEXT)
            .help("The name of the argument that gets the commit."),
        Field::new(BUILD_ID, "Argument for the build", ANY_TEXT)
            .help("The name of the argument that gets the build's ID."),
    ],
)
.rules(&[Rule::OnlyWith {
    pointer: BUILD_ID,
    when: When::is("/kind", &["BuildSelector"]),
    says: "Only an input of kind `BuildSelector` gives a build's ID; this argument gets nothing.",
}]);

/// What a new input begins with, as JSON.
pub const RICH_INPUT_TEMPLATE: &str = r#"{
  "kind": "BranchCommitSelector",
  "spec": {
    "inputs": {
      "source": ""
    }
  }
}"#;

const BUILD_ID: &str = "/spec/outputs/buildId";

/// `teardownSpec`: what is done before the resources of a flow's environment are deleted.
pub static TEARDOWN: Table = Table::new(
    "the teardown",
    "release flow, teardown",
    &[
        Field::new("/spec", "Nodes", FieldType::Node)
            .help("A workflow of nodes that clean up.")
            .required(),
        Field::new(
            "/failurePolicy",
            "When the teardown fails",
            FieldType::Choice(FAILURE_POLICIES),
        )
        .help("Resources are deleted all the same unless chosen otherwise.")
        .absent("ignore"),
    ],
);

static TRIGGER_OBJECT: FieldType = FieldType::Object(&TRIGGER);
static TRIGGER_IN_TEMPLATE_OBJECT: FieldType = FieldType::Object(&TRIGGER_IN_TEMPLATE);
static RICH_INPUT_OBJECT: FieldType = FieldType::Object(&RICH_INPUT);
static TEARDOWN_OBJECT: FieldType = FieldType::Object(&TEARDOWN);

/// A member that only answers of the API carry; a document that was read and sent back has it.
const fn answered(pointer: &'static str) -> Field {
    Field::new(pointer, "Set by the server", FieldType::Json).group(Group::Advanced)
}

const fn triggers(entry: &'static FieldType) -> [Field; 1] {
    [Field::new("/triggers", "Git triggers", FieldType::List(entry))
        .help("Pushes and pull requests that start a run.")]
}

/// What a flow says wherever it stands.
static FLOW_FIELDS: [Field; 7] = [
    Field::new("/apiVersion", "API version", FieldType::Choice(API_VERSIONS)).required(),
    Field::new("/$schema", "Schema", ANY_TEXT)
        .help("Where editors find what may be written here.")
        .group(Group::Advanced),
    Field::new("/arguments", "Arguments", FieldType::Map)
        .help("Default values, read as ${args.NAME}."),
    Field::new("/options", "Options", FieldType::Object(&OPTIONS)),
    Field::new("/gitops", "GitOps", FieldType::Object(&GITOPS))
        .help("A file in a repository that is kept the same as this document."),
    Field::new("/richInputs", "Inputs", FieldType::List(&RICH_INPUT_OBJECT))
        .help("What the run dialog asks for; the answers become arguments."),
    Field::new("/spec", "Release flow", FieldType::Node)
        .help("The node that holds all others, as a rule a workflow.")
        .required(),
];

static TOP_FIELDS: [Field; 8] = [
    Field::new("/teardownSpec", "Teardown", FieldType::Nullable(&TEARDOWN_OBJECT))
        .help("What is done before the resources are deleted.")
        .group(Group::Advanced),
    Field::new("/project", "Project", FieldType::Json).group(Group::Advanced),
    answered("/stage"),
    answered("/status"),
    answered("/paused"),
    answered("/concurrencyPolicy"),
    answered("/createdAt"),
    answered("/updatedAt"),
];

/// What templates have at their top and a release flow hasn't.
const OF_TEMPLATES: &[(&str, &str)] = &[
    ("name", "A release flow has no name of its own; its stage and pipeline name it."),
    ("description", "A release flow has no description of its own."),
    (
        "argumentOverrides",
        "Argument overrides are stored beside the document, never in it; these have no effect.",
    ),
];

const DOCUMENT_NOUN: &str = "a release flow's document";
const DOCUMENT_CITE: &str = "release flow, document";

/// The top level of the document. The flow itself (`/spec`) is walked node by node.
pub static DOCUMENT: Table = Table::new(
    DOCUMENT_NOUN,
    DOCUMENT_CITE,
    fields![FLOW_FIELDS, triggers(&TRIGGER_OBJECT), TOP_FIELDS],
)
.elsewhere(OF_TEMPLATES);

/// The table of the document around the flow that is open.
#[must_use]
pub fn around(document: &Document) -> &'static Table {
    if document.flow() == document.root() { &DOCUMENT } else { &DOCUMENT_IN_TEMPLATE }
}

/// The top level of a flow inside a `Pipeline` node of a team template.
pub static DOCUMENT_IN_TEMPLATE: Table = Table::new(
    DOCUMENT_NOUN,
    DOCUMENT_CITE,
    fields![FLOW_FIELDS, triggers(&TRIGGER_IN_TEMPLATE_OBJECT)],
)
.elsewhere(OF_TEMPLATES);
