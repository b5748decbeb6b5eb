//! The views of one release flow, and the choice among them.

use leptos::{html, prelude::*};

use crate::ui::{Glyph, Icon};

/// A way to look at a release flow and to change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum View {
    /// The picture.
    #[default]
    Visual,
    /// The text.
    Code,
    /// The flow as a list.
    Outline,
    /// What stands around the flow: triggers, options, arguments.
    Settings,
    /// What the stage holds, and which nodes act on it.
    Resources,
    /// Every version that was saved.
    Revisions,
}

impl View {
    pub(super) const ALL: [Self; 6] =
        [Self::Visual, Self::Code, Self::Outline, Self::Settings, Self::Resources, Self::Revisions];

    /// Its word in the address.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Visual => "visual",
            Self::Code => "code",
            Self::Outline => "outline",
            Self::Settings => "settings",
            Self::Resources => "resources",
            Self::Revisions => "revisions",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.word() == word)
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Visual => "Visual",
            Self::Code => "Code",
            Self::Outline => "Outline",
            Self::Settings => "Settings",
            Self::Resources => "Stage resources",
            Self::Revisions => "Revisions",
        }
    }

    pub(super) const fn glyph(self) -> Glyph {
        match self {
            Self::Visual => Glyph::Template,
            Self::Code => Glyph::Webhook,
            Self::Outline => Glyph::List,
            Self::Settings => Glyph::Table,
            Self::Resources => Glyph::Service,
            Self::Revisions => Glyph::Clock,
        }
    }
}

/// The views as a row of buttons; the open one is marked.
#[component]
pub(super) fn ViewChoice(shown: RwSignal<View>, on_choose: Callback<(View,)>) -> impl IntoView {
    let row = NodeRef::<html::Nav>::new();
    // On a phone the row is longer than the screen is wide.
    Effect::new(move |_| {
        shown.track();
        let Some(row) = row.get() else { return };
        request_animation_frame(move || {
            if let Ok(Some(choice)) = row.query_selector("[aria-current]") {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
                choice.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    });
    let choice = move |view: View| {
        view! {
            <button
                type="button"
                class="view-choice"
                aria-current=move || (shown.get() == view).then_some("page")
                on:click=move |_| on_choose.run((view,))
            >
                <Icon of=view.glyph() />
                {view.label()}
            </button>
        }
    };
    view! {
        <nav node_ref=row class="view-choices" aria-label="Views of the release flow">
            {View::ALL.map(choice).collect_view()}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_has_an_address() {
        for view in View::ALL {
            assert_eq!(View::parse(view.word()), Some(view));
        }
        assert_eq!(View::parse("teapot"), None);
    }
}
