//! Text and numbers, typed or chosen.

use leptos::prelude::*;
use slipway_flow::{check, document::Document};

use super::super::{
    bound::Bound,
    lists::list_of,
    suggest::{offers, unknown},
};
use crate::{
    state::home::Home,
    ui::{ComboBox, TextArea, TextField},
};

/// What is typed goes into the document at once, finished or not.
fn on_input(bound: Bound, grab: RwSignal<bool>) -> Callback<String> {
    Callback::new(move |typed: String| {
        // From here on the field for expressions takes over, and the keyboard with it.
        if bound.field.references && typed.contains("${") {
            grab.set(true);
        }
        bound.set(check::typed(&bound.field, &typed).value);
    })
}

pub(super) fn text(bound: Bound, lines: bool, grab: RwSignal<bool>) -> AnyView {
    let has_lines = move || {
        bound.value.with_untracked(|value| {
            value.as_ref().and_then(|value| value.as_str()).is_some_and(|text| text.contains('\n'))
        })
    };
    if lines || has_lines() {
        return view! {
            <TextArea
                id=bound.id.get_value()
                label=bound.field.label
                value=bound.shown()
                on_input=on_input(bound, grab)
                on_blur=bound.done()
                error=bound.error()
                note=bound.note()
                help=bound.field.help
                required=bound.field.required
                readonly=bound.form.is_locked()
            />
        }
        .into_any();
    }
    line(bound, grab)
}

/// One line, also for numbers: an expression may take their place.
pub(super) fn line(bound: Bound, grab: RwSignal<bool>) -> AnyView {
    if bound.field.source.is_some() {
        return picker(bound, grab);
    }
    view! {
        <TextField
            id=bound.id.get_value()
            label=bound.field.label
            value=bound.shown()
            on_input=on_input(bound, grab)
            on_blur=bound.done()
            error=bound.error()
            note=bound.note()
            help=bound.field.help
            required=bound.field.required
            readonly=bound.form.is_locked()
        />
    }
    .into_any()
}

/// Chosen from what there is; anything else may be typed.
fn picker(bound: Bound, grab: RwSignal<bool>) -> AnyView {
    let form = bound.form;
    let object =
        move |document: &Document| form.home.key(document).unwrap_or_else(|| document.flow());
    let list = match form.home {
        Home::Object(node) => list_of(form.editor, node, bound.field, form.resources),
        Home::Settings(_) => None,
    };
    let choices = Signal::derive(move || {
        let mut all = form.resources.with(|resources| {
            form.editor.read_untracked(|document| {
                offers(document, object(document), &bound.field, resources)
            })
        });
        all.extend(list.and_then(|(list, _)| list.offers()));
        all
    });
    let note = Signal::derive(move || {
        let unknown = form.resources.with(|resources| {
            form.editor
                .read(|document| unknown(document, object(document), &bound.field, resources))
        });
        // The checks know more, where they say something.
        bound.note().get().or(unknown)
    });
    view! {
        <ComboBox
            id=bound.id.get_value()
            label=bound.field.label
            value=bound.shown()
            on_input=on_input(bound, grab)
            on_done=bound.done()
            choices=choices
            asked=list.map(|(_, asked)| asked)
            error=bound.error()
            note=note
            help=bound.field.help
            required=bound.field.required
            mono=true
            disabled=form.is_locked()
        />
    }
    .into_any()
}
