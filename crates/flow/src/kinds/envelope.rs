//! The fields that nodes have beside their `spec`, and those that many a `spec` has.

use super::field::{ANY_TEXT, Choice, Field, FieldType, Group, Source};
use crate::pattern;

/// Targets and build sources are one or the other.
pub(super) const SERVICE_OR_JOB: &[Choice] =
    &[Choice { value: "service", label: "Service" }, Choice { value: "job", label: "Job" }];

/// What every node has.
pub(super) const COMMON: [Field; 2] = [
    Field::new("/skipNodeExecution", "Skip this node", FieldType::SkipFlag)
        .help("The node is passed over in a run. An expression decides run by run.")
        .references()
        .group(Group::Options),
    Field::new("/ref", "Ref", ANY_TEXT)
        .help("The name by which later nodes read this node's outputs: ${refs.<ref>.<output>}.")
        .group(Group::Options),
];

const SUCCESS_HELP: &str = "The next step starts only after this one has succeeded. Without it, the next step starts as soon as this one was accepted.";

/// "Wait for completion" at `pointer`, by which a node waits until it has succeeded.
pub(super) const fn wait_for_success(pointer: &'static str) -> Field {
    Field::new(pointer, "Wait for completion", FieldType::Condition("success"))
        .help(SUCCESS_HELP)
        .group(Group::Options)
}

pub(super) const WAIT_FOR_SUCCESS: Field = wait_for_success("/condition");

/// "Wait for completion" at `pointer`, by which a node waits until something runs.
pub(super) const fn wait_for_running(pointer: &'static str, help: &'static str) -> Field {
    Field::new(pointer, "Wait for completion", FieldType::Condition("running"))
        .help(help)
        .group(Group::Options)
}

/// How long a wait may take.
pub(super) const fn timeout(pointer: &'static str) -> Field {
    Field::new(pointer, "Timeout", FieldType::Integer { min: 30, max: 14_400 })
        .help("Seconds until waiting for completion fails, from 30 to 14400 (four hours).")
        .references()
        .group(Group::Options)
}

/// The project of nodes that can act on another one.
pub(super) const fn project(pointer: &'static str) -> Field {
    Field::new(pointer, "Project", FieldType::of(&pattern::ID))
        .help("Only where the node acts on another project than the pipeline's.")
        .references()
        .group(Group::Advanced)
}

/// The branch of a build: one that earlier nodes and triggers can give.
pub(super) const fn branch(pointer: &'static str) -> Field {
    Field::new(pointer, "Branch", ANY_TEXT).references().source(Source::Outputs("branch"))
}

/// A member that tells kinds of one name apart. Forms don't show it: it is switched, not filled in.
pub(super) const fn selector(
    pointer: &'static str,
    label: &'static str,
    choices: &'static [Choice],
) -> Field {
    Field::new(pointer, label, FieldType::Choice(choices)).required().group(Group::Advanced)
}

/// An ID of the resource that a node acts on.
pub(super) const fn resource(
    pointer: &'static str,
    label: &'static str,
    ty: FieldType,
    source: Source,
) -> Field {
    Field::new(pointer, label, ty).required().references().source(source)
}
