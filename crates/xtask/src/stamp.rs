//! Whether something that was built or installed is still what its inputs ask for.
//!
//! A stamp is a small file under `target/stamps` with a hash of the inputs' names and contents, and
//! of the output. Times are not asked: a fresh clone or a changed branch moves them for nothing.

use crate::{Outcome, project};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// Inputs (files or folders) and the output file that stands for what was made of them.
pub struct Stamp {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    output: PathBuf,
    note: String,
}

impl Stamp {
    /// `note` is what else decides, for example the versions of the tools.
    pub fn new(name: &str, inputs: Vec<PathBuf>, output: PathBuf, note: &str) -> Self {
        let file = project::root().join("target/stamps").join(name);
        Self { file, inputs, output, note: note.to_owned() }
    }

    /// Whether the output was made of these very inputs, and is still there unchanged.
    pub fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|stamped| stamped == self.text(self.inputs()))
    }

    /// Remembers that the output was made of the inputs with this hash. Take the hash before the
    /// work: an input that changes meanwhile must lead to work again.
    ///
    /// # Errors
    /// When the stamp can't be written.
    pub fn remember(&self, inputs_before: u64) -> Outcome {
        let text = self.text(inputs_before);
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
        }
        fs::write(&self.file, text).map_err(|error| unwritten(&self.file, &error))
    }

    /// The hash of the inputs as they are now.
    pub fn inputs(&self) -> u64 {
        hash(&self.inputs, &self.note)
    }

    fn text(&self, inputs: u64) -> String {
        format!("{inputs:016x} {:016x}", hash(std::slice::from_ref(&self.output), ""))
    }
}

/// A hash over the names and contents of files and of all files in folders. What is missing counts
/// as missing.
pub fn hash(paths: &[PathBuf], note: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    note.hash(&mut hasher);
    for path in paths {
        hash_path(path, &mut hasher);
    }
    hasher.finish()
}

fn hash_path(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    if let Ok(entries) = fs::read_dir(path) {
        let mut children: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        children.sort();
        for child in children {
            hash_path(&child, hasher);
        }
    } else {
        fs::read(path).ok().hash(hasher);
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> String {
    format!("{} could not be written: {error}.", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_input_or_a_lost_output_breaks_the_stamp() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        fs::create_dir_all(folder.join("in/deeper")).unwrap();
        fs::write(folder.join("in/deeper/a.txt"), "one").unwrap();
        fs::write(folder.join("out"), "built").unwrap();
        let stamp = Stamp {
            file: folder.join("stamp"),
            inputs: vec![folder.join("in")],
            output: folder.join("out"),
            note: "tool 1".to_owned(),
        };

        assert!(!stamp.holds());
        stamp.remember(stamp.inputs()).unwrap();
        assert!(stamp.holds());

        fs::write(folder.join("in/deeper/a.txt"), "two").unwrap();
        assert!(!stamp.holds());
        fs::write(folder.join("in/deeper/a.txt"), "one").unwrap();
        assert!(stamp.holds());

        fs::write(folder.join("in/new.txt"), "").unwrap();
        assert!(!stamp.holds());
        fs::remove_file(folder.join("in/new.txt")).unwrap();

        fs::remove_file(folder.join("out")).unwrap();
        assert!(!stamp.holds());
        fs::remove_dir_all(folder).unwrap();
    }
}
