//! "Roll back to this release", and the dialog behind it.

use leptos::prelude::*;
use slipway_api::{
    run::{RollbackPlan, RollbackRequest},
    session::Role,
    stage::Stage,
};
use slipway_engine::event::RunOrigin;

use super::plan::{Change, Words, changes};
use crate::{
    client::{ClientError, Load, load, use_client, use_tasks},
    routes::Page,
    state::{
        place::use_place,
        run::{RunAddress, RunHandle},
        session::use_session,
    },
    ui::{
        Button, ButtonKind, Dialog, Empty, ErrorNote, Glyph, Icon, Loading, Notice, TextArea,
        TextField, Tone,
    },
};

/// Characters that a reason may have.
const LONGEST_REASON: usize = 500;

/// Offered for releases that are over and have put something into place.
#[component]
pub fn RollbackButton(run: RunHandle) -> impl IntoView {
    let open = RwSignal::new(false);
    let offered = Memo::new(move |_| {
        let over =
            run.head().with(|head| head.status.concluded() && head.origin == RunOrigin::Release);
        over && run.released().get()
    });
    let refusal = use_session().refusal(Role::Releaser, "roll back");
    let button = move || {
        offered.get().then(|| {
            view! {
                <Button icon=Glyph::Rollback reason=refusal on_click=move |_| open.set(true)>
                    "Roll back to this release"
                </Button>
            }
        })
    };
    view! {
        {button}
        <Dialog open=open title="Roll back to this release" class="rollback-dialog">
            <RollbackForm run=run open=open/>
        </Dialog>
    }
}

/// What is on the screen.
#[derive(Clone, Copy)]
struct Form {
    reason: RwSignal<String>,
    /// The stage's name, typed as a confirmation where one is asked for.
    typed: RwSignal<String>,
    failure: RwSignal<Option<ClientError>>,
    busy: RwSignal<bool>,
}

