//! A list of the document, as cards: the Git triggers, the inputs. Each opens to a form; they are
//! added, removed and put in order by buttons and by Alt with the arrow keys.

use leptos::prelude::*;
use slipway_editor::command::{Command, List};
use slipway_flow::{
    document::{Document, Key},
    kinds::{FieldType, Group, Table},
};

use super::{
    Desk, focus_id,
    form::{self, Shown},
    ordered::Ordered,
    section::Section,
};
use crate::{
    state::home::Home,
    ui::{Button, Glyph, Icon},
};

/// What a list is called on its buttons.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// "Add a trigger".
    pub add: &'static str,
    /// What is said where there is none.
    pub none: &'static str,
}

pub(super) fn view(desk: Desk, section: Section, list: List, words: Words) -> AnyView {
    let Some((pointer, table)) =
        section.field().and_then(|field| Some((field.pointer, entry_table(desk, field.pointer)?)))
    else {
        return ().into_any();
    };
    let home = Home::Settings(pointer);
    let is_odd = Memo::new(move |_| {
        desk.editor.read(|document| home.key(document).is_some_and(|key| !document.is_array(key)))
    });
    let keys = Memo::new(move |_| desk.editor.read(|document| entries(document, list)));
    let cards = Cards { desk, list, table, keys, opened: RwSignal::new(None) };
    let add = move |_| cards.add();
    (move || {
        if is_odd.get() {
            return form::odd(desk, pointer, "a list");
        }
        view! {
            <div data-pointer=move || desk.editor.read(|document| document.pointer(document.flow()) + pointer)>
                {move || {
                    keys.with(Vec::is_empty).then(|| view! { <p class="settings-empty">{words.none}</p> })
                }}
                <ol class="settings-entries" aria-label=section.label()>
                    <For each=move || keys.get() key=|key| *key let:key>
                        {card(cards, key)}
                    </For>
                </ol>
                <div id=ADD>
                    <Button icon=Glyph::Plus reason=desk.locked on_click=Callback::new(add)>
                        {words.add}
                    </Button>
                </div>
            </div>
        }
        .into_any()
    })
    .into_any()
}

/// The DOM id around the button that adds an entry.
const ADD: &str = "settings-add";

/// The table of the entries of the list at a pointer.
fn entry_table(desk: Desk, pointer: &str) -> Option<&'static Table> {
    let around = desk.editor.read_untracked(slipway_flow::kinds::settings::around);
    let field = around.fields.iter().find(|field| field.pointer == pointer)?;
    match field.ty.bare() {
        FieldType::List(item) => match item.bare() {
            FieldType::Object(table) => Some(table),
            _ => None,
        },
        _ => None,
    }
}

fn entries(document: &Document, list: List) -> Vec<Key> {
    let array = document.get(document.flow(), list.name()).into_iter();
    array.flat_map(|array| document.elements(array)).collect()
}

#[derive(Clone, Copy)]
struct Cards {
    desk: Desk,
    list: List,
    table: &'static Table,
    keys: Memo<Vec<Key>>,
    /// The entry that was just added, whose form is open.
    opened: RwSignal<Option<Key>>,
}

impl Cards {
    fn index(self, key: Key) -> Option<usize> {
        self.keys.with(|keys| keys.iter().position(|other| *other == key))
    }

    fn add(self) {
        let Desk { editor, .. } = self.desk;
        let entry = editor.read_untracked(|document| self.list.fresh(document));
        let index = self.keys.with_untracked(Vec::len);
        if !editor.dispatch(&Command::AddEntry { list: self.list, index, entry }) {
            return;
        }
        let added =
            editor.read_untracked(|document| entries(document, self.list)).get(index).copied();
        self.opened.set(added);
        if let Some(added) = added {
            let pointer = editor.read_untracked(|document| document.pointer(added));
            request_animation_frame(move || form::focus(&pointer));
        }
    }

    /// Where the entry would be one place up or down; none at the ends.
    fn target(self, key: Key, down: bool) -> Option<usize> {
        let index = self.index(key)?;
        let count = self.keys.with(Vec::len);
        if down { (index + 1 < count).then_some(index + 1) } else { index.checked_sub(1) }
    }

    /// Moves the entry, and gives the keyboard back to what had it.
    fn step(self, key: Key, down: bool, focus: String) {
        let blocked = self.desk.locked.with_untracked(Option::is_some);
        let target = untrack(|| self.target(key, down));
        if let Some(index) = target.filter(|_| !blocked) {
            self.desk.editor.dispatch(&Command::MoveEntry { entry: key, index });
            request_animation_frame(move || focus_id(&focus));
        }
    }

