//! The project's event stream in the browser: one `EventSource` for the whole app, resumed by
//! sequence number, with an honest word about how fresh it is. The rules are in `feed.rs`.
//!
//! Every event that the app is given is also announced on `window` as a DOM event
//! `slipway:event` whose `detail` is `{seq, run, type}`: a portal that hosts the app, or a test,
//! can follow along. Nothing here polls: the only request besides the stream asks who is signed
//! in, once, after the stream was refused.

mod event;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use serde::Deserialize;
use slipway_api::path;
use slipway_engine::event::{Event, Millis};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use self::event::announce;
pub use self::event::{Reader, every, saves};
pub use super::feed::Freshness;
use super::{
    calls::Client,
    error::ClientError,
    feed::{Feed, Pulse, Verdict},
};

/// How often a connection is looked at for having gone silent.
const WATCH: Duration = Duration::from_secs(2);
/// A clock that moved less than this is not news to whoever shows the freshness.
const GRAIN: Millis = 1_000;

/// The app's one event stream.
#[derive(Clone, Copy)]
pub struct Live {
    hub: StoredValue<Rc<Hub>, LocalStorage>,
    freshness: RwSignal<Freshness>,
    /// Counts how often the server's log began anew.
    epoch: RwSignal<u32>,
}

/// The event stream of this app. `app.rs` provides it.
#[must_use]
pub fn use_live() -> Live {
    expect_context::<Live>()
}

/// One who listens; `last` is the number of the last event it was given.
struct Subscriber {
    id: u64,
    last: Cell<u64>,
    callback: Box<dyn Fn(&Event)>,
}

/// An open `EventSource` and the functions that it calls, which must live as long as it does.
struct Connection {
    source: EventSource,
    _on_event: Closure<dyn FnMut(MessageEvent)>,
    _on_heartbeat: Closure<dyn FnMut(MessageEvent)>,
    _on_open: Closure<dyn FnMut(JsValue)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.close();
    }
}

struct Hub {
    client: Client,
    read: Reader,
    freshness: RwSignal<Freshness>,
    epoch: RwSignal<u32>,
    project: RefCell<Option<String>>,
    feed: RefCell<Feed>,
    connection: RefCell<Option<Connection>>,
    /// A closed connection, kept until the next one: its functions may still be on the stack.
    retired: RefCell<Option<Connection>>,
    /// Counts connections, so that a late word from an old one is not taken for the new one's.
    generation: Cell<u64>,
    retry: Cell<Option<TimeoutHandle>>,
    subscribers: RefCell<Vec<Rc<Subscriber>>>,
    next_id: Cell<u64>,
    announced: Cell<u64>,
    /// Subscribers, and the numbers behind which they need everything, while it is not known yet
    /// where the stream begins.
    wanting: RefCell<Vec<(u64, u64)>>,
}

impl Live {
    /// Makes the app's stream; it opens when a project is attended to.
    #[must_use]
    pub fn new(client: Client, read: Reader) -> Self {
        let freshness = RwSignal::new(Freshness::Connecting);
        let epoch = RwSignal::new(0);
        let hub = Rc::new(Hub {
            client,
            read,
            freshness,
            epoch,
            project: RefCell::default(),
            feed: RefCell::default(),
            connection: RefCell::default(),
            retired: RefCell::default(),
            generation: Cell::new(0),
            retry: Cell::new(None),
            subscribers: RefCell::default(),
            next_id: Cell::new(1),
            announced: Cell::new(0),
            wanting: RefCell::default(),
        });
        watch(&hub);
        Self { hub: StoredValue::new_local(hub), freshness, epoch }
    }

    /// How fresh what is on the screen is.
    #[must_use]
    pub fn freshness(self) -> Signal<Freshness> {
        self.freshness.into()
    }

    /// Follows this project from now on, and no other.
    pub fn attend(self, project: &str) {
        self.hub.with_value(|hub| hub.attend(project));
    }

    /// Follows nothing any more.
    pub fn leave(self) {
        self.hub.with_value(|hub| hub.leave());
    }

    /// Calls `callback` with every event, in order, each once, for as long as the calling
    /// component is there.
    pub fn subscribe(self, callback: impl Fn(&Event) + 'static) -> u64 {
        let id = self.hub.with_value(|hub| hub.subscribe(Box::new(callback)));
        on_cleanup(move || {
            // The hub may be gone already when the whole app goes.
            self.hub.try_with_value(|hub| hub.unsubscribe(id));
        });
        id
    }

    /// Reading this makes whoever reads it run again when the server's log began anew and every
    /// snapshot is worth nothing.
    pub(super) fn track_epoch(self) {
        self.epoch.track();
    }

    /// Sees to it that every event behind `seq` reaches that subscriber.
    pub(super) fn ensure(self, subscriber: u64, seq: u64) {
        self.hub.with_value(|hub| hub.ensure(subscriber, seq));
    }

