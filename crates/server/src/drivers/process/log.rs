//! Where a command's output goes: a file with a bound, or memory.

use std::{
    io::{self, SeekFrom},
    path::{Path, PathBuf},
};

use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
    sync::watch,
};

/// The most that one answer of [`read_log`] holds, in bytes.
const PIECE: u64 = 262_144;

/// The kept output of one node. All attempts and all commands of a node write behind each other.
#[derive(Debug)]
pub struct Log {
    file: File,
    path: PathBuf,
    size: u64,
    limit: u64,
    truncated: bool,
    grown: watch::Sender<u64>,
}

impl Log {
    /// Opens the file for more. `limit` is in bytes; `grown` is told the size after each write.
    ///
    /// # Errors
    /// When the file can't be made.
    pub async fn open(path: &Path, limit: u64, grown: watch::Sender<u64>) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).await?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path).await?;
        let size = file.metadata().await?.len();
        let truncated = fs::try_exists(marker(path)).await?;
        Ok(Self { file, path: path.to_owned(), size, limit, truncated, grown })
    }

    /// What the project file says about the command at hand.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Appends what still fits. The first piece that doesn't is followed by a notice.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.truncated {
            return Ok(());
        }
        let room = usize::try_from(self.limit.saturating_sub(self.size)).unwrap_or(usize::MAX);
        let kept = &bytes[..bytes.len().min(room)];
        self.append(kept).await?;
        if kept.len() < bytes.len() {
            self.truncated = true;
            File::create(marker(&self.path)).await?;
            let limit = self.limit;
            let notice = format!("\n[slipway] Only the first {limit} bytes of output are kept.\n");
            self.append(notice.as_bytes()).await?;
        }
        Ok(())
    }

    /// A line of Slipway's own, told apart by its beginning.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn note(&mut self, sentence: &str) -> io::Result<()> {
        self.write(format!("[slipway] {sentence}\n").as_bytes()).await
    }

    async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.file.flush().await?;
        self.size += bytes.len() as u64;
        self.grown.send_replace(self.size);
        Ok(())
    }
}

/// Says that a log is shorter than what was printed.
fn marker(path: &Path) -> PathBuf {
    path.with_extension("truncated")
}

/// Takes the output of one command.
#[derive(Debug)]
pub enum Sink<'a> {
    Log(&'a mut Log),
    /// At most so many bytes; the rest is dropped.
    Memory(&'a mut Vec<u8>, usize),
}

impl Sink<'_> {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Log(log) => log.write(bytes).await,
            Self::Memory(kept, limit) => {
                let room = limit.saturating_sub(kept.len());
                kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
                Ok(())
            }
        }
    }
}

/// A piece of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    pub from: u64,
    pub size: u64,
    pub text: String,
    pub truncated: bool,
}

/// Reads a piece of a log from the byte `from` on, both ends moved to borders of characters.
/// A node that printed nothing has an empty log.
///
/// # Errors
/// When the disk refuses.
pub async fn read_log(path: &Path, from: u64) -> io::Result<Kept> {
    let mut file = match File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::default()),
        Err(error) => return Err(error),
    };
    let size = file.metadata().await?.len();
    let from = from.min(size);
    file.seek(SeekFrom::Start(from)).await?;
    let mut bytes = Vec::new();
    file.take(PIECE).read_to_end(&mut bytes).await?;
    let start = bytes.iter().take(3).take_while(|byte| is_continuation(**byte)).count();
    let end = whole_characters(&bytes);
    Ok(Kept {
        from: from + start as u64,
        size,
        text: String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default()).into_owned(),
        truncated: fs::try_exists(marker(path)).await?,
    })
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// The length without a character that is cut off at the end. What is no UTF-8 stays.
fn whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes.iter().rev().take(3).take_while(|byte| is_continuation(**byte)).count();
    let Some(lead_at) = bytes.len().checked_sub(tail + 1) else { return bytes.len() };
    let needed = match bytes[lead_at] {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => 1,
    };
    if needed > tail + 1 { lead_at } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn log(path: &Path, limit: u64) -> Log {
        Log::open(path, limit, watch::Sender::new(0)).await.expect("a writable folder")
    }

    #[tokio::test]
    async fn what_is_over_the_bound_is_dropped_with_a_notice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x/a.log");
        let mut first = log(&path, 10).await;
        first.write(b"12345678").await.expect("room");
        first.write(b"9abcdef").await.expect("some room");
        first.write(b"more").await.expect("dropped");
        let mut again = log(&path, 10).await;
        again.write(b"later").await.expect("dropped");
        let kept = read_log(&path, 0).await.expect("readable");
        assert!(kept.text.starts_with("123456789a\n[slipway] Only the first 10 bytes"));
        assert_eq!(kept.text.matches("[slipway]").count(), 1);
        assert!(!kept.text.contains("more") && !kept.text.contains("later"));
        assert!(kept.truncated);
    }

    #[tokio::test]
    async fn pieces_end_between_characters_and_fit_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        let text = "aäö€😀".repeat(40_000);
        log(&path, u64::MAX).await.write(text.as_bytes()).await.expect("room");
        let (mut read, mut from) = (String::new(), 0);
        loop {
            let kept = read_log(&path, from).await.expect("readable");
            assert_eq!(kept.from, from, "a piece begins where the last one ended");
            if kept.text.is_empty() {
                break;
            }
            from += kept.text.len() as u64;
            read.push_str(&kept.text);
        }
        assert_eq!(read, text);
        assert!(!read_log(&path, 2).await.expect("readable").text.contains('\u{FFFD}'));
    }

    #[tokio::test]
    async fn what_is_no_text_is_shown_as_far_as_it_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        log(&path, 99).await.write(b"a\xFF\xFEb\x80").await.expect("room");
        let kept = read_log(&path, 0).await.expect("readable");
        assert_eq!(kept.text, "a\u{FFFD}\u{FFFD}b\u{FFFD}");
        assert_eq!(read_log(&folder.path().join("none"), 5).await.expect("none"), Kept::default());
    }
}
