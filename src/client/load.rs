//! Asking for something when a component appears, and work that must not outlive its component.

use std::future::Future;

use leptos::{
    prelude::*,
    reactive::owner::WeakOwner,
    task::{spawn_local_scoped_with_cancellation, tick},
};

use super::error::ClientError;

/// Starts futures that are dropped (and their requests aborted) when the component that made this
/// goes away. Event handlers run outside of any component: they start their work through this.
#[derive(Clone, Copy)]
pub struct Tasks(StoredValue<Option<WeakOwner>>);

/// Binds future work to the component that calls this.
#[must_use]
pub fn use_tasks() -> Tasks {
    Tasks(StoredValue::new(Owner::current().map(|owner| owner.downgrade())))
}

impl Tasks {
    /// Runs `future` for as long as the component is there.
    pub fn spawn(self, future: impl Future<Output = ()> + 'static) {
        let owner = self.0.try_get_value().flatten().and_then(|owner| owner.upgrade());
        if let Some(owner) = owner {
            owner.with(|| spawn_local_scoped_with_cancellation(future));
        }
    }
}

/// Something asked for from the server. A failed second try keeps what the first one brought.
pub struct Load<T: Send + Sync + 'static> {
    /// None until the first answer.
    pub value: RwSignal<Option<T>>,
    /// Why the last try failed; none when it did not.
    pub error: RwSignal<Option<ClientError>>,
    /// Whether an answer is being waited for.
    pub busy: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

impl<T: Send + Sync + 'static> Load<T> {
    /// Asks again; the value stays until the new one is there.
    pub fn again(self) {
        self.again.update(|count| *count += 1);
    }
}

/// Asks once now, and again whenever a signal that `fetch` reads before its first `await` changes.
pub fn load<T, Fut>(fetch: impl Fn() -> Fut + 'static) -> Load<T>
where
    T: Send + Sync + 'static,
    Fut: Future<Output = Result<T, ClientError>> + 'static,
{
    let load = Load {
        value: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(true),
        again: RwSignal::new(0),
    };
    Effect::new(move |_| {
        load.again.track();
        let answer = fetch();
        spawn_local_scoped_with_cancellation(async move {
            // Signals are written after the effect that started this has ended.
            tick().await;
            load.busy.set(true);
            match answer.await {
                Ok(value) => {
                    load.value.set(Some(value));
                    load.error.set(None);
                }
                Err(error) => load.error.set(Some(error)),
            }
            load.busy.set(false);
        });
    });
    load
}
