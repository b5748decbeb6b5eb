//! `Action`: do something to what is there already, once.

use super::{
    Icon, Kind, Output, Scope, Section, Selector,
    envelope::{COMMON, project, resource, selector, timeout, wait_for_running, wait_for_success},
    field::{ANY_TEXT, Choice, Field, FieldType, Group, Source, fields},
    vcs,
    words::{Phrase, Summary},
};
use crate::pattern;

const KINDS: &[Choice] = &[
    Choice { value: "Service", label: "Service" },
    Choice { value: "Job", label: "Job" },
    Choice { value: "Addon", label: "Addon" },
    Choice { value: "AddonBackup", label: "Backup" },
    Choice { value: "VCS", label: "Git service" },
];

const TYPES: &[Choice] = &[
    Choice { value: "restart", label: "Restart" },
    Choice { value: "execute", label: "Run a command" },
    Choice { value: "restore", label: "Restore" },
    Choice { value: "createRepoFromSource", label: "Copy a repository" },
];

/// What every action says.
static SELECTORS: [Field; 2] = [
    selector("/spec/kind", "What is acted on", KINDS),
    selector("/spec/spec/type", "What is done", TYPES),
];

const fn does(kind: &'static str, what: &'static str) -> [Selector; 2] {
    [
        Selector { pointer: "/spec/kind", value: kind },
        Selector { pointer: "/spec/spec/type", value: what },
    ]
}

const ACTION: Kind = Kind {
    kind: "Action",
    section: Section::Data,
    cite: "release flow, node Action",
    scope: Scope::Both,
    ..Kind::NEW
};

static PROJECT: [Field; 1] = [project("/spec/spec/data/projectId")];
static TIMEOUT: [Field; 1] = [timeout("/spec/spec/data/timeoutDuration")];

const ADDON: &str = "/spec/spec/data/addonId";
const SERVICE: &str = "/spec/spec/data/serviceId";
const JOB: &str = "/spec/spec/data/jobId";

static ADDON_ID: [Field; 1] =
    [resource(ADDON, "Addon", FieldType::of(&pattern::ID), Source::Addons)];
static SERVICE_ID: [Field; 1] =
    [resource(SERVICE, "Service", FieldType::of(&pattern::ID), Source::Services)];
static JOB_ID: [Field; 1] = [resource(JOB, "Job", FieldType::of(&pattern::ID), Source::Jobs)];

static WAIT_FOR_RESTART: [Field; 1] = [wait_for_running(
    "/spec/spec/condition",
    "The next step starts only after it is running again. Without it, the next step starts as soon as the restart was accepted.",
)];

const WAITS_FOR_RESTART: &[&[Phrase]] =
    &[&[Phrase::Present { pointer: "/spec/spec/condition", says: "waits until it runs" }]];

pub(super) static RESTART_SERVICE: Kind = Kind {
    when: &does("Service", "restart"),
    title: "Restart service",
    icon: Icon::Restart,
    help: "Restarts a deployment service of this stage with what it runs now.",
    fields: fields![SELECTORS, SERVICE_ID, WAIT_FOR_RESTART, TIMEOUT, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: SERVICE }],
        details: WAITS_FOR_RESTART,
        resource: SERVICE,
    },
    template: r#"{
  "kind": "Action",
  "spec": {
    "kind": "Service",
    "spec": {
      "type": "restart",
      "data": {
        "serviceId": ""
      },
      "condition": "running"
    }
  }
}"#,
    ..ACTION
};

pub(super) static RESTART_ADDON: Kind = Kind {
    when: &does("Addon", "restart"),
    title: "Restart addon",
    icon: Icon::Restart,
    help: "Restarts a database or another addon.",
    fields: fields![SELECTORS, ADDON_ID, WAIT_FOR_RESTART, TIMEOUT, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: ADDON }],
        details: WAITS_FOR_RESTART,
        resource: ADDON,
    },
    template: r#"{
  "kind": "Action",
  "spec": {
    "kind": "Addon",
    "spec": {
      "type": "restart",
      "data": {
        "addonId": ""
      },
      "condition": "running"
    }
  }
}"#,
    ..ACTION
};

