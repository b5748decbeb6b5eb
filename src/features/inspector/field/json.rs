//! Anything, as JSON. Text that is not JSON yet stays in the control and out of the document, which
//! keeps the last good value.

use leptos::prelude::*;
use serde_json::Value;
use slipway_flow::check::{self, Typed};

use super::{super::bound::Bound, unread};
use crate::ui::TextArea;

pub(super) fn json(bound: Bound) -> AnyView {
    let draft = RwSignal::new(None::<String>);
    let on_input = Callback::new(move |typed: String| {
        let Typed { value, unread: why } = check::typed(&bound.field, typed.trim());
        if why.is_none() {
            bound.set(value);
        }
        unread(bound, why);
        draft.set(Some(typed));
    });
    // The control shows what was typed for as long as it means what the document holds.
    let shown = Signal::derive(move || {
        let stored = bound.value.with(|value| value.as_ref().map(pretty).unwrap_or_default());
        match draft.get() {
            Some(typed) if bound.unread.with(Option::is_some) || means(&typed, &stored) => typed,
            _ => stored,
        }
    });
    let help = match bound.field.help {
        "" => "As JSON.".to_owned(),
        help => format!("{help} As JSON."),
    };
    view! {
        <TextArea
            id=bound.id.get_value()
            label=bound.field.label
            value=shown
            on_input=on_input
            on_blur=bound.done()
            error=bound.error()
            note=bound.note()
            help=help
            rows=3
            mono=true
            readonly=bound.form.is_locked()
        />
    }
    .into_any()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn means(typed: &str, stored: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    typed.trim() == stored || value(typed) == value(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_does_not_change_what_json_means() {
        assert!(means("{\"a\" : 1}", "{\n  \"a\": 1\n}"));
        assert!(!means("{\"a\": 2}", "{\"a\": 1}"));
        assert!(means("", ""));
    }
}
