//! Compressed forms of the app's files: made once in the background, and kept for the next start
//! under the hash of what they were made from.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use super::files::{File, Files};
use crate::access::secret::hex;

/// Starts compressing; every file has its form from the moment that it is made. gzip comes first,
/// because it is there at once; brotli takes seconds and is a fifth smaller.
pub fn in_background(files: &Arc<Files>, cache: PathBuf) {
    let files = Arc::clone(files);
    let work = move || {
        if let Err(error) = all(&files, &cache) {
            tracing::warn!(%error, "the app is served uncompressed");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("slipway-compress".into()).spawn(work) {
        tracing::warn!(%error, "the app is served uncompressed");
    }
}

fn all(files: &Files, cache: &Path) -> io::Result<()> {
    fs::create_dir_all(cache)?;
    let files: Vec<(&Arc<File>, String)> = files
        .iter()
        .filter(|file| file.compressible())
        .map(|file| (file, hex(&Sha256::digest(&file.bytes))))
        .collect();
    let mut kept = HashSet::new();
    for (file, hash) in &files {
        let bytes = remembered(cache, &format!("{hash}.gz"), &mut kept, || gzip(&file.bytes))?;
        let _ = file.gzip.set(bytes.into());
    }
    for (file, hash) in &files {
        let bytes = remembered(cache, &format!("{hash}.br"), &mut kept, || brotli(&file.bytes))?;
        let _ = file.brotli.set(bytes.into());
    }
    forget_others(cache, &kept)
}

fn remembered(
    cache: &Path,
    name: &str,
    kept: &mut HashSet<String>,
    make: impl FnOnce() -> io::Result<Vec<u8>>,
) -> io::Result<Vec<u8>> {
    kept.insert(name.to_owned());
    let path = cache.join(name);
    if let Ok(bytes) = fs::read(&path) {
        return Ok(bytes);
    }
    let bytes = make()?;
    // Under another name first: a server that is killed now leaves no half file behind.
    let half = cache.join(format!("{name}.part"));
    fs::write(&half, &bytes)?;
    fs::rename(&half, &path)?;
    Ok(bytes)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    // Best quality, the largest window that every browser takes.
    brotli::CompressorWriter::new(&mut out, 64 * 1024, 11, 22).write_all(bytes)?;
    Ok(out)
}

/// Removes what belongs to earlier builds of the app.
fn forget_others(cache: &Path, kept: &HashSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(cache)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| kept.contains(name)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{io::Read, sync::Arc};

    use super::all;
    use crate::http::site::files::{Accepted, Files};

    #[test]
    fn both_forms_are_made_kept_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, cache) = (dir.path().join("app"), dir.path().join("cache"));
        std::fs::create_dir(&folder).unwrap();
        let text = "let x = 1;\n".repeat(500);
        std::fs::write(folder.join("a.js"), &text).unwrap();
        let load = || {
            let files = Arc::new(Files::read(&folder, "/").unwrap());
            all(&files, &cache).unwrap();
            files
        };
        let files = load();
        let file = files.get("a.js").unwrap();
        let (name, packed) = file.encoded(Accepted { brotli: true, gzip: true });
        assert_eq!(name, Some("br"));
        let mut unpacked = String::new();
        brotli::Decompressor::new(&packed[..], 4096).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        let (name, packed) = file.encoded(Accepted { brotli: false, gzip: true });
        assert_eq!(name, Some("gzip"));
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        let names = || {
            let mut names: Vec<_> = std::fs::read_dir(&cache)
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            names.sort();
            names
        };
        let before = names();
        assert_eq!(before.len(), 2);
        load();
        assert_eq!(names(), before);
        std::fs::write(folder.join("a.js"), text.replace('1', "2")).unwrap();
        load();
        assert!(names().len() == 2 && names() != before);
    }
}
