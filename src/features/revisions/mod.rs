//! Every version of a release flow that was ever saved: who, when, why and what; any two compared,
//! one looked at, one brought back.
//!
//! May import: `client`, `ui`. How a difference looks is given by the page.

use leptos::prelude::*;
use slipway_api::{flow::RevisionRow, stage::Stage};

use crate::{
    client::{ClientError, use_client, use_tasks},
    ui::{
        Button, Choice, Dialog, Empty, ErrorNote, Loading, Select, Time,
        time::{absolute, parse},
    },
};

/// Rows fetched at a time.
const PAGE: usize = 50;
/// The one that is open, among the revisions to compare.
const OPEN: &str = "open";

/// What is shown below the list.
#[derive(Debug, Clone, PartialEq)]
struct Compared {
    from: String,
    to: String,
    texts: (String, String),
}

#[derive(Clone, Copy)]
struct View {
    rows: RwSignal<Vec<RevisionRow>>,
    next: RwSignal<Option<String>>,
    loaded: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    compared: RwSignal<Option<Compared>>,
    /// A revision to look at: its number and text.
    read: RwSignal<Option<(u64, String)>>,
}

/// The list, and what one can do with it. `version` changes whenever something was saved; `open` is
/// the text that is open; `difference` shows two texts.
#[component]
pub fn Revisions(
    project: String,
    pipeline: String,
    stage: Stage,
    version: Signal<Option<String>>,
    open: Callback<(), String>,
    difference: Callback<(String, String), AnyView>,
    on_restore: Callback<(u64, String)>,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let (client, tasks) = (use_client(), use_tasks());
    let place = StoredValue::new((project, pipeline));
    let view = View {
        rows: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        loaded: RwSignal::new(false),
        error: RwSignal::new(None),
        from: RwSignal::new(String::new()),
        to: RwSignal::new(OPEN.to_owned()),
        compared: RwSignal::new(None),
        read: RwSignal::new(None),
    };
    let fetch = move |cursor: Option<String>| {
        tasks.spawn(async move {
            let (project, pipeline) = place.get_value();
            let asked = client.revisions(&project, &pipeline, stage, PAGE, cursor.as_deref()).await;
            view.loaded.set(true);
            match asked {
                Ok((rows, next)) => {
                    view.error.set(None);
                    view.next.set(next);
                    view.rows.update(|known| {
                        if cursor.is_none() {
                            known.clear();
                        }
                        known.extend(rows);
                    });
                    if view.from.with_untracked(String::is_empty) {
                        let newest =
                            view.rows.with_untracked(|rows| rows.first().map(|row| row.number));
                        view.from.set(newest.map(|number| number.to_string()).unwrap_or_default());
                    }
                }
                Err(error) => view.error.set(Some(error)),
            }
        });
    };
    Effect::new(move || {
        version.track();
        fetch(None);
    });
    // The text of a choice; an answer of none was told as an error.
    let text_of = move |choice: String| async move {
        let Ok(number) = choice.parse::<u64>() else { return Some(open.run(())) };
        let (project, pipeline) = place.get_value();
        match client.revision(&project, &pipeline, stage, number).await {
            Ok(text) => Some(text),
            Err(error) => {
                view.error.set(Some(error));
                None
            }
        }
    };
    let compare = move || {
        tasks.spawn(async move {
            let (from, to) = (view.from.get_untracked(), view.to.get_untracked());
            let texts = (text_of(from.clone()).await, text_of(to.clone()).await);
            if let (Some(old), Some(new)) = texts {
                view.compared.set(Some(Compared { from, to, texts: (old, new) }));
            }
        });
    };
    let act = Callback::new(move |(act, number): (Act, u64)| match act {
        Act::Changes => {
            view.from.set((number - 1).to_string());
            view.to.set(number.to_string());
            compare();
        }
        Act::Read | Act::Restore => tasks.spawn(async move {
            let Some(text) = text_of(number.to_string()).await else { return };
            if act == Act::Read {
                view.read.set(Some((number, text)));
            } else {
                on_restore.run((number, text));
            }
        }),
    });
    view! {
        <section class="revisions" aria-labelledby="revisions-title">
            <h2 id="revisions-title">"Revisions"</h2>
            {move || {
                view.error
                    .get()
                    .map(|error| {
                        view! {
                            <ErrorNote
                                message=error.to_string()
                                on_retry=Callback::new(move |()| fetch(None))
                            />
                        }
                    })
            }}
            {move || {
                if !view.loaded.get() {
                    return view! { <Loading label="Loading revisions…" /> }.into_any();
                }
                if view.rows.with(Vec::is_empty) {
                    return view! {
                        <Empty title="Nothing was saved yet">
                            <p>"Each save is kept here, with who, when and why."</p>
                        </Empty>
                    }
                        .into_any();
                }
                view! {
                    <CompareBar view=view on_compare=Callback::new(move |()| compare()) />
                    {comparison(view, difference)}
                    <Table view=view act=act locked=locked />
                }
                    .into_any()
            }}
            {move || {
                view.next
                    .get()
                    .map(|next| {
                        view! {
                            <Button on_click=move |_| fetch(Some(next.clone()))>"Show older ones"</Button>
                        }
                    })
            }}
            <ReadDialog view=view />
        </section>
    }
}

