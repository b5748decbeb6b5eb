//! What a command would break: places that read what it takes away.

use std::collections::HashSet;

use slipway_flow::{
    document::{Document, Key},
    kinds,
};

use super::Command;
use crate::uses::{Name, Use, broken, broken_without, uses_of};

/// What would have no value any more after a command: places that read what it takes away. Empty
/// for commands that take nothing away that is read.
#[must_use]
pub fn broken_by(document: &Document, command: &Command) -> Vec<Use> {
    match command {
        Command::Delete { nodes } | Command::Cut { nodes } => broken_without(document, nodes),
        Command::RemoveEntry { entry } => broken(document, &HashSet::from([*entry])),
        Command::SwitchKind { node, kind } => {
            kinds::all().get(*kind).map(|kind| lost(document, *node, kind)).unwrap_or_default()
        }
        Command::SetArgument { name, value: None } => uses_of(document, Name::Argument(name)),
        _ => Vec::new(),
    }
}

/// Uses of outputs that the node has, and as another kind would not have.
fn lost(document: &Document, node: Key, new: &kinds::Kind) -> Vec<Use> {
    let name = document.node(node).reference().filter(|name| !name.is_empty());
    let (Some(name), Some(old)) = (name, kinds::of(document, node)) else { return Vec::new() };
    let has = |kind: &kinds::Kind, read: &str| {
        let reaches = |output: &kinds::Output| {
            let rest = read.strip_prefix(output.name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        kind.outputs.iter().any(reaches)
    };
    let mut found = uses_of(document, Name::Ref(name));
    found.retain(|one| {
        let rest = document.str(one.key).and_then(|text| text.get(one.span.end..));
        let path = rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
        let end = path.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c)));
        let read = path.get(..end.unwrap_or(path.len())).unwrap_or_default();
        has(old, read) && !has(new, read)
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_break_what_they_take_away() {
        let flow = r#"{ "triggers": [{ "ref": "push" }],
            "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
                { "kind": "JobRun", "ref": "job", "spec": { "jobId": "${args.N}" } },
                { "kind": "Build", "spec": { "branch": "${refs.push.branch}", "sha": "${refs.job.runId}" } }
            ] } } }"#;
        let document = Document::parse(flow).unwrap();
        let nodes = document.nodes();
        let entry = document.at(document.flow(), &["triggers", "0"]);
        let entry = entry.or_else(|| document.resolve("/triggers/0")).unwrap();
        assert_eq!(broken_by(&document, &Command::RemoveEntry { entry }).len(), 1);
        assert_eq!(broken_by(&document, &Command::Cut { nodes: vec![nodes[1]] }).len(), 1);
        assert!(broken_by(&document, &Command::ToggleSkip { nodes: vec![nodes[1]] }).is_empty());
        let argument = Command::SetArgument { name: "N".to_owned(), value: None };
        assert_eq!(broken_by(&document, &argument).len(), 1);
        // As the kind that it is nothing is lost.
        let same = kinds::of(&document, nodes[1]).unwrap();
        let kind = kinds::all().iter().position(|kind| std::ptr::eq(*kind, same)).unwrap();
        let switch = Command::SwitchKind { node: nodes[1], kind };
        assert!(broken_by(&document, &switch).is_empty());
    }
}
