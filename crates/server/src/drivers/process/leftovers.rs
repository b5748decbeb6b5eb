//! Which supervisors this server has started, on disk, so that the next server can wait until
//! the commands of a killed one are gone before it does anything.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};

use super::GRACE;

/// One supervisor. Its session holds the command and whatever that started.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    supervisor: i32,
    /// When it started, in the kernel's ticks since boot: tells it from a later process with the
    /// same number.
    started: Option<u64>,
}

/// A record on disk. It stays until the supervisor is known to be gone: see [`Registration::end`].
#[derive(Debug)]
pub struct Registration(PathBuf);

impl Registration {
    pub fn new(folder: &Path, supervisor: u32) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let supervisor = i32::try_from(supervisor).map_err(io::Error::other)?;
        let record = Record { supervisor, started: Stat::of(supervisor).map(|stat| stat.started) };
        let path = folder.join(format!("{supervisor}.json"));
        fs::write(&path, serde_json::to_vec(&record)?)?;
        Ok(Self(path))
    }

    /// The supervisor has ended.
    pub fn end(self) {
        // What can't be removed is found to be gone at the next start.
        let _ = fs::remove_file(self.0);
    }
}

/// Waits until nothing is left of the commands of an earlier server, and kills what stays.
/// Blocks: a few milliseconds normally, up to twice [`GRACE`] for commands that resist.
pub fn clear(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if let Ok(record) = serde_json::from_slice::<Record>(&fs::read(&path)?) {
            wait(&record)?;
        }
        fs::remove_file(&path)?;
    }
    Ok(())
}

fn wait(record: &Record) -> io::Result<()> {
    let began = Instant::now();
    loop {
        let left = members(record);
        if left.is_empty() {
            return Ok(());
        }
        if began.elapsed() > GRACE * 2 {
            let message = format!(
                "Commands of an earlier server are still there and can't be killed: {left:?}. End \
                 them, then start again."
            );
            return Err(io::Error::other(message));
        }
        // The supervisor ends its command by itself; only what resists is killed from here.
        if began.elapsed() > GRACE + Duration::from_secs(1) {
            for pid in left {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The supervisor and every process of its session that is still there.
fn members(record: &Record) -> Vec<i32> {
    let Some(started) = record.started else {
        // No /proc: all that can be asked is whether the supervisor is there.
        let there = kill(Pid::from_raw(record.supervisor), None).is_ok();
        return if there { vec![record.supervisor] } else { Vec::new() };
    };
    // Its number was given to somebody else, so nothing of its session is left.
    if Stat::of(record.supervisor).is_some_and(|stat| stat.started != started) {
        return Vec::new();
    }
    processes(|stat| stat.session == record.supervisor && stat.started >= started)
}

/// Processes that are not yet dead and of which `wanted` is true; none where there is no `/proc`.
pub fn processes(wanted: impl Fn(&Stat) -> bool) -> Vec<i32> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| Stat::of(*pid).is_some_and(|stat| !stat.zombie && wanted(&stat)))
        .collect()
}

/// A line of `/proc/PID/stat`, as far as it matters here.
pub struct Stat {
    zombie: bool,
    pub parent: i32,
    session: i32,
    started: u64,
}

impl Stat {
    fn of(pid: i32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The program's name stands in parentheses and may hold anything, so count from its end.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        Some(Self {
            zombie: matches!(*fields.first()?, "Z" | "X"),
            parent: fields.get(1)?.parse().ok()?,
            session: fields.get(3)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
        })
    }
}
