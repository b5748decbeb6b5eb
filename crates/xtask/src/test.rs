//! `cargo xtask test`: every test there is, in steps, quick ones first.

use crate::steps::Steps;
use crate::{Outcome, build, install, project, shell, weight};

/// A step: its name for `--only`, a sentence for the screen, and the work. The work gets the
/// arguments after `--`.
struct Step {
    name: &'static str,
    sentence: &'static str,
    work: fn(&[String]) -> Outcome,
}

const STEPS: &[Step] = &[
    Step {
        name: "tools",
        sentence: "Checking the tools, installing what is missing",
        work: |_| install::for_serving().and_then(|()| install::for_browser_tests()),
    },
    Step { name: "crates", sentence: "Fetching the crates", work: |_| install::crates() },
    Step { name: "format", sentence: "Checking the format of the Rust code", work: format },
    Step { name: "rules", sentence: "Checking the rules of the house", work: rules },
    Step { name: "lint", sentence: "Looking for what Clippy knows to be wrong", work: lint },
    Step { name: "unit", sentence: "Running the tests of every crate", work: unit },
    Step { name: "app", sentence: "Building the app", work: |_| build::app() },
    Step {
        name: "weight",
        sentence: "Weighing what the app loads first",
        work: |_| install::for_serving().and_then(|()| build::app()).and_then(|()| weight::check()),
    },
    Step { name: "server", sentence: "Building the server", work: |_| build::server() },
    Step {
        name: "types",
        sentence: "Checking the types of the browser tests and of the code view",
        work: types,
    },
    Step { name: "browser", sentence: "Running the browser and client tests", work: browser },
];

/// Runs all steps or one of them.
///
/// # Errors
/// Names the first step that failed.
pub fn run(arguments: &[String]) -> Outcome {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => all(),
        ["--list"] => {
            for step in STEPS {
                println!("{:<10} {}", step.name, step.sentence);
            }
            Ok(())
        }
        ["--only", name] => only(name, &[]),
        ["--only", name, "--", ..] => only(name, &arguments[3..]),
        _ => Err("`test` takes nothing, `--list`, or `--only STEP [-- ARGS…]`.".to_owned()),
    }
}

/// The rules of the house, which are tests of this crate.
///
/// # Errors
/// When a rule is broken.
pub fn rules(arguments: &[String]) -> Outcome {
    cargo(&["test", "--quiet", "--locked", "--package", "xtask", "--test", "rules"], arguments)
}

/// Writes the reference page and the outline of the API: the tests that keep them current can do so.
///
/// # Errors
/// When they can't be written.
pub fn docs() -> Outcome {
    let quiet = ["test", "--quiet", "--locked", "--package"];
    let page = ["slipway-flow", "--test", "reference"];
    let outline = ["slipway-server", "--test", "it", "nothing_in_the_api_changes_unseen"];
    for words in [page.as_slice(), outline.as_slice()] {
        let words = [quiet.as_slice(), words].concat();
        shell::run(shell::command("cargo", &words).env("UPDATE_DOCS", "1"))?;
    }
    Ok(())
}

fn all() -> Outcome {
    let mut steps = Steps::new(STEPS.len());
    for step in STEPS {
        steps.step(step.name, step.sentence, || (step.work)(&[])).map_err(|error| {
            let name = step.name;
            format!(
                "the step `{name}` failed: {error}\n       \
                 `cargo xtask test --only {name}` runs it alone."
            )
        })?;
    }
    println!("\nAll tests passed.\n{}", steps.summary());
    Ok(())
}

fn only(name: &str, arguments: &[String]) -> Outcome {
    let Some(step) = STEPS.iter().find(|step| step.name == name) else {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step `{name}`; the steps are {}.", names.join(", ")));
    };
    Steps::new(1).step(step.name, step.sentence, || (step.work)(arguments))
}

fn format(arguments: &[String]) -> Outcome {
    cargo(&["fmt", "--all", "--check"], arguments)
}

fn lint(arguments: &[String]) -> Outcome {
    cargo(&["clippy", "--locked", "--workspace", "--all-targets"], arguments)?;
    // The app is what a browser gets: look at it as it is compiled for there, too.
    install::for_serving()?;
    cargo(
        &["clippy", "--locked", "--package", "slipway", "--target", "wasm32-unknown-unknown"],
        arguments,
    )
}

fn unit(arguments: &[String]) -> Outcome {
    let whole: &[&str] = if arguments.is_empty() { &["--workspace"] } else { &[] };
    cargo(&[&["test", "--locked"], whole].concat(), arguments)
}

fn types(arguments: &[String]) -> Outcome {
    install::for_browser_tests()?;
    install::for_code()?;
    let code = project::code_editor();
    for folder in [project::browser_tests(), code] {
        let mut types = shell::command("npx", &["--no-install", "tsc", "--noEmit", "--project"]);
        types.arg(folder).args(arguments);
        shell::run(types.current_dir(project::browser_tests()))?;
    }
    Ok(())
}

fn browser(arguments: &[String]) -> Outcome {
    install::for_serving()?;
    install::for_browser_tests()?;
    build::app()?;
    build::server()?;
    let Some(chromium) = install::browser() else {
        return Err("there is no Chromium; name one in CHROMIUM.".to_owned());
    };
    let mut playwright = shell::command("npx", &["--no-install", "playwright", "test"]);
    playwright
        .args(arguments)
        .current_dir(project::browser_tests())
        .env("CHROMIUM", chromium)
        .env("SLIPWAY_SERVER", project::server())
        .env("SLIPWAY_APP", project::app());
    shell::run(&mut playwright)
}

fn cargo(words: &[&str], arguments: &[String]) -> Outcome {
    let mut command = shell::command("cargo", words);
    command.args(arguments);
    // Warnings are errors here and nowhere else, so that a developer's build is not stopped by one.
    if words[0] == "clippy" {
        command.args(["--", "--deny", "warnings"]);
    }
    shell::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_not_there_is_answered_with_those_that_are() {
        let error = only("everything", &[]).unwrap_err();
        assert!(error.contains("`everything`") && error.contains("browser"), "{error}");
    }

    #[test]
    fn what_can_not_be_understood_runs_nothing() {
        let error = run(&["--fast".to_owned()]).unwrap_err();
        assert!(error.contains("--only STEP"), "{error}");
    }
}
