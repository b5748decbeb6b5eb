//! What a field can be chosen from: resources of the project, and outputs of earlier nodes.

use slipway_api::{resource::ResourceType, stage::Stage};
use slipway_flow::{
    check::{self, Context},
    document::{Document, Key},
    kinds::{self, Field, Output, Place, Source, settings},
};

/// What the project has, as far as its lists have arrived.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    pub stage: Option<Stage>,
    pub build_services: Vec<String>,
    pub jobs: Vec<String>,
    pub addons: Vec<String>,
    /// Stage, type and id of everything in the pipeline.
    pub members: Vec<(Stage, ResourceType, String)>,
}

impl Resources {
    /// The same for the checks. As long as nothing has arrived, nothing is known.
    #[must_use]
    pub fn context(&self) -> Context {
        let of = |stage: Option<Stage>| {
            let there = self.members.iter().filter(|(at, ..)| Some(*at) == stage);
            there.map(|(_, of, id)| (id.clone(), *of)).collect()
        };
        let known = (!self.members.is_empty()).then(|| check::Resources {
            here: of(self.stage),
            before: of(self.stage.and_then(Stage::preceding)),
            build_services: None,
        });
        Context { stage: self.stage, resources: known }
    }
}

/// Values for a field, the likeliest first.
pub(super) fn suggestions(
    document: &Document,
    node: Key,
    field: &Field,
    resources: &Resources,
) -> Vec<String> {
    let is_job = |pointer: &str| {
        document.resolve_from(node, pointer).and_then(|key| document.str(key)) == Some("job")
    };
    let mut found = match field.source {
        None => Vec::new(),
        Some(Source::BuildServices) => resources.build_services.clone(),
        Some(Source::Buildables { type_pointer }) if is_job(type_pointer) => resources.jobs.clone(),
        Some(Source::Buildables { .. }) => resources.build_services.clone(),
        Some(Source::Deployables { stage, type_pointer }) => {
            let of = if is_job(type_pointer) { ResourceType::Job } else { ResourceType::Service };
            let at = match stage {
                Place::This => resources.stage,
                Place::Preceding => resources.stage.and_then(Stage::preceding),
            };
            in_stage(resources, at, of)
        }
        Some(Source::Jobs) => {
            first(in_stage(resources, resources.stage, ResourceType::Job), &resources.jobs)
        }
        Some(Source::Addons) => {
            first(in_stage(resources, resources.stage, ResourceType::Addon), &resources.addons)
        }
        Some(Source::Services) => in_stage(resources, resources.stage, ResourceType::Service),
        Some(Source::Outputs(name)) => outputs(document, node, None, name),
        Some(Source::OutputsOf { kind, output }) => outputs(document, node, Some(kind), output),
        // Their lists don't reach the app.
        Some(Source::Templates | Source::Secrets | Source::Clusters | Source::OpenTofuRefs) => {
            Vec::new()
        }
    };
    let outputs_only = matches!(field.source, Some(Source::Outputs(_) | Source::OutputsOf { .. }));
    if field.references && !outputs_only {
        let arguments = document.at(document.flow(), &["arguments"]);
        let arguments = arguments.into_iter().flat_map(|key| document.members(key));
        found.extend(arguments.map(|(name, _)| format!("${{args.{name}}}")));
    }
    found
}

fn in_stage(resources: &Resources, stage: Option<Stage>, of: ResourceType) -> Vec<String> {
    resources
        .members
        .iter()
        .filter(|(at, kind, _)| Some(*at) == stage && *kind == of)
        .map(|(_, _, id)| id.clone())
        .collect()
}

fn first(mut mine: Vec<String>, others: &[String]) -> Vec<String> {
    let rest: Vec<String> = others.iter().filter(|id| !mine.contains(id)).cloned().collect();
    mine.extend(rest);
    mine
}

/// `${refs.…}` of triggers and of nodes that stand before `node`, of one kind or of any, which
/// leave an output of this name.
fn outputs(document: &Document, node: Key, kind: Option<&str>, name: &str) -> Vec<String> {
    let has = |outputs: &[Output]| outputs.iter().any(|output| output.name == name);
    let triggers = document.at(document.flow(), &["triggers"]).into_iter();
    let of_triggers = triggers
        .filter(|_| kind.is_none() && has(settings::TRIGGER_OUTPUTS))
        .flat_map(|triggers| document.elements(triggers))
        .filter_map(|trigger| document.str(document.get(trigger, "ref")?));
    let of_nodes = document
        .nodes()
        .into_iter()
        .take_while(|earlier| *earlier != node)
        .filter(|earlier| kind.is_none_or(|kind| document.node(*earlier).kind() == kind))
        .filter(|earlier| kinds::of(document, *earlier).is_some_and(|kind| has(kind.outputs)))
        .filter_map(|earlier| document.node(earlier).reference());
    of_triggers.chain(of_nodes).map(|reference| format!("${{refs.{reference}.{name}}}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, words: &[&str], pointer: &str) -> &'static Field {
        let kind = kinds::find(kind, words).unwrap();
        kind.fields.iter().find(|field| field.pointer == pointer).unwrap()
    }

    const FLOW: &str = r#"{"arguments": {"BRANCH": "main"}, "triggers": [{"ref": "push"}], "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "Build", "ref": "build", "spec": {"id": "builder", "type": "service"}},
        {"kind": "Release", "spec": {"type": "build", "origin": {"id": "builder"}, "target": {"id": "web", "type": "service"}}},
        {"kind": "Build", "ref": "late", "spec": {"id": "builder", "type": "service"}}]}}}"#;

    #[test]
    fn a_target_is_a_resource_of_the_stage() {
        let document = Document::parse(FLOW).unwrap();
        let node = document.nodes()[2];
        let resources = Resources {
            stage: Some(Stage::Staging),
            members: vec![
                (Stage::Staging, ResourceType::Service, "web-staging".to_owned()),
                (Stage::Staging, ResourceType::Job, "job-staging".to_owned()),
                (Stage::Development, ResourceType::Service, "web-dev".to_owned()),
            ],
            ..Resources::default()
        };
        let target = field("Release", &["build"], "/spec/target/id");
        let found = suggestions(&document, node, target, &resources);
        assert_eq!(found, ["web-staging", "${args.BRANCH}"]);
        let origin = field("Release", &["deployment"], "/spec/origin/id");
        assert_eq!(suggestions(&document, node, origin, &resources)[0], "web-dev");
    }

    #[test]
    fn outputs_of_earlier_nodes_only() {
        let document = Document::parse(FLOW).unwrap();
        let build = field("Release", &["build"], "/spec/origin/build");
        let found = suggestions(&document, document.nodes()[2], build, &Resources::default());
        assert!(found.contains(&"${refs.build.id}".to_owned()), "{found:?}");
        assert!(!found.iter().any(|value| value.contains("late")), "{found:?}");
        let branch = field("Release", &["build"], "/spec/origin/branch");
        let found = suggestions(&document, document.nodes()[2], branch, &Resources::default());
        assert_eq!(found, ["${refs.push.branch}", "${refs.build.branch}"]);
    }
}
