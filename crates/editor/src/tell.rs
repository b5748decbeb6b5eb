//! What was done, in words for those who can't see it.
//!
//! May import: `command`, the document and the kinds.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use slipway_flow::{
    document::{Document, Key, pointer_names},
    kinds::{self, settings},
};

use crate::command::{Command, List};

/// What to say after a command: where nodes are now that came or moved, else the step's label.
/// `selected` is what the command has left selected.
#[must_use]
pub fn done(document: &Document, command: &Command, label: &str, selected: &[Key]) -> String {
    let verb = match command {
        Command::Move { .. } => "moved to",
        Command::Begin { .. } | Command::Insert { .. } => "added at",
        Command::Paste { .. } => "pasted at",
        Command::Duplicate { .. } => "duplicated at",
        Command::Delete { .. } | Command::Cut { .. } => {
            let now = selected.first().map(|node| kinds::title(document, *node));
            return now.map_or_else(
                || format!("{label}: done."),
                |now| format!("{label}: done. {now} is selected."),
            );
        }
        _ => return format!("{label}: done."),
    };
    let place = selected.first().and_then(|first| place(document, *first));
    match (selected, place) {
        ([node], Some(place)) => format!("{} {verb} {place}.", kinds::title(document, *node)),
        (nodes, Some(place)) => format!("{} nodes {verb} {place}.", nodes.len()),
        (_, None) => format!("{label}: done."),
    }
}

/// What a place of the document around the flow belongs to, by its pointer from the root: "Git
/// trigger push", "Argument BRANCH", "Options". With it comes the way from there in the labels of the
/// forms, "Branches 2"; empty where it is the thing itself.
#[must_use]
pub fn around(document: &Document, pointer: &str) -> (String, String) {
    let within = pointer.strip_prefix(&document.pointer(document.flow())).unwrap_or(pointer);
    let names: Vec<String> = pointer_names(within).map(Cow::into_owned).collect();
    let rest = |from: usize| names.get(from..).unwrap_or_default().join(".");
    let Some(member) = names.first() else { return (FLOW.to_owned(), String::new()) };
    if let ("arguments", Some(name)) = (member.as_str(), names.get(1)) {
        return (format!("Argument {name}"), rest(2));
    }
    let mut way = kinds::way(settings::around(document).fields, within).into_iter();
    let Some(first) = way.next() else { return (FLOW.to_owned(), rest(0)) };
    let entry = |list: List| {
        let array = document.get(document.flow(), list.name())?;
        let entry = document.elements(array).nth(names.get(1)?.parse().ok()?)?;
        Some(capital(&list.title(document, entry)))
    };
    let lists = [List::Triggers, List::RichInputs];
    let title = lists.into_iter().find(|list| list.name() == member).and_then(entry);
    (title.unwrap_or(first), way.collect::<Vec<_>>().join(STEP))
}

/// Parts the labels of a way to a value.
pub const STEP: &str = " → ";

const FLOW: &str = "The flow";

