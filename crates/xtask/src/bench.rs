//! `cargo xtask bench`: how long the pure crates take, natively and as WebAssembly, beside other
//! libraries in the same run, as one table; and whether that is within what was promised.
//!
//! What is measured stands in `tests/bench`. All times are CPU time, so a busy neighbour hardly
//! counts, and medians. The canvas is measured in a browser, beside React Flow: see `canvas`.

mod canvas;

use crate::steps::Steps;
use crate::{Outcome, install, project, shell};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const SIZES: [usize; 3] = [100, 1_000, 10_000];
const LARGEST: usize = SIZES[2];
const PACKAGE: &[&str] = &["--locked", "--package", "slipway-bench"];
const WASM: &str = "wasm32-unknown-unknown";

/// What was measured, in the order of the table's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Native,
    /// As the app is built: small.
    Wasm,
    /// Built for speed.
    Fast,
    Peer,
}

/// A median, in milliseconds.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    column: Column,
    name: String,
    nodes: usize,
    time: f64,
}

/// Runs everything; with `--quick` without the slowest: other libraries at the largest size and the
/// second build of the WebAssembly; and the canvas with fewer nodes.
///
/// # Errors
/// When something can't be built or run, and when a budget is missed.
pub fn run(arguments: &[String]) -> Outcome {
    let quick = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--quick"] => true,
        ["--canvas"] => return only_canvas(false),
        ["--canvas", "--quick"] => return only_canvas(true),
        _ => return Err("`bench` takes nothing, or `--canvas`, then `--quick`.".to_owned()),
    };
    let mut steps = Steps::new(7);
    steps.step(
        "tools",
        "Checking the tools, installing what is missing",
        install::for_benchmarks,
    )?;
    let native = steps.step("build", "Building natively", native)?;
    let mut modules = vec![(Column::Wasm, "z")];
    modules.extend((!quick).then_some((Column::Fast, "3")));
    let modules = steps.step("wasm", "Building as WebAssembly", || {
        modules
            .into_iter()
            .map(|(column, level)| Ok((column, wasm(level)?)))
            .collect::<Outcome<Vec<_>>>()
    })?;
    let mut figures = steps.step("ours", "Measuring ours", || ours(&native, &modules))?;
    let peers = if quick { &SIZES[..2] } else { &SIZES[..] };
    figures.extend(
        steps.step("peers", "Measuring dagre and ELK on the same flows", || {
            theirs(&native, peers)
        })?,
    );
    steps.step("app", "Building the app and the server", canvas::build)?;
    let canvas =
        steps.step("canvas", "Measuring the canvas, and React Flow", || canvas::measure(quick))?;
    println!("\n{}\n{}", table(&figures), canvas::table(&canvas));
    let mut all = budgets(&figures);
    all.extend(canvas::budgets(&canvas));
    judge(all, canvas::memory(&canvas))
}

/// Measures the editor and React Flow alone.
fn only_canvas(quick: bool) -> Outcome {
    let mut steps = Steps::new(3);
    steps.step(
        "tools",
        "Checking the tools, installing what is missing",
        install::for_benchmarks,
    )?;
    steps.step("app", "Building the app and the server", canvas::build)?;
    let canvas =
        steps.step("canvas", "Measuring the canvas, and React Flow", || canvas::measure(quick))?;
    println!("\n{}", canvas::table(&canvas));
    judge(canvas::budgets(&canvas), canvas::memory(&canvas))
}

fn native() -> Outcome<PathBuf> {
    let mut build = shell::command("cargo", &["build", "--profile", "server", "--bin", "measure"]);
    shell::run(build.args(PACKAGE))?;
    let name = format!("measure{}", std::env::consts::EXE_SUFFIX);
    Ok(project::target().join("server").join(name))
}

/// The module as the app is built, but for the level of optimisation.
fn wasm(level: &str) -> Outcome<PathBuf> {
    // A number, or a letter in quotes.
    let level_as_toml =
        level.parse::<u8>().map_or_else(|_| format!("'{level}'"), |_| level.to_owned());
    let setting = format!("profile.release.opt-level={level_as_toml}");
    let mut build = shell::command("cargo", &["build", "--release", "--lib", "--target", WASM]);
    shell::run(build.args(PACKAGE).args(["--config", &setting]))?;
    let built = project::target().join(WASM).join("release/slipway_bench.wasm");
    let kept = scratch()?.join(format!("{level}.wasm"));
    fs::copy(&built, &kept).map_err(|error| unwritten(&kept, &error))?;
    Ok(kept)
}

fn scratch() -> Outcome<PathBuf> {
    let folder = project::target().join("bench");
    fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, &error))?;
    Ok(folder)
}

fn unwritten(path: &Path, error: &std::io::Error) -> String {
    format!("{} can't be written: {error}.", path.display())
}

fn ours(native: &Path, modules: &[(Column, PathBuf)]) -> Outcome<Vec<Figure>> {
    let program = native.to_string_lossy();
    let mut found = figures(Column::Native, &answer(&program, &[])?);
    let names = answer(&program, &["--names"])?.split_whitespace().collect::<Vec<_>>().join(",");
    let sizes = SIZES.map(|size| size.to_string()).join(",");
    for (column, module) in modules {
        let module = module.to_string_lossy();
        found.extend(figures(*column, &script(&["wasm", &module, &sizes, &names])?));
    }
    Ok(found)
}

