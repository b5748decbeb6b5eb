//! What a flow can act on, asked of the server: the project's services, jobs and addons, and the
//! stages that hold them.

use leptos::prelude::*;
use slipway_api::stage::Stage;

use super::Subject;
use crate::{
    client::{load, use_client},
    features::inspector::Resources,
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
            Ok(Resources {
                stage: Some(stage),
                build_services: services
                    .into_iter()
                    .filter(|service| service.service_type != "deployment")
                    .map(|service| service.id)
                    .collect(),
                jobs: jobs.into_iter().map(|job| job.id).collect(),
                addons: addons.into_iter().map(|addon| addon.id).collect(),
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
