//! Any bytes: what is a document is written as it was read, and what is JSON is a document.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_flow::document::Document;

fuzz_target!(|text: &str| {
    let json = serde_json::from_str::<serde_json::Value>(text);
    match Document::parse(text) {
        Err(error) => {
            assert!(json.is_err(), "JSON is refused: {error}");
            assert!(!error.to_string().is_empty());
        }
        Ok(document) => {
            assert_eq!(document.text(), text);
            for (key, span) in document.spans().iter() {
                assert_eq!(document.text_of(key), &text[span]);
                // Of two members with one name only the last has a pointer that leads to it.
                let _ = document.resolve(&document.pointer(key));
            }
            if let Ok(json) = json {
                assert_eq!(document.to_json(document.root()).is_object(), json.is_object());
            }
        }
    }
});
