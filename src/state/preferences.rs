//! How somebody likes the editor, as this browser remembers it; and how key events are read.

use std::collections::VecDeque;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use slipway_editor::keymap::{Chord, KeyChoices};
use web_sys::KeyboardEvent;

/// Where it is kept in the browser.
const KEY: &str = "slipway-editor";
/// How many commands are remembered.
const RECENT: usize = 5;

/// What is kept. What an older version did not know has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Kept {
    single_keys: bool,
    tab_adds: bool,
    /// Whether the outline stands beside the canvas, instead of what can be added.
    outline: bool,
    /// Whether the panel beside the canvas is open; nobody has said yet.
    side: Option<bool>,
    /// The commands used last, the newest first.
    recent: VecDeque<String>,
}

impl Default for Kept {
    fn default() -> Self {
        let KeyChoices { single_keys, tab_adds } = KeyChoices::default();
        Self { single_keys, tab_adds, outline: false, side: None, recent: VecDeque::new() }
    }
}

/// The preferences, as one signal.
#[derive(Clone, Copy)]
pub struct Preferences(RwSignal<Kept>);

impl Preferences {
    /// As this browser remembers them.
    #[must_use]
    pub fn stored() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let kept = kept.and_then(|text| serde_json::from_str(&text).ok());
        Self(RwSignal::new(kept.unwrap_or_default()))
    }

    fn change(self, change: impl FnOnce(&mut Kept)) {
        self.0.update(change);
        let text = self.0.with_untracked(|kept| serde_json::to_string(kept).unwrap_or_default());
        if let Some(storage) = storage() {
            // A browser that keeps nothing forgets it with the page.
            let _ = storage.set_item(KEY, &text);
        }
    }

    #[must_use]
    pub fn keys(self) -> KeyChoices {
        self.0.with(|kept| KeyChoices { single_keys: kept.single_keys, tab_adds: kept.tab_adds })
    }

    pub fn set_keys(self, keys: KeyChoices) {
        self.change(|kept| {
            kept.single_keys = keys.single_keys;
            kept.tab_adds = keys.tab_adds;
        });
    }

    /// Whether the outline stands beside the canvas.
    #[must_use]
    pub fn outline(self) -> bool {
        self.0.with(|kept| kept.outline)
    }

    pub fn set_outline(self, outline: bool) {
        self.change(|kept| kept.outline = outline);
    }

    /// Whether the panel beside the canvas is open, where somebody has said so.
    #[must_use]
    pub fn side(self) -> Option<bool> {
        self.0.with(|kept| kept.side)
    }

    pub fn set_side(self, open: bool) {
        self.change(|kept| kept.side = Some(open));
    }

    /// The commands used last, the newest first.
    #[must_use]
    pub fn recent(self) -> Vec<String> {
        self.0.with(|kept| kept.recent.iter().cloned().collect())
    }

    /// A command was used.
    pub fn used(self, command: &str) {
        self.change(|kept| {
            kept.recent.retain(|known| known != command);
            kept.recent.push_front(command.to_owned());
            kept.recent.truncate(RECENT);
        });
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Asks what the keys of an event mean.
pub fn meaning<T>(event: &KeyboardEvent, ask: impl FnOnce(Chord<'_>) -> T) -> T {
    let (key, code) = (event.key(), event.code());
    ask(Chord {
        key: &key,
        code: &code,
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
    })
}

/// Whether keys are called as on a Mac.
#[must_use]
pub fn on_mac() -> bool {
    window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_version_kept_is_read() {
        let kept: Kept = serde_json::from_str(r#"{"singleKeys": false, "other": 1}"#).unwrap();
        assert_eq!(kept, Kept { single_keys: false, ..Kept::default() });
    }
}
