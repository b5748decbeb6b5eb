//! What is known of a flow's surroundings when it is checked.

use std::collections::HashMap;

use crate::stage::Stage;

/// The surroundings of a flow. What isn't known isn't checked.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The stage that the flow belongs to.
    pub stage: Option<Stage>,
    /// What the pipeline's stages hold.
    pub resources: Option<Resources>,
}

/// What a flow may act on.
#[derive(Debug, Clone, Default)]
pub struct Resources {
    /// In the flow's own stage.
    pub here: Members,
    /// In the stage before it; empty for the first one.
    pub before: Members,
    /// The IDs of the project's build services, where they are known.
    pub build_services: Option<Vec<String>>,
}

/// The resources of one stage: what each ID is.
pub type Members = HashMap<String, ResourceType>;

/// What a resource of a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceType {
    Service,
    Job,
    Addon,
}

impl ResourceType {
    /// The word in the document.
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
