//! The browser's database: a row for each session, and its pieces by name.

use js_sys::{Array, Promise};
use leptos::prelude::window;
use slipway_editor::journal::Record;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use super::{Base, Begun, Draft, Kept};

const NAME: &str = "slipway-drafts";
const SESSIONS: &str = "sessions";
const PIECES: &str = "pieces";
/// A browser that doesn't open its database within that time, in milliseconds, has none for us.
const PATIENCE: i32 = 4_000;

/// The database, open.
#[derive(Clone)]
pub(super) struct Store(IdbDatabase);

/// A named text of a session.
pub(super) struct Piece {
    key: String,
    text: String,
}

impl Piece {
    pub(super) fn new(id: &str, name: &str, text: String) -> Self {
        Self { key: format!("{id}/{name}"), text }
    }
}

impl Store {
    /// # Errors
    /// Why there is none, as a sentence.
    pub(super) async fn open() -> Result<Self, String> {
        let factory = window().indexed_db().map_err(|error| words(&error))?;
        let factory = factory.ok_or("it has no database for pages.")?;
        let request = factory.open_with_u32(NAME, 1).map_err(|error| words(&error))?;
        let opening = request.clone();
        let made = Closure::once_into_js(move || {
            if let Some(db) = opening.result().ok().and_then(|db| db.dyn_into::<IdbDatabase>().ok())
            {
                for name in [SESSIONS, PIECES] {
                    // What fails here fails again, with words, when it is used.
                    let _ = db.create_object_store(name);
                }
            }
        });
        request.set_onupgradeneeded(Some(made.unchecked_ref()));
        let late = Promise::new(&mut |_, fail| {
            let why = JsValue::from("its database doesn't open.");
            let _ = window()
                .set_timeout_with_callback_and_timeout_and_arguments_1(&fail, PATIENCE, &why);
        });
        let db = Promise::race(&Array::of2(&settled(&request), &late));
        let db = JsFuture::from(db).await.map_err(|error| words(&error))?;
        db.dyn_into().map(Self).map_err(|_| "its database is no database.".to_owned())
    }

    pub(super) async fn sessions(&self) -> Result<Vec<Kept>, JsValue> {
        let all = JsFuture::from(settled(&self.reading()?.object_store(SESSIONS)?.get_all()?));
        let all = Array::from(&all.await?);
        let read = |row: JsValue| serde_json::from_str(&row.as_string()?).ok();
        Ok(all.iter().filter_map(read).collect())
    }

    /// All that is kept of a session; none where its beginning can't be read.
    pub(super) async fn draft(&self, kept: &Kept) -> Option<Draft> {
        let pieces = self.reading().ok()?.object_store(PIECES).ok()?;
        let piece = |name: &str| {
            let key = JsValue::from(format!("{}/{name}", kept.id));
            pieces.get(&key).ok().map(|request| settled(&request))
        };
        let records = pieces.get_all_with_key(&range(&kept.id, "record-").ok()?).ok()?;
        // All are asked for before the first is waited for: the transaction ends when it is idle.
        let (records, begun, stored) = (settled(&records), piece("origin")?, piece("stored")?);
        let text = async |piece: Promise| JsFuture::from(piece).await.ok()?.as_string();
        let begun: Begun = serde_json::from_str(&text(begun).await?).ok()?;
        let base: Option<Base> = serde_json::from_str(&text(stored).await?).ok()?;
        let stored = base.map(|base| base.stored(&begun));
        let texts = Array::from(&JsFuture::from(records).await.ok()?);
        // What can't be read ends it: what comes later was made on top of it.
        let records: Vec<Record> = texts
            .iter()
            .map_while(|text| serde_json::from_str::<Vec<Record>>(&text.as_string()?).ok())
            .flatten()
            .collect();
        let Begun { text: origin, stored: origin_stored } = begun;
        Some(Draft { kept: kept.clone(), origin, origin_stored, stored, records })
    }

