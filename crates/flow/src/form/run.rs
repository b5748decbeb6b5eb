//! What the dialog that starts a run asks for besides the arguments: the inputs of the document.

use crate::{
    document::{Document, Key},
    kinds::settings::RICH_INPUT,
};

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub entry: Key,
    /// The heading; the build service where the input has no title.
    pub heading: String,
    pub description: Option<String>,
    /// Whether a run can't be started without.
    pub required: bool,
    /// Whose branches, commits and builds are offered; empty where none is chosen yet.
    pub source: String,
    pub picks: Vec<Pick>,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// "Branch".
    pub what: String,
    /// The argument that gets what is chosen.
    pub argument: String,
}

/// How the table begins what it calls an output.
const OUTPUT: &str = "Argument for the ";

/// The inputs, in the order of the document. What is no object asks for nothing.
#[must_use]
pub fn asked(document: &Document) -> Vec<Asked> {
    let inputs = document.get(document.flow(), "richInputs").into_iter();
    let inputs = inputs.flat_map(|list| document.elements(list));
    inputs.filter(|entry| document.is_object(*entry)).map(|entry| input(document, entry)).collect()
}

fn input(document: &Document, entry: Key) -> Asked {
    let at = |pointer: &str| document.resolve_from(entry, pointer);
    let text = |pointer: &str| at(pointer).and_then(|key| document.str(key)).unwrap_or_default();
    let source = text("/spec/inputs/source").to_owned();
    let heading = match text("/spec/title") {
        "" if source.is_empty() => "Input".to_owned(),
        "" => source.clone(),
        title => title.to_owned(),
    };
    let outputs = RICH_INPUT.fields.iter().filter_map(|field| {
        let what = field.label.strip_prefix(OUTPUT)?;
        let argument = text(field.pointer);
        let mut what = what.to_owned();
        what.get_mut(..1)?.make_ascii_uppercase();
        (!argument.is_empty()).then(|| Pick { what, argument: argument.to_owned() })
    });
    Asked {
        entry,
        heading,
        description: Some(text("/spec/description").to_owned()).filter(|text| !text.is_empty()),
        required: at("/spec/required")
            .is_some_and(|key| document.value(key) == crate::document::ValueRef::Bool(true)),
        source,
        picks: outputs.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_of_an_input_is_something_to_choose() {
        let outputs =
            RICH_INPUT.fields.iter().filter(|it| it.pointer.starts_with("/spec/outputs/"));
        for field in outputs {
            let name = field.pointer.rsplit('/').next().expect("a name");
            let document = Document::parse(&format!(
                r#"{{"richInputs": [7, {{"spec": {{"inputs": {{"source": "web"}}, "required": true,
                "outputs": {{"{name}": "GIVEN"}}}}}}]}}"#
            ))
            .expect("JSON");
            let [input] = asked(&document).try_into().expect("one input");
            assert_eq!((input.heading.as_str(), input.required), ("web", true));
            let [pick] = input.picks.try_into().expect("one choice");
            assert_eq!(pick.argument, "GIVEN");
            assert!(field.label.to_lowercase().ends_with(&pick.what.to_lowercase()));
        }
    }

    #[test]
    fn documents_of_any_shape_ask_for_something_or_nothing() {
        for (text, count) in [
            ("{}", 0),
            ("3", 0),
            (r#"{"richInputs": {}}"#, 0),
            (r#"{"richInputs": [{"spec": 4}]}"#, 1),
        ] {
            assert_eq!(asked(&Document::parse(text).expect("JSON")).len(), count, "{text}");
        }
    }
}
