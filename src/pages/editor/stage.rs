//! What the stage holds, and which nodes of the flow act on it.

use leptos::prelude::*;
use slipway_api::{resource::ResourceType, stage::Stage};
use slipway_flow::{
    document::{Document, Key},
    kinds,
};

use crate::{
    features::inspector::Resources,
    state::document::EditorHandle,
    ui::{Empty, Glyph, Icon},
};

#[component]
pub(super) fn StageResources(
    editor: EditorHandle,
    resources: Signal<Resources>,
    stage: Stage,
    on_jump: Callback<(Key,)>,
) -> impl IntoView {
    let held = Memo::new(move |_| {
        resources.with(|resources| {
            let here = resources.members.iter().filter(|(at, ..)| *at == stage);
            here.map(|(_, kind, id)| (*kind, id.clone())).collect::<Vec<_>>()
        })
    });
    let row = move |(kind, id): (ResourceType, String)| {
        let (glyph, word) = shown(kind);
        let named = id.clone();
        let users = Memo::new(move |_| editor.read(|document| naming(document, &named)));
        let user = move |(node, title): (Key, String)| {
            view! {
                <li>
                    <button type="button" on:click=move |_| on_jump.run((node,))>
                        {title}
                    </button>
                </li>
            }
        };
        view! {
            <tr>
                <th scope="row">
                    <Icon of=glyph />
                    <span class="mono">{id}</span>
                </th>
                <td>{word}</td>
                <td>
                    {move || match users.get() {
                        users if users.is_empty() => {
                            view! { <span class="quiet">"No node"</span> }.into_any()
                        }
                        users => {
                            view! { <ul>{users.into_iter().map(user).collect_view()}</ul> }
                                .into_any()
                        }
                    }}
                </td>
            </tr>
        }
    };
    view! {
        <section class="stage-resources" aria-labelledby="stage-resources-title">
            <h2 id="stage-resources-title">{format!("What {} holds", stage.name())}</h2>
            {move || {
                if held.with(Vec::is_empty) {
                    return view! {
                        <Empty title="Nothing yet">
                            <p>"This stage holds no services, jobs or addons, or they have not been read yet."</p>
                        </Empty>
                    }
                        .into_any();
                }
                view! {
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"Resource"</th>
                                <th scope="col">"Type"</th>
                                <th scope="col">"Nodes that name it"</th>
                            </tr>
                        </thead>
                        <tbody>{held.get().into_iter().map(row).collect_view()}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </section>
    }
}

const fn shown(kind: ResourceType) -> (Glyph, &'static str) {
    match kind {
        ResourceType::Service => (Glyph::Service, "Service"),
        ResourceType::Job => (Glyph::Job, "Job"),
        ResourceType::Addon => (Glyph::Addon, "Addon"),
    }
}

/// The nodes with a field that is fed from the project's resources and holds this id.
fn naming(document: &Document, id: &str) -> Vec<(Key, String)> {
    let names = |node: &Key| {
        let fields = kinds::of(document, *node).map_or(&[][..], |kind| kind.fields);
        fields.iter().filter(|field| field.source.is_some()).any(|field| {
            document.resolve_from(*node, field.pointer).and_then(|key| document.str(key))
                == Some(id)
        })
    };
    let nodes = document.nodes().into_iter().filter(names);
    nodes.map(|node| (node, kinds::title(document, node))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_found_by_what_they_act_on() {
        let document = Document::parse(
            r#"{"spec": {"kind": "Workflow", "spec": {"type": "sequential", "steps": [
                {"kind": "JobRun", "spec": {"jobId": "migrate"}},
                {"kind": "Build", "ref": "migrate", "spec": {"id": "web", "type": "service"}}]}}}"#,
        )
        .unwrap();
        let found = naming(&document, "migrate");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, document.nodes()[1]);
        assert!(naming(&document, "nothing").is_empty());
    }
}
