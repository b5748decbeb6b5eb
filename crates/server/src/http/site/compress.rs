//! Compressed forms of the app's files, made in the background.
//!
//! First quick ones, so that they are there at once; the best brotli takes seconds for a large
//! file, so it waits until the server has settled, and is kept for the next start under the hash
//! of what it was made from.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use super::files::{File, Files};
use crate::access::secret::hex;

/// How long a server runs before it does the slow work.
const SETTLED: Duration = Duration::from_secs(30);
/// Up to this size the best compression is quick as well.
const SMALL: usize = 128 * 1024;
const QUICK: u32 = 9;
const BEST: u32 = 11;

/// Starts compressing; every file has its form from the moment that it is made.
pub fn in_background(files: &Arc<Files>, cache: PathBuf) {
    // Files that are replaced, or whose server has stopped, are not worth the slow work.
    let files = Arc::downgrade(files);
    let work = move || {
        let done = quick(&files, &cache, SMALL).and_then(|()| {
            std::thread::sleep(SETTLED);
            best(&files, &cache, SMALL)
        });
        if let Err(error) = done {
            tracing::warn!(%error, "the app's compressed files can't be kept");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("slipway-compress".into()).spawn(work) {
        tracing::warn!(%error, "the app is served uncompressed");
    }
}

/// gzip, and brotli as it was kept or as it is made in no time.
fn quick(files: &Weak<Files>, cache: &Path, small: usize) -> io::Result<()> {
    let Some(files) = files.upgrade() else { return Ok(()) };
    for file in files.compressible() {
        let _ = file.gzip.set(gzip(&file.bytes)?.into());
        if file.brotli().is_some() {
            continue;
        }
        let form = match fs::read(cache.join(name(file))) {
            Ok(kept) => kept,
            Err(_) if file.bytes.len() <= small => brotli(&file.bytes, BEST)?,
            Err(_) => brotli(&file.bytes, QUICK)?,
        };
        file.set_brotli(form.into());
    }
    Ok(())
}

/// The best brotli of large files, kept; what belongs to earlier builds of the app is removed.
fn best(files: &Weak<Files>, cache: &Path, small: usize) -> io::Result<()> {
    let Some(files) = files.upgrade() else { return Ok(()) };
    fs::create_dir_all(cache)?;
    let mut kept = HashSet::new();
    for file in files.compressible().filter(|file| file.bytes.len() > small && !file.packed) {
        let name = name(file);
        let path = cache.join(&name);
        if !path.exists() {
            let form = brotli(&file.bytes, BEST)?;
            // Under another name first: a server that is killed now leaves no half file behind.
            let half = cache.join(format!("{name}.part"));
            fs::write(&half, &form)?;
            fs::rename(&half, &path)?;
            file.set_brotli(form.into());
        }
        kept.insert(name);
    }
    for entry in fs::read_dir(cache)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| kept.contains(name)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The name of a kept form.
fn name(file: &File) -> String {
    format!("{}.br", hex(&Sha256::digest(&file.bytes)))
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8], quality: u32) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    // The largest window that every browser takes.
    brotli::CompressorWriter::new(&mut out, 64 * 1024, quality, 22).write_all(bytes)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Read, sync::Arc};

    use super::{best, quick};
    use crate::http::site::files::{Accepted, Files};

    /// Bytes that count as small here: the best brotli is slow where nothing is optimised.
    const SMALL: usize = 6000;

    fn unpack(mut reader: impl Read) -> String {
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_form_holds_the_file_and_the_best_one_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, cache) = (dir.path().join("app"), dir.path().join("cache"));
        fs::create_dir(&folder).unwrap();
        let small = "let x = 1;\n".repeat(500);
        let large: String =
            (0..SMALL).map(|number| format!("{};\n", number * number % 977)).collect();
        fs::write(folder.join("a.js"), &small).unwrap();
        fs::write(folder.join("b.js"), &large).unwrap();
        let load = || {
            let files = Arc::new(Files::read(&folder, "/").unwrap());
            quick(&Arc::downgrade(&files), &cache, SMALL).unwrap();
            files
        };
        let files = load();
        let form =
            |name: &str, brotli| files.get(name).unwrap().encoded(Accepted { brotli, gzip: true });
        let quickly = form("b.js", true).1.len();
        best(&Arc::downgrade(&files), &cache, SMALL).unwrap();
        for (name, text) in [("a.js", &small), ("b.js", &large)] {
            let (encoding, packed) = form(name, true);
            assert_eq!(encoding, Some("br"));
            assert_eq!(unpack(brotli::Decompressor::new(&packed[..], 4096)), *text);
            let (encoding, packed) = form(name, false);
            assert_eq!(encoding, Some("gzip"));
            assert_eq!(unpack(flate2::read::GzDecoder::new(&packed[..])), *text);
        }
        let finally = form("b.js", true).1;
        assert!(finally.len() < quickly);
        let again = load();
        assert_eq!(again.get("b.js").unwrap().brotli(), Some(finally), "as it was kept");
        fs::write(folder.join("b.js"), large.replace('1', "2")).unwrap();
        let files = load();
        best(&Arc::downgrade(&files), &cache, SMALL).unwrap();
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 1, "the old one is gone");
    }

    #[test]
    fn a_form_that_the_build_made_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.js"), "let x = 1;\n".repeat(500)).unwrap();
        fs::write(dir.path().join("a.js.br"), "made by the build").unwrap();
        let files = Arc::new(Files::read(dir.path(), "/").unwrap());
        quick(&Arc::downgrade(&files), &dir.path().join("cache"), SMALL).unwrap();
        let file = files.get("a.js").unwrap();
        assert_eq!(file.brotli().unwrap(), "made by the build");
        assert!(files.get("a.js.br").is_none());
    }
}
