//! Tables of the same sort for the document around the flow: its top level, triggers, options,
//! GitOps, rich inputs.

use super::field::{ANY_TEXT, Choice, Field, FieldType, Group};
use crate::{concurrency, pattern};

const DOCUMENT_CITE: &str = "release flow, document";
const TRIGGER_CITE: &str = "release flow, triggers";
const GITOPS_CITE: &str = "release flow, gitops";
const INPUT_CITE: &str = "release flow, rich inputs";

const API_VERSIONS: &[Choice] =
    &[Choice { value: "v1.2", label: "v1.2" }, Choice { value: "v1", label: "v1 (old)" }];

const VCS_SERVICES: &[Choice] = &[
    Choice { value: "github", label: "GitHub" },
    Choice { value: "gitlab", label: "GitLab" },
    Choice { value: "bitbucket", label: "Bitbucket" },
    Choice { value: "azure", label: "Azure DevOps" },
    Choice { value: "self-hosted", label: "Self-hosted" },
];

const INPUT_KINDS: &[Choice] = &[
    Choice { value: "BranchCommitSelector", label: "Branch and commit" },
    Choice { value: "BuildSelector", label: "Build" },
];

const fn repo_url(cite: &'static str) -> Field {
    Field::new("/repoUrl", "Repository", FieldType::of(&pattern::REPO_URL))
        .help("The address in the browser, without .git: https://github.com/acme/shop.")
        .required()
        .cite(cite)
}

const fn vcs_service(cite: &'static str) -> Field {
    Field::new("/vcsService", "Git service", FieldType::Choice(VCS_SERVICES)).required().cite(cite)
}

const fn self_hosted(cite: &'static str) -> Field {
    Field::new(
        "/selfHostedVcsId",
        "Self-hosted service ID",
        FieldType::of(&pattern::SELF_HOSTED_VCS_ID),
    )
    .help("Only for a self-hosted Git service.")
    .group(Group::Advanced)
    .cite(cite)
}

const fn account(pointer: &'static str, label: &'static str, cite: &'static str) -> Field {
    Field::new(pointer, label, ANY_TEXT).group(Group::Advanced).cite(cite)
}

/// The words of `ciIgnoreFlags` where a trigger has no list of its own.
pub const DEFAULT_CI_IGNORE_FLAGS: [&str; 7] = [
    "[skip ci]",
    "[ci skip]",
    "[no ci]",
    "[skip nf]",
    "[nf skip]",
    "[northflank skip]",
    "[skip northflank]",
];

static BRANCH_RULE: FieldType = FieldType::of(&pattern::BRANCH_RULE);

/// One entry of `triggers`; pointers are relative to it.
pub static TRIGGER: &[Field] = &[
    Field::new("/ref", "Ref", ANY_TEXT)
        .help("The name by which nodes read what fired: ${refs.<ref>.branch}, .sha, .repoUrl.")
        .cite(TRIGGER_CITE),
    vcs_service(TRIGGER_CITE),
    repo_url(TRIGGER_CITE),
    Field::new("/branchRestrictions", "Branches", FieldType::List(&BRANCH_RULE))
        .help("A push to one of these branches starts a run. * stands for any text.")
        .cite(TRIGGER_CITE),
    Field::new("/prRestrictions", "Pull requests from", FieldType::List(&BRANCH_RULE))
        .help("A pull request from one of these branches starts a run. * stands for any text.")
        .cite(TRIGGER_CITE),
    Field::new("/pathIgnoreRules", "Path rules", FieldType::List(&FieldType::up_to(260)))
        .help("One pattern a line, written as in a .gitignore file.")
        .group(Group::Options)
        .cite(TRIGGER_CITE),
    Field::new("/isAllowList", "Paths are an allow list", FieldType::Boolean)
        .help("Run only when one of the paths has changed, instead of ignoring them.")
        .group(Group::Options)
        .cite(TRIGGER_CITE),
    Field::new("/ciIgnoreFlagsEnabled", "Commit messages can stop a run", FieldType::Boolean)
        .group(Group::Options)
        .cite(TRIGGER_CITE),
    Field::new("/ciIgnoreFlags", "Words that stop a run", FieldType::List(&FieldType::up_to(72)))
        .help("A commit whose message has one of these words starts nothing.")
        .group(Group::Options)
        .cite(TRIGGER_CITE),
    Field::new("/ignoreDrafts", "Ignore draft pull requests", FieldType::Boolean)
        .group(Group::Options)
        .cite(TRIGGER_CITE),
    self_hosted(TRIGGER_CITE),
    account("/accountLogin", "Account", TRIGGER_CITE),
    account("/vcsLinkId", "Linked account ID", TRIGGER_CITE),
];

