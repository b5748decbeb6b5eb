//! A resource of a stage, and what runs there.

use leptos::prelude::*;
use slipway_api::{board::BoardResource, resource::ResourceType};
use slipway_engine::event::{Artifact, Deployment};

use super::Whereabouts;
use crate::ui::{Glyph, Icon, Time, short_id};

#[component]
pub(super) fn ResourceRow(
    place: Whereabouts,
    resource: Memo<Option<BoardResource>>,
) -> impl IntoView {
    move || {
        let Some(BoardResource { id, name, kind, deployment }) = resource.get() else {
            return ().into_any();
        };
        let known_as = (name != id).then(|| view! { <span class="mono quiet">{id}</span> });
        view! {
            <li class="resource" data-kind=kind_word(kind)>
                <Icon of=glyph(kind)/>
                <p class="resource-name">
                    <span>{name}</span>
                    <span class="visually-hidden">{format!(" ({})", kind_word(kind))}</span>
                    {known_as}
                </p>
                {match deployment {
                    Some(deployment) => deployed(&place, deployment).into_any(),
                    None if kind == ResourceType::Service => {
                        view! { <p class="resource-what quiet">"No deployment"</p> }.into_any()
                    }
                    None => ().into_any(),
                }}
            </li>
        }
        .into_any()
    }
}

const fn glyph(kind: ResourceType) -> Glyph {
    match kind {
        ResourceType::Service => Glyph::Service,
        ResourceType::Job => Glyph::Job,
        ResourceType::Addon => Glyph::Addon,
    }
}

const fn kind_word(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Service => "service",
        ResourceType::Job => "job",
        ResourceType::Addon => "addon",
    }
}

/// What runs there, since when, and which run brought it.
fn deployed(place: &Whereabouts, deployment: Deployment) -> impl IntoView + use<> {
    let href = place.run(&deployment.run).href_with_node(&deployment.node);
    let label = format!("The run that deployed it, {}", short_id(&deployment.run));
    view! {
        <p class="resource-what">{artifact(deployment.artifact)}</p>
        <p class="resource-when quiet">
            <Time at=deployment.at/>
            " by "
            <a class="mono" href=href aria-label=label>{short_id(&deployment.run)}</a>
        </p>
    }
}

fn artifact(artifact: Artifact) -> AnyView {
    match artifact {
        Artifact::Image { image_path, .. } => view! {
            <span class="fact" title="Image"><Icon of=Glyph::Image/><span class="mono">{image_path}</span></span>
        }
        .into_any(),
        Artifact::Build { build_id, branch, sha, service } => {
            let build = format!("Build {build_id} of {service}");
            let branch = branch.map(|branch| view! {
                <span class="fact" title="Branch">
                    <Icon of=Glyph::Branch/><span class="mono">{branch}</span>
                </span>
            });
            let commit = sha.map(|sha| {
                let short: String = sha.chars().take(7).collect();
                view! {
                    <span class="fact" title=format!("Commit {sha}")>
                        <Icon of=Glyph::Commit/><span class="mono">{short}</span>
                    </span>
                }
            });
            view! {
                <span class="fact" title=build>
                    <Icon of=Glyph::Build/><span class="mono">{short_id(&build_id)}</span>
                </span>
                {branch}
                {commit}
            }
            .into_any()
        }
    }
}
