//! One event of the stream: read from the wire, and announced to the window.

use leptos::prelude::window;
use serde::Deserialize;
use slipway_engine::event::{Event, EventBody, Millis};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// The name of the DOM event that announces each event of the stream.
const ANNOUNCED_AS: &str = "slipway:event";

/// Reads one event, and its type's word as the server wrote it. An event whose body this app
/// can't read still counts in the sequence.
pub(super) fn read(text: &str) -> Option<(Event, String)> {
    #[derive(Deserialize)]
    struct Head {
        seq: u64,
        #[serde(default)]
        at: Millis,
        #[serde(default)]
        run: Option<String>,
        #[serde(default, rename = "type")]
        kind: String,
    }
    let head: Head = serde_json::from_str(text).ok()?;
    let event = serde_json::from_str(text).unwrap_or(Event {
        seq: head.seq,
        at: head.at,
        pipeline: None,
        stage: None,
        run: head.run,
        body: EventBody::Unknown,
    });
    Some((event, head.kind))
}

/// Tells `window` of an event.
pub(super) fn announce(event: &Event, kind: &str) {
    #[expect(clippy::cast_precision_loss, reason = "a log of 2^53 events is out of reach")]
    let seq = JsValue::from_f64(event.seq as f64);
    let run = event.run.as_deref().map_or(JsValue::NULL, JsValue::from_str);
    let detail = js_sys::Object::new();
    for (name, value) in [("seq", seq), ("run", run), ("type", JsValue::from_str(kind))] {
        // Setting a member of a plain object can't fail.
        let _ = js_sys::Reflect::set(&detail, &JsValue::from_str(name), &value);
    }
    let init = CustomEventInit::new();
    init.set_detail(&detail);
    if let Ok(dom_event) = CustomEvent::new_with_event_init_dict(ANNOUNCED_AS, &init) {
        let _ = window().dispatch_event(&dom_event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_a_later_version_still_counts() {
        let (event, kind) = read(r#"{"seq":7,"at":1,"run":"r","type":"node_danced"}"#).unwrap();
        assert_eq!((event.seq, event.body, kind.as_str()), (7, EventBody::Unknown, "node_danced"));
        let (event, _) = read(r#"{"seq":8,"type":"node_started","node":5}"#).unwrap();
        assert_eq!((event.seq, event.body), (8, EventBody::Unknown));
        assert!(read("no event").is_none());
    }

    #[test]
    fn an_event_of_ours_is_read_whole() {
        let (event, kind) = read(
            r#"{"seq":2,"at":5,"pipeline":"shop","stage":"Staging","run":"r","type":"run_started"}"#,
        )
        .unwrap();
        assert_eq!(event.body, EventBody::RunStarted);
        assert_eq!(event.stage.as_deref(), Some("Staging"));
        assert_eq!(kind, "run_started");
    }
}
