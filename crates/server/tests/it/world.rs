//! A server of its own for each test, and a client that can say anything.

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Uri,
    body::{Bytes, Incoming},
    http::uri::PathAndQuery,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use slipway_api::session::Role;
use slipway_server::{
    access,
    app::Server,
    config::Config,
    db::{Db, NewEvent, runs, runs::RunRecord},
};
use tempfile::TempDir;
use tokio::net::TcpStream;

pub const ADMIN: &str = "the-admin-token-of-the-tests";

/// The project that every test has: two services, a job, an addon, and one pipeline with a
/// release flow in Development.
const PROJECT: &str = r#"
[project]
id = "shop"
name = "Shop"
description = "For tests."

[repositories."https://github.com/acme/shop"]
remote = "shop.git"

[[service]]
id = "builder"
kind = "build"
repository = "https://github.com/acme/shop"
build = { command = ["./build.sh"], artifact = "out" }

[[service]]
id = "web-dev"
name = "Web"
description = "What people see."
kind = "deployment"
deploy = { command = ["true"] }

[[job]]
id = "migrate"
run = { command = ["sleep", "20"] }

[[addon]]
id = "db"
kind = "sqlite"
backup = { command = ["true"] }

[[pipeline]]
id = "web"
name = "Web"
[pipeline.stage.development]
resources = [{ type = "service", id = "web-dev" }, { type = "job", id = "migrate" }]
flow = "flow.json"
[pipeline.stage.staging]
resources = []
"#;

/// Written so that nobody would write it again like this.
pub const FLOW: &str = "{\r\n\t\"apiVersion\":\"v1.2\" , \"x-own\": {\"n\": 1.50e+3},\n  \
    \"options\": { \"concurrencyPolicy\": \"allow\", \"paused\": true },\n\
    \"spec\":{\"kind\":\"Workflow\",\"spec\":{\"type\":\"sequential\",\"steps\":[\
    {\"kind\":\"JobRun\",\"ref\":\"migrate\",\"condition\":\"success\",\
    \"spec\":{\"jobId\":\"migrate\"}}, {\"kind\":\"Oddity\",\
    \"skipNodeExecution\":\"true\",\"spec\":{}} ]}} }\n";

pub const FLOW_PATH: &str = "/v1/projects/shop/pipelines/web/release-flows/development";

pub struct World {
    pub dir: TempDir,
    pub server: Server,
    pub address: SocketAddr,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A server that is set up a little differently.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::write(dir.path().join("shop.toml"), PROJECT).expect("written");
        fs::write(dir.path().join("flow.json"), FLOW).expect("written");
        let mut config = config(dir.path());
        change(&mut config);
        let server = Server::start(config).await.expect("the server starts");
        let address = server.address();
        Self { dir, server, address }
    }

    pub fn db(&self) -> &Db {
        &self.server.app().db
    }

    /// A token with that role.
    pub async fn token(&self, role: Role) -> String {
        let name = format!("{}-{}", role.word(), uuid());
        access::create_token(self.db(), &name, role).await.expect("written").expect("a new name")
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let host = self.address.to_string();
        Ask {
            address: self.address,
            method,
            path: path.to_owned(),
            headers: vec![("host".into(), host)],
            body: Vec::new(),
        }
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path).bearer(ADMIN)
    }

    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Ask {
        self.ask(Method::POST, path).bearer(ADMIN).body(body)
    }

    /// A run in the database that nothing executes.
    pub async fn run(&self, id: &str, events: Vec<slipway_api::EventBody>) {
        let record = RunRecord {
            id: id.to_owned(),
            project: "shop".to_owned(),
            pipeline: "web".to_owned(),
            stage: "Development".to_owned(),
            document: FLOW.to_owned(),
            request: slipway_api::run::RunRequest::default(),
            origin: slipway_engine::event::RunOrigin::Release,
            by: "ada".to_owned(),
        };
        let written = self.db().write(move |tx| {
            runs::insert(tx, &record)?;
            for body in events {
                tx.append("shop", of_run(&record.id, body))?;
            }
            Ok(())
        });
        written.await.expect("written");
    }
}

pub fn config(dir: &Path) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        data: dir.join("data"),
        project: Some(dir.join("shop.toml")),
        demo: false,
        app: None,
        base: "/".to_owned(),
        hosts: Vec::new(),
        behind_proxy: false,
        admin_token: Some(ADMIN.to_owned()),
        supervisor: Some(env!("CARGO_BIN_EXE_slipway").into()),
    }
}

pub fn of_run(run: &str, body: slipway_api::EventBody) -> NewEvent {
    NewEvent {
        pipeline: Some("web".to_owned()),
        stage: Some("Development".to_owned()),
        run: Some(run.to_owned()),
        body,
    }
}

fn uuid() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// One request.
pub struct Ask {
    address: SocketAddr,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The answer, as soon as its head is there.
    pub async fn open(self) -> hyper::Response<Incoming> {
        let stream = TcpStream::connect(self.address).await.expect("connected");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("spoken to");
        tokio::spawn(connection);
        let path: PathAndQuery = self.path.parse().expect("a path");
        let mut request = Request::builder().method(self.method).uri(Uri::from(path));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(self.body))).expect("a request");
        sender.send_request(request).await.expect("an answer")
    }

    pub async fn send(self) -> Answer {
        let response = self.open().await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// The JSON of an answer that must have that status.
    #[track_caller]
    pub fn json(self, status: u16) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        async move {
            let answer = self.send().await;
            assert_eq!(answer.status, status, "{place}: {}", answer.text());
            answer.json()
        }
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

/// Reads an event stream piece by piece.
pub struct Feed {
    body: Incoming,
    text: String,
}

/// One message of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub id: Option<u64>,
    pub name: Option<String>,
    pub data: Value,
}

impl Feed {
    pub async fn open(ask: Ask) -> Self {
        let response = ask.open().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next message; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let message = parse(message);
                self.text = rest.to_owned();
                return Some(message);
            }
            let waited = tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await;
            let frame = waited.expect("something within ten seconds")?.ok()?;
            let data = frame.into_data().ok()?;
            self.text.push_str(std::str::from_utf8(&data).expect("whole characters"));
        }
    }

    /// The numbers of the next events, whatever stands between them.
    pub async fn numbers(&mut self, count: usize) -> Vec<u64> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            numbers.extend(self.next().await.expect("more events").id);
        }
        numbers
    }
}

fn parse(text: &str) -> Message {
    let mut message = Message { id: None, name: None, data: Value::Null };
    for line in text.lines() {
        match line.split_once(": ").expect("a field") {
            ("id", id) => message.id = Some(id.parse().expect("a number")),
            ("event", name) => message.name = Some(name.to_owned()),
            ("data", data) => message.data = serde_json::from_str(data).expect("JSON"),
            other => panic!("{other:?}"),
        }
    }
    message
}
