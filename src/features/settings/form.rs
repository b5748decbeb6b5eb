//! The fields of one table as a form, with what the checks say of each, and what no field is about.

use leptos::prelude::*;
use slipway_editor::command::Command;
use slipway_flow::{
    check::{Fix, Problem, Severity},
    document::{Document, Key},
    form::{Section, grouped},
    kinds::{Field, FieldType, Group, Table, unknown_members},
};
use wasm_bindgen::JsCast;

use super::Desk;
use crate::{state::home::Home, ui::Button};

/// How a form shows a field.
pub(super) enum Shown {
    /// With the control of its type.
    Control,
    /// In a way of the section's own.
    Own(AnyView),
    /// Not here.
    Not,
}

/// The form of an object.
pub(super) fn view(
    desk: Desk,
    home: Home,
    table: &'static Table,
    how: impl Fn(&'static Field) -> Shown,
) -> AnyView {
    let shown = |field: &'static Field| match how(field) {
        Shown::Control => Some(placed(desk, home, field, desk.control.run((home, field)), false)),
        Shown::Own(control) => Some(placed(desk, home, field, control, true)),
        Shown::Not => None,
    };
    let section = |section: Section| {
        let fields: Vec<_> = section.fields.into_iter().filter_map(shown).collect();
        if fields.is_empty() || section.group == Group::Main {
            return fields.into_any();
        }
        view! {
            <details class="field-group" open=section.group != Group::Advanced>
                <summary>{section.title}</summary>
                {fields}
            </details>
        }
        .into_any()
    };
    let sections = grouped(table.fields.iter().filter(|field| is_value(field)));
    view! {
        <div class="node-form settings-form">
            {sections.into_iter().map(section).collect_view()}
            {unknown(desk, home, table)}
        </div>
    }
    .into_any()
}

/// Nodes are for the canvas.
const fn is_value(field: &Field) -> bool {
    !matches!(field.ty.bare(), FieldType::Node | FieldType::Nodes)
}

/// A control at its place in the document, where a jump finds it. With `tells`, what the checks say
/// stands below: of a control that doesn't say it itself.
fn placed(
    desk: Desk,
    home: Home,
    field: &'static Field,
    control: impl IntoView + 'static,
    tells: bool,
) -> AnyView {
    let place =
        Memo::new(move |_| desk.editor.read(|document| pointer_of(document, home) + field.pointer));
    view! {
        <div class="settings-field" data-pointer=move || place.get()>
            {control.into_any()}
            {tells.then_some(move || list(desk, found(desk, &place.get(), true)))}
        </div>
    }
    .into_any()
}

/// Where the object is or would be, as a pointer from the document's root.
pub(super) fn pointer_of(document: &Document, home: Home) -> String {
    match home {
        Home::Object(key) if document.contains(key) => document.pointer(key),
        Home::Object(_) => GONE.to_owned(),
        Home::Settings(pointer) => document.pointer(document.flow()) + pointer,
    }
}

/// No place of any document.
const GONE: &str = "gone";

/// What the checks say of an object as a whole.
pub(super) fn problems_of(desk: Desk, home: Home) -> impl Fn() -> AnyView + Copy + 'static {
    move || {
        let place = desk.editor.read(|document| pointer_of(document, home));
        list(desk, found(desk, &place, false))
    }
}

/// What the checks say of a value and of what is in it.
pub(super) fn problems_at(
    desk: Desk,
    place: impl Fn() -> String + 'static,
) -> impl Fn() -> AnyView {
    move || list(desk, found(desk, &place(), true))
}

fn found(desk: Desk, place: &str, below: bool) -> Vec<Problem> {
    let is_here = |problem: &&Problem| {
        problem
            .pointer
            .strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || (below && rest.starts_with('/')))
    };
    desk.editor.problems.with(|problems| problems.iter().filter(is_here).cloned().collect())
}

