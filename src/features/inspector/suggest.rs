//! What a field can be chosen from: resources of the project, and outputs of earlier nodes.

use slipway_api::{resource::ResourceType, stage::Stage};
use slipway_flow::{
    check::{self, Context},
    document::{Document, Key},
    expr,
    kinds::{self, Field, Output, Place, Source, Wanted, settings},
};

use crate::ui::{Offer, Offers};

/// What the project has, as far as its lists have arrived.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    pub project: String,
    pub stage: Option<Stage>,
    /// Whether the lists below are complete.
    pub known: bool,
    pub all: Vec<Resource>,
    /// Stage, type and id of everything in the pipeline.
    pub members: Vec<(Stage, ResourceType, String)>,
}

/// A service, job or addon of the project.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    pub of: ResourceType,
    pub id: String,
    pub name: String,
    /// What it is called beside its name: "Build service".
    pub word: &'static str,
    /// Whether it builds: a service that does is no stage's.
    pub builds: bool,
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
            build_services: self
                .known
                .then(|| self.build_services().map(|service| service.id.clone()).collect()),
        });
        Context { stage: self.stage, resources: known }
    }

    fn build_services(&self) -> impl Iterator<Item = &Resource> {
        self.all.iter().filter(|one| one.of == ResourceType::Service && one.builds)
    }

    fn stage_of(&self, of: ResourceType, id: &str) -> Option<Stage> {
        let mut members = self.members.iter();
        members.find(|(_, kind, known)| *kind == of && known == id).map(|(stage, ..)| *stage)
    }

    /// The stage that a field is about.
    fn stage_at(&self, place: Place) -> Option<Stage> {
        match place {
            Place::This => self.stage,
            Place::Preceding => self.stage.and_then(Stage::preceding),
        }
    }

    fn offers(&self, wanted: Wanted) -> Vec<Offers> {
        match wanted {
            Wanted::BuildService => {
                vec![group("Build services", self.build_services().map(|one| self.offer(one)))]
            }
            Wanted::BuildJob => {
                let jobs = self.all.iter().filter(|one| one.of == ResourceType::Job);
                vec![group("Jobs", jobs.map(|one| self.offer(one)))]
            }
            Wanted::Held { stage, of } => self.held(stage, of),
        }
    }

    /// What the stage holds, then what others hold, then what no stage holds.
    fn held(&self, place: Place, of: ResourceType) -> Vec<Offers> {
        let fits = |one: &&Resource| one.of == of && (of != ResourceType::Service || !one.builds);
        let in_stage = |stage: Option<Stage>| {
            let there = self.all.iter().filter(fits);
            there.filter(move |one| self.stage_of(of, &one.id) == stage)
        };
        let wanted = self.stage_at(place);
        let here = wanted.map(|stage| {
            group(&format!("In {}", stage.name()), in_stage(wanted).map(|one| self.offer(one)))
        });
        let others = Stage::ALL.into_iter().filter(|stage| Some(*stage) != wanted).map(|stage| {
            let offers = in_stage(Some(stage)).map(|one| self.offer(one));
            Offers {
                barred: self.why_not(place, Some(stage)),
                ..group(&format!("Belongs to {}", stage.name()), offers)
            }
        });
        let nowhere = Offers {
            barred: self.why_not(place, None),
            ..group("In no stage", in_stage(None).map(|one| self.offer(one)))
        };
        here.into_iter().chain(others).chain([nowhere]).collect()
    }

    /// Why what is in another stage can't be used here.
    fn why_not(&self, place: Place, stage: Option<Stage>) -> Option<String> {
        let mine = self.stage?.name();
        Some(match (place, self.stage_at(place), stage) {
            (Place::This, _, Some(_)) => {
                format!("A release in {mine} can only act on {mine}’s resources.")
            }
            (Place::This, _, None) => format!("Add it to {mine} in the pipeline to use it here."),
            (Place::Preceding, Some(before), _) => {
                format!("{mine} is promoted to from the stage before it, {}.", before.name())
            }
            (Place::Preceding, None, _) => {
                format!("{mine} is the first stage: there is none before it to promote from.")
            }
        })
    }

    fn offer(&self, one: &Resource) -> Offer {
        let stage = self.stage_of(one.of, &one.id).map(Stage::name);
        let detail = [Some(one.word), stage].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Offer { value: one.id.clone(), name: one.name.clone(), detail, ..Offer::default() }
    }

    /// What to say of an id that isn't there.
    fn unknown(&self, wanted: Wanted, id: &str) -> Option<String> {
        let there =
            |mut found: Box<dyn Iterator<Item = &Resource> + '_>| found.any(|one| one.id == id);
        match wanted {
            Wanted::BuildService => (!there(Box::new(self.build_services())))
                .then(|| format!("No build service `{id}` in this project.")),
            Wanted::BuildJob => {
                let jobs = self.all.iter().filter(|one| one.of == ResourceType::Job);
                (!there(Box::new(jobs))).then(|| format!("No job `{id}` in this project."))
            }
            Wanted::Held { stage, of } => {
                let stage = self.stage_at(stage)?;
                (self.stage_of(of, id) != Some(stage))
                    .then(|| format!("No {} `{id}` in {}.", of.word(), stage.name()))
            }
        }
    }
}

