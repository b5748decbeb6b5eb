//! Any text: taking expressions apart covers it from end to end, and working them out ends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use slipway_flow::expr;

fuzz_target!(|text: &str| {
    let template = expr::parse(text);
    let mut end = 0;
    for part in &template.parts {
        assert_eq!(part.span.start, end);
        assert!(text.get(part.span.clone()).is_some());
        end = part.span.end;
    }
    assert_eq!(end, text.len());
    for reference in template.references() {
        assert!(text.get(reference.span).is_some());
    }
    let _ = expr::is_reference(text);
    let args =
        json!({ "a": "text", "list": [1, -2.5, null, true, "x"], "o": { "k": [{}] }, "0": 1e300 });
    let refs = json!({ "build": { "id": "b-1", "branch": "main" }, "a": "b" });
    let (Some(args), Some(refs)) = (args.as_object(), refs.as_object()) else { return };
    match expr::evaluate(&template, &expr::Scope::new(args, refs)) {
        Ok(_) => {}
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some());
            assert!(!error.sentence.is_empty());
        }
    }
});
