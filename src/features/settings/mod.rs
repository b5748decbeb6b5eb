//! The settings of a flow: what stands around it in the document, one section at a time. All forms
//! come from the tables of `flow::kinds`; their controls are those of the node's form, handed in
//! by the page.
//!
//! - `section`: which sections there are, and which of them a place in the document belongs to.
//! - `form`: the fields of a table. - `options`, `gitops`, `document`: sections.
//!
//! May import: the pure crates, `state`, `ui`. Not other features.

mod document;
mod form;
mod gitops;
mod options;
mod section;

use leptos::prelude::*;
use slipway_flow::{check::Severity, kinds::Field};

pub use section::{Section, place_of};

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
}

/// Which section is open, and which place in the document somebody asked for.
#[derive(Clone, Copy)]
pub struct SettingsState {
    pub section: RwSignal<Section>,
    wanted: RwSignal<Option<String>>,
}

impl SettingsState {
    /// Opens the section with that word, else the first.
    #[must_use]
    pub fn new(word: Option<&str>) -> Self {
        let section = word.and_then(Section::parse).unwrap_or_default();
        Self { section: RwSignal::new(section), wanted: RwSignal::new(None) }
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
) -> impl IntoView {
    let desk = Desk { editor, control, locked };
    let SettingsState { section, wanted } = state;
    Effect::new(move || {
        section.track();
        if let Some(pointer) = wanted.get() {
            // What was just opened is on the page with the next frame.
            request_animation_frame(move || form::focus(&pointer));
            wanted.set(None);
        }
    });
    view! {
        <div class="settings">
            <nav class="settings-sections" aria-label="Sections of the settings">
                {Section::ALL.map(|of| choice(desk, section, of)).collect_view()}
            </nav>
            <section class="settings-section" aria-labelledby="settings-title">
                {move || open(desk, section.get())}
            </section>
        </div>
    }
}

fn choice(desk: Desk, open: RwSignal<Section>, of: Section) -> impl IntoView {
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
            aria-current=move || (open.get() == of).then_some("page")
            on:click=move |_| open.set(of)
        >
            {of.label()}
            {mark}
        </button>
    }
}

/// The sentence that says what the section is, and the section.
fn open(desk: Desk, section: Section) -> AnyView {
    let body = match section {
        Section::Options => options::view(desk),
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
