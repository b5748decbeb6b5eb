//! Stopping a run.

use leptos::prelude::*;
use slipway_api::session::Role;
use slipway_engine::event::RunStatus;

use crate::{
    client::{ClientError, use_client, use_tasks},
    state::{
        run::{RunAddress, RunHandle},
        session::use_session,
    },
    ui::{Button, ButtonKind, Dialog, ErrorNote, Glyph},
};

/// Asks for confirmation and stops the run. There is nothing to stop once it is over.
#[component]
pub fn AbortButton(run: RunHandle) -> impl IntoView {
    let open = RwSignal::new(false);
    let status = Memo::new(move |_| run.head().with(|head| head.status));
    let refusal = use_session().refusal(Role::Releaser, "abort runs");
    let reason = Memo::new(move |_| {
        let aborting = status.get() == RunStatus::Aborting;
        refusal.get().or_else(|| aborting.then(|| "This run is being aborted already.".to_owned()))
    });
    // Whoever has the dialog open when the run ends has nothing left to confirm.
    Effect::new(move |_| {
        if status.get().concluded() {
            open.set(false);
        }
    });
    let button = move || {
        (!status.get().concluded() && run.ready()).then(|| {
            view! {
                <Button icon=Glyph::Stop reason=reason on_click=move |_| open.set(true)>
                    "Abort"
                </Button>
            }
        })
    };
    view! {
        {button}
        <Dialog open=open title="Abort this run?" class="abort-dialog">
            <AbortForm run=run open=open/>
        </Dialog>
    }
}

#[component]
fn AbortForm(run: RunHandle, open: RwSignal<bool>) -> impl IntoView {
    let (client, tasks) = (use_client(), use_tasks());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<ClientError>);
    let abort = move || {
        busy.set(true);
        failure.set(None);
        let RunAddress { project, pipeline, stage, run } = run.address();
        tasks.spawn(async move {
            match client.abort(&project, &pipeline, stage, &run).await {
                // What becomes of the run comes over the event stream.
                Ok(()) => open.set(false),
                Err(error) => {
                    failure.set(Some(error));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <p>
            "What is at work now is stopped, and nothing further is begun. \
             What this run has already put into place stays as it is."
        </p>
        {move || failure.get().map(|error| view! { <ErrorNote message=error.to_string()/> })}
        <div class="dialog-actions">
            <Button on_click=move |_| open.set(false)>"Keep running"</Button>
            <Button kind=ButtonKind::Danger icon=Glyph::Stop busy=busy on_click=move |_| abort()>
                "Abort run"
            </Button>
        </div>
    }
}