/// `options`; pointers are relative to it.
pub static OPTIONS: &[Field] = &[
    Field::new(
        "/concurrencyPolicy",
        "When a run is already active",
        FieldType::Choice(concurrency::CHOICES),
    )
    .cite(DOCUMENT_CITE),
    Field::new("/paused", "Triggers are paused", FieldType::Boolean)
        .help("Git triggers and the webhook start nothing. Runs by hand still work.")
        .cite(DOCUMENT_CITE),
];

/// `gitops`; pointers are relative to it.
pub static GITOPS: &[Field] = &[
    vcs_service(GITOPS_CITE),
    repo_url(GITOPS_CITE),
    Field::new("/branch", "Branch", FieldType::Text { min: 1, max: usize::MAX, pattern: None })
        .required()
        .cite(GITOPS_CITE),
    Field::new("/filePath", "File", FieldType::of(&pattern::FILE_PATH))
        .help("From the top of the repository: /release-development.json.")
        .required()
        .cite(GITOPS_CITE),
    self_hosted(GITOPS_CITE),
    account("/accountLogin", "Account", GITOPS_CITE),
    account("/vcsLinkId", "Linked account ID", GITOPS_CITE),
    // Only in answers: the commit that the document was read from.
    account("/templateSha", "Commit", GITOPS_CITE),
];

/// One entry of `richInputs`; pointers are relative to it.
pub static RICH_INPUT: &[Field] = &[
    Field::new("/kind", "Asks for", FieldType::Choice(INPUT_KINDS)).required().cite(INPUT_CITE),
    Field::new("/spec/title", "Title", ANY_TEXT).cite(INPUT_CITE),
    Field::new("/spec/description", "Description", ANY_TEXT).cite(INPUT_CITE),
    Field::new("/spec/required", "A value must be chosen", FieldType::Boolean).cite(INPUT_CITE),
    Field::new("/spec/inputs/source", "Build service", ANY_TEXT).required().cite(INPUT_CITE),
    Field::new("/spec/outputs/branch", "Argument for the branch", ANY_TEXT).cite(INPUT_CITE),
    Field::new("/spec/outputs/buildSha", "Argument for the commit", ANY_TEXT).cite(INPUT_CITE),
    Field::new("/spec/outputs/buildId", "Argument for the build", ANY_TEXT).cite(INPUT_CITE),
];

static TRIGGER_OBJECT: FieldType = FieldType::Object(TRIGGER);
static RICH_INPUT_OBJECT: FieldType = FieldType::Object(RICH_INPUT);

/// A member that only answers of the API carry; a document that was read and sent back has it.
const fn answered(pointer: &'static str) -> Field {
    Field::new(pointer, "Set by the server", FieldType::Json)
        .group(Group::Advanced)
        .cite("release flow, get release flow")
}

/// The top level of the document. The flow itself (`/spec`) is walked node by node.
pub static DOCUMENT: &[Field] = &[
    Field::new("/apiVersion", "API version", FieldType::Choice(API_VERSIONS))
        .required()
        .cite(DOCUMENT_CITE),
    Field::new("/$schema", "Schema", ANY_TEXT).group(Group::Advanced).cite(DOCUMENT_CITE),
    Field::new("/arguments", "Arguments", FieldType::Map)
        .help("Default values, read as ${args.NAME}.")
        .cite(DOCUMENT_CITE),
    Field::new("/options", "Options", FieldType::Object(OPTIONS)).cite(DOCUMENT_CITE),
    Field::new("/triggers", "Git triggers", FieldType::List(&TRIGGER_OBJECT)).cite(TRIGGER_CITE),
    Field::new("/gitops", "GitOps", FieldType::Object(GITOPS)).cite(GITOPS_CITE),
    Field::new("/richInputs", "Inputs", FieldType::List(&RICH_INPUT_OBJECT)).cite(INPUT_CITE),
    Field::new("/spec", "Release flow", FieldType::Json).required().cite(DOCUMENT_CITE),
    Field::new("/teardownSpec", "Teardown", FieldType::Json)
        .group(Group::Advanced)
        .cite(DOCUMENT_CITE),
    Field::new("/project", "Project", FieldType::Json).group(Group::Advanced).cite(DOCUMENT_CITE),
    answered("/stage"),
    answered("/status"),
    answered("/paused"),
    answered("/concurrencyPolicy"),
    answered("/createdAt"),
    answered("/updatedAt"),
];
