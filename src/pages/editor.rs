//! The editor of a stage's release flow: fetches it, and puts palette, canvas, settings and
//! problems together.

mod address;
mod clipboard;
mod entries;
mod faces;
mod flows;
mod hands;
mod keyboard;
mod popups;
mod saving;
mod sheet;
mod side;
mod stage;
mod surroundings;
mod toolbar;
mod view;
mod workbench;

use leptos::prelude::*;
use slipway_api::{session::Role, stage::Stage};

use crate::{
    client::{FlowText, load, use_client},
    state::{journal::Wanted, session::use_session},
    ui::{Button, ButtonKind, Empty, ErrorNote, Glyph, Loading},
};
use saving::Opened;

/// Whose flow is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Subject {
    project: String,
    pipeline: String,
    stage: Stage,
}

/// The page.
#[component]
pub fn EditorPage(project: String, pipeline: String, stage: Stage) -> impl IntoView {
    let subject = StoredValue::new(Subject { project, pipeline, stage });
    let client = use_client();
    let flow = load(move || {
        let Subject { project, pipeline, stage } = subject.get_value();
        async move { client.document(&project, &pipeline, stage).await }
    });
    let begin_new = RwSignal::new(false);
    let wanted = StoredValue::new(Wanted::Own);
    let afresh = Callback::new(move |()| {
        wanted.set_value(Wanted::Nothing);
        begin_new.set(false);
        flow.again();
    });
    let opened = move |flow, stored| {
        let (subject, wanted) = (subject.get_value(), wanted.get_value());
        view! { <Opened subject=subject flow=flow stored=stored wanted=wanted afresh=afresh /> }
            .into_any()
    };
    view! {
        <div class="editor-page">
            {move || {
                if begin_new.get() {
                    return opened(first_flow(), false);
                }
                match (flow.value.get(), flow.error.get()) {
                    (Some(Some(flow)), _) => opened(flow, true),
                    (Some(None), _) => view! { <NoFlow stage=stage begin=begin_new /> }.into_any(),
                    (None, Some(error)) => {
                        view! {
                            <ErrorNote
                                message=error.to_string()
                                on_retry=Callback::new(move |()| flow.again())
                            />
                        }
                            .into_any()
                    }
                    (None, None) => view! { <Loading label="Loading the release flow…" /> }.into_any(),
                }
            }}
        </div>
    }
}

/// A stage without a release flow.
#[component]
fn NoFlow(stage: Stage, begin: RwSignal<bool>) -> impl IntoView {
    let locked = use_session().refusal(Role::Editor, "add a release flow");
    view! {
        <Empty title=format!("{} has no release flow yet", stage.name())>
            <p>"A release flow says what happens when this stage is released: builds, migrations, backups, deployments, in order or at once."</p>
            <Button
                kind=ButtonKind::Primary
                icon=Glyph::Plus
                reason=locked
                on_click=move |_| begin.set(true)
            >
                "Add release flow"
            </Button>
        </Empty>
    }
}

/// What a new release flow begins with: one sequential workflow to put nodes into.
fn first_flow() -> FlowText {
    FlowText { text: FIRST_FLOW.to_owned(), etag: None }
}

const FIRST_FLOW: &str = r#"{
  "apiVersion": "v1.2",
  "spec": {
    "kind": "Workflow",
    "spec": {
      "type": "sequential",
      "steps": []
    }
  },
  "triggers": []
}
"#;
