//! The three stages of a pipeline, and what stands in them.

use serde::{Deserialize, Serialize};

/// A stage, in promotion order. Paths accept it in any case; bodies write it capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Stage {
    Development,
    Staging,
    Production,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 3] = [Self::Development, Self::Staging, Self::Production];

    /// As bodies and screens write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Development => "Development",
            Self::Staging => "Staging",
            Self::Production => "Production",
        }
    }

    /// As our URLs write it.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// Reads a stage from a path segment, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name().eq_ignore_ascii_case(text))
    }

    /// The stage whose deployments this one may promote.
    #[must_use]
    pub const fn preceding(self) -> Option<Self> {
        match self {
            Self::Development => None,
            Self::Staging => Some(Self::Development),
            Self::Production => Some(Self::Staging),
        }
    }
}

/// What sort of thing a stage holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ResourceType {
    Service,
    Job,
    Addon,
}

impl ResourceType {
    /// The word in documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Job => "job",
            Self::Addon => "addon",
        }
    }

    /// Reads the word in a document.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Service, Self::Job, Self::Addon].into_iter().find(|known| known.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::{ResourceType, Stage};

    #[test]
    fn resource_types_are_read_and_written_as_the_same_words() {
        for of in [ResourceType::Service, ResourceType::Job, ResourceType::Addon] {
            assert_eq!(ResourceType::parse(of.word()), Some(of));
            assert_eq!(serde_json::to_value(of).expect("a word"), of.word());
        }
        assert_eq!(ResourceType::parse("pod"), None);
    }

    #[test]
    fn paths_take_any_case_and_bodies_write_capitals() {
        for stage in Stage::ALL {
            for text in [stage.name(), stage.slug(), &stage.name().to_uppercase()] {
                assert_eq!(Stage::parse(text), Some(stage));
            }
            let written = serde_json::to_value(stage).expect("a word");
            assert_eq!(written, stage.name());
        }
        assert_eq!(Stage::parse("test"), None);
    }

    #[test]
    fn each_stage_promotes_from_the_one_before() {
        let before: Vec<_> = Stage::ALL.map(Stage::preceding).into_iter().flatten().collect();
        assert_eq!(before, [Stage::Development, Stage::Staging]);
    }
}
