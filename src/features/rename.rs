//! "Rename the ref": one field, checked while typing, and what will change with it.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

use leptos::prelude::*;
use serde_json::Value;
use slipway_editor::{
    command::Command,
    uses::{Name, Use, uses_of},
};
use slipway_flow::{
    check::check_field,
    document::{Document, Key},
    kinds,
};

use crate::{
    state::{
        document::{EditorHandle, TypedOver},
        target::place_words,
    },
    ui::{Button, ButtonKind, Dialog, TextField},
};

/// Where a node has its ref.
const REF: &str = "/ref";
/// Users that are called by their titles; the rest is counted.
const MOST: usize = 5;

/// Open while `node` is one. `on_done` is called when it is closed, by any way.
#[component]
pub fn RenameRef(
    node: RwSignal<Option<Key>>,
    editor: EditorHandle,
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(node.get().is_some()));
    let closed = Callback::new(move |()| {
        node.set(None);
        on_done.run(());
    });
    view! {
        <Dialog open=open title="Rename the ref" on_close=closed>
            {move || node.get_untracked().map(|key| view! { <Form key=key open=open editor=editor /> })}
        </Dialog>
    }
}

#[component]
fn Form(key: Key, open: RwSignal<bool>, editor: EditorHandle) -> impl IntoView {
    let old = editor.read_untracked(|document| reference(document, key));
    let name = RwSignal::new(old.clone());
    let wrong = Memo::new(move |_| wrong(editor, key, &name.get()));
    let (title, uses) =
        editor.read_untracked(|document| (kinds::title(document, key), users(document, &old)));
    let id = crate::ui::unique_id("rename");
    let field = id.clone();
    request_animation_frame(move || {
        let field = document().get_element_by_id(&field);
        if let Some(field) = field
            .and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlInputElement>(it).ok())
        {
            let _ = field.focus();
            field.select();
        }
    });
    let rename = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked();
        if wrong.get_untracked().is_none()
            && editor.dispatch(&Command::RenameRef { holder: key, name })
        {
            open.set(false);
        } else if wrong.get_untracked().is_none() {
            // It is called so already.
            open.set(false);
        }
    };
    view! {
        <form class="rename" on:submit=rename>
            <p>{title}</p>
            <TextField
                id=id
                label="Ref"
                mono=true
                value=name
                on_input=move |text: String| name.set(text)
                error=wrong
                help="The name by which later nodes read this node’s outputs."
            />
            <p>{uses}</p>
            <div class="dialog-actions">
                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true reason=wrong>"Rename"</Button>
            </div>
        </form>
    }
}

/// Asks about what reads a ref by the name that somebody has typed over in its field: whether it
/// follows, as it would have with "Rename the ref".
#[component]
pub fn TypedOverRef(editor: EditorHandle) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(editor.typed_over.with(Option::is_some)));
    let title = Signal::derive(move || {
        editor.typed_over.with(|typed| {
            typed.as_ref().map(|it| format!("{} is still read", it.from)).unwrap_or_default()
        })
    });
    let closed = Callback::new(move |()| editor.typed_over.set(None));
    view! {
        <Dialog open=open title=title on_close=closed>
            {move || {
                let typed = editor.typed_over.get_untracked();
                typed.map(|typed| view! { <Follow typed=typed open=open editor=editor /> })
            }}
        </Dialog>
    }
}

#[component]
fn Follow(typed: TypedOver, open: RwSignal<bool>, editor: EditorHandle) -> impl IntoView {
    let TypedOver { holder, from, to, uses } = typed;
    let place = |one: &Use| {
        let (place, label) =
            editor.read_untracked(|document| place_words(document, one.node, &one.pointer));
        if label.is_empty() { place } else { format!("{place} → {label}") }
    };
    let mut places: Vec<String> = uses.iter().map(place).collect();
    let more = places.len().saturating_sub(MOST);
    places.truncate(MOST);
    let follow = Command::FollowRef { holder, from: from.clone() };
    let follows = editor.refusal_of(&follow).is_none();
    let back = Command::SetField {
        node: holder,
        pointer: REF.to_owned(),
        value: Some(Value::from(from.as_str())),
    };
    let says = if follows {
        format!("The ref is {to} now. These still read {from}, which nothing has any more:")
    } else {
        format!("The ref is gone. These still read {from}:")
    };
    let (word, command) = if follows {
        (format!("Let them read {to}"), follow)
    } else {
        (format!("Put {from} back"), back)
    };
    let act = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if editor.dispatch(&command) {
            editor.close_step();
        }
        open.set(false);
    };
    view! {
        <form class="rename" on:submit=act>
            <p>{says}</p>
            <ul class="breaks-places">
                {places.into_iter().map(|place| view! { <li>{place}</li> }).collect_view()}
                {(more > 0).then(|| view! { <li>{format!("… and {more} more.")}</li> })}
            </ul>
            <div class="dialog-actions">
                <Button on_click=move |_| open.set(false)>"Leave them"</Button>
                <Button kind=ButtonKind::Primary submit=true>{word}</Button>
            </div>
        </form>
    }
}

fn reference(document: &Document, key: Key) -> String {
    document.node(key).reference().unwrap_or_default().to_owned()
}

/// What is wrong with the name: first as the field says it, then as the flow does.
fn wrong(editor: EditorHandle, key: Key, name: &str) -> Option<String> {
    let by_field = editor.read_untracked(|document| {
        let kind = kinds::of(document, key)?;
        let field = kind.fields.iter().find(|field| field.pointer == REF)?;
        check_field(field, &Value::from(name))
    });
    by_field
        .or_else(|| editor.refusal_of(&Command::RenameRef { holder: key, name: name.to_owned() }))
}

/// Who reads the name, and will read the new one.
fn users(document: &Document, name: &str) -> String {
    let uses = if name.is_empty() { Vec::new() } else { uses_of(document, Name::Ref(name)) };
    let mut titles: Vec<String> = Vec::new();
    for one in &uses {
        let title = one
            .node
            .map_or("the settings of the flow".to_owned(), |node| kinds::title(document, node));
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let more = titles.len().saturating_sub(MOST);
    titles.truncate(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    match uses.len() {
        0 => "Nothing in the flow reads it.".to_owned(),
        1 => format!("It is read in one place, which changes with it: {}.", titles.join(", ")),
        count => format!(
            "It is read in {count} places, which change with it: {}{more}.",
            titles.join(", ")
        ),
    }
}
