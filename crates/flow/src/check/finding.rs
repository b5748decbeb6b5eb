//! What rules find, before it is known where that stands.

use std::{collections::HashSet, ops::Range};

use super::{Fix, Severity, code};
use crate::document::Key;

/// One thing that a rule found.
#[derive(Clone)]
pub(super) struct Finding {
    /// The value, or the object that lacks a member.
    pub(super) key: Key,
    /// Pointer from `key` to the member that is missing; else empty.
    pub(super) below: &'static str,
    pub(super) mark: Mark,
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) sentence: String,
    pub(super) fixes: Vec<Fix>,
}

/// Which characters a problem is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Value,
    /// The name of the member that has the value.
    Name,
    /// Bytes of the decoded text of a string.
    Within(Range<usize>),
    /// The beginning of the object: it lacks something, or is all wrong.
    Missing,
}

impl Finding {
    /// It is about the name of the member, not about its value.
    pub(super) fn at_name(&mut self) -> &mut Self {
        self.mark = Mark::Name;
        self
    }

    /// It is about all of a large value, of which only the beginning is marked.
    pub(super) fn at_beginning(&mut self) -> &mut Self {
        self.mark = Mark::Missing;
        self
    }

    /// It is about these bytes of the decoded text.
    pub(super) fn within(&mut self, span: Range<usize>) -> &mut Self {
        self.mark = Mark::Within(span);
        self
    }

    pub(super) fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fixes.extend(fix.into());
        self
    }
}

/// What the rules found so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) all: Vec<Finding>,
    /// Members that are there under another name or in another place, which has been said: the
    /// object that should have each, and the pointer from it.
    strayed: HashSet<(Key, String)>,
    /// Values that aren't as their fields want them.
    wrong: HashSet<Key>,
}

impl Findings {
    pub(super) fn error(
        &mut self,
        key: Key,
        code: &'static str,
        sentence: impl Into<String>,
    ) -> &mut Finding {
        self.add(key, Severity::Error, code, sentence.into())
    }

    pub(super) fn warning(
        &mut self,
        key: Key,
        code: &'static str,
        sentence: impl Into<String>,
    ) -> &mut Finding {
        self.add(key, Severity::Warning, code, sentence.into())
    }

    pub(super) fn hint(
        &mut self,
        key: Key,
        code: &'static str,
        sentence: impl Into<String>,
    ) -> &mut Finding {
        self.add(key, Severity::Hint, code, sentence.into())
    }

    /// The member at `below` from `key` is not there and should be.
    pub(super) fn missing(
        &mut self,
        key: Key,
        below: &'static str,
        code: &'static str,
        sentence: String,
    ) -> &mut Finding {
        let finding = self.add(key, Severity::Error, code, sentence);
        finding.below = below;
        finding.mark = Mark::Missing;
        finding
    }

    /// Notes that what should be at `below` from `object` was found elsewhere.
    pub(super) fn strayed(&mut self, object: Key, below: impl Into<String>) {
        self.strayed.insert((object, below.into()));
    }

    /// Whether what should be at `below` from `object` was found elsewhere, so that nothing more
    /// needs to be said about its absence.
    pub(super) fn has_strayed(&self, object: Key, below: &str) -> bool {
        !self.strayed.is_empty() && self.strayed.contains(&(object, below.to_owned()))
    }

    /// Whether a value isn't as its field wants it, so that what it would mean for others needn't
    /// be said.
    pub(super) fn is_wrong(&self, key: Key) -> bool {
        self.wrong.contains(&key)
    }

    #[expect(clippy::indexing_slicing, reason = "what was just pushed is there")]
    pub(super) fn add(
        &mut self,
        key: Key,
        severity: Severity,
        code: &'static str,
        sentence: String,
    ) -> &mut Finding {
        let at = self.all.len();
        if severity == Severity::Error && matches!(code, code::TYPE | code::VALUE | code::STRUCTURE)
        {
            self.wrong.insert(key);
        }
        let (below, mark, fixes) = ("", Mark::Value, Vec::new());
        self.all.push(Finding { key, below, mark, severity, code, sentence, fixes });
        &mut self.all[at]
    }
}
