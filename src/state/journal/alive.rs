//! Which editing sessions somebody has open. Each holds a lock of the browser's while its page is
//! there, which a crash gives back too; where there are no locks, its page says from time to time
//! that it is there.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

/// A page without locks that was silent for so long is gone, in milliseconds.
const SILENT: f64 = 15_000.0;
/// How often, and after how many milliseconds again, a lock is asked for that the page before this
/// one may just be giving back.
const TRIES: u32 = 8;
const PAUSE: i32 = 80;

/// That a session is open here.
pub struct Held(Option<Function>);

impl Held {
    pub fn release(&self) {
        if let Some(release) = &self.0 {
            // It can't fail: it settles a promise.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// A name that no other session has.
pub fn new_id() -> String {
    let part = || (js_sys::Math::random() * 4_294_967_296.0).floor();
    format!("{:x}-{:08x}{:08x}", js_sys::Date::now() as u64, part() as u64, part() as u64)
}

/// The session that this tab had for the place before it was reloaded.
pub fn own(place: &str) -> Option<String> {
    of_tab()?.get_item(&name_of_place(place)).ok()?
}

pub fn remember(place: &str, id: &str) {
    if let Some(storage) = of_tab() {
        // Without it the newest draft is taken up, which is most often this one.
        let _ = storage.set_item(&name_of_place(place), id);
    }
}

fn name_of_place(place: &str) -> String {
    format!("slipway-session:{place}")
}

fn of_tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Takes up a session that nobody has open. None when somebody has.
pub async fn take_over(id: &str, last_alive: f64, own: bool) -> Option<Held> {
    if !has_locks() {
        return (js_sys::Date::now() - last_alive > SILENT).then_some(Held(None));
    }
    for _ in 0..if own { TRIES } else { 1 } {
        if let Some(held) = hold(id).await {
            return Some(held);
        }
        pause().await;
    }
    None
}

/// Holds the lock of a session. None when somebody else does.
pub async fn hold(id: &str) -> Option<Held> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let name = JsValue::from(format!("slipway-session:{id}"));
    let answered = Promise::new(&mut |answer, fail| {
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                let _ = answer.call1(&JsValue::UNDEFINED, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            // The lock is held for as long as this is not settled.
            Promise::new(&mut |release, _| {
                let _ = answer.call1(&JsValue::UNDEFINED, &release);
            })
            .into()
        });
        if let Err(error) = request.call3(&locks, &name, &options, &granted) {
            let _ = fail.call1(&JsValue::UNDEFINED, &error);
        }
    });
    let release = JsFuture::from(answered).await.ok()?;
    release.dyn_into().ok().map(|release| Held(Some(release)))
}

pub fn has_locks() -> bool {
    locks().is_some()
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

async fn pause() {
    let paused = Promise::new(&mut |go_on, _| {
        // Without a timer there is no pause.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&go_on, PAUSE);
    });
    let _ = JsFuture::from(paused).await;
}
