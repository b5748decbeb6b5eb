//! A list: each entry with a control of its own, added, removed and moved by buttons, or moved by
//! Alt and the arrows.

use leptos::{html, prelude::*};
use serde_json::Value;
use slipway_editor::command::Command;
use slipway_flow::{
    document::Key,
    form::{self, Control},
    kinds::FieldType,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    super::bound::{Bound, focus_soon},
    control, json, object,
};
use crate::{
    state::home::Home,
    ui::{Button, Glyph, IconButton, unique_id},
};

pub(super) fn list(bound: Bound, item: &'static FieldType) -> AnyView {
    let fits =
        Memo::new(move |_| bound.value.with(|value| matches!(value, None | Some(Value::Array(_)))));
    (move || if fits.get() { entries(bound, *item) } else { json::json(bound) }).into_any()
}

fn entries(bound: Bound, item: FieldType) -> AnyView {
    let editor = bound.form.editor;
    let body = NodeRef::<html::Div>::new();
    let keys = Memo::new(move |_| {
        let Some(list) = bound.key() else { return Vec::new() };
        editor.read_untracked(|document| document.elements(list).collect::<Vec<Key>>())
    });
    let add = move |_| {
        let value = form::first_value(&item);
        let at = keys.with_untracked(Vec::len);
        match untrack(|| bound.key()) {
            Some(list) => {
                editor.dispatch(&Command::AddElement { list, index: at, value });
            }
            None => bound.set(Some(Value::Array(vec![value]))),
        }
        to_entry(body, at);
    };
    let entry = move |key: Key| row(bound, item, keys, body, key);
    let inside = view! {
        <div node_ref=body class="entries">
            <For each=move || keys.get() key=|key| *key children=entry />
        </div>
        <Button class="entry-add" icon=Glyph::Plus reason=bound.form.locked on_click=add>
            "Add"<span class="visually-hidden">{format!(" to {}", bound.field.label)}</span>
        </Button>
    };
    group(bound, inside.into_any())
}

fn row(
    bound: Bound,
    item: FieldType,
    keys: Memo<Vec<Key>>,
    body: NodeRef<html::Div>,
    key: Key,
) -> AnyView {
    let editor = bound.form.editor;
    let at = move || keys.with(|keys| keys.iter().position(|known| *known == key).unwrap_or(0));
    let count = move || keys.with(Vec::len);
    let go = move |down: bool| {
        let (at, count) = (untrack(at), untrack(count));
        let index = if down { at + 1 } else { at.wrapping_sub(1) };
        let locked = bound.form.locked.with_untracked(Option::is_some);
        if index < count && !locked {
            // The row goes with its entry, and the keyboard with it.
            let here = focused();
            editor.dispatch(&Command::MoveEntry { entry: key, index });
            focus_soon(move || here);
        }
    };
    let remove = move |_| {
        let at = untrack(at);
        editor.dispatch(&Command::RemoveEntry { entry: key });
        to_entry(body, at);
    };
    let why_not = move |last: bool, why: &'static str| {
        Signal::derive(move || {
            let at_end = if last { at() + 1 == count() } else { at() == 0 };
            bound.form.locked.get().or_else(|| at_end.then(|| why.to_owned()))
        })
    };
    let on_key = move |event: KeyboardEvent| {
        let down = match event.key().as_str() {
            "ArrowUp" if event.alt_key() => false,
            "ArrowDown" if event.alt_key() => true,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        go(down);
    };
    let field = form::entry_of(&bound.field, item);
    let inside = match form::control(&field) {
        Control::Object { table, .. } => {
            object::members(bound.form, Home::Object(key), table, String::new())
        }
        _ => control(bound.form, Home::Object(key), field, String::new()),
    };
    view! {
        <div
            class="entry"
            role="group"
            aria-label=move || format!("{} of {}", at() + 1, count())
            on:keydown=on_key
        >
            <div class="entry-fields">{inside}</div>
            <div class="entry-tools">
                <IconButton
                    class="turn-up"
                    label="Move up"
                    icon=Glyph::ChevronDown
                    reason=why_not(false, "It is the first one.")
                    on_click=move |_| go(false)
                />
                <IconButton
                    label="Move down"
                    icon=Glyph::ChevronDown
                    reason=why_not(true, "It is the last one.")
                    on_click=move |_| go(true)
                />
                <IconButton label="Remove" icon=Glyph::Cross reason=bound.form.locked on_click=remove />
            </div>
        </div>
    }
    .into_any()
}

/// A control with parts: its name, what is wrong with the whole, and help.
pub(super) fn group(bound: Bound, inside: AnyView) -> AnyView {
    let (error, note) = (bound.error(), bound.note());
    let described = unique_id("about");
    let about = described.clone();
    let help = bound.field.help;
    view! {
        <fieldset
            id=bound.id.get_value()
            class="field field-parts"
            tabindex="-1"
            aria-describedby=described
        >
            <legend class=if bound.field.required { "is-required" } else { "" }>
                {bound.field.label}
            </legend>
            <div id=about>
                {(!help.is_empty()).then(|| view! { <p class="field-help">{help}</p> })}
                <p class="field-error" aria-live="polite">
                    {move || error.get()}
                </p>
                {move || note.get().map(|note| view! { <p class="field-note">{note}</p> })}
            </div>
            {inside}
        </fieldset>
    }
    .into_any()
}

/// Gives the keyboard to an entry, else to the one before it, else to the button behind them.
pub(super) fn to_entry(body: NodeRef<html::Div>, at: usize) {
    focus_soon(move || {
        let body = body.try_get_untracked().flatten()?;
        let rows = body.children();
        let last = rows.length().checked_sub(1);
        let row = last.and_then(|last| rows.item(last.min(u32::try_from(at).unwrap_or(last))));
        let holder = row.or_else(|| body.next_element_sibling())?;
        let control = holder.query_selector("input, textarea, select").ok().flatten();
        let control = control.or_else(|| holder.query_selector("button").ok().flatten());
        control.unwrap_or(holder).dyn_into().ok()
    });
}

fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}
