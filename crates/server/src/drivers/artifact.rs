//! The files of a build: kept after it succeeded, found again when it is released.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use slipway_engine::event::Artifact;

use super::{work::Failed, world::World};
use crate::db::builds::{self, Build};

/// Moves what the build made from its checkout into the folder of the build.
///
/// # Errors
/// A sentence, when the artifact is missing, is a way out of the checkout, or has more than
/// `limit` bytes.
pub fn keep(checkout: &Path, artifact: &Path, folder: &Path, limit: u64) -> Result<(), String> {
    let made = checkout.join(artifact);
    let shown = artifact.display();
    let fail = |error: io::Error| format!("The artifact {shown} can't be kept: {error}.");
    let meta = fs::symlink_metadata(&made).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!("The build made no {shown}: that is what the project file keeps of it.")
        }
        _ => fail(error),
    })?;
    let real = made.canonicalize().map_err(fail)?;
    if meta.is_symlink() || !real.starts_with(checkout.canonicalize().map_err(fail)?) {
        return Err(format!("The artifact {shown} is a link: only files and folders are kept."));
    }
    let size = size(&real).map_err(fail)?;
    if size > limit {
        return Err(format!(
            "The artifact {shown} has {size} bytes, and the project file allows {limit}."
        ));
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(fail)?;
    }
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(fail)?;
    if meta.is_dir() {
        return fs::rename(&real, folder).map_err(fail);
    }
    let name = real.file_name().unwrap_or_default();
    fs::create_dir(folder).and_then(|()| fs::rename(&real, folder.join(name))).map_err(fail)
}

/// Bytes of a file, or of all files in a folder; links are not followed.
fn size(path: &Path) -> io::Result<u64> {
    let mut total = 0;
    let mut left = vec![path.to_owned()];
    while let Some(path) = left.pop() {
        let meta = fs::symlink_metadata(&path)?;
        if meta.is_dir() {
            for entry in fs::read_dir(&path)? {
                left.push(entry?.path());
            }
        } else {
            total += meta.len();
        }
    }
    Ok(total)
}

/// A successful build whose files are there, and its folder.
///
/// # Errors
/// A sentence, when there is no such build, it failed, or its files are gone.
pub async fn finished(world: &World, project: &str, id: &str) -> Result<(Build, PathBuf), Failed> {
    let (of, wanted) = (project.to_owned(), id.to_owned());
    let build = world.db.read(move |conn| builds::get(conn, &of, &wanted)).await?;
    let build =
        build.ok_or_else(|| Failed::unusable(format!("There is no build \"{id}\" any more.")))?;
    if build.status != "success" {
        let why = match build.status.as_str() {
            "building" => "it is not done yet",
            "aborted" => "it was aborted",
            _ => "it failed",
        };
        return Err(Failed::unusable(format!("The build \"{id}\" can't be used: {why}.")));
    }
    let folder = world.build_folder(&build.id);
    if !tokio::fs::try_exists(&folder).await? {
        return Err(Failed::unusable(format!("The files of the build \"{id}\" are gone.")));
    }
    Ok((build, folder))
}

/// How a build is named by what deploys it.
#[must_use]
pub fn of_build(build: &Build) -> Artifact {
    Artifact::Build {
        build_id: build.id.clone(),
        service: build.service.clone(),
        branch: build.branch.clone(),
        sha: build.sha.clone(),
    }
}

/// What a command is told about an artifact.
#[must_use]
pub fn handed(world: &World, artifact: &Artifact) -> Vec<(&'static str, String)> {
    match artifact {
        Artifact::Build { build_id, branch, sha, .. } => vec![
            ("ARTIFACT", world.build_folder(build_id).display().to_string()),
            ("BUILD_ID", build_id.clone()),
            ("COMMIT_SHA", sha.clone().unwrap_or_default()),
            ("BRANCH", branch.clone().unwrap_or_default()),
        ],
        Artifact::Image { image_path, .. } => vec![("IMAGE", image_path.clone())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_kept_and_links_are_not() {
        let root = tempfile::tempdir().expect("a folder");
        let checkout = root.path().join("work");
        fs::create_dir_all(checkout.join("out")).expect("a folder");
        fs::write(checkout.join("out/a"), "1").expect("a file");
        fs::write(checkout.join("app.tar"), "2").expect("a file");
        std::os::unix::fs::symlink("/etc", checkout.join("link")).expect("a link");
        let limit = 1;
        keep(&checkout, Path::new("out"), &root.path().join("b/1"), limit).expect("kept");
        assert_eq!(fs::read_to_string(root.path().join("b/1/a")).expect("kept"), "1");
        keep(&checkout, Path::new("app.tar"), &root.path().join("b/2"), limit).expect("kept");
        assert_eq!(fs::read_to_string(root.path().join("b/2/app.tar")).expect("kept"), "2");
        fs::write(checkout.join("large"), "22").expect("a file");
        for (artifact, words) in [
            ("link", "is a link"),
            ("link/passwd", "is a link"),
            ("none", "made no none"),
            ("large", "has 2 bytes"),
        ] {
            let error = keep(&checkout, Path::new(artifact), &root.path().join("b/3"), limit)
                .expect_err("refused");
            assert!(error.contains(words), "{error}");
        }
    }
}
