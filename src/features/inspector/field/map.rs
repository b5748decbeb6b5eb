//! Names with values: environment variables, arguments.

use leptos::{ev::KeyboardEvent, html, prelude::*};
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
    let label = view! {
        "New name"<span class="visually-hidden">{format!(" in {}", bound.field.label)}</span>
    };
    let act = move |done: Naming| match done {
        Naming::Typed(name) => {
            draft.set(name);
            wrong.set(None);
        }
        Naming::Entered(event) => {
            event.prevent_default();
            add_by_key();
        }
        Naming::Left(_) => {}
    };
    let new_name = name_field(bound, name_id, label, (draft.into(), wrong.into()), act);
    let inside = view! {
        <div node_ref=body class="entries">
            <For each=move || keys.get() key=|key| *key children=entry />
        </div>
        <div class="entry-new">
            {new_name}
            <Button icon=Glyph::Plus reason=bound.form.locked on_click=move |_| add()>
                "Add"<span class="visually-hidden">{format!(" to {}", bound.field.label)}</span>
            </Button>
        </div>
    };
    group(bound, inside.into_any())
}

/// What somebody does with the field for a name.
enum Naming {
    Typed(String),
    /// Enter was pressed in it.
    Entered(KeyboardEvent),
    /// The name that it was left with, or entered.
    Left(String),
}

/// The field for an entry's name: what it holds, and what is wrong with it.
fn name_field(
    bound: Bound,
    id: String,
    label: impl IntoView,
    (value, wrong): (Signal<String>, Signal<Option<String>>),
    act: impl Fn(Naming) + Clone + 'static,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let (label_for, describing) = (id.clone(), error_id.clone());
    let (entered, left) = (act.clone(), act.clone());
    view! {
        <div class="field">
            <label for=label_for>{label}</label>
            <input
                id=id
                class="input mono"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || wrong.get().map(|_| "true")
                aria-describedby=describing
                readonly=move || bound.form.locked.get().is_some()
                prop:value=move || value.get()
                on:input=move |event| act(Naming::Typed(event_target_value(&event)))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        entered(Naming::Entered(event));
                    }
                }
                on:change=move |event| left(Naming::Left(event_target_value(&event)))
            />
            <p id=error_id class="field-error" aria-live="polite">{move || wrong.get()}</p>
        </div>
    }
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
    let rename = move |done: Naming| {
        let Naming::Left(to) = done else { return };
        let command = Command::RenameEntry { entry: key, name: to };
        let done = editor.dispatch(&command);
        // A refusal says why in the live region as well.
        let why = || untrack(|| editor.announcement.get());
        refused.set((!done && name.get_untracked().is_some()).then(why));
    };
    let shown = Signal::derive(move || name.get().unwrap_or_default());
    let own_name = name_field(bound, unique_id("name"), "Name", (shown, refused.into()), rename);
    view! {
        <div
            class="entry entry-named"
            role="group"
            aria-label=move || name.get().unwrap_or_default()
        >
            <div class="entry-fields">
                {own_name}
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