fn group(title: &str, offers: impl Iterator<Item = Offer>) -> Offers {
    Offers { title: title.to_owned(), barred: None, offers: offers.collect() }
}

/// What the field names of the project.
fn wanted(document: &Document, node: Key, field: &Field) -> Option<Wanted> {
    let type_at = |pointer| {
        let word = document.resolve_from(node, pointer).and_then(|key| document.str(key));
        // A form offers something also before the type is said.
        word.map_or(Some(ResourceType::Service), ResourceType::parse)
    };
    field.source?.wanted(type_at)
}

/// Values for a field, in groups, the likeliest first.
pub(super) fn offers(
    document: &Document,
    node: Key,
    field: &Field,
    resources: &Resources,
) -> Vec<Offers> {
    let mut found =
        wanted(document, node, field).map(|wanted| resources.offers(wanted)).unwrap_or_default();
    let read = match field.source {
        Some(Source::Outputs(name)) => outputs(document, node, None, name),
        Some(Source::OutputsOf { kind, output }) => outputs(document, node, Some(kind), output),
        _ => Vec::new(),
    };
    found.push(group("From earlier in the flow", read.into_iter()));
    if field.references {
        let arguments = document.at(document.flow(), &["arguments"]);
        let arguments = arguments.into_iter().flat_map(|key| document.members(key));
        let offer = |(name, value): (&str, Key)| {
            let default = document.str(value).filter(|text| !text.is_empty());
            let value = format!("${{args.{name}}}");
            let detail = default.map(|text| format!("by default {text}")).unwrap_or_default();
            Offer { value, detail, ..Offer::default() }
        };
        found.push(group("Arguments", arguments.map(offer)));
    }
    found.retain(|group| !group.offers.is_empty());
    found
}

/// What is odd about the value of a field: that the project has no such thing. None for what a run
/// works out, and for what is said to be of another project.
pub(super) fn unknown(
    document: &Document,
    node: Key,
    field: &Field,
    resources: &Resources,
) -> Option<String> {
    let at = |pointer: &str| {
        document.resolve_from(node, pointer).and_then(|key| document.str(key)).unwrap_or_default()
    };
    let id = at(field.pointer);
    let elsewhere = id.contains('/') || !at("/spec/projectId").is_empty();
    if !resources.known || id.is_empty() || elsewhere || expr::is_reference(id) {
        return None;
    }
    resources.unknown(wanted(document, node, field)?, id)
}

