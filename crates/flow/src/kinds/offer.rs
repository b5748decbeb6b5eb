//! Which kinds are offered to somebody who adds a node: found by words, and whether a stage can
//! have them at all.

use super::{ALL, Kind, Place, Source};
use crate::stage::Stage;

/// The kinds for a flow in whose title, name or help every word of the query stands, in the order
/// of the palette, as indices into [`super::all`]. Those that are called so come before those that
/// only mention it.
#[must_use]
pub fn offered(query: &str) -> Vec<usize> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let has = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let of_flows = ALL.iter().enumerate().filter(|(_, kind)| kind.scope.in_flow());
    let (called, others): (Vec<_>, Vec<_>) =
        of_flows.partition(|(_, kind)| has(&format!("{} {}", kind.title, kind.kind)));
    let mentioned = others.into_iter().filter(|(_, kind)| {
        has(&format!("{} {} {} {}", kind.title, kind.kind, kind.section.title(), kind.help))
    });
    called.into_iter().chain(mentioned).map(|(index, _)| index).collect()
}

impl Kind {
    /// Why a node of this kind makes no sense in the flow of a stage: a sentence. It needs something
    /// of the stage before, and there is none.
    #[must_use]
    pub fn refusal(&self, stage: Stage) -> Option<String> {
        let from_before =
            |source: Source| matches!(source, Source::Deployables { stage: Place::Preceding, .. });
        let needs_before =
            self.fields.iter().any(|field| field.required && field.source.is_some_and(from_before));
        (needs_before && stage.preceding().is_none()).then(|| {
            format!("{} is the first stage: there is none before it to take from.", stage.name())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{self, Section};

    fn titles(query: &str) -> Vec<&'static str> {
        offered(query).into_iter().map(|index| kinds::all()[index].title).collect()
    }

    #[test]
    fn kinds_are_found_by_title_name_and_help() {
        let of_flows = kinds::all().iter().filter(|kind| kind.scope.in_flow()).count();
        assert_eq!(offered("").len(), of_flows);
        assert_eq!(titles("jobrun")[0], "Run job");
        assert_eq!(titles("build deploy")[0], "Deploy build");
        assert!(titles("registry").contains(&"Deploy image"), "by its help");
        assert!(titles("teapot").is_empty());
        assert!(titles("OpenTofuDestroy").is_empty(), "only for a teardown");
    }

    #[test]
    fn sections_stand_together_in_their_order() {
        let found = offered("");
        let sections: Vec<Section> =
            found.iter().map(|index| kinds::all()[*index].section).collect();
        assert!(sections.is_sorted());
    }

    #[test]
    fn nothing_is_promoted_into_the_first_stage() {
        let refused = |stage| {
            let kinds = kinds::all().iter().filter(|kind| kind.refusal(stage).is_some());
            kinds.map(|kind| kind.title).collect::<Vec<_>>()
        };
        assert_eq!(refused(Stage::Development), ["Promote deployment"]);
        assert!(refused(Stage::Staging).is_empty());
    }
}
