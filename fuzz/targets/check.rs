//! Any document: checks, titles and details of nodes come to an end, and every problem has a place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_flow::{check::check, document::Document, kinds};

fuzz_target!(|text: &str| {
    let Ok(mut document) = Document::parse(text) else { return };
    let inner: Vec<_> = document.flows().into_iter().map(|(key, _)| key).collect();
    look(&document);
    for flow in inner.into_iter().take(4) {
        document.open_flow(flow);
        look(&document);
    }
});

fn look(document: &Document) {
    for problem in check(document) {
        assert!(document.contains(problem.key));
        assert!(problem.pointer.starts_with(&document.pointer(problem.key)));
        assert!(problem.sentence.ends_with(['.', '!', '?']), "{}", problem.sentence);
        assert!(!problem.code.is_empty());
    }
    for node in document.nodes() {
        assert!(!kinds::title(document, node).is_empty());
        let _ = (kinds::details(document, node), kinds::subject(document, node));
    }
}
