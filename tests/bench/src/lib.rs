//! How long the pure crates take for flows of all sizes. One table of operations serves Criterion
//! (`cargo bench -p slipway-bench`), the natively measured part of `cargo xtask bench` (`main.rs`)
//! and WebAssembly, which `measure.mjs` runs in Node.js beside other libraries.
//!
//! May import: `slipway-flow`, `slipway-editor`.

pub mod flows;

use std::{cell::RefCell, hint::black_box};

use serde_json::json;
use slipway_editor::{geometry::Rect, layout::Layout};
use slipway_flow::{
    check::{Checker, check},
    diff::diff,
    document::{Document, Key},
    expr,
};

/// Something to measure. What it gives keeps the work from being left out.
pub type Work = Box<dyn FnMut() -> usize>;

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    pub name: &'static str,
    /// Makes ready for a flow of so many nodes.
    pub prepare: fn(usize) -> Work,
}

/// Everything that is measured. The order is what `measure.mjs` goes by.
pub const OPERATIONS: &[Operation] = &[
    Operation { name: "parse", prepare: parse },
    Operation { name: "check", prepare: |nodes| on(nodes, |document| check(document).len()) },
    Operation { name: "layout", prepare: |nodes| on(nodes, |document| layout(document).len()) },
    Operation { name: "cold", prepare: cold },
    Operation { name: "layout-again", prepare: layout_again },
    Operation { name: "again", prepare: again },
    Operation { name: "text", prepare: |nodes| on(nodes, |document| document.text().len()) },
    Operation {
        name: "spans",
        prepare: |nodes| on(nodes, |document| document.spans().iter().count()),
    },
    Operation { name: "view", prepare: view },
    Operation { name: "diff", prepare: difference },
    Operation { name: "expressions", prepare: expressions },
];

/// How many nodes flows have here.
pub const SIZES: [usize; 3] = [100, 1_000, 10_000];

#[expect(clippy::expect_used, reason = "flows are made of valid JSON")]
fn document(nodes: usize) -> Document {
    Document::parse(&flows::text(nodes)).expect("a flow is JSON")
}

fn on(nodes: usize, work: fn(&Document) -> usize) -> Work {
    let document = document(nodes);
    Box::new(move || work(black_box(&document)))
}

fn layout(document: &Document) -> Layout {
    Layout::of(document, document.root_node())
}

fn parse(nodes: usize) -> Work {
    let text = flows::text(nodes);
    Box::new(move || Document::parse(black_box(&text)).map_or(0, |document| document.nodes().len()))
}

/// What opening a flow takes.
fn cold(nodes: usize) -> Work {
    let text = flows::text(nodes);
    Box::new(move || {
        let Ok(document) = Document::parse(black_box(&text)) else { return 0 };
        check(&document).len() + layout(&document).len()
    })
}

/// Puts a node into the middle of the flow, or takes it out again.
fn edit(document: &mut Document, steps: Key, is_there: &mut bool) {
    let mut edit = document.edit();
    if *is_there {
        let first = edit.document().elements(steps).next();
        first.into_iter().for_each(|first| edit.remove(first));
    } else {
        edit.insert(steps, 0, &json!({"kind": "JobRun", "spec": {"jobId": "migrate-dev"}}));
    }
    *is_there = !*is_there;
}

/// A list of steps in the middle of a flow.
fn middle(document: &Document) -> Key {
    let lists: Vec<Key> =
        document.nodes().into_iter().filter_map(|node| document.node(node).steps_array()).collect();
    lists[lists.len() / 2]
}

fn layout_again(nodes: usize) -> Work {
    let mut document = document(nodes);
    let (steps, mut is_there) = (middle(&document), false);
    let mut layout = layout(&document);
    Box::new(move || {
        edit(&mut document, steps, &mut is_there);
        layout.update(&document, document.root_node());
        layout.len()
    })
}

/// What an edit takes: to carry it out, to check and to lay out, for who remembers both.
fn again(nodes: usize) -> Work {
    let mut document = document(nodes);
    let (steps, mut is_there) = (middle(&document), false);
    let (mut layout, mut checker) = (layout(&document), Checker::default());
    checker.check(&document);
    Box::new(move || {
        edit(&mut document, steps, &mut is_there);
        layout.update(&document, document.root_node());
        layout.len() + checker.check(&document).len()
    })
}

/// What one step of a pan asks for.
fn view(nodes: usize) -> Work {
    let layout = layout(&document(nodes));
    let size = layout.size();
    let view = Rect::new(size.width / 2.0, size.height / 2.0, 1500.0, 1000.0);
    let focus = layout.last();
    Box::new(move || layout.visible(black_box(&view), focus).len() + layout.arrows(&view).len())
}

/// The flow with a few nodes added, against itself as it was.
fn difference(nodes: usize) -> Work {
    let old = document(nodes);
    let mut new = old.clone();
    let mut is_there = false;
    edit(&mut new, middle(&old), &mut is_there);
    Box::new(move || diff(black_box(&old), black_box(&new)).rows.len())
}

/// As many expressions as nodes, parsed.
fn expressions(nodes: usize) -> Work {
    let texts: Vec<String> = (0..nodes)
        .map(|at| format!("image-${{refs.build-{at}.id}}-${{fn.eq(args.TAG, 'v{at}') ? 1 : 2}}"))
        .collect();
    Box::new(move || texts.iter().map(|text| expr::parse(text).references().len()).sum())
}

thread_local! {
    static PREPARED: RefCell<Option<Work>> = const { RefCell::new(None) };
}

/// Makes ready the operation `index` of [`OPERATIONS`] for WebAssembly's caller.
#[expect(unsafe_code, reason = "its name must reach the caller; no other export has it")]
#[unsafe(no_mangle)]
pub extern "C" fn prepare(index: u32, nodes: u32) {
    let operation = OPERATIONS.get(index as usize);
    PREPARED.set(operation.map(|operation| (operation.prepare)(nodes as usize)));
}

/// Runs what was made ready.
#[expect(unsafe_code, reason = "its name must reach the caller; no other export has it")]
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u32 {
    let done = PREPARED.with_borrow_mut(|work| work.as_mut().map_or(0, |work| work()));
    u32::try_from(done).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_have_the_size_they_are_made_for_and_nothing_wrong_with_them() {
        for size in SIZES {
            let document = document(size);
            let nodes = document.nodes().len();
            assert!(nodes >= size && nodes < size + size / 10 + 20, "{nodes} for {size}");
            let problems = check(&document);
            assert!(problems.len() < 1 + nodes / 10, "{:#?}", &problems[..10]);
        }
    }

    #[test]
    fn every_operation_does_something() {
        for operation in OPERATIONS {
            let mut work = (operation.prepare)(100);
            assert!(work() > 0 && work() > 0, "{}", operation.name);
        }
    }
}
