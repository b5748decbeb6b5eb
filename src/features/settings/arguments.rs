//! The arguments: names with defaults, who reads each, and a name changed everywhere at once.

use std::collections::HashMap;

use leptos::{ev::KeyboardEvent, prelude::*};
use serde_json::Value;
use slipway_editor::{
    command::{Command, argument_name_problem},
    uses::{Use, uses_of_arguments},
};
use slipway_flow::{
    document::{Document, Key},
    kinds,
};

use super::{Desk, focus_id, form, ordered::Ordered, section::Section};
use crate::{
    state::home::Home,
    ui::{Button, Glyph, TextField},
};

const ADD: &str = "settings-argument-new";

/// One argument, by the key of its default.
#[derive(Clone, PartialEq)]
struct Argument {
    key: Key,
    name: String,
}

#[derive(Clone, Copy)]
struct Rows {
    desk: Desk,
    arguments: Memo<Vec<Argument>>,
    /// Where each is read, as of the last pause in typing.
    uses: Memo<HashMap<String, Vec<Use>>>,
}

pub(super) fn view(desk: Desk, section: Section) -> AnyView {
    let Some(field) = section.field() else { return ().into_any() };
    let (editor, home) = (desk.editor, Home::Settings(field.pointer));
    let is_odd = Memo::new(move |_| {
        editor.read(|document| home.key(document).is_some_and(|key| !document.is_object(key)))
    });
    let arguments = Memo::new(move |_| {
        editor.read(|document| {
            let all = home.key(document).into_iter().flat_map(|all| document.members(all));
            all.map(|(name, key)| Argument { key, name: name.to_owned() }).collect::<Vec<_>>()
        })
    });
    let uses = Memo::new(move |_| {
        // As often as the checks: walking a large flow with each letter would be felt.
        editor.problems.track();
        arguments.track();
        editor.read_untracked(uses_of_arguments)
    });
    let rows = Rows { desk, arguments, uses };
    (move || {
        if is_odd.get() {
            return form::odd(desk, field.pointer, "an object with names and values");
        }
        view! {
            {move || {
                arguments.with(Vec::is_empty).then(|| view! {
                    <p class="settings-empty">"This release flow has no arguments yet."</p>
                })
            }}
            <ol class="settings-entries" aria-label=field.label>
                <For each=move || arguments.get() key=|argument| argument.key let:argument>
                    {row(rows, argument.key)}
                </For>
            </ol>
            {new(rows)}
        }
        .into_any()
    })
    .into_any()
}

impl Rows {
    fn name(self, key: Key) -> String {
        self.arguments.with(|all| {
            all.iter().find(|it| it.key == key).map(|it| it.name.clone()).unwrap_or_default()
        })
    }

    fn index(self, key: Key) -> Option<usize> {
        self.arguments.with(|all| all.iter().position(|it| it.key == key))
    }

    /// Where it would be one place up or down; none at the ends.
    fn target(self, key: Key, down: bool) -> Option<usize> {
        let index = self.index(key)?;
        let count = self.arguments.with(Vec::len);
        if down { (index + 1 < count).then_some(index + 1) } else { index.checked_sub(1) }
    }

    fn step(self, key: Key, down: bool, focus: String) {
        let blocked = self.desk.locked.with_untracked(Option::is_some);
        let target = untrack(|| self.target(key, down)).filter(|_| !blocked);
        if let Some(index) = target {
            let name = untrack(|| self.name(key));
            self.desk.editor.dispatch(&Command::MoveArgument { name, index });
            request_animation_frame(move || focus_id(&focus));
        }
    }

    /// Takes the argument out; the keyboard goes to the next one.
    fn remove(self, key: Key) {
        let (index, name) = untrack(|| (self.index(key), self.name(key)));
        let then = Callback::new(move |()| {
            let next = self.arguments.with_untracked(|all| {
                all.get(index.unwrap_or_default()).or(all.last()).map(|it| it.key)
            });
            let id = next.map_or_else(|| ADD.to_owned(), id_of);
            request_animation_frame(move || focus_id(&id));
        });
        self.desk.editor.dispatch_or_ask(Command::SetArgument { name, value: None }, then);
    }

