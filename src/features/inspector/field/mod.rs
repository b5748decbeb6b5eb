//! The controls of fields: one for each sort of field that `flow::form` knows.
//!
//! - `text`: text and numbers. - `expression`: `${…}`. - `list`, `map`, `object`: values with
//!   parts. - `json`: anything, as code.
//!
//! May import: the same as its feature.

mod expression;
mod json;
mod list;
mod map;
mod object;
mod text;

use leptos::prelude::*;
use slipway_editor::command::Command;
use slipway_flow::{
    check::{self, Fix},
    document::Key,
    form::{self, Control, Switch},
    kinds::{self, Field},
};

use super::{
    Jump,
    bound::{Bound, Form, focus_soon},
    suggest::Resources,
};
use crate::{
    state::{document::EditorHandle, home::Home},
    ui::{Button, Checkbox, Choice, Glyph, Select},
};

/// The control of a field, wherever it lives.
#[component]
pub fn FieldControl(
    editor: EditorHandle,
    home: Home,
    field: &'static Field,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let form = use_context::<Form>()
        .filter(|form| form.home == home)
        .unwrap_or_else(|| Form::new(editor, home, resources, locked));
    let control = control(form, home, *field, field.pointer.to_owned());
    // A jump finds the control by its place.
    view! { <div class="field-place" data-field=field.pointer>{control}</div> }
}

/// The control of a field at a pointer from a home; nested ones share the form.
pub(super) fn control(form: Form, home: Home, field: Field, pointer: String) -> AnyView {
    let control = form::control(&field);
    let whole = !matches!(
        control,
        Control::List(_) | Control::Map | Control::Object { .. } | Control::Nodes
    );
    let bound = Bound::new(form, home, field, pointer, whole);
    let shown = if field.references || field.ty.takes_references() {
        expression::either(bound, control)
    } else {
        literal(bound, &control, RwSignal::new(false))
    };
    view! {
        <div class="form-field">
            {shown}
            {fixes(bound)}
        </div>
    }
    .into_any()
}

/// The control for the value itself. `grab` is set once an expression is being typed.
fn literal(bound: Bound, control: &Control, grab: RwSignal<bool>) -> AnyView {
    match control {
        Control::Text { lines } => text::text(bound, *lines, grab),
        Control::Number => text::line(bound, grab),
        Control::Switch(switch) => checkbox(bound, switch.clone()),
        Control::Choice(choices) => choice(bound, choices),
        Control::List(item) => list::list(bound, item),
        Control::Object { table, nullable } => object::object(bound, table, *nullable),
        Control::Map => map::map(bound),
        Control::Nodes => nodes(bound),
        Control::Json => json::json(bound),
    }
}

fn checkbox(bound: Bound, switch: Switch) -> AnyView {
    let shown = switch.clone();
    let on_change = Callback::new(move |on: bool| {
        bound.set(if on { switch.on.clone() } else { switch.off.clone() });
    });
    view! {
        <Checkbox
            id=bound.id.get_value()
            label=bound.field.label
            checked=Signal::derive(move || bound.value.with(|value| shown.is_on(value.as_ref())))
            on_change=on_change
            error=bound.error()
            note=bound.note()
            help=bound.field.help
            disabled=bound.form.is_locked()
        />
    }
    .into_any()
}

fn choice(bound: Bound, choices: &[(String, String)]) -> AnyView {
    let all: Vec<Choice> =
        choices.iter().map(|(value, label)| Choice::new(value.clone(), label.clone())).collect();
    let on_change =
        Callback::new(move |word: String| bound.set(check::typed(&bound.field, &word).value));
    view! {
        <Select
            id=bound.id.get_value()
            label=bound.field.label
            value=bound.shown()
            choices=Signal::stored(all)
            on_change=on_change
            error=bound.error()
            note=bound.note()
            help=bound.field.help
            required=bound.field.required
            disabled=bound.form.is_locked()
        />
    }
    .into_any()
}

/// Nodes have forms of their own: this leads to them.
fn nodes(bound: Bound) -> AnyView {
    let jump = use_context::<Jump>();
    let form = bound.form;
    let inside = Memo::new(move |_| {
        let Some(key) = bound.key() else { return Vec::new() };
        form.editor.read(|document| {
            let nodes: Vec<Key> =
                if document.is_array(key) { document.elements(key).collect() } else { vec![key] };
            let named = |node| (node, kinds::title(document, node));
            nodes.into_iter().map(named).collect::<Vec<_>>()
        })
    });
    let row = move |(node, title): (Key, String)| {
        let go = move |_| match jump {
            Some(Jump(jump)) => jump.run((node,)),
            None => form.editor.select(Some(node)),
        };
        view! {
            <li>
                <button type="button" class="link-button" on:click=go>
                    {title}
                </button>
            </li>
        }
    };
    let heading = bound.id.get_value();
    let named = heading.clone();
    view! {
        <div class="field" role="group" aria-labelledby=named>
            <span id=heading class="field-legend">
                {bound.field.label}
            </span>
            <ol class="field-nodes">{move || inside.get().into_iter().map(row).collect_view()}</ol>
            {move || {
                inside.with(Vec::is_empty).then(|| view! { <p class="field-help">"None yet."</p> })
            }}
        </div>
    }
    .into_any()
}

/// Ways out of what is wrong with a value. The keyboard goes to the control: the button is gone
/// then.
fn fixes(bound: Bound) -> AnyView {
    let all = move || {
        if bound.form.locked.get().is_some() {
            return Vec::new();
        }
        bound.said.with(|said| said.fixes.clone())
    };
    let button = move |fix: Fix| {
        let label = fix.label.clone();
        let apply = move |_| {
            bound.form.editor.dispatch(&Command::Fix(fix.clone()));
            let id = bound.id.get_value();
            focus_soon(move || element(&id));
        };
        view! { <Button class="field-fix" icon=Glyph::Check on_click=apply>{label}</Button> }
    };
    (move || all().into_iter().map(button).collect_view()).into_any()
}

/// An element of the page by its id.
pub(super) fn element(id: &str) -> Option<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast;
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// What typed text makes of a value, where it isn't of its sort.
fn unread(bound: Bound, why: Option<String>) {
    bound.unread.set(why.map(|why| format!("{why} The flow keeps the last good value.")));
}