    /// Takes the entry out, having asked where something reads it; the keyboard goes to the next one.
    fn remove(self, key: Key) {
        let editor = self.desk.editor;
        let index = untrack(|| self.index(key));
        let then = Callback::new(move |()| {
            if editor.read_untracked(|document| document.contains(key)) {
                return;
            }
            let next = self.keys.with_untracked(|keys| {
                let index = index.unwrap_or_default();
                keys.get(index).or(keys.last()).copied()
            });
            let id = next.map_or_else(|| ADD.to_owned(), head_id);
            request_animation_frame(move || focus_id(&id));
        });
        editor.dispatch_or_ask(Command::RemoveEntry { entry: key }, then);
    }
}

fn head_id(key: Key) -> String {
    format!("settings-entry-{}", key.number())
}

fn card(cards: Cards, key: Key) -> impl IntoView {
    let Cards { desk, list, table, opened, .. } = cards;
    let editor = desk.editor;
    let home = Home::Object(key);
    let open = RwSignal::new(opened.get_untracked() == Some(key));
    // Whoever asks for a place inside meets it open.
    Effect::new(move || {
        let place = editor.read_untracked(|document| form::pointer_of(document, home));
        let inside = |pointer: &String| pointer.starts_with(&format!("{place}/"));
        if desk.state.wanted.with(|wanted| wanted.as_ref().is_some_and(inside)) {
            open.set(true);
        }
    });
    let title =
        Memo::new(move |_| {
            editor.read(|document| {
                if document.contains(key) { list.title(document, key) } else { String::new() }
            })
        });
    let is_object = Memo::new(move |_| {
        editor.read(|document| document.contains(key) && document.is_object(key))
    });
    let summary = Memo::new(move |_| editor.read(|document| summary(document, key, table)));
    let (head, body) = (head_id(key), format!("settings-entry-{}-form", key.number()));
    let ordered = Ordered {
        desk,
        title: title.into(),
        target: Callback::new(move |(down,)| cards.target(key, down)),
        step: Callback::new(move |(down, focus)| cards.step(key, down, focus)),
        remove: Callback::new(move |()| cards.remove(key)),
    };
    let on_keydown = ordered.on_keydown(head.clone());
    let buttons = ordered.buttons(&head);
    let controls = body.clone();
    view! {
        <li
            class="settings-entry"
            data-pointer=move || editor.read(|document| form::pointer_of(document, home))
        >
            <div class="settings-entry-head" on:keydown=on_keydown>
                <button
                    type="button"
                    id=head
                    class="settings-entry-title"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls=controls
                    aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon of=Signal::derive(move || if open.get() { Glyph::ChevronDown } else { Glyph::ChevronRight })/>
                    <span>{move || title.get()}</span>
                </button>
                {buttons}
            </div>
            {form::problems_of(desk, home)}
            {move || {
                (!open.get()).then(|| {
                    let rows = summary.get().into_iter().map(|(label, value)| {
                        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
                    });
                    view! { <dl class="settings-entry-summary">{rows.collect_view()}</dl> }
                })
            }}
            <div id=body class="settings-entry-form" data-open=move || open.get().then_some("")>
                {move || {
                    if !open.get() {
                        return ().into_any();
                    }
                    if is_object.get() {
                        return form::view(desk, home, table, |_| Shown::Control);
                    }
                    let text = editor.read(|document| document.contains(key).then(|| document.text_of(key)));
                    view! {
                        <p class="field-help">"This entry should be an object. It is kept as it is written."</p>
                        {form::as_written("Entry".to_owned(), text.unwrap_or_default())}
                    }
                        .into_any()
                }}
            </div>
        </li>
    }
}

/// What an entry says in its main fields: labels and values.
fn summary(document: &Document, entry: Key, table: &'static Table) -> Vec<(&'static str, String)> {
    let main = table.fields.iter().filter(|field| field.group == Group::Main);
    let shown = main.filter_map(|field| {
        let key =
            document.resolve_from(entry, field.pointer).filter(|key| document.contains(*key))?;
        let texts: Vec<&str> = if document.is_array(key) {
            document.elements(key).filter_map(|key| document.str(key)).collect()
        } else {
            document.str(key).into_iter().collect()
        };
        let label = |word: &str| match field.ty.bare() {
            FieldType::Choice(choices) => choices.iter().find(|choice| choice.value == word),
            _ => None,
        };
        let words = texts.iter().map(|text| label(text).map_or(*text, |choice| choice.label));
        let value = words.collect::<Vec<_>>().join(", ");
        (!value.is_empty()).then_some((field.label, value))
    });
    shown.collect()
}
