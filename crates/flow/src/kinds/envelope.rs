//! The fields that nodes have beside their `spec`.

use super::field::{ANY_TEXT, Choice, Field, FieldType, Group, Source};
use crate::pattern;

const CITE: &str = "release flow, common node fields";

/// Targets and build sources are one or the other.
pub(super) const SERVICE_OR_JOB: &[Choice] =
    &[Choice { value: "service", label: "Service" }, Choice { value: "job", label: "Job" }];

pub(super) const REF: Field = Field::new("/ref", "Ref", ANY_TEXT)
    .help("The name by which later nodes read this node's outputs: ${refs.<ref>.<output>}.")
    .group(Group::Options)
    .cite(CITE);

pub(super) const SKIP: Field =
    Field::new("/skipNodeExecution", "Skip this node", FieldType::SkipFlag)
        .help("The node is passed over in a run. An expression decides run by run.")
        .references()
        .group(Group::Options)
        .cite(CITE);

pub(super) const WAIT_FOR_SUCCESS: Field =
    Field::new("/condition", "Wait for completion", FieldType::Condition("success"))
        .help("The next step starts only after this one has succeeded. Without it, the next step starts as soon as this one was accepted.")
        .group(Group::Options)
        .cite(CITE);

pub(super) const WAIT_FOR_RUNNING: Field =
    Field::new("/condition", "Wait for completion", FieldType::Condition("running"))
        .help("The next step starts only after the new version is running. Without it, the next step starts as soon as the release was accepted.")
        .group(Group::Options)
        .cite(CITE);

/// `spec.projectId` of nodes that can act on another project.
pub(super) const fn project() -> Field {
    Field::new("/spec/projectId", "Project", FieldType::of(&pattern::ID))
        .help("Only where the node acts on another project than the pipeline's.")
        .references()
        .group(Group::Advanced)
        .cite(CITE)
}

/// A commit of a build: a branch that earlier nodes and triggers can give.
pub(super) const fn branch(pointer: &'static str, cite: &'static str) -> Field {
    Field::new(pointer, "Branch", ANY_TEXT)
        .references()
        .source(Source::Outputs("branch"))
        .cite(cite)
}
