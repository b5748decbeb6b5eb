//! One event of the stream: read from the wire, and announced to the window.

use leptos::prelude::window;
use serde::Deserialize;
use serde_json::Value;
use slipway_engine::event::{Event, EventBody, Millis};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// The name of the DOM event that announces each event of the stream.
const ANNOUNCED_AS: &str = "slipway:event";

/// How one of the programs reads an event, and its type's word as the server wrote it. An event whose
/// body it can't read still counts in the sequence.
pub type Reader = fn(&str) -> Option<(Event, String)>;

/// Reads whatever happens.
pub fn every(text: &str) -> Option<(Event, String)> {
    let (event, kind) = saves(text)?;
    Some((serde_json::from_str(text).unwrap_or(event), kind))
}

/// Reads only that a flow was saved: the editor follows no runs, and is smaller by all that can happen
/// to them.
pub fn saves(text: &str) -> Option<(Event, String)> {
    #[derive(Deserialize)]
    struct Head {
        seq: u64,
        #[serde(default)]
        at: Millis,
        #[serde(default)]
        pipeline: Option<String>,
        #[serde(default)]
        stage: Option<String>,
        #[serde(default)]
        run: Option<String>,
        #[serde(default, rename = "type")]
        kind: String,
        #[serde(default)]
        etag: Value,
        #[serde(default)]
        by: Value,
    }
    let Head { seq, at, pipeline, stage, run, kind, etag, by } = serde_json::from_str(text).ok()?;
    let body = match (etag, by) {
        (Value::String(etag), Value::String(by)) if kind == "flow_saved" => {
            EventBody::FlowSaved { etag, by }
        }
        _ => EventBody::Unknown,
    };
    Some((Event { seq, at, pipeline, stage, run, body }, kind))
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
        let (event, kind) = every(r#"{"seq":7,"at":1,"run":"r","type":"node_danced"}"#).unwrap();
        assert_eq!((event.seq, event.body, kind.as_str()), (7, EventBody::Unknown, "node_danced"));
        let (event, _) = every(r#"{"seq":8,"type":"node_started","node":5}"#).unwrap();
        assert_eq!((event.seq, event.body), (8, EventBody::Unknown));
        assert!(every("no event").is_none());
    }

    #[test]
    fn an_event_of_ours_is_read_whole() {
        let (event, kind) = every(
            r#"{"seq":2,"at":5,"pipeline":"shop","stage":"Staging","run":"r","type":"run_started"}"#,
        )
        .unwrap();
        assert_eq!(event.body, EventBody::RunStarted);
        assert_eq!(event.stage.as_deref(), Some("Staging"));
        assert_eq!(kind, "run_started");
    }

    #[test]
    fn what_the_editor_reads_is_what_everybody_reads() {
        let saved = r#"{"seq":2,"at":5,"pipeline":"shop","stage":"Staging","type":"flow_saved",
            "etag":"\"a\"","by":"ada"}"#;
        assert_eq!(saves(saved), every(saved));
        assert!(matches!(saves(saved).unwrap().0.body, EventBody::FlowSaved { .. }));
        let other = r#"{"seq":3,"run":"r","type":"run_started"}"#;
        let (event, kind) = saves(other).unwrap();
        assert_eq!((event.seq, event.body, kind.as_str()), (3, EventBody::Unknown, "run_started"));
    }
}
