//! A server that is killed without a warning: no command outlives it, and the next server goes on
//! where the log ends.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use slipway_engine::event::RunStatus;

use crate::support::{
    Bench, assert_success, content, job, job_table, pipeline_table, sequence, slipway, until_gone,
};

struct Killable {
    server: Child,
    address: String,
}

impl Killable {
    fn start(folder: &Path) -> Self {
        let mut server = Command::new(slipway())
            .args(["serve", "--listen", "127.0.0.1:0", "--project"])
            .arg(folder.join("project.toml"))
            .arg("--data")
            .arg(folder.join("data"))
            .env("SLIPWAY_ADMIN_TOKEN", "a-token-for-this-test-only-0123456789")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a server");
        let output = BufReader::new(server.stdout.take().expect("piped"));
        let address = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split("http://").nth(1).map(str::to_owned))
            .expect("it says where it listens");
        let address = address.trim_end_matches('/').to_owned();
        Self { server, address }
    }

    fn post(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\
             Authorization: Bearer a-token-for-this-test-only-0123456789\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        let from = body.find('{').unwrap_or_else(|| panic!("{answer}"));
        let to = body.rfind('}').unwrap_or_else(|| panic!("{answer}"));
        serde_json::from_str(&body[from..=to]).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    fn kill(mut self) {
        self.server.kill().expect("killed");
        self.server.wait().expect("reaped");
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        let _ = self.server.kill();
    }
}

#[tokio::test]
async fn a_killed_server_leaves_no_command_and_the_next_one_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let flow = sequence(&json!([job("first"), job("again"), job("last")]));
    std::fs::write(folder.path().join("flow.json"), flow.to_string()).expect("written");
    let text = format!(
        "[project]\nid = \"t\"\n{}{}{}{}flow = \"flow.json\"\n",
        job_table("first", "echo first >> count", ""),
        job_table(
            "again",
            "if [ -e tried ]; then echo again >> count; exit; fi; \
             setsid sh -c 'echo $$ > stray; sleep 600' & \
             sh -c 'echo $$ > inner; sleep 600' & echo $$ > tried; wait",
            ", on_interrupted = \"again\"",
        ),
        job_table("last", "echo last >> count", ""),
        pipeline_table(&[("job", "first"), ("job", "again"), ("job", "last")]),
    );
    std::fs::write(folder.path().join("project.toml"), text).expect("written");

    let server = Killable::start(folder.path());
    let answer = server.post("/v1/projects/t/pipelines/p/release-flows/development/runs");
    let run = answer["data"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let mut pids = Vec::new();
    for name in ["tried", "inner", "stray"] {
        pids.push(content(&folder.path().join(name)).await);
    }
    server.kill();
    for pid in pids {
        until_gone(&pid).await;
    }

    let bench = Bench::at(folder).await;
    let state = bench.end(&run).await;
    assert_success(&state);
    assert_eq!(bench.read("count"), "first\nagain\nlast\n");
    assert_eq!(state.status, RunStatus::Success);
    let mut seqs: Vec<u64> = bench.events(&run).await.iter().map(|event| event.seq).collect();
    seqs.dedup();
    assert!(seqs.is_sorted());
}
