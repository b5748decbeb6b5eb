//! The editor's canvas beside React Flow: the same flow in the same Chromium, in CPU time of the
//! main thread. `tests/bench/canvas.mjs` measures; here the figures are shown and held to account.

use super::{Budget, answer, scratch};
use crate::{Outcome, build, install, project};
use std::fmt::Write;

const SIZES: [usize; 3] = [100, 1_000, 10_000];
const LARGEST: usize = SIZES[2];
/// Ours, and React Flow with each of its two settings: only what is visible, or everything.
const CANVASES: [(&str, &str); 3] =
    [("ours", "ours"), ("theirs-culled", "visible only"), ("theirs", "everything")];
/// What is measured, and in what unit.
const MEASURES: [(&str, &str); 18] = [
    ("mount", "opening the canvas, ms"),
    ("open", "a page from nothing, ms"),
    ("longest", "its longest task, ms"),
    ("memory", "memory, MB"),
    ("all-select", "select, all in view, ms"),
    ("all-drag", "drag, all in view, ms"),
    ("all-pan", "pan, all in view, ms"),
    ("all-zoom", "zoom, all in view, ms"),
    ("near-select", "select, zoomed in, ms"),
    ("near-drag", "drag, zoomed in, ms"),
    ("near-pan", "pan, zoomed in, ms"),
    ("near-zoom", "zoom, zoomed in, ms"),
    ("near-move", "move by key, shown, ms"),
    ("near-insert", "insert, shown, ms"),
    ("near-undo", "undo, shown, ms"),
    ("near-move-whole", "move by key, in all, ms"),
    ("near-insert-whole", "insert, in all, ms"),
    ("near-undo-whole", "undo, in all, ms"),
];
/// What a pointer or wheel does at every frame, and what is done once at a time.
const CONTINUOUS: [&str; 3] = ["drag", "pan", "zoom"];
const SINGLE: [&str; 5] = ["all-select", "near-select", "near-move", "near-insert", "near-undo"];

/// What was measured of one canvas with so many nodes: the median, and what 95 of 100 don't exceed.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    name: String,
    nodes: usize,
    median: f64,
    p95: f64,
}

/// Builds the app and the server as they are shipped.
///
/// # Errors
/// When either can't be built.
pub fn build() -> Outcome {
    build::app()?;
    build::server()
}

/// Measures both canvases; `quick` leaves out the largest flow.
///
/// # Errors
/// When there is no browser, or a page does not do what it should.
pub fn measure(quick: bool) -> Outcome<Vec<Figure>> {
    let browser = install::browser().ok_or("There is no Chromium to measure in.")?;
    let script = project::benchmarks().join("canvas.mjs");
    let sizes = if quick { &SIZES[..2] } else { &SIZES[..] };
    let sizes = sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let (server, app, scratch) = (project::server(), project::app(), scratch()?);
    let paths = [&script, &server, &app, &browser, &scratch].map(|path| path.to_string_lossy());
    let mut arguments: Vec<&str> = paths.iter().map(AsRef::as_ref).collect();
    arguments.push(&sizes);
    Ok(figures(&answer("node", &arguments)?))
}

/// The figures in lines of `NAME NODES MEDIAN P95`.
fn figures(lines: &str) -> Vec<Figure> {
    let figure = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, nodes) = (words.next()?, words.next()?.parse().ok()?);
        let (median, p95) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Figure { name: name.to_owned(), nodes, median, p95 })
    };
    lines.lines().filter_map(figure).collect()
}

fn figure<'a>(
    figures: &'a [Figure],
    canvas: &str,
    measure: &str,
    nodes: usize,
) -> Option<&'a Figure> {
    let name = format!("{canvas}-{measure}");
    figures.iter().find(|one| one.name == name && one.nodes == nodes)
}

fn find(figures: &[Figure], canvas: &str, measure: &str, nodes: usize) -> Option<f64> {
    figure(figures, canvas, measure, nodes).map(|one| one.median)
}

/// React Flow's better setting.
fn theirs(figures: &[Figure], measure: &str, nodes: usize) -> Option<f64> {
    let of = |canvas| find(figures, canvas, measure, nodes);
    [of("theirs-culled"), of("theirs")].into_iter().flatten().reduce(f64::min)
}

