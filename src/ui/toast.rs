//! Short messages about what just happened, read out by screen readers. Bad news stays until it is
//! put away; the rest goes by itself.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    button::IconButton,
    icon::{Glyph, Icon},
    note::Tone,
};

const SHOWN_FOR: Duration = Duration::from_secs(6);
/// Older ones make room.
const MOST: usize = 4;

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

/// The messages on the screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// The app's messages. `app.rs` provides them.
#[must_use]
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

impl Default for Toasts {
    fn default() -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(1) }
    }
}

impl Toasts {
    /// Says that something went well.
    pub fn good(self, text: impl Into<String>) {
        self.say(Tone::Good, text.into());
    }

    /// Says that something went wrong; it stays until it is put away.
    pub fn bad(self, text: impl Into<String>) {
        self.say(Tone::Bad, text.into());
    }

    pub fn say(self, tone: Tone, text: String) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            list.push(Toast { id, tone, text });
            let excess = list.len().saturating_sub(MOST);
            list.drain(..excess);
        });
        if tone != Tone::Bad {
            set_timeout(move || self.put_away(id), SHOWN_FOR);
        }
    }

    fn put_away(self, id: u32) {
        // The app itself may be gone when the timer fires.
        self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Where the messages appear.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let glyph = |tone| match tone {
        Tone::Good => Glyph::Check,
        Tone::Bad | Tone::Careful => Glyph::Warning,
        Tone::Neutral | Tone::Active => Glyph::Info,
    };
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-label="Messages">
            <For each=move || toasts.list.get() key=|toast| toast.id let(toast)>
                <div class="toast" data-tone=toast.tone.word()>
                    <Icon of=glyph(toast.tone)/>
                    <p>{toast.text}</p>
                    <IconButton
                        label="Dismiss"
                        icon=Glyph::Cross
                        on_click=move |_| toasts.put_away(toast.id)
                    />
                </div>
            </For>
        </div>
    }
}
