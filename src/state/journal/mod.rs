//! Unsaved work survives a reload, a crash and a killed tab, undo included: every step is kept in the
//! browser's database as soon as it is made, in a slot of its own for each editing session.
//!
//! - `store`: what is kept, in IndexedDB. - `alive`: which sessions somebody has open. This file: one
//!   session's journal, and the drafts that others left behind.
//!
//! A step is kept as what it changed, so that one more never rewrites a large text. A release flow
//! holds no secret values (they live in argument overrides, which never come here).

mod alive;
mod store;

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{ev, prelude::*, reactive::owner::LocalStorage, task::spawn_local};
use serde::{Deserialize, Serialize};
use slipway_api::stage::Stage;
use slipway_editor::journal::Record;

use crate::routes::base;
use alive::Held;
use store::{Piece, Store};

/// A text that a server has, or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub text: String,
    pub etag: Option<String>,
}

/// A session's draft, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub id: String,
    /// Whose flow it is: see [`slot`].
    place: String,
    /// When it was last changed, in milliseconds since the Unix epoch.
    pub at: f64,
    /// Steps that were not stored yet.
    pub steps: usize,
    /// What is kept of it, in bytes.
    pub size: usize,
    /// Records kept so far.
    records: u32,
    /// When its page last said that it is there, where the browser has no locks; 0 once it said
    /// that it is gone.
    alive: f64,
}

/// A draft with all that it takes to go on.
#[derive(Debug, Clone)]
pub struct Draft {
    pub kept: Kept,
    /// What the session began with, and whether a server had it.
    pub origin: String,
    pub origin_stored: bool,
    /// What the server had when it was last asked by this session; none where it had nothing.
    pub stored: Option<Stored>,
    pub records: Vec<Record>,
}

/// What a session began with.
#[derive(Serialize, Deserialize)]
struct Begun {
    text: String,
    /// Whether a server had that text.
    stored: bool,
}

/// What a server has, as it is kept: a text that the session began with is kept once.
#[derive(Serialize, Deserialize)]
struct Base {
    text: Option<String>,
    etag: Option<String>,
}

impl Base {
    fn of(stored: &Stored, begun: Option<&Begun>) -> Self {
        let same = begun.is_some_and(|begun| begun.text == stored.text);
        Self { text: (!same).then(|| stored.text.clone()), etag: stored.etag.clone() }
    }

    fn stored(self, begun: &Begun) -> Stored {
        Stored { text: self.text.unwrap_or_else(|| begun.text.clone()), etag: self.etag }
    }
}

/// What there is to take up of a stage's release flow.
pub struct Left {
    store: Result<Store, String>,
    place: String,
    /// The one to go on with; the others.
    pub draft: Option<(Draft, Held)>,
    pub others: Vec<Kept>,
}

/// The drafts of one stage's release flow.
#[must_use]
pub fn slot(project: &str, pipeline: &str, stage: Stage) -> String {
    format!("{}:{project}/{pipeline}/{}", base(), stage.slug())
}

/// Which draft a session goes on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The one that this tab left, else the newest.
    Own,
    /// This one.
    Draft(String),
    /// None: the last one was given up. Others are only offered.
    Nothing,
}

/// Looks for drafts that nobody has open.
pub async fn left(place: &str, wanted: &Wanted) -> Left {
    let place = place.to_owned();
    let store = match Store::open().await {
        Ok(store) => store,
        Err(why) => return Left { store: Err(why), place, draft: None, others: Vec::new() },
    };
    let mut all: Vec<Kept> = store.sessions().await.unwrap_or_default();
    all.retain(|kept| kept.place == place);
    all.sort_by(|a, b| b.at.total_cmp(&a.at));
    let own = match wanted {
        Wanted::Draft(id) => Some(id.clone()),
        Wanted::Own | Wanted::Nothing => alive::own(&place),
    };
    if let Some(at) = all.iter().position(|kept| Some(&kept.id) == own.as_ref()) {
        let first = all.remove(at);
        all.insert(0, first);
    }
    let mut draft = None;
    let mut others = Vec::new();
    for kept in all {
        let is_own = Some(&kept.id) == own.as_ref();
        let Some(held) = alive::take_over(&kept.id, kept.alive, is_own).await else { continue };
        if kept.steps == 0 {
            // All of it was stored, and its page is gone.
            store.forget(&kept.id);
            held.release();
        } else if draft.is_none()
            && *wanted != Wanted::Nothing
            && let Some(found) = store.draft(&kept).await
        {
            draft = Some((found, held));
        } else {
            held.release();
            others.push(kept);
        }
    }
    Left { store: Ok(store), place, draft, others }
}

