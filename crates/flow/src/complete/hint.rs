//! What stands at a place of the text, in a few words: for whoever points there.

use std::ops::Range;

use super::{MAX_TEXT_BYTES, Places, Wanted, scan, scan::Spot};
use crate::{
    expr::{self, Names},
    kinds::{FieldType, describe},
};

/// What the tables know of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The bytes that it is about.
    pub span: Range<usize>,
    /// The member's name, the word, what an expression names.
    pub title: String,
    /// A few words: the type, what a word means.
    pub detail: String,
    /// A sentence or two; may be empty.
    pub help: String,
}

/// What stands at the byte `at`: a member's name, a value with a meaning of its own, a name inside
/// `${…}`. None where the tables know nothing. Never fails, whatever the text.
#[must_use]
pub fn hint(text: &str, at: usize, names: &Names) -> Option<Hint> {
    let c = text.get(at..).filter(|_| text.len() <= MAX_TEXT_BYTES)?.chars().next()?;
    let tree = scan::scan(text);
    let places = Places { text, tree: &tree };
    // Behind the character that is pointed at: in front of a quote nothing stands yet.
    let spot = [at + c.len_utf8(), at].map(|cursor| tree.spot(text, cursor));
    spot.into_iter().find_map(|spot| match spot {
        Spot::Name { object, span } if span.contains(&at) => places.about_name(object, span),
        Spot::Value { holder, at: index, span } if span.contains(&at) => {
            in_expression(text, at + c.len_utf8(), &span, names)
                .or_else(|| places.about_value(holder, index, span))
        }
        _ => None,
    })
}

impl Places<'_> {
    fn about_name(&self, object: usize, span: Range<usize>) -> Option<Hint> {
        let name = scan::unquoted(self.text, &span);
        let field = self.shape_of(self.wanted(object)?, object)?.get(name)?.field?;
        let needed = if field.required { ", required" } else { "" };
        Some(Hint {
            title: name.to_owned(),
            detail: format!("{}{needed}", describe::type_words(&field.ty)),
            // What needs no help has at least its name in the form.
            help: if field.help.is_empty() { field.label } else { field.help }.to_owned(),
            span,
        })
    }

    fn about_value(&self, holder: usize, index: usize, span: Range<usize>) -> Option<Hint> {
        let scan::Form::Object(members) = &self.tree.values[holder].form else { return None };
        let name = scan::unquoted(self.text, &members.get(index)?.name);
        let around = self.wanted(holder)?;
        let word = scan::unquoted(self.text, &span);
        if matches!(around, Wanted::Node) && name == "kind" {
            let kind = self.kind_of(holder).filter(|kind| kind.kind == word)?;
            let (detail, help) = (kind.title.to_owned(), kind.help.to_owned());
            return Some(Hint { title: word.to_owned(), detail, help, span });
        }
        let Some(Wanted::Shape(shape)) = self.member_of(around, holder, name) else { return None };
        let FieldType::Choice(choices) = shape.field?.ty.bare() else { return None };
        let choice = choices.iter().find(|choice| choice.value == word)?;
        Some(Hint {
            title: word.to_owned(),
            detail: choice.label.to_owned(),
            help: String::new(),
            span,
        })
    }
}

/// What a name inside an expression stands for.
fn in_expression(text: &str, at: usize, string: &Range<usize>, names: &Names) -> Option<Hint> {
    let inner = scan::unquoted(text, string);
    let start = string.start + 1;
    let known = expr::complete(inner, at.checked_sub(start)?, names);
    known.into_iter().find_map(|known| {
        let written = inner.get(known.replace.clone())?;
        let name = known.insert.split('(').next().unwrap_or_default();
        let is_it = !written.is_empty() && written.split('(').next() == Some(name);
        is_it.then(|| Hint {
            span: known.replace.start + start..known.replace.end + start,
            title: known.label,
            detail: known.ty,
            help: known.description,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, expr};

    const FLOW: &str = r#"{"apiVersion": "v1.2", "arguments": {"BRANCH": "main"}, "spec": {"kind": "Workflow", "spec": {
        "type": "parallel", "steps": [{"kind": "JobRun", "spec": {"jobId": "${fn.slug(args.BRANCH)}", "nonsense": 1}}, {]}}}"#;

    fn at(place: &str) -> Option<(String, String, String)> {
        let names = expr::Names {
            arguments: vec![expr::NamedArgument {
                name: "BRANCH".to_owned(),
                default: None,
                input: None,
            }],
            refs: Vec::new(),
        };
        let found = hint(FLOW, FLOW.rfind(place).unwrap() + 1, &names)?;
        Some((FLOW[found.span].to_owned(), found.title, found.help))
    }

    #[test]
    fn names_words_and_expressions_are_explained() {
        let (span, title, help) = at("\"jobId").unwrap();
        assert_eq!((span.as_str(), title.as_str()), ("\"jobId\"", "jobId"));
        assert!(!help.is_empty());
        assert_eq!(at("JobRun").unwrap().0, "\"JobRun\"");
        assert_eq!(at("parallel").unwrap().1, "parallel");
        assert_eq!(at("BRANCH)").unwrap().0, "BRANCH");
        assert_eq!(at("slug").unwrap().0, "slug");
        assert_eq!(at("nonsense"), None);
        assert!(Document::parse(FLOW).is_err(), "also in text that is being typed");
        for byte in 0..FLOW.len() + 2 {
            let _ = hint(FLOW, byte, &expr::Names::default());
        }
    }
}
