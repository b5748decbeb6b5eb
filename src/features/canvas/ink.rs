//! The theme's colours as a painted picture needs them: worked out by the browser from the tokens
//! of the style sheet, again when the theme changes.

use leptos::prelude::*;
use slipway_flow::kinds::Section;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlElement, MediaQueryList, MutationObserver, MutationObserverInit};

use crate::ui::Tone;

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Workflow,
    WorkflowEdge,
    Node,
    NodeEdge,
    Text,
    Quiet,
    Accent,
    AccentSoft,
    Good,
    Careful,
    Bad,
    Release,
    Data,
    Wait,
    Tell,
    Other,
}

impl Ink {
    /// The custom property of the style sheet, for each in order.
    const TOKENS: [&str; 16] = [
        "--ground-sunken",
        "--line",
        "--surface",
        "--line-strong",
        "--text",
        "--text-quiet",
        "--accent",
        "--accent-soft",
        "--good",
        "--careful",
        "--bad",
        "--kind-release",
        "--kind-data",
        "--kind-wait",
        "--kind-tell",
        "--kind-other",
    ];
    pub(super) const COUNT: usize = Self::TOKENS.len();
    /// In the order of their numbers.
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Workflow,
        Self::WorkflowEdge,
        Self::Node,
        Self::NodeEdge,
        Self::Text,
        Self::Quiet,
        Self::Accent,
        Self::AccentSoft,
        Self::Good,
        Self::Careful,
        Self::Bad,
        Self::Release,
        Self::Data,
        Self::Wait,
        Self::Tell,
        Self::Other,
    ];

    pub(super) const fn of_section(section: Option<Section>) -> Self {
        match section {
            Some(Section::Structure) | None => Self::NodeEdge,
            Some(Section::Release) => Self::Release,
            Some(Section::Data) => Self::Data,
            Some(Section::Wait) => Self::Wait,
            Some(Section::Tell) => Self::Tell,
            Some(Section::Other) => Self::Other,
        }
    }

    pub(super) const fn of_tone(tone: Tone) -> Self {
        match tone {
            Tone::Neutral => Self::NodeEdge,
            Tone::Active => Self::Accent,
            Tone::Good => Self::Good,
            Tone::Careful => Self::Careful,
            Tone::Bad => Self::Bad,
        }
    }
}

/// A colour for each ink, as CSS, and the typefaces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Inks {
    colours: [String; Ink::COUNT],
    font: String,
}

impl Inks {
    /// What the tokens come to inside `parent` now.
    fn read(parent: &HtmlElement) -> Option<Self> {
        // Only a property that is a colour is worked out: a token's own value is the text of it.
        let probe: HtmlElement =
            document().create_element("i").ok()?.dyn_into::<HtmlElement>().ok()?;
        parent.append_child(&probe).ok()?;
        let style = window().get_computed_style(&probe).ok().flatten();
        let said = |property: &str| {
            style.as_ref().and_then(|s| s.get_property_value(property).ok()).unwrap_or_default()
        };
        let colours = Ink::TOKENS.map(|token| {
            // A token that is missing leaves the colour of the text.
            let _ = probe.style().set_property("color", &format!("var({token})"));
            said("color")
        });
        let font = said("font-family");
        probe.remove();
        Some(Self { colours, font })
    }

    pub(super) fn css(&self, ink: Ink) -> &str {
        &self.colours[ink as usize]
    }

    pub(super) fn font(&self) -> &str {
        &self.font
    }
}

/// The colours inside `parent`, kept up with the theme.
pub(super) fn use_inks(parent: NodeRef<leptos::html::Div>) -> RwSignal<Option<Inks>> {
    let inks = RwSignal::new(None);
    let read = move || {
        let read = parent.try_get_untracked().flatten().and_then(|parent| Inks::read(&parent));
        if read.is_some() && inks.try_with_untracked(|inks| *inks != read) == Some(true) {
            inks.set(read);
        }
    };
    parent.on_load(move |_| read());
    let changed = Closure::<dyn FnMut()>::new(read);
    let function = changed.as_ref().unchecked_ref();
    let observer = MutationObserver::new(function).ok();
    if let (Some(observer), Some(root)) = (&observer, document().document_element()) {
        let what = MutationObserverInit::new();
        what.set_attributes(true);
        // Without it the colours only follow the theme when the page is opened anew.
        let _ = observer.observe_with_options(&root, &what);
    }
    let system = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(system) = &system {
        let _ = system.add_event_listener_with_callback("change", function);
    }
    let kept = StoredValue::new_local((observer, system, changed));
    on_cleanup(move || {
        kept.with_value(|(observer, system, changed): &(_, Option<MediaQueryList>, _)| {
            if let Some(observer) = observer {
                MutationObserver::disconnect(observer);
            }
            if let Some(system) = system {
                let function = Closure::<dyn FnMut()>::as_ref(changed).unchecked_ref();
                let _ = system.remove_event_listener_with_callback("change", function);
            }
        });
    });
    inks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_are_numbered_in_the_order_of_their_tokens() {
        let numbers = Ink::ALL.map(|ink| ink as usize);
        assert!(numbers.into_iter().eq(0..Ink::COUNT));
        assert_eq!(Ink::TOKENS[Ink::Bad as usize], "--bad");
        assert_eq!(Ink::TOKENS[Ink::Tell as usize], "--kind-tell");
    }
}
