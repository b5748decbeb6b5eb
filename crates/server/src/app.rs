//! A running server: its parts, how they are started, and how they are stopped.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use slipway_api::session::Role;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    access::{Access, Hosts, secret},
    config::Config,
    db::{Db, DbError},
    http::{self, site::Site},
    listen::{self, Limits},
    project::{
        ProjectError, Projects,
        demo::{self, DemoError},
    },
    runner::{Runner, RunnerError},
    seed,
};

/// How long open requests may take after the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// What every handler works with.
pub struct App {
    pub db: Db,
    pub projects: Arc<Projects>,
    pub runner: Runner,
    pub access: Access,
    pub site: Site,
    pub hosts: Hosts,
    /// Where everything lives below: `/`, or a path with a slash at both ends.
    pub base: String,
    /// Whether a proxy in front may say (`X-Forwarded-Proto`) that the browser came by https.
    pub behind_proxy: bool,
    /// Turns true when the server stops: streams end then.
    pub stopping: watch::Receiver<bool>,
}

pub type Shared = Arc<App>;

/// Why a server didn't start: a sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum StartFailure {
    #[error("The data directory {} can't be used: {reason}", path.display())]
    Data { path: PathBuf, reason: std::io::Error },
    #[error("Another server is using the data directory {}. Stop it, or choose another directory \
             with --data.", .0.display())]
    Taken(PathBuf),
    #[error("Nothing can listen on {address}: {reason}. Choose another address with --listen.")]
    Listen { address: SocketAddr, reason: std::io::Error },
    #[error("The app can't be served from {}: {reason}", folder.display())]
    Site { folder: PathBuf, reason: std::io::Error },
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Runner(#[from] RunnerError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error("{0}")]
    Seed(String),
}

/// A server that answers requests until it is stopped.
pub struct Server {
    app: Shared,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    // Held for as long as the server runs: see `lock`.
    _lock: fs::File,
}

impl Server {
    /// Opens everything, takes up runs that an earlier server left, and listens.
    ///
    /// # Errors
    /// When something is missing or taken; nothing is left running then.
    pub async fn start(config: Config) -> Result<Self, StartFailure> {
        let data = prepare(&config.data)?;
        let lock = lock(&data)?;
        let listen_failed = |reason| StartFailure::Listen { address: config.listen, reason };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_failed)?;
        let address = listener.local_addr().map_err(listen_failed)?;
        let site = site(&config, &data)?;
        let db = Db::open(&data)?;
        let projects = Arc::new(projects(&config, &data)?);
        seed::missing(&db, &projects).await?;
        let admin = admin_token(config.admin_token, &data)?;
        let (stop, stopping) = watch::channel(false);
        let app = Arc::new(App {
            runner: runner(&db, &projects, &data, config.supervisor).await?,
            access: Access::new(db.clone(), &admin, &data),
            hosts: Hosts::new(&config.hosts, address),
            base: config.base,
            behind_proxy: config.behind_proxy,
            db,
            projects,
            site,
            stopping,
        });
        let serving = serve(&app, listener);
        Ok(Self { app, address, stop, serving, _lock: lock })
    }

    /// Its parts.
    #[must_use]
    pub fn app(&self) -> &Shared {
        &self.app
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page of ours, for a person at this machine.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let mut host = self.address;
        if host.ip().is_unspecified() {
            host.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{host}{}{path}", self.app.base)
    }

    /// A link that signs in as admin, once, within ten minutes. The code stands behind a `#`, so
    /// that no server or proxy ever sees it in an address.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn sign_in_link(&self) -> Result<String, DbError> {
        let code = self.app.access.new_code("admin", Role::Admin).await?;
        Ok(self.url(&format!("sign-in#{code}")))
    }

    /// Reads the project files again. What is wrong with them is logged, and changes nothing.
    pub async fn reload(&self) {
        let read = self.app.projects.reload().map_err(StartFailure::from);
        let done = match read {
            Ok(()) => seed::missing(&self.app.db, &self.app.projects).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => tracing::info!("the project files were read again"),
            Err(error) => tracing::error!(%error, "the project files stay as they were"),
        }
    }

    /// Stops listening, ends what runs, and waits for the last answers.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        self.app.runner.shutdown().await;
        if tokio::time::timeout(LAST_REQUESTS, self.serving).await.is_err() {
            tracing::warn!("some requests were still open when the server ended");
        }
    }
}

/// Makes the data directory, for its owner alone.
fn prepare(data: &Path) -> Result<PathBuf, StartFailure> {
    let failed = |reason| StartFailure::Data { path: data.to_owned(), reason };
    if !data.exists() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(data).map_err(failed)?;
    }
    data.canonicalize().map_err(failed)
}

/// One server a data directory: two would both execute what is due. The lock goes with the
/// process, however that ends.
fn lock(data: &Path) -> Result<fs::File, StartFailure> {
    let failed = |reason| StartFailure::Data { path: data.to_owned(), reason };
    let file = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(data.join("lock"))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StartFailure::Taken(data.to_owned())),
        Err(fs::TryLockError::Error(reason)) => Err(failed(reason)),
    }
}

fn admin_token(from_environment: Option<String>, data: &Path) -> Result<String, StartFailure> {
    let file = data.join("admin-token");
    if from_environment.is_none() {
        tracing::info!(file = %file.display(), "the admin token is in a file");
    }
    secret::admin_token(from_environment, &file)
        .map_err(|reason| StartFailure::Data { path: file, reason })
}

fn site(config: &Config, data: &Path) -> Result<Site, StartFailure> {
    Site::open(config.app.as_deref(), &data.join("cache"), &config.base).map_err(|reason| {
        StartFailure::Site { folder: config.app.clone().unwrap_or_default(), reason }
    })
}

fn projects(config: &Config, data: &Path) -> Result<Projects, StartFailure> {
    Ok(match &config.project {
        Some(path) => Projects::load(path)?,
        None if config.demo => Projects::load(&demo::set_up(data)?)?,
        None => Projects::none(),
    })
}

async fn runner(
    db: &Db,
    projects: &Arc<Projects>,
    data: &Path,
    supervisor: Option<PathBuf>,
) -> Result<Runner, RunnerError> {
    let (db, projects) = (db.clone(), Arc::clone(projects));
    match supervisor {
        Some(binary) => Runner::start_with(db, projects, data, binary).await,
        None => Runner::start(db, projects, data.to_owned()).await,
    }
}

fn serve(app: &Shared, listener: TcpListener) -> JoinHandle<()> {
    let mut stopping = app.stopping.clone();
    let until = async move {
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    tokio::spawn(listen::serve(listener, http::service(app), Limits::default(), until))
}
