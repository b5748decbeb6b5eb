//! The three stages of a pipeline.

use serde::{Deserialize, Serialize};

/// A stage, in promotion order. Paths accept it in any case; bodies write it capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

#[cfg(test)]
mod tests {
    use super::Stage;

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
