//! The options: what becomes of a second run, and whether triggers are paused.

use leptos::prelude::*;
use serde_json::Value;
use slipway_flow::{
    concurrency::{CHOICES, Policy},
    kinds::{Field, FieldType, settings::OPTIONS},
};

use super::{
    Desk,
    form::{self, Shown},
};
use crate::{state::home::Home, ui::unique_id};

const HOME: Home = Home::Settings("/options");

pub(super) fn view(desk: Desk) -> AnyView {
    let own = move |field: &'static Field| match field.ty {
        FieldType::Choice(choices) if choices == CHOICES => Shown::Own(policies(desk, field)),
        _ => Shown::Control,
    };
    let is_other = Memo::new(move |_| {
        desk.editor.read(|document| HOME.key(document).is_some_and(|key| !document.is_object(key)))
    });
    (move || {
        if is_other.get() {
            form::odd(desk, "/options", "an object with the options")
        } else {
            form::view(desk, HOME, &OPTIONS, own)
        }
    })
    .into_any()
}

/// The concurrency policies, each with a sentence. Without the member the default counts.
fn policies(desk: Desk, field: &'static Field) -> AnyView {
    let word = Memo::new(move |_| {
        desk.editor.read(|document| {
            let key = HOME.find(document, field.pointer)?;
            Some(document.str(key).map_or_else(|| document.text_of(key), str::to_owned))
        })
    });
    let set = move |value: Option<&str>| {
        desk.editor.dispatch(&HOME.set(field.pointer, value.map(Value::from)));
    };
    let group = unique_id("policy");
    let radio = |policy: Policy, label: &'static str| {
        let id = unique_id("policy");
        let help = format!("{id}-help");
        let checked = move || {
            word.with(|word| Policy::of_word(word.as_deref()).is_ok_and(|chosen| chosen == policy))
        };
        let is_default = policy == Policy::default();
        let note = move || {
            is_default.then(|| {
                word.with(|word| {
                    word.is_none().then_some(" The document doesn't say; this is the default.")
                })
            })
        };
        view! {
            <div class="field field-check">
                <input
                    type="radio"
                    id=id.clone()
                    name=group.clone()
                    aria-describedby=help.clone()
                    disabled=move || desk.locked.get().is_some()
                    prop:checked=checked
                    on:change=move |_| set(Some(policy.word()))
                />
                <label for=id>{label}</label>
                <p id=help class="field-help">{policy.explanation()} {note}</p>
            </div>
        }
    };
    let radios =
        Policy::ALL.into_iter().zip(CHOICES).map(|(policy, choice)| radio(policy, choice.label));
    view! {
        <fieldset class="settings-radios">
            <legend>{field.label}</legend>
            {radios.collect_view()}
            <p class="field-error" aria-live="polite">
                {move || word.with(|word| Policy::of_word(word.as_deref()).err())}
            </p>
        </fieldset>
    }
    .into_any()
}