/// `${refs.…}` of triggers and of nodes that stand before `node`, of one kind or of any, which
/// leave an output of this name.
fn outputs(document: &Document, node: Key, kind: Option<&str>, name: &str) -> Vec<Offer> {
    let has = |outputs: &[Output]| outputs.iter().any(|output| output.name == name);
    let offer = |reference: &str, detail: String| Offer {
        value: format!("${{refs.{reference}.{name}}}"),
        detail,
        ..Offer::default()
    };
    let triggers = document.at(document.flow(), &["triggers"]).into_iter();
    let of_triggers = triggers
        .filter(|_| kind.is_none() && has(settings::TRIGGER_OUTPUTS))
        .flat_map(|triggers| document.elements(triggers))
        .filter_map(|trigger| document.str(document.get(trigger, "ref")?))
        .map(|reference| offer(reference, "of the trigger".to_owned()));
    let of_nodes = document
        .nodes()
        .into_iter()
        .take_while(|earlier| *earlier != node)
        .filter(|earlier| kind.is_none_or(|kind| document.node(*earlier).kind() == kind))
        .filter(|earlier| kinds::of(document, *earlier).is_some_and(|kind| has(kind.outputs)))
        .filter_map(|earlier| {
            let reference = document.node(earlier).reference()?;
            Some(offer(reference, format!("of {}", kinds::title(document, earlier))))
        });
    of_triggers.chain(of_nodes).collect()
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
        {"kind": "Release", "spec": {"type": "build", "origin": {"id": "builder"}, "target": {"id": "web-dev", "type": "service"}}},
        {"kind": "Build", "ref": "late", "spec": {"id": "gone", "type": "service"}}]}}}"#;

    fn resources() -> Resources {
        let one = |of: ResourceType, id: &str, builds: bool| Resource {
            of,
            id: id.to_owned(),
            name: id.to_owned(),
            word: if builds { "Build service" } else { "Deployment service" },
            builds,
        };
        let service = ResourceType::Service;
        let member = |stage, of, id: &str| (stage, of, id.to_owned());
        Resources {
            project: "shop".to_owned(),
            stage: Some(Stage::Staging),
            known: true,
            all: vec![
                one(service, "builder", true),
                one(service, "web-dev", false),
                one(service, "web-staging", false),
                one(service, "web-lost", false),
                one(ResourceType::Job, "job-staging", false),
            ],
            members: vec![
                member(Stage::Staging, service, "web-staging"),
                member(Stage::Staging, ResourceType::Job, "job-staging"),
                member(Stage::Development, service, "web-dev"),
            ],
        }
    }

    fn told(groups: &[Offers]) -> Vec<(String, bool, Vec<&str>)> {
        groups
            .iter()
            .map(|group| {
                let values = group.offers.iter().map(|offer| offer.value.as_str()).collect();
                (group.title.clone(), group.barred.is_some(), values)
            })
            .collect()
    }

    fn expected<'a>(groups: &[(&str, bool, &'a [&'a str])]) -> Vec<(String, bool, Vec<&'a str>)> {
        let owned = |(title, barred, values): &(&str, bool, &'a [&'a str])| {
            ((*title).to_owned(), *barred, values.to_vec())
        };
        groups.iter().map(owned).collect()
    }

    #[test]
    fn a_target_is_a_resource_of_the_stage_and_the_others_are_explained() {
        let document = Document::parse(FLOW).unwrap();
        let node = document.nodes()[2];
        let (resources, target) = (resources(), field("Release", &["build"], "/spec/target/id"));
        let found = offers(&document, node, target, &resources);
        let all = expected(&[
            ("In Staging", false, &["web-staging"]),
            ("Belongs to Development", true, &["web-dev"]),
            ("In no stage", true, &["web-lost"]),
            ("Arguments", false, &["${args.BRANCH}"]),
        ]);
        assert_eq!(told(&found), all);
        assert_eq!(found[0].offers[0].detail, "Deployment service · Staging");
        assert_eq!(
            found[1].barred.as_deref(),
            Some("A release in Staging can only act on Staging’s resources.")
        );
        let said = unknown(&document, node, target, &resources);
        assert_eq!(said.as_deref(), Some("No service `web-dev` in Staging."));
        let origin = field("Release", &["deployment"], "/spec/origin/id");
        let found = offers(&document, node, origin, &resources);
        assert_eq!(told(&found)[0], expected(&[("In Development", false, &["web-dev"])])[0]);
        assert_eq!(
            found[1].barred.as_deref(),
            Some("Staging is promoted to from the stage before it, Development.")
        );
    }

    #[test]
    fn what_is_written_and_not_known_says_so() {
        let document = Document::parse(FLOW).unwrap();
        let (nodes, resources) = (document.nodes(), resources());
        let service = field("Build", &[], "/spec/id");
        assert_eq!(unknown(&document, nodes[1], service, &resources), None);
        assert_eq!(
            unknown(&document, nodes[3], service, &resources).as_deref(),
            Some("No build service `gone` in this project.")
        );
        // Nothing is said before everything has arrived.
        assert_eq!(unknown(&document, nodes[3], service, &Resources::default()), None);
    }

    #[test]
    fn outputs_of_earlier_nodes_only() {
        let document = Document::parse(FLOW).unwrap();
        let node = document.nodes()[2];
        let found = |pointer| {
            let field = field("Release", &["build"], pointer);
            offers(&document, node, field, &Resources::default())
        };
        let arguments: (&str, bool, &[&str]) = ("Arguments", false, &["${args.BRANCH}"]);
        let earlier = "From earlier in the flow";
        assert_eq!(
            told(&found("/spec/origin/build")),
            expected(&[(earlier, false, &["${refs.build.id}"]), arguments])
        );
        let branches: &[&str] = &["${refs.push.branch}", "${refs.build.branch}"];
        assert_eq!(
            told(&found("/spec/origin/branch")),
            expected(&[(earlier, false, branches), arguments])
        );
    }
}
