//! What a node does in the world: real processes and Git, inside a fence (ARCHITECTURE.md,
//! "Drivers do real work, inside a fence").
//!
//! - `process`: runs one command: empty environment, own process group, capped time and output,
//!   dead with the server.
//! - `git`: mirrors of repositories and checkouts of commits. - `repository`: what is in them.
//! - `environment`: which variables a command sees.
//! - `world`: where things are kept. - `work`: what a node is given, and how it ends.
//! - `build`, `release`, `job`, `backup`: one node kind each. - `artifact`: files of builds.
//!
//! May import: the project, the database, the engine. Must not know: HTTP, the runner.

mod artifact;
mod backup;
mod build;
mod environment;
mod git;
mod job;
pub mod process;
mod release;
pub mod repository;
mod work;
mod world;

pub use environment::forbidden as forbidden_variable;
pub use process::supervise;
pub use work::{Done, Failed, Work};
pub use world::World;

use slipway_engine::event::Artifact;

/// Does what a node asks for, and says how it went. The node's time begins here.
pub async fn execute(work: &mut Work<'_>) -> Result<Done, Failed> {
    if let Some(time) = work.timeout {
        work.stop.after(time);
    }
    match work.kind() {
        "Build" => build::execute(work).await,
        "Release" => release::execute(work).await,
        "JobRun" => job::execute(work).await,
        "AddonBackup" => backup::execute(work).await,
        other => {
            Err(Failed::unusable(format!("Nodes of kind \"{other}\" can't be run by this server.")))
        }
    }
}

/// Whether what was deployed once can still be deployed: a build's files must be there.
pub async fn available(world: &World, project: &str, deployed: &Artifact) -> Result<(), String> {
    match deployed {
        Artifact::Image { .. } => Ok(()),
        Artifact::Build { build_id, .. } => artifact::finished(world, project, build_id)
            .await
            .map(|_| ())
            .map_err(|why| why.message),
    }
}
