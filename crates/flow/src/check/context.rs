//! What is known of a flow's surroundings when it is checked.

use std::collections::HashMap;

use crate::{
    document::{Document, Key},
    stage::{ResourceType, Stage},
};

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

impl Context {
    /// What a team template says around a flow inside it: the stage that it belongs to, and what
    /// the stages of its pipeline hold. For a flow that stands for itself nothing is known.
    #[must_use]
    pub fn around(document: &Document) -> Self {
        let stage_of = |flow| document.parent(document.parent(flow)?);
        let Some(stage) = stage_of(document.flow()) else { return Self::default() };
        let Some(named) = stage_named(document, stage) else { return Self::default() };
        let stages = || document.parent(stage).into_iter().flat_map(|all| document.elements(all));
        let of = |wanted: Option<Stage>| match wanted {
            Some(wanted) => stages()
                .find(|stage| stage_named(document, *stage) == Some(wanted))
                .map_or_else(|| Some(Members::new()), |stage| members(document, stage)),
            None => Some(Members::new()),
        };
        let resources = of(Some(named))
            .zip(of(named.preceding()))
            .map(|(here, before)| Resources { here, before, build_services: None });
        Self { stage: Some(named), resources }
    }
}

fn stage_named(document: &Document, stage: Key) -> Option<Stage> {
    Stage::parse(document.str(document.get(stage, "name")?)?)
}

/// What a stage of a pipeline holds; None where it isn't said, or worked out in a run.
fn members(document: &Document, stage: Key) -> Option<Members> {
    let objects = document.get(stage, "nfObjects")?;
    let member = |object| {
        let text = |name| document.str(document.get(object, name)?);
        let id = text("id").filter(|id| !id.contains("${"))?;
        Some((id.to_owned(), ResourceType::parse(text("type")?)?))
    };
    document.elements(objects).map(member).collect()
}
