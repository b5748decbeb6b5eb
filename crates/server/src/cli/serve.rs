//! `slipway serve`.

use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
};

use clap::Args;

use super::block_on;
use crate::{
    app::Server,
    config::{Config, base_path},
};

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// The data directory; made when it doesn't exist.
    #[arg(long, default_value = "./slipway-data", value_name = "DIR")]
    data: PathBuf,
    /// A project file, or a directory of them.
    #[arg(long, value_name = "FILE|DIR", conflicts_with = "demo")]
    project: Option<PathBuf>,
    /// Sets up and serves the demo project.
    #[arg(long)]
    demo: bool,
    /// The folder of the built browser app.
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,
    /// The path that everything lives below.
    #[arg(long, default_value = "/", value_name = "PATH", value_parser = base_path)]
    base_path: String,
    /// A host name to answer to, beside localhost; may be given several times.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Trust X-Forwarded-Proto: a proxy in front sets it.
    #[arg(long)]
    behind_proxy: bool,
}

impl Serve {
    pub fn run(self) -> Result<(), String> {
        let link = self.demo || std::io::stdout().is_terminal();
        let config = Config {
            listen: self.listen,
            data: self.data,
            project: self.project,
            demo: self.demo,
            app: self.app,
            base: self.base_path,
            hosts: self.host,
            behind_proxy: self.behind_proxy,
            admin_token: admin_token()?,
            supervisor: None,
        };
        block_on(serve(config, link))
    }
}

/// From the environment. An empty one would let everybody in.
fn admin_token() -> Result<Option<String>, String> {
    match std::env::var("SLIPWAY_ADMIN_TOKEN") {
        Ok(token) if token.trim().is_empty() => {
            Err("SLIPWAY_ADMIN_TOKEN is empty: give it a value, or unset it.".to_owned())
        }
        Ok(token) => Ok(Some(token)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error) => Err(format!("SLIPWAY_ADMIN_TOKEN can't be read: {error}.")),
    }
}

async fn serve(config: Config, link: bool) -> Result<(), String> {
    let mut signals = Signals::new().map_err(|error| format!("No signals: {error}"))?;
    let server = Server::start(config).await.map_err(|error| error.to_string())?;
    say(&format!("listening on http://{}", server.address()));
    if link {
        let link = server.sign_in_link().await.map_err(|error| error.to_string())?;
        say(&format!("sign in at {link}"));
    }
    while signals.next().await == Signal::Reload {
        server.reload().await;
    }
    tracing::info!("stopping");
    server.stop().await;
    Ok(())
}

/// Whoever started the server may have stopped reading; that is no reason to end it.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[derive(PartialEq, Eq)]
enum Signal {
    Stop,
    Reload,
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.hang_up.recv() => Signal::Reload,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Stop
    }
}
