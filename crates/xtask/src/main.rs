//! `cargo xtask …`: everything a developer or newcomer runs.
//!
//! `serve`, `test`, `bench`, `dev`, `dist` and `soak` are one file each; they share what installs
//! the tools (`install`), what builds (`build`, `style`, `code`, `stamp`) and what runs and shows a child
//! process (`shell`, `steps`). `weight` is what the app may load at most. The rules of the house that a machine can check are tests, in
//! `tests/rules`.
//! May import the standard library only: this crate is compiled before anything else.

mod bench;
mod build;
mod code;
mod dev;
mod dist;
mod install;
mod minify;
mod project;
mod serve;
mod shell;
mod soak;
mod stamp;
mod steps;
mod style;
mod test;
mod weight;

use std::process::ExitCode;

/// What a command comes to: done, or a sentence for the person who started it.
type Outcome<T = ()> = Result<T, String>;

const HELP: &str = "\
cargo xtask COMMAND

  serve [ARGS…]        Install what is missing, build the app and the server, and start the server
                       with the demo project. ARGS go to `slipway serve`, for example
                       `--listen 127.0.0.1:9000` or `--project FILE` (then without the demo).
  test                 Install what is missing and run every test.
  test --list          Name the steps of the test.
  test --only STEP [-- ARGS…]
                       Run one step; ARGS go to its command, for example
                       `test --only unit -- -p slipway-flow` or `test --only browser -- story`.
  bench [--quick]      Measure the pure crates, natively and as WebAssembly, beside other libraries,
                       and the editor in a browser beside React Flow; fails when a budget is
                       missed. --quick leaves out the slowest.
  bench --canvas [--quick]
                       Measure the editor beside React Flow alone.
  dev [ARGS…]          Like serve, in debug builds; rebuild and reload when a file changes.
  dist [--base PATH]   Build the static site into target/site, for the address path PATH
                       (default /), and the server binary.
  soak [--seconds N]   Run every fuzzer for N seconds (default 60) and the property tests with many
                       cases. Needs a nightly compiler beside the pinned one.
  check-rules          Check the rules of the house: imports, file lengths, lock files, paths.
  docs                 Write docs/release-flow.md anew, from the tables of the release flow, and the
                       outline of the API that a test keeps, from the server's routes.
  code                 Bundle the code view's text editor into target/code/code-editor.js.
  style                Join style/main.css and what it imports into target/style/main.css.
  minify               Take the white space out of what Trunk has staged; Trunk calls it.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) => run(command, rest),
        None => {
            print!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\nerror: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, arguments: &[String]) -> Outcome {
    match command {
        "serve" => serve::run(arguments),
        "test" => test::run(arguments),
        "bench" => bench::run(arguments),
        "dev" => dev::run(arguments),
        "dist" => dist::run(arguments),
        "check-rules" => test::rules(arguments),
        "soak" => soak::run(arguments),
        "code" => code::bundle(),
        "style" => style::bundle(),
        "minify" => minify::staged(),
        "docs" => test::docs(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => {
            Err(format!("there is no command `{other}`. `cargo xtask help` lists the commands."))
        }
    }
}
