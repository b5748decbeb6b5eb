//! What all drivers share: where things are kept, and who may touch what at a time.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use super::process::Fence;
use crate::db::Db;

/// The drivers' surroundings. One per server.
pub struct World {
    pub db: Db,
    pub fence: Fence,
    data: PathBuf,
    /// One lock for each thing that only one command may change at a time.
    locks: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl World {
    /// `data` is the data directory, `supervisor` the `slipway` binary.
    ///
    /// # Errors
    /// When the data directory's path can't be made absolute.
    pub fn new(db: Db, data: &Path, supervisor: PathBuf) -> io::Result<Self> {
        let data = std::path::absolute(data)?;
        let fence = Fence::new(supervisor, &data);
        Ok(Self { db, fence, data, locks: Mutex::default() })
    }

    /// Removes the checkouts of builds that an earlier server did not finish.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn clear_checkouts(&self) -> io::Result<()> {
        match tokio::fs::remove_dir_all(self.data.join("work")).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Where the output of a node is kept. Names in it are hashes: pointers hold slashes.
    #[must_use]
    pub fn log_path(&self, run: &str, node: &str) -> PathBuf {
        self.data.join("output").join(digest(run)).join(format!("{}.log", digest(node)))
    }

    #[must_use]
    pub fn build_folder(&self, build: &str) -> PathBuf {
        self.data.join("builds").join(build)
    }

    #[must_use]
    pub fn checkout_folder(&self, build: &str) -> PathBuf {
        self.data.join("work").join(build)
    }

    #[must_use]
    pub fn backup_folder(&self, backup: &str) -> PathBuf {
        self.data.join("backups").join(backup)
    }

    #[must_use]
    pub fn mirror_folder(&self, remote: &str) -> PathBuf {
        self.data.join("git").join(format!("{}.git", digest(remote)))
    }

    /// Waits until nobody else holds the lock of that name.
    pub async fn lock(&self, name: String) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(name).or_default())
        };
        lock.lock_owned().await
    }
}

/// A short name for a long text, fit for a file.
#[must_use]
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// A number for something new: hard to guess twice, easy to read.
#[must_use]
pub fn fresh() -> String {
    uuid::Uuid::new_v4().simple().to_string()[..8].to_owned()
}
