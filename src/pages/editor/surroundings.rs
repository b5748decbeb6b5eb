//! What a flow can act on, asked of the server: the project's services, jobs and addons, and the
//! stages that hold them.

use leptos::prelude::*;
use slipway_api::{
    resource::{NamedRow, ResourceType, ServiceRow},
    stage::Stage,
};

use super::Subject;
use crate::{
    client::{load, use_client},
    features::inspector::{Resource, Resources},
};

pub(super) fn resources(subject: &Subject) -> Signal<Resources> {
    let client = use_client();
    let subject = StoredValue::new(subject.clone());
    let found = load(move || {
        let Subject { project, pipeline, stage } = subject.get_value();
        async move {
            let services = client.services(&project).await?;
            let jobs = client.jobs(&project).await?;
            let addons = client.addons(&project).await?;
            let board = client.board(&project, &pipeline).await?;
            let services = services.into_iter().map(|service| {
                let (word, builds) = service_word(&service.service_type);
                let ServiceRow { id, name, .. } = service;
                Resource { of: ResourceType::Service, id, name, word, builds }
            });
            let named = |rows: Vec<NamedRow>, of, word| {
                rows.into_iter().map(move |NamedRow { id, name, .. }| Resource {
                    of,
                    id,
                    name,
                    word,
                    builds: false,
                })
            };
            let jobs = named(jobs, ResourceType::Job, "Job");
            let addons = named(addons, ResourceType::Addon, "Addon");
            Ok(Resources {
                project,
                stage: Some(stage),
                known: true,
                all: services.chain(jobs).chain(addons).collect(),
                members: board
                    .stages
                    .into_iter()
                    .flat_map(|column| {
                        let stage: Stage = column.stage;
                        column.resources.into_iter().map(move |r| (stage, r.kind, r.id))
                    })
                    .collect(),
            })
        }
    });
    Signal::derive(move || found.value.get().unwrap_or_default())
}

/// What a service's type is called, and whether such a service builds.
fn service_word(service_type: &str) -> (&'static str, bool) {
    match service_type {
        "build" => ("Build service", true),
        "deployment" => ("Deployment service", false),
        "combined" => ("Combined service", true),
        _ => ("Service", false),
    }
}
