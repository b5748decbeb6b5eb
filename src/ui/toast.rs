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
/// At once; older ones make room.
const MOST: usize = 3;

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
        let in_use = in_use();
        self.list.update(|list| {
            list.push(Toast { id, tone, text });
            while list.len() > MOST {
                list.remove(goes(list, in_use));
            }
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

/// The one that makes room for the newest: the oldest that is no bad news, else the oldest; never
/// the one that the keyboard is in.
fn goes(list: &[Toast], in_use: Option<u32>) -> usize {
    let older = list.get(..list.len().saturating_sub(1)).unwrap_or_default();
    let free = |toast: &&Toast| Some(toast.id) != in_use;
    let gone = older.iter().filter(free).find(|toast| toast.tone != Tone::Bad);
    let gone = gone.or_else(|| older.iter().find(free)).map(|toast| toast.id);
    older.iter().position(|toast| Some(toast.id) == gone).unwrap_or_default()
}

/// The message that the keyboard is in.
fn in_use() -> Option<u32> {
    let active = document().active_element()?;
    active.closest(".toast").ok()??.get_attribute("data-id")?.parse().ok()
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
                <div class="toast" data-tone=toast.tone.word() data-id=toast.id.to_string()>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_news_and_what_is_used_stay() {
        let list = |tones: &[Tone]| -> Vec<Toast> {
            let numbered = tones.iter().zip(1..);
            numbered.map(|(tone, id)| Toast { id, tone: *tone, text: String::new() }).collect()
        };
        let (good, bad) = (Tone::Good, Tone::Bad);
        assert_eq!(goes(&list(&[good, good, good, good]), None), 0);
        assert_eq!(goes(&list(&[bad, good, good, good]), None), 1);
        assert_eq!(goes(&list(&[bad, good, good, good]), Some(2)), 2);
        // The newest is always shown.
        assert_eq!(goes(&list(&[bad, bad, bad, good]), None), 0);
        assert_eq!(goes(&list(&[bad, bad, bad, good]), Some(1)), 1);
    }
}
