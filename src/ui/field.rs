//! Form fields: a label, the control, a line of help, and what is wrong with what was typed, wired
//! together for assistive technology.

use leptos::{html, prelude::*};

use super::{classes, unique_id};

/// The attributes that tie a control to its label, help and error.
#[derive(Clone)]
pub(super) struct Wiring {
    id: String,
    help_id: String,
    error_id: String,
    note_id: String,
    has_help: bool,
    error: MaybeProp<String>,
    note: MaybeProp<String>,
}

impl Wiring {
    pub(super) fn new(id: String, has_help: bool, error: MaybeProp<String>) -> Self {
        let id = if id.is_empty() { unique_id("field") } else { id };
        let [help_id, error_id, note_id] =
            ["help", "error", "note"].map(|part| format!("{id}-{part}"));
        Self { id, help_id, error_id, note_id, has_help, error, note: MaybeProp::default() }
    }

    /// With what is odd about the value: a sentence that is no error.
    pub(super) fn noting(self, note: MaybeProp<String>) -> Self {
        Self { note, ..self }
    }

    /// The control's id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.error.get().is_some() {
            ids.push(self.error_id.as_str());
        }
        if self.note.get().is_some() {
            ids.push(self.note_id.as_str());
        }
        if self.has_help {
            ids.push(self.help_id.as_str());
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.get().is_some().then_some("true")
    }
}

/// The frame around a control: label above, error and help below.
pub(super) fn frame(
    wiring: Wiring,
    label: &str,
    help: String,
    class: &str,
    control: AnyView,
) -> AnyView {
    let Wiring { id, help_id, error_id, note_id, error, note, .. } = wiring;
    let help = (!help.is_empty()).then(|| view! { <p id=help_id class="field-help">{help}</p> });
    view! {
        <div class=classes(&["field", class])>
            <label for=id>{label.to_owned()}</label>
            {control}
            <p id=error_id class="field-error" aria-live="polite">{move || error.get()}</p>
            {move || {
                let note_id = note_id.clone();
                note.get().map(|note| view! { <p id=note_id class="field-note">{note}</p> })
            }}
            {help}
        </div>
    }
    .into_any()
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    /// Called with every change while typing.
    #[prop(into)]
    on_input: Callback<String>,
    /// What is wrong with what was typed: a sentence.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// What is odd about it, and no error: a sentence.
    #[prop(optional, into)]
    note: MaybeProp<String>,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional, into)] id: String,
    /// `text` unless said otherwise.
    #[prop(optional, into)]
    kind: String,
    #[prop(optional, into)] autocomplete: String,
    #[prop(optional)] required: bool,
    /// Whether the value is code or an identifier.
    #[prop(optional)]
    mono: bool,
    /// Values to choose from; anything else may be typed too.
    #[prop(optional, into)]
    suggestions: Option<Signal<Vec<String>>>,
    /// Called when the keyboard leaves the field.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// It can be read and not changed.
    #[prop(optional, into)]
    readonly: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let wiring = Wiring::new(id, !help.is_empty(), error).noting(note);
    let (describing, judging) = (wiring.clone(), wiring.clone());
    let list_id = suggestions.map(|_| format!("{}-list", wiring.id));
    let list = suggestions.zip(list_id.clone()).map(|(suggestions, id)| {
        let options = move || {
            suggestions
                .get()
                .into_iter()
                .map(|value| view! { <option value=value></option> })
                .collect_view()
        };
        view! { <datalist id=id>{options}</datalist> }
    });
    let control = view! {
        <input
            id=wiring.id.clone()
            list=list_id
            on:blur=move |_| {
                // A field that has just gone is told that it lost the keyboard, too.
                if let Some(on_blur) = on_blur {
                    let _ = on_blur.try_run(());
                }
            }
            class=if mono { "input mono" } else { "input" }
            type=if kind.is_empty() { "text".to_owned() } else { kind }
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            autocomplete=if autocomplete.is_empty() { "off".to_owned() } else { autocomplete }
            aria-required=required.then_some("true")
            aria-describedby=move || describing.described_by()
            aria-invalid=move || judging.invalid()
            readonly=move || readonly.get()
            aria-disabled=move || readonly.get().then_some("true")
            disabled=move || disabled.get()
            prop:value=move || value.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        />
        {list}
    };
    frame(wiring, &label, help, &class, control.into_any())
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional, into)] note: MaybeProp<String>,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional, into)] id: String,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] mono: bool,
    #[prop(optional)] required: bool,
    /// Called when the keyboard leaves the field.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// It can be read and not changed.
    #[prop(optional, into)]
    readonly: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let wiring = Wiring::new(id, !help.is_empty(), error).noting(note);
    let (describing, judging) = (wiring.clone(), wiring.clone());
    let control = view! {
        <textarea
            id=wiring.id.clone()
            class=if mono { "input mono" } else { "input" }
            rows=rows
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            aria-describedby=move || describing.described_by()
            aria-invalid=move || judging.invalid()
            aria-required=required.then_some("true")
            readonly=move || readonly.get()
            aria-disabled=move || readonly.get().then_some("true")
            on:blur=move |_| {
                // A field that has just gone is told that it lost the keyboard, too.
                if let Some(on_blur) = on_blur {
                    let _ = on_blur.try_run(());
                }
            }
            disabled=move || disabled.get()
            prop:value=move || value.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        ></textarea>
    };
    frame(wiring, &label, help, &class, control.into_any())
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One of several. A value that is not among the choices is shown as it is, so that opening a form
/// never changes anything.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional, into)] note: MaybeProp<String>,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] id: String,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let wiring = Wiring::new(id, !help.is_empty(), error).noting(note);
    let (describing, judging) = (wiring.clone(), wiring.clone());
    let select = NodeRef::<html::Select>::new();
    // What was chosen here, and is not the value then, is taken back.
    Effect::new(move |_| {
        let (value, _) = (value.get(), choices.track());
        if let Some(select) = select.get().filter(|select| select.value() != value) {
            select.set_value(&value);
        }
    });
    let options = move || {
        let chosen = value.get();
        let mut all = choices.get();
        if !all.iter().any(|choice| choice.value == chosen) {
            let label = if chosen.is_empty() { "Choose…".to_owned() } else { chosen.clone() };
            all.insert(0, Choice { value: chosen.clone(), label });
        }
        all.into_iter()
            .map(|choice| {
                let selected = choice.value == chosen;
                view! { <option value=choice.value selected=selected>{choice.label}</option> }
            })
            .collect_view()
    };
    let control = view! {
        <select
            node_ref=select
            id=wiring.id.clone()
            class="input"
            aria-describedby=move || describing.described_by()
            aria-invalid=move || judging.invalid()
            aria-required=required.then_some("true")
            disabled=move || disabled.get()
            on:change=move |event| on_change.run(event_target_value(&event))
        >
            {options}
        </select>
    };
    frame(wiring, &label, help, &class, control.into_any())
}

/// Yes or no.
#[component]
pub fn Checkbox(
    #[prop(into)] label: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional, into)] note: MaybeProp<String>,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] id: String,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let wiring = Wiring::new(id, !help.is_empty(), error).noting(note);
    let (describing, judging) = (wiring.clone(), wiring.clone());
    let control = view! {
        <input
            id=wiring.id.clone()
            type="checkbox"
            aria-describedby=move || describing.described_by()
            aria-invalid=move || judging.invalid()
            disabled=move || disabled.get()
            prop:checked=move || checked.get()
            on:change=move |event| on_change.run(event_target_checked(&event))
        />
    };
    frame(wiring, &label, help, &classes(&["field-check", &class]), control.into_any())
}
