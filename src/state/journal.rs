//! Unsaved work survives a reload and a crash: the text of a release flow that was edited and not
//! yet stored, in the browser's local storage, one entry a stage.
//!
//! A release flow holds no secret values (they live in argument overrides, which never come here).

use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use slipway_api::stage::Stage;
use web_sys::Storage;

use crate::routes::base;

/// An unsaved text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub text: String,
    /// The stored version that it began from; none where there was no release flow yet.
    pub etag: Option<String>,
    /// When it was last changed, in milliseconds since the Unix epoch.
    pub at: f64,
}

/// The draft of one stage's release flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal(String);

impl Journal {
    #[must_use]
    pub fn of(project: &str, pipeline: &str, stage: Stage) -> Self {
        Self(format!("slipway-draft:{}:{project}/{pipeline}/{}", base(), stage.slug()))
    }

    #[must_use]
    pub fn read(&self) -> Option<Draft> {
        serde_json::from_str(&storage()?.get_item(&self.0).ok()??).ok()
    }

    /// Keeps a draft. False when the browser has no room or keeps nothing.
    pub fn keep(&self, draft: &Draft) -> bool {
        let Ok(text) = serde_json::to_string(draft) else { return false };
        storage().is_some_and(|storage| storage.set_item(&self.0, &text).is_ok())
    }

    pub fn forget(&self) {
        if let Some(storage) = storage() {
            // A browser that can't forget would offer an old draft, which can be discarded.
            let _ = storage.remove_item(&self.0);
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
