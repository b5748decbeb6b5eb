//! "Subscribe first, fetch a snapshot that says as of which sequence number it is, then apply
//! what came after it, in order": the one way in which a page shows live things.

use std::{cell::RefCell, future::Future, rc::Rc};

use leptos::{
    prelude::*,
    task::{spawn_local_scoped_with_cancellation, tick},
};
use slipway_engine::event::Event;

use super::{
    error::ClientError,
    feed::{Follow, Follower},
    live::use_live,
};

/// How following something goes.
#[derive(Clone, Copy)]
pub struct Following {
    /// Whether the snapshot is there.
    pub ready: RwSignal<bool>,
    /// Why the snapshot could not be had; none when it could.
    pub error: RwSignal<Option<ClientError>>,
    again: RwSignal<u32>,
}

impl Following {
    /// Fetches the snapshot again and goes on from there.
    pub fn again(self) {
        self.again.update(|count| *count += 1);
    }
}

/// Follows something of `project` for as long as the calling component is there.
///
/// - `fetch` gets a snapshot, and `seq` says as of which number it is;
/// - `began` takes the snapshot (again, after [`Following::again`]);
/// - `happened` takes each later event of the whole project, in order, without a gap, each once:
///   it picks out what concerns it.
pub fn follow<T, Fut>(
    project: &str,
    fetch: impl Fn() -> Fut + 'static,
    seq: impl Fn(&T) -> u64 + 'static,
    began: impl Fn(T) + 'static,
    happened: impl Fn(&Event) + 'static,
) -> Following
where
    T: 'static,
    Fut: Future<Output = Result<T, ClientError>> + 'static,
{
    let live = use_live();
    live.attend(project);
    let following = Following {
        ready: RwSignal::new(false),
        error: RwSignal::new(None),
        again: RwSignal::new(0),
    };
    let follower = Rc::new(RefCell::new(Follower::default()));
    let happened = Rc::new(happened);
    let began = Rc::new(began);
    let seq = Rc::new(seq);

    // The subscription's own number is known only once it is made, and it needs it to rewind.
    let own = Rc::new(std::cell::Cell::new(0));
    let subscription = live.subscribe({
        let (follower, happened, own) =
            (Rc::clone(&follower), Rc::clone(&happened), Rc::clone(&own));
        move |event| {
            let answer = follower.borrow_mut().offer(event);
            match answer {
                Follow::Apply => happened(event),
                Follow::Pass => {}
                Follow::Missing(last) => live.rewind(own.get(), last),
            }
        }
    });
    own.set(subscription);

    Effect::new(move |_| {
        following.again.track();
        live.track_epoch();
        *follower.borrow_mut() = Follower::default();
        let answer = fetch();
        let (follower, began) = (Rc::clone(&follower), Rc::clone(&began));
        let (happened, seq) = (Rc::clone(&happened), Rc::clone(&seq));
        spawn_local_scoped_with_cancellation(async move {
            // Signals are written after the effect that started this has ended.
            tick().await;
            match answer.await {
                Ok(snapshot) => {
                    let as_of = seq(&snapshot);
                    began(snapshot);
                    following.error.set(None);
                    following.ready.set(true);
                    let waiting = follower.borrow_mut().begin(as_of);
                    waiting.iter().for_each(|event| happened(event));
                    let reached = follower.borrow().last().unwrap_or(as_of);
                    live.ensure(subscription, reached);
                }
                Err(error) => following.error.set(Some(error)),
            }
        });
    });
    following
}
