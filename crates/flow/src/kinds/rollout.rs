//! `RolloutStrategy`: bring a new version to a part of the requests first.

use super::{
    Icon, Kind, Output, Section, Since,
    envelope::COMMON,
    field::{Choice, Field, FieldType, Group, fields},
    rule::{Rule, When},
    words::{Phrase, Summary},
};

const TYPES: &[Choice] = &[Choice { value: "canary", label: "Canary" }];

const STRATEGIES: &[Choice] = &[
    Choice { value: "percentage", label: "A share of the requests" },
    Choice { value: "header", label: "Requests with a header" },
];

const STRATEGY: &str = "/spec/details/canaryStrategy";
const BY_SHARE: When = When::is(STRATEGY, &["percentage"]);
const BY_HEADER: When = When::is(STRATEGY, &["header"]);

const CANARY_SHARE: &str = "/spec/details/config/canaryPercentage";
const STABLE_SHARE: &str = "/spec/details/config/stablePercentage";
const CANARY_NAME: &str = "/spec/details/config/canaryHeader/headerName";
const CANARY_VALUE: &str = "/spec/details/config/canaryHeader/headerValue";
const STABLE_NAME: &str = "/spec/details/config/stableHeader/headerName";
const STABLE_VALUE: &str = "/spec/details/config/stableHeader/headerValue";

const fn setting(pointer: &'static str, label: &'static str, ty: FieldType) -> Field {
    Field::new(pointer, label, ty).references()
}

const fn from(pointer: &'static str, label: &'static str) -> Field {
    setting(pointer, label, FieldType::Boolean)
        .help("Whether a release that comes this way is rolled out bit by bit.")
        .group(Group::Options)
}

const SHARE: FieldType = FieldType::Integer { min: 0, max: 100 };

static FIELDS: [Field; 15] = [
    setting("/spec/name", "Name", FieldType::at_least(1)).required(),
    setting("/spec/type", "Type", FieldType::Choice(TYPES)).required(),
    setting(STRATEGY, "What gets the new version", FieldType::Choice(STRATEGIES)).required(),
    setting(CANARY_SHARE, "Share of the new version", SHARE)
        .help("Per cent of the requests. Only for a share of the requests."),
    setting(STABLE_SHARE, "Share of the old version", SHARE)
        .help("Per cent of the requests. Only for a share of the requests."),
    setting(CANARY_NAME, "Header for the new version", FieldType::at_least(1))
        .help("Only for requests with a header."),
    setting(CANARY_VALUE, "Its value", FieldType::at_least(1))
        .help("A request whose header has it gets the new version."),
    setting(STABLE_NAME, "Header for the old version", FieldType::at_least(1))
        .help("Only for requests with a header."),
    setting(STABLE_VALUE, "Its value for the old version", FieldType::at_least(1))
        .help("A request whose header has it gets the old version."),
    from("/spec/options/triggers/releaseFromTemplate", "Releases of templates"),
    from("/spec/options/triggers/releaseFromReleaseFlow", "Releases of release flows"),
    from("/spec/options/triggers/releaseFromCD", "Releases of continuous deployment"),
    from("/spec/options/triggers/releaseFromUI", "Releases by hand"),
    from("/spec/options/triggers/releaseFromApi", "Releases by the API"),
    setting(
        "/spec/options/blockDeploymentOnActiveRollout",
        "Nothing else while it goes on",
        FieldType::Boolean,
    )
    .help("New releases are refused until the rollout is over.")
    .group(Group::Options),
];

const fn only(pointer: &'static str, when: When) -> Rule {
    Rule::OnlyWith {
        pointer,
        when,
        says: "This has no effect with the way of choosing requests that `canaryStrategy` says.",
    }
}

const fn share(pointer: &'static str) -> Rule {
    Rule::Needed { pointer, when: BY_SHARE, says: "Say how many per cent of the requests." }
}

pub(super) static ROLLOUT_STRATEGY: Kind = Kind {
    kind: "RolloutStrategy",
    title: "Rollout strategy",
    icon: Icon::Rollout,
    section: Section::Release,
    since: Since::Y2026,
    help: "Says how later releases bring a new version to a part of the requests first.",
    cite: "release flow, node RolloutStrategy",
    fields: fields![FIELDS, COMMON],
    rules: &[
        share(CANARY_SHARE),
        share(STABLE_SHARE),
        Rule::Needed {
            pointer: "/spec/details/config/canaryHeader",
            when: BY_HEADER,
            says: "Say which header a request for the new version has.",
        },
        only(CANARY_SHARE, BY_SHARE),
        only(STABLE_SHARE, BY_SHARE),
        only("/spec/details/config/canaryHeader", BY_HEADER),
        only("/spec/details/config/stableHeader", BY_HEADER),
    ],
    outputs: &[
        Output { name: "id", help: "The strategy's ID." },
        Output { name: "name", help: "Its name." },
        Output { name: "type", help: "Its type." },
        Output { name: "options", help: "What starts it: an object." },
        Output { name: "details", help: "How requests are parted: an object." },
    ],
    summary: Summary {
        title: &[Phrase::Value { before: "", pointer: "/spec/name" }],
        details: &[&[
            Phrase::Value { before: "new version for per cent:", pointer: CANARY_SHARE },
            Phrase::Value { before: "new version for header", pointer: CANARY_NAME },
        ]],
        resource: "/spec/name",
    },
    template: r#"{
  "kind": "RolloutStrategy",
  "spec": {
    "name": "",
    "type": "canary",
    "details": {
      "canaryStrategy": "percentage",
      "config": {
        "canaryPercentage": 20,
        "stablePercentage": 80
      }
    }
  }
}"#,
    ..Kind::NEW
};
