//! How a Git repository and the access to it are written: the same in triggers, GitOps, messages
//! and actions.

use super::{
    field::{ANY_TEXT, Choice, Field, FieldType, Group},
    rule::{Rule, When},
};
use crate::pattern;

/// The Git services that the API knows.
pub(super) const SERVICES: &[Choice] = &[
    Choice { value: "github", label: "GitHub" },
    Choice { value: "gitlab", label: "GitLab" },
    Choice { value: "bitbucket", label: "Bitbucket" },
    Choice { value: "azure", label: "Azure DevOps" },
    Choice { value: SELF_HOSTED, label: "Self-hosted" },
];

/// The word for a Git service of one's own.
const SELF_HOSTED: &str = "self-hosted";

/// A self-hosted service's ID counts only where the service is said to be one.
pub(super) const fn only_self_hosted(pointer: &'static str, service: &'static str) -> Rule {
    Rule::OnlyWith {
        pointer,
        when: When::is(service, &[SELF_HOSTED]),
        says: "The self-hosted service's ID counts only where the Git service is `self-hosted`.",
    }
}

/// Which self-hosted service is meant, or which account, when there may be several.
pub(super) const fn which_self_hosted(of: &'static [&'static str], service: &'static str) -> Rule {
    Rule::Advised {
        of,
        when: When::is(service, &[SELF_HOSTED]),
        says: "Nothing says which self-hosted Git service is meant: give its ID, or the account.",
    }
}

pub(super) const fn service(pointer: &'static str) -> Field {
    Field::new(pointer, "Git service", FieldType::Choice(SERVICES)).required()
}

pub(super) const fn repository(pointer: &'static str) -> Field {
    Field::new(pointer, "Repository", FieldType::of(&pattern::REPO_URL))
        .help("The address in the browser, without .git: https://github.com/acme/shop.")
        .required()
}

pub(super) const fn self_hosted(pointer: &'static str) -> Field {
    Field::new(pointer, "Self-hosted service ID", FieldType::of(&pattern::SELF_HOSTED_VCS_ID))
        .help("Only for a self-hosted Git service.")
        .group(Group::Advanced)
}

pub(super) const fn account(pointer: &'static str) -> Field {
    Field::new(pointer, "Account", ANY_TEXT)
        .help("Which of several linked accounts to use. Any that has access when this is empty.")
        .group(Group::Advanced)
}

/// The old way to name the account.
pub(super) const fn link(pointer: &'static str, ty: FieldType) -> Field {
    Field::new(pointer, "Linked account ID", ty)
        .help("An older way to choose the account; the account's name does the same.")
        .group(Group::Advanced)
}
