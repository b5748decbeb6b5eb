//! The server's side of a supervised command.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    time::{Instant, sleep_until, timeout},
};

use super::{GRACE, Sink, Stop, leftovers, supervise::Report};

/// Starts commands. One per server.
#[derive(Debug, Clone)]
pub struct Fence {
    /// The `slipway` binary.
    supervisor: PathBuf,
    /// Where running supervisors are noted.
    records: PathBuf,
}

/// One command.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Program and arguments.
    pub args: Vec<String>,
    /// The whole environment.
    pub env: Vec<(String, String)>,
    pub folder: PathBuf,
    pub timeout: Duration,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    Exit(i32),
    /// By a signal that did not come from here.
    Signal(i32),
    /// It took longer than it may, and was killed.
    TimedOut,
    /// It was stopped because the work must stop.
    Stopped,
    /// It could not be started; a sentence.
    Refused(String),
}

impl Fence {
    #[must_use]
    pub fn new(supervisor: PathBuf, data: &Path) -> Self {
        Self { supervisor, records: data.join("processes") }
    }

    /// Waits until nothing is left of the commands of an earlier server, and kills what stays.
    ///
    /// # Errors
    /// When something can't be killed, or the notes can't be read.
    pub async fn clear_leftovers(&self) -> io::Result<()> {
        let records = self.records.clone();
        tokio::task::spawn_blocking(move || leftovers::clear(&records))
            .await
            .map_err(io::Error::other)?
    }

    /// Runs a command to its end; doesn't start one when work must stop already. When this future
    /// is dropped the command is stopped.
    ///
    /// # Errors
    /// When the supervisor can't be started or is lost, or the output can't be kept. Nothing of
    /// the command runs any more then, except what its supervisor lost.
    pub async fn run(&self, order: &Order, mut sink: Sink<'_>, stop: Stop) -> io::Result<Ended> {
        if stop.reason().is_some() {
            return Ok(Ended::Stopped);
        }
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        let mut supervised = self.start(&line).await?;
        match supervised.attend(order.timeout, &mut sink, stop).await {
            Ok(ended) => {
                supervised.registration.end();
                Ok(ended)
            }
            Err(error) => {
                supervised.give_up().await;
                Err(error)
            }
        }
    }

    /// Starts a supervisor, notes it, and only then lets it begin.
    async fn start(&self, order: &[u8]) -> io::Result<Supervised> {
        let mut child = Command::new(&self.supervisor)
            .arg("supervise")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("its supervisor has no pipes");
        let mut input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let reports = BufReader::new(child.stderr.take().ok_or_else(missing)?).lines();
        let pid = child.id().ok_or_else(missing)?;
        let registration = leftovers::Registration::new(&self.records, pid)?;
        input.write_all(order).await?;
        Ok(Supervised { child, input, output, reports, registration, group: None, killed: false })
    }
}

struct Supervised {
    child: Child,
    /// As long as this is open the supervisor knows that the server lives.
    input: ChildStdin,
    output: ChildStdout,
    reports: Lines<BufReader<ChildStderr>>,
    registration: leftovers::Registration,
    /// The command's process group, once it runs.
    group: Option<Pid>,
    /// What the command started may have outlived the supervisor: it stays noted.
    killed: bool,
}

impl Supervised {
    /// Keeps the output and waits for the end, which it asks for when it is time.
    async fn attend(
        &mut self,
        timeout: Duration,
        sink: &mut Sink<'_>,
        mut stop: Stop,
    ) -> io::Result<Ended> {
        let mut buffer = vec![0; 65_536];
        let mut timer = Instant::now() + timeout;
        let mut ending: Option<Ended> = None;
        let mut output_open = true;
        loop {
            tokio::select! {
                read = self.output.read(&mut buffer), if output_open => match read? {
                    0 => output_open = false,
                    length => sink.write(&buffer[..length]).await?,
                },
                line = self.reports.next_line() => {
                    let report = line?.map(|line| serde_json::from_str(&line)).transpose()?;
                    let ended = match report {
                        Some(Report::Started(group)) => {
                            self.group = Some(Pid::from_raw(group));
                            continue;
                        }
                        Some(Report::Exit(code)) => Ended::Exit(code),
                        Some(Report::Signal(signal)) => Ended::Signal(signal),
                        Some(Report::Refused(sentence)) => Ended::Refused(sentence),
                        None => {
                            self.kill();
                            return Err(io::Error::other("its supervisor was killed"));
                        }
                    };
                    self.drain(sink, &mut buffer).await?;
                    self.child.wait().await?;
                    return Ok(ending.unwrap_or(ended));
                },
                () = sleep_until(timer) => {
                    if ending.is_some() {
                        self.kill();
                        return Err(io::Error::other("its supervisor doesn't answer"));
                    }
                    ending = Some(Ended::TimedOut);
                    timer = self.ask_to_stop().await;
                },
                () = stop.stopped(), if ending.is_none() => {
                    ending = Some(Ended::Stopped);
                    timer = self.ask_to_stop().await;
                },
            }
        }
    }

    /// Asks for the end and waits for it: whoever hears of an error may start the next command.
    async fn give_up(mut self) {
        let last = self.ask_to_stop().await;
        // The pipes are kept open and empty, so that they hold nothing up.
        let mut buffer = vec![0; 65_536];
        let (mut output_open, mut reports_open) = (true, true);
        loop {
            tokio::select! {
                ended = self.child.wait() => {
                    if ended.is_ok() && !self.killed {
                        self.registration.end();
                    }
                    return;
                }
                read = self.output.read(&mut buffer), if output_open => {
                    output_open = matches!(read, Ok(length) if length > 0);
                }
                line = self.reports.next_line(), if reports_open => match line {
                    Ok(Some(line)) => {
                        if let Ok(Report::Started(group)) = serde_json::from_str(&line) {
                            self.group = Some(Pid::from_raw(group));
                        }
                    }
                    _ => reports_open = false,
                },
                () = sleep_until(last) => {
                    self.kill();
                    let _ = self.child.wait().await;
                    return;
                }
            }
        }
    }

    /// Asks for the end; the instant is when even a command that resists must be gone.
    async fn ask_to_stop(&mut self) -> Instant {
        // A supervisor that is gone already has reported why.
        let _ = self.input.write_all(b"stop\n").await;
        Instant::now() + GRACE * 3
    }

    /// Ends the command without its supervisor, which is gone or stuck.
    fn kill(&mut self) {
        self.killed = true;
        // What is gone already can't be killed, and need not.
        if let Some(group) = self.group {
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.child.start_kill();
    }

    /// Reads what is still in the pipe. Something that left the command's group may hold the
    /// other end open, or print for ever: nobody waits for that.
    async fn drain(&mut self, sink: &mut Sink<'_>, buffer: &mut [u8]) -> io::Result<()> {
        let last = Instant::now() + Duration::from_secs(2);
        while Instant::now() < last {
            match timeout(Duration::from_millis(200), self.output.read(buffer)).await {
                Ok(Ok(0)) | Err(_) => break,
                Ok(read) => sink.write(&buffer[..read?]).await?,
            }
        }
        Ok(())
    }
}
