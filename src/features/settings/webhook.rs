//! The webhook: its address, what a call can say, and calls to copy.

use leptos::prelude::*;
use slipway_flow::{
    document::Document,
    kinds::settings::TRIGGER_OUTPUTS,
    trigger::{self, WEBHOOK_ADDRESS, argument_call, parameter, refs, trigger_call},
};

use super::{Desk, copy, section::Section};
use crate::ui::{Button, Glyph, Notice, Tone};

/// What stands where the secret belongs.
const TOKEN: &str = "$TOKEN";

/// One thing that a call can say.
#[derive(Clone, PartialEq)]
struct Parameter {
    name: String,
    written: String,
    help: String,
}

pub(super) fn view(desk: Desk) -> AnyView {
    let editor = desk.editor;
    let address = format!("{WEBHOOK_ADDRESS}{TOKEN}");
    let calls = Memo::new(move |_| editor.read(calls));
    let parameters = Memo::new(move |_| editor.read(parameters));
    let paused = Memo::new(move |_| editor.read(trigger::is_paused));
    let row = |parameter: Parameter| {
        view! {
            <tr>
                <th scope="row" class="mono">{parameter.name}</th>
                <td class="mono settings-break">{parameter.written}</td>
                <td>{parameter.help}</td>
            </tr>
        }
    };
    view! {
        {move || {
            paused.get().then(|| view! {
                <Notice tone=Tone::Careful icon=Glyph::Warning>
                    <p>"The triggers and the webhook of this release flow are paused: a call is answered with the status 202 and a sentence that says so, and no run starts."</p>
                    <Button on_click=Callback::new(move |_| desk.state.section.set(Section::Options))>"Show the options"</Button>
                </Notice>
            })
        }}
        <h3>"Address"</h3>
        {copy::line(desk, "Address of the webhook", address)}
        <p class="settings-help">
            "This address is Northflank's, for flows that run there; a server of Slipway's own takes no webhook calls yet. Put the webhook's own token where $TOKEN stands. It is a secret: who has it can start runs. It isn't in the document, and Slipway doesn't show it."
        </p>
        <h3>"Calls to copy"</h3>
        {move || {
            calls.get().into_iter().map(|(label, call)| copy::line(desk, &label, call)).collect_view()
        }}
        <h3>"What a call can say"</h3>
        <div class="settings-scroll" tabindex="0" role="region" aria-label="Parameters of a call">
            <table class="settings-values">
                <thead>
                    <tr><th scope="col">"Parameter"</th><th scope="col">"In the address"</th><th scope="col">"What it is"</th></tr>
                </thead>
                <tbody>{move || parameters.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="settings-help">
            "Dots and slashes may be written as %2E and %2F, or as they are. Any other parameter is an argument of that run, as text. A call may be made with GET or POST."
        </p>
        <h3>"What is answered"</h3>
        <dl class="settings-answers">
            <div><dt>"200"</dt><dd>"A run was started, or waits for its turn."</dd></div>
            <div><dt>"202"</dt><dd>"Nothing is wrong with the call, but no run starts: triggers are paused, or another run is active and the options forbid a second one. The answer says which."</dd></div>
            <div><dt>"400"</dt><dd>"The call says something that can't be, such as a name with characters that names of runs can't have."</dd></div>
        </dl>
    }
    .into_any()
}

/// Calls as a shell understands them.
fn calls(document: &Document) -> Vec<(String, String)> {
    let curl = |query: &str| {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("curl -X POST \"{WEBHOOK_ADDRESS}{TOKEN}{mark}{query}\"")
    };
    let begin = [("Start a run".to_owned(), curl(""))];
    let of_triggers = refs(document).into_iter().map(|name| {
        let label = format!("Start a run with the values of the trigger {name}");
        (label, curl(&trigger_call(document, name)))
    });
    let named = parameter("name", "Release 14");
    let arguments = curl(&format!("{named}&{}", argument_call(document)));
    let end = [("Start a run with a name and arguments".to_owned(), arguments)];
    begin.into_iter().chain(of_triggers).chain(end).collect()
}

/// What a call of this flow can say.
fn parameters(document: &Document) -> Vec<Parameter> {
    let told = |name: String, help: String| {
        let written = parameter(&name, "");
        Parameter { written: format!("{written}…"), name, help }
    };
    let of_triggers = refs(document).into_iter().flat_map(|reference| {
        TRIGGER_OUTPUTS.iter().map(move |output| {
            let help =
                format!("{} Nodes read it as ${{refs.{reference}.{}}}.", output.help, output.name);
            (format!("{reference}.{}", output.name), help)
        })
    });
    let of_run = [
        ("name".to_owned(), "The name of the run; a random one without it.".to_owned()),
        ("description".to_owned(), "What the run is for.".to_owned()),
    ];
    let arguments = document.get(document.flow(), "arguments").into_iter();
    let arguments = arguments.flat_map(|all| document.members(all)).map(|(name, _)| {
        (
            name.to_owned(),
            format!("The argument, instead of its default. Nodes read it as ${{args.{name}}}."),
        )
    });
    of_triggers.chain(of_run).chain(arguments).map(|(name, help)| told(name, help)).collect()
}
