//! The settings of a flow: what stands around it in the document, one section at a time. All forms
//! come from the tables of `flow::kinds`; their controls are those of the node's form, handed in
//! by the page.
//!
//! - `section`: which sections there are, and which of them a place in the document belongs to.
//! - `form`: the fields of a table. - `entries`: a list whose entries have forms.
//! - `options`, `gitops`, `document`, `arguments`, `webhook`: sections. - `preview`: the run form.
//! - `tester`: trying the triggers. - `verdict`: what comes of that. - `copy`: a line to copy.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod arguments;
mod copy;
mod document;
mod entries;
mod form;
mod gitops;
mod options;
mod ordered;
mod preview;
mod section;
mod tester;
mod verdict;
mod webhook;

use leptos::prelude::*;
use slipway_editor::command::List;
use slipway_flow::{check::Severity, document::Key, kinds::Field};
use wasm_bindgen::JsCast;

use entries::Words;
pub use section::{Section, place_of};
use tester::Trial;

use crate::{
    state::{document::EditorHandle, home::Home},
    ui::{Glyph, Icon},
};

/// What every section works with.
#[derive(Clone, Copy)]
struct Desk {
    editor: EditorHandle,
    /// The control of a field.
    control: Callback<(Home, &'static Field), AnyView>,
    /// Why nothing can be changed: a sentence.
    locked: Signal<Option<String>>,
    /// Shows a node of the flow.
    on_node: Callback<(Key,)>,
    state: SettingsState,
}

impl Desk {
    /// Leads to a place of the document; false where it is none of the settings.
    fn go_to(self, pointer: &str) -> bool {
        self.state.go_to(self.editor, pointer)
    }
}

/// Which section is open, and which place in the document somebody asked for.
#[derive(Clone, Copy)]
pub struct SettingsState {
    pub section: RwSignal<Section>,
    wanted: RwSignal<Option<String>>,
    trial: Trial,
}

impl SettingsState {
    /// Opens the section with that word, else the first.
    #[must_use]
    pub fn new(word: Option<&str>) -> Self {
        let section = word.and_then(Section::parse).unwrap_or_default();
        Self { section: RwSignal::new(section), wanted: RwSignal::new(None), trial: Trial::new() }
    }

    /// Opens the section of a place in the document, and gives the keyboard to its field. False
    /// where the place is none of the settings.
    pub fn go_to(self, editor: EditorHandle, pointer: &str) -> bool {
        let section = editor.read_untracked(|document| place_of(document, pointer));
        let Some(section) = section else { return false };
        self.section.set(section);
        self.wanted.set(Some(pointer.to_owned()));
        true
    }
}

/// The view.
#[component]
pub fn Settings(
    editor: EditorHandle,
    state: SettingsState,
    control: Callback<(Home, &'static Field), AnyView>,
    locked: Signal<Option<String>>,
    /// Shows a node of the flow.
    on_node: Callback<(Key,)>,
) -> impl IntoView {
    let desk = Desk { editor, control, locked, on_node, state };
    let SettingsState { section, wanted, .. } = state;
    Effect::new(move || {
        if let Some(pointer) = wanted.get() {
            // What was just opened is on the page with the next frame.
            request_animation_frame(move || form::focus(&pointer));
        }
    });
    // Whoever comes back later doesn't ask for that place again.
    on_cleanup(move || {
        wanted.try_set(None);
    });
    view! {
        <div class="settings">
            <nav class="settings-sections" aria-label="Sections of the settings">
                {Section::ALL.map(|of| choice(desk, state, of)).collect_view()}
            </nav>
            <section class="settings-section" aria-labelledby="settings-title">
                {move || open(desk, section.get())}
            </section>
        </div>
    }
}

fn choice(desk: Desk, state: SettingsState, of: Section) -> impl IntoView {
    let worst = Memo::new(move |_| {
        desk.editor.problems.with(|problems| {
            let mut here = 0;
            let mut worst = Severity::Hint;
            desk.editor.read(|document| {
                let around = problems.iter().filter(|problem| problem.node.is_none());
                for problem in around {
                    if place_of(document, &problem.pointer) == Some(of) {
                        here += 1;
                        worst = worst.min(problem.severity);
                    }
                }
            });
            (here > 0).then_some((here, worst))
        })
    });
    let mark = move || {
        worst.get().map(|(count, worst)| {
            let words =
                if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
            view! {
                <span class="settings-count" data-tone=form::tone(worst)>
                    {count}
                    <span class="visually-hidden">{format!(" ({words})")}</span>
                </span>
            }
        })
    };
    view! {
        <button
            type="button"
            class="settings-choice"
            aria-current=move || (state.section.get() == of).then_some("page")
            on:click=move |_| {
                state.wanted.set(None);
                state.section.set(of);
            }
        >
            {of.label()}
            {mark}
        </button>
    }
}

const TRIGGERS: Words =
    Words { add: "Add a Git trigger", none: "No push and no pull request starts a run yet." };

const INPUTS: Words = Words {
    add: "Add an input",
    none: "A person who starts a run is asked for nothing but arguments yet.",
};

/// The sentence that says what the section is, and the section.
fn open(desk: Desk, section: Section) -> AnyView {
    let body = match section {
        Section::Triggers => entries::view(desk, section, List::Triggers, TRIGGERS),
        Section::Test => tester::view(desk),
        Section::Webhook => webhook::view(desk),
        Section::Options => options::view(desk),
        Section::Arguments => arguments::view(desk, section),
        Section::Inputs => view! {
            {entries::view(desk, section, List::RichInputs, INPUTS)}
            {preview::view(desk)}
        }
        .into_any(),
        Section::GitOps => gitops::view(desk),
        Section::Document => document::view(desk),
    };
    view! {
        <h2 id="settings-title">{section.label()}</h2>
        <p class="settings-help">{section.help()}</p>
        {move || {
            desk.locked.get().map(|why| {
                view! { <p class="settings-locked"><Icon of=Glyph::Lock/>{why}</p> }
            })
        }}
        {body}
    }
    .into_any()
}

/// Gives the keyboard to the element with this id, or to the first control inside it.
fn focus_id(id: &str) {
    let Some(element) = leptos::prelude::document().get_element_by_id(id) else { return };
    let inside = element.query_selector("button, input").ok().flatten();
    let found = inside.unwrap_or(element).dyn_into::<web_sys::HtmlElement>();
    if let Ok(control) = found {
        // An element that can't take the keyboard leaves it where it is.
        let _ = control.focus();
    }
}
