//! Lists that a field is chosen from and that must be asked for: branches, commits, pull requests
//! and builds of the service that the same form names.

use serde_json::Value;

use crate::{
    document::{Document, Key},
    expr::{self, Content, ExprKind, Root},
    kinds::{Field, Source},
};

/// What to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Listed {
    Branches,
    PullRequests,
    /// Of a branch.
    Commits(String),
    Builds,
}

/// The service whose list it is, and which list.
pub type ListOf = (String, Listed);

/// What list feeds the field, given what the form says so far; a sentence where it doesn't say
/// enough yet, and none for fields without such a list. `fields` are the form's.
#[must_use]
pub fn listed(
    document: &Document,
    node: Key,
    fields: &[Field],
    field: &Field,
) -> Option<Result<ListOf, &'static str>> {
    let sort = match field.source? {
        Source::Outputs("branch") => Listed::Branches,
        Source::Outputs("pullRequestId") => Listed::PullRequests,
        Source::Outputs("sha") => Listed::Commits(String::new()),
        Source::OutputsOf { kind: "Build", output: "id" } => Listed::Builds,
        _ => return None,
    };
    let service = fields.iter().find(|field| names_service(field))?;
    let said = |field: &Field| value_of(document, node, field.pointer);
    let Some(service) = said(service) else {
        return Some(Err("Choose the service first: this is read from its repository."));
    };
    // May be written with the project before it.
    let service = service.rsplit('/').next().unwrap_or_default().to_owned();
    if !matches!(sort, Listed::Commits(_)) {
        return Some(Ok((service, sort)));
    }
    let branch = fields.iter().find(|field| field.source == Some(Source::Outputs("branch")));
    match branch.and_then(said) {
        Some(branch) => Some(Ok((service, Listed::Commits(branch)))),
        None => Some(Err("Choose the branch first: these are its commits.")),
    }
}

fn names_service(field: &Field) -> bool {
    matches!(field.source, Some(Source::BuildServices | Source::Buildables { .. }))
}

/// What the field says: its text, or the default of the one argument that it is.
fn value_of(document: &Document, node: Key, pointer: &str) -> Option<String> {
    let text = document.resolve_from(node, pointer).and_then(|key| document.str(key))?;
    if !expr::is_reference(text) {
        return (!text.is_empty()).then(|| text.to_owned());
    }
    let template = expr::parse(text);
    let [part] = template.parts.as_slice() else { return None };
    let Content::Expression(expr) = &part.content else { return None };
    let ExprKind::Path { root: Root::Args, name, path } = &expr.kind else { return None };
    let default = document.at(document.flow(), &["arguments", name])?;
    match document.to_json(default) {
        Value::String(text) if path.is_empty() && !text.is_empty() => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    fn asked(spec: &str, pointer: &str) -> Option<Result<ListOf, &'static str>> {
        let flow = format!(
            r#"{{"arguments": {{"BRANCH": "main"}}, "spec": {{"kind": "Workflow", "spec":
            {{"type": "sequential", "steps": [{{"kind": "Build", "spec": {spec}}}]}}}}}}"#
        );
        let document = Document::parse(&flow).unwrap();
        let node = document.nodes()[1];
        let kind = kinds::of(&document, node).unwrap();
        let field = kind.fields.iter().find(|field| field.pointer == pointer).unwrap();
        listed(&document, node, kind.fields, field)
    }

    #[test]
    fn a_list_is_that_of_the_service_which_the_form_names() {
        let of = |sort| Some(Ok(("web".to_owned(), sort)));
        let spec = r#"{"id": "shop/web", "type": "service", "branch": "${args.BRANCH}"}"#;
        assert_eq!(asked(spec, "/spec/branch"), of(Listed::Branches));
        assert_eq!(asked(spec, "/spec/pullRequestId"), of(Listed::PullRequests));
        assert_eq!(asked(spec, "/spec/sha"), of(Listed::Commits("main".to_owned())));
        assert_eq!(asked(spec, "/spec/id"), None);
    }

    #[test]
    fn what_must_be_said_first_is_said() {
        let nothing = r#"{"id": "", "type": "service"}"#;
        assert!(
            matches!(asked(nothing, "/spec/branch"), Some(Err(why)) if why.contains("service"))
        );
        let later = r#"{"id": "web", "branch": "${refs.push.branch}"}"#;
        assert!(matches!(asked(later, "/spec/sha"), Some(Err(why)) if why.contains("branch")));
    }
}
