//! Sets up the demo project: files that this program carries, unpacked once and then the
//! person's own. Nothing here knows what is in them but that `setup.sh` finishes the work and
//! `project.toml` describes the result.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use include_dir::{Dir, include_dir};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// Why the demo could not be set up; a sentence.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("The demo can't be unpacked into {}: {reason}", folder.display())]
    Unpack { folder: PathBuf, reason: io::Error },
    #[error("The demo's setup.sh failed ({status}). It said: {said}")]
    Setup { status: String, said: String },
}

/// Makes `data/demo` unless it is there, and gives the path of its project file. Blocks.
///
/// # Errors
/// When the files can't be written or the setup fails; then nothing is left behind.
pub fn set_up(data: &Path) -> Result<PathBuf, DemoError> {
    let folder = data.join("demo");
    if !folder.exists() {
        // Under another name until it is whole: a half of it would never be completed.
        let unfinished = data.join("demo.new");
        let unpack = |reason| DemoError::Unpack { folder: folder.clone(), reason };
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(unpack)?;
        }
        fs::create_dir_all(&unfinished).map_err(unpack)?;
        FILES.extract(&unfinished).map_err(unpack)?;
        run_setup(&unfinished)?;
        fs::rename(&unfinished, &folder).map_err(unpack)?;
    }
    Ok(folder.join("project.toml"))
}

fn run_setup(folder: &Path) -> Result<(), DemoError> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    let output = Command::new("sh")
        .arg("setup.sh")
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .map_err(|reason| DemoError::Unpack { folder: folder.to_owned(), reason })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    Err(DemoError::Setup { status: output.status.to_string(), said })
}