/// Keeps what happens in one session.
#[derive(Clone, Copy)]
pub struct Journal(StoredValue<Inner, LocalStorage>, RwSignal<Option<String>>);

struct Inner {
    store: Option<Store>,
    kept: Kept,
    begun: Option<Begun>,
    stored: Option<Stored>,
    held: Option<Held>,
    /// Whether the beginning is kept already: nothing is, until something changed.
    written: bool,
    /// Whether the person gave up what is not stored: nothing is kept of it from then on.
    ended: Rc<Cell<bool>>,
}

impl Journal {
    /// Goes on with a draft, or begins a session with a text; ends with the component that calls.
    #[must_use]
    pub fn of(left: Left, text: &str, stored: Option<Stored>) -> Self {
        let Left { store, place, draft, .. } = left;
        let trouble = RwSignal::new(store.as_ref().err().cloned().map(sentence));
        let store = store.ok();
        let inner = match draft {
            Some((draft, held)) => Inner {
                written: true,
                begun: None,
                stored: draft.stored,
                kept: draft.kept,
                held: Some(held),
                ended: Rc::default(),
                store,
            },
            None => Inner {
                written: false,
                begun: Some(Begun { text: text.to_owned(), stored: stored.is_some() }),
                stored,
                kept: Kept {
                    id: alive::new_id(),
                    place,
                    at: 0.0,
                    steps: 0,
                    size: text.len(),
                    records: 0,
                    alive: 0.0,
                },
                held: None,
                ended: Rc::default(),
                store,
            },
        };
        alive::remember(&inner.kept.place, &inner.kept.id);
        let journal = Self(StoredValue::new_local(inner), trouble);
        journal.live();
        journal
    }

    /// Why nothing can be kept, if that is so: a sentence.
    #[must_use]
    pub fn trouble(self) -> Option<String> {
        self.1.get()
    }

    /// Keeps what happened. `steps` is how many are not stored, for the list of drafts.
    pub fn keep(self, records: &[Record], steps: usize) {
        let trouble = self.1;
        self.0.try_update_value(|inner| inner.keep(records, steps, trouble));
    }

    /// The server has this text now: what is merged later is merged with it.
    pub fn stored(self, stored: Stored) {
        let trouble = self.1;
        self.0.try_update_value(|inner| {
            inner.stored = Some(stored);
            if inner.written {
                inner.write(vec![inner.stored_piece()], trouble);
            }
        });
    }

    /// What the server had when it was last asked.
    #[must_use]
    pub fn base(self) -> Option<Stored> {
        self.0.try_with_value(|inner| inner.stored.clone()).flatten()
    }

    /// The person gave up what is not stored. Nothing is kept from now on. Only once this is done is
    /// the draft gone: a page that goes before takes the deletion with it.
    pub async fn end(self) {
        let store = self.0.try_update_value(|inner| {
            inner.forget();
            inner.ended.set(true);
            inner.store.clone()
        });
        if let Some(store) = store.flatten() {
            store.settle().await;
        }
    }

    /// Leaves the draft to whoever opens the flow next. Nothing is kept from now on.
    pub fn leave(self) {
        self.0.try_update_value(|inner| {
            inner.kept.alive = 0.0;
            inner.say_alive(RwSignal::new(None));
            inner.ended.set(true);
            if let Some(held) = inner.held.take() {
                held.release();
            }
        });
    }

