//! One field of a node's form: the control for its type, checked while typing.

use leptos::prelude::*;
use serde_json::Value;
use slipway_flow::{
    check::{self, Typed, check_field},
    kinds::{Field, FieldType},
};

use super::suggest::{Resources, offers, unknown};
use crate::{
    state::{document::EditorHandle, home::Home},
    ui::{Checkbox, Choice, ComboBox, Select, TextArea, TextField},
};

/// What a control needs to know of its field.
#[derive(Clone, Copy)]
struct Bound {
    editor: EditorHandle,
    home: Home,
    field: &'static Field,
    /// The value in the document; none where the member is absent.
    value: Memo<Option<Value>>,
    /// What is wrong with it: shown once there is something to be wrong, or after it was touched.
    error: Signal<Option<String>>,
    touched: RwSignal<bool>,
    disabled: Signal<bool>,
}

impl Bound {
    fn set(self, value: Option<Value>) {
        self.touched.set(true);
        self.editor.dispatch(&self.home.set(self.field.pointer, value));
    }

    /// The value as a person types it; objects and lists as JSON.
    fn text(self) -> String {
        match self.value.get() {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text,
            Some(value @ (Value::Object(_) | Value::Array(_))) => {
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            Some(value) => value.to_string(),
        }
    }

    fn label(self) -> String {
        if self.field.required {
            self.field.label.to_owned()
        } else {
            format!("{} (optional)", self.field.label)
        }
    }
}

/// The control of a field, wherever it lives.
#[component]
pub fn FieldControl(
    editor: EditorHandle,
    home: Home,
    field: &'static Field,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    let value = Memo::new(move |_| {
        editor.read(|document| home.find(document, field.pointer).map(|key| document.to_json(key)))
    });
    let touched = RwSignal::new(false);
    let error = Signal::derive(move || {
        let value = value.get();
        if !touched.get() && matches!(&value, None | Some(Value::Null)) {
            return None;
        }
        check_field(field, value.as_ref().unwrap_or(&Value::Null))
    });
    let disabled = Signal::derive(move || locked.get().is_some());
    let bound = Bound { editor, home, field, value, error, touched, disabled };
    match *field.ty.bare() {
        FieldType::Condition(word) => condition(bound, word).into_any(),
        FieldType::Boolean => choice(bound, &BOOLEAN).into_any(),
        FieldType::SkipFlag => skip_flag(bound).into_any(),
        FieldType::Choice(choices) => {
            let choices: Vec<(&str, &str)> =
                choices.iter().map(|choice| (choice.value, choice.label)).collect();
            choice(bound, &choices).into_any()
        }
        FieldType::Text { .. } | FieldType::Integer { .. } => text(bound, resources).into_any(),
        FieldType::Json
        | FieldType::Node
        | FieldType::Nodes
        | FieldType::List(_)
        | FieldType::Object(_)
        | FieldType::Map
        | FieldType::Nullable(_)
        | FieldType::OrReference(_) => json(bound).into_any(),
    }
}

const BOOLEAN: [(&str, &str); 2] = [("true", "Yes"), ("false", "No")];

fn text(bound: Bound, resources: Signal<Resources>) -> impl IntoView {
    let Bound { editor, home, field, .. } = bound;
    let object = move |document: &slipway_flow::document::Document| {
        home.key(document).unwrap_or_else(|| document.flow())
    };
    let on_input = Callback::new(move |typed: String| bound.set(check::typed(field, &typed).value));
    let on_blur = Callback::new(move |()| {
        bound.touched.set(true);
        editor.close_step();
    });
    let value = Signal::derive(move || bound.text());
    if field.source.is_none() && !field.references {
        return view! {
            <TextField
                label=bound.label()
                value=value
                on_input=on_input
                on_blur=on_blur
                error=bound.error
                help=field.help
                required=field.required
                mono=true
                disabled=bound.disabled
            />
        }
        .into_any();
    }
    let choices = Signal::derive(move || {
        resources.with(|resources| {
            editor.read_untracked(|document| offers(document, object(document), field, resources))
        })
    });
    let note = Signal::derive(move || {
        resources.with(|resources| {
            editor.read(|document| unknown(document, object(document), field, resources))
        })
    });
    view! {
        <ComboBox
            label=bound.label()
            value=value
            on_input=on_input
            on_done=on_blur
            choices=choices
            error=bound.error
            note=note
            help=field.help
            required=field.required
            mono=true
            disabled=bound.disabled
        />
    }
    .into_any()
}

fn condition(bound: Bound, word: &'static str) -> impl IntoView {
    let on_change =
        Callback::new(move |checked: bool| bound.set(checked.then(|| Value::from(word))));
    view! {
        <Checkbox
            label=bound.field.label
            checked=Signal::derive(move || bound.value.get().is_some())
            on_change=on_change
            help=bound.field.help
            disabled=bound.disabled
        />
    }
}

fn choice(bound: Bound, choices: &[(&str, &str)]) -> impl IntoView + use<> {
    let field = bound.field;
    let mut all: Vec<Choice> =
        choices.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
    if !field.required {
        all.insert(0, Choice::new("", "Not set"));
    }
    let on_change = Callback::new(move |word: String| bound.set(check::typed(field, &word).value));
    view! {
        <Select
            label=field.label
            value=Signal::derive(move || bound.text())
            choices=Signal::stored(all)
            on_change=on_change
            error=bound.error
            help=field.help
            disabled=bound.disabled
        />
    }
}

/// Skipping is written as text: `"true"`, `"false"`, or an expression that says so.
fn skip_flag(bound: Bound) -> impl IntoView {
    let on_input =
        Callback::new(move |typed: String| bound.set(check::typed(bound.field, &typed).value));
    let words = vec!["true".to_owned(), "false".to_owned()];
    view! {
        <TextField
            label=bound.label()
            value=Signal::derive(move || bound.text())
            on_input=on_input
            on_blur=Callback::new(move |()| bound.editor.close_step())
            error=bound.error
            help=bound.field.help
            placeholder="false"
            mono=true
            suggestions=Signal::stored(words)
            disabled=bound.disabled
        />
    }
}

/// Lists and groups, as JSON. Text that is not JSON yet stays in the control and out of the
/// document, which keeps the last good value.
fn json(bound: Bound) -> impl IntoView {
    let draft = RwSignal::new(None::<String>);
    let broken = RwSignal::new(None::<String>);
    let on_input = Callback::new(move |typed: String| {
        let Typed { value, unread } = check::typed(bound.field, typed.trim());
        if unread.is_none() {
            bound.set(value);
        }
        broken.set(unread.map(|why| format!("{why} The flow keeps the last good value.")));
        draft.set(Some(typed));
    });
    // The control shows what was typed for as long as it means what the document holds.
    let shown = Signal::derive(move || {
        let stored = bound.text();
        match draft.get() {
            Some(typed) if broken.get().is_some() || means(&typed, &stored) => typed,
            _ => stored,
        }
    });
    view! {
        <TextArea
            label=bound.label()
            value=shown
            on_input=on_input
            error=Signal::derive(move || broken.get().or_else(|| bound.error.get()))
            help=if bound.field.help.is_empty() { "As JSON." } else { bound.field.help }
            rows=3
            mono=true
            disabled=bound.disabled
        />
    }
}

fn means(typed: &str, stored: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    typed.trim() == stored || value(typed) == value(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_does_not_change_what_json_means() {
        assert!(means("{\"a\" : 1}", "{\n  \"a\": 1\n}"));
        assert!(!means("{\"a\": 2}", "{\"a\": 1}"));
        assert!(means("", ""));
    }
}