static BACKUP: [Field; 2] = [
    resource(
        "/spec/spec/data/backupId",
        "Backup",
        FieldType::of(&pattern::ID),
        Source::OutputsOf { kind: "AddonBackup", output: "id" },
    )
    .help("The ID of a backup of this addon."),
    wait_for_success("/spec/spec/condition"),
];

pub(super) static RESTORE_BACKUP: Kind = Kind {
    when: &does("AddonBackup", "restore"),
    title: "Restore backup",
    icon: Icon::Restore,
    help: "Puts a backup of an addon back into it. What the addon has now is replaced.",
    fields: fields![SELECTORS, ADDON_ID, BACKUP, TIMEOUT, COMMON, PROJECT],
    outputs: &[Output { name: "restoreId", help: "The restore's ID." }],
    summary: Summary {
        title: &[Phrase::Value { before: "of", pointer: ADDON }],
        details: &[
            &[Phrase::Value { before: "backup", pointer: "/spec/spec/data/backupId" }],
            &[Phrase::Present {
                pointer: "/spec/spec/condition",
                says: "waits until it succeeded",
            }],
        ],
        resource: ADDON,
    },
    template: r#"{
  "kind": "Action",
  "spec": {
    "kind": "AddonBackup",
    "spec": {
      "type": "restore",
      "data": {
        "addonId": "",
        "backupId": ""
      },
      "condition": "success"
    }
  }
}"#,
    ..ACTION
};

/// What is run, and as whom.
static COMMAND: [Field; 4] = [
    Field::new("/spec/spec/data/command", "Command", FieldType::at_least(1))
        .help("Run without a shell: for variables and pipes write sh -c \"…\".")
        .required(),
    Field::new("/spec/spec/data/shell", "Shell", ANY_TEXT)
        .help("The shell that runs the command, where one is wanted.")
        .group(Group::Advanced),
    Field::new("/spec/spec/data/user", "User", ANY_TEXT)
        .help("Who runs the command; the image's own user when this is empty.")
        .group(Group::Advanced),
    Field::new("/spec/spec/data/group", "Group", ANY_TEXT)
        .help("The group that runs the command; the user's own when this is empty.")
        .group(Group::Advanced),
];

const RUNS: &[&[Phrase]] = &[&[Phrase::Value { before: "", pointer: "/spec/spec/data/command" }]];

static DISPATCH: [Field; 1] = [Field::new(
    "/spec/spec/data/options/dispatchOnly",
    "Don't wait for the command",
    FieldType::Boolean,
)
.help("The node succeeds once the command was sent, whatever becomes of it.")
.group(Group::Options)];

pub(super) static RUN_IN_SERVICE: Kind = Kind {
    when: &does("Service", "execute"),
    title: "Run command in service",
    icon: Icon::Command,
    help: "Runs a command in a running container of a deployment service.",
    fields: fields![SELECTORS, SERVICE_ID, COMMAND, DISPATCH, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: SERVICE }],
        details: RUNS,
        resource: SERVICE,
    },
    template: r#"{
  "kind": "Action",
  "spec": {
    "kind": "Service",
    "spec": {
      "type": "execute",
      "data": {
        "serviceId": "",
        "command": ""
      }
    }
  }
}"#,
    ..ACTION
};

pub(super) static RUN_IN_JOB: Kind = Kind {
    when: &does("Job", "execute"),
    title: "Run command in job",
    icon: Icon::Command,
    help: "Runs a command in a running container of a job.",
    fields: fields![SELECTORS, JOB_ID, COMMAND, COMMON, PROJECT],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: JOB }],
        details: RUNS,
        resource: JOB,
    },
    template: r#"{
  "kind": "Action",
  "spec": {
    "kind": "Job",
    "spec": {
      "type": "execute",
      "data": {
        "jobId": "",
        "command": ""
      }
    }
  }
}"#,
    ..ACTION
};

const fn source(pointer: &'static str, label: &'static str) -> Field {
    Field::new(pointer, label, ANY_TEXT).references()
}

const fn service(pointer: &'static str, label: &'static str) -> Field {
    Field::new(pointer, label, FieldType::Choice(vcs::SERVICES)).references().required()
}