    /// Writes pieces and the session's row, in one go. `report` is told why where it fails.
    pub(super) fn write(
        &self,
        kept: &Kept,
        pieces: Vec<Piece>,
        report: impl Fn(String) + Clone + 'static,
    ) {
        if let Err(error) = self.try_write(kept, pieces, report.clone()) {
            report(words(&error));
        }
    }

    fn try_write(
        &self,
        kept: &Kept,
        pieces: Vec<Piece>,
        report: impl Fn(String) + 'static,
    ) -> Result<(), JsValue> {
        let writing = self.writing()?;
        let aborted = writing.clone();
        // Given back by the browser with the transaction.
        let failed = Closure::once_into_js(move || {
            report(aborted.error().map_or_else(|| "it gave no reason.".to_owned(), reason));
        });
        writing.set_onabort(Some(failed.unchecked_ref()));
        let store = writing.object_store(PIECES)?;
        for Piece { key, text } in pieces {
            store.put_with_key(&text.into(), &key.into())?;
        }
        let row = serde_json::to_string(kept).unwrap_or_default();
        put(&writing.object_store(SESSIONS)?, &kept.id, row)
    }

    /// Takes a session out. One that stays although it should not is offered again, no more.
    pub(super) fn forget(&self, id: &str) {
        let forget = || -> Result<(), JsValue> {
            let writing = self.writing()?;
            writing.object_store(SESSIONS)?.delete(&id.into())?;
            writing.object_store(PIECES)?.delete(&range(id, "")?)?;
            Ok(())
        };
        let _ = forget();
    }

    /// Waits until what was written and taken out before is done.
    pub(super) async fn settle(&self) {
        // A look has its turn after what changes something. Where it fails nothing can be changed.
        let _ = self.sessions().await;
    }

    fn reading(&self) -> Result<IdbTransaction, JsValue> {
        self.0.transaction_with_str_sequence(&names())
    }

    fn writing(&self) -> Result<IdbTransaction, JsValue> {
        self.0.transaction_with_str_sequence_and_mode(&names(), IdbTransactionMode::Readwrite)
    }
}

fn names() -> JsValue {
    Array::of2(&SESSIONS.into(), &PIECES.into()).into()
}

fn put(store: &IdbObjectStore, key: &str, text: String) -> Result<(), JsValue> {
    store.put_with_key(&text.into(), &key.into()).map(drop)
}

/// The keys of a session's pieces whose names begin so.
fn range(id: &str, begin: &str) -> Result<JsValue, JsValue> {
    let (from, to) = (format!("{id}/{begin}"), format!("{id}/{begin}\u{ffff}"));
    IdbKeyRange::bound(&from.into(), &to.into()).map(JsValue::from)
}

/// A request as a promise.
fn settled(request: &IdbRequest) -> Promise {
    Promise::new(&mut |done, fail| {
        let (asked, failing) = (request.clone(), request.clone());
        let done = Closure::once_into_js(move || {
            let _ = done.call1(&JsValue::UNDEFINED, &asked.result().unwrap_or_default());
        });
        let failed = Closure::once_into_js(move || {
            let error = failing.error().ok().flatten().map(JsValue::from).unwrap_or_default();
            let _ = fail.call1(&JsValue::UNDEFINED, &error);
        });
        request.set_onsuccess(Some(done.unchecked_ref()));
        request.set_onerror(Some(failed.unchecked_ref()));
    })
}

fn words(error: &JsValue) -> String {
    match error.dyn_ref::<DomException>() {
        Some(exception) => reason(exception.clone()),
        None => error.as_string().unwrap_or_else(|| "it gave no reason.".to_owned()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as the browser gives it")]
fn reason(exception: DomException) -> String {
    match exception.name().as_str() {
        "QuotaExceededError" => "there is no room left for it.".to_owned(),
        "SecurityError" | "InvalidStateError" => {
            "its settings forbid pages to keep data.".to_owned()
        }
        name => format!("its database failed ({name})."),
    }
}
