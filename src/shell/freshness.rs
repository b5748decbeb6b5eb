//! How fresh what is on the screen is: a word in the header, always there.

use leptos::prelude::*;
use slipway_engine::event::Millis;

use crate::{
    client::{live::Freshness, use_live},
    ui::{
        Glyph, Icon, Tone,
        time::{moment, wall_clock},
        use_clock,
    },
};

/// A connection that is gone for less than this is on its way back, as far as one can tell.
const SHORT: Millis = 5_000;

/// The words on the pill, given when the state began and what time it is.
fn words(freshness: &Freshness, now: Millis, wall_clock: impl Fn(Millis) -> String) -> String {
    match freshness {
        Freshness::Connecting => "Connecting…".to_owned(),
        Freshness::Live { .. } => "Live".to_owned(),
        Freshness::Stale { since } if now - since < SHORT => "Reconnecting…".to_owned(),
        Freshness::Stale { since } => format!("Not connected since {}", wall_clock(*since)),
        Freshness::Closed(_) => "Not connected".to_owned(),
    }
}

/// What the pill says when asked for more.
fn explanation(freshness: &Freshness, moment: impl Fn(Millis) -> String) -> String {
    match freshness {
        Freshness::Connecting => "Waiting for the server's first word.".to_owned(),
        Freshness::Live { last_confirmed } => {
            format!("Changes appear as they happen. Last confirmed {}.", moment(*last_confirmed))
        }
        Freshness::Stale { since } => format!(
            "What is shown was last confirmed {}. The connection is tried again by itself.",
            moment(*since)
        ),
        Freshness::Closed(reason) => reason.clone(),
    }
}

#[component]
pub fn FreshnessPill() -> impl IntoView {
    let freshness = use_live().freshness();
    let clock = use_clock();
    let text = Memo::new(move |_| {
        // The clock matters only while something is amiss.
        let stale = freshness.with(|it| matches!(it, Freshness::Stale { .. }));
        let now = if stale { clock.now() } else { 0 };
        freshness.with(|freshness| words(freshness, now, wall_clock))
    });
    let tone = move || match freshness.get() {
        Freshness::Live { .. } => Tone::Good,
        Freshness::Connecting => Tone::Neutral,
        Freshness::Stale { .. } | Freshness::Closed(_) => Tone::Careful,
    };
    // Nothing on the page may look busy while nothing is known: the style stops what turns.
    Effect::new(move |_| {
        let stale = freshness.with(|it| !matches!(it, Freshness::Live { .. }));
        if let Some(root) = document().document_element() {
            // An attribute of this name can always be set.
            let _ = root.toggle_attribute_with_force("data-stale", stale);
        }
    });
    let mark = move || match freshness.get() {
        Freshness::Live { .. } => view! { <span class="pill-dot"></span> }.into_any(),
        Freshness::Connecting => view! { <Icon of=Glyph::Clock/> }.into_any(),
        Freshness::Stale { .. } | Freshness::Closed(_) => {
            view! { <Icon of=Glyph::Unlinked/> }.into_any()
        }
    };
    view! {
        <p
            class="pill"
            role="status"
            aria-label="Connection"
            data-tone=move || tone().word()
            title=move || freshness.with(|it| explanation(it, moment))
        >
            {mark}
            <span>{move || text.get()}</span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_first_short_and_then_has_a_beginning() {
        let clock = |at: Millis| format!("at {at}");
        let stale = Freshness::Stale { since: 1_000 };
        assert_eq!(words(&stale, 2_000, clock), "Reconnecting…");
        assert_eq!(words(&stale, 6_000, clock), "Not connected since at 1000");
        assert_eq!(words(&Freshness::Live { last_confirmed: 7 }, 0, clock), "Live");
    }

    #[test]
    fn every_state_says_when_it_was_last_true() {
        let clock = |at: Millis| format!("at {at}");
        let live = explanation(&Freshness::Live { last_confirmed: 7 }, clock);
        assert!(live.contains("Last confirmed at 7"));
        let closed = Freshness::Closed("Your session has ended.".to_owned());
        assert_eq!(explanation(&closed, clock), "Your session has ended.");
    }
}