#[component]
fn RollbackForm(run: RunHandle, open: RwSignal<bool>) -> impl IntoView {
    let form = Form {
        reason: RwSignal::new(String::new()),
        typed: RwSignal::new(String::new()),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let address = run.address();
    let stage = address.stage;
    let plan = load_plan(address.clone());
    // What a field asks for is said at the field; the rest needs a place of its own.
    let hint = Memo::new(move |_| refused(plan));
    let obstacle = Memo::new(move |_| hint.get().or_else(|| unfinished(form, stage)));
    let go_back = starter(address, form, obstacle);
    let name = run.head().with_untracked(|head| head.name.clone());
    let intro = match name {
        Some(name) => format!("{} goes back to what “{name}” released.", stage.name()),
        None => format!("{} goes back to what this run released.", stage.name()),
    };
    view! {
        <form class="rollback-form" on:submit=move |event| {
            event.prevent_default();
            go_back.run(());
        }>
            <p>{intro}</p>
            {move || plan_view(plan)}
            <Reason form=form/>
            {needs_typing(stage).then(|| view! { <Confirmation form=form stage=stage/> })}
            {move || form.failure.get().map(|error| view! { <ErrorNote message=error.to_string()/> })}
            <div class="dialog-actions">
                <p class="run-form-hint">{move || hint.get()}</p>
                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button
                    kind=ButtonKind::Danger
                    icon=Glyph::Rollback
                    submit=true
                    reason=obstacle
                    busy=form.busy
                >
                    "Roll back"
                </Button>
            </div>
        </form>
    }
}

fn load_plan(address: RunAddress) -> Load<RollbackPlan> {
    let client = use_client();
    load(move || {
        let RunAddress { project, pipeline, stage, run } = address.clone();
        async move { client.rollback_plan(&project, &pipeline, stage, &run).await }
    })
}

/// Going back in production is confirmed by name.
fn needs_typing(stage: Stage) -> bool {
    stage == Stage::Production
}

/// Why it can't be done whatever is typed.
fn refused(plan: Load<RollbackPlan>) -> Option<String> {
    let sentence = plan.value.with(|plan| match plan {
        None => Some("The plan is not here yet."),
        Some(plan) if plan.refused.is_some() => Some("This run can't be gone back to."),
        Some(plan) if plan.restores.is_empty() => Some("There is nothing to go back to."),
        Some(_) => None,
    });
    sentence.map(str::to_owned)
}

/// What is still to be typed, or to be put right.
fn unfinished(form: Form, stage: Stage) -> Option<String> {
    reason_problem(&form.reason.read()).or_else(|| {
        let missing = needs_typing(stage) && form.typed.with(|typed| typed.trim() != stage.name());
        missing.then(|| format!("Type “{}” to confirm.", stage.name()))
    })
}

fn reason_problem(reason: &str) -> Option<String> {
    let length = reason.chars().count();
    (length > LONGEST_REASON).then(|| {
        format!("A reason has at most {LONGEST_REASON} characters; this one has {length}.")
    })
}

fn starter(address: RunAddress, form: Form, obstacle: Memo<Option<String>>) -> Callback<()> {
    let (client, tasks, place) = (use_client(), use_tasks(), use_place());
    Callback::new(move |()| {
        if form.busy.get_untracked() || obstacle.with_untracked(Option::is_some) {
            return;
        }
        form.busy.set(true);
        form.failure.set(None);
        let reason = form.reason.with_untracked(|reason| reason.trim().to_owned());
        let asked = RollbackRequest {
            reason: (!reason.is_empty()).then_some(reason),
            ..RollbackRequest::default()
        };
        let RunAddress { project, pipeline, stage, run } = address.clone();
        tasks.spawn(async move {
            match client.rollback(&project, &pipeline, stage, &run, &asked).await {
                // The page goes, and the dialog with it.
                Ok(row) => place.go(&Page::Run { project, pipeline, stage, run: row.id }),
                Err(error) => {
                    form.failure.set(Some(error));
                    form.busy.set(false);
                }
            }
        });
    })
}

/// What would happen, or why that is not known.
fn plan_view(plan: Load<RollbackPlan>) -> AnyView {
    let error = plan.error.get();
    let found = plan.value.get();
    match (found, error) {
        (None, None) => view! { <Loading label="Working out what would change…"/> }.into_any(),
        (None, Some(error)) => {
            view! { <ErrorNote message=error.to_string() on_retry=move |()| plan.again()/> }
                .into_any()
        }
        (Some(plan), _) => view! { <Plan plan=plan/> }.into_any(),
    }
}

#[component]
fn Plan(plan: RollbackPlan) -> impl IntoView {
    if let Some(refused) = plan.refused.clone() {
        return view! { <Notice tone=Tone::Bad icon=Glyph::Warning>{refused}</Notice> }.into_any();
    }
    let (changed, same) = changes(&plan);
    let nothing_changes = changed.is_empty();
    view! {
        {(nothing_changes && !same.is_empty()).then(|| view! {
            <Notice>"Everything that this run released runs already. Going back deploys it once more."</Notice>
        })}
        {plan.restores.is_empty().then(|| view! { <Empty title="This run released nothing"/> })}
        {(!nothing_changes).then(|| view! {
            <ul class="rollback-changes" aria-label="What changes">
                {changed.into_iter().map(change_view).collect_view()}
            </ul>
        })}
        {(!same.is_empty()).then(|| view! { <Unchanged same=same/> })}
        {(!plan.untouched.is_empty()).then(|| view! { <Untouched sentences=plan.untouched/> })}
    }
    .into_any()
}

fn change_view(change: Change) -> impl IntoView {
    let now = match change.now {
        Some(now) => artifact(now).into_any(),
        None => view! { <span class="quiet">"nothing"</span> }.into_any(),
    };
    view! {
        <li>
            <strong class="rollback-resource">{change.resource}</strong>
            <span class="rollback-now"><span class="visually-hidden">"now "</span>{now}</span>
            <Icon class="rollback-arrow" of=Glyph::ArrowRight/>
            <span class="rollback-then"><span class="visually-hidden">"then "</span>{artifact(change.then)}</span>
        </li>
    }
}

fn artifact(words: Words) -> impl IntoView {
    view! {
        <span class="artifact" title=words.whole>
            <span class="artifact-what">{words.what}</span>
            {words.from.into_iter().map(|part| view! { <code>{part}</code> }).collect_view()}
        </span>
    }
}

#[component]
fn Unchanged(same: Vec<Change>) -> impl IntoView {
    let words = match same.len() {
        1 => "1 resource already runs that".to_owned(),
        many => format!("{many} resources already run that"),
    };
    view! {
        <details class="rollback-same">
            <summary>{words}</summary>
            <ul>
                {same
                    .into_iter()
                    .map(|change| view! { <li><strong>{change.resource}</strong> " " {artifact(change.then)}</li> })
                    .collect_view()}
            </ul>
        </details>
    }
}

/// What the run did that going back does not undo.
#[component]
fn Untouched(sentences: Vec<String>) -> impl IntoView {
    view! {
        <section class="rollback-untouched" aria-label="Not undone">
            <h3><Icon of=Glyph::Warning/>"Not undone"</h3>
            <ul>
                {sentences.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Reason(form: Form) -> impl IntoView {
    view! {
        <TextArea
            label="Reason (optional)"
            help="Kept with the run, for whoever asks later."
            rows=2
            value=form.reason
            on_input=move |text| form.reason.set(text)
            error=Signal::derive(move || reason_problem(&form.reason.read()))
        />
    }
}

#[component]
fn Confirmation(form: Form, stage: Stage) -> impl IntoView {
    view! {
        <TextField
            label=format!("Type {} to confirm", stage.name())
            value=form.typed
            on_input=move |text| form.typed.set(text)
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_a_bound() {
        assert_eq!(reason_problem(""), None);
        assert_eq!(reason_problem(&"ä".repeat(500)), None);
        assert!(reason_problem(&"a".repeat(501)).unwrap().contains("501"));
    }

    #[test]
    fn only_production_is_confirmed_by_name() {
        assert!(needs_typing(Stage::Production));
        assert!(!needs_typing(Stage::Staging) && !needs_typing(Stage::Development));
    }
}
