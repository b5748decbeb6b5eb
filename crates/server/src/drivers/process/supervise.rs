//! `slipway supervise`: between the server and one command, so that no command outlives its
//! server. A hidden subcommand; people never type it.
//!
//! Standard input brings one [`Order`] as a line of JSON, then perhaps the line `stop`; its end
//! means that the server is gone. Standard output is the command's output and error. Standard
//! error carries [`Report`]s, one JSON line each.
//!
//! What the command leaves behind in its process group is killed when it ends. What deliberately
//! left the group (`setsid`) lives on after a normal end, as a deployment script may want, but is
//! killed as well when the command is stopped or the server dies.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::{
        fd::AsFd,
        unix::process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Child, Command, ExitCode, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::{
        signal::{Signal, kill, killpg},
        wait::{WaitPidFlag, waitpid},
    },
    unistd::{Pid, setsid},
};
use serde::{Deserialize, Serialize};

use super::{GRACE, Order, leftovers};

/// What the supervisor tells the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// The command runs; its process group has this number.
    Started(i32),
    /// It could not be started; a sentence.
    Refused(String),
    Exit(i32),
    /// It was ended by this signal.
    Signal(i32),
}

enum Note {
    Ended(io::Result<ExitStatus>),
    Stop,
}

/// Runs one command to its end. Called by `main` for the hidden subcommand.
#[must_use]
pub fn main() -> ExitCode {
    // A session of its own: signals of a terminal don't reach it, and whatever the command starts
    // can be told by the session. Both calls fail only where they are not needed.
    let _ = setsid();
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
    let mut line = String::new();
    let mut input = BufReader::new(io::stdin());
    if !matches!(input.read_line(&mut line), Ok(length) if length > 0) {
        return ExitCode::SUCCESS;
    }
    let report = match serde_json::from_str::<Order>(&line) {
        Ok(order) => run(&order, input),
        Err(error) => Report::Refused(format!("The supervisor was given no order: {error}.")),
    };
    tell(&report);
    ExitCode::SUCCESS
}

fn tell(report: &Report) {
    // A server that is gone reads no reports.
    if let Ok(mut line) = serde_json::to_string(report) {
        line.push('\n');
        let _ = io::stderr().write_all(line.as_bytes());
    }
}

fn run(order: &Order, input: impl BufRead + Send + 'static) -> Report {
    let mut child = match start(order) {
        Ok(child) => child,
        Err(sentence) => return Report::Refused(sentence),
    };
    // Process ids are far below the bound.
    let group = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
    tell(&Report::Started(group.as_raw()));
    let (notes, inbox) = channel();
    listen(input, notes.clone());
    thread::spawn(move || {
        let _ = notes.send(Note::Ended(child.wait()));
    });
    let (status, stopped) = await_end(&inbox, group);
    let _ = killpg(group, Signal::SIGKILL);
    if stopped {
        kill_strays();
    }
    match status {
        Ok(status) => match (status.code(), status.signal()) {
            (Some(code), _) => Report::Exit(code),
            (None, signal) => Report::Signal(signal.unwrap_or_default()),
        },
        Err(error) => Report::Refused(format!("The command was lost: {error}.")),
    }
}

fn start(order: &Order) -> Result<Child, String> {
    let Some((program, arguments)) = order.args.split_first() else {
        return Err("There is no command.".to_owned());
    };
    // A program with a slash is seen from the folder that it runs in.
    let path =
        if program.contains('/') { order.folder.join(program) } else { program.as_str().into() };
    let error = io::stdout()
        .as_fd()
        .try_clone_to_owned()
        .map_err(|error| format!("There is no way to keep the output of {program}: {error}."))?;
    Command::new(path)
        .args(arguments)
        .env_clear()
        .envs(order.env.iter().map(|(name, value)| (name, value)))
        .current_dir(&order.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::inherit())
        .stderr(error)
        .process_group(0)
        .spawn()
        .map_err(|error| refusal(program, &order.folder, &error))
}

fn refusal(program: &str, folder: &Path, error: &io::Error) -> String {
    let folder = folder.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!("The program {program} was not found (looked from {folder}).")
        }
        io::ErrorKind::PermissionDenied => {
            format!("The program {program} may not be executed (looked from {folder}).")
        }
        _ => format!("The program {program} could not be started in {folder}: {error}."),
    }
}

/// Passes on that the server wants the command to end, or is gone.
fn listen(mut input: impl BufRead + Send + 'static, notes: Sender<Note>) {
    thread::spawn(move || {
        let mut line = String::new();
        // Whatever comes, its end included, means "stop".
        let _ = input.read_line(&mut line);
        let _ = notes.send(Note::Stop);
    });
}

/// Waits for the command's end; after a "stop" asks it to end, and kills it when it doesn't.
fn await_end(inbox: &Receiver<Note>, group: Pid) -> (io::Result<ExitStatus>, bool) {
    let mut deadline: Option<Instant> = None;
    loop {
        let note = match deadline {
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => inbox.recv_timeout(at.saturating_duration_since(Instant::now())),
        };
        match note {
            Ok(Note::Ended(status)) => return (status, deadline.is_some()),
            Ok(Note::Stop) => {
                let _ = killpg(group, Signal::SIGTERM);
                deadline = Some(Instant::now() + GRACE);
            }
            Err(RecvTimeoutError::Timeout) => {
                let _ = killpg(group, Signal::SIGKILL);
                deadline = Some(Instant::now() + GRACE);
            }
            Err(RecvTimeoutError::Disconnected) => {
                let lost = io::Error::other("nobody waits for it");
                return (Err(lost), deadline.is_some());
            }
        }
    }
}

/// Kills what is left of a stopped command outside its group: as subreaper the supervisor has
/// become the parent of all orphans. Their children become orphans in turn.
fn kill_strays() {
    for _ in 0..200 {
        let children = children();
        if children.is_empty() {
            return;
        }
        for child in children {
            let _ = kill(child, Signal::SIGKILL);
        }
        thread::sleep(Duration::from_millis(5));
        while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            if status.pid().is_none() {
                break;
            }
        }
    }
}

/// The supervisor's children, as Linux tells them; none elsewhere.
fn children() -> Vec<Pid> {
    let me = i32::try_from(std::process::id()).unwrap_or_default();
    leftovers::processes(|stat| stat.parent == me).into_iter().map(Pid::from_raw).collect()
}
