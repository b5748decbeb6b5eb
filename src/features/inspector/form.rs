//! The form of a node: the fields of its kind in their groups.

use leptos::{ev::Event, prelude::*};
use slipway_flow::{
    check::Severity,
    document::Key,
    form::{self, Section},
    kinds::{Group, Kind},
};
use wasm_bindgen::JsCast;

use super::{
    bound::{Form, Memory},
    field::control,
};

#[component]
pub(super) fn Fields(form: Form, node: Key, kind: &'static Kind) -> impl IntoView {
    let sections = form::sections(kind).into_iter().map(|section| match section.group {
        Group::Main => controls(form, &section),
        _ => view! { <Folded form=form node=node section=section /> }.into_any(),
    });
    view! {
        <form class="node-form" autocomplete="off" on:submit=|event| event.prevent_default()>
            {sections.collect_view()}
        </form>
    }
}

fn controls(form: Form, section: &Section) -> AnyView {
    let each = section.fields.iter().map(|field| {
        let control = control(form, form.home, **field, field.pointer.to_owned());
        // A jump finds the control by its place.
        view! { <div class="field-place" data-field=field.pointer>{control}</div> }
    });
    each.collect_view().into_any()
}

/// A group behind its heading, which says what is in it. It stays open or closed from node to node.
#[component]
fn Folded(form: Form, node: Key, section: Section) -> impl IntoView {
    let open = expect_context::<Memory>().open;
    let group = section.group;
    let fields = section.fields.clone();
    let counted = fields.clone();
    let given = Memo::new(move |_| {
        form.editor.read(|document| {
            let given = |field: &&&'static slipway_flow::kinds::Field| {
                document.resolve_from(node, field.pointer).is_some()
            };
            counted.iter().filter(given).count()
        })
    });
    let wrong = Memo::new(move |_| {
        let base = form.editor.read_untracked(|document| document.pointer(node));
        let here =
            |at: &String| fields.iter().any(|field| at.strip_prefix(&base) == Some(field.pointer));
        form.problems.with(|all| {
            let errors = all.iter().filter(|told| told.severity == Severity::Error);
            errors.filter(|told| told.at.iter().any(here)).count()
        })
    });
    // Once opened it stays: what was typed and can't be kept is in its controls.
    let shown = RwSignal::new(open.with_untracked(|open| open.contains(&group)));
    let on_toggle = move |event: Event| {
        let details =
            event.target().and_then(|it| it.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        let Some(details) = details else { return };
        if details.open() {
            shown.set(true);
        }
        open.update(|open| {
            if details.open() {
                open.insert(group)
            } else {
                open.remove(&group)
            };
        });
    };
    view! {
        <details
            class="field-group"
            open=open.with_untracked(|open| open.contains(&group))
            on:toggle=on_toggle
        >
            <summary>
                <span>{section.title}</span>
                {move || match (wrong.get(), given.get()) {
                    (0, 0) => None,
                    (0, given) => {
                        Some(view! { <span class="group-count">{format!("{given} set")}</span> }.into_any())
                    }
                    (wrong, _) => {
                        let said = format!("{wrong} to put right");
                        Some(view! { <span class="group-count" data-tone="bad">{said}</span> }.into_any())
                    }
                }}
            </summary>
            {move || shown.get().then(|| controls(form, &section))}
        </details>
    }
}
