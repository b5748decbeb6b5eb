//! Light, dark, or as the system says. `data-theme` on the document carries the choice to the
//! style sheets; `assets/theme.js` sets it before the first paint.

use leptos::prelude::*;

use crate::ui::{Glyph, Menu, MenuButton};

/// Where the choice is kept in the browser.
const KEY: &str = "slipway-theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    const fn name(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::System => Glyph::Monitor,
            Self::Light => Glyph::Sun,
            Self::Dark => Glyph::Moon,
        }
    }

    /// As it is kept; the system's theme is the absence of a choice.
    const fn stored(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.stored() == Some(text)).unwrap_or_default()
    }
}

/// The theme in force.
#[derive(Clone, Copy)]
pub struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    /// The choice that this browser remembers.
    #[must_use]
    pub fn stored() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let choice = Self(RwSignal::new(kept.as_deref().map(Theme::parse).unwrap_or_default()));
        choice.show();
        choice
    }

    fn choose(self, theme: Theme) {
        self.0.set(theme);
        self.show();
        // A browser that forbids storage forgets the choice; that is all.
        let _ = storage().map(|storage| match theme.stored() {
            Some(word) => storage.set_item(KEY, word),
            None => storage.remove_item(KEY),
        });
    }

    fn show(self) {
        let Some(root) = document().document_element() else { return };
        let _ = match self.0.get_untracked().stored() {
            Some(word) => root.set_attribute("data-theme", word),
            None => root.remove_attribute("data-theme"),
        };
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The switch in the header.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let choice = expect_context::<ThemeChoice>();
    let items = Theme::ALL.map(|theme| {
        view! {
            <MenuButton
                icon=theme.glyph()
                chosen=Signal::derive(move || Some(choice.0.get() == theme))
                on_click=move |_| choice.choose(theme)
            >
                {theme.name()}
            </MenuButton>
        }
    });
    view! {
        <Menu label="Colour theme" icon=Signal::derive(move || choice.0.get().glyph())>
            {items.collect_view()}
        </Menu>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_choice_is_read_back_and_nonsense_is_the_systems() {
        for theme in Theme::ALL {
            assert_eq!(theme.stored().map(Theme::parse).unwrap_or_default(), theme);
        }
        assert_eq!(Theme::parse("sepia"), Theme::System);
    }
}
