//! `cargo xtask soak`: every fuzzer for as long as it is told, then the property tests with many
//! cases and other texts than usual, and a table of what came out.

use crate::steps::in_words;
use crate::{Outcome, install, shell};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// How long each fuzzer runs unless `--seconds` says something else.
const SECONDS: u64 = 60;
/// How often a running fuzzer says how far it is.
const PULSE: Duration = Duration::from_secs(10);
/// How much of a fuzzer's output is shown when it has found something.
const SHOWN_LINES: usize = 40;

/// What one fuzzer, or the property tests, came to.
struct Row {
    name: String,
    /// Inputs or cases; None where that isn't known.
    tried: Option<u64>,
    took: Duration,
    outcome: Outcome,
}

/// Runs everything, also behind a finding.
///
/// # Errors
/// When something is missing, and when something was found.
pub fn run(arguments: &[String]) -> Outcome {
    let seconds = seconds(arguments)?;
    nightly()?;
    install::for_fuzzing()?;
    println!("Building the fuzzers");
    shell::run(&mut fuzz(&["build", "--sanitizer", "none", "--target-dir", "target/fuzz"]))?;
    let targets = shell::answer(&mut fuzz(&["list"]))
        .ok_or_else(|| "`cargo fuzz list` names no fuzzers; see fuzz/Cargo.toml.".to_owned())?;

    let mut rows = Vec::new();
    for target in targets.lines() {
        println!("Fuzzing {target} for {}", in_words(Duration::from_secs(seconds)));
        rows.push(fuzz_one(target, seconds)?);
    }
    rows.push(properties(seconds));
    println!("\n{}", table(&rows));
    let found = rows.iter().filter(|row| row.outcome.is_err()).count();
    match found {
        0 => Ok(()),
        1 => Err("something was found: see above.".to_owned()),
        many => Err(format!("{many} of them found something: see above.")),
    }
}

fn seconds(arguments: &[String]) -> Outcome<u64> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().ok().filter(|seconds| *seconds > 0);
    match words.as_slice() {
        [] => Some(SECONDS),
        ["--seconds", text] => number(text),
        _ => None,
    }
    .ok_or_else(|| "`soak` takes nothing, or `--seconds N`, the time for each fuzzer.".to_owned())
}

fn nightly() -> Outcome {
    let found = shell::answer(&mut shell::command("rustup", &["run", "nightly", "rustc", "-V"]));
    found.map(drop).ok_or_else(|| {
        "the fuzzers need a nightly compiler: install one with `rustup toolchain install nightly \
         --profile minimal`."
            .to_owned()
    })
}

/// `cargo fuzz` with the nightly compiler, which the workspace itself is not built with.
fn fuzz(arguments: &[&str]) -> Command {
    let mut command = shell::command("rustup", &["run", "nightly", "cargo", "fuzz"]);
    command.args(arguments);
    command
}

/// Runs a fuzzer to its end. Grown inputs stay in `fuzz/corpus`, which Git ignores.
fn fuzz_one(target: &str, seconds: u64) -> Outcome<Row> {
    let (grown, seeds) = (format!("fuzz/corpus/{target}"), format!("fuzz/seeds/{target}"));
    let folder = crate::project::root().join(&grown);
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("{} can't be made: {error}.", folder.display()))?;
    let mut command = fuzz(&["run", "--sanitizer", "none", "--target-dir", "target/fuzz"]);
    command.args([target, &grown, &seeds, "--", "-print_final_stats=1", "-timeout=10"]);
    command.args(["-dict=fuzz/words.dict", &format!("-max_total_time={seconds}")]);
    let started = Instant::now();
    let shown = shell::shown(&command);
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| shell::could_not_start(&shown, &error))?;
    let log = child.stderr.take().map_or_else(Log::default, |output| {
        let mut log = Log::default();
        let mut said = Instant::now();
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            log.read(String::from_utf8_lossy(&line).into_owned());
            if said.elapsed() >= PULSE {
                said = Instant::now();
                println!("      {} inputs so far", log.tried.unwrap_or_default());
            }
        }
        log
    });
    let status = child.wait().map_err(|error| format!("`{shown}` was lost: {error}."))?;
    let outcome = if status.success() {
        Ok(())
    } else {
        println!("{}", log.last.join("\n"));
        Err(log.finding.unwrap_or_else(|| format!("`{shown}` failed ({status}).")))
    };
    Ok(Row { name: target.to_owned(), tried: log.tried, took: started.elapsed(), outcome })
}