    /// Gives the argument another name, and says how many places followed.
    fn rename(self, key: Key, to: &str) {
        let editor = self.desk.editor;
        let name = untrack(|| self.name(key));
        if to == name {
            return;
        }
        let count = editor
            .read_untracked(|document| uses_of_arguments(document).get(&name).map_or(0, Vec::len));
        if editor.dispatch(&Command::RenameArgument { name: name.clone(), to: to.to_owned() }) {
            let places = match count {
                0 => "Nothing else reads it.".to_owned(),
                1 => "1 place that reads it was changed with it.".to_owned(),
                count => format!("{count} places that read it were changed with it."),
            };
            editor.announcement.set(format!("{name} is now called {to}. {places}"));
        }
    }
}

fn id_of(key: Key) -> String {
    format!("settings-argument-{}", key.number())
}

fn row(rows: Rows, key: Key) -> impl IntoView {
    let Rows { desk, uses, .. } = rows;
    let editor = desk.editor;
    let id = id_of(key);
    let name = Memo::new(move |_| rows.name(key));
    let pointer = move || editor.read(|document| form::pointer_of(document, Home::Object(key)));
    let ordered = Ordered {
        desk,
        title: Signal::derive(move || format!("argument {}", name.get())),
        target: Callback::new(move |(down,)| rows.target(key, down)),
        step: Callback::new(move |(down, focus)| rows.step(key, down, focus)),
        remove: Callback::new(move |()| rows.remove(key)),
    };
    let on_keydown = ordered.on_keydown(id.clone());
    let buttons = ordered.buttons(&id);
    let mine = Memo::new(move |_| {
        uses.with(|uses| name.with(|name| uses.get(name).cloned().unwrap_or_default()))
    });
    view! {
        <li class="settings-entry settings-argument" data-pointer=pointer on:keydown=on_keydown>
            {name_field(rows, key, name, id)}
            {value_field(rows, key, name)}
            <div class="settings-entry-buttons">{buttons}</div>
            {form::problems_at(desk, pointer)}
            {move || readers(desk, mine.get())}
        </li>
    }
}

