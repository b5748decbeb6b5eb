//! The binary, as a person or a machine starts it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

fn slipway(arguments: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slipway"));
    command.args(arguments).arg("--data").arg(data).env_remove("SLIPWAY_ADMIN_TOKEN");
    command
}

/// A server and its address.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut child = slipway(&["serve", "--listen", "127.0.0.1:0"], data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://").expect("an address");
        Self { address: address.to_owned(), child }
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a small number");
        kill(Pid::from_raw(id), signal).expect("sent");
    }

    /// The status of an answer.
    fn status(&self, token: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        let host = &self.address;
        let request = format!(
            "GET /v1/login HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer.split(' ').nth(1).expect("a status").to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim().to_owned()
}

fn run(arguments: &[&str], data: &Path) -> Output {
    slipway(arguments, data).output().expect("run")
}

#[test]
fn a_server_says_where_it_listens_and_stops_when_it_is_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let mut process = Process::start(&data);
        let token = std::fs::read_to_string(data.join("admin-token")).unwrap();
        assert_eq!(process.status(token.trim()), "200");
        assert_eq!(process.status("wrong"), "401");
        process.signal(Signal::SIGHUP);
        assert_eq!(process.status(token.trim()), "200", "it reads its files again and goes on");
        process.signal(signal);
        assert!(process.child.wait().unwrap().success());
    }
}

#[test]
fn two_servers_do_not_share_a_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let first = Process::start(dir.path());
    let second = run(&["serve", "--listen", "127.0.0.1:0"], dir.path());
    assert!(!second.status.success());
    assert!(text(&second.stderr).contains("Another server is using"), "{second:?}");
    drop(first);
    Process::start(dir.path());
}

#[test]
fn tokens_are_made_listed_and_revoked_while_the_server_runs() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::start(dir.path());
    let made = run(&["token", "create", "--name", "ci", "--role", "releaser"], dir.path());
    let token = text(&made.stdout);
    assert_eq!(process.status(&token), "200");
    let twice = run(&["token", "create", "--name", "ci", "--role", "viewer"], dir.path());
    assert_eq!(text(&twice.stderr), "slipway: There is a token named \"ci\" already.");
    let list = text(&run(&["token", "list"], dir.path()).stdout);
    assert!(list.contains("releaser") && list.ends_with("ci"), "{list}");
    assert!(!list.contains(&token));
    assert!(run(&["token", "revoke", "ci"], dir.path()).status.success());
    assert_eq!(process.status(&token), "401");
    assert!(!run(&["token", "revoke", "ci"], dir.path()).status.success());
    let role = run(&["token", "create", "--name", "x", "--role", "boss"], dir.path());
    assert!(text(&role.stderr).contains("a role is one of viewer"), "{role:?}");
}

#[test]
fn an_empty_admin_token_lets_nobody_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = slipway(&["serve", "--listen", "127.0.0.1:0"], dir.path());
    let output = command.env("SLIPWAY_ADMIN_TOKEN", " ").output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("SLIPWAY_ADMIN_TOKEN is empty"));
}

#[test]
fn files_are_checked_with_places_and_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let (good, bad) = (dir.path().join("good.json"), dir.path().join("bad.json"));
    std::fs::write(&good, crate::world::FLOW).unwrap();
    std::fs::write(&bad, "{\n  \"apiVersion\": \"v1.2\"\n}").unwrap();
    let check = |files: &[&Path], more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slipway"));
        command.arg("check").args(more).args(files).output().unwrap()
    };
    assert_eq!(check(&[&good], &[]).status.code(), Some(0));
    let failed = check(&[&good, &bad], &[]);
    assert_eq!(failed.status.code(), Some(1));
    let text = text(&failed.stdout);
    let line = text.lines().find(|line| line.contains("error")).unwrap();
    assert!(line.starts_with(&format!("{}:1:1: error: ", bad.display())), "{line}");
    assert!(line.ends_with("[required]"), "{line}");
    let json = check(&[&bad], &["--format", "json"]);
    let reports: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&reports[0]["severity"], &reports[0]["line"]), (&"error".into(), &1.into()));
    let none = check(&[&dir.path().join("none.json")], &["--format", "json"]);
    assert_eq!(none.status.code(), Some(2));
    let reports: serde_json::Value = serde_json::from_slice(&none.stdout).unwrap();
    assert_eq!(reports[0]["code"], "unreadable");
    let twice = check(&[Path::new("-"), Path::new("-")], &[]);
    assert_eq!(twice.status.code(), Some(2));
    let project = ["--stage", "staging", "--project", dir.path().to_str().unwrap()];
    let empty = check(&[&good], &project);
    assert!(String::from_utf8_lossy(&empty.stderr).contains("no project file"), "{empty:?}");
}

#[test]
fn a_check_whose_reader_has_left_ends_quietly() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slipway"));
    command.args(["check", "--format", "json", "-"]).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"{}").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), ""));
}
