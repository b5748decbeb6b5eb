//! The values of a run's arguments: which of those given counts, and where it came from.
//!
//! May import: nothing of ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Where an argument's value came from, the weakest first: what comes later counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The document's `arguments`.
    Default,
    /// A stored override of the flow.
    Override,
    /// The query of the webhook that started this run.
    Webhook,
    /// What was chosen in an input of the run dialog.
    Input,
    /// A value given when this run was started, by a person or over the API.
    Given,
}

impl Source {
    /// In a few words: "the document's default".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Default => "the document's default",
            Self::Override => "a stored override",
            Self::Webhook => "the webhook that started this run",
            Self::Input => "an input of the run dialog",
            Self::Given => "a value given for this run",
        }
    }

    /// Whether expressions in the value are worked out. What comes from outside is never read as
    /// an expression: whoever can call a webhook could read outputs and secrets with one.
    #[must_use]
    pub const fn may_hold_expressions(self) -> bool {
        !matches!(self, Self::Webhook | Self::Input)
    }
}

/// What is given for arguments, by where it came from; empty where nothing is.
#[derive(Debug, Clone, Default)]
pub struct Layers<'a> {
    pub defaults: Option<&'a Map<String, Value>>,
    pub overrides: Option<&'a Map<String, Value>>,
    pub webhook: Option<&'a Map<String, Value>>,
    pub inputs: Option<&'a Map<String, Value>>,
    pub given: Option<&'a Map<String, Value>>,
}

/// Arguments with the values that count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments {
    values: Map<String, Value>,
    sources: Sources,
}

/// Where the values of arguments came from, by name.
pub type Sources = BTreeMap<String, Source>;

impl Arguments {
    /// For each name the value of the strongest layer that has one. Names stand in the order in
    /// which they are first met.
    #[must_use]
    pub fn of(layers: &Layers<'_>) -> Self {
        let mut arguments = Self::default();
        for (source, layer) in [
            (Source::Default, layers.defaults),
            (Source::Override, layers.overrides),
            (Source::Webhook, layers.webhook),
            (Source::Input, layers.inputs),
            (Source::Given, layers.given),
        ] {
            for (name, value) in layer.into_iter().flatten() {
                arguments.values.insert(name.clone(), value.clone());
                arguments.sources.insert(name.clone(), source);
            }
        }
        arguments
    }

    #[must_use]
    pub fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The value of an argument, and where it came from.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<(&Value, Source)> {
        Some((self.values.get(name)?, *self.sources.get(name)?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_strongest_layer_counts_and_is_remembered() {
        let layer = |value: Value| value.as_object().cloned().expect("an object");
        let defaults = layer(json!({ "A": 1, "B": 1, "C": 1, "D": 1, "E": 1 }));
        let overrides = layer(json!({ "B": 2, "C": 2, "D": 2, "E": 2, "NEW": 2 }));
        let webhook = layer(json!({ "C": "3", "D": "3", "E": "3" }));
        let inputs = layer(json!({ "D": 4, "E": 4 }));
        let given = layer(json!({ "E": null }));
        let arguments = Arguments::of(&Layers {
            defaults: Some(&defaults),
            overrides: Some(&overrides),
            webhook: Some(&webhook),
            inputs: Some(&inputs),
            given: Some(&given),
        });
        let expected = json!({ "A": 1, "B": 2, "C": "3", "D": 4, "E": null, "NEW": 2 });
        assert_eq!(arguments.values(), expected.as_object().expect("an object"));
        let sources = ["A", "B", "C", "D", "E", "NEW"].map(|name| arguments.sources()[name]);
        use Source::{Default, Given, Input, Override, Webhook};
        assert_eq!(sources, [Default, Override, Webhook, Input, Given, Override]);
        assert_eq!(arguments.get("A"), Some((&json!(1), Default)));
        assert_eq!(arguments.get("nope"), None);
        assert_eq!(Arguments::of(&Layers::default()), Arguments::default());
    }
}
