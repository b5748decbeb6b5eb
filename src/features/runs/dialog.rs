//! The dialog that asks for a run.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};
use slipway_api::{session::Role, stage::Stage};
use slipway_flow::document::Document;

use super::draft::{Argument, arguments_of, description_problem, name_problem, node_of, request};
use crate::{
    client::{ClientError, Load, load, use_client, use_tasks},
    routes::Page,
    state::{place::use_place, session::use_session},
    ui::{
        Button, ButtonKind, Dialog, ErrorNote, Glyph, LinkButton, Loading, Notice, TextField, Tone,
    },
};

/// Which release flow is to be run.
#[derive(Clone, PartialEq)]
struct Flow {
    project: String,
    pipeline: String,
    stage: Stage,
}

/// Asks for a run of a stage's release flow; once it has been started, shows it.
#[component]
pub fn RunDialog(
    project: String,
    pipeline: String,
    stage: Stage,
    open: RwSignal<bool>,
) -> impl IntoView {
    let flow = Flow { project, pipeline, stage };
    view! {
        <Dialog
            open=open
            title=format!("Run {} release flow", stage.name())
            class="run-dialog"
        >
            <RunForm flow=flow.clone() open=open/>
        </Dialog>
    }
}

/// What the flow says, as far as starting it goes.
#[derive(Clone, PartialEq)]
enum Found {
    /// The stage has no release flow.
    Nothing,
    Arguments(Vec<Argument>),
}

/// An argument on the screen.
#[derive(Clone)]
struct Entry {
    argument: Argument,
    typed: RwSignal<String>,
}

/// What is on the screen and what the server said about it.
#[derive(Clone, Copy)]
struct Form {
    name: RwSignal<String>,
    description: RwSignal<String>,
    entries: RwSignal<Vec<Entry>>,
    failure: RwSignal<Option<ClientError>>,
    busy: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            entries: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// What the server said about a field, until the field is changed.
    fn refused(self, field: &str) -> Option<String> {
        self.failure.with(|failure| failure.as_ref()?.field(field))
    }

    /// What is wrong with what was typed, and in which field.
    fn problem(self) -> Option<String> {
        name_problem(&self.name.read())
            .or_else(|| description_problem(&self.description.read()))
            .or_else(|| {
                self.entries.with(|entries| {
                    entries.iter().find_map(|entry| {
                        let sentence = entry.argument.read(&entry.typed.read()).err()?;
                        Some(format!("{}: {sentence}", entry.argument.name))
                    })
                })
            })
    }
}

#[component]
fn RunForm(flow: Flow, open: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let found = find(flow.clone());
    Effect::new(move |_| {
        if let Some(Found::Arguments(arguments)) = found.value.get() {
            form.entries.set(arguments.into_iter().map(entry).collect());
        }
    });
    let refusal = use_session().refusal(Role::Releaser, "start runs");
    // What is wrong with a field is said at the field; the rest needs a place of its own.
    let hint = Memo::new(move |_| refusal.get().or_else(|| not_ready(found)));
    let reason = Memo::new(move |_| hint.get().or_else(|| form.problem()));
    let start = starter(flow.clone(), form, reason);
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            start.run(());
        }
    };
    view! {
        <form
            class="run-form"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                start.run(());
            }
            on:keydown=on_keydown
        >
            <NameFields form=form/>
            {
                let flow = flow.clone();
                move || arguments_view(&flow, form, found)
            }
            {move || failure_note(&flow, form)}
            <div class="dialog-actions">
                <p class="run-form-hint">{move || hint.get()}</p>
                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Play
                    submit=true
                    reason=reason
                    busy=form.busy
                >
                    "Start run"
                </Button>
            </div>
        </form>
    }
}

/// Fetches the flow that would run.
fn find(flow: Flow) -> Load<Found> {
    let client = use_client();
    load(move || {
        let Flow { project, pipeline, stage } = flow.clone();
        async move {
            let text = client.document(&project, &pipeline, stage).await?;
            Ok(text.map_or(Found::Nothing, |flow| {
                // What is wrong with a text that is no JSON is the editor's matter; the server
                // refuses to run it, with a sentence.
                let document = Document::parse(&flow.text).ok();
                Found::Arguments(document.as_ref().map(arguments_of).unwrap_or_default())
            }))
        }
    })
}

fn entry(argument: Argument) -> Entry {
    let typed = RwSignal::new(argument.default_text());
    Entry { argument, typed }
}

/// Why nothing can be started whatever is typed.
fn not_ready(found: Load<Found>) -> Option<String> {
    match (found.value.get(), found.error.get()) {
        (Some(Found::Arguments(_)), _) => None,
        (Some(Found::Nothing), _) => Some("This stage has no release flow yet.".to_owned()),
        (None, Some(_)) => Some("The release flow could not be loaded.".to_owned()),
        (None, None) => Some("The release flow is being loaded.".to_owned()),
    }
}