fn list(desk: Desk, problems: Vec<Problem>) -> AnyView {
    let row = |problem: Problem| {
        let fix = |fix: Fix| {
            let label = fix.label.clone();
            let on_fix = move |_| {
                if desk.editor.dispatch(&Command::Fix(fix.clone())) {
                    desk.editor.check_now();
                }
            };
            view! { <Button reason=desk.locked on_click=Callback::new(on_fix)>{label}</Button> }
        };
        view! {
            <li class="settings-problem" data-tone=tone(problem.severity)>
                <span class="visually-hidden">{problem.severity.word()} ": "</span>
                {problem.sentence}
                {problem.fixes.into_iter().map(fix).collect_view()}
            </li>
        }
    };
    if problems.is_empty() {
        return ().into_any();
    }
    view! { <ul class="settings-problems">{problems.into_iter().map(row).collect_view()}</ul> }
        .into_any()
}

pub(super) const fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "careful",
        Severity::Hint => "neutral",
    }
}

/// Members that no field is about, as they are written.
fn unknown(desk: Desk, home: Home, table: &'static Table) -> impl IntoView {
    let members = Memo::new(move |_| {
        desk.editor.read(|document| {
            let found = |object: Key| unknown_members(document, object, table);
            let members = home.key(document).map(found).unwrap_or_default();
            let written = members.into_iter().map(|(name, key)| (name, document.text_of(key)));
            written.collect::<Vec<_>>()
        })
    });
    move || {
        let members = members.get();
        (!members.is_empty()).then(|| {
            let rows = members.into_iter().map(|(name, text)| as_written(name, text));
            view! {
                <div class="settings-unknown" role="group" aria-label="Unknown members">
                    <p class="field-help">
                        "Slipway doesn't know these members. They are kept exactly as they are written; they can be changed in the document's text."
                    </p>
                    {rows.collect_view()}
                </div>
            }
        })
    }
}

/// A value as JSON, to read.
pub(super) fn as_written(name: String, text: String) -> AnyView {
    view! {
        <p class="mono settings-name">{name.clone()}</p>
        <pre class="code" tabindex="0" aria-label=format!("{name} as it is written")>{text}</pre>
    }
    .into_any()
}

/// A member that is of another sort than the section is made for: shown as it is written.
pub(super) fn odd(desk: Desk, pointer: &'static str, wants: &'static str) -> AnyView {
    let home = Home::Settings(pointer);
    let text =
        move || desk.editor.read(|document| home.key(document).map(|key| document.text_of(key)));
    view! {
        <div class="settings-odd" data-pointer=pointer>
            <p>{format!("This should be {wants}, and in this document it is something else. It is kept as it is written; it can be put right in the document's text.")}</p>
            <pre class="code" tabindex="0" aria-label=format!("{pointer} as it is written")>{text}</pre>
        </div>
    }
    .into_any()
}

/// Gives the keyboard to the field of a place in the document, or to the nearest thing around it.
pub(super) fn focus(pointer: &str) {
    let all = document().query_selector_all(".settings [data-pointer]");
    let Ok(all) = all else { return };
    let places = (0..all.length()).filter_map(|index| {
        let element = all.item(index)?.dyn_into::<web_sys::Element>().ok()?;
        let at = element.get_attribute("data-pointer")?;
        let rest = pointer.strip_prefix(at.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some((at.len(), element))
    });
    let Some((_, place)) = places.max_by_key(|(length, _)| *length) else { return };
    let mut around = place.parent_element();
    while let Some(element) = around {
        if element.tag_name() == "DETAILS" {
            let _ = element.set_attribute("open", "");
        }
        around = element.parent_element();
    }
    // A field, where there is one; else whatever can be reached there.
    let first = |of: &str| place.query_selector(of).ok().flatten();
    let found = first("input, select, textarea").or_else(|| first("button, [tabindex]"));
    let control = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(control) = control {
        let _ = control.focus();
    }
}
