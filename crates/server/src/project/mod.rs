//! The project file: what exists (services, jobs, addons, repositories) and how it is acted on.
//! One TOML file is one project; a directory may hold several. The database owns pipelines,
//! stages, flows and runs; a file's `[[pipeline]]` tables only seed it.
//!
//! May import: `slipway-api` for stages and resource types. Must not know: HTTP, the database,
//! the runner, the drivers.

mod check;
pub mod demo;
mod file;
mod load;
mod units;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use slipway_api::{resource::ResourceType, stage::Stage};

/// Variables that Slipway itself hands to commands. No project file may allow, pass or set them.
pub const HANDED: [&str; 14] = [
    "PATH",
    "ARTIFACT",
    "BUILD_ID",
    "COMMIT_SHA",
    "BRANCH",
    "IMAGE",
    "RELEASE_TARGET",
    "IDEMPOTENCY_KEY",
    "BACKUP_FILE",
    "BACKUP_ID",
    "BACKUP_TYPE",
    "COMPRESSION",
    "RUN_ID",
    "ATTEMPT",
];

/// All projects of this server. Cheap to share; [`Projects::reload`] reads the files again.
#[derive(Debug)]
pub struct Projects {
    path: Option<PathBuf>,
    list: RwLock<Arc<Vec<Arc<Project>>>>,
}

impl Projects {
    /// Reads a project file, or every `*.toml` of a directory.
    ///
    /// # Errors
    /// A file that can't be read, isn't valid TOML, or says something that makes no sense: with
    /// file, line, column and a sentence.
    pub fn load(path: &Path) -> Result<Self, ProjectError> {
        let list = load::projects(path)?;
        Ok(Self { path: Some(path.to_owned()), list: RwLock::new(Arc::new(list)) })
    }

    /// A server without any project.
    #[must_use]
    pub fn none() -> Self {
        Self { path: None, list: RwLock::default() }
    }

    /// Reads the files again. On an error everything stays as it was.
    ///
    /// # Errors
    /// As [`Projects::load`].
    pub fn reload(&self) -> Result<(), ProjectError> {
        let Some(path) = &self.path else { return Ok(()) };
        let list = Arc::new(load::projects(path)?);
        *self.list.write().unwrap_or_else(PoisonError::into_inner) = list;
        Ok(())
    }

    /// The project with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Arc<Project>> {
        self.list().iter().find(|project| project.id == id).cloned()
    }

    /// All projects, by file name.
    #[must_use]
    pub fn list(&self) -> Arc<Vec<Arc<Project>>> {
        Arc::clone(&self.list.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Why a project file was refused. Displays as `file:line:column: sentence`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}:{column}: {message}", file.display())]
pub struct ProjectError {
    pub file: PathBuf,
    /// Both count from 1; 1:1 where the whole file is meant.
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// One project, with all paths absolute.
#[derive(Debug, Clone)]
pub struct Project {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub services: Vec<Service>,
    pub jobs: Vec<Job>,
    pub addons: Vec<Addon>,
    /// By the public URL that documents and services name.
    pub repositories: BTreeMap<String, Repository>,
    pub pipelines: Vec<SeedPipeline>,
}

impl Project {
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    #[must_use]
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id == id)
    }

    #[must_use]
    pub fn addon(&self, id: &str) -> Option<&Addon> {
        self.addons.iter().find(|addon| addon.id == id)
    }
}

/// A service: it builds, or something is deployed to it.
#[derive(Debug, Clone)]
pub struct Service {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: ServiceKind,
}

impl Service {
    /// The vendor's word: `build` or `deployment`.
    #[must_use]
    pub const fn kind_word(&self) -> &'static str {
        match self.kind {
            ServiceKind::Build(_) => "build",
            ServiceKind::Deployment(_) => "deployment",
        }
    }
}

#[derive(Debug, Clone)]
pub enum ServiceKind {
    Build(BuildService),
    Deployment(DeploymentService),
}

/// Turns a commit into an artifact.
#[derive(Debug, Clone)]
pub struct BuildService {
    /// The public URL, a key of [`Project::repositories`].
    pub repository: String,
    /// Runs in a checkout of the commit.
    pub command: Command,
    /// What to keep of the checkout afterwards: a file or folder, relative to it.
    pub artifact: PathBuf,
}

/// Something that an artifact or image is deployed to.
#[derive(Debug, Clone)]
pub struct DeploymentService {
    pub deploy: Command,
    pub health: Option<Health>,
}

/// Asked again and again after a deployment, until it exits with 0.
#[derive(Debug, Clone)]
pub struct Health {
    pub command: Command,
    /// Pause between two questions.
    pub interval: Duration,
    /// How long the service may take, where the node doesn't say.
    pub within: Duration,
}

#[derive(Debug, Clone)]
pub struct Job {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub run: Command,
    /// Gives the job another artifact or image; without it the job simply runs with what it was
    /// given (`ARTIFACT` or `IMAGE`).
    pub deploy: Option<Command>,
}

#[derive(Debug, Clone)]
pub struct Addon {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    /// The sort of addon, in the author's own words: `sqlite`.
    pub kind: String,
    pub backup: Option<Command>,
    pub restore: Option<Command>,
}

/// Where a public repository URL is really fetched from.
#[derive(Debug, Clone)]
pub struct Repository {
    /// A path on this machine, or an https or ssh URL.
    pub remote: String,
    /// A file with `user:token` (https) or a private key (ssh).
    pub credential: Option<PathBuf>,
}

/// A program with its arguments and its fence.
#[derive(Debug, Clone)]
pub struct Command {
    /// Program and arguments. `${NAME}` in an argument is replaced by that variable of the
    /// command; there is no shell, and a value never becomes more than its argument.
    pub args: Vec<String>,
    /// Where it runs, unless the driver says otherwise (a build runs in its checkout).
    pub folder: PathBuf,
    /// Variables that a flow may set, taken from the server's environment where it doesn't.
    pub env: Vec<String>,
    /// Variables that are taken from the server's environment only.
    pub pass: Vec<String>,
    /// Variables with a fixed value.
    pub set: BTreeMap<String, String>,
    pub timeout: Duration,
    /// How often a failing command is started at most.
    pub attempts: u32,
    /// Pause before another attempt.
    pub backoff: Duration,
    pub on_interrupted: Interrupted,
    /// Bytes of output that are kept.
    pub output_limit: u64,
    /// Bytes that an artifact or a backup may have.
    pub size_limit: u64,
}

/// What to do with a command that was running when the server stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interrupted {
    Again,
    Fail,
    Ask,
}

/// A pipeline that is made when the database has none of this id yet.
#[derive(Debug, Clone)]
pub struct SeedPipeline {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub stages: Vec<SeedStage>,
}

#[derive(Debug, Clone)]
pub struct SeedStage {
    pub stage: Stage,
    pub resources: Vec<(ResourceType, String)>,
    /// The text of the stage's release flow.
    pub flow: Option<String>,
}

/// Replaces each `${NAME}` in one argument of a command. The result stays one argument.
///
/// # Errors
/// A sentence, when a `${` is not closed or `value` doesn't know the name.
pub fn expand<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after
            .split_once('}')
            .ok_or_else(|| format!("the argument \"{text}\" has a \"${{\" without a \"}}\""))?;
        let value = value(name).ok_or_else(|| {
            format!(
                "the argument \"{text}\" uses ${{{name}}}, which this command doesn't have: name \
                 it in \"env\", \"pass\" or \"set\""
            )
        })?;
        out.push_str(before);
        out.push_str(value);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}