/// Starts the run, unless there is a reason not to.
fn starter(flow: Flow, form: Form, reason: Memo<Option<String>>) -> Callback<()> {
    let (client, tasks, place) = (use_client(), use_tasks(), use_place());
    Callback::new(move |()| {
        if form.busy.get_untracked() || reason.with_untracked(Option::is_some) {
            return;
        }
        let entries = form.entries.get_untracked();
        let asked = request(
            &form.name.get_untracked(),
            &form.description.get_untracked(),
            entries.iter().map(|entry| (&entry.argument, entry.typed.get_untracked())),
        );
        form.busy.set(true);
        form.failure.set(None);
        let Flow { project, pipeline, stage } = flow.clone();
        tasks.spawn(async move {
            match client.start_run(&project, &pipeline, stage, &asked).await {
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

#[component]
fn NameFields(form: Form) -> impl IntoView {
    let typed = move |field: RwSignal<String>| {
        move |text: String| {
            field.set(text);
            form.failure.set(None);
        }
    };
    let name_error = move || name_problem(&form.name.read()).or_else(|| form.refused("name"));
    let description_error = move || {
        description_problem(&form.description.read()).or_else(|| form.refused("description"))
    };
    view! {
        <TextField
            label="Name (optional)"
            help="3 to 39 letters and digits, parted by single spaces or hyphens."
            value=form.name
            on_input=typed(form.name)
            error=Signal::derive(name_error)
        />
        <TextField
            label="Description (optional)"
            help="At most 200 characters: what this run is for."
            value=form.description
            on_input=typed(form.description)
            error=Signal::derive(description_error)
        />
    }
}

/// The arguments, or why they are not there.
fn arguments_view(flow: &Flow, form: Form, found: Load<Found>) -> AnyView {
    if let (None, Some(error)) = (found.value.get(), found.error.get()) {
        let message = error.to_string();
        return view! { <ErrorNote message=message on_retry=move |()| found.again()/> }.into_any();
    }
    match found.value.get() {
        None => view! { <Loading label="Loading the release flow…"/> }.into_any(),
        Some(Found::Nothing) => {
            let Flow { project, pipeline, stage } = flow.clone();
            view! {
                <Notice tone=Tone::Careful>
                    <p>"This stage has no release flow yet: there is nothing to run."</p>
                    <LinkButton href=Page::Editor { project, pipeline, stage }.href() icon=Glyph::Pencil>
                        "Make one"
                    </LinkButton>
                </Notice>
            }
            .into_any()
        }
        Some(Found::Arguments(arguments)) if arguments.is_empty() => ().into_any(),
        Some(Found::Arguments(_)) => view! { <Arguments form=form/> }.into_any(),
    }
}

#[component]
fn Arguments(form: Form) -> impl IntoView {
    let field = move |entry: Entry| {
        let Entry { argument, typed } = entry;
        let name = argument.name.clone();
        let default = argument.default_text();
        let help = if default.is_empty() {
            "Empty in the flow.".to_owned()
        } else {
            format!("In the flow: {default}")
        };
        let error = move || {
            argument
                .read(&typed.read())
                .err()
                .or_else(|| form.refused(&argument.name))
                .or_else(|| form.refused(&format!("arguments.{}", argument.name)))
        };
        view! {
            <TextField
                label=name
                mono=true
                help=help
                value=typed
                on_input=move |text| {
                    typed.set(text);
                    form.failure.set(None);
                }
                error=Signal::derive(error)
            />
        }
    };
    view! {
        <fieldset class="run-arguments">
            <legend>"Arguments for this run"</legend>
            {move || form.entries.get().into_iter().map(field).collect_view()}
        </fieldset>
    }
}

/// What the server said, where no field says it already.
fn failure_note(flow: &Flow, form: Form) -> Option<AnyView> {
    let failure = form.failure.get()?;
    let at_a_field = ["name", "description"].iter().any(|field| failure.field(field).is_some());
    if at_a_field {
        return None;
    }
    let problems = flow_problems(&failure);
    if problems.is_empty() {
        return Some(view! { <ErrorNote message=failure.to_string()/> }.into_any());
    }
    let Flow { project, pipeline, stage } = flow.clone();
    let editor = Page::Editor { project, pipeline, stage };
    let item = move |(node, sentence): (String, String)| {
        view! { <li>{sentence} " " <a href=editor.href_with_node(&node)>"Show in the editor"</a></li> }
    };
    let note = view! {
        <Notice class="run-refused" tone=Tone::Bad icon=Glyph::Warning>
            <p>"The release flow can't run as it is:"</p>
            <ul>{problems.into_iter().map(item).collect_view()}</ul>
        </Notice>
    };
    Some(note.into_any())
}

/// What the server found wrong with the flow itself: the node, and a sentence.
fn flow_problems(failure: &ClientError) -> Vec<(String, String)> {
    let ClientError::Api(error) = failure else { return Vec::new() };
    let places = error.details.iter().flatten().map(|(place, _)| place);
    places.filter_map(|place| Some((node_of(place)?, failure.field(place)?))).collect()
}
