//! What was done, in words for those who can't see it.
//!
//! May import: `command`, the document and the kinds.

use slipway_flow::{
    document::{Document, Key},
    kinds,
};

use crate::command::Command;

/// What to say after a command: where nodes are now that came or moved, else the step's label.
/// `selected` is what the command has left selected.
#[must_use]
pub fn done(document: &Document, command: &Command, label: &str, selected: &[Key]) -> String {
    let verb = match command {
        Command::Move { .. } => "moved to",
        Command::Insert { .. } => "added at",
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
}