/// How a flow inside a larger document ([`Document::flows`]) is called: "Production of Ledger", by
/// its stage and the name of its pipeline. What is not written is left out.
#[must_use]
pub fn flow_title(document: &Document, flow: Key) -> String {
    let stage = document.stage_around(flow);
    let stages = stage.and_then(|stage| document.parent(stage));
    let spec = stages.and_then(|stages| document.parent(stages));
    let name = |key: Option<Key>| {
        let name = key.and_then(|key| document.get(key, "name")).and_then(|key| document.str(key));
        name.filter(|name| !name.is_empty())
    };
    match (name(stage), name(spec)) {
        (Some(stage), Some(pipeline)) => format!("{stage} of {pipeline}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Release flow".to_owned(),
    }
}

fn capital(words: &str) -> String {
    let mut words = words.to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Several nodes in the order of the document, by their titles; what has the title of another one
/// comes with its ref, else with its place.
#[must_use]
pub fn told_apart(document: &Document, nodes: &[Key]) -> Vec<(Key, String)> {
    let wanted: HashSet<Key> = nodes.iter().copied().collect();
    let found = document.nodes().into_iter().filter(|node| wanted.contains(node));
    let titled: Vec<_> = found.map(|node| (node, kinds::title(document, node))).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for (_, title) in &titled {
        *count.entry(title).or_default() += 1;
    }
    let told = |(node, title): &(Key, String)| {
        let reference = || document.node(*node).reference().filter(|it| !it.is_empty());
        let more = (count.get(title.as_str()) > Some(&1))
            .then(|| reference().map(str::to_owned).or_else(|| place(document, *node)));
        let told = match more.flatten() {
            Some(more) => format!("{title}, {more}"),
            None => title.clone(),
        };
        (*node, told)
    };
    titled.iter().map(told).collect()
}

/// "position 2 of 3 in Sequential workflow".
fn place(document: &Document, node: Key) -> Option<String> {
    let workflow = document.workflow_of(node)?;
    let position = document.index_in_parent(node)? + 1;
    let steps = document.node(workflow).steps().count();
    Some(format!("position {position} of {steps} in {}", kinds::title(document, workflow)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{layout::Place, session::Session};

    const FLOW: &str = r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "JobRun", "spec": {"jobId": "one"}}, {"kind": "JobRun", "spec": {"jobId": "two"}}]}}}"#;

    #[test]
    fn nodes_with_one_title_are_told_apart_in_the_order_of_the_flow() {
        let job = |more: &str| format!(r#"{{"kind": "JobRun", {more}"spec": {{"jobId": "one"}}}}"#);
        let flow = format!(
            r#"{{"spec": {{"kind": "Workflow", "spec": {{"type": "sequential", "steps": [{}, {}, {}]}}}}}}"#,
            job(""),
            job(r#""ref": "again", "#),
            r#"{"kind": "JobRun", "spec": {"jobId": "two"}}"#,
        );
        let document = Document::parse(&flow).unwrap();
        let nodes = document.nodes();
        let told = told_apart(&document, &[nodes[3], nodes[2], nodes[1]]);
        let words: Vec<&str> = told.iter().map(|(_, words)| words.as_str()).collect();
        let first = "Run job one, position 1 of 3 in Sequential workflow";
        assert_eq!(words, [first, "Run job one, again", "Run job two"]);
        assert_eq!(told.iter().map(|(node, _)| *node).collect::<Vec<_>>(), nodes[1..]);
        assert_eq!(told_apart(&document, &nodes[1..2])[0].1, "Run job one");
    }

    fn said(command: impl Fn(&[Key]) -> Command) -> String {
        let mut session = Session::open(FLOW).unwrap();
        let command = command(&session.document().nodes());
        let label = session.dispatch(&command).unwrap().unwrap();
        done(session.document(), &command, &label, &session.chosen())
    }

    #[test]
    fn what_moved_or_came_says_where_it_is() {
        let moved = |nodes: &[Key]| Command::Move {
            nodes: vec![nodes[1]],
            place: Place { workflow: nodes[0], index: 2 },
        };
        assert_eq!(said(moved), "Run job one moved to position 2 of 2 in Sequential workflow.");
        let twice = |nodes: &[Key]| Command::Duplicate { nodes: vec![nodes[1], nodes[2]] };
        assert_eq!(said(twice), "2 nodes duplicated at position 3 of 4 in Sequential workflow.");
        let gone = |nodes: &[Key]| Command::Delete { nodes: vec![nodes[1]] };
        assert_eq!(said(gone), "Delete Run job one: done. Run job two is selected.");
    }

    #[test]
    fn what_is_around_the_flow_has_names() {
        let document = Document::parse(
            r#"{"apiVersion": "v1.2", "arguments": {"BRANCH": {"a/b": 1}}, "options": {"paused": true},
            "triggers": [{"ref": "push"}, {"repoUrl": "https://github.com/acme/shop"}, {}],
            "richInputs": [{"spec": {"title": "Worker build"}}], "mine": {}, "spec": {}}"#,
        )
        .unwrap();
        for (pointer, title, rest) in [
            ("/triggers/0/branchRestrictions/1", "Git trigger push", "Branches 2"),
            ("/triggers/1", "Git trigger https://github.com/acme/shop", ""),
            ("/triggers/2/repoUrl", "Git trigger", "Repository"),
            ("/triggers", "Git triggers", ""),
            ("/triggers/9", "Git triggers 10", ""),
            ("/richInputs/0/spec/inputs", "Input Worker build", "spec → inputs"),
            ("/arguments/BRANCH", "Argument BRANCH", ""),
            ("/arguments/BRANCH/a~1b", "Argument BRANCH", "a/b"),
            ("/options/paused", "Options", "Triggers are paused"),
            ("/gitops/branch", "GitOps", "Branch"),
            ("/apiVersion", "API version", ""),
            ("/mine/x", "The flow", "mine.x"),
            ("", "The flow", ""),
        ] {
            assert_eq!(
                around(&document, pointer),
                (title.to_owned(), rest.to_owned()),
                "{pointer}"
            );
        }
    }

    #[test]
    fn a_flow_inside_a_template_has_its_own_settings() {
        let mut document = Document::parse(
            r#"{"spec": {"kind": "Pipeline", "spec": {"stages": [{"releaseFlow": {"kind": "ReleaseFlow",
            "spec": {"options": {"paused": true}, "spec": {"kind": "Workflow", "spec": {}}}}}]}}}"#,
        )
        .unwrap();
        let (flow, _) = document.flows()[0];
        assert_eq!(flow_title(&document, flow), "Release flow");
        document.open_flow(flow);
        let pointer = "/spec/spec/stages/0/releaseFlow/spec/options/paused";
        assert_eq!(
            around(&document, pointer),
            ("Options".to_owned(), "Triggers are paused".to_owned())
        );
    }

    #[test]
    fn a_flow_inside_a_template_is_called_by_stage_and_pipeline() {
        let document = Document::parse(
            r#"{"spec": {"kind": "Pipeline", "spec": {"name": "Ledger", "stages": [
            {"name": "Staging", "releaseFlow": {"spec": {}}}, {"releaseFlow": {"spec": {}}}]}}}"#,
        )
        .unwrap();
        let titles = document.flows().into_iter().map(|(flow, _)| flow_title(&document, flow));
        assert_eq!(titles.collect::<Vec<_>>(), ["Staging of Ledger", "Ledger"]);
    }
}