    /// Streams again from behind `seq`, for the sake of one subscriber.
    pub(super) fn rewind(self, subscriber: u64, seq: u64) {
        self.hub.with_value(|hub| hub.rewind(&[(subscriber, seq)]));
    }
}

/// Looks for silence, for the network's coming and going, and for a tab that was asleep.
fn watch(hub: &Rc<Hub>) {
    let at = |name: &str, act: fn(&Rc<Hub>)| {
        let hub = Rc::clone(hub);
        let listener = window_event_listener_untyped(name, move |_| act(&hub));
        on_cleanup(move || listener.remove());
    };
    at("offline", Hub::lost);
    at("online", Hub::back_online);
    at("focus", Hub::check);
    let watcher = set_interval_with_handle(
        {
            let hub = Rc::clone(hub);
            move || hub.check()
        },
        WATCH,
    );
    if let Ok(watcher) = watcher {
        on_cleanup(move || watcher.clear());
    }
}

impl Hub {
    fn attend(self: &Rc<Self>, project: &str) {
        if self.project.borrow().as_deref() == Some(project) {
            return;
        }
        self.leave();
        *self.project.borrow_mut() = Some(project.to_owned());
        self.open();
    }

    fn leave(&self) {
        self.hang_up();
        *self.project.borrow_mut() = None;
        *self.feed.borrow_mut() = Feed::default();
        self.wanting.borrow_mut().clear();
        self.announced.set(0);
        for subscriber in self.subscribers.borrow().iter() {
            subscriber.last.set(0);
        }
        self.show();
    }

    fn subscribe(&self, callback: Box<dyn Fn(&Event)>) -> u64 {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let subscriber = Rc::new(Subscriber { id, last: Cell::new(0), callback });
        self.subscribers.borrow_mut().push(subscriber);
        id
    }

    fn unsubscribe(&self, id: u64) {
        self.subscribers.borrow_mut().retain(|subscriber| subscriber.id != id);
    }

    fn ensure(self: &Rc<Self>, id: u64, seq: u64) {
        if self.feed.borrow().begun() {
            if !self.feed.borrow().covers(seq) {
                self.rewind(&[(id, seq)]);
            }
        } else {
            self.wanting.borrow_mut().push((id, seq));
        }
    }

    /// It is known where the stream begins, or that the server does not say: those who need more
    /// than it has get it.
    fn settle(self: &Rc<Self>) {
        let mut wanting = self.wanting.take();
        wanting.retain(|(_, seq)| !self.feed.borrow().covers(*seq));
        self.rewind(&wanting);
    }

    /// Streams again from behind the lowest of these numbers, each for the sake of a subscriber.
    fn rewind(self: &Rc<Self>, wanting: &[(u64, u64)]) {
        let Some(lowest) = wanting.iter().map(|(_, seq)| *seq).min() else { return };
        for subscriber in self.subscribers.borrow().iter() {
            let wants = wanting.iter().find(|(id, _)| *id == subscriber.id);
            if let Some((_, seq)) = wants {
                subscriber.last.set(*seq);
            }
        }
        self.hang_up();
        self.feed.borrow_mut().rewind(lowest);
        self.open();
    }

    /// The server's log is another one: numbers of the old one mean nothing any more.
    fn begin_anew(&self) {
        for subscriber in self.subscribers.borrow().iter() {
            subscriber.last.set(0);
        }
        self.announced.set(0);
        self.epoch.update(|epoch| *epoch += 1);
    }

    /// Connects, behind the last event that was here.
    fn open(self: &Rc<Self>) {
        self.hang_up();
        let Some(project) = self.project.borrow().clone() else { return };
        let events = path::events(&project);
        let address = match self.feed.borrow().after() {
            Some(seq) => format!("{events}?after={seq}"),
            None => events,
        };
        let generation = self.generation.get() + 1;
        self.generation.set(generation);
        match EventSource::new(&address) {
            Ok(source) => *self.connection.borrow_mut() = Some(self.wire(source, generation)),
            Err(_) => self.lost(),
        }
    }

    /// Ends the connection, if there is one, without a word about it.
    fn hang_up(&self) {
        if let Some(timer) = self.retry.take() {
            timer.clear();
        }
        if let Some(connection) = self.connection.take() {
            connection.source.close();
            self.retired.replace(Some(connection));
        }
    }

