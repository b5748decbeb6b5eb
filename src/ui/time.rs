//! Times as people say them: "3 min ago", with the exact time as the tooltip; and durations.

use std::time::Duration;

use leptos::prelude::*;
use slipway_engine::event::Millis;
use wasm_bindgen::JsValue;

use super::classes;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// The time now, once a second, for everything that shows how long ago something was.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Millis>);

impl Clock {
    /// Starts ticking, for as long as the calling component is there.
    #[must_use]
    pub fn start() -> Self {
        let now = RwSignal::new(now());
        let ticker = set_interval_with_handle(move || now.set(self::now()), Duration::from_secs(1));
        if let Ok(ticker) = ticker {
            on_cleanup(move || ticker.clear());
        }
        Self(now)
    }

    /// Now, and again every second.
    #[must_use]
    pub fn now(self) -> Millis {
        self.0.get()
    }
}

/// The app's clock. `app.rs` provides it.
#[must_use]
pub fn use_clock() -> Clock {
    expect_context::<Clock>()
}

/// The time now, asked once.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century fit 53 bits")]
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// Reads an RFC 3339 time; none when it is not one.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century fit 53 bits")]
pub fn parse(text: &str) -> Option<Millis> {
    let millis = js_sys::Date::parse(text);
    millis.is_finite().then_some(millis as Millis)
}

fn date(at: Millis) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit 53 bits")]
    js_sys::Date::new(&JsValue::from_f64(at as f64))
}

/// Date and time, to the second, in the browser's language and time zone.
#[must_use]
pub fn absolute(at: Millis) -> String {
    String::from(date(at).to_locale_string("default", &JsValue::UNDEFINED))
}

/// The time of day, to the second, of what was today; date and time of anything else.
///
/// The browser's own words for a time take it some 20 ms to find when it is first asked.
#[must_use]
pub fn moment(at: Millis) -> String {
    if is_today(at) {
        format!("at {}:{:02}", wall_clock(at), date(at).get_seconds())
    } else {
        absolute(at)
    }
}

/// Whether that is today, in the browser's time zone.
#[must_use]
pub fn is_today(at: Millis) -> bool {
    let now = now();
    date(at).get_date() == date(now).get_date() && (now - at).abs() < 2 * DAY
}

/// Hours and minutes on the browser's clock, as in `12:03`.
#[must_use]
pub fn wall_clock(at: Millis) -> String {
    let date = date(at);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// The same instant for machines.
fn iso(at: Millis) -> String {
    String::from(date(at).to_iso_string())
}

/// How long ago `at` is at `now`; none after a month, when the date says more.
#[must_use]
pub fn ago(at: Millis, now: Millis) -> Option<String> {
    let past = now - at;
    match past {
        // The clocks of server and browser differ a little.
        ..5_000 => Some("just now".to_owned()),
        5_000..MINUTE => Some(format!("{} s ago", past / SECOND)),
        MINUTE..HOUR => Some(format!("{} min ago", past / MINUTE)),
        HOUR..DAY => Some(format!("{} h ago", past / HOUR)),
        _ if past < 2 * DAY => Some("yesterday".to_owned()),
        _ if past < 31 * DAY => Some(format!("{} days ago", past / DAY)),
        _ => None,
    }
}

/// A duration in the two largest units that say something.
#[must_use]
pub fn duration_words(length: Millis) -> String {
    let length = length.max(0);
    match length {
        0..SECOND => format!("{length} ms"),
        SECOND..10_000 => {
            let tenths = length / 100;
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        10_000..MINUTE => format!("{} s", length / SECOND),
        MINUTE..HOUR => format!("{} min {:02} s", length / MINUTE, length % MINUTE / SECOND),
        HOUR..DAY => format!("{} h {:02} min", length / HOUR, length % HOUR / MINUTE),
        _ => format!("{} d {} h", length / DAY, length % DAY / HOUR),
    }
}

/// When something was: "3 min ago", and exactly when as the tooltip.
#[component]
pub fn Time(
    #[prop(into)] at: Signal<Millis>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let clock = use_clock();
    // The clock ticks every second; the words change far less often.
    let words = Memo::new(move |_| ago(at.get(), clock.now()));
    view! {
        <time
            class=classes(&["time", &class])
            datetime=move || iso(at.get())
            title=move || absolute(at.get())
        >
            {move || words.get().unwrap_or_else(|| absolute(at.get()))}
        </time>
    }
}

/// How long something took, or has been taking while it has no end.
#[component]
pub fn Elapsed(
    #[prop(into)] from: Signal<Millis>,
    #[prop(into)] to: Signal<Option<Millis>>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let clock = use_clock();
    let words = Memo::new(move |_| match to.get() {
        Some(to) => duration_words(to - from.get()),
        // While it goes on, whole seconds are news enough.
        None => match (clock.now() - from.get()).max(0) / SECOND {
            seconds @ ..60 => format!("{seconds} s"),
            seconds => duration_words(seconds * SECOND),
        },
    });
    view! { <span class=classes(&["time", &class])>{move || words.get()}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_in_words() {
        let words = |past: Millis| ago(1_000_000_000, 1_000_000_000 + past);
        let cases = [
            (-3_000, "just now"),
            (4_999, "just now"),
            (5_000, "5 s ago"),
            (59_999, "59 s ago"),
            (MINUTE, "1 min ago"),
            (HOUR - 1, "59 min ago"),
            (HOUR, "1 h ago"),
            (DAY, "yesterday"),
            (2 * DAY, "2 days ago"),
            (31 * DAY - 1, "30 days ago"),
        ];
        for (past, expected) in cases {
            assert_eq!(words(past).as_deref(), Some(expected), "{past}");
        }
        assert_eq!(words(31 * DAY), None);
    }

    #[test]
    fn durations_in_words() {
        let cases = [
            (-5, "0 ms"),
            (850, "850 ms"),
            (1_000, "1.0 s"),
            (9_940, "9.9 s"),
            (10_000, "10 s"),
            (125_000, "2 min 05 s"),
            (HOUR + 3 * MINUTE, "1 h 03 min"),
            (DAY + 2 * HOUR, "1 d 2 h"),
        ];
        for (length, expected) in cases {
            assert_eq!(duration_words(length), expected);
        }
    }
}
