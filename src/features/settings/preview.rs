//! The run form as a person who starts a run meets it, with the inputs as they are now. Nothing
//! can be chosen in it: a run is started elsewhere.

use leptos::prelude::*;
use slipway_flow::{
    document::Document,
    form::{Asked, Pick, asked},
};

use super::Desk;

#[derive(Clone, PartialEq)]
struct RunForm {
    inputs: Vec<Asked>,
    /// Names and defaults of the arguments that no input fills.
    arguments: Vec<(String, String)>,
}

fn run_form(document: &Document) -> RunForm {
    let inputs = asked(document);
    let filled =
        |name: &str| inputs.iter().flat_map(|input| &input.picks).any(|pick| pick.argument == name);
    let arguments = document.get(document.flow(), "arguments").into_iter();
    let arguments = arguments
        .flat_map(|all| document.members(all))
        .filter(|(name, _)| !filled(name))
        .map(|(name, key)| {
            let text = document.str(key).map_or_else(|| document.text_of(key), str::to_owned);
            (name.to_owned(), text)
        })
        .collect();
    RunForm { inputs, arguments }
}

pub(super) fn view(desk: Desk) -> AnyView {
    let form = Memo::new(move |_| desk.editor.read(run_form));
    view! {
        <section class="settings-preview" aria-labelledby="settings-preview-title">
            <h3 id="settings-preview-title">"Preview of the run form"</h3>
            <p class="settings-help">
                "What a person who starts a run is asked, besides a name and a description. Here nothing can be chosen."
            </p>
            {move || {
                let RunForm { inputs, arguments } = form.get();
                if inputs.is_empty() && arguments.is_empty() {
                    return view! { <p class="settings-empty">"Nothing more is asked."</p> }
                        .into_any();
                }
                let inputs = inputs.into_iter().map(input);
                let arguments = (!arguments.is_empty()).then(|| {
                    let rows = arguments.into_iter().map(|(name, text)| {
                        row(name, text, None)
                    });
                    view! {
                        <fieldset>
                            <legend>"Arguments for this run"</legend>
                            {rows.collect_view()}
                        </fieldset>
                    }
                });
                view! {
                    {inputs.collect_view()}
                    {arguments}
                }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}

fn input(asked: Asked) -> impl IntoView {
    let Asked { heading, description, required, source, picks, .. } = asked;
    let goes_nowhere = picks.is_empty();
    let offered = move |pick: Pick| {
        let of = match source.as_str() {
            "" => "No build service is chosen yet".to_owned(),
            source => format!("Chosen from {source}"),
        };
        let note = format!("Becomes the argument {}.", pick.argument);
        row(pick.what, of, Some(note))
    };
    view! {
        <fieldset>
            <legend>
                {heading}
                <span class="field-help">{if required { " (must be chosen)" } else { " (optional)" }}</span>
            </legend>
            {description.map(|text| view! { <p class="field-help">{text}</p> })}
            {picks.into_iter().map(offered).collect_view()}
            {goes_nowhere.then(|| view! {
                <p class="field-help">"What is chosen goes nowhere yet: name an argument for it."</p>
            })}
        </fieldset>
    }
}

/// A field that shows and doesn't take.
fn row(label: String, text: String, note: Option<String>) -> impl IntoView {
    let id = crate::ui::unique_id("preview");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id class="input mono" readonly value=text/>
            {note.map(|note| view! { <p class="field-help">{note}</p> })}
        </div>
    }
}
