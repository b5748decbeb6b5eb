//! What the text editor is told, as JSON: changes, problems, what can be written, what stands
//! there. Positions are as a browser counts them.

use leptos::prelude::*;
use serde::Serialize;
use slipway_editor::{
    selection::Selection,
    text::{CodeText, TextChange},
};
use slipway_flow::{
    check::{Problem, Severity},
    complete::{self, Hint, Proposal},
    document::ParseError,
    expr::Names,
};

use crate::state::document::EditorHandle;

/// Problems marked at once; the list beside the text has all.
const MOST: usize = 500;

#[derive(Serialize)]
struct Change {
    from: usize,
    to: usize,
    insert: String,
}

#[derive(Serialize)]
struct Mark {
    from: usize,
    to: usize,
    severity: &'static str,
    message: String,
    fixes: Vec<String>,
}

#[derive(Serialize)]
struct Written {
    label: String,
    detail: String,
    help: String,
    from: usize,
    to: usize,
    insert: String,
}

#[derive(Serialize)]
struct Said {
    from: usize,
    to: usize,
    title: String,
    detail: String,
    help: String,
}

pub(super) fn changes(changes: &[Vec<TextChange>]) -> String {
    let change = |change: &TextChange| Change {
        from: change.span.start,
        to: change.span.end,
        insert: change.text.clone(),
    };
    let steps = changes.iter().map(|step| step.iter().map(change).collect::<Vec<_>>());
    json(&steps.collect::<Vec<_>>())
}

/// What is wrong, in the order of the checks: the place at which the text can't be read, or else the
/// problems of the document.
pub(super) fn problems(
    editor: EditorHandle,
    broken: Option<&ParseError>,
    problems: &[Problem],
    editable: bool,
) -> String {
    let marks = editor.with_code(|code| match broken {
        Some(error) => {
            let at = code.unit_at(error.offset);
            let mark = Mark {
                from: at,
                to: at + 1,
                severity: "error",
                message: error.message.clone(),
                fixes: Vec::new(),
            };
            vec![mark]
        }
        None => problems
            .iter()
            .take(MOST)
            .map(|problem| {
                let span = code.units_at(problem.span.clone());
                let fixes = problem.fixes.iter().map(|fix| fix.label.clone());
                Mark {
                    from: span.start,
                    to: span.end,
                    severity: match problem.severity {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                        Severity::Hint => "info",
                    },
                    message: problem.sentence.clone(),
                    fixes: if editable { fixes.collect() } else { Vec::new() },
                }
            })
            .collect(),
    });
    json(&marks.unwrap_or_default())
}

/// What can be written at a position.
pub(super) fn proposals(editor: EditorHandle, at: usize) -> String {
    let names = names(editor, at);
    let written = |code: &CodeText, proposal: Proposal| {
        let span = code.units_at(proposal.replace);
        Written {
            label: proposal.label,
            detail: proposal.detail,
            help: proposal.help,
            from: span.start,
            to: span.end,
            insert: proposal.insert,
        }
    };
    let found = editor.with_code(|code| {
        let found = complete::complete(code.as_str(), code.byte_at(at), &names);
        found.into_iter().map(|proposal| written(code, proposal)).collect::<Vec<_>>()
    });
    json(&found.unwrap_or_default())
}

/// What stands at a position; empty where there is nothing to say.
pub(super) fn hint(editor: EditorHandle, at: usize) -> String {
    let names = names(editor, at);
    let found = editor.with_code(|code| {
        let Hint { span, title, detail, help } =
            complete::hint(code.as_str(), code.byte_at(at), &names)?;
        let span = code.units_at(span);
        Some(Said { from: span.start, to: span.end, title, detail, help })
    });
    found.flatten().map(|said| json(&said)).unwrap_or_default()
}

/// What an expression at a position can name.
fn names(editor: EditorHandle, at: usize) -> Names {
    let node = editor.node_at(at).or_else(|| editor.selection.with_untracked(Selection::focus));
    editor.read_untracked(|document| {
        node.filter(|node| document.contains(*node))
            .or_else(|| document.root_node())
            .map(|node| Names::of(document, node))
            .unwrap_or_default()
    })
}

fn json(value: &impl Serialize) -> String {
    // Plain structures always have a form.
    serde_json::to_string(value).unwrap_or_default()
}