    fn wire(self: &Rc<Self>, source: EventSource, generation: u64) -> Connection {
        let on_event = self.guarded(generation, |hub, message: MessageEvent| {
            hub.message(&message.data().as_string().unwrap_or_default());
        });
        let on_heartbeat = self.guarded(generation, |hub, message: MessageEvent| {
            hub.heartbeat(&message.data().as_string().unwrap_or_default());
        });
        let on_open = self.guarded(generation, |hub, _: JsValue| {
            // Whether anything is missing the first heartbeat says.
            let _ = hub.feed.borrow_mut().heard(now(), None);
            hub.show();
        });
        let on_error = self.guarded(generation, |hub, _: JsValue| hub.refused_or_lost());
        source.set_onmessage(Some(on_event.as_ref().unchecked_ref()));
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Adding a listener for a name that is a string can't fail.
        let _ = source
            .add_event_listener_with_callback("heartbeat", on_heartbeat.as_ref().unchecked_ref());
        Connection {
            source,
            _on_event: on_event,
            _on_heartbeat: on_heartbeat,
            _on_open: on_open,
            _on_error: on_error,
        }
    }

    /// A function for one connection to call, deaf once that connection is not the current one.
    fn guarded<T: wasm_bindgen::convert::FromWasmAbi + 'static>(
        self: &Rc<Self>,
        generation: u64,
        act: impl Fn(&Rc<Self>, T) + 'static,
    ) -> Closure<dyn FnMut(T)> {
        let hub = Rc::clone(self);
        Closure::new(move |argument: T| {
            if hub.generation.get() == generation && hub.connection.borrow().is_some() {
                act(&hub, argument);
            }
        })
    }

    fn heartbeat(self: &Rc<Self>, text: &str) {
        #[derive(Deserialize)]
        struct Beat {
            seq: Option<u64>,
        }
        let seq = serde_json::from_str::<Beat>(text).ok().and_then(|beat| beat.seq);
        let pulse = self.feed.borrow_mut().heard(now(), seq);
        self.show();
        match pulse {
            Pulse::Whole => self.settle(),
            Pulse::Behind => self.lost(),
            Pulse::Restarted => self.begin_anew(),
        }
    }

    fn message(self: &Rc<Self>, text: &str) {
        let Some((event, kind)) = (self.read)(text) else {
            leptos::logging::warn!("An event that can't be read was skipped: {text}");
            return;
        };
        let verdict = self.feed.borrow_mut().event(now(), event.seq);
        self.show();
        match verdict {
            Verdict::Deliver => {
                self.deliver(&event, &kind);
                self.settle();
            }
            Verdict::Duplicate => {}
            Verdict::Gap => self.lost(),
        }
    }

    fn deliver(&self, event: &Event, kind: &str) {
        // A callback may subscribe or unsubscribe others: the list is not borrowed meanwhile.
        let subscribers: Vec<Rc<Subscriber>> = self.subscribers.borrow().clone();
        for subscriber in subscribers {
            if event.seq > subscriber.last.get() {
                subscriber.last.set(event.seq);
                (subscriber.callback)(event);
            }
        }
        if event.seq > self.announced.get() {
            self.announced.set(event.seq);
            announce(event, kind);
        }
    }

    fn refused_or_lost(self: &Rc<Self>) {
        let refused = self
            .connection
            .borrow()
            .as_ref()
            .is_some_and(|connection| connection.source.ready_state() == EventSource::CLOSED);
        self.lost();
        if refused {
            self.ask_why();
        }
    }

    /// A browser does not tell with what status a stream was refused: ask who is signed in. The
    /// client itself tells the app when that is nobody.
    fn ask_why(self: &Rc<Self>) {
        let hub = Rc::clone(self);
        spawn_local(async move {
            if hub.client.session().await == Err(ClientError::Unauthorized) {
                hub.hang_up();
                hub.feed.borrow_mut().close("Your session has ended.".to_owned());
                hub.show();
            }
        });
    }

    fn lost(self: &Rc<Self>) {
        if self.project.borrow().is_none() {
            return;
        }
        self.hang_up();
        let wait = self.feed.borrow_mut().lost(now(), js_sys::Math::random());
        self.show();
        let hub = Rc::clone(self);
        let wait = Duration::from_millis(wait.unsigned_abs());
        self.retry.set(set_timeout_with_handle(move || hub.open(), wait).ok());
    }

    fn back_online(self: &Rc<Self>) {
        self.feed.borrow_mut().back_online();
        let closed = matches!(self.feed.borrow().freshness(), Freshness::Closed(_));
        if !closed {
            self.open();
        }
    }

    fn check(self: &Rc<Self>) {
        if self.feed.borrow().silent(now()) {
            self.lost();
        }
    }

    /// Puts the freshness where the screen reads it, unless only the clock moved a little.
    fn show(&self) {
        let next = self.feed.borrow().freshness();
        let same = self.freshness.with_untracked(|shown| match (shown, &next) {
            (
                Freshness::Live { last_confirmed: shown },
                Freshness::Live { last_confirmed: next },
            ) => next - shown < GRAIN,
            (shown, next) => shown == next,
        });
        if !same {
            self.freshness.set(next);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century fit 53 bits")]
fn now() -> Millis {
    js_sys::Date::now() as Millis
}
