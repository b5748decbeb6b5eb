//! `Message`: tell people, or another system, how far the run is.

use super::{
    Icon, Kind, Scope, Section, Selector, Since,
    envelope::{COMMON, selector},
    field::{ANY_TEXT, Choice, Field, FieldType, Source, fields},
    rule::Rule,
    vcs,
    words::{Phrase, Summary},
};
use crate::pattern;

const KINDS: &[Choice] = &[
    Choice { value: "VCS", label: "Comment on a pull request" },
    Choice { value: "SLACK", label: "Slack" },
    Choice { value: "RAW_WEBHOOK", label: "Webhook" },
];

static SELECTORS: [Field; 1] = [selector("/spec/kind", "Where it goes", KINDS)];

static TEXT: [Field; 1] = [Field::new("/spec/spec/message", "Message", FieldType::at_least(1))
    .help("May hold values of earlier nodes: ${refs.<ref>.<output>}.")
    .required()
    .references()
    .in_lines()];

const MESSAGE: Kind = Kind {
    kind: "Message",
    section: Section::Tell,
    since: Since::Y2026,
    cite: "release flow, node Message",
    scope: Scope::Both,
    ..Kind::NEW
};

const fn to(kind: &'static str) -> [Selector; 1] {
    [Selector { pointer: "/spec/kind", value: kind }]
}

const WHAT: &[&[Phrase]] = &[&[Phrase::Value { before: "", pointer: "/spec/spec/message" }]];

static PULL_REQUEST: [Field; 5] = [
    vcs::service("/spec/spec/vcsService").references(),
    vcs::repository("/spec/spec/repoUrl").references().source(Source::Outputs("repoUrl")),
    Field::new("/spec/spec/pullRequestId", "Pull request", FieldType::at_least(1))
        .help("The pull request's number, in quotes.")
        .required()
        .references()
        .source(Source::Outputs("pullRequestId")),
    vcs::account("/spec/spec/accountLogin").references(),
    vcs::self_hosted("/spec/spec/selfHostedVcsId").references(),
];

pub(super) static COMMENT: Kind = Kind {
    when: &to("VCS"),
    title: "Comment on pull request",
    icon: Icon::Comment,
    help: "Writes a comment below a pull request.",
    fields: fields![SELECTORS, TEXT, PULL_REQUEST, COMMON],
    rules: &[
        vcs::only_self_hosted("/spec/spec/selfHostedVcsId", "/spec/spec/vcsService"),
        vcs::which_self_hosted(
            &["/spec/spec/selfHostedVcsId", "/spec/spec/accountLogin"],
            "/spec/spec/vcsService",
        ),
    ],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: "/spec/spec/pullRequestId" }],
        details: WHAT,
        resource: "",
    },
    template: r#"{
  "kind": "Message",
  "spec": {
    "kind": "VCS",
    "spec": {
      "vcsService": "github",
      "repoUrl": "",
      "pullRequestId": "",
      "message": ""
    }
  }
}"#,
    ..MESSAGE
};

const WEBHOOK_URL: &str = "/spec/spec/webhookUrl";
const INTEGRATION: &str = "/spec/spec/integrationInternalId";

static CHANNEL: [Field; 2] = [
    Field::new(INTEGRATION, "Slack integration", FieldType::of(&pattern::INTEGRATION_ID))
        .help("The ID of an integration of the team. Either this or an address.")
        .references(),
    Field::new(WEBHOOK_URL, "Slack webhook", ANY_TEXT)
        .help("The address that Slack gives for a channel. Either this or an integration.")
        .references(),
];

pub(super) static SLACK: Kind = Kind {
    when: &to("SLACK"),
    title: "Send Slack message",
    icon: Icon::Chat,
    help: "Sends a message to a channel of Slack.",
    fields: fields![SELECTORS, TEXT, CHANNEL, COMMON],
    rules: &[Rule::ExactlyOne {
        when: None,
        of: &[INTEGRATION, WEBHOOK_URL],
        none: "Choose where the message goes: a Slack integration, or the address of a webhook.",
        several: "Send by an integration or to an address, not both: clear one of them.",
    }],
    summary: Summary {
        title: &[Phrase::Value { before: "by", pointer: INTEGRATION }],
        details: WHAT,
        resource: "",
    },
    template: r#"{
  "kind": "Message",
  "spec": {
    "kind": "SLACK",
    "spec": {
      "integrationInternalId": "",
      "message": ""
    }
  }
}"#,
    ..MESSAGE
};

static ADDRESS: [Field; 1] = [Field::new(WEBHOOK_URL, "Address", FieldType::at_least(1))
    .help("Where the message is sent to.")
    .required()
    .references()];

pub(super) static WEBHOOK: Kind = Kind {
    when: &to("RAW_WEBHOOK"),
    title: "Call webhook",
    icon: Icon::Webhook,
    help: "Sends a message to any address that takes one.",
    fields: fields![SELECTORS, ADDRESS, TEXT, COMMON],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: WEBHOOK_URL }],
        details: WHAT,
        resource: "",
    },
    template: r#"{
  "kind": "Message",
  "spec": {
    "kind": "RAW_WEBHOOK",
    "spec": {
      "webhookUrl": "",
      "message": ""
    }
  }
}"#,
    ..MESSAGE
};