const TARGET_NAME: &str = "/spec/spec/data/targetData/name";
const SOURCE_SERVICE: &str = "/spec/spec/data/sourceData/vcsService";
const SOURCE_SELF_HOSTED: &str = "/spec/spec/data/sourceData/selfHostedVcsId";
const SOURCE_ACCOUNT: &str = "/spec/spec/data/sourceData/accountLogin";
const SOURCE_LINK: &str = "/spec/spec/data/sourceData/vcsLinkId";
const TARGET_ACCOUNT: &str = "/spec/spec/data/targetData/accountLogin";
const TARGET_LINK: &str = "/spec/spec/data/targetData/vcsLinkId";
const TARGET_SERVICE: &str = "/spec/spec/data/targetData/vcsService";
const TARGET_SELF_HOSTED: &str = "/spec/spec/data/targetData/selfHostedVcsId";

static COPY: [Field; 17] = [
    service(SOURCE_SERVICE, "Git service of the source"),
    source("/spec/spec/data/sourceData/repoUrl", "Repository to copy").required(),
    Field::new("/spec/spec/data/sourceData/publicRepo", "The source is public", FieldType::Boolean)
        .help("It can be read without an account.")
        .references(),
    service(TARGET_SERVICE, "Git service of the copy"),
    source(TARGET_NAME, "Name of the copy").required(),
    source("/spec/spec/data/targetData/description", "Description of the copy"),
    Field::new("/spec/spec/data/targetData/privateRepo", "The copy is private", FieldType::Boolean)
        .references(),
    source("/spec/spec/data/targetData/context", "Where the copy belongs")
        .help("The organisation or workspace that gets it, where the Git service has such.")
        .group(Group::Advanced),
    source("/spec/spec/data/targetData/folder", "Folder")
        .help("The folder or group that gets it, where the Git service has such.")
        .group(Group::Advanced),
    vcs::account(SOURCE_ACCOUNT).references(),
    vcs::link(SOURCE_LINK, FieldType::of(&pattern::VCS_LINK_ID)).references(),
    source("/spec/spec/data/sourceData/oauthProvider", "Sign-in of the source")
        .group(Group::Advanced),
    source(SOURCE_SELF_HOSTED, "Self-hosted service of the source").group(Group::Advanced),
    vcs::account(TARGET_ACCOUNT).references(),
    vcs::link(TARGET_LINK, FieldType::of(&pattern::VCS_LINK_ID)).references(),
    source("/spec/spec/data/targetData/oauthProvider", "Sign-in of the copy")
        .group(Group::Advanced),
    source(TARGET_SELF_HOSTED, "Self-hosted service of the copy").group(Group::Advanced),
];

pub(super) static COPY_REPOSITORY: Kind = Kind {
    when: &does("VCS", "createRepoFromSource"),
    title: "Copy repository",
    icon: Icon::Repository,
    section: Section::Other,
    help: "Makes a new repository with the content of another one.",
    fields: fields![SELECTORS, COPY, COMMON],
    rules: &[
        vcs::only_self_hosted(SOURCE_SELF_HOSTED, SOURCE_SERVICE),
        vcs::only_self_hosted(TARGET_SELF_HOSTED, TARGET_SERVICE),
        vcs::which_self_hosted(&[SOURCE_SELF_HOSTED, SOURCE_ACCOUNT, SOURCE_LINK], SOURCE_SERVICE),
        vcs::which_self_hosted(&[TARGET_SELF_HOSTED, TARGET_ACCOUNT, TARGET_LINK], TARGET_SERVICE),
    ],
    outputs: &[Output { name: "trackerId", help: "The ID by which a later node can wait for it." }],
    summary: Summary {
        title: &[Phrase::Value { before: "as", pointer: TARGET_NAME }],
        details: &[&[Phrase::Value {
            before: "from",
            pointer: "/spec/spec/data/sourceData/repoUrl",
        }]],
        resource: TARGET_NAME,
    },
    template: r#"{
  "kind": "Action",
  "spec": {
    "kind": "VCS",
    "spec": {
      "type": "createRepoFromSource",
      "data": {
        "sourceData": {
          "vcsService": "github",
          "repoUrl": ""
        },
        "targetData": {
          "vcsService": "github",
          "name": ""
        }
      }
    }
  }
}"#,
    ..ACTION
};
