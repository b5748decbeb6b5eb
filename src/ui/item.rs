//! Things to choose from, as lists and menus show them.

use super::icon::Glyph;

/// One thing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What is told when it is chosen.
    pub id: String,
    /// The heading that it stands below; items of a group stand together.
    pub group: String,
    pub icon: Option<Glyph>,
    pub label: String,
    /// A few words more.
    pub help: String,
    /// The keys that do the same: "Ctrl+D".
    pub keys: String,
    /// Why it can't be chosen now: a sentence.
    pub reason: Option<String>,
}

impl Item {
    /// What stands in small print: why not, else a few words more.
    #[must_use]
    pub fn note(&self) -> &str {
        self.reason.as_deref().unwrap_or(&self.help)
    }
}