/// The name is changed when the keyboard leaves the field, or with Enter: every place that reads
/// the argument changes with it, in one step.
fn name_field(rows: Rows, key: Key, name: Memo<String>, id: String) -> impl IntoView {
    let editor = rows.desk.editor;
    let typed = RwSignal::new(None::<String>);
    let error = Signal::derive(move || {
        let typed = typed.get()?;
        name.with(|name| {
            (typed != *name)
                .then(|| editor.read(|document| argument_name_problem(document, &typed)))?
        })
    });
    let commit = move || {
        if let Some(to) = typed.get_untracked()
            && error.get_untracked().is_none()
        {
            typed.set(None);
            rows.rename(key, &to);
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => commit(),
        "Escape" if typed.get_untracked().is_some() => {
            event.prevent_default();
            typed.set(None);
        }
        _ => {}
    };
    view! {
        <div class="settings-argument-name" on:keydown=on_key>
            <TextField
                id=id
                label="Name"
                mono=true
                value=Signal::derive(move || typed.get().unwrap_or_else(|| name.get()))
                on_input=move |text: String| typed.set(Some(text))
                on_blur=Callback::new(move |()| commit())
                error=error
                disabled=Signal::derive(move || rows.desk.locked.get().is_some())
            />
        </div>
    }
}

/// Text as it is; any other value as JSON, which stays in the field until it can be read.
fn value_field(rows: Rows, key: Key, name: Memo<String>) -> impl IntoView {
    let editor = rows.desk.editor;
    let value = Memo::new(move |_| {
        editor.read(
            |document| {
                if document.contains(key) { document.to_json(key) } else { Value::Null }
            },
        )
    });
    let unread = RwSignal::new(None::<(String, String)>);
    let shown = move || match (unread.get(), value.get()) {
        (Some((typed, _)), _) => typed,
        (None, Value::String(text)) => text,
        (None, other) => other.to_string(),
    };
    let on_input = move |typed: String| {
        let read = if value.with_untracked(Value::is_string) {
            Ok(Value::from(typed.clone()))
        } else {
            serde_json::from_str(&typed)
        };
        match read {
            Ok(value) => {
                unread.set(None);
                let name = name.get_untracked();
                editor.dispatch(&Command::SetArgument { name, value: Some(value) });
            }
            Err(_) => unread.set(Some((
                typed,
                "The document has no text here. Write the value as JSON does; it keeps the last one that can be read.".to_owned(),
            ))),
        }
    };
    view! {
        <TextField
            label="Default value"
            class="settings-argument-value"
            mono=true
            value=Signal::derive(shown)
            on_input=on_input
            on_blur=Callback::new(move |()| editor.close_step())
            error=Signal::derive(move || unread.get().map(|(_, why)| why))
            disabled=Signal::derive(move || rows.desk.locked.get().is_some())
        />
    }
}

/// Who reads an argument, each with a way there.
fn readers(desk: Desk, uses: Vec<Use>) -> impl IntoView {
    let words = match uses.len() {
        0 => {
            return view! { <p class="field-help settings-readers">"Nothing reads it yet."</p> }
                .into_any();
        }
        1 => "Read in 1 place".to_owned(),
        count => format!("Read in {count} places"),
    };
    /// Those behind are only counted.
    const MOST: usize = 50;
    let more = uses.len().saturating_sub(MOST);
    let place = |one: Use| {
        let words = desk.editor.read_untracked(|document| place_words(document, &one));
        let jump = move |_| match one.node {
            Some(node) => desk.on_node.run((node,)),
            None => {
                desk.go_to(&one.pointer);
            }
        };
        view! {
            <li><button type="button" class="link-button" on:click=jump>{words}</button></li>
        }
    };
    view! {
        <details class="settings-readers">
            <summary>{words}</summary>
            <ul>
                {uses.into_iter().take(MOST).map(place).collect_view()}
                {(more > 0).then(|| view! { <li>{format!("… and {more} more.")}</li> })}
            </ul>
        </details>
    }
    .into_any()
}

fn place_words(document: &Document, one: &Use) -> String {
    match one.node.filter(|node| document.contains(*node)) {
        Some(node) => {
            let inside = one.pointer.strip_prefix(&document.pointer(node)).unwrap_or_default();
            format!("{}: {inside}", kinds::title(document, node))
        }
        None => one.pointer.clone(),
    }
}

/// A new argument: its name, its value.
fn new(rows: Rows) -> impl IntoView {
    let desk = rows.desk;
    let editor = desk.editor;
    let (name, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = Signal::derive(move || {
        let name = name.get();
        (!name.is_empty())
            .then(|| editor.read(|document| argument_name_problem(document, &name)))?
    });
    let reason = Signal::derive(move || {
        desk.locked.get().or_else(|| error.get()).or_else(|| {
            name.with(String::is_empty).then(|| "Give the argument a name first.".to_owned())
        })
    });
    let add = move || {
        if reason.get_untracked().is_some() {
            return;
        }
        let added = Command::SetArgument {
            name: name.get_untracked(),
            value: Some(Value::from(value.get_untracked())),
        };
        if editor.dispatch(&added) {
            editor.close_step();
            editor.announcement.set(format!("Argument {} was added.", name.get_untracked()));
            name.set(String::new());
            value.set(String::new());
            focus_id(ADD);
        }
    };
    view! {
        <form
            class="settings-new"
            aria-label="New argument"
            on:submit=move |event| {
                event.prevent_default();
                add();
            }
        >
            <TextField
                id=ADD
                label="Name of a new argument"
                mono=true
                value=name
                on_input=move |text| name.set(text)
                error=error
                disabled=Signal::derive(move || desk.locked.get().is_some())
            />
            <TextField
                label="Its default value"
                mono=true
                value=value
                on_input=move |text| value.set(text)
                disabled=Signal::derive(move || desk.locked.get().is_some())
            />
            <Button submit=true icon=Glyph::Plus reason=reason>"Add argument"</Button>
        </form>
    }
}
