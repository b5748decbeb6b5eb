//! The codes of problems, one table: for filters, tests and the reference page.

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Stable: `later-ref`.
    pub word: &'static str,
    /// One sentence for the reference.
    pub means: &'static str,
}

macro_rules! codes {
    ($(#[$about:meta])* $table:ident: $($name:ident $word:literal $means:literal;)*) => {
        $(#[doc = $means] pub const $name: &str = $word;)*

        $(#[$about])*
        pub static $table: &[Code] = &[$(Code { word: $word, means: $means }),*];
    };
}

codes! {
    /// Every code of a problem in a document, in the order of the reference.
    ALL:
    STRUCTURE "structure" "A part of the document isn't built as it must be: a node without a kind, a spec that is no object.";
    REQUIRED "required" "A member that must be there is missing or empty.";
    TYPE "type" "A value is of the wrong sort: a text where a number belongs.";
    VALUE "value" "A value is of the right sort, but not one that the API takes.";
    LEFT_OPEN "left-open" "A member isn't needed, but without it nothing says which of several is meant.";
    ALTERNATIVES "alternatives" "Of several members one is needed, or only one may be there.";
    UNKNOWN_MEMBER "unknown-member" "A member that the API doesn't know; it has no effect.";
    MISSPELT_MEMBER "misspelt-member" "A member that looks like a slip of the pen for one that the API knows.";
    MISPLACED_MEMBER "misplaced-member" "A member stands in the wrong object and has no effect there.";
    DUPLICATE_MEMBER "duplicate-member" "A member is written twice in one object; only the last one counts.";
    OLD_VERSION "old-version" "The document is written for an older version of the API.";
    UNKNOWN_KIND "unknown-kind" "A node of a kind that isn't known here: it is kept, drawn and not checked.";
    MISSPELT_KIND "misspelt-kind" "The kind of a node looks like a slip of the pen for one that is known.";
    KIND_NOT_HERE "kind-not-here" "A node of a kind that belongs in another sort of document, or only in a teardown.";
    EMPTY_WORKFLOW "empty-workflow" "A workflow has no steps and does nothing.";
    EMPTY_INHERITANCE "empty-inheritance" "A node that inherits secrets names no group to take them from.";
    DOUBTFUL_ROLLOUT "doubtful-rollout" "The two versions of a rollout get shares that don't make 100 per cent, or the same requests.";
    MALFORMED_EXPRESSION "malformed-expression" "What begins like an expression, with `${`, isn't one, or calls a function that can't be called so.";
    UNDOCUMENTED_FUNCTION "undocumented-function" "An expression calls a function that the vendor lists without saying how it is written; it can't be checked or worked out here.";
    UNKNOWN_SECRET "unknown-secret" "An expression reads something of a global secret that there never is: there are `.values.KEY` and `.files.FILE.path`.";
    NO_TEMPLATE "no-template" "An expression reads from a template around the flow, and there is none.";
    ARGUMENT_WITHOUT_DEFAULT "argument-without-default" "An argument has no default, so every run must bring a value for it.";
    MISSPELT_ARGUMENT "misspelt-argument" "An expression names an argument that looks like a slip of the pen for one that is there.";
    UNUSED_ARGUMENT "unused-argument" "An argument has a default that nothing reads.";
    AWKWARD_ARGUMENT "awkward-argument" "An argument's name has characters that an expression may not find.";
    COMMIT_AS_BRANCH "commit-as-branch" "An argument that the run dialog fills with a commit stands where a branch belongs.";
    DUPLICATE_REF "duplicate-ref" "Two nodes or triggers have the same ref.";
    AWKWARD_REF "awkward-ref" "A ref has characters that an expression may not find.";
    UNKNOWN_REF "unknown-ref" "An expression names a ref that nothing in the flow has.";
    LATER_REF "later-ref" "An expression reads from a node that hasn't finished by then.";
    SKIPPED_REF "skipped-ref" "An expression reads from a node that is passed over in every run.";
    UNKNOWN_OUTPUT "unknown-output" "An expression reads something that a node or trigger doesn't leave behind.";
    IDLE_TIMEOUT "idle-timeout" "A timeout bounds a wait that isn't asked for.";
    REDUNDANT_WAIT "redundant-wait" "A node waits for what an earlier one has waited for already.";
    WRONG_OUTPUT "wrong-output" "A node reads what one sort of node leaves behind from another sort.";
    UNFINISHED_BUILD "unfinished-build" "A build is deployed that nothing waits for.";
    SAME_TARGET "same-target" "Two releases that run side by side have the same target.";
    NOTHING_TO_PROMOTE "nothing-to-promote" "The first stage has no stage before it to promote from.";
    NOT_IN_STAGE "not-in-stage" "A node acts on a resource that its stage, or the one before it, doesn't have.";
    NO_BUILD_SERVICE "no-build-service" "A node names a build service that the project doesn't have.";
    NEVER_TRIGGERS "never-triggers" "A Git trigger can never start a run.";
    NO_SUCH_BRANCH "no-such-branch" "A branch rule fits no name that a branch can have.";
    SAME_TRIGGER "same-trigger" "Two Git triggers start runs for the same events.";
    NO_EFFECT "no-effect" "A setting has no effect as long as another one is as it is.";
    PAUSED "paused" "The flow's triggers are paused.";
    DOUBTFUL_PATH "doubtful-path" "A path in a repository that probably isn't meant.";
    PLAIN_SECRET "plain-secret" "Something that looks like a secret stands in the document as plain text.";
    MANY_PROBLEMS "many-problems" "There are more problems in one value than are listed.";
}

codes! {
    /// What is said of a file, besides the problems of the document in it.
    OF_FILES:
    UNREADABLE "unreadable" "The file can't be read, or isn't text in UTF-8.";
    TOO_LARGE "too-large" "The file is longer than a document may be.";
    SYNTAX "syntax" "The text isn't one JSON value.";
    BYTE_ORDER_MARK "byte-order-mark" "The file begins with a byte order mark, which some programs refuse before JSON.";
    UNLISTED "unlisted" "There are more problems in one file than are listed.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ALL, OF_FILES};

    #[test]
    fn codes_are_told_apart_and_explained() {
        let all = || ALL.iter().chain(OF_FILES);
        let words: HashSet<_> = all().map(|code| code.word).collect();
        assert_eq!(words.len(), all().count());
        for code in all() {
            assert!(code.word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert!(code.means.ends_with('.'), "{}", code.word);
        }
    }
}
