//! An object with the members of a table, as a group of their controls.

use leptos::prelude::*;
use serde_json::Value;
use slipway_flow::{
    form,
    kinds::{FieldType, Table},
};

use super::{
    super::bound::{Bound, Form, focus_soon},
    control, element, json,
    list::group,
};
use crate::{
    state::home::Home,
    ui::{Button, Glyph},
};

pub(super) fn object(bound: Bound, table: &'static Table, nullable: bool) -> AnyView {
    let shape = Memo::new(move |_| {
        bound.value.with(|value| match value {
            None => Some(false),
            Some(Value::Null) if nullable => Some(false),
            Some(Value::Object(_)) => Some(true),
            Some(_) => None,
        })
    });
    let back = move || {
        let id = bound.id.get_value();
        focus_soon(move || element(&id));
    };
    let add = move |_| {
        bound.set(Some(form::first_value(&FieldType::Object(table))));
        back();
    };
    let remove = move |_| {
        bound.set(None);
        back();
    };
    (move || match shape.get() {
        None => json::json(bound),
        Some(true) => {
            let pointer = bound.pointer.get_value();
            let inside = view! {
                {members(bound.form, bound.home, table, pointer)}
                <Button class="entry-add" icon=Glyph::Cross reason=bound.form.locked on_click=remove>
                    {format!("Remove “{}”", bound.field.label)}
                </Button>
            };
            group(bound, inside.into_any())
        }
        Some(false) => {
            let inside = view! {
                <Button class="entry-add" icon=Glyph::Plus reason=bound.form.locked on_click=add>
                    {format!("Add “{}”", bound.field.label)}
                </Button>
            };
            group(bound, inside.into_any())
        }
    })
    .into_any()
}

/// The controls of the members of an object at a pointer from a home.
pub(super) fn members(form: Form, home: Home, table: &'static Table, pointer: String) -> AnyView {
    let each = |field: &'static slipway_flow::kinds::Field| {
        control(form, home, *field, format!("{pointer}{}", field.pointer))
    };
    view! { <div class="members">{table.fields.iter().map(each).collect_view()}</div> }.into_any()
}
