//! Splits a text into literal parts and `${…}` expressions. Can't fail: what isn't an argument or
//! a reference is kept with a sentence that says why it can't be resolved.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Use(Use),
}

/// One expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// As it is written, with its braces.
    pub text: String,
    /// The character at which it begins, from 1.
    pub position: usize,
    pub source: Source,
}

/// What an expression names. Paths have at least one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Argument(Vec<String>),
    Reference(Vec<String>),
    Refused(String),
}

pub fn parse(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(before) = before.strip_suffix('\\') {
            literal.push_str(before);
            literal.push_str("${");
            rest = &from[2..];
            continue;
        }
        literal.push_str(before);
        let length = expression_length(from);
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        parts.push(Part::Use(Use {
            text: from[..length].to_owned(),
            position: text[..text.len() - from.len()].chars().count() + 1,
            source: source(&from[..length]),
        }));
        rest = &from[length..];
    }
    literal.push_str(rest);
    if !literal.is_empty() || parts.is_empty() {
        parts.push(Part::Text(literal));
    }
    parts
}

/// Bytes of the expression at the start of `text`, braces included; all of it when it isn't
/// closed. Quoted text may hold braces.
fn expression_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn source(expression: &str) -> Source {
    let refused = |sentence: &str| Source::Refused(sentence.to_owned());
    let Some(inner) = expression.strip_prefix("${").and_then(|text| text.strip_suffix('}')) else {
        return refused("its closing brace is missing");
    };
    if inner.starts_with('{') {
        return refused("values that are only known inside a container are not supported here");
    }
    let mut path = inner.trim().split('.').map(str::to_owned);
    let first = path.next().unwrap_or_default();
    let rest: Vec<String> = path.collect();
    let complete = !rest.is_empty() && rest.iter().all(|step| !step.is_empty());
    match first.as_str() {
        "args" if complete => Source::Argument(rest),
        "refs" | "triggers" if complete => Source::Reference(rest),
        "args" | "refs" | "triggers" => {
            refused("a name is missing: write it as ${args.NAME} or ${refs.NAME.FIELD}")
        }
        "fn" => refused("functions are not supported in a run yet: write the value itself"),
        "secrets" => refused(
            "global secrets are not supported: name the variable in the project file instead",
        ),
        "template" => refused("it belongs to a team template, and this is a release flow"),
        _ => refused("an expression begins with \"args.\" or \"refs.\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Use {
        match parse(text).as_slice() {
            [Part::Use(found)] => found.clone(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn text_and_expressions_alternate() {
        let parts = parse("a ${args.B}-\\${c} ${refs.d.e.0}");
        assert_eq!(parts.len(), 4);
        assert_eq!(parts[2], Part::Text("-${c} ".into()));
        assert_eq!(parse(""), [Part::Text(String::new())]);
        assert_eq!(parse("$ {x} $y"), [Part::Text("$ {x} $y".into())]);
    }

    #[test]
    fn what_is_not_supported_says_why() {
        for (text, words) in [
            ("${args", "closing brace"),
            ("${args}", "a name is missing"),
            ("${refs..x}", "a name is missing"),
            ("${fn.if(fn.eq(args.a, '}'), 1, 2)}", "functions"),
            ("${secrets.x.values.Y}", "secrets"),
            ("${{refs.x.values.Y}}", "inside a container"),
            ("${template.args.X}", "team template"),
            ("${oops}", "begins with"),
        ] {
            let Source::Refused(sentence) = only(text).source else { panic!("{text}") };
            assert!(sentence.contains(words), "{text}: {sentence}");
        }
        assert_eq!(only("${triggers.app.sha}").source, only("${refs.app.sha}").source);
    }
}