/// A row for each measure and size, a column for each canvas.
pub fn table(figures: &[Figure]) -> String {
    let mut out = format!("{:<26} {:>7}", "the canvas: median (p95)", "nodes");
    for (_, title) in CANVASES {
        let _ = write!(out, " {title:>20}");
    }
    out.push_str("   (the last two: React Flow)\n");
    for (measure, title) in MEASURES {
        for nodes in SIZES {
            if find(figures, "ours", measure, nodes).is_none() {
                continue;
            }
            let _ = write!(out, "{title:<26} {nodes:>7}");
            for (canvas, _) in CANVASES {
                let shown = match figure(figures, canvas, measure, nodes) {
                    Some(Figure { median, p95, .. }) => format!("{median:.2} ({p95:.2})"),
                    None => "–".to_owned(),
                };
                let _ = write!(out, " {shown:>20}");
            }
            out.push('\n');
        }
    }
    out
}

/// What was promised of the canvas, as far as it was measured: of medians.
pub fn budgets(figures: &[Figure]) -> Vec<Budget> {
    let mut all = Vec::new();
    let mut against = |what: String, found: Option<f64>, most: Option<f64>| {
        if let (Some(found), Some(most)) = (found, most) {
            all.push(Budget { what, found, most });
        }
    };
    let ours = |measure: &str, nodes| find(figures, "ours", measure, nodes);
    for step in CONTINUOUS {
        for (nodes, part) in [(1_000, 5.0), (LARGEST, 50.0)] {
            let measure = format!("all-{step}");
            against(
                format!("{step} with all {nodes} nodes in view, against 1/{part} of React Flow's"),
                ours(&measure, nodes),
                theirs(figures, &measure, nodes).map(|theirs| theirs / part),
            );
        }
        for nodes in SIZES {
            let measure = format!("near-{step}");
            against(
                format!("{step} zoomed in, {nodes} nodes, against React Flow's"),
                ours(&measure, nodes),
                theirs(figures, &measure, nodes),
            );
            for view in ["all", "near"] {
                let found = ours(&format!("{view}-{step}"), nodes);
                against(format!("{step}, {nodes} nodes, {view}"), found, Some(6.0));
            }
        }
    }
    for measure in SINGLE {
        for nodes in SIZES {
            let found = ours(measure, nodes);
            against(format!("{measure}, {nodes} nodes"), found, Some(6.0));
        }
    }
    for (nodes, part) in [(1_000, 4.0), (LARGEST, 15.0)] {
        against(
            format!("opening the canvas of {nodes} nodes, against 1/{part} of React Flow's"),
            ours("mount", nodes),
            theirs(figures, "mount", nodes).map(|theirs| theirs / part),
        );
    }
    against(
        format!("the longest task while opening {LARGEST} nodes"),
        ours("longest", LARGEST),
        Some(100.0),
    );
    all
}

/// The memory of the largest canvas, in MB of script and WebAssembly, and what it may be.
pub fn memory(figures: &[Figure]) -> Option<(f64, f64)> {
    find(figures, "ours", "memory", LARGEST).map(|found| (found, 60.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_is_held_against_the_better_of_their_settings() {
        let found = figures(
            "ours-all-drag 1000 2.0 9\ntheirs-culled-all-drag 1000 40 41\n\
             theirs-all-drag 1000 30 31\nours-near-pan 100 1.0 1.5\n\
             theirs-culled-near-pan 100 0.5 0.6\nours-memory 10000 50 51\nnoise",
        );
        let missed: Vec<_> =
            budgets(&found).into_iter().filter(|budget| budget.found > budget.most).collect();
        assert_eq!(missed.len(), 1);
        assert_eq!(missed[0].what, "pan zoomed in, 100 nodes, against React Flow's");
        assert!((budgets(&found)[0].most - 6.0).abs() < 1e-9, "a fifth of 30");
        assert_eq!(memory(&found), Some((50.0, 60.0)));
        let shown = table(&found);
        assert!(
            shown.contains("drag, all in view, ms         1000          2.00 (9.00)"),
            "{shown}"
        );
    }
}
