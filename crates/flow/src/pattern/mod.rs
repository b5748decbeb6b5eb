//! The API's text patterns, each with its bounds, its vectors and words for a person about what is
//! wrong with a text. `library` has the patterns, `words` the explanations.
//!
//! The vendor prints several of them with doubled backslashes or loose alternations; these are the
//! forms that were meant. White space is ECMAScript's set, lengths are UTF-16 code units: what the
//! API refuses must be refused here too, and the other way round. The classes are written out, so
//! that an engine without Unicode tables can run them.
//!
//! May import: nothing of ours.

mod library;
#[cfg(test)]
mod tests;
mod words;

use std::sync::OnceLock;

pub use library::*;
use regex_lite::Regex;

/// A pattern of the API. Compiled when it is first asked.
#[derive(Debug)]
pub struct Pattern {
    /// A stable name, for messages and tests.
    pub id: &'static str,
    /// What a text of it is called in a sentence, with its article: "A name".
    pub noun: &'static str,
    /// The expression, anchored where the API anchors it.
    pub source: &'static str,
    /// Bounds in UTF-16 code units.
    pub min: usize,
    pub max: usize,
    /// What is allowed, in one sentence: the last word when nothing closer can be said.
    pub rule: &'static str,
    /// Whether the character can stand anywhere in such a text.
    allows: fn(char) -> bool,
    /// Whether any row of such characters matches, so that the expression needn't be asked; None
    /// where their order matters, else the fewest there must be.
    any_of: Option<usize>,
    /// What is wrong with the order of characters that are allowed.
    shape: fn(&Pattern, &str) -> Option<String>,
    /// Texts that match, and texts that don't; the bounds are not looked at.
    pub accept: &'static [&'static str],
    pub reject: &'static [&'static str],
    compiled: OnceLock<Regex>,
}

/// A pattern is one thing wherever it is used: two are the same when their names are.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Pattern {
    /// Whether the text has the pattern's form, whatever its length.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self.any_of {
            Some(fewest) => text.len() >= fewest && text.chars().all(self.allows),
            None => self.regex().is_match(text),
        }
    }

    /// Whether form and length are right.
    ///
    /// # Errors
    /// A sentence for a person about what is wrong with this text.
    pub fn check(&self, text: &str) -> Result<(), String> {
        self.check_within(text, self.min, self.max)
    }

    /// The same with bounds other than the pattern's own, in UTF-16 code units.
    ///
    /// # Errors
    /// A sentence for a person about what is wrong with this text.
    pub fn check_within(&self, text: &str, min: usize, max: usize) -> Result<(), String> {
        if let Some(sentence) = words::length(self.noun, text, min, max) {
            return Err(sentence);
        }
        if self.matches(text) {
            return Ok(());
        }
        Err(self.explain(text))
    }

    /// What is wrong with the form of a text that doesn't match: the first character that can't
    /// be there, else the first wrong order, else the rule.
    fn explain(&self, text: &str) -> String {
        words::foreign_character(self.noun, text, self.allows)
            .or_else(|| (self.shape)(self, text))
            .unwrap_or_else(|| self.rule.to_owned())
    }

    #[expect(clippy::expect_used, reason = "a test compiles every pattern of the library")]
    fn regex(&self) -> &Regex {
        self.compiled
            .get_or_init(|| Regex::new(self.source).expect("the library's patterns compile"))
    }
}

/// What is wrong with the length of a text, in UTF-16 code units; None when nothing is. `noun`
/// begins the sentence: "A name".
#[must_use]
pub fn length_problem(noun: &str, text: &str, min: usize, max: usize) -> Option<String> {
    words::length(noun, text, min, max)
}
