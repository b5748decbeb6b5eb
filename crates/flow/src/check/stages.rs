//! Rule: a flow acts on what its own stage holds, and promotes from the stage before it. Only
//! where the context says what that is.

use super::{Findings, Fix, Resources, View, code, context::Members, near, nodes::Node};
use crate::{
    document::{Document, Key},
    kinds::{Field, Place, Wanted},
    stage::{ResourceType, Stage},
};

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    let View { document, node, context, .. } = view;
    if context.stage == Some(Stage::Development) {
        nothing_to_promote(document, node, findings);
    }
    // What another project holds isn't known.
    if let Some(resources) = &context.resources
        && !node.inherited.elsewhere
    {
        let rule = Rule { document, node, resources, stage: context.stage };
        for field in node.kind.map_or(&[][..], |kind| kind.fields) {
            rule.field(field, findings);
        }
    }
}

fn nothing_to_promote(document: &Document, node: &Node<'_>, findings: &mut Findings) {
    let ty = document.at(node.key, &["spec", "type"]);
    if let Some(ty) = ty
        && node.word == "Release"
        && document.str(ty) == Some("deployment")
    {
        let sentence = "Development is the first stage: there is none before it to promote from.";
        findings.error(ty, code::NOTHING_TO_PROMOTE, sentence);
    }
}

struct Rule<'r> {
    document: &'r Document,
    node: &'r Node<'r>,
    resources: &'r Resources,
    stage: Option<Stage>,
}

impl Rule<'_> {
    fn field(&self, field: &Field, findings: &mut Findings) {
        let Some(source) = field.source else { return };
        let Some(key) = self.document.resolve_from(self.node.key, field.pointer) else { return };
        let Some(id) = self.document.str(key) else { return };
        // Expressions are worked out in a run; another project's resources are named with it.
        if id.is_empty() || id.contains("${") || id.contains('/') {
            return;
        }
        match source.wanted(|pointer| self.type_at(pointer)) {
            Some(Wanted::Held { stage, of }) => self.member(key, id, stage, of, findings),
            Some(Wanted::BuildService) => self.build_service(key, id, findings),
            // Which jobs there are isn't known.
            Some(Wanted::BuildJob) | None => {}
        }
    }

    fn type_at(&self, pointer: &str) -> Option<ResourceType> {
        let word = self.document.resolve_from(self.node.key, pointer)?;
        ResourceType::parse(self.document.str(word)?)
    }

    /// A resource of this stage, or of the one before it.
    fn member(&self, key: Key, id: &str, place: Place, of: ResourceType, findings: &mut Findings) {
        let Resources { here, before, .. } = self.resources;
        let (members, others, stage) = match place {
            Place::This => (here, before, self.stage),
            Place::Preceding => (before, here, self.stage.and_then(Stage::preceding)),
        };
        if place == Place::Preceding && self.stage == Some(Stage::Development) {
            return;
        }
        let of_stage = stage.map_or_else(
            || "this flow's stage".to_owned(),
            |stage| format!("the {} stage", stage.name()),
        );
        let word = of.word();
        let (sentence, meant) = match members.get(id) {
            Some(is) if *is == of => return,
            Some(is) => (format!("`{id}` is no {word}, but of type {}.", is.word()), None),
            None => {
                let meant = near_of_type(id, members, of);
                let elsewhere = if others.contains_key(id) {
                    match place {
                        Place::This => " It is in the stage before: promote it from there.",
                        Place::Preceding => {
                            " It is in this stage: promotion is from the one before."
                        }
                    }
                } else {
                    ""
                };
                (format!("There is no {word} `{id}` in {of_stage}.{elsewhere}"), meant)
            }
        };
        findings
            .error(key, code::NOT_IN_STAGE, sentence)
            .fix(meant.map(|meant| Fix::replace(format!("Change to `{meant}`"), key, meant)));
    }

    fn build_service(&self, key: Key, id: &str, findings: &mut Findings) {
        let Some(known) = &self.resources.build_services else { return };
        if known.iter().any(|known| known == id) {
            return;
        }
        let meant = near::nearest(id, known.iter().map(String::as_str));
        let sentence = format!("There is no build service `{id}` in this project.");
        findings
            .error(key, code::NO_BUILD_SERVICE, sentence)
            .fix(meant.map(|meant| Fix::replace(format!("Change to `{meant}`"), key, meant)));
    }
}

fn near_of_type<'m>(id: &str, members: &'m Members, of: ResourceType) -> Option<&'m str> {
    near::nearest(id, members.iter().filter(|(_, is)| **is == of).map(|(id, _)| id.as_str()))
}