/// What a fuzzer printed, as far as it matters.
#[derive(Default)]
struct Log {
    tried: Option<u64>,
    finding: Option<String>,
    last: Vec<String>,
}

impl Log {
    fn read(&mut self, line: String) {
        // `#4096 pulse cov: 12 …` while it runs, `stat::number_of_executed_units: 5000` at the end.
        let so_far = line.strip_prefix('#').and_then(|rest| rest.split_whitespace().next());
        let in_all = line.strip_prefix("stat::number_of_executed_units:").map(str::trim);
        if let Some(number) = in_all.or(so_far).and_then(|text| text.parse().ok()) {
            self.tried = Some(number);
        }
        if let Some((_, file)) = line.split_once("Test unit written to ") {
            self.finding = Some(format!("found {file}"));
        }
        if self.last.len() == SHOWN_LINES {
            self.last.remove(0);
        }
        self.last.push(line);
    }
}

/// The tests of the pure crates with more cases, and with texts that no one has tried.
fn properties(seconds: u64) -> Row {
    let cases = (seconds * 40).max(256);
    let seed = SystemTime::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_secs());
    println!("Running the property tests with {cases} cases each, SLIPWAY_SEED={seed}");
    let started = Instant::now();
    let mut command = shell::command("cargo", &["test", "--quiet", "--locked"]);
    command.args(["-p", "slipway-flow", "-p", "slipway-editor", "-p", "slipway-engine"]);
    command.env("PROPTEST_CASES", cases.to_string()).env("SLIPWAY_SEED", seed.to_string());
    let outcome = shell::run(&mut command);
    Row { name: "properties".to_owned(), tried: Some(cases), took: started.elapsed(), outcome }
}

fn table(rows: &[Row]) -> String {
    let mut table = format!("  {:<12} {:>12}  {:>12}  result\n", "what", "tried", "time");
    for Row { name, tried, took, outcome } in rows {
        let tried = tried.map_or_else(|| "?".to_owned(), |tried| tried.to_string());
        let result = outcome.as_ref().err().map_or("nothing found", String::as_str);
        let took = in_words(*took);
        // A string takes everything.
        let _ = writeln!(table, "  {name:<12} {tried:>12}  {took:>12}  {result}");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_a_number_of_seconds() {
        let read = |words: &[&str]| {
            seconds(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(read(&[]), Ok(SECONDS));
        assert_eq!(read(&["--seconds", "300"]), Ok(300));
        assert!(read(&["--seconds", "0"]).is_err() && read(&["--seconds"]).is_err());
        assert!(read(&["300"]).is_err());
    }

    #[test]
    fn a_fuzzers_output_is_read() {
        let mut log = Log::default();
        for line in ["INFO: seed corpus: 2", "#4096\tpulse  cov: 12 exec/s: 512", "x"] {
            log.read(line.to_owned());
        }
        assert_eq!((log.tried, log.finding.as_deref()), (Some(4096), None));
        log.read("artifact_prefix='a/'; Test unit written to a/crash-1".to_owned());
        log.read("stat::number_of_executed_units: 5000".to_owned());
        assert_eq!((log.tried, log.finding.as_deref()), (Some(5000), Some("found a/crash-1")));
        (0..100).for_each(|number| log.read(number.to_string()));
        assert_eq!(log.last.len(), SHOWN_LINES);
        assert_eq!(log.last.last().map(String::as_str), Some("99"));
    }

    #[test]
    fn the_table_says_what_was_found() {
        let row = |name: &str, outcome| Row {
            name: name.to_owned(),
            tried: Some(12),
            took: Duration::from_secs(60),
            outcome,
        };
        let table = table(&[row("document", Ok(())), row("edits", Err("found x".to_owned()))]);
        let lines: Vec<_> = table.lines().collect();
        assert!(lines[1].contains("document") && lines[1].ends_with("nothing found"), "{table}");
        assert!(lines[2].contains("1 min 00 s") && lines[2].ends_with("found x"), "{table}");
    }
}