    /// Forgets a draft of another session.
    pub fn forget_other(self, id: &str) {
        self.0.with_value(|inner| {
            if let Some(store) = &inner.store {
                store.forget(id);
            }
        });
    }

    /// Says that the session is open, until its page is gone.
    fn live(self) {
        let Self(inner, trouble) = self;
        if let Some(id) =
            inner.with_value(|inner| inner.held.is_none().then(|| inner.kept.id.clone()))
        {
            spawn_local(async move {
                if let Some(held) = alive::hold(&id).await {
                    let unheld = inner.try_update_value(|inner| inner.held.replace(held));
                    drop(unheld);
                }
            });
        }
        let beat = move || {
            inner.try_update_value(|inner| {
                inner.kept.alive = js_sys::Date::now();
                inner.say_alive(trouble);
            });
        };
        // Browsers have no locks where the connection is not secure.
        let beating = (!alive::has_locks())
            .then(|| set_interval_with_handle(beat, Duration::from_secs(5)).ok())
            .flatten();
        let hidden = window_event_listener(ev::pagehide, move |_| {
            inner.try_update_value(|inner| {
                inner.kept.alive = 0.0;
                inner.say_alive(trouble);
            });
        });
        let held = move || inner.try_update_value(|inner| inner.held.take()).flatten();
        on_cleanup(move || {
            hidden.remove();
            if let Some(beating) = beating {
                beating.clear();
            }
            if let Some(held) = held() {
                held.release();
            }
        });
    }
}

impl Inner {
    fn keep(&mut self, records: &[Record], steps: usize, trouble: RwSignal<Option<String>>) {
        if self.ended.get() || records.is_empty() {
            return;
        }
        let mut pieces = Vec::new();
        if !self.written {
            self.written = true;
            let begun = self.begun.as_ref().and_then(|begun| serde_json::to_string(begun).ok());
            pieces.push(Piece::new(&self.kept.id, "origin", begun.unwrap_or_default()));
            pieces.push(self.stored_piece());
        }
        let Ok(text) = serde_json::to_string(records) else { return };
        self.kept.size += text.len();
        self.kept.records += 1;
        let name = format!("record-{:09}", self.kept.records);
        pieces.push(Piece::new(&self.kept.id, &name, text));
        self.kept.at = js_sys::Date::now();
        self.kept.alive = self.kept.at;
        self.kept.steps = steps;
        self.write(pieces, trouble);
    }

    fn stored_piece(&self) -> Piece {
        let base = self.stored.as_ref().map(|stored| Base::of(stored, self.begun.as_ref()));
        let text = serde_json::to_string(&base).unwrap_or_default();
        Piece::new(&self.kept.id, "stored", text)
    }

    fn say_alive(&self, trouble: RwSignal<Option<String>>) {
        // A session that was given up is not to come back.
        if self.written && !self.ended.get() {
            self.write(Vec::new(), trouble);
        }
    }

    fn write(&self, pieces: Vec<Piece>, trouble: RwSignal<Option<String>>) {
        if let Some(store) = &self.store {
            let report = move |why: String| {
                trouble.try_set(Some(sentence(why)));
            };
            store.write(&self.kept, pieces, report);
        }
    }

    fn forget(&mut self) {
        if let Some(store) = self.store.as_ref().filter(|_| self.written) {
            store.forget(&self.kept.id);
        }
    }
}

fn sentence(why: String) -> String {
    format!(
        "Unsaved work can't be kept in this browser: {why} Save often, or export the flow as a file."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_the_session_began_with_is_kept_once() {
        let begun = Begun { text: "{}".to_owned(), stored: true };
        for (text, times) in [("{}", 1), ("[]", 0)] {
            let stored = Stored { text: text.to_owned(), etag: Some("1".to_owned()) };
            let kept = serde_json::to_string(&Base::of(&stored, Some(&begun))).unwrap();
            assert_eq!(kept.matches("null").count(), times, "{kept}");
            let back: Base = serde_json::from_str(&kept).unwrap();
            assert_eq!(back.stored(&begun), stored);
        }
    }
}
