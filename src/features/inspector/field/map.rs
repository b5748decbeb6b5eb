//! Names with values: environment variables, arguments.

use leptos::{html, prelude::*};
use serde_json::Value;
use slipway_editor::command::Command;
use slipway_flow::{document::Key, form};

use super::{
    super::bound::{Bound, focus_soon},
    control, element, json,
    list::{group, to_entry},
};
use crate::{
    state::home::Home,
    ui::{Button, Glyph, IconButton, unique_id},
};

pub(super) fn map(bound: Bound) -> AnyView {
    let fits = Memo::new(move |_| {
        bound.value.with(|value| matches!(value, None | Some(Value::Object(_))))
    });
    (move || if fits.get() { rows(bound) } else { json::json(bound) }).into_any()
}

fn rows(bound: Bound) -> AnyView {
    let editor = bound.form.editor;
    let body = NodeRef::<html::Div>::new();
    let keys = Memo::new(move |_| {
        let Some(map) = bound.key() else { return Vec::new() };
        editor.read_untracked(|document| {
            document.members(map).map(|(_, key)| key).collect::<Vec<Key>>()
        })
    });
    let name_id = unique_id("name");
    let new_id = name_id.clone();
    let wrong = RwSignal::new(None::<String>);
    let draft = RwSignal::new(String::new());
    let add = move || {
        let name = draft.get_untracked();
        let taken = bound
            .value
            .with_untracked(|value| value.as_ref().is_some_and(|map| map.get(&name).is_some()));
        if name.is_empty() || taken {
            let why = if taken { "This name is there already." } else { "Type a name first." };
            wrong.set(Some(why.to_owned()));
            let id = new_id.clone();
            return focus_soon(move || element(&id));
        }
        let behind = keys.with_untracked(Vec::len);
        let command = bound.home.set(&bound.member(&name), Some(Value::from("")));
        if editor.dispatch(&command) {
            draft.set(String::new());
            wrong.set(None);
            to_value(body, behind);
        }
    };
    let add_by_key = add.clone();
    let remove = Callback::new(move |(key,): (Key,)| {
        let at = keys.with_untracked(|keys| keys.iter().position(|known| *known == key));
        editor.dispatch(&Command::RemoveEntry { entry: key });
        to_entry(body, at.unwrap_or(0));
    });
    let entry = move |key: Key| row(bound, remove, key);
    let error_id = format!("{name_id}-error");
    let describing = error_id.clone();
    let inside = view! {
        <div node_ref=body class="entries">
            <For each=move || keys.get() key=|key| *key children=entry />
        </div>
        <div class="entry-new">
            <div class="field">
                <label for=name_id.clone()>
                    "New name"<span class="visually-hidden">{format!(" in {}", bound.field.label)}</span>
                </label>
                <input
                    id=name_id
                    class="input mono"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=move || wrong.get().map(|_| "true")
                    aria-describedby=describing
                    readonly=move || bound.form.locked.get().is_some()
                    prop:value=move || draft.get()
                    on:input=move |event| {
                        draft.set(event_target_value(&event));
                        wrong.set(None);
                    }
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            add_by_key();
                        }
                    }
                />
                <p id=error_id class="field-error" aria-live="polite">{move || wrong.get()}</p>
            </div>
            <Button icon=Glyph::Plus reason=bound.form.locked on_click=move |_| add()>
                "Add"<span class="visually-hidden">{format!(" to {}", bound.field.label)}</span>
            </Button>
        </div>
    };
    group(bound, inside.into_any())
}

fn row(bound: Bound, remove: Callback<(Key,)>, key: Key) -> AnyView {
    let editor = bound.form.editor;
    let name = Memo::new(move |_| {
        editor.read(|document| {
            let map = document.parent(key)?;
            let mut members = document.members(map);
            members.find(|(_, known)| *known == key).map(|(name, _)| name.to_owned())
        })
    });
    let value = editor.read_untracked(|document| document.to_json(key));
    let field = form::value_of(&bound.field, &value);
    let refused = RwSignal::new(None::<String>);
    let rename = move |event: leptos::ev::Event| {
        let to = event_target_value(&event);
        let command = Command::RenameEntry { entry: key, name: to };
        let done = editor.dispatch(&command);
        // A refusal says why in the live region as well.
        let why = || untrack(|| editor.announcement.get());
        refused.set((!done && name.get_untracked().is_some()).then(why));
    };
    let id = unique_id("name");
    let (label_for, error_id) = (id.clone(), format!("{id}-error"));
    let describing = error_id.clone();
    view! {
        <div
            class="entry entry-named"
            role="group"
            aria-label=move || name.get().unwrap_or_default()
        >
            <div class="entry-fields">
                <div class="field">
                    <label for=label_for>"Name"</label>
                    <input
                        id=id
                        class="input mono"
                        autocomplete="off"
                        spellcheck="false"
                        aria-invalid=move || refused.get().map(|_| "true")
                        aria-describedby=describing
                        readonly=move || bound.form.locked.get().is_some()
                        prop:value=move || name.get().unwrap_or_default()
                        on:change=rename
                    />
                    <p id=error_id class="field-error" aria-live="polite">{move || refused.get()}</p>
                </div>
                {control(bound.form, Home::Object(key), field, String::new())}
            </div>
            <div class="entry-tools">
                <IconButton
                    label="Remove"
                    icon=Glyph::Cross
                    reason=bound.form.locked
                    on_click=move |_| remove.run((key,))
                />
            </div>
        </div>
    }
    .into_any()
}

/// Gives the keyboard to the value of an entry.
fn to_value(body: NodeRef<html::Div>, at: usize) {
    use wasm_bindgen::JsCast;
    focus_soon(move || {
        let body = body.try_get_untracked().flatten()?;
        let row = body.children().item(u32::try_from(at).ok()?)?;
        let control =
            row.query_selector(":scope .form-field :is(input, textarea)").ok().flatten()?;
        control.dyn_into().ok()
    });
}
