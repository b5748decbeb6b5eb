//! "Uses" and "Used by": what the selected node reads, and who reads what it leaves behind, each
//! with a jump.

use std::collections::BTreeMap;

use leptos::prelude::*;
use slipway_editor::uses::{Name, Reading, Use, reads_of, uses_of};
use slipway_flow::{
    document::{Document, Key},
    expr::Root,
    kinds,
};

use crate::state::{
    document::EditorHandle,
    target::{Target, place_words},
};

/// Rows of a list at most; the rest is counted.
const MOST: usize = 50;

/// One row: what it says, what stands behind it, and where it leads.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    said: String,
    detail: String,
    target: Option<Target>,
}

/// Both lists of a node.
#[derive(Debug, Clone, Default, PartialEq)]
struct Both {
    uses: Vec<Row>,
    used_by: Vec<Row>,
}

/// The section of a node's form.
#[component]
pub(super) fn Uses(editor: EditorHandle, node: Key, on_jump: Callback<(Target,)>) -> impl IntoView {
    // Looked up when the checks have looked, which is once typing pauses: finding who reads a ref
    // is a walk over the whole document.
    let both = Memo::new(move |_| {
        editor.problems.track();
        editor.read_untracked(|document| Both::of(document, node))
    });
    let list = move |title: &'static str, rows: Vec<Row>| {
        let more = rows.len().saturating_sub(MOST);
        let rows = rows.into_iter().take(MOST).map(|row| view_of(row, on_jump)).collect_view();
        view! {
            <p class="uses-title">{title}</p>
            <ul class="uses-list" aria-label=title>
                {rows}
                {(more > 0).then(|| view! { <li class="quiet">{format!("… and {more} more.")}</li> })}
            </ul>
        }
    };
    move || {
        let Both { uses, used_by } = both.get();
        if uses.is_empty() && used_by.is_empty() {
            return None;
        }
        let count = format!("{} used, used by {}", uses.len(), used_by.len());
        let uses = (!uses.is_empty()).then(|| list("Uses", uses));
        let used_by = (!used_by.is_empty()).then(|| list("Used by", used_by));
        Some(view! {
            <details class="field-group uses" open>
                <summary>"Uses and used by " <span class="quiet">{count}</span></summary>
                {uses}
                {used_by}
            </details>
        })
    }
}

fn view_of(row: Row, on_jump: Callback<(Target,)>) -> AnyView {
    let Row { said, detail, target } = row;
    let said = match target {
        Some(target) => view! {
            <button
                type="button"
                class="link-button"
                on:click=move |_| on_jump.run((target.clone(),))
            >
                {said}
            </button>
        }
        .into_any(),
        None => view! { <span>{said}</span> }.into_any(),
    };
    view! { <li>{said} " " <span class="uses-detail">{detail}</span></li> }.into_any()
}

impl Both {
    fn of(document: &Document, node: Key) -> Self {
        if !document.contains(node) {
            return Self::default();
        }
        let name = document.node(node).reference().filter(|name| !name.is_empty());
        let used_by = name.map(|name| uses_of(document, Name::Ref(name))).unwrap_or_default();
        let used_by = used_by.iter().filter(|one| one.node != Some(node));
        let used_by = used_by.map(|one| reader(document, one)).collect();
        Self { uses: read(document, node), used_by }
    }
}

/// A place that reads a name.
fn reader(document: &Document, one: &Use) -> Row {
    let (place, label) = place_words(document, one.node, &one.pointer);
    let target = Target::of(document, one.node, &one.pointer, "");
    Row { said: place, detail: label, target: Some(target) }
}

/// What a node reads, each name once, with the fields that read it.
fn read(document: &Document, node: Key) -> Vec<Row> {
    let mut names: BTreeMap<(bool, String), Vec<String>> = BTreeMap::new();
    let of_flow = |read: &Reading| matches!(read.root, Root::Args | Root::Refs);
    for Reading { root, name, at } in reads_of(document, node).into_iter().filter(of_flow) {
        let (_, label) = place_words(document, at.node, &at.pointer);
        let labels = names.entry((root == Root::Args, name)).or_default();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let holders = document.ref_holders();
    let row = |((is_argument, name), labels): ((bool, String), Vec<String>)| {
        let detail = format!("in {}", labels.join(", "));
        if is_argument {
            let pointer = format!("/arguments/{name}");
            let known = document.at(document.flow(), &["arguments", &name]).is_some();
            let target = known.then_some(Target::Place(pointer));
            return Row { said: format!("Argument {name}"), detail, target };
        }
        let holder = holders.iter().copied().find(|holder| {
            document.get(*holder, "ref").and_then(|key| document.str(key)) == Some(&name)
        });
        match holder {
            Some(holder) if document.get(holder, "kind").is_some() => {
                let said = kinds::title(document, holder);
                Row {
                    said,
                    detail: format!("{name}, {detail}"),
                    target: Some(Target::Node(holder)),
                }
            }
            Some(holder) => {
                let target = Some(Target::Place(document.pointer(holder)));
                Row { said: format!("Trigger {name}"), detail, target }
            }
            None => Row { said: format!("{name}, which nothing has"), detail, target: None },
        }
    };
    names.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{"arguments": {"BRANCH": "main"}, "spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
        {"kind": "Build", "ref": "build", "spec": {"id": "builder", "type": "service", "branch": "${args.BRANCH}", "sha": "${refs.gone.sha}"}},
        {"kind": "Release", "ref": "web", "spec": {"type": "build", "origin": {"id": "builder", "branch": "${refs.build.branch}", "build": "${refs.build.id}"}, "target": {"id": "web", "type": "service"}}}]}}}"#;

    #[test]
    fn both_ways_with_the_fields_labels() {
        let document = Document::parse(FLOW).unwrap();
        let nodes = document.nodes();
        let Both { uses, used_by } = Both::of(&document, nodes[1]);
        let said: Vec<_> =
            uses.iter().map(|row| (row.said.as_str(), row.detail.as_str())).collect();
        let gone = ("gone, which nothing has", "in Commit");
        assert_eq!(said, [gone, ("Argument BRANCH", "in Branch")]);
        let by: Vec<_> = used_by.iter().map(|row| row.detail.as_str()).collect();
        assert_eq!(by, ["Branch", "Build"]);
        assert_eq!(used_by[1].target, Some(Target::Field(nodes[2], "/spec/origin/build")));
        let Both { uses, used_by } = Both::of(&document, nodes[2]);
        assert_eq!(uses[0].target, Some(Target::Node(nodes[1])));
        assert_eq!(uses[0].detail, "build, in Branch, Build");
        assert!(used_by.is_empty());
    }
}