fn theirs(native: &Path, sizes: &[usize]) -> Outcome<Vec<Figure>> {
    let mut found = Vec::new();
    for nodes in sizes.iter().map(usize::to_string) {
        let flow = scratch()?.join(format!("flow-{nodes}.json"));
        let text = answer(&native.to_string_lossy(), &["--flow", &nodes])?;
        fs::write(&flow, text).map_err(|error| unwritten(&flow, &error))?;
        for peer in ["dagre", "elk"] {
            match script(&[peer, &flow.to_string_lossy(), &nodes]) {
                Ok(lines) => found.extend(figures(Column::Peer, &lines)),
                // Large graphs are more than some can do: the table has a gap there.
                Err(sentence) => println!("      {peer} on {nodes} nodes: {sentence}"),
            }
        }
    }
    Ok(found)
}

/// What `measure.mjs` prints. The stack is for recursion in other libraries.
fn script(arguments: &[&str]) -> Outcome<String> {
    let file = project::benchmarks().join("measure.mjs");
    answer("node", &[&["--stack-size=8000", &file.to_string_lossy()], arguments].concat())
}

fn answer(program: &str, arguments: &[&str]) -> Outcome<String> {
    shell::told(&mut shell::command(program, arguments))
}

/// The figures in lines of `NAME NODES MILLISECONDS`.
fn figures(column: Column, lines: &str) -> Vec<Figure> {
    let figure = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, nodes, time) = (words.next()?, words.next()?, words.next()?);
        let (nodes, time) = (nodes.parse().ok()?, time.parse().ok()?);
        Some(Figure { column, name: name.to_owned(), nodes, time })
    };
    lines.lines().filter_map(figure).collect()
}

fn time(figures: &[Figure], column: Column, name: &str, nodes: usize) -> Option<f64> {
    let is_it = |figure: &&Figure| {
        (figure.column, figure.name.as_str(), figure.nodes) == (column, name, nodes)
    };
    figures.iter().find(is_it).map(|figure| figure.time)
}

/// A row for each thing and size, a column for each way to run it.
fn table(figures: &[Figure]) -> String {
    let mut rows: Vec<(&str, usize)> = Vec::new();
    for figure in figures {
        let row = (figure.name.as_str(), figure.nodes);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.sort_by_key(|(name, nodes)| {
        (figures.iter().position(|figure| figure.name == *name), *nodes)
    });
    let mut out = String::from(
        "CPU time in ms             nodes     native   wasm (z)   wasm (3)      other\n",
    );
    for (name, nodes) in rows {
        let _ = write!(out, "{name:<22} {nodes:>9}");
        for column in [Column::Native, Column::Wasm, Column::Fast, Column::Peer] {
            let _ = match time(figures, column, name, nodes) {
                Some(time) => write!(out, " {time:>10.3}"),
                None => write!(out, " {:>10}", "–"),
            };
        }
        out.push('\n');
    }
    for nodes in SIZES {
        let Some(layout) = time(figures, Column::Native, "layout", nodes) else { continue };
        for peer in ["dagre", "elk"] {
            if let Some(time) = time(figures, Column::Peer, peer, nodes) {
                let _ = writeln!(
                    out,
                    "{peer} takes {:.0} times as long as our layout of {nodes} nodes",
                    time / layout
                );
            }
        }
    }
    out
}

/// One thing that must hold: a figure in milliseconds, at most so much.
struct Budget {
    what: String,
    found: f64,
    most: f64,
}

fn budgets(figures: &[Figure]) -> Vec<Budget> {
    let wasm = |name, what: &str, most| {
        let found = time(figures, Column::Wasm, name, LARGEST)?;
        Some(Budget { what: format!("{what} {LARGEST} nodes as WebAssembly"), found, most })
    };
    let layout = SIZES.iter().rev().find_map(|nodes| {
        let dagre = time(figures, Column::Peer, "dagre", *nodes)?;
        let found = time(figures, Column::Native, "layout", *nodes)?;
        let what =
            format!("laying out {nodes} nodes natively, against a hundredth of dagre's time");
        Some(Budget { what, found, most: dagre / 100.0 })
    });
    let cold = wasm("cold", "parsing, checking and laying out", 150.0);
    let again = wasm("again", "checking and laying out again, after one edit,", 12.0);
    [cold, again, layout].into_iter().flatten().collect()
}

fn judge(budgets: Vec<Budget>, memory: Option<(f64, f64)>) -> Outcome {
    let mut missed = Vec::new();
    let times = budgets.into_iter().map(|budget| (budget, "ms"));
    let memory = memory.map(|(found, most)| {
        (Budget { what: "the memory of the largest canvas".to_owned(), found, most }, "MB")
    });
    for (Budget { what, found, most }, unit) in times.chain(memory) {
        let verdict = if found <= most { "kept" } else { "MISSED" };
        println!("{verdict}: {what}: {found:.2} {unit} of {most:.2} {unit}");
        if found > most {
            missed.push(format!("{what} took {:.1} times what it may", found / most));
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("{}.", missed.join("; "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_budget_is_said_with_how_far() {
        let mut found = figures(Column::Wasm, "cold 10000 100.5\nagain 10000 24.0\nnoise\n");
        found.extend(figures(Column::Native, "layout 1000 0.1\nlayout 10000 1.0"));
        found.extend(figures(Column::Peer, "dagre 1000 30"));
        let error = judge(budgets(&found), None).unwrap_err();
        assert_eq!(
            error,
            "checking and laying out again, after one edit, 10000 nodes as WebAssembly took 2.0 \
             times what it may."
        );
        assert_eq!(budgets(&found).len(), 3);
        let shown = table(&found);
        assert!(
            shown.contains("dagre takes 300 times as long as our layout of 1000 nodes"),
            "{shown}"
        );
        assert!(
            shown.contains("cold                       10000          –    100.500"),
            "{shown}"
        );
    }
}
