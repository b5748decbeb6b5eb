//! The command line of `slipway`.

mod check;
mod serve;
mod token;

use std::{io::IsTerminal, process::ExitCode};

use clap::{Parser, Subcommand};

/// Release flows: edit them, run them, watch them, go back.
#[derive(Parser)]
#[command(name = "slipway", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API, runs release flows, and serves the browser app.
    Serve(serve::Serve),
    /// Tells what is wrong with release-flow files.
    Check(check::Check),
    /// Makes, lists and revokes tokens.
    Token(token::Token),
    /// Runs one command for a server.
    #[command(hide = true)]
    Supervise,
}

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(serve) => {
            log();
            serve.run()
        }
        Command::Check(check) => return check.run(),
        Command::Token(token) => token.run(),
        Command::Supervise => return crate::drivers::supervise::main(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("slipway: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Logs go to standard error; `SLIPWAY_LOG` says how much (`debug`, or as tracing's filters).
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SLIPWAY_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
}

/// Runs something asynchronous to its end.
fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("No threads could be started: {error}"))?;
    runtime.block_on(work)
}
