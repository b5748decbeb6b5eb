//! Doing something once nothing has asked for it for a while.

use std::time::Duration;

use leptos::{prelude::*, reactive::owner::LocalStorage};

/// `Copy`, for components and callbacks. Ends with the scope that it was made in: what waits then
/// is not done.
#[derive(Clone, Copy)]
pub struct Rest {
    after: Duration,
    timer: StoredValue<Option<TimeoutHandle>, LocalStorage>,
}

impl Rest {
    #[must_use]
    pub fn new(after: Duration) -> Self {
        let rest = Self { after, timer: StoredValue::new_local(None) };
        on_cleanup(move || rest.stop());
        rest
    }

    /// Does this later, in the place of what waits now. Without a timer of the browser's it is not
    /// done until it is asked for again.
    pub fn then(self, act: impl FnOnce() + 'static) {
        self.stop();
        self.timer.try_set_value(set_timeout_with_handle(act, self.after).ok());
    }

    pub fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
