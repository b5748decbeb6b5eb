//! What a text with expressions becomes, as far as it can be known before a run.

use serde_json::{Map, Value};

use crate::{
    arguments::{Arguments, Layers},
    expr::{
        self, Content, Explanation, Expr, ExprKind, NamedArgument, Names, Origin, Part, Root, Scope,
    },
};

/// A text, explained.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preview {
    /// Each expression of the text, in order.
    pub parts: Vec<PartPreview>,
    /// The whole text with what is known, where it is more than one expression: what only a run
    /// can tell stands in it as `…`.
    pub whole: Option<String>,
}

/// One expression, explained.
#[derive(Debug, Clone, PartialEq)]
pub struct PartPreview {
    /// As it is written.
    pub written: String,
    /// Its value and where that comes from, or when it will be known, or why there is none.
    pub words: String,
    pub failed: bool,
}

/// What the text becomes where `names` can be named, with the document's defaults as arguments.
#[must_use]
pub fn preview(text: &str, names: &Names) -> Preview {
    if !text.contains("${") {
        return Preview::default();
    }
    let defaults: Map<String, Value> = names
        .arguments
        .iter()
        .filter_map(|argument| Some((argument.name.clone(), argument.default.clone()?)))
        .collect();
    let arguments = Arguments::of(&Layers { defaults: Some(&defaults), ..Layers::default() });
    let refs = Map::new();
    let scope =
        Scope { sources: Some(arguments.sources()), ..Scope::new(arguments.values(), &refs) };
    let template = expr::parse(text);
    let mut explained = expr::explain(text, &scope, names).into_iter();
    let mut parts = Vec::new();
    let mut whole = String::new();
    for part in &template.parts {
        if let Content::Literal(literal) = &part.content {
            whole.push_str(literal);
            continue;
        }
        let Some(explanation) = explained.next() else { break };
        let (told, value) = told(explanation, part, names);
        match value {
            Some(Value::String(text)) => whole.push_str(&text),
            Some(value) => whole.push_str(&value.to_string()),
            None => whole.push('…'),
        }
        parts.push(told);
    }
    let whole = (template.parts.len() > 1).then_some(whole);
    Preview { parts, whole }
}

fn told(explanation: Explanation, part: &Part, names: &Names) -> (PartPreview, Option<Value>) {
    let Explanation { written, origin, value, error, words, .. } = explanation;
    let later = chosen_later(part, names);
    let failed = error.is_some() && later.is_none();
    let words = match (later, promised(&origin, part, names)) {
        (Some(later), _) => later,
        (None, Some(help)) if value.is_none() && !failed => format!("{help} {words}"),
        _ => words,
    };
    (PartPreview { written, words, failed }, value)
}

/// An argument that only a run gives a value.
fn chosen_later(part: &Part, names: &Names) -> Option<String> {
    let NamedArgument { name, default, input } = match path(part)? {
        (Root::Args, name, _) => names.argument(name)?,
        _ => return None,
    };
    match (default, input) {
        (Some(_), _) => None,
        (None, Some(input)) => Some(format!("Known when a run starts: {input}.")),
        (None, None) => {
            Some(format!("Known when a run starts: `{name}` has no default, so it must bring one."))
        }
    }
}

/// What the output that a part reads will be, in the words of its table.
fn promised<'n>(origin: &Origin, part: &Part, names: &'n Names) -> Option<&'n str> {
    let (Origin::Node(name) | Origin::Trigger(name)) = origin else { return None };
    let (_, _, steps) = path(part)?;
    let output = steps.join(".");
    let outputs = names.reference(name)?.outputs.iter();
    outputs.into_iter().find(|known| known.name == output).map(|known| known.help)
}

fn path(part: &Part) -> Option<(Root, &str, &[String])> {
    match &part.content {
        Content::Expression(Expr { kind: ExprKind::Path { root, name, path }, .. }) => {
            Some((*root, name, path))
        }
        _ => None,
    }
}