/// What can be done with one revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Changes,
    Read,
    Restore,
}

#[component]
fn CompareBar(view: View, on_compare: Callback<()>) -> impl IntoView {
    let choices = Signal::derive(move || {
        let named = |row: &RevisionRow| {
            let why = row.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            Choice::new(row.number.to_string(), format!("Revision {}{why}", row.number))
        };
        let open = [Choice::new(OPEN, "What is open now")].into_iter();
        view.rows.with(|rows| open.chain(rows.iter().map(named)).collect::<Vec<_>>())
    });
    view! {
        <div class="revision-actions">
            <Select
                label="Compare"
                value=view.from
                choices=choices
                on_change=Callback::new(move |value| view.from.set(value))
            />
            <Select
                label="With"
                value=view.to
                choices=choices
                on_change=Callback::new(move |value| view.to.set(value))
            />
            <Button on_click=move |_| on_compare.run(())>"Show the difference"</Button>
        </div>
    }
}

fn comparison(view: View, difference: Callback<(String, String), AnyView>) -> impl IntoView {
    move || {
        view.compared.get().map(|Compared { from, to, texts }| {
            let name = |choice: &str| match choice {
                OPEN => "what is open now".to_owned(),
                number => format!("revision {number}"),
            };
            let title = format!("From {} to {}", name(&from), name(&to));
            view! {
                <section aria-labelledby="compared-title">
                    <h3 id="compared-title">{title}</h3>
                    {difference.run(texts)}
                    <Button on_click=move |_| view.compared.set(None)>"Close the comparison"</Button>
                </section>
            }
        })
    }
}

#[component]
fn Table(view: View, act: Callback<(Act, u64)>, locked: Signal<Option<String>>) -> impl IntoView {
    let row = move |row: RevisionRow| {
        let number = row.number;
        let is_newest = Signal::derive(move || {
            view.rows.with(|rows| rows.first().is_some_and(|row| row.number == number))
        });
        let at = parse(&row.at).unwrap_or_default();
        let summary = row.summary.unwrap_or_else(|| {
            if number == 1 { "The first version" } else { "Not known" }.to_owned()
        });
        let button = move |what: Act, word: &'static str| {
            let label = format!("{word} revision {number}");
            let label = if what == Act::Changes {
                format!("Show the changes of revision {number}")
            } else {
                label
            };
            let reason =
                Signal::derive(move || if what == Act::Restore { locked.get() } else { None });
            view! {
                <Button attr:aria-label=label reason=reason on_click=move |_| act.run((what, number))>
                    {word}
                </Button>
            }
        };
        view! {
            <tr>
                <th scope="row">{number}</th>
                <td title=absolute(at)>
                    <Time at=Signal::stored(at) />
                    " by "
                    {row.by}
                </td>
                <td>{row.reason.unwrap_or_default()}</td>
                <td>{summary}</td>
                <td>
                    {(number > 1).then(|| button(Act::Changes, "Changes"))}
                    {button(Act::Read, "Open")}
                    {move || (!is_newest.get()).then(|| button(Act::Restore, "Restore"))}
                </td>
            </tr>
        }
    };
    view! {
        <table aria-label="Revisions">
            <thead>
                <tr>
                    <th scope="col">"Revision"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Why"</th>
                    <th scope="col">"Changes"</th>
                    <th scope="col">"Actions"</th>
                </tr>
            </thead>
            <tbody>{move || view.rows.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// One revision as it was saved.
#[component]
fn ReadDialog(view: View) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(view.read.with(Option::is_some)));
    let title = Signal::derive(move || {
        let number = view.read.with(|read| read.as_ref().map(|(number, _)| *number));
        number.map(|number| format!("Revision {number}")).unwrap_or_default()
    });
    let closed = Callback::new(move |()| {
        view.read.try_set(None);
    });
    let text = move || {
        view.read.get().map(|(_, text)| {
            view! { <pre class="code" tabindex="0" aria-label="The text of the revision">{text}</pre> }
        })
    };
    view! {
        <Dialog open=open title=title class="compare-dialog" on_close=closed>
            {text}
        </Dialog>
    }
}
