//! The files of the app, as they are served.

use std::{
    collections::HashMap,
    fs, io,
    path::Path,
    sync::{OnceLock, PoisonError, RwLock},
};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::access::secret::hex;

/// Which encodings a browser takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    pub brotli: bool,
    pub gzip: bool,
}

/// One file, with its compressed forms once they are made.
pub struct File {
    pub kind: &'static str,
    /// Its name holds a hash of what is in it: another content has another name.
    pub immutable: bool,
    pub etag: String,
    pub bytes: Bytes,
    /// Whether the build brought its brotli form along (`NAME.br`).
    pub packed: bool,
    pub gzip: OnceLock<Bytes>,
    brotli: RwLock<Option<Bytes>>,
}

impl File {
    fn new(path: &str, bytes: Bytes, brotli: Option<Bytes>) -> Self {
        let immutable = has_hash(path);
        // A name with a hash is a tag already, and hashing megabytes takes its time.
        let etag = if immutable {
            hex(&Sha256::digest(path.as_bytes())[..8])
        } else {
            hex(&Sha256::digest(&bytes)[..16])
        };
        Self {
            kind: kind(path),
            immutable,
            etag,
            bytes,
            packed: brotli.is_some(),
            gzip: OnceLock::new(),
            brotli: RwLock::new(brotli),
        }
    }

    /// The best brotli form so far.
    pub fn brotli(&self) -> Option<Bytes> {
        self.brotli.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_brotli(&self, form: Bytes) {
        *self.brotli.write().unwrap_or_else(PoisonError::into_inner) = Some(form);
    }

    /// The smallest form there is that the browser takes.
    pub fn encoded(&self, accepted: Accepted) -> (Option<&'static str>, Bytes) {
        if let Some(bytes) = self.brotli().filter(|_| accepted.brotli) {
            return (Some("br"), bytes);
        }
        if let Some(bytes) = self.gzip.get().filter(|_| accepted.gzip) {
            return (Some("gzip"), bytes.clone());
        }
        (None, self.bytes.clone())
    }

    /// Whether compressing it is worth anything.
    fn compressible(&self) -> bool {
        let text = ["text/", "application/wasm", "application/json", "image/svg"];
        self.bytes.len() > 512 && text.iter().any(|kind| self.kind.starts_with(kind))
    }
}

/// All files by their path in the folder.
#[derive(Default)]
pub struct Files {
    files: HashMap<String, File>,
}

impl Files {
    /// # Errors
    /// When something in the folder can't be read.
    pub fn read(folder: &Path, base: &str) -> io::Result<Self> {
        let mut found = HashMap::new();
        collect(folder, "", &mut found)?;
        let mut forms: HashMap<String, Vec<u8>> = HashMap::new();
        found.retain(|path, bytes| {
            let Some(of) = path.strip_suffix(".br") else { return true };
            forms.insert(of.to_owned(), std::mem::take(bytes));
            false
        });
        let files = found.into_iter().map(|(path, bytes)| {
            let file = if path == "index.html" {
                // Written anew, so a form that was made of it before is no longer one.
                File::new(&path, with_base(&bytes, base).into(), None)
            } else {
                File::new(&path, bytes.into(), forms.remove(&path).map(Bytes::from))
            };
            (path, file)
        });
        Ok(Self { files: files.collect() })
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    pub fn compressible(&self) -> impl Iterator<Item = &File> {
        self.files.values().filter(|file| file.compressible())
    }
}

fn collect(folder: &Path, below: &str, files: &mut HashMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A name that isn't UTF-8 can't be asked for.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{below}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Tells the app where it lives. `base` is made of path characters only.
fn with_base(index: &[u8], base: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(index);
    text.replacen("<base href=\"/\"", &format!("<base href=\"{base}\""), 1).into_bytes()
}

/// Trunk puts at least 12 hexadecimal digits behind a hyphen in the file's name. Folders don't
/// count: wasm-bindgen names some by a hash of something else than their content.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts = name.split('-').skip(1);
    let digits = |part: &str| part.bytes().take_while(u8::is_ascii_hexdigit).count();
    parts.into_iter().any(|part| {
        let digits = digits(part);
        digits >= 12 && matches!(part.as_bytes().get(digits), Some(b'.' | b'_'))
    })
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" | "webmanifest" => "application/json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{has_hash, with_base};

    #[test]
    fn only_a_hash_in_the_files_own_name_counts() {
        assert!(has_hash("slipway-app-3f2a9c0d1e4b5a67_bg.wasm"));
        assert!(has_hash("assets/style-3f2a9c0d1e4b5a67.css"));
        for name in ["index.html", "slipway-app.js", "a-bad.js", "snippets/x-3f2a9c0d1e4b5a67/i.js"]
        {
            assert!(!has_hash(name), "{name}");
        }
    }

    #[test]
    fn the_page_is_told_where_it_lives() {
        let page = with_base(b"<head><base href=\"/\" /></head>", "/ops/");
        assert_eq!(page, b"<head><base href=\"/ops/\" /></head>");
    }
}
